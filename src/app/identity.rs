//! Finds the caller of a scan, and the accounts to scan.

use super::aws_target::AwsTarget;
use super::observer::Observer;
use super::settings::ScanSettings;
use super::settings::role::RoleChoice;
use crate::aws::credentials::BaseIdentity;
use crate::aws::organization::{self, Organization, OrganizationTree};
use crate::error::Failure;
use crate::util::plural::plural;

/// Finds the base credentials, and notes their identity.
pub(crate) async fn authenticate(
    settings: &ScanSettings,
    aws: AwsTarget,
    observer: &dyn Observer,
) -> Result<BaseIdentity, Failure> {
    let identity = identify(settings, aws, observer).await?;
    for caller in identity.all().map(BaseIdentity::caller) {
        observer.note(&format!("Authenticated as {} in account {}", caller.arn, caller.account));
    }
    Ok(identity)
}

/// Finds the base credentials, and looks up their identity.
pub(crate) async fn identify(
    settings: &ScanSettings,
    aws: AwsTarget,
    observer: &dyn Observer,
) -> Result<BaseIdentity, Failure> {
    settings.profiles.warning.iter().for_each(|warning| observer.warn(warning));
    let base = match aws {
        AwsTarget::Configured(config) | AwsTarget::Simulated(config) => {
            let config = config.into_builder().retry_config(settings.retry.config()).build();
            BaseIdentity::from_config(config).await?
        }
        AwsTarget::Real => settings.profiles.identify(settings.retry, settings.response_limit).await?,
    };
    let RoleChoice { role, via_role, source_identity, .. } = &settings.role;
    match via_role {
        Some(via_role) => base.via(via_role, &role.session_name, source_identity.as_deref()).await,
        None => Ok(base),
    }
}

/// The accounts that were found.
pub(crate) struct FoundAccounts {
    pub(crate) organization: Organization,
    /// The tree of organizational units, for an organization scan. It keeps what the filters have requested.
    pub(crate) tree: Option<OrganizationTree>,
}

/// Finds the accounts, and notes their number.
pub(crate) async fn find_accounts(
    settings: &ScanSettings,
    identity: &BaseIdentity,
    observer: &dyn Observer,
) -> Result<FoundAccounts, Failure> {
    let accounts = accounts(settings, identity).await?;
    if !settings.assumes_roles() {
        return Ok(accounts);
    }
    let organization = &accounts.organization;
    let active = organization.accounts.iter().filter(|account| account.not_scanned().is_none()).count();
    let found = organization.accounts.len();
    observer.note(&if settings.organization_scan {
        let id = organization
            .id
            .as_deref()
            .map_or_else(|| "the organization".to_owned(), |id| format!("organization {id}"));
        format!("Found {} in {id}, {active} of them to scan", plural(found, "account"))
    } else {
        format!("Scanning {active} of {}; Organizations is not called", plural(found, "account"))
    });
    Ok(accounts)
}

/// Returns all accounts of the organization, the given accounts, or the caller's own account. Excluded accounts have
/// the reason.
pub(crate) async fn accounts(
    settings: &ScanSettings,
    identity: &BaseIdentity,
) -> Result<FoundAccounts, Failure> {
    let (caller, selection) = (identity.caller(), &settings.selection);
    if settings.organization_scan {
        let mut organization = organization::discover(identity.config(), caller).await?;
        let mut tree = OrganizationTree::new(identity.config(), caller);
        selection.apply(&mut organization, &mut tree).await?;
        return Ok(FoundAccounts { organization, tree: Some(tree) });
    }
    let organization = match &selection.accounts {
        Some(accounts) => Organization::of_accounts(accounts.clone(), &selection.exclude_accounts)?,
        None => Organization::of_callers(identity.all().map(BaseIdentity::caller)),
    };
    Ok(FoundAccounts { organization, tree: None })
}
