//! The user of IAM Identity Center as the caller of a scan, and the accounts that are assigned to the user.

use std::collections::HashSet;

use aws_config::SdkConfig;

use super::aws_target::AwsTarget;
use super::settings::ScanSettings;
use super::settings::permission_sets::PermissionSetChoice;
#[cfg(feature = "demo")]
use super::simulated::signed_in;
use crate::aws::credentials::{AssignedAccount, BaseIdentity, IdentityCenter};
use crate::aws::organization::{
    Account, AccountFilter, Organization, OrganizationTree, describe_organization,
};
use crate::error::Failure;
use crate::names::AccountId;
use crate::util::suggest::did_you_mean;

/// Finds the identity of the user in one of the accounts, and lists the accounts that are assigned to the user. A
/// resumed run has its own list, and takes the account of its first caller again.
pub(super) async fn identify(
    settings: &ScanSettings,
    choice: &PermissionSetChoice,
    aws: AwsTarget,
) -> Result<(BaseIdentity, Vec<Account>), Failure> {
    let center = match aws {
        AwsTarget::Configured(config) => configured(*config, settings, choice)?,
        #[cfg(feature = "demo")]
        AwsTarget::Simulated(config) => configured(signed_in(*config), settings, choice)?,
        #[cfg(not(feature = "demo"))]
        AwsTarget::Simulated(config) => configured(*config, settings, choice)?,
        AwsTarget::Real => {
            let base = settings.profiles.single(settings.retry, settings.response_limit)?;
            IdentityCenter::load(&base, choice.session.as_deref(), choice.names.clone()).await?
        }
    };
    if let Some(caller) = &choice.caller {
        return Ok((center.identify(std::slice::from_ref(caller)).await?, Vec::new()));
    }
    let assigned: Vec<Account> = center.accounts().await?.into_iter().map(account).collect();
    let candidates = candidates(&assigned, &settings.selection)?;
    let mut identity = center.identify(&candidates).await?;
    if settings.selection.needs_organization().is_some() {
        // The management account may read the organization, if the user has access to it.
        let management = describe_organization(identity.config()).await.1;
        let management = management.filter(|id| assigned.iter().any(|account| account.id == *id));
        if let Some(management) = management.filter(|id| *id != identity.caller().account)
            && let Ok(better) = center.identify(&[management]).await
        {
            identity = better;
        }
    }
    Ok((identity, assigned))
}

/// Takes the token of a configuration.
fn configured(
    config: SdkConfig,
    settings: &ScanSettings,
    choice: &PermissionSetChoice,
) -> Result<IdentityCenter, Failure> {
    let config = config.into_builder().retry_config(settings.retry.config()).build();
    IdentityCenter::from_config(config, choice.names.clone())
}

/// Returns the accounts that are assigned to the user, with the excluded ones marked.
///
/// # Errors
///
/// A [`FailureKind::Credentials`](crate::error::FailureKind) when a filter needs data of Organizations that the caller
/// may not read; further as [`AccountFilter::apply`].
pub(super) async fn select(
    assigned: Vec<Account>,
    selection: &AccountFilter,
    identity: &BaseIdentity,
) -> Result<Organization, Failure> {
    let mut described = (None, None);
    if let Some(filter) = selection.needs_organization() {
        described = describe_organization(identity.config()).await;
        if described.1.is_none() {
            let arn = &identity.caller().arn;
            return Err(Failure::credentials(format!(
                "{filter}: {arn} is not allowed to read the organization (organizations:DescribeOrganization)"
            ))
            .hint("assign a permission set that allows it, in the management account or a delegated administrator")
            .hint("or choose the accounts by their IDs, with --accounts and --exclude-accounts"));
        }
    }
    let mut organization = Organization::of_assigned(assigned, described);
    let mut tree = OrganizationTree::new(identity.config(), identity.caller());
    selection.apply(&mut organization, &mut tree).await?;
    Ok(organization)
}

fn account(assigned: AssignedAccount) -> Account {
    let AssignedAccount { id, name, email } = assigned;
    Account { name, email, ..Account::alone(id) }
}

/// Returns the accounts whose credentials may become the base credentials: those that the options name, or all.
fn candidates(assigned: &[Account], selection: &AccountFilter) -> Result<Vec<AccountId>, Failure> {
    let known: HashSet<&str> = assigned.iter().map(|account| account.id.as_str()).collect();
    let named = selection.accounts.as_ref().map(|accounts| accounts.iter().map(|account| &account.id));
    let named: Option<HashSet<&AccountId>> = named.map(Iterator::collect);
    let excluded: HashSet<&AccountId> = selection.exclude_accounts.iter().collect();
    for (option, ids) in [("--accounts", named.as_ref()), ("--exclude-accounts", Some(&excluded))] {
        if let Some(id) = ids.into_iter().flatten().find(|id| !known.contains(id.as_str())) {
            let nearest = did_you_mean(id.as_str(), known.iter().copied());
            return Err(Failure::usage(format!(
                "{option}: no permission set is assigned to the user in account {id}{nearest}"
            )));
        }
    }
    let is_candidate =
        |id: &&AccountId| named.as_ref().is_none_or(|named| named.contains(id)) && !excluded.contains(id);
    Ok(assigned.iter().map(|account| &account.id).filter(is_candidate).cloned().collect())
}
