//! Looks up the management account and the delegated administrators, for calls that only work in their accounts.

use std::collections::BTreeSet;

use super::job::Job;
use super::settings::ScanSettings;
use crate::aws::credentials::BaseIdentity;
use crate::aws::organization::{Organization, delegated_administrators, describe_organization};
use crate::error::Failure;
use crate::names::AccountId;
use crate::plan::spec::AccountScope;
use crate::plan::{LookUps, Surroundings};
use crate::run::Manifest;
use crate::util::suggest::did_you_mean;

/// The accounts that have to be listed before the calls of a scan of all accounts can be planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlanningNeeds {
    /// No account: every call is sent in every account.
    Nothing,
    /// The management account, if the caller belongs to it: it sends the calls about the organization.
    ManagementAccount,
    /// All accounts.
    AllAccounts,
}

impl PlanningNeeds {
    /// Returns the needs of the spec.
    pub(crate) fn of(job: &Job) -> Self {
        let look_ups = LookUps::of(&job.spec.entries);
        let names_accounts =
            job.spec.entries.iter().any(|entry| matches!(entry.accounts, Some(AccountScope::Listed(_))));
        let needs_delegated = !look_ups.named.is_empty() || look_ups.implied.values().any(|always| *always);
        if names_accounts || needs_delegated {
            Self::AllAccounts
        } else if look_ups.management {
            Self::ManagementAccount
        } else {
            Self::Nothing
        }
    }

    /// Returns whether these accounts are sufficient: further ones do not change the calls.
    pub(crate) fn are_met(self, caller: &AccountId, organization: &Organization) -> bool {
        match self {
            Self::Nothing => true,
            Self::ManagementAccount => organization
                .accounts
                .iter()
                .any(|account| account.management && account.id == *caller && account.is_scanned()),
            Self::AllAccounts => false,
        }
    }
}

/// Looks up the accounts that the spec needs to know, and returns them with notices about failed lookups.
///
/// # Errors
///
/// Returns an error if an entry names accounts that are not in the organization, or the delegated administrators of a
/// service that cannot be listed.
pub(crate) async fn look_up(
    settings: &ScanSettings,
    job: &Job,
    identity: &BaseIdentity,
    organization: &Organization,
) -> Result<(Surroundings, Vec<String>), Failure> {
    check_ids(settings, job, organization)?;
    let mut its = known(settings, &identity.caller().account, organization);
    let look_ups = LookUps::of(&job.spec.entries);
    let names_management =
        job.spec.entries.iter().any(|entry| entry.accounts == Some(AccountScope::Management));
    if its.management.is_none() && look_ups.management && (names_management || !its.is_alone) {
        // Every member may call DescribeOrganization.
        its.management = describe_organization(identity.config()).await.1;
    }
    let mut notices = Vec::new();
    for principal in &look_ups.named {
        let accounts = delegated_administrators(identity.config(), identity.caller(), principal)
            .await
            .map_err(|failure| {
                failure.hint(format!("check the entry with `delegated:{principal}` in {}", job.spec.origin))
            })?;
        its.delegated.insert(principal.clone(), accounts);
    }
    let is_management = its.management.as_ref() == its.caller.as_ref();
    // Member accounts may not list delegated administrators.
    let may_list = its.is_organization || is_management && !its.is_alone;
    for (principal, always) in look_ups.implied.iter().filter(|_| may_list) {
        let is_known = its.delegated.contains_key(principal);
        // The management account can send these calls itself.
        let is_needed = *always || !is_management || !its.is_scanned_caller();
        if is_known || !is_needed {
            continue;
        }
        match delegated_administrators(identity.config(), identity.caller(), principal).await {
            Ok(accounts) => {
                its.delegated.insert(principal.clone(), accounts);
            }
            Err(failure) => {
                tracing::warn!(target: "scan::organization", "{failure}");
                notices.push(format!(
                    "Cannot list the delegated administrators of {principal}; their calls are sent with the caller's \
                     credentials"
                ));
                // The other lists would be denied as well.
                break;
            }
        }
    }
    Ok((its, notices))
}

/// Returns the accounts that an earlier execution of the run has looked up.
pub(crate) fn from_manifest(
    manifest: &Manifest,
    settings: &ScanSettings,
    organization: &Organization,
) -> Surroundings {
    let mut its = known(settings, &manifest.caller.account, organization);
    its.is_alone = !settings.scans_other_accounts() && manifest.settings.role_name.is_none();
    its.management = manifest.management_account.clone().or(its.management);
    its.delegated.clone_from(&manifest.delegated_administrators);
    its
}

fn known(settings: &ScanSettings, caller: &AccountId, organization: &Organization) -> Surroundings {
    let accounts = organization.accounts.iter();
    let management = accounts.clone().find(|account| account.management).map(|account| account.id.clone());
    Surroundings {
        caller: Some(caller.clone()),
        is_organization: settings.organization_scan,
        is_alone: !settings.scans_other_accounts(),
        management: organization.management_account.clone().or(management),
        scanned: accounts.filter(|account| account.is_scanned()).map(|account| account.id.clone()).collect(),
        ..Surroundings::default()
    }
}

/// Returns an error if an account of the spec is not in the organization.
fn check_ids(settings: &ScanSettings, job: &Job, organization: &Organization) -> Result<(), Failure> {
    if !settings.organization_scan {
        return Ok(());
    }
    let known: BTreeSet<&str> = organization.accounts.iter().map(|account| account.id.as_str()).collect();
    for entry in &job.spec.entries {
        let Some(AccountScope::Listed(ids)) = &entry.accounts else { continue };
        if let Some(id) = ids.iter().find(|id| !known.contains(id.as_str())) {
            let place = organization.id.as_deref().map_or_else(String::new, |id| format!(" {id}"));
            return Err(Failure::usage(format!(
                "{}: {}: `accounts`: account {id} is not in the organization{place}{}",
                job.spec.origin,
                entry.function,
                did_you_mean(id.as_str(), known.iter().copied())
            )));
        }
    }
    Ok(())
}
