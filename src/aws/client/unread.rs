//! The check of the last page for members that indicate more results.
//!
//! Where a pagination definition is missing or wrong, or a service indicates more results without a token, the
//! response must not pass for a complete one.

use serde_json::{Map, Value};

use crate::model::catalog::{Function, MemberPath, NextPage, Pagination, Service, ShapeKind, Structure};

/// Members whose names look like a token or a flag but are not: service, operation, path in the response, and
/// their meaning (documentation in botocore's models).
#[rustfmt::skip]
const HARMLESS: &[(&str, &str, &str, &str)] = &[
    ("appconfigdata", "GetLatestConfiguration", "NextPollConfigurationToken", "for the next poll, in every response"),
    ("glacier", "DescribeJob", "InventoryRetrievalParameters.Marker", "a parameter of the job"),
    ("lightsail", "GetOperationsForResource", "nextPageCount", "deprecated in favor of `nextPageToken`"),
    ("migrationhubstrategy", "GetApplicationComponentDetails", "applicationComponentDetail.moreServerAssociationExists", "about the component: several servers"),
    ("migrationhubstrategy", "GetApplicationComponentDetails", "moreApplicationResource", "about the component: several resources"),
];

/// Flags with other names that indicate a partial response: service, operation, path, and the value that indicates
/// it (documentation in botocore's models).
const FLAGS: &[(&str, &str, &str, bool)] = &[
    // "Indicates if over 100 resources are noncompliant": the response contains 100.
    ("fms", "GetComplianceDetail", "PolicyComplianceDetail.EvaluationLimitExceeded", true),
    // "Whether all components are returned"; 30 are.
    ("iottwinmaker", "GetEntity", "areAllComponentsReturned", false),
    // "If False, then the search reached the limit of 1,000 matching results".
    ("resource-explorer-2", "Search", "Count.Complete", false),
];

/// Returns the member of a last page that indicates more results.
pub(super) fn member(function: &Function, members: &Map<String, Value>) -> Option<String> {
    let (service, operation) = (function.service(), function.operation());
    let output = service.output(operation)?;
    let guard = Guard { function, service, pagination: operation.pagination.as_ref(), response: members };
    if let Some(path) = guard.look(None, output, members) {
        return Some(path.to_string());
    }
    output.members.iter().find_map(|member| {
        let ShapeKind::Structure(structure) = service.kind(member.reference.shape) else { return None };
        let inner = members.get(&*member.name)?.as_object()?;
        guard.look(Some(&member.name), structure, inner).map(|path| path.to_string())
    })
}

/// Returns all members of a function's responses that are checked, regardless of their values.
#[must_use]
pub fn watched(function: &Function) -> Vec<MemberPath> {
    let (service, operation) = (function.service(), function.operation());
    let Some(output) = service.output(operation) else { return Vec::new() };
    let nothing = Map::new();
    let guard = Guard { function, service, pagination: operation.pagination.as_ref(), response: &nothing };
    let of = |within: Option<&str>, structure: &Structure| -> Vec<MemberPath> {
        let names =
            structure.members.iter().filter(|member| guard.kind(within, structure, &member.name).is_some());
        names.map(|member| path(within, &member.name)).collect()
    };
    let mut paths = of(None, output);
    for member in &output.members {
        if let ShapeKind::Structure(structure) = service.kind(member.reference.shape) {
            paths.extend(of(Some(&member.name), structure));
        }
    }
    paths
}

/// The value of a member that indicates more results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MoreSignal {
    /// The boolean with this value.
    Flag(bool),
    /// Any value.
    Token,
}

struct Guard<'response> {
    function: &'response Function,
    service: &'response Service,
    pagination: Option<&'response Pagination>,
    response: &'response Map<String, Value>,
}

impl Guard<'_> {
    /// Returns the member of a structure that indicates more results.
    fn look(
        &self,
        within: Option<&str>,
        structure: &Structure,
        members: &Map<String, Value>,
    ) -> Option<MemberPath> {
        structure.members.iter().find_map(|member| {
            let indicates_more = match self.kind(within, structure, &member.name)? {
                // Some services return flags as strings.
                MoreSignal::Flag(more) => {
                    let word = if more { "true" } else { "false" };
                    members.get(&*member.name).is_some_and(|flag| *flag == more || *flag == word)
                }
                MoreSignal::Token => members.get(&*member.name).is_some_and(is_true),
            };
            let path = indicates_more.then(|| path(within, &member.name))?;
            (!self.is_evaluated_by_pagination(&path)).then_some(path)
        })
    }

    /// Returns the signal that a member of this name can have, if it can have one.
    fn kind(&self, within: Option<&str>, structure: &Structure, name: &str) -> Option<MoreSignal> {
        if let Some(flag) = self.known_flag(within, name) {
            return Some(flag);
        }
        let suggested = suggested_signal(name)?;
        let (_, member) = structure.member(name)?;
        let is_one = match (self.service.kind(member.reference.shape), suggested) {
            (ShapeKind::Boolean, MoreSignal::Flag(_)) => true,
            (ShapeKind::String | ShapeKind::Integer { .. } | ShapeKind::Long { .. }, MoreSignal::Token) => {
                !is_echo(structure, name)
            }
            (ShapeKind::Map(_), MoreSignal::Token) => starts_with(name, "lastevaluated"),
            _ => false,
        };
        let harmless = HARMLESS.iter().map(|(service, operation, path, _)| (*service, *operation, *path));
        (is_one && !self.is_row(harmless, within, name)).then_some(suggested)
    }

    /// Returns the flag of the pagination definition, or of a row of [`FLAGS`].
    fn known_flag(&self, within: Option<&str>, name: &str) -> Option<MoreSignal> {
        let flag = self.pagination.and_then(|pagination| pagination.more_results.as_ref());
        if flag.is_some_and(|flag| *flag == path(within, name)) {
            return Some(MoreSignal::Flag(true));
        }
        let mut rows = FLAGS
            .iter()
            .filter(|(service, _, path, _)| **service == *self.service.name && path.ends_with(name));
        rows.find(|(service, operation, path, _)| {
            self.is_row(std::iter::once((*service, *operation, *path)), within, name)
        })
        .map(|(_, _, _, more)| MoreSignal::Flag(*more))
    }

    fn is_row(
        &self,
        mut rows: impl Iterator<Item = (&'static str, &'static str, &'static str)>,
        within: Option<&str>,
        name: &str,
    ) -> bool {
        let (service, operation) = (&*self.service.name, &*self.function.operation().name);
        rows.any(|(row_service, row_operation, row_path)| {
            (row_service, row_operation) == (service, operation) && path(within, name).to_string() == row_path
        })
    }

    /// Returns whether the pagination evaluated the member and concluded that this is the last page: a token
    /// beside a flag for no more results, or one that is present in every response.
    fn is_evaluated_by_pagination(&self, path: &MemberPath) -> bool {
        let reads =
            |pagination: &&Pagination| pagination.output_tokens.iter().any(|token| token.offers(path));
        let Some(pagination) = self.pagination.filter(reads) else { return false };
        let flag = pagination.more_results.as_ref();
        flag.is_some_and(|flag| flag.find_in(self.response).is_some())
            || pagination.turning == NextPage::RepeatedToken
    }
}

fn path(within: Option<&str>, name: &str) -> MemberPath {
    match within {
        Some(within) => MemberPath::members(&[within, name]),
        None => MemberPath::member(name),
    }
}

/// Returns whether a member echoes the token of the request: the response then has another member for the next
/// token.
fn is_echo(structure: &Structure, name: &str) -> bool {
    let is_next =
        |next: &str| next.len() == name.len() + 4 && starts_with(next, "next") && ends_with(next, name);
    structure.members.iter().any(|member| is_next(&member.name))
}

/// Returns the signal that a member's name suggests.
fn suggested_signal(name: &str) -> Option<MoreSignal> {
    let names_more = |start: &str| {
        starts_with(name, start)
            && name.as_bytes().get(start.len()).is_none_or(|letter| !letter.is_ascii_lowercase())
    };
    if ends_with(name, "truncated")
        || ends_with(name, "hasmore")
        || ["hasmore", "more", "hasnext"].into_iter().any(names_more)
    {
        return Some(MoreSignal::Flag(true));
    }
    let leads_on = starts_with(name, "next")
        && ["token", "marker", "cursor", "offset", "index", "page", "continuation", "position"]
            .into_iter()
            .any(|word| contains(name, word));
    let last = starts_with(name, "lastevaluated")
        && ["key", "id", "name", "arn", "token"].into_iter().any(|end| ends_with(name, end));
    let is_token = leads_on
        || last
        || ["marker", "cursor", "paginationtoken", "continuationtoken", "pagetoken"]
            .into_iter()
            .any(|end| ends_with(name, end));
    is_token.then_some(MoreSignal::Token)
}

fn starts_with(name: &str, start: &str) -> bool {
    name.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

fn ends_with(name: &str, end: &str) -> bool {
    let start = name.len().checked_sub(end.len());
    start.and_then(|start| name.get(start..)).is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

fn contains(name: &str, word: &str) -> bool {
    name.as_bytes().windows(word.len()).any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}

/// Returns whether a value is true in Python: an empty token ends the pages.
pub(super) fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::String(text) => !text.is_empty(),
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{HARMLESS, member, watched};
    use crate::model::catalog::{Catalog, Function};

    fn function(service: &str, name: &str) -> Function {
        let service = Catalog::embedded().expect("opens").service(service).expect("loads").expect("exists");
        Function::find(&service, name).expect("exists")
    }

    fn indicates_more(service: &str, name: &str, response: &Value) -> Option<String> {
        member(&function(service, name), response.as_object().expect("an object"))
    }

    /// Flags and tokens show that more exists, at the top level and in structures.
    #[test]
    fn unread_pages_are_detected_by_flags_and_tokens() {
        for (service, name, response, expected) in [
            ("iam", "list_users", json!({"Users": [], "IsTruncated": true}), "IsTruncated"),
            // botocore reads the marker only together with a flag.
            ("iam", "list_users", json!({"Users": [], "Marker": "m"}), "Marker"),
            ("kms", "list_keys", json!({"Keys": [], "Truncated": true}), "Truncated"),
            (
                "firehose",
                "list_delivery_streams",
                json!({"HasMoreDeliveryStreams": true}),
                "HasMoreDeliveryStreams",
            ),
            ("codeconnections", "list_repository_sync_definitions", json!({"NextToken": "t"}), "NextToken"),
            (
                "wellarchitected",
                "get_lens_review",
                json!({"LensReview": {"NextToken": "t"}}),
                "LensReview.NextToken",
            ),
            (
                "cloudfront",
                "list_distributions",
                json!({"DistributionList": {"IsTruncated": true}}),
                "DistributionList.IsTruncated",
            ),
            (
                "ssm",
                "get_automation_execution",
                json!({"AutomationExecution": {"StepExecutionsTruncated": true}}),
                "AutomationExecution.StepExecutionsTruncated",
            ),
            (
                "resource-explorer-2",
                "search",
                json!({"Count": {"Complete": false, "TotalResources": 1000}}),
                "Count.Complete",
            ),
            (
                "ec2",
                "search_transit_gateway_routes",
                json!({"AdditionalRoutesAvailable": true}),
                "AdditionalRoutesAvailable",
            ),
        ] {
            assert_eq!(
                indicates_more(service, name, &response).as_deref(),
                Some(expected),
                "{service} {name} {response}"
            );
        }
    }

    #[test]
    fn complete_answer_has_no_unread_pages() {
        for (service, name, response) in [
            ("iam", "list_users", json!({"Users": [], "IsTruncated": false})),
            ("route53", "list_hosted_zones", json!({"Marker": "m", "MaxItems": "100", "IsTruncated": false})),
            (
                "cloudfront",
                "list_distributions",
                json!({"DistributionList": {"Marker": "m", "IsTruncated": false}}),
            ),
            (
                "s3",
                "list_bucket_metrics_configurations",
                json!({"ContinuationToken": "c", "IsTruncated": false}),
            ),
            ("s3", "list_objects_v2", json!({"ContinuationToken": "c", "IsTruncated": false})),
            ("wafv2", "get_web_acl", json!({"LockToken": "l"})),
            ("macie2", "describe_classification_job", json!({"clientToken": "c"})),
            ("logs", "get_log_events", json!({"nextForwardToken": "f", "nextBackwardToken": "b"})),
            ("codeconnections", "list_repository_sync_definitions", json!({"NextToken": ""})),
            ("resource-explorer-2", "search", json!({"Count": {"Complete": true}})),
            // Tags are not members of the response.
            ("lambda", "list_tags", json!({"Tags": {"NextToken": "t", "IsTruncated": "true"}})),
        ] {
            assert_eq!(indicates_more(service, name, &response), None, "{service} {name} {response}");
        }
    }

    #[test]
    fn every_row_names_a_member_that_would_be_watched() {
        for (service, operation, path, _) in HARMLESS {
            let service =
                Catalog::embedded().expect("opens").service(service).expect("loads").expect("exists");
            let function = Function::all(&service).find(|function| *function.operation().name == **operation);
            let function = function.expect("exists");
            assert!(watched(&function).iter().all(|watched| watched.to_string() != *path));
            let (within, name) =
                path.split_once('.').map_or((None, *path), |(within, name)| (Some(within), name));
            let output = service.output(function.operation()).expect("a response");
            let structure = within.map_or(Some(output), |within| {
                let (_, member) = output.member(within)?;
                service.structure(member.reference.shape)
            });
            assert!(structure.expect("exists").member(name).is_some(), "{path}");
        }
    }
}
