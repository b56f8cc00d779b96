//! The Parquet schema of a table.

use std::io;
use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::errors::ParquetError;
use parquet::schema::types::{Type, TypePtr};

use crate::reports::export::column_type::ColumnType;

/// The columns of a table. All of them are optional.
#[derive(Clone, Debug)]
pub(super) struct Schema {
    pub(super) types: Vec<ColumnType>,
    pub(super) described: TypePtr,
}

impl Schema {
    pub(super) fn new<'name>(
        columns: impl IntoIterator<Item = (&'name str, ColumnType)>,
    ) -> io::Result<Self> {
        let (mut types, mut fields) = (Vec::new(), Vec::new());
        for (name, column_type) in columns {
            types.push(column_type);
            fields.push(Arc::new(described(name, column_type).map_err(failed)?));
        }
        let described = Type::group_type_builder("schema").with_fields(fields).build().map_err(failed)?;
        Ok(Self { types, described: Arc::new(described) })
    }
}

fn described(name: &str, column_type: ColumnType) -> Result<Type, ParquetError> {
    let (physical, logical) = match column_type {
        ColumnType::Flag => (Physical::BOOLEAN, None),
        ColumnType::Integer => (Physical::INT64, None),
        ColumnType::Real => (Physical::DOUBLE, None),
        ColumnType::Timestamp => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS))),
        ColumnType::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        ColumnType::Map => return described_map(name),
    };
    Type::primitive_type_builder(name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
        .build()
}

/// Describes a map of texts (github.com/apache/parquet-format/blob/master/LogicalTypes.md, "Maps").
fn described_map(name: &str) -> Result<Type, ParquetError> {
    let text = |name: &str, repetition| {
        Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
            .with_repetition(repetition)
            .with_logical_type(Some(LogicalType::String))
            .build()
    };
    let entries = Type::group_type_builder("key_value")
        .with_repetition(Repetition::REPEATED)
        .with_fields(vec![
            Arc::new(text("key", Repetition::REQUIRED)?),
            Arc::new(text("value", Repetition::OPTIONAL)?),
        ])
        .build()?;
    Type::group_type_builder(name)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(Some(LogicalType::Map))
        .with_fields(vec![Arc::new(entries)])
        .build()
}

/// Converts a Parquet error; I/O errors are kept.
pub(super) fn failed(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(cause) => *cause,
            Err(cause) => io::Error::other(cause),
        },
        error => io::Error::other(error),
    }
}
