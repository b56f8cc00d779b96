//! The types of columns: those of the model, or derived from all values of a field.

use serde_json::{Number, Value};

use super::cell::CellValue;
use super::utc_time::UtcTime;
use crate::plan::redaction::is_hidden;
use crate::reports::resources::FieldType;
use crate::util::special_number;

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ColumnType {
    /// True or false.
    Flag,
    /// A whole number of 64 bits.
    Integer,
    /// A floating-point number of 64 bits.
    Real,
    /// A time.
    Timestamp,
    /// Keys and values that are texts.
    Map,
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
    /// Only words of numbers that are not finite, which may also be texts.
    NumberWords,
    Anything,
}

/// The largest number up to which a floating-point number of 64 bits represents every integer.
const LARGEST_EXACT: u64 = 1 << 53;

impl ColumnType {
    /// Returns the type for fields of two models.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (one, other) if one == other => one,
            (Self::Integer, Self::Real) | (Self::Real, Self::Integer) => Self::Real,
            _ => Self::Text,
        }
    }

    /// Returns whether a column of this type can hold a value.
    pub(super) fn holds(self, value: &Value) -> bool {
        self == Self::Text || self.cell(value).is_some()
    }

    /// Converts a value to a cell of a column of this type; `None` if the column cannot hold it.
    pub(super) fn cell(self, value: &Value) -> Option<CellValue> {
        match (self, value) {
            (_, Value::Null) => Some(CellValue::Empty),
            (Self::Text, _) => Some(CellValue::of(value)),
            (Self::Flag, Value::Bool(flag)) => Some(CellValue::Flag(*flag)),
            (Self::Integer, Value::Number(number)) => whole(number).map(CellValue::Number),
            (Self::Real, Value::Number(number)) => {
                is_exact(number).then(|| CellValue::Number(number.clone()))
            }
            (Self::Real, Value::String(word)) => special_number::from_text(word).map(CellValue::NotFinite),
            (Self::Timestamp, Value::String(text)) => UtcTime::parse(text).map(CellValue::Time),
            (Self::Map, Value::Object(map)) => Some(CellValue::of_map(map)),
            _ => None,
        }
    }
}

impl From<FieldType> for ColumnType {
    fn from(holds: FieldType) -> Self {
        match holds {
            FieldType::Flag => Self::Flag,
            FieldType::Integer => Self::Integer,
            FieldType::Real => Self::Real,
            FieldType::Timestamp => Self::Timestamp,
            FieldType::Map => Self::Map,
            FieldType::Anything => Self::Text,
        }
    }
}

/// Returns a number without a fraction as an integer of 64 bits.
fn whole(number: &Number) -> Option<Number> {
    if number.is_i64() {
        return Some(number.clone());
    }
    #[expect(clippy::cast_precision_loss, reason = "a power of two is exact")]
    let float = number.as_f64().filter(|float| number.is_f64() && float.abs() <= LARGEST_EXACT as f64)?;
    #[expect(clippy::cast_possible_truncation, reason = "it is small, and has no fraction")]
    (float.fract() == 0.0).then(|| Number::from(float as i64))
}

/// Returns whether a floating-point number of 64 bits can represent a number.
fn is_exact(number: &Number) -> bool {
    match (number.as_i128(), number.as_f64()) {
        #[expect(clippy::cast_possible_truncation, reason = "integers have at most 64 bits")]
        (Some(integer), Some(float)) if !number.is_f64() => float as i128 == integer,
        _ => number.is_f64(),
    }
}

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
            // Redaction removes the type.
            Value::String(text) if is_hidden(text) => Self::Nothing,
            Value::String(text) if special_number::from_text(text).is_some() => Self::NumberWords,
            Value::String(_) | Value::Array(_) | Value::Object(_) => Self::Anything,
        }
    }

    /// Adds a further value.
    pub(super) fn note(&mut self, value: &Value) {
        *self = self.and(Self::of(value));
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (one, other) if one == other => one,
            (Self::Nothing, seen) | (seen, Self::Nothing) => seen,
            (Self::Integers, Self::LongIntegers) | (Self::LongIntegers, Self::Integers) => Self::LongIntegers,
            (Self::Integers | Self::NumberWords, Self::Reals)
            | (Self::Reals, Self::Integers | Self::NumberWords)
            | (Self::Integers, Self::NumberWords)
            | (Self::NumberWords, Self::Integers) => Self::Reals,
            _ => Self::Anything,
        }
    }

    /// Returns the type that can hold all values.
    pub(super) fn column_type(self) -> ColumnType {
        match self {
            Self::Flags => ColumnType::Flag,
            Self::Integers | Self::LongIntegers => ColumnType::Integer,
            Self::Reals => ColumnType::Real,
            Self::Nothing | Self::NumberWords | Self::Anything => ColumnType::Text,
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
        assert_eq!(type_of(&[json!("NaN"), json!(1), json!("[redacted]")]), ColumnType::Real);
        assert_eq!(type_of(&[json!("a"), json!("1")]), ColumnType::Text);
        assert_eq!(type_of(&[json!([1])]), ColumnType::Text);
        assert_eq!(type_of(&[json!("[redacted]"), json!("NaN")]), ColumnType::Text);
        assert_eq!(type_of(&[]), ColumnType::Text);
    }

    #[test]
    fn values_of_several_types_are_texts() {
        for mixed in [
            [json!(1), json!("a")],
            [json!(true), json!(1)],
            [json!([]), json!(1)],
            [json!("NaN"), json!("a")],
            // No number type keeps all digits of both.
            [json!(9_007_199_254_740_993_i64), json!(0.5)],
            [json!(9_007_199_254_740_993_i64), json!("NaN")],
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

    #[test]
    fn column_holds_values_of_its_type() {
        let number = |value: Value| match value {
            Value::Number(number) => Some(CellValue::Number(number)),
            _ => None,
        };
        for (column_type, value, cell) in [
            (ColumnType::Integer, json!(i64::MIN), number(json!(i64::MIN))),
            (ColumnType::Integer, json!(5.0), number(json!(5))),
            (ColumnType::Real, json!(5), number(json!(5))),
            (
                ColumnType::Real,
                json!(1_000_000_000_000_000_000_u64),
                number(json!(1_000_000_000_000_000_000_u64)),
            ),
            (ColumnType::Real, json!("-Infinity"), Some(CellValue::NotFinite(f64::NEG_INFINITY))),
            (ColumnType::Flag, json!(false), Some(CellValue::Flag(false))),
            (ColumnType::Text, json!({"a": 1}), Some(CellValue::Text("{\"a\":1}".to_owned()))),
            (ColumnType::Map, json!(null), Some(CellValue::Empty)),
        ] {
            assert_eq!(column_type.cell(&value), cell, "{value}");
        }
        assert!(matches!(ColumnType::Map.cell(&json!({})), Some(CellValue::Map(map)) if map.is_empty()));
        let time = ColumnType::Timestamp.cell(&json!("2024-01-01T00:00:00+00:00"));
        assert!(matches!(time, Some(CellValue::Time(_))));
    }

    #[test]
    fn column_does_not_hold_values_of_other_types() {
        for (column_type, value) in [
            (ColumnType::Integer, json!("[redacted]")),
            (ColumnType::Integer, json!("5")),
            (ColumnType::Integer, json!(5.5)),
            (ColumnType::Integer, json!(u64::MAX)),
            (ColumnType::Real, json!("1.5")),
            (ColumnType::Real, json!(9_007_199_254_740_993_u64)),
            (ColumnType::Flag, json!("true")),
            (ColumnType::Timestamp, json!("never")),
            (ColumnType::Timestamp, json!(1_704_067_200)),
            (ColumnType::Map, json!("[redacted]")),
            (ColumnType::Map, json!([{"Key": "a", "Value": "b"}])),
        ] {
            assert_eq!(column_type.cell(&value), None, "{value}");
        }
    }
}
