//! Looks up the organizational units and the tags of the accounts, as far as the caller may.

use super::engine::client;
use super::job::Job;
use super::observer::Observer;
use super::settings::ScanSettings;
use crate::aws::credentials::BaseIdentity;
use crate::aws::organization::{
    Account, Organization, OrganizationTree, TaggingApi, UnknownDetail, look_up_details,
};
use crate::plan::redaction::without_secrets;

/// Adds the details to the accounts of an organization scan. Returns what could not be looked up, which the observer
/// is warned of.
pub(crate) async fn look_up(
    settings: &ScanSettings,
    job: &Job,
    identity: &BaseIdentity,
    organization: &mut Organization,
    mut tree: OrganizationTree,
    observer: &dyn Observer,
) -> Vec<UnknownDetail> {
    let api = tagging_api(settings, job, identity);
    let is_scanned = |account: &Account| job.scans(account);
    let unknown = Box::pin(look_up_details(organization, &mut tree, api.as_ref(), &is_scanned)).await;
    for detail in &unknown {
        tracing::warn!(target: "scan::organization", "{detail}");
        observer.warn(&detail.to_string());
    }
    if settings.redaction.redact {
        let tags = organization.accounts.iter_mut().filter_map(|account| account.tags.as_mut());
        tags.flat_map(|tags| tags.values_mut()).for_each(|value| *value = without_secrets(value));
    }
    unknown
}

/// Returns the Resource Groups Tagging API of the caller's account in the region of Organizations' endpoint, which
/// is the global region of the partition.
fn tagging_api(settings: &ScanSettings, job: &Job, identity: &BaseIdentity) -> Option<TaggingApi> {
    let caller = identity.caller();
    let region = job.partitions.named(&caller.partition)?.implicit_global_region.clone();
    let credentials = identity.config().credentials_provider()?;
    let client = client(settings, job, identity).account(&caller.account, credentials);
    TaggingApi::new(client, &job.catalog, region)
}
