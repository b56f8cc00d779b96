//! The CSV file of a run's gaps.

use std::io::Write;

use csv::Writer;

use super::row::{write_header, write_row};
use crate::reports::export::missing::{MISSING, MissingResults};

/// Writes the gaps of a run.
pub(super) fn write_gaps(mut writer: Writer<impl Write>, missing: &MissingResults) -> Result<(), csv::Error> {
    write_header(&mut writer, MISSING.columns.iter().map(|(name, _)| *name))?;
    for calls in &missing.causes {
        write_row(&mut writer, calls.cells())?;
    }
    Ok(writer.flush()?)
}
