//! One CSV file with all resources: the columns that all kinds have, and the resource as JSON.

use std::path::Path;

use csv::Writer;

use super::gaps::write_gaps;
use super::row::{write_header, write_row};
use crate::reports::export::cell::CellValue;
use crate::reports::export::missing::MissingResults;
use crate::reports::export::table::{COMMON, common_cells};
use crate::reports::export::tag_columns::TagColumns;
use crate::reports::export::{ExportError, target};
use crate::reports::resources::Resources;

/// The last column: the resource as in the result file.
const RAW: &str = "raw";

/// Writes a file of all resources and one of the gaps, and returns how many resources there are.
pub(in crate::reports::export) fn write(
    resources: &Resources,
    tags: &TagColumns,
    path: &Path,
    gaps: &Path,
) -> Result<u64, ExportError> {
    let missing = MissingResults::read(resources.results())?;
    target::write_with_gaps(
        path,
        gaps,
        |file| {
            let failed = |cause: csv::Error| ExportError::unwritable(path)(cause.into());
            let mut writer = Writer::from_writer(file);
            write_header(&mut writer, COMMON.into_iter().chain(tags.names()).chain([RAW])).map_err(failed)?;
            let mut count = 0;
            resources.each::<ExportError>(&mut |resource| {
                let raw = CellValue::Text(resource.raw.to_string());
                let cells = common_cells(resource).into_iter().chain(tags.cells(resource)).chain([raw]);
                write_row(&mut writer, cells).map_err(failed)?;
                count += 1;
                Ok(())
            })?;
            writer.flush().map_err(ExportError::unwritable(path))?;
            Ok(count)
        },
        |file| {
            write_gaps(Writer::from_writer(file), &missing)
                .map_err(|cause| ExportError::unwritable(gaps)(cause.into()))
        },
    )
}
