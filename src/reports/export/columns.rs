//! The tables of a run, one for each kind of resource, with their columns: determined before the first row is
//! written.
//!
//! The columns of a kind are the fields of its model, whether a run has values for them or not. Only a filter
//! of the spec makes resources without a model: their columns are the fields that are found.

use std::collections::{BTreeMap, HashSet};

use super::ExportError;
use super::draft::TableDraft;
use super::table::ExportTable;
use crate::reports::resources::Resources;

/// The tables of a run by service and kind, sorted.
pub(super) type ExportTables = BTreeMap<(String, String), ExportTable>;

/// Tables that are not complete.
type TableDrafts = BTreeMap<(String, String), TableDraft>;

/// Returns the tables of all kinds that the run's calls can return. Reads only resources without a model.
pub(super) fn tables(resources: &Resources) -> Result<ExportTables, ExportError> {
    let mut drafts = drafts(resources);
    let open: HashSet<(String, String)> =
        drafts.iter().filter(|(_, draft)| draft.is_open()).map(|(key, _)| key.clone()).collect();
    let has_open_kind = |call: usize| {
        let call = &resources.calls()[call];
        call.kinds().any(|kind| open.contains(&(call.service().to_owned(), kind.to_owned())))
    };
    if !open.is_empty() {
        read(resources, &has_open_kind, &mut drafts)?;
    }
    Ok(drafts.into_iter().map(|(key, draft)| (key, draft.finish())).collect())
}

/// Returns the tables of all kinds that the run's calls can return, with the columns of their models: they do not
/// depend on the values of a run. Reads no resource.
#[cfg(feature = "parquet")]
pub(super) fn modelled_tables(resources: &Resources) -> ExportTables {
    drafts(resources).into_iter().map(|(key, draft)| (key, draft.finish())).collect()
}

/// Returns the tables of the kinds that the run has, with the columns that have values. Reads all resources.
#[cfg(feature = "xlsx")]
pub(super) fn filled_tables(resources: &Resources) -> Result<ExportTables, ExportError> {
    let mut drafts = drafts(resources);
    read(resources, &|_| true, &mut drafts)?;
    let filled = drafts.into_iter().filter(|(_, draft)| draft.rows() > 0);
    Ok(filled.map(|(key, draft)| (key, draft.finish_filled())).collect())
}

fn drafts(resources: &Resources) -> TableDrafts {
    let mut drafts = TableDrafts::new();
    for kind in resources.kinds() {
        let key = (kind.service.to_owned(), kind.kind.to_owned());
        drafts.entry(key).or_default().expect(&kind);
    }
    drafts.values_mut().for_each(TableDraft::index);
    drafts
}

fn read(
    resources: &Resources,
    is_wanted: &dyn Fn(usize) -> bool,
    drafts: &mut TableDrafts,
) -> Result<(), ExportError> {
    resources.each_wanted(is_wanted, &mut |resource| {
        let key = (resource.service.to_owned(), resource.kind.to_owned());
        if let Some(draft) = drafts.get_mut(&key) {
            draft.note(resource);
        }
        Ok::<_, ExportError>(())
    })
}
