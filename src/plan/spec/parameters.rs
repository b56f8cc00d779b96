//! Validates parameters against the request's shape, as botocore does before it sends a request
//! (`botocore/validate.py`).
//!
//! JSON has fewer types than Python: blobs and timestamps are given as text.

use serde_json::{Map, Value};

use super::{placeholder, template};
use crate::model::catalog::{ListShape, Operation, Service, ShapeId, ShapeKind, Structure};
use crate::util::json_kind::kind;
use crate::util::suggest::did_you_mean;

/// An invalid parameter.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Complaint {
    /// The path of the parameter: `Filters[0].Values`.
    pub(super) path: String,
    pub(super) message: String,
}

/// The meaning of braces in the texts of parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Braces {
    /// They are a part of the text.
    Plain,
    /// They are around placeholders.
    Placeholders,
    /// They are around placeholders, or around the jq filter of a child call, which is valid in place of any value.
    Templates,
}

/// Validates the parameters of a call.
pub(super) fn check(
    service: &Service,
    operation: &Operation,
    parameters: &Map<String, Value>,
    braces: Braces,
) -> Vec<Complaint> {
    let mut checker = Checker { service, braces, complaints: Vec::new() };
    match service.input(operation) {
        // The caller handles missing top-level members: they make an entry a skipped one.
        Some(input) => checker.members(input, parameters, ""),
        None => {
            for name in parameters.keys() {
                checker.complain(name, format!("`{}` takes no parameters", operation.function));
            }
        }
    }
    checker.complaints
}

/// Returns the required parameters that are missing.
///
/// botocore fills in Glacier's account id (`inject_account_id` in `botocore/handlers.py`).
pub(super) fn absent<'model>(
    service: &'model Service,
    operation: &Operation,
    parameters: &Map<String, Value>,
) -> Vec<&'model str> {
    service
        .required_parameters(operation)
        .map(|member| &*member.name)
        .filter(|name| !parameters.contains_key(*name))
        .filter(|name| (&*service.name, *name) != ("glacier", "accountId"))
        .collect()
}

struct Checker<'a> {
    service: &'a Service,
    braces: Braces,
    complaints: Vec<Complaint>,
}

impl Checker<'_> {
    fn complain(&mut self, path: &str, message: String) {
        self.complaints.push(Complaint { path: path.to_owned(), message });
    }

    fn value(&mut self, shape: ShapeId, value: &Value, path: &str) {
        let service = self.service;
        let kind = service.kind(shape);
        if let (Value::String(text), Braces::Placeholders | Braces::Templates) = (value, self.braces) {
            if self.braces == Braces::Templates && template::is_template(text) {
                return;
            }
            if let Some(mistake) = placeholder::mistake(text) {
                return self.complain(path, mistake);
            }
            if matches!(kind, ShapeKind::Timestamp) && placeholder::is_time(text) {
                return;
            }
            let takes_text = matches!(kind, ShapeKind::String | ShapeKind::Document);
            if placeholder::is_in(text) && !takes_text {
                return self.complain(path, format!("must be {}, not `{text}`", expected(kind)));
            }
        }
        match kind {
            ShapeKind::Structure(structure) => self.structure(structure, value, path),
            ShapeKind::List(list) => self.list(list, value, path),
            ShapeKind::Map(map) => match value {
                Value::Object(entries) => {
                    for (key, value) in entries {
                        self.value(map.value.shape, value, &format!("{path}.{key}"));
                    }
                }
                other => self.wrong_kind(path, expected(kind), other),
            },
            ShapeKind::Document => {}
            scalar => {
                if !fits(scalar, value) {
                    self.wrong_kind(path, expected(scalar), value);
                }
            }
        }
    }

    fn wrong_kind(&mut self, path: &str, expected: &str, value: &Value) {
        let found = match value {
            Value::Number(number) => format!("the number {number}"),
            Value::String(text) if expected.starts_with("a time") => format!("\"{text}\""),
            other => kind(other).to_owned(),
        };
        self.complain(path, format!("must be {expected}, not {found}"));
    }

    fn structure(&mut self, structure: &Structure, value: &Value, path: &str) {
        let Value::Object(members) = value else { return self.wrong_kind(path, "an object", value) };
        for member in structure.members.iter().filter(|member| member.required) {
            if !members.contains_key(&*member.name) && !member.idempotency_token {
                self.complain(path, format!("the required member `{}` is missing", member.name));
            }
        }
        if structure.union && members.len() != 1 {
            let names = names(structure).collect::<Vec<_>>().join("`, `");
            self.complain(path, format!("exactly one of `{names}` must be set"));
        }
        self.members(structure, members, path);
    }

    fn members(&mut self, structure: &Structure, members: &Map<String, Value>, path: &str) {
        for (name, value) in members {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            match structure.member(name) {
                Some((_, member)) => self.value(member.reference.shape, value, &path),
                None => {
                    self.complain(&path, format!("no such member{}", did_you_mean(name, names(structure))));
                }
            }
        }
    }

    fn list(&mut self, list: &ListShape, value: &Value, path: &str) {
        let Value::Array(items) = value else { return self.wrong_kind(path, "a list", value) };
        for (index, item) in items.iter().enumerate() {
            self.value(list.member.shape, item, &format!("{path}[{index}]"));
        }
    }
}

/// Returns the words for the values of a shape.
fn expected(kind: &ShapeKind) -> &'static str {
    match kind {
        ShapeKind::Structure(_) | ShapeKind::Map(_) => "an object",
        ShapeKind::List(_) => "a list",
        ShapeKind::String | ShapeKind::Blob => "a string",
        ShapeKind::Integer { .. } => "a 32-bit integer",
        ShapeKind::Long { .. } => "an integer",
        ShapeKind::Float | ShapeKind::Double => "a number",
        ShapeKind::Boolean => "true or false",
        ShapeKind::Timestamp => "a time such as \"2026-11-21T22:10:05Z\"",
        ShapeKind::Document => "any value",
    }
}

/// Returns whether a value is valid for a shape without parts.
fn fits(kind: &ShapeKind, value: &Value) -> bool {
    match kind {
        ShapeKind::String | ShapeKind::Blob => value.is_string(),
        ShapeKind::Integer { .. } => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        ShapeKind::Long { .. } => value.is_i64(),
        ShapeKind::Float | ShapeKind::Double => value.is_number(),
        ShapeKind::Boolean => value.is_boolean(),
        ShapeKind::Timestamp => value.is_number() || value.as_str().is_some_and(is_moment),
        ShapeKind::Structure(_) | ShapeKind::List(_) | ShapeKind::Map(_) | ShapeKind::Document => true,
    }
}

fn names(structure: &Structure) -> impl Iterator<Item = &str> {
    structure.members.iter().map(|member| &*member.name)
}

/// Returns whether a text is an ISO 8601 date or timestamp, or a number of seconds since 1970.
fn is_moment(text: &str) -> bool {
    use chrono::{DateTime, NaiveDate, NaiveDateTime};
    DateTime::parse_from_rfc3339(text).is_ok()
        || NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").is_ok()
        || NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").is_ok()
        || NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok()
        || text.parse::<f64>().is_ok_and(f64::is_finite)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Braces, absent, check};
    use crate::model::catalog::Catalog;

    fn complaints(service: &str, function: &str, parameters: &Value) -> Vec<String> {
        let catalog = Catalog::embedded().expect("a catalog");
        let service = catalog.service(service).expect("loads").expect("exists");
        let operation = service.operation(function).expect("an operation");
        check(&service, operation, parameters.as_object().expect("an object"), Braces::Templates)
            .into_iter()
            .map(|complaint| format!("{}: {}", complaint.path, complaint.message))
            .collect()
    }

    #[test]
    fn right_parameters_pass() {
        for (service, function, parameters) in [
            (
                "ec2",
                "describe_instances",
                json!({"Filters": [{"Name": "instance-state-name", "Values": ["running"]}], "MaxResults": 5}),
            ),
            (
                "cloudwatch",
                "get_metric_statistics",
                json!({"StartTime": "2026-11-21T00:00:00Z", "EndTime": 1_795_000_000, "Period": 60}),
            ),
            ("cloudtrail", "lookup_events", json!({"StartTime": "2026-11-20"})),
            ("cloudtrail", "lookup_events", json!({"StartTime": "{now-30d}", "EndTime": "{now}"})),
            ("quicksight", "list_users", json!({"AwsAccountId": "{account}", "Namespace": "of {region}"})),
            ("dynamodb", "describe_table", json!({"TableName": "{.}"})),
            ("ecs", "describe_clusters", json!({"clusters": "{.arns}", "include": ["TAGS"]})),
            (
                "ce",
                "get_cost_and_usage",
                json!({"TimePeriod": {"Start": "2026-01-01", "End": "2026-02-01"}, "Granularity": "MONTHLY",
                    "Filter": {"Not": {"Dimensions": {"Key": "REGION", "Values": ["x"]}}}}),
            ),
        ] {
            assert_eq!(complaints(service, function, &parameters), [""; 0], "{function}");
        }
    }

    #[test]
    fn wrong_parameters_are_named_with_their_path() {
        for (service, function, parameters, complaint) in [
            (
                "ec2",
                "describe_instances",
                json!({"filters": []}),
                "filters: no such member; did you mean `Filters`?",
            ),
            (
                "ec2",
                "describe_instances",
                json!({"Filters": [{"Nam": "x"}]}),
                "Filters[0].Nam: no such member; did you mean `Name`?",
            ),
            (
                "ec2",
                "describe_instances",
                json!({"Filters": [{"Values": "running"}]}),
                "Filters[0].Values: must be a list, not a string",
            ),
            (
                "ec2",
                "describe_instances",
                json!({"MaxResults": "5"}),
                "MaxResults: must be a 32-bit integer, not a string",
            ),
            (
                "ec2",
                "describe_instances",
                json!({"MaxResults": 5.5}),
                "MaxResults: must be a 32-bit integer, not the number 5.5",
            ),
            ("ec2", "describe_instances", json!({"DryRun": null}), "DryRun: must be true or false, not null"),
            (
                "cloudtrail",
                "lookup_events",
                json!({"StartTime": "yesterday"}),
                "StartTime: must be a time such as \"2026-11-21T22:10:05Z\", not \"yesterday\"",
            ),
            (
                "cloudtrail",
                "lookup_events",
                json!({"LookupAttributes": [{"AttributeKey": "EventId"}]}),
                "LookupAttributes[0]: the required member `AttributeValue` is missing",
            ),
            ("sts", "get_caller_identity", json!({"Account": "1"}), "Account: no such member"),
            (
                "cloudtrail",
                "lookup_events",
                json!({"StartTime": "{account}"}),
                "StartTime: must be a time such as \"2026-11-21T22:10:05Z\", not `{account}`",
            ),
            (
                "logs",
                "get_log_events",
                json!({"startTime": "{now-1d}"}),
                "startTime: must be an integer, not `{now-1d}`",
            ),
            (
                "quicksight",
                "list_users",
                json!({"AwsAccountId": "id-{acount}"}),
                "AwsAccountId: there is no placeholder `{acount}`; did you mean `account`?",
            ),
        ] {
            assert_eq!(complaints(service, function, &parameters), [complaint], "{function}");
        }
    }

    #[test]
    fn absent_required_parameters_are_listed() {
        let catalog = Catalog::embedded().expect("a catalog");
        for (service, function, expected) in [
            ("dynamodb", "describe_table", vec!["TableName"]),
            ("ec2", "describe_instances", vec![]),
            ("glacier", "list_vaults", vec![]),
        ] {
            let service = catalog.service(service).expect("loads").expect("exists");
            let operation = service.operation(function).expect("an operation");
            assert_eq!(absent(&service, operation, &serde_json::Map::new()), expected);
        }
    }
}
