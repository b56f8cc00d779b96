//! The sheet of gaps: a row for each cause.

use rust_xlsxwriter::{Format, FormatAlign, Worksheet, XlsxError};

use super::cells::{CellFormats, cut};
use super::table_sheets::{TableColumns, start_table, widths_of};
use crate::reports::export::cell::CellValue;
use crate::reports::export::missing::{MISSING, MissingCalls, MissingResults};

/// The columns with sentences, which are wrapped. Lists of accounts and functions are not: they may have thousands of
/// names, and their rows would fill the screen.
const WRAPPED: [&str; 4] = ["cause", "message", "hint", "accepted"];
/// The height of a line, in points: that of a row with the default font.
const LINE_HEIGHT: u32 = 15;
/// The most lines of a row: it can be 409 points high (support.microsoft.com, "Excel specifications and limits").
const MOST_LINES: usize = 27;
/// The characters that surely fit into a line of the widest column: words are not divided.
const LINE_WIDTH: usize = 48;

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
        // Spreadsheet programs differ in whether they adapt the height of a row.
        sheet.set_row_height(row, LINE_HEIGHT * lines_of(&columns.names, cells))?;
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

/// Returns the number of lines that the wrapped cells of a row need.
fn lines_of(names: &[String], cells: &[CellValue]) -> u32 {
    let wrapped = names.iter().zip(cells).filter(|(name, _)| WRAPPED.contains(&name.as_str()));
    let lines = wrapped.map(|(_, cell)| match cell {
        CellValue::Text(text) => {
            text.lines().map(|line| line.chars().count().div_ceil(LINE_WIDTH).max(1)).sum()
        }
        _ => 1,
    });
    let most: usize = lines.max().unwrap_or(1);
    u32::try_from(most.clamp(1, MOST_LINES)).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::{CellValue, LINE_WIDTH, MOST_LINES, lines_of};

    #[test]
    fn row_is_as_high_as_its_longest_sentences() {
        let names = ["cause", "functions", "hint"].map(str::to_owned);
        let lines = |cause: &str, functions: &str, hint: &str| {
            lines_of(&names, &[cause, functions, hint].map(|text| CellValue::Text(text.to_owned())))
        };
        let long = "x".repeat(LINE_WIDTH + 1);
        assert_eq!(lines("short", "short", ""), 1);
        assert_eq!(lines(&long, "short", "one\ntwo\nthree"), 3);
        assert_eq!(lines(&long, &long.repeat(9), "short"), 2, "lists are not wrapped");
        assert_eq!(lines(&long.repeat(100), "", ""), u32::try_from(MOST_LINES).unwrap_or(0));
        assert_eq!(lines_of(&names, &[CellValue::Empty, CellValue::Empty, CellValue::Empty]), 1);
    }
}
