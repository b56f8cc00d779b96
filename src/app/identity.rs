//! Finds the caller of a scan, and the accounts to scan.

use super::aws_target::AwsTarget;
use super::job::Job;
use super::observer::Observer;
use super::settings::ScanSettings;
use super::settings::role::RoleChoice;
use super::signed_in;
use super::surroundings::PlanningNeeds;
use crate::aws::credentials::{BaseCredentials, BaseIdentity};
use crate::aws::organization::{Account, AccountListing, Organization, OrganizationTree};
use crate::error::Failure;
use crate::util::plural::plural;

/// The caller of a scan, and the source of its accounts.
pub(crate) struct FoundCaller {
    pub(crate) identity: BaseIdentity,
    /// The source of the accounts, if there are others than those of the base credentials and the given ones.
    pub(crate) source: Option<AccountSource>,
}

/// The source of the accounts of a scan.
pub(crate) enum AccountSource {
    /// The list of Organizations. Its first page was requested.
    Organizations(AccountListing),
    /// The accounts that are assigned to a user of IAM Identity Center.
    Assignments(Vec<Account>),
}

/// Finds the base credentials, and notes their identity.
pub(crate) async fn authenticate(
    settings: &ScanSettings,
    aws: AwsTarget,
    observer: &dyn Observer,
) -> Result<FoundCaller, Failure> {
    let found = Box::pin(identify(settings, aws, observer)).await?;
    for caller in found.identity.all().map(BaseIdentity::caller) {
        observer.note(&format!("Authenticated as {} in account {}", caller.arn, caller.account));
    }
    Ok(found)
}

/// Finds the base credentials, and looks up their identity. For an organization scan, the accounts are listed at the
/// same time; an error of the credentials is reported first.
pub(crate) async fn identify(
    settings: &ScanSettings,
    aws: AwsTarget,
    observer: &dyn Observer,
) -> Result<FoundCaller, Failure> {
    settings.profiles.warning.iter().for_each(|warning| observer.warn(warning));
    if let Some(choice) = &settings.permission_sets {
        if !settings.profiles.expected_accounts.is_empty() {
            return Err(Failure::usage(
                "--expect-account: --sso-permission-set scans all accounts of the user",
            )
            .hint("omit --expect-account (SCAN_EXPECT_ACCOUNT), and choose accounts with --accounts"));
        }
        let (identity, assigned) = Box::pin(signed_in::identify(settings, choice, aws)).await?;
        return Ok(FoundCaller { identity, source: Some(AccountSource::Assignments(assigned)) });
    }
    let via_role = &settings.role.via_role;
    let (retry, limit) = (settings.retry, settings.response_limit);
    let credentials = match aws {
        AwsTarget::Configured(config) | AwsTarget::Simulated(config) => {
            let config = config.into_builder().retry_config(retry.config()).build();
            Some(BaseCredentials::from_config(config).await?)
        }
        AwsTarget::Real => settings.profiles.load_single(retry, limit).await?,
    };
    let (identity, listing) = match &credentials {
        // The accounts are those of the role that is assumed first, and of no other account than an expected one.
        Some(credentials)
            if settings.organization_scan
                && via_role.is_none()
                && settings.profiles.expected_accounts.is_empty() =>
        {
            let listing = async { Ok(early_listing(credentials).await) };
            tokio::try_join!(BaseIdentity::of(credentials), listing)?
        }
        Some(credentials) => (BaseIdentity::of(credentials).await?, None),
        None => (settings.profiles.identify(retry, limit).await?, None),
    };
    complete(settings, identity, listing).await
}

/// Checks an identity, assumes the role that comes before all others, and starts to list the accounts, if the settings
/// require that.
pub(crate) async fn complete(
    settings: &ScanSettings,
    mut identity: BaseIdentity,
    mut listing: Option<AccountListing>,
) -> Result<FoundCaller, Failure> {
    let RoleChoice { role, via_role, source_identity, .. } = &settings.role;
    settings.profiles.check_account(&identity)?;
    if let Some(via_role) = via_role {
        identity = identity.via(via_role, &role.session_name, source_identity.as_deref()).await?;
    }
    if settings.organization_scan && listing.is_none() {
        listing = Some(AccountListing::start(identity.config()).await);
    }
    Ok(FoundCaller { identity, source: listing.map(AccountSource::Organizations) })
}

/// Starts to list the accounts before the caller is identified, unless the caller may belong to another partition.
async fn early_listing(credentials: &BaseCredentials) -> Option<AccountListing> {
    match credentials.config_for_any_partition() {
        Some(config) => Some(AccountListing::start(config).await),
        None => None,
    }
}

/// The accounts that were found.
pub(crate) struct FoundAccounts {
    pub(crate) organization: Organization,
    /// The tree of organizational units, for an organization scan. It keeps what the filters have requested.
    pub(crate) tree: Option<OrganizationTree>,
    /// The list of the accounts, if it has more pages.
    pub(crate) listing: Option<AccountListing>,
}

/// Finds the accounts to start a scan with, and notes their number. If no option and no call depends on further
/// accounts, these are listed during the scan.
pub(crate) async fn find_accounts(
    settings: &ScanSettings,
    job: &Job,
    identity: &BaseIdentity,
    source: Option<AccountSource>,
    simulated: bool,
    observer: &dyn Observer,
) -> Result<FoundAccounts, Failure> {
    let is_everything = settings.selection.is_everything() && settings.shard.is_none();
    let found = match source {
        // A simulated organization is made again from the number of its accounts if the run is resumed.
        Some(AccountSource::Organizations(listing)) if is_everything && !simulated => {
            first_accounts(job, identity, listing).await?
        }
        source => accounts(settings, identity, source).await?,
    };
    if settings.organization_scan && found.listing.is_some() {
        let name = name_of(&found.organization);
        observer.note(&format!("Scanning the accounts of {name} while they are listed"));
    } else if settings.organization_scan {
        note_found(&found.organization, observer);
    } else if settings.permission_sets.is_some() {
        let (active, found) = (active(&found.organization), found.organization.accounts.len());
        observer.note(&format!(
            "Found {} assigned to the user, {active} of them to scan",
            plural(found, "account")
        ));
    } else if settings.assumes_roles() {
        let (active, found) = (active(&found.organization), found.organization.accounts.len());
        observer
            .note(&format!("Scanning {active} of {}; Organizations is not called", plural(found, "account")));
    }
    Ok(found)
}

/// Notes the number of accounts of an organization.
pub(crate) fn note_found(organization: &Organization, observer: &dyn Observer) {
    let (found, active) = (organization.accounts.len(), active(organization));
    let name = name_of(organization);
    observer.note(&format!("Found {} in {name}, {active} of them to scan", plural(found, "account")));
}

fn name_of(organization: &Organization) -> String {
    let id = organization.id.as_deref();
    id.map_or_else(|| "the organization".to_owned(), |id| format!("organization {id}"))
}

fn active(organization: &Organization) -> usize {
    organization.accounts.iter().filter(|account| account.is_scanned()).count()
}

/// Lists accounts until the calls of a scan can be planned. The session policy is the same for all accounts, but needs
/// one whose role is assumed.
async fn first_accounts(
    job: &Job,
    identity: &BaseIdentity,
    mut listing: AccountListing,
) -> Result<FoundAccounts, Failure> {
    let (needs, caller) = (PlanningNeeds::of(job), identity.caller());
    let is_sufficient = |organization: &Organization| {
        let mut scanned = organization.accounts.iter().filter(|account| account.is_scanned());
        scanned.any(|account| account.id != caller.account) && needs.are_met(&caller.account, organization)
    };
    let mut organization = Organization::default();
    let mut has_more = true;
    while has_more && !is_sufficient(&organization) {
        has_more = listing.read_page(&mut organization, caller).await?;
    }
    organization.sort();
    let tree = Some(OrganizationTree::new(identity.config(), caller));
    Ok(FoundAccounts { organization, tree, listing: has_more.then_some(listing) })
}

/// Returns all accounts of the organization, the given accounts, or the caller's own account. Excluded accounts have
/// the reason.
pub(crate) async fn accounts(
    settings: &ScanSettings,
    identity: &BaseIdentity,
    source: Option<AccountSource>,
) -> Result<FoundAccounts, Failure> {
    let (caller, selection) = (identity.caller(), &settings.selection);
    match source {
        Some(AccountSource::Organizations(mut listing)) => {
            let mut organization = Organization::default();
            listing.read_all(&mut organization, caller).await?;
            let mut tree = OrganizationTree::new(identity.config(), caller);
            selection.apply(&mut organization, &mut tree).await?;
            return Ok(FoundAccounts { organization, tree: Some(tree), listing: None });
        }
        Some(AccountSource::Assignments(assigned)) => {
            let organization = signed_in::select(assigned, selection, identity).await?;
            return Ok(FoundAccounts { organization, tree: None, listing: None });
        }
        None => {}
    }
    let organization = match &selection.accounts {
        Some(accounts) => Organization::of_accounts(accounts.clone(), &selection.exclude_accounts)?,
        None => Organization::of_callers(identity.all().map(BaseIdentity::caller)),
    };
    Ok(FoundAccounts { organization, tree: None, listing: None })
}
