//! Calls the witnesses of a finished run: a run of their spec, with the accounts, role, regions and redaction of the run
//! that it is about, in a folder of that run.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use super::catalog::open_catalog;
use super::derived_run::manifest_with_calls;
use super::finished_run::FinishedRun;
use super::observer::Observer;
use super::overlap::lock;
use super::read_run::{check_is_local, read_run, spec_of, unreadable};
use super::resume::{Resumed, resume};
use super::settings::ResumeSettings;
use super::settings::output::OutputTarget;
use super::storage_errors::cannot_write_run;
use crate::error::Failure;
use crate::model::catalog::Catalog;
use crate::names::AccountId;
use crate::plan::spec::{Witness, witness_spec};
use crate::reports::reconcile::{ComparedRuns, ReconcileError, ReconcileSummary, compare};
use crate::reports::resources::Resources;
use crate::run::{Manifest, ManifestError, ResultsError, RunFolder, RunState, WITNESSES, read_accounts};
use crate::util::atomic_file;

/// The origin of the spec of witnesses, in the manifest of their run.
const ORIGIN: &str = "scan reconcile";

/// The witnesses of a run, before they are called.
pub(crate) struct WitnessPlan {
    run: RunFolder,
    manifest: Manifest,
    /// The folder of the run of the witnesses.
    pub(crate) folder: PathBuf,
    /// The spec of the witnesses.
    pub(crate) document: Value,
    /// The number of calls of Cost Explorer: each of them, and each further page, is billed.
    pub(crate) billed_calls: usize,
}

impl WitnessPlan {
    /// Plans the calls of witnesses of the run in a folder.
    ///
    /// # Errors
    ///
    /// Returns an error if the folder is not that of a finished run.
    pub(crate) fn new(run: &Path, witnesses: &[Witness]) -> Result<Self, Failure> {
        check_is_local(run)?;
        let folder = RunFolder::for_run(run);
        let unusable = |error: ManifestError| unreadable(&ResultsError::Manifest(run.to_owned(), error));
        let manifest = Manifest::read(&folder.manifest()).map_err(unusable)?;
        let shown = run.display();
        if manifest.state != RunState::Finished {
            return Err(Failure::usage(format!("cannot reconcile {shown}: the run did not finish"))
                .hint(format!("finish it first: scan resume {shown}")));
        }
        if manifest.spec.source == ORIGIN {
            return Err(Failure::usage(format!("cannot reconcile {shown}: it is the run of witnesses"))
                .hint("name the folder of the run that they are compared with"));
        }
        let payers = payers(&folder, &manifest)?;
        let document = witness_spec(witnesses, &payers, manifest.started);
        let calls = document["calls"].as_array().map_or(&[][..], Vec::as_slice);
        if calls.is_empty() {
            return Err(Failure::usage(format!(
                "cannot reconcile {shown}: the management account, which pays the bill, was not scanned"
            ))
            .hint("choose other witnesses with --with"));
        }
        let billed = calls.iter().filter(|call| call["service"] == Witness::Bill.service()).count();
        let path = folder.path().join(WITNESSES);
        Ok(Self { run: folder, manifest, folder: path, document, billed_calls: billed * payers.len() })
    }

    /// Calls the witnesses, or continues to.
    ///
    /// # Errors
    ///
    /// Returns an error if the calls cannot be sent, or the folder cannot be written.
    pub(crate) async fn call(
        &self,
        request: ResumeSettings,
        observer: Arc<dyn Observer>,
    ) -> Result<FinishedRun, Failure> {
        // A run that removes or resumes the folder waits.
        let run_lock = lock(&self.run)?;
        self.prepare(request.catalog.as_deref())?;
        let run = OutputTarget::Folder(self.folder.clone());
        let request = ResumeSettings { run, retry_failed: false, ..request };
        let resumed = Box::pin(resume(&request, observer)).await;
        drop(run_lock);
        match resumed? {
            Resumed::NothingLeft(finished) | Resumed::Finished(finished) => Ok(*finished),
        }
    }

    /// Makes the folder of the witnesses' run, unless an interrupted run with the same calls is in it.
    fn prepare(&self, catalog: Option<&Path>) -> Result<(), Failure> {
        let folder = RunFolder::for_run(&self.folder);
        let unwritable = |cause| cannot_write_run(&folder, &self.folder, cause);
        match Manifest::read(&folder.manifest()) {
            Ok(found) if found.spec.source != ORIGIN => {
                return Err(Failure::usage(format!("{} is not the run of witnesses", self.folder.display()))
                    .hint("move the folder elsewhere"));
            }
            Ok(found) if found.state != RunState::Finished && found.spec.document == self.document => {
                return Ok(());
            }
            Ok(_) => remove(&self.folder).map_err(unwritable)?,
            Err(ManifestError::Missing) => remove_empty(&folder).map_err(unwritable)?,
            Err(error) => return Err(unreadable(&ResultsError::Manifest(self.folder.clone(), error))),
        }
        let catalog = open_catalog(catalog)?;
        let manifest = manifest_with_calls(&self.manifest, &self.document, ORIGIN, &catalog)?;
        atomic_file::create_folder(&self.folder).map_err(unwritable)?;
        let accounts = atomic_file::read(&self.run.accounts()).map_err(unwritable)?;
        atomic_file::write_file(&folder.accounts(), |writer| io::Write::write_all(writer, &accounts))
            .map_err(unwritable)?;
        // The manifest is last: a folder with a manifest can be resumed.
        manifest.write(&folder.manifest()).map_err(unwritable)
    }
}

/// Returns the accounts that see the bill of all scanned ones: the management account of an organization, or else
/// every account for itself. There are none if the management account was not scanned.
fn payers(folder: &RunFolder, manifest: &Manifest) -> Result<Vec<AccountId>, Failure> {
    let path = folder.accounts();
    let accounts =
        read_accounts(&path).map_err(|cause| unreadable(&ResultsError::Damaged(path, cause.to_string())))?;
    let scanned = accounts.iter().filter(|account| account.is_scanned());
    Ok(match &manifest.management_account {
        _ if !manifest.settings.organization_scan => scanned.map(|account| account.id.clone()).collect(),
        Some(management) => {
            scanned.filter(|account| account.id == *management).map(|account| account.id.clone()).collect()
        }
        None => scanned.filter(|account| account.management).map(|account| account.id.clone()).collect(),
    })
}

/// Removes the run of witnesses of an earlier comparison.
fn remove(folder: &Path) -> io::Result<()> {
    // Without its manifest, a folder that is removed only in part is not taken for a run.
    fs::remove_file(folder.join("manifest.json"))?;
    fs::remove_dir_all(folder)
}

/// Removes what a process left that was killed before it wrote the manifest.
fn remove_empty(folder: &RunFolder) -> io::Result<()> {
    match fs::remove_file(folder.accounts()) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Compares a run with the responses of its witnesses, and returns the summary with the run.
///
/// # Errors
///
/// Returns an error if the witnesses were never called, a run cannot be read, or the result cannot be written.
pub(crate) fn compare_with_witnesses(
    run: &Path,
    witnesses: &[Witness],
    catalog: &Catalog,
) -> Result<(ReconcileSummary, Resources), Failure> {
    let (resources, _) = read_run(run, catalog)?;
    let folder = resources.results().path().join(WITNESSES);
    if !RunFolder::for_run(&folder).manifest().exists() {
        return Err(Failure::usage(format!(
            "cannot compare {}: no witness was called for it",
            run.display()
        ))
        .hint("reconcile it without --offline"));
    }
    let (answers, _) = read_run(&folder, catalog)?;
    let spec = spec_of(resources.results().manifest(), catalog)?;
    let runs = ComparedRuns { run: &resources, spec: &spec, answers: &answers, witnesses, catalog };
    let summary = compare(runs).map_err(|error| match error {
        ReconcileError::Results(error) => unreadable(&error),
        error => Failure::internal(error.to_string()).hint("free some space in the folder of the run"),
    })?;
    Ok((summary, resources))
}
