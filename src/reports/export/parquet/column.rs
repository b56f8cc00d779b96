//! Writes the values of one column.

use std::io::Write;

use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::writer::{SerializedColumnWriter, SerializedRowGroupWriter};
use serde_json::{Map, Value};

use crate::reports::export::cell::CellValue;
use crate::reports::export::column_type::ColumnType;

/// The definition levels of a map's texts: how much of map, entry and value exists.
const NO_MAP: i16 = 0;
const NO_ENTRY: i16 = 1;
const ENTRY: i16 = 2;
const VALUE: i16 = 3;

/// The repetition levels of a map's entries: the first of a row, and further ones.
const FIRST: i16 = 0;
const FURTHER: i16 = 1;

/// Writes the cells of the next column of a row group.
pub(super) fn write<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    cells: Vec<CellValue>,
    column_type: ColumnType,
) -> Result<(), ParquetError> {
    match column_type {
        ColumnType::Flag => write_values::<BoolType, W>(group, cells, |cell| match cell {
            CellValue::Flag(flag) => Some(flag),
            _ => None,
        }),
        ColumnType::Integer => write_values::<Int64Type, W>(group, cells, |cell| match cell {
            CellValue::Number(number) => number.as_i64(),
            _ => None,
        }),
        ColumnType::Real => write_values::<DoubleType, W>(group, cells, |cell| match cell {
            CellValue::Number(number) => number.as_f64(),
            CellValue::NotFinite(number) => Some(number),
            _ => None,
        }),
        ColumnType::Timestamp => write_values::<Int64Type, W>(group, cells, |cell| match cell {
            CellValue::Time(time) => Some(time.micros()),
            _ => None,
        }),
        ColumnType::Text => write_values::<ByteArrayType, W>(group, cells, |cell| match cell {
            CellValue::Text(text) => Some(ByteArray::from(text.into_bytes())),
            _ => None,
        }),
        ColumnType::Map => write_maps(group, cells),
    }
}

/// Writes the values, and the definition levels of the cells.
fn write_values<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    cells: Vec<CellValue>,
    value: impl Fn(CellValue) -> Option<T::T>,
) -> Result<(), ParquetError> {
    let mut levels = Vec::with_capacity(cells.len());
    let mut values = Vec::new();
    for cell in cells {
        let value = value(cell);
        levels.push(i16::from(value.is_some()));
        values.extend(value);
    }
    let mut writer = next_column(group)?;
    writer.typed::<T>().write_batch(&values, Some(&levels), None)?;
    writer.close()
}

/// Writes the two columns of a map: its keys, and its values.
fn write_maps<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    cells: Vec<CellValue>,
) -> Result<(), ParquetError> {
    let mut levels = Vec::new();
    let mut repetitions = Vec::new();
    let (mut keys, mut values) = (Vec::new(), Vec::new());
    for cell in cells {
        let map = if let CellValue::Map(map) = cell { Some(map) } else { None };
        let missing = if map.is_some() { NO_ENTRY } else { NO_MAP };
        let entries = map.unwrap_or_else(Map::new);
        if entries.is_empty() {
            levels.push(missing);
            repetitions.push(FIRST);
        }
        for (index, (key, value)) in entries.into_iter().enumerate() {
            repetitions.push(if index == 0 { FIRST } else { FURTHER });
            levels.push(if value.is_null() { ENTRY } else { VALUE });
            keys.push(ByteArray::from(key.into_bytes()));
            values.extend(text(value));
        }
    }
    let key_levels: Vec<i16> = levels.iter().map(|level| *level.min(&ENTRY)).collect();
    for (texts, levels) in [(keys, key_levels), (values, levels)] {
        let mut writer = next_column(group)?;
        writer.typed::<ByteArrayType>().write_batch(&texts, Some(&levels), Some(&repetitions))?;
        writer.close()?;
    }
    Ok(())
}

/// Returns the value of a map's entry; what is no text becomes JSON.
fn text(value: Value) -> Option<ByteArray> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(ByteArray::from(text.into_bytes())),
        value => Some(ByteArray::from(value.to_string().into_bytes())),
    }
}

fn next_column<'group, W: Write + Send>(
    group: &'group mut SerializedRowGroupWriter<'_, W>,
) -> Result<SerializedColumnWriter<'group>, ParquetError> {
    group.next_column()?.ok_or_else(|| ParquetError::General("the schema has too few columns".to_owned()))
}
