//! XLSX export: a workbook that is handed around. Its first sheets are the summary of the run, its accounts, what is
//! missing, and all resources; then comes a sheet for each kind of resource, and at the end what
//! witnesses report differently.
//!
//! Rows are written to unnamed temporary files as they are read (the crate's constant memory mode), one for
//! each sheet. Only the gaps are kept: they are grouped by cause.

mod account_sheet;
mod cells;
mod column_order;
mod missing_sheet;
mod resource_counts;
mod resource_sheets;
mod sheet_names;
mod summary_sheet;
mod table_sheets;
mod witness_sheets;

use std::io;
use std::path::Path;

use rust_xlsxwriter::{Workbook, XlsxError};

use super::columns::{self, ExportTables};
use super::missing::MissingResults;
use super::tag_columns::TagColumns;
use super::{ExportError, target};
use crate::reports::reconcile::read_summary;
use crate::reports::resources::Resources;
use crate::util::defect::{Defect, catch};
use cells::CellFormats;
use resource_counts::ResourceCounts;
use resource_sheets::ResourceSheets;
use sheet_names::SheetNames;

/// The most kinds in a workbook: each keeps a file open, and a process may have a limit of 1,024 open files.
const MOST_KINDS: usize = 500;

/// The first sheets; the sheet of all resources follows.
const SUMMARY: usize = 0;
const ACCOUNTS: usize = 1;
const GAPS: usize = 2;
const FIRST_SHEETS: [&str; 3] = ["Summary", "Accounts", "Missing"];

/// Writes a workbook, and returns how many resources it has.
pub(super) fn write(resources: &Resources, tags: &TagColumns, path: &Path) -> Result<u64, ExportError> {
    let tables = columns::filled_tables(resources)?;
    if tables.len() > MOST_KINDS {
        return Err(ExportError::TooManySheets(tables.len()));
    }
    let unwritable = ExportError::unwritable(path);
    // The crate panics when its temporary files cannot be written, for example on a full disk.
    let panicked = |defect: &Defect| {
        unwritable(
            defect.os_error().unwrap_or_else(|| io::Error::other("its temporary files cannot be written")),
        )
    };
    catch(|| write_workbook(resources, tags, path, &tables)).unwrap_or_else(|defect| Err(panicked(&defect)))
}

fn write_workbook(
    resources: &Resources,
    tags: &TagColumns,
    path: &Path,
    tables: &ExportTables,
) -> Result<u64, ExportError> {
    let missing = MissingResults::read(resources.results())?;
    let accounts = resources.results().listed_accounts()?;
    let unwritable = ExportError::unwritable(path);
    target::write_file(path, |file| {
        let failed = |cause: XlsxError| unwritable(io::Error::other(cause));
        let formats = CellFormats::new();
        let mut workbook = Workbook::new();
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            workbook.set_tempdir(folder).map_err(failed)?;
        }
        let mut names = SheetNames::default();
        for name in FIRST_SHEETS {
            // The crate writes the last row twice if it has a height, in the mode that keeps no rows.
            let sheet = if name == FIRST_SHEETS[GAPS] {
                workbook.add_worksheet()
            } else {
                workbook.add_worksheet_with_constant_memory().map_err(failed)?
            };
            sheet.set_name(names.name(name)).map_err(failed)?;
            // On paper, all columns are on one page.
            sheet.set_landscape().set_print_fit_to_pages(1, 0);
        }
        let mut sheets =
            ResourceSheets::add(&mut workbook, &mut names, tables, tags, &formats).map_err(failed)?;
        let mut counts = ResourceCounts::new(tables);
        resources.each::<ExportError>(&mut |resource| {
            counts.count(resource);
            sheets.write(&mut workbook, resource, &formats).map_err(failed)
        })?;
        let count = counts.total();
        let sheet = workbook.worksheet_from_index(SUMMARY).map_err(failed)?;
        summary_sheet::write(sheet, resources, &missing.sentence, count, &formats).map_err(failed)?;
        let sheet = workbook.worksheet_from_index(ACCOUNTS).map_err(failed)?;
        account_sheet::write(sheet, &accounts, &counts, &formats).map_err(failed)?;
        let sheet = workbook.worksheet_from_index(GAPS).map_err(failed)?;
        missing_sheet::write(sheet, &missing, &formats).map_err(failed)?;
        if let Some(summary) = read_summary(resources.results())? {
            witness_sheets::add(&mut workbook, &mut names, resources.results(), &summary, &formats, &failed)?;
        }
        workbook.save_to_writer(file).map_err(failed)?;
        Ok(count)
    })
}
