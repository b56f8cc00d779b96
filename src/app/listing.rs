//! Lists the accounts of an organization while the first ones are scanned.

use std::io;
use std::path::PathBuf;

use tokio::sync::mpsc::UnboundedSender;

use super::job::Job;
use super::storage_errors::cannot_write_run;
use crate::aws::credentials::Caller;
use crate::aws::organization::{AccountListing, Organization};
use crate::error::Failure;
use crate::plan::PlannedAccount;
use crate::run::{Manifest, RunFolder, RunState, write_accounts};

/// Where and for whom accounts are listed.
#[derive(Clone, Copy)]
pub(crate) struct ListingPlace<'run> {
    pub(crate) job: &'run Job,
    pub(crate) caller: &'run Caller,
    pub(crate) folder: &'run RunFolder,
}

/// Reads the remaining pages, and sends the accounts to be scanned to `batches`.
///
/// An account is in `accounts.json` before it is scanned, so that a killed run can be read and resumed. To write the
/// file only a few times, the accounts are sent whenever their number has doubled. When all are listed, the manifest
/// has the state of a running scan.
///
/// # Errors
///
/// Returns an error if a page cannot be read, or the files of the run cannot be written.
pub(crate) async fn list_further(
    place: ListingPlace<'_>,
    mut listing: AccountListing,
    organization: &mut Organization,
    manifest: &mut Manifest,
    batches: UnboundedSender<Vec<PlannedAccount>>,
) -> Result<(), Failure> {
    let ListingPlace { job, caller, folder } = place;
    let unwritable = |path: PathBuf| move |cause: io::Error| cannot_write_run(folder, &path, cause);
    let mut has_more = true;
    while has_more {
        let known = organization.accounts.len();
        while has_more && organization.accounts.len() < 2 * known {
            has_more = listing.read_page(organization, caller).await?;
        }
        let batch = job.planned_accounts(&organization.accounts[known..]);
        if !has_more {
            organization.sort();
        }
        write_accounts(folder, organization, None, None).map_err(unwritable(folder.accounts()))?;
        // The receiver is closed if the scan is being stopped.
        let _ = batches.send(batch);
    }
    manifest.state = RunState::Running;
    manifest.totals.accounts = organization.accounts.len() as u64;
    manifest.totals.accounts_scanned = job.planned_accounts(&organization.accounts).len() as u64;
    manifest.write(&folder.manifest()).map_err(unwritable(folder.manifest()))
}
