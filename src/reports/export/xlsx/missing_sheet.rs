//! The sheet of gaps: a row for each cause.

use rust_xlsxwriter::{Format, FormatAlign, Worksheet, XlsxError};

use super::cells::{CellFormats, cut};
use super::table_sheets::{TableColumns, start_table, widths_of};
use crate::reports::export::cell::CellValue;
use crate::reports::export::missing::{MISSING, MissingCalls, MissingResults};

/// The columns with sentences, which are wrapped. Lists of accounts and functions are not: they may have thousands of
/// names, and their rows would fill the screen.
const WRAPPED: [&str; 3] = ["cause", "message", "hint"];

/// Writes the sheet.
pub(super) fn write(
    sheet: &mut Worksheet,
    missing: &MissingResults,
    formats: &CellFormats,
) -> Result<(), XlsxError> {
    let rows: Vec<_> = missing.causes.iter().map(MissingCalls::cells).collect();
    let columns = TableColumns {
        names: MISSING.columns.iter().map(|(name, _)| (*name).to_owned()).collect(),
        widths: widths_of(&rows, MISSING.columns.len()),
    };
    start_table(sheet, &columns, rows.len() as u64, formats)?;
    let top = Format::new().set_align(FormatAlign::Top);
    let wrapped = top.clone().set_text_wrap();
    for (row, cells) in (1..).zip(&rows) {
        for ((column, name), cell) in (0..).zip(&columns.names).zip(cells) {
            match cell {
                CellValue::Text(text) => {
                    let format = if WRAPPED.contains(&name.as_str()) { &wrapped } else { &top };
                    sheet.write_string_with_format(row, column, cut(text), format)?;
                }
                CellValue::Number(number) => {
                    let number = number.as_f64().unwrap_or_default();
                    sheet.write_number_with_format(row, column, number, &top)?;
                }
                other => formats.write(sheet, (row, column), other)?,
            }
        }
    }
    Ok(())
}
