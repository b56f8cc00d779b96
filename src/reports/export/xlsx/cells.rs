//! Cells of a workbook. Texts are written as strings, and cells never as formulas.

use rust_xlsxwriter::{Format, FormatAlign, Worksheet, XlsxError};
use serde_json::Number;

use crate::reports::export::cell::CellValue;

/// The most characters of a cell, in UTF-16 code units (support.microsoft.com, "Excel specifications and limits").
const LONGEST_TEXT: usize = 32_767;
/// The format of times, which are in UTC.
pub(super) const DATE_FORMAT: &str = "yyyy-mm-dd hh:mm:ss";
/// The format of flags, with a text for positive, negative and zero: without it, some programs show them as numbers.
const FLAG_FORMAT: &str = r#""TRUE";"TRUE";"FALSE""#;
/// The mark at the end of a shortened text.
const CUT: &str = "…";
/// The largest exact integer: Excel calculates with 53 bits, and would change the last digits of longer
/// numbers.
const LARGEST_EXACT: u64 = 1 << 53;

/// The formats of a workbook's cells.
#[derive(Debug)]
pub(super) struct CellFormats {
    pub(super) bold: Format,
    date: Format,
    flag: Format,
}

impl CellFormats {
    pub(super) fn new() -> Self {
        Self {
            bold: Format::new().set_bold(),
            // On the right, a date would touch the text of the next column.
            date: Format::new().set_num_format(DATE_FORMAT).set_align(FormatAlign::Left),
            flag: Format::new().set_num_format(FLAG_FORMAT).set_align(FormatAlign::Center),
        }
    }

    /// Writes one cell.
    pub(super) fn write(
        &self,
        sheet: &mut Worksheet,
        (row, column): (u32, u16),
        cell: &CellValue,
    ) -> Result<(), XlsxError> {
        match cell {
            CellValue::Empty => {}
            CellValue::Text(text) => {
                sheet.write_string(row, column, cut(text))?;
            }
            CellValue::Flag(flag) => {
                sheet.write_boolean_with_format(row, column, *flag, &self.flag)?;
            }
            CellValue::Number(number) => match exact(number) {
                Some(number) => sheet.write_number(row, column, number).map(drop)?,
                None => sheet.write_string(row, column, number.to_string()).map(drop)?,
            },
            CellValue::Time(time) => match time.workbook_day() {
                Some(day) => sheet.write_number_with_format(row, column, day, &self.date).map(drop)?,
                None => sheet.write_string(row, column, time.text()).map(drop)?,
            },
            CellValue::NotFinite(_) | CellValue::Map(_) => {
                sheet.write_string(row, column, cut(&cell.special_text().unwrap_or_default()))?;
            }
        }
        Ok(())
    }

    /// Writes a row of cells, from the first column.
    pub(super) fn write_row(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        cells: &[CellValue],
    ) -> Result<(), XlsxError> {
        (0..).zip(cells).try_for_each(|(column, cell)| self.write(sheet, (row, column), cell))
    }
}

/// Returns a number that Excel stores exactly.
fn exact(number: &Number) -> Option<f64> {
    let is_exact = number.is_f64()
        || number.as_i64().is_some_and(|number| number.unsigned_abs() <= LARGEST_EXACT)
        || number.as_u64().is_some_and(|number| number <= LARGEST_EXACT);
    number.as_f64().filter(|_| is_exact)
}

/// Shortens a text to the length that a cell can hold.
pub(super) fn cut(text: &str) -> String {
    if text.len() <= LONGEST_TEXT || text.encode_utf16().count() <= LONGEST_TEXT {
        return text.to_owned();
    }
    let mut length = 0;
    let fits = text.chars().take_while(|letter| {
        length += letter.len_utf16();
        length < LONGEST_TEXT
    });
    fits.collect::<String>() + CUT
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{LONGEST_TEXT, cut, exact};

    #[test]
    fn a_text_is_cut_where_a_cell_ends() {
        let text = "🦀".repeat(LONGEST_TEXT);
        let cut = cut(&text);
        assert!(cut.ends_with('…') && cut.encode_utf16().count() <= LONGEST_TEXT, "{}", cut.len());
    }

    #[test]
    fn numbers_that_excel_would_change_are_no_numbers() {
        let exact = |value: serde_json::Value| value.as_number().and_then(exact);
        assert_eq!(exact(json!(-16)), Some(-16.0));
        assert_eq!(exact(json!(1.5)), Some(1.5));
        assert_eq!(exact(json!(9_007_199_254_740_993_u64)), None);
    }
}
