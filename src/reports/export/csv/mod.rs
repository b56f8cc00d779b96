//! CSV export: a directory with a CSV file for each kind of resource and one of the gaps, or one file of all
//! resources and one of the gaps.

mod gaps;
mod row;
mod single;

use std::collections::HashMap;
use std::path::Path;

use csv::{Writer, WriterBuilder};

use super::identifiers::NameSpelling;
use super::missing::MissingResults;
use super::table::COMMON;
use super::tag_columns::TagColumns;
use super::{ExportError, columns, target};
use crate::reports::resources::Resources;
use crate::run::safe_name;
use gaps::write_gaps;
use row::{write_header, write_row};
pub(super) use single::write as write_single;

/// The buffer of each file, in bytes.
const BUFFER: usize = 32 * 1024;

/// The file of gaps. The names of all other files have a hyphen.
const GAPS: &str = "missing.csv";

/// Writes a directory of tables, and returns how many resources they have.
pub(super) fn write(resources: &Resources, tags: &TagColumns, path: &Path) -> Result<u64, ExportError> {
    let tables = columns::tables(resources)?;
    let missing = MissingResults::read(resources.results())?;
    let unwritable = ExportError::unwritable(path);
    let failed = |cause: csv::Error| unwritable(cause.into());
    target::write_folder(path, |folder| {
        let start = |name: &str| {
            let file = target::Appending(folder.join(name));
            WriterBuilder::new().buffer_capacity(BUFFER).from_writer(file)
        };
        write_gaps(start(GAPS), &missing).map_err(failed)?;
        let mut writers = HashMap::new();
        let mut count = 0;
        resources.each::<ExportError>(&mut |resource| {
            let key = (resource.service.to_owned(), resource.kind.to_owned());
            let Some(table) = tables.get(&key) else { return Ok(()) };
            if !writers.contains_key(&key) {
                let mut writer = start(&file_name(&key.0, &key.1));
                let common = COMMON.into_iter().chain(tags.names());
                let header = table.header(NameSpelling::Path, common, &[]);
                write_header(&mut writer, header.iter().map(String::as_str)).map_err(failed)?;
                writers.insert(key.clone(), writer);
            }
            if let Some(writer) = writers.get_mut(&key) {
                let mut common = table.cells(resource);
                let fields = common.split_off(COMMON.len());
                write_row(writer, common.into_iter().chain(tags.cells(resource)).chain(fields))
                    .map_err(failed)?;
                count += 1;
            }
            Ok(())
        })?;
        writers.values_mut().try_for_each(Writer::flush).map_err(&unwritable)?;
        Ok(count)
    })
}

/// Returns the file name of a kind of resource.
fn file_name(service: &str, kind: &str) -> String {
    format!("{}-{}.csv", safe_name(service), safe_name(kind))
}
