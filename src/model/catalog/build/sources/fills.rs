//! Values that no list has to yield: the account, the region, a time, the words of an enumeration.

use super::facts::{OperationFacts, RequestParameter};
use super::identifier::IdentifierKind;
use crate::model::catalog::ParameterOrigin;

/// The largest enumeration whose values are all requested.
const LARGEST_ENUMERATION: usize = 16;

/// Last words of enumerations that choose how the same data is presented, or an arbitrary product.
const PRESENTATIONS: [&str; 14] = [
    "format",
    "language",
    "unit",
    "tier",
    "locale",
    "order",
    "encoding",
    "granularity",
    "period",
    "statistic",
    "spec",
    "algorithm",
    "interval",
    "resolution",
];

/// The start of a required period, in days from now.
const PERIOD: i16 = -30;

/// Returns the value of a required parameter, if it needs no list.
pub(super) fn fill(
    operation: &OperationFacts<'_>,
    parameter: &RequestParameter<'_>,
) -> Option<ParameterOrigin> {
    let identifier = &parameter.identifier;
    let last = identifier.words.last().map(String::as_str).unwrap_or_default();
    match parameter.kind {
        "integer" | "long" => page_size(operation, parameter),
        "timestamp" => time(&identifier.words, &identifier.whole),
        "string" if !parameter.values.is_empty() => {
            let is_presentation =
                PRESENTATIONS.iter().any(|word| *word == last || identifier.whole.ends_with(word));
            match &parameter.values[..] {
                [one] => Some(ParameterOrigin::Constant(format!("{one:?}").into())),
                // Any form of the same data will do.
                [first, ..] if is_presentation => {
                    Some(ParameterOrigin::Constant(format!("{first:?}").into()))
                }
                values if parameter.is_list => {
                    let all: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
                    Some(ParameterOrigin::Constant(format!("[{}]", all.join(",")).into()))
                }
                values if values.len() <= LARGEST_ENUMERATION => {
                    Some(ParameterOrigin::Enumeration(values.iter().map(|value| (*value).into()).collect()))
                }
                _ => None,
            }
        }
        "string" if is_account(parameter) && !parameter.is_list => Some(ParameterOrigin::Account),
        "string" if matches!(&*identifier.base, "region" | "awsregion" | "regionname") => {
            Some(ParameterOrigin::Region)
        }
        _ => None,
    }
}

/// Returns whether a parameter is the ID of an AWS account.
pub(super) fn is_account(parameter: &RequestParameter<'_>) -> bool {
    let identifier = &parameter.identifier;
    matches!(&*identifier.base, "account" | "awsaccount") && identifier.kind == IdentifierKind::Id
}

fn page_size(operation: &OperationFacts<'_>, parameter: &RequestParameter<'_>) -> Option<ParameterOrigin> {
    let name = *parameter.path.last()?;
    let size = match operation.page_size {
        Some((key, size)) if key == name => size.unwrap_or(100),
        _ if matches!(&*parameter.identifier.whole, "maxresult" | "limit" | "pagesize" | "maxitem") => 100,
        _ => return None,
    };
    Some(ParameterOrigin::Constant(size.to_string().into()))
}

fn time(words: &[String], whole: &str) -> Option<ParameterOrigin> {
    let has = |names: &[&str]| words.iter().any(|word| names.contains(&&**word));
    if has(&["start", "from", "after", "since"]) || whole.starts_with("start") {
        Some(ParameterOrigin::Now { days: PERIOD })
    } else if has(&["end", "to", "before", "until", "stop"]) || whole.starts_with("end") {
        Some(ParameterOrigin::Now { days: 0 })
    } else {
        None
    }
}
