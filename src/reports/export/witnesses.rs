//! What witnesses report differently from a run, as tables: empty if the run was not compared with any.

use super::cell::CellValue;
use super::column_type::ColumnType::{Integer, Real, Text, Timestamp};
use super::facts::FactTable;
use crate::reports::reconcile::{DifferenceClass, ReconcileSummary, TypeCounts, WitnessDifference};

/// The differences: one row for each resource and witness.
pub(super) const WITNESSES: FactTable = FactTable {
    name: "witnesses",
    columns: &[
        ("class", Text),
        ("witness", Text),
        ("account", Text),
        ("region", Text),
        ("type", Text),
        ("arn", Text),
        ("id", Text),
        ("name", Text),
        ("created", Timestamp),
        ("reported", Timestamp),
        ("status", Text),
        ("reason", Text),
        ("entry", Text),
    ],
};

/// The counts of each type.
pub(super) const WITNESS_TYPES: FactTable = FactTable {
    name: "witness_types",
    columns: &[
        ("type", Text),
        ("agreement_percent", Real),
        ("both", Integer),
        ("missing", Integer),
        ("failed", Integer),
        ("not_called", Integer),
        ("newer", Integer),
        ("unmatched_type", Integer),
        ("only_in_run", Integer),
    ],
};

/// Returns the row of a difference.
pub(super) fn of_difference(difference: &WitnessDifference) -> Vec<CellValue> {
    let text = |text: &Option<String>| CellValue::of_text(text.as_deref());
    let time = |time: &Option<String>| {
        time.as_deref().and_then(|time| Timestamp.cell(&time.into())).unwrap_or_else(|| text(time))
    };
    vec![
        CellValue::of_text(Some(difference.class.as_str())),
        text(&difference.witness),
        CellValue::of_text(Some(&difference.account)),
        CellValue::of_text(Some(&difference.region)),
        CellValue::of_text(Some(&difference.type_name)),
        text(&difference.arn),
        text(&difference.id),
        text(&difference.name),
        time(&difference.created),
        time(&difference.reported),
        text(&difference.status),
        text(&difference.reason),
        text(&difference.entry),
    ]
}

/// Returns the rows of the types of a comparison.
pub(super) fn of_types(summary: Option<&ReconcileSummary>) -> impl Iterator<Item = Vec<CellValue>> {
    summary.into_iter().flat_map(|summary| &summary.types).map(|(name, counts)| of_type(name, counts))
}

fn of_type(name: &str, counts: &TypeCounts) -> Vec<CellValue> {
    let percent = counts.agreement().and_then(serde_json::Number::from_f64);
    let mut cells = vec![
        CellValue::of_text(Some(name)),
        percent.map_or(CellValue::Empty, CellValue::Number),
        CellValue::Number(counts.both.into()),
    ];
    cells.extend(DifferenceClass::OF_TYPES.map(|class| CellValue::Number(counts.of(class).into())));
    cells
}

#[cfg(test)]
mod tests {
    use super::{
        DifferenceClass, TypeCounts, WITNESS_TYPES, WITNESSES, WitnessDifference, of_difference, of_type,
    };

    #[test]
    fn rows_are_as_long_as_their_headers() {
        let difference: WitnessDifference = serde_json::from_value(serde_json::json!({
            "class": "missing", "witness": "config", "account": "111111111111", "region": "eu-west-1",
            "type": "AWS::EC2::Instance",
        }))
        .expect("a difference");
        assert_eq!(of_difference(&difference).len(), WITNESSES.columns.len());
        assert_eq!(of_type("AWS::EC2::Instance", &TypeCounts::default()).len(), WITNESS_TYPES.columns.len());
    }

    #[test]
    fn columns_of_types_are_the_classes() {
        let names: Vec<&str> = WITNESS_TYPES.columns.iter().skip(3).map(|(name, _)| *name).collect();
        assert_eq!(names, DifferenceClass::OF_TYPES.map(DifferenceClass::as_str));
    }

    #[test]
    fn columns_of_differences_are_the_fields() {
        let difference: WitnessDifference = serde_json::from_value(serde_json::json!({
            "class": "newer", "account": "", "region": "", "type": "",
        }))
        .expect("a difference");
        let written = serde_json::to_value(&difference).expect("JSON");
        let fields: Vec<&str> = written.as_object().expect("an object").keys().map(String::as_str).collect();
        let columns: Vec<&str> = WITNESSES.columns.iter().map(|(name, _)| *name).collect();
        assert_eq!(fields, columns);
    }
}
