//! The rows of CSV files.

use std::io::Write;

use csv::Writer;

use crate::reports::export::cell::{CellValue, harmless};

/// Writes the names of the columns.
pub(super) fn write_header<'name>(
    writer: &mut Writer<impl Write>,
    names: impl IntoIterator<Item = &'name str>,
) -> Result<(), csv::Error> {
    writer.write_record(names.into_iter().map(|name| harmless(name).into_owned()))
}

/// Writes one row.
pub(super) fn write_row(
    writer: &mut Writer<impl Write>,
    cells: impl IntoIterator<Item = CellValue>,
) -> Result<(), csv::Error> {
    for cell in cells {
        match &cell {
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
        write_row(&mut writer, cells.each_ref().map(CellValue::of)).expect("writes");
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
        write_row(&mut writer, cells).expect("writes");
        let text = String::from_utf8(writer.into_inner().expect("a buffer")).expect("text");
        assert_eq!(text, "-Infinity,NaN,2024-01-01T00:00:00+00:00,\"{\"\"=team\"\":\"\"shop\"\"}\"\n");
    }
}
