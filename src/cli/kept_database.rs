//! The database of a run for `scan query`, which is kept in the run's folder if that is possible.

use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use super::console::warn;
use super::finished;
use super::query_stop::QueryStop;
use crate::app::read_run::{check_is_local, unreadable};
use crate::reports::export::ExportError;
use crate::reports::query::{Database, QueryError};
use crate::reports::resources::Resources;
use crate::run::{KeepError, KeptDatabase};

/// The file of a database.
pub(super) enum DatabaseFile {
    /// It is kept in the folder of its run, which is not removed in the meantime.
    Kept { path: PathBuf, _lock: Box<KeptDatabase> },
    /// The user has exported it.
    Exported(PathBuf),
    /// It is removed when it is no longer needed.
    Temporary(TempPath),
}

/// The kept database of a run, or the run itself if the database cannot be kept.
enum KeptOrRun {
    Kept(PathBuf, Box<KeptDatabase>),
    /// The resources, and the number of the run's gaps.
    Run(Box<Resources>, u64),
}

impl DatabaseFile {
    /// Returns the path of the file.
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Kept { path, .. } | Self::Exported(path) => path,
            Self::Temporary(path) => path,
        }
    }
}

/// Returns the database of a run, and warns of the run's gaps.
///
/// It is not kept for a run that has not finished, and for a catalog that the user chose: that makes other tables.
pub(super) fn open(run: &Path, catalog: Option<&Path>) -> Result<Database, QueryStop> {
    match kept_or_run(run, catalog)? {
        KeptOrRun::Kept(path, _lock) => Ok(Database::open_kept(&path)?.0),
        KeptOrRun::Run(resources, _) => {
            let _progress = finished::progress(&resources);
            Ok(Database::of(&resources)?)
        }
    }
}

/// Returns the file with the database of a run, or an exported file itself, and warns of the run's gaps.
pub(super) fn file(run: &Path, catalog: Option<&Path>) -> Result<DatabaseFile, QueryStop> {
    if run.is_file() {
        // An error of the file is reported with its path.
        Database::open(run)?;
        return Ok(DatabaseFile::Exported(run.to_owned()));
    }
    match kept_or_run(run, catalog)? {
        KeptOrRun::Kept(path, lock) => Ok(DatabaseFile::Kept { path, _lock: lock }),
        KeptOrRun::Run(resources, gaps) => {
            let _progress = finished::progress(&resources);
            let unusable = |cause| QueryError::Export(ExportError::Temporary(cause));
            let path = NamedTempFile::new().map_err(unusable)?.into_temp_path();
            Database::fill_kept(&resources, &path, gaps).map_err(QueryError::Export)?;
            Ok(DatabaseFile::Temporary(path))
        }
    }
}

fn kept_or_run(run: &Path, catalog: Option<&Path>) -> Result<KeptOrRun, QueryStop> {
    check_is_local(run)?;
    let kept = match catalog {
        Some(_) => None,
        None => KeptDatabase::of(run).map_err(|error| unreadable(&error))?,
    };
    let Some(kept) = kept else {
        let (resources, gaps) = finished::open_with_gaps(run, catalog)?;
        return Ok(KeptOrRun::Run(Box::new(resources), gaps));
    };
    // A file that is no database is built again.
    let existing =
        kept.existing().and_then(|path| Some((path.to_owned(), Database::open_kept(path).ok()?.1)));
    if let Some((path, gaps)) = existing {
        finished::warn_of_gaps(kept.manifest(), run, gaps);
        return Ok(KeptOrRun::Kept(path, Box::new(kept)));
    }
    let (resources, gaps) = finished::open_with_gaps(run, None)?;
    let progress = finished::progress(&resources);
    let built = kept.build(|path| Database::fill_kept(&resources, path, gaps));
    drop(progress);
    let cause = match built {
        Ok((path, ())) => return Ok(KeptOrRun::Kept(path, Box::new(kept))),
        Err(KeepError::Failed(ExportError::Unwritable(_, cause))) => cause.to_string(),
        Err(KeepError::Failed(error)) => return Err(QueryError::Export(error).into()),
        Err(error) => error.to_string(),
    };
    warn(format!(
        "note: the next query will build the database of this run again, as it cannot be kept: {cause}"
    ));
    Ok(KeptOrRun::Run(Box::new(resources), gaps))
}
