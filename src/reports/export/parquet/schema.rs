//! The Parquet schema of a table.

use std::io;
use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, Type as Physical};
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
        ColumnType::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
    };
    Type::primitive_type_builder(name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
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
