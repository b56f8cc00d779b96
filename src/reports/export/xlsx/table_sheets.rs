//! Tables in a workbook: sheets with a header row that does not scroll, filters and column widths.

use rust_xlsxwriter::{IgnoreError, Workbook, Worksheet, XlsxError};

use super::cells::{CellFormats, cut};
use super::sheet_names::SheetNames;
use crate::reports::export::cell::CellValue;

/// The most rows of a sheet, without its header (support.microsoft.com, "Excel specifications and limits").
const MOST_ROWS: u64 = 1_048_575;
/// The width of the widest column, in characters.
pub(super) const WIDEST: usize = 60;

/// The columns of a table.
#[derive(Debug, Default)]
pub(super) struct TableColumns {
    pub(super) names: Vec<String>,
    /// The widths of the widest values, in characters.
    pub(super) widths: Vec<usize>,
}

/// The sheets of one table, with the position of the next row. A table with too many rows for one sheet continues
/// on others.
#[derive(Debug)]
pub(super) struct TableSheets {
    first_sheet: usize,
    written: u64,
}

impl TableSheets {
    /// Adds the sheets of a table of `rows` rows.
    pub(super) fn add(
        workbook: &mut Workbook,
        names: &mut SheetNames,
        name: &str,
        columns: &TableColumns,
        rows: u64,
        formats: &CellFormats,
    ) -> Result<Self, XlsxError> {
        let first_sheet = workbook.worksheets().len();
        let mut left = rows;
        loop {
            let sheet = workbook.add_worksheet_with_constant_memory()?;
            sheet.set_name(names.name(name))?;
            start_table(sheet, columns, left.min(MOST_ROWS), formats)?;
            left = left.saturating_sub(MOST_ROWS);
            if left == 0 {
                return Ok(Self { first_sheet, written: 0 });
            }
        }
    }

    /// Writes the next row, and returns its sheet and row.
    pub(super) fn write<'book>(
        &mut self,
        workbook: &'book mut Workbook,
        cells: &[CellValue],
        formats: &CellFormats,
    ) -> Result<(&'book mut Worksheet, u32), XlsxError> {
        let further = usize::try_from(self.written / MOST_ROWS).unwrap_or(usize::MAX);
        let sheet = workbook.worksheet_from_index(self.first_sheet.saturating_add(further))?;
        let row = u32::try_from(self.written % MOST_ROWS).unwrap_or(u32::MAX).saturating_add(1);
        formats.write_row(sheet, row, cells)?;
        self.written += 1;
        Ok((sheet, row))
    }
}

/// Writes the header, filters and column widths of a sheet that will have `rows` rows.
pub(super) fn start_table(
    sheet: &mut Worksheet,
    columns: &TableColumns,
    rows: u64,
    formats: &CellFormats,
) -> Result<(), XlsxError> {
    sheet.set_freeze_panes(1, 0)?;
    for (column, name) in (0..).zip(&columns.names) {
        sheet.write_string_with_format(0, column, cut(name), &formats.bold)?;
        let value = columns.widths.get(usize::from(column)).copied().unwrap_or_default();
        let width = u16::try_from(value.max(name.chars().count()).clamp(4, WIDEST)).unwrap_or(u16::MAX);
        // The button of the filter covers two characters.
        sheet.set_column_width(column, f64::from(width + 2))?;
    }
    let last_column = u16::try_from(columns.names.len().saturating_sub(1)).unwrap_or(u16::MAX);
    let last_row = u32::try_from(rows).unwrap_or(u32::MAX);
    sheet.autofilter(0, 0, last_row, last_column)?;
    // Excel would mark each account ID as a possible mistake.
    sheet.ignore_error_range(0, 0, last_row, last_column, IgnoreError::NumberStoredAsText)?;
    Ok(())
}

/// Returns the widths of the widest cells of each column, in characters.
pub(super) fn widths_of(rows: &[Vec<CellValue>], columns: usize) -> Vec<usize> {
    let width = |column: usize| rows.iter().map(|row| row[column].width()).max().unwrap_or_default();
    (0..columns).map(width).collect()
}
