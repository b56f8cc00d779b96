//! The database of a run for `scan query`, which is kept in the run's folder if that is possible.

use std::path::Path;

use super::console::warn;
use super::finished;
use super::query_stop::QueryStop;
use crate::app::read_run::{check_is_local, unreadable};
use crate::reports::export::ExportError;
use crate::reports::query::{Database, QueryError};
use crate::reports::resources::Resources;
use crate::run::{KeepError, KeptDatabase};

/// Returns the database of a run, and warns of the run's gaps.
///
/// It is not kept for a run that has not finished, and for a catalog that the user chose: that makes other tables.
pub(super) fn open(run: &Path, catalog: Option<&Path>) -> Result<Database, QueryStop> {
    check_is_local(run)?;
    let kept = match catalog {
        Some(_) => None,
        None => KeptDatabase::of(run).map_err(|error| unreadable(&error))?,
    };
    match kept {
        Some(kept) => open_kept(&kept, run),
        None => build_temporary(&finished::open(run, catalog)?),
    }
}

fn open_kept(kept: &KeptDatabase, run: &Path) -> Result<Database, QueryStop> {
    // A file that is no database is built again.
    if let Some((database, gaps)) = kept.existing().and_then(|path| Database::open_kept(path).ok()) {
        finished::warn_of_gaps(kept.manifest(), run, gaps);
        return Ok(database);
    }
    let (resources, gaps) = finished::open_with_gaps(run, None)?;
    let progress = finished::progress(&resources);
    let built = kept.build(|path| Database::fill_kept(&resources, path, gaps));
    drop(progress);
    let cause = match built {
        Ok((path, ())) => return Ok(Database::open_kept(&path)?.0),
        Err(KeepError::Failed(ExportError::Unwritable(_, cause))) => cause.to_string(),
        Err(KeepError::Failed(error)) => return Err(QueryError::Export(error).into()),
        Err(error) => error.to_string(),
    };
    warn(format!(
        "note: the next query will build the database of this run again, as it cannot be kept: {cause}"
    ));
    build_temporary(&resources)
}

fn build_temporary(resources: &Resources) -> Result<Database, QueryStop> {
    let _progress = finished::progress(resources);
    Ok(Database::of(resources)?)
}
