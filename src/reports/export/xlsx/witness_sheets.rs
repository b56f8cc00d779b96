//! The sheets of a comparison with witnesses: the agreement by type, and the differences.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::cells::CellFormats;
use super::sheet_names::SheetNames;
use super::table_sheets::{TableColumns, TableSheets};
use crate::reports::export::ExportError;
use crate::reports::export::facts::FactTable;
use crate::reports::export::witnesses::{WITNESS_TYPES, WITNESSES, of_difference, of_types};
use crate::reports::reconcile::{ReconcileSummary, read_differences};
use crate::run::Results;

/// The widths of columns, in characters: names of types, and ARNs and reasons.
const WIDTH: usize = 30;

/// Adds the sheets; they are the last ones, because most runs are not compared.
pub(super) fn add(
    workbook: &mut Workbook,
    names: &mut SheetNames,
    results: &Results,
    summary: &ReconcileSummary,
    formats: &CellFormats,
    failed: &dyn Fn(XlsxError) -> ExportError,
) -> Result<(), ExportError> {
    let rows = summary.types.len() as u64;
    let columns = columns(&WITNESS_TYPES);
    let mut types =
        TableSheets::add(workbook, names, "Witness types", &columns, rows, formats).map_err(failed)?;
    for cells in of_types(Some(summary)) {
        types.write(workbook, &cells, formats).map_err(failed)?;
    }
    // A resource can have a row for each of several witnesses.
    let mut rows = 0;
    read_differences::<ExportError>(results, &mut |_| {
        rows += 1;
        Ok(())
    })?;
    let columns = self::columns(&WITNESSES);
    let mut sheets =
        TableSheets::add(workbook, names, "Witnesses", &columns, rows, formats).map_err(failed)?;
    read_differences::<ExportError>(results, &mut |difference| {
        sheets.write(workbook, &of_difference(&difference), formats).map_err(failed)?;
        Ok(())
    })
}

fn columns(table: &FactTable) -> TableColumns {
    let names: Vec<String> = table.columns.iter().map(|(name, _)| (*name).to_owned()).collect();
    let width =
        |name: &String| if ["type", "arn", "reason"].contains(&name.as_str()) { WIDTH } else { name.len() };
    TableColumns { widths: names.iter().map(width).collect(), names }
}
