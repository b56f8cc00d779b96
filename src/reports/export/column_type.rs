//! The types of columns, for formats with typed columns: derived from all values of a field.

use serde_json::Value;

use super::cell::CellValue;
use crate::reports::resources::FieldType;

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ColumnType {
    /// True or false.
    Flag,
    /// A whole number of 64 bits.
    Integer,
    /// A floating-point number of 64 bits.
    Real,
    /// Text; JSON for lists and objects, and for values of several types.
    Text,
}

/// The types seen in a field so far. Kinds of numbers are distinguished so that none loses a digit: integers
/// of 54 bits or more cannot be mixed with floating-point numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum SeenTypes {
    #[default]
    Nothing,
    Flags,
    Integers,
    LongIntegers,
    Reals,
    Anything,
}

/// The largest number up to which a floating-point number of 64 bits represents every integer.
const LARGEST_EXACT: u64 = 1 << 53;

impl SeenTypes {
    /// Returns the type of one value.
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Nothing,
            Value::Bool(_) => Self::Flags,
            Value::Number(number) => match number.as_i64() {
                Some(number) if number.unsigned_abs() <= LARGEST_EXACT => Self::Integers,
                Some(_) => Self::LongIntegers,
                None if number.is_f64() => Self::Reals,
                None => Self::Anything,
            },
            Value::String(_) | Value::Array(_) | Value::Object(_) => Self::Anything,
        }
    }

    /// Returns the type of a field in the model.
    pub(super) fn known(holds: FieldType) -> Self {
        match holds {
            FieldType::Flag => Self::Flags,
            FieldType::Integer => Self::Integers,
            FieldType::Real => Self::Reals,
            FieldType::Anything => Self::Anything,
        }
    }

    /// Adds a further value.
    pub(super) fn note(&mut self, value: &Value) {
        self.join(Self::of(value));
    }

    /// Adds a further type.
    pub(super) fn join(&mut self, other: Self) {
        *self = self.and(other);
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (one, other) if one == other => one,
            (Self::Nothing, seen) | (seen, Self::Nothing) => seen,
            (Self::Integers, Self::LongIntegers) | (Self::LongIntegers, Self::Integers) => Self::LongIntegers,
            (Self::Integers, Self::Reals) | (Self::Reals, Self::Integers) => Self::Reals,
            _ => Self::Anything,
        }
    }

    /// Returns the type that can hold all values.
    pub(super) fn column_type(self) -> ColumnType {
        match self {
            Self::Flags => ColumnType::Flag,
            Self::Integers | Self::LongIntegers => ColumnType::Integer,
            Self::Reals => ColumnType::Real,
            Self::Nothing | Self::Anything => ColumnType::Text,
        }
    }
}

impl CellValue {
    /// Converts the cell for a column of this type: in text columns, numbers and flags become JSON text.
    pub(super) fn in_column(self, column_type: ColumnType) -> Self {
        match self {
            Self::Number(number) if column_type == ColumnType::Text => Self::Text(number.to_string()),
            Self::Flag(flag) if column_type == ColumnType::Text => Self::Text(flag.to_string()),
            cell => cell,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{CellValue, ColumnType, SeenTypes};

    fn type_of(values: &[Value]) -> ColumnType {
        let mut seen = SeenTypes::default();
        for value in values {
            seen.note(value);
        }
        seen.column_type()
    }

    #[test]
    fn a_column_has_the_type_that_all_its_values_have() {
        assert_eq!(type_of(&[json!(true), json!(null), json!(false)]), ColumnType::Flag);
        assert_eq!(type_of(&[json!(null), json!(-3), json!(i64::MAX)]), ColumnType::Integer);
        assert_eq!(type_of(&[json!(1), json!(0.5)]), ColumnType::Real);
        assert_eq!(type_of(&[json!("a"), json!("1")]), ColumnType::Text);
        assert_eq!(type_of(&[json!([1])]), ColumnType::Text);
        assert_eq!(type_of(&[]), ColumnType::Text);
    }

    #[test]
    fn values_of_several_types_are_texts() {
        for mixed in [
            [json!(1), json!("a")],
            [json!(true), json!(1)],
            [json!([]), json!(1)],
            // No number type keeps all digits of both.
            [json!(9_007_199_254_740_993_i64), json!(0.5)],
            [json!(u64::MAX), json!(1)],
        ] {
            assert_eq!(type_of(&mixed), ColumnType::Text, "{mixed:?}");
        }
    }

    #[test]
    fn among_texts_everything_is_one() {
        let cell = |value: Value, column_type| CellValue::of(&value).in_column(column_type);
        assert_eq!(cell(json!(1e300), ColumnType::Text), CellValue::Text("1e+300".to_owned()));
        assert_eq!(cell(json!(true), ColumnType::Text), CellValue::Text("true".to_owned()));
        assert_eq!(cell(json!(true), ColumnType::Flag), CellValue::Flag(true));
        assert_eq!(cell(json!(null), ColumnType::Text), CellValue::Empty);
    }
}
