//! CSV export: a directory with a CSV file for each kind of resource.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

use csv::{Writer, WriterBuilder};

use super::cell::{CellValue, harmless};
use super::columns;
use super::identifiers::NameSpelling;
use super::table::{COMMON, ExportTable};
use super::{ExportError, target};
use crate::reports::resources::Resources;
use crate::run::safe_name;

/// The buffer of each file, in bytes.
const BUFFER: usize = 32 * 1024;

/// Writes a directory of tables, and returns how many resources they have.
pub(super) fn write(resources: &Resources, path: &Path) -> Result<u64, ExportError> {
    let tables = columns::tables(resources)?;
    let unwritable = ExportError::unwritable(path);
    target::write_folder(path, |folder| {
        let mut writers = HashMap::new();
        let mut count = 0;
        resources.each::<ExportError>(&mut |resource| {
            let key = (resource.service.to_owned(), resource.kind.to_owned());
            let Some(table) = tables.get(&key) else { return Ok(()) };
            if !writers.contains_key(&key) {
                let file = target::Appending(folder.join(file_name(&key.0, &key.1)));
                let mut writer = WriterBuilder::new().buffer_capacity(BUFFER).from_writer(file);
                write_header(&mut writer, table).map_err(|cause| unwritable(cause.into()))?;
                writers.insert(key.clone(), writer);
            }
            if let Some(writer) = writers.get_mut(&key) {
                write_row(writer, &table.cells(resource)).map_err(|cause| unwritable(cause.into()))?;
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

fn write_header(writer: &mut Writer<impl Write>, table: &ExportTable) -> Result<(), csv::Error> {
    let header = table.header(NameSpelling::Path, COMMON, &[]);
    writer.write_record(header.iter().map(|name| harmless(name).into_owned()))
}

fn write_row(writer: &mut Writer<impl Write>, cells: &[CellValue]) -> Result<(), csv::Error> {
    for cell in cells {
        match cell {
            CellValue::Empty => writer.write_field("")?,
            CellValue::Text(text) => writer.write_field(&*harmless(text))?,
            CellValue::Number(number) => writer.write_field(number.to_string())?,
            CellValue::Flag(flag) => writer.write_field(if *flag { "true" } else { "false" })?,
            CellValue::NotFinite(_) | CellValue::Time(_) | CellValue::Map(_) => {
                writer.write_field(cell.special_text().unwrap_or_default().as_ref())?;
            }
        }
    }
    writer.write_record(None::<&[u8]>)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{CellValue, Writer, write_row};
    use crate::reports::export::column_type::ColumnType;

    #[test]
    fn numbers_stay_numbers_and_texts_are_no_formulas() {
        let mut writer = Writer::from_writer(Vec::new());
        let cells = [json!(-1), json!("-1"), json!("=A1,\"b\""), json!(null), json!(true)];
        write_row(&mut writer, &cells.each_ref().map(CellValue::of)).expect("writes");
        let text = String::from_utf8(writer.into_inner().expect("a buffer")).expect("text");
        assert_eq!(text, "-1,'-1,\"'=A1,\"\"b\"\"\",,true\n");
    }

    #[test]
    fn special_values_are_texts_without_apostrophe() {
        let mut writer = Writer::from_writer(Vec::new());
        let cells = [
            (ColumnType::Real, json!("-Infinity")),
            (ColumnType::Real, json!("NaN")),
            (ColumnType::Timestamp, json!("2024-01-01T00:00:00+00:00")),
            (ColumnType::Map, json!({"=team": "shop"})),
        ];
        let cells = cells.each_ref().map(|(column_type, value)| column_type.cell(value).expect("a cell"));
        write_row(&mut writer, &cells).expect("writes");
        let text = String::from_utf8(writer.into_inner().expect("a buffer")).expect("text");
        assert_eq!(text, "-Infinity,NaN,2024-01-01T00:00:00+00:00,\"{\"\"=team\"\":\"\"shop\"\"}\"\n");
    }
}
