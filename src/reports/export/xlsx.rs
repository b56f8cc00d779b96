//! XLSX export: a workbook with a sheet for each kind of resource, with a frozen header row and filters.
//!
//! Rows are written to unnamed temporary files as they are read (the crate's constant memory mode), one for
//! each sheet. Texts are written as strings, and cells never as formulas.

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::Path;

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use serde_json::Number;

use super::cell::CellValue;
use super::column_type::ColumnType;
use super::columns::{self, ExportTables};
use super::identifiers::NameSpelling;
use super::table::{COMMON, ExportTable};
use super::{ExportError, target};
use crate::reports::resources::Resources;
use crate::util::defect::{Defect, catch};

/// The most rows of a sheet, without its header (support.microsoft.com, "Excel specifications and limits";
/// also the source of the two constants below).
const MOST_ROWS: u64 = 1_048_575;
/// The most characters of a cell, in UTF-16 code units.
const LONGEST_TEXT: usize = 32_767;
/// The most characters of a sheet's name.
const LONGEST_NAME: usize = 31;
/// The format of times, which are in UTC.
const DATE_FORMAT: &str = "yyyy-mm-dd hh:mm:ss";
/// The mark at the end of a shortened text.
const CUT: &str = "…";
/// The width of the widest column, in characters.
const WIDEST: usize = 60;
/// The largest exact integer: Excel calculates with 53 bits, and would change the last digits of longer
/// numbers.
const LARGEST_EXACT: u64 = 1 << 53;

/// The most kinds in a workbook: each keeps a file open, and a process may have a limit of 1,024 open files.
const MOST_KINDS: usize = 500;

/// The sheets of one kind of resource, with the position of the next row.
struct SheetPosition<'run> {
    table: &'run ExportTable,
    first_sheet: usize,
    written: u64,
}

/// Writes a workbook, and returns how many resources it has.
pub(super) fn write(resources: &Resources, path: &Path) -> Result<u64, ExportError> {
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
    catch(|| write_workbook(resources, path, &tables)).unwrap_or_else(|defect| Err(panicked(&defect)))
}

fn write_workbook(resources: &Resources, path: &Path, tables: &ExportTables) -> Result<u64, ExportError> {
    let unwritable = ExportError::unwritable(path);
    target::write_file(path, |file| {
        let failed = |cause: XlsxError| unwritable(io::Error::other(cause));
        let mut workbook = Workbook::new();
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            workbook.set_tempdir(folder).map_err(failed)?;
        }
        let mut places = add_sheets(&mut workbook, tables).map_err(failed)?;
        let date = Format::new().set_num_format(DATE_FORMAT);
        let mut count = 0;
        resources.each::<ExportError>(&mut |resource| {
            let key = (resource.service.to_owned(), resource.kind.to_owned());
            if let Some(place) = places.get_mut(&key) {
                write_row(&mut workbook, place, &place.table.cells(resource), &date).map_err(failed)?;
                place.written += 1;
                count += 1;
            }
            Ok(())
        })?;
        workbook.save_to_writer(file).map_err(failed)?;
        Ok(count)
    })
}

/// Creates the sheets, with everything that does not depend on their rows.
fn add_sheets<'run>(
    workbook: &mut Workbook,
    tables: &'run ExportTables,
) -> Result<BTreeMap<(String, String), SheetPosition<'run>>, XlsxError> {
    let bold = Format::new().set_bold();
    let mut names = HashSet::new();
    let mut places = BTreeMap::new();
    let mut sheets = 0;
    for ((service, kind), table) in tables {
        let first_sheet = sheets;
        let mut rows = table.rows;
        loop {
            let sheet = workbook.add_worksheet_with_constant_memory()?;
            sheet.set_name(sheet_name(service, kind, &mut names))?;
            start(sheet, table, rows.min(MOST_ROWS), &bold)?;
            sheets += 1;
            rows = rows.saturating_sub(MOST_ROWS);
            if rows == 0 {
                break;
            }
        }
        places.insert((service.clone(), kind.clone()), SheetPosition { table, first_sheet, written: 0 });
    }
    if sheets == 0 {
        // Excel reports a workbook without sheets as damaged.
        workbook.add_worksheet_with_constant_memory()?.set_name("nothing found")?;
    }
    Ok(places)
}

/// Writes the header, filters and column widths of a sheet that will have `rows` rows.
fn start(sheet: &mut Worksheet, table: &ExportTable, rows: u64, bold: &Format) -> Result<(), XlsxError> {
    sheet.set_freeze_panes(1, 0)?;
    let header = table.header(NameSpelling::Path, COMMON, &[]);
    let widths = widths(table);
    for (column, name) in (0..).zip(&header) {
        sheet.write_string_with_format(0, column, cut(name), bold)?;
        let value = widths.get(usize::from(column)).copied().unwrap_or_default();
        let width = u16::try_from(value.max(name.chars().count()).clamp(4, WIDEST)).unwrap_or(u16::MAX);
        // The button of the filter covers two characters.
        sheet.set_column_width(column, f64::from(width + 2))?;
    }
    let last_column = u16::try_from(header.len().saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.autofilter(0, 0, u32::try_from(rows).unwrap_or(u32::MAX), last_column)?;
    Ok(())
}

/// Returns the widths of the widest values of the columns, in characters.
fn widths(table: &ExportTable) -> Vec<usize> {
    let fields = table.columns.iter().map(|column| {
        if column.column_type == ColumnType::Timestamp { DATE_FORMAT.len() } else { column.width }
    });
    table.common_widths.into_iter().chain(fields).chain(table.has_others.then_some(WIDEST)).collect()
}

fn write_row(
    workbook: &mut Workbook,
    place: &SheetPosition<'_>,
    cells: &[CellValue],
    date: &Format,
) -> Result<(), XlsxError> {
    let further = usize::try_from(place.written / MOST_ROWS).unwrap_or(usize::MAX);
    let sheet = workbook.worksheet_from_index(place.first_sheet.saturating_add(further))?;
    let row = u32::try_from(place.written % MOST_ROWS).unwrap_or(u32::MAX).saturating_add(1);
    for (column, cell) in (0..).zip(cells) {
        match cell {
            CellValue::Empty => {}
            CellValue::Text(text) => {
                sheet.write_string(row, column, cut(text))?;
            }
            CellValue::Flag(flag) => {
                sheet.write_boolean(row, column, *flag)?;
            }
            CellValue::Number(number) => match exact(number) {
                Some(number) => sheet.write_number(row, column, number).map(drop)?,
                None => sheet.write_string(row, column, number.to_string()).map(drop)?,
            },
            CellValue::Time(time) => match time.workbook_day() {
                Some(day) => sheet.write_number_with_format(row, column, day, date).map(drop)?,
                None => sheet.write_string(row, column, time.text()).map(drop)?,
            },
            CellValue::NotFinite(_) | CellValue::Map(_) => {
                sheet.write_string(row, column, cut(&cell.special_text().unwrap_or_default()))?;
            }
        }
    }
    Ok(())
}

/// Returns a number that Excel stores exactly.
fn exact(number: &Number) -> Option<f64> {
    let is_exact = number.is_f64()
        || number.as_i64().is_some_and(|number| number.unsigned_abs() <= LARGEST_EXACT)
        || number.as_u64().is_some_and(|number| number <= LARGEST_EXACT);
    number.as_f64().filter(|_| is_exact)
}

/// Shortens a text to the length that a cell can hold.
fn cut(text: &str) -> String {
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

/// Returns a unique name for a sheet: Excel ignores case.
fn sheet_name(service: &str, kind: &str, taken: &mut HashSet<String>) -> String {
    let name: String = format!("{service} {kind}")
        .chars()
        .map(|letter| if letter.is_alphanumeric() || "-_. ".contains(letter) { letter } else { '_' })
        .collect();
    for count in 1_u32.. {
        let suffix = if count == 1 { String::new() } else { format!(" {count}") };
        let room = LONGEST_NAME.saturating_sub(suffix.len());
        let mut length = 0;
        let beginning = name.chars().take_while(|letter| {
            length += letter.len_utf16();
            length <= room
        });
        let unique = beginning.collect::<String>() + &suffix;
        if taken.insert(unique.to_lowercase()) {
            return unique;
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::json;

    use super::{LONGEST_TEXT, cut, exact, sheet_name};

    #[test]
    fn every_sheet_has_a_name_of_its_own_that_excel_takes() {
        let mut taken = HashSet::new();
        assert_eq!(sheet_name("ec2", "instance", &mut taken), "ec2 instance");
        assert_eq!(sheet_name("ec2", "instance", &mut taken), "ec2 instance 2");
        assert_eq!(sheet_name("ec2", "a/b*[c]", &mut taken), "ec2 a_b__c_");
        let long = "verified_access_instance_logging_configuration";
        assert_eq!(sheet_name("ec2", long, &mut taken), "ec2 verified_access_instance_lo");
        assert_eq!(sheet_name("ec2", long, &mut taken), "ec2 verified_access_instance_ 2");
    }

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
