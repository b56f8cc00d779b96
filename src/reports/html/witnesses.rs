//! What witnesses report differently from the run: the agreement by type, and the differences in chunks.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::PageError;
use super::chunk::Chunk;
use crate::reports::reconcile::{
    DifferenceClass, ReconcileSummary, WitnessDifference, read_differences, read_summary,
};
use crate::run::Results;

/// The size in bytes of a chunk of differences.
const ROWS: usize = 512 * 1024;
/// The name of the chunks.
const PART: &str = "witnesses";

/// Writes the differences of the run at an index, and returns the data of the view; null if the run was not compared.
pub(super) fn write(
    results: &Results,
    run: usize,
    writer: &mut dyn Write,
    unwritable: &dyn Fn(io::Error) -> PageError,
) -> Result<Value, PageError> {
    let Some(summary) = read_summary(results)? else { return Ok(Value::Null) };
    let mut rows = Chunk::default();
    read_differences::<PageError>(results, &mut |difference| {
        rows.push(&row(&difference)).map_err(unwritable)?;
        if rows.len() < ROWS { Ok(()) } else { rows.write(writer, PART, run).map_err(unwritable) }
    })?;
    rows.write(writer, PART, run).map_err(unwritable)?;
    Ok(view(&summary))
}

/// Returns the values of a row, in the order of the page's columns.
fn row(difference: &WitnessDifference) -> Value {
    let WitnessDifference {
        class,
        witness,
        account,
        region,
        type_name,
        arn,
        id,
        name,
        created,
        reported,
        ..
    } = difference;
    let WitnessDifference { status, reason, entry, .. } = difference;
    json!([
        class,
        type_name,
        account,
        region,
        arn.as_ref().or(id.as_ref()),
        name,
        witness,
        created,
        reported,
        status,
        reason,
        entry
    ])
}

fn view(summary: &ReconcileSummary) -> Value {
    let classes: Vec<Value> = DifferenceClass::ALL
        .into_iter()
        .map(|class| json!({"class": class, "meaning": class.meaning(), "count": summary.total.of(class)}))
        .collect();
    let types: Vec<Value> = summary
        .types
        .iter()
        .map(|(name, counts)| {
            let of_classes = DifferenceClass::OF_TYPES.map(|class| counts.of(class));
            json!({"type": name, "agreement": counts.agreement(), "both": counts.both, "classes": of_classes})
        })
        .collect();
    json!({
        "agreement": summary.agreement_percent,
        "both": summary.total.both,
        "classes": classes,
        "types": types,
        "answers": summary.witnesses,
    })
}
