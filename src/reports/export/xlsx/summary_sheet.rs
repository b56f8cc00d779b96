//! The first sheet: when the run was made, by whom, what it was to find, and what it lacks.

use std::collections::BTreeSet;

use rust_xlsxwriter::{Format, FormatAlign, Worksheet, XlsxError};
use serde_json::Value;

use super::cells::{CellFormats, DATE_FORMAT, cut};
use crate::reports::export::cell::CellValue;
use crate::reports::export::column_type::ColumnType::Timestamp;
use crate::reports::resources::Resources;
use crate::util::plural::plural;

const NAME_WIDTH: u16 = 20;
const VALUE_WIDTH: u16 = 100;

/// Writes the sheet: names and values.
pub(super) fn write(
    sheet: &mut Worksheet,
    resources: &Resources,
    missing: &str,
    count: u64,
    formats: &CellFormats,
) -> Result<(), XlsxError> {
    // Numbers would be far from their names at the right of this wide column.
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Left).set_align(FormatAlign::Top);
    let date = wrapped.clone().set_num_format(DATE_FORMAT);
    sheet.set_column_width(0, f64::from(NAME_WIDTH))?;
    sheet.set_column_width(1, f64::from(VALUE_WIDTH))?;
    for (row, (name, value)) in (0..).zip(facts(resources, missing, count)) {
        sheet.write_string_with_format(row, 0, name, &formats.bold)?;
        match &value {
            CellValue::Text(text) => {
                sheet.write_string_with_format(row, 1, cut(text), &wrapped)?;
            }
            CellValue::Number(number) => {
                let number = number.as_f64().unwrap_or_default();
                sheet.write_number_with_format(row, 1, number, &wrapped)?;
            }
            CellValue::Time(time) => {
                // All times of a run are dates of workbooks.
                let day = time.workbook_day().unwrap_or_default();
                sheet.write_number_with_format(row, 1, day, &date)?;
            }
            other => formats.write(sheet, (row, 1), other)?,
        }
    }
    Ok(())
}

fn facts(resources: &Resources, missing: &str, count: u64) -> Vec<(&'static str, CellValue)> {
    let manifest = resources.results().manifest();
    let (settings, totals) = (&manifest.settings, &manifest.totals);
    let text = |text: &str| CellValue::Text(text.to_owned());
    let number = |number: u64| CellValue::Number(number.into());
    let list = |names: Vec<String>, none: &str| {
        CellValue::Text(if names.is_empty() { none.to_owned() } else { names.join(", ") })
    };
    let mut facts = vec![
        ("missing", text(missing)),
        ("state", CellValue::of(&json_of(&manifest.state))),
        ("started", time(&manifest.started)),
        ("finished", time(&manifest.finished)),
        ("scanned by", text(&manifest.caller.arn)),
    ];
    if let Some(organization) = &manifest.organization {
        facts.push(("organization", text(organization)));
    }
    facts.extend([
        ("spec", text(&manifest.spec.source)),
        ("calls of the spec", text(&calls(resources))),
        ("services", list(services(resources), "none")),
        ("accounts", CellValue::Text(format!("{} of {} scanned", totals.accounts_scanned, totals.accounts))),
        ("account selection", list(settings.account_filters.clone(), "all")),
    ]);
    if let Some(role) = &settings.role_name {
        facts.push(("role", text(role)));
    }
    let regions = settings.regions.iter().flatten().map(ToString::to_string).collect();
    facts.push(("regions", list(regions, "all that each account has enabled")));
    if !settings.exclude_regions.is_empty() {
        let excluded = settings.exclude_regions.iter().map(ToString::to_string).collect();
        facts.push(("excluded regions", list(excluded, "")));
    }
    facts.extend([
        ("resources", number(count)),
        ("calls", number(totals.calls.values().sum())),
        ("requests", number(totals.requests)),
        (
            "redacted values",
            if settings.redact { number(totals.redacted) } else { text("redaction was off") },
        ),
        ("program", CellValue::Text(format!("scan {}", manifest.version))),
        ("catalog", CellValue::Text(format!("botocore {}", manifest.catalog_version))),
    ]);
    if manifest.simulated {
        facts.push(("simulated", text("AWS was simulated: the resources are invented")));
    }
    facts
}

/// Returns the number of functions and services.
fn calls(resources: &Resources) -> String {
    let functions: BTreeSet<_> =
        resources.calls().iter().map(|call| (call.service(), call.function())).collect();
    let services = services(resources).len();
    format!("{} of {}", plural(functions.len(), "function"), plural(services, "service"))
}

fn services(resources: &Resources) -> Vec<String> {
    let services: BTreeSet<_> = resources.calls().iter().map(|call| call.service().to_owned()).collect();
    services.into_iter().collect()
}

fn json_of(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

fn time(value: &impl serde::Serialize) -> CellValue {
    let value = json_of(value);
    Timestamp.cell(&value).unwrap_or_else(|| CellValue::of(&value))
}
