//! Quirks: what a few operations do that no model says.
//!
//! boto3 gets these right through the handlers of `botocore/handlers.py`. Those that touch reads
//! stand in one table here, each with the handler it corresponds to.

mod parameters;
mod request;
mod response;

use aws_smithy_runtime_api::http;
use serde_json::{Map, Value};

pub(super) use response::named_region;

use crate::model::catalog::Function;
use crate::model::protocol::WireRequest;

/// One quirk.
struct Handler {
    service: &'static str,
    /// The operations it concerns; none means all of the service.
    operations: &'static [&'static str],
    /// The handler in `botocore/handlers.py` that knows of it.
    #[cfg_attr(not(test), expect(dead_code, reason = "documents the source; a test reads it"))]
    source: &'static str,
    remedy: Remedy,
}

/// What to do about it.
enum Remedy {
    /// Changes the parameters before they are encoded.
    Parameters(fn(&mut Map<String, Value>)),
    /// Changes the encoded request.
    Request(fn(&Function, &mut WireRequest)),
    /// Changes the decoded answer, with the body at hand.
    Answer(fn(&mut Map<String, Value>, &[u8])),
    /// Changes the decoded answer, with the headers at hand.
    Headers(fn(&mut Map<String, Value>, &http::Headers)),
}

use Remedy::{Answer, Headers, Parameters, Request};

const LIST_OBJECTS: &[&str] = &["ListObjects", "ListObjectsV2", "ListObjectVersions"];

#[rustfmt::skip]
const HANDLERS: &[Handler] = &[
    Handler { service: "apigateway", operations: &[], source: "add_accept_header", remedy: Request(request::accept_json) },
    Handler { service: "cloudformation", operations: &["GetTemplate"], source: "json_decode_template_body", remedy: Answer(response::template_body) },
    Handler { service: "cloudsearchdomain", operations: &["Search"], source: "change_get_to_post", remedy: Request(request::query_as_form) },
    Handler { service: "dynamodb", operations: &["DescribeEndpoints"], source: "inject_api_version_header_if_needed", remedy: Request(request::api_version) },
    Handler { service: "ec2", operations: &["GetConsoleOutput"], source: "decode_console_output", remedy: Answer(response::console_output) },
    Handler { service: "glacier", operations: &[], source: "add_glacier_version", remedy: Request(request::glacier_version) },
    Handler { service: "glacier", operations: &[], source: "inject_account_id", remedy: Parameters(parameters::glacier_account) },
    Handler { service: "iam", operations: &[], source: "json_decode_policies", remedy: Answer(response::policy_documents) },
    Handler { service: "route53", operations: &[], source: "fix_route53_ids", remedy: Parameters(parameters::route53_ids) },
    Handler { service: "s3", operations: &[], source: "remove_bucket_from_url_paths_from_model", remedy: Request(request::bucket_leaves_path) },
    Handler { service: "s3", operations: &["GetBucketLocation"], source: "parse_get_bucket_location", remedy: Answer(response::bucket_location) },
    Handler { service: "s3", operations: &["GetObject", "HeadObject"], source: "handle_expires_header", remedy: Headers(response::expires_text) },
    Handler { service: "s3", operations: LIST_OBJECTS, source: "set_list_objects_encoding_type_url", remedy: Parameters(parameters::list_encoding) },
    Handler { service: "s3", operations: &["ListObjects"], source: "decode_list_object", remedy: Answer(response::objects) },
    Handler { service: "s3", operations: &["ListObjectsV2"], source: "decode_list_object_v2", remedy: Answer(response::objects_v2) },
    Handler { service: "s3", operations: &["ListObjectVersions"], source: "decode_list_object_versions", remedy: Answer(response::object_versions) },
    Handler { service: "timestream-query", operations: &["DescribeEndpoints"], source: "inject_api_version_header_if_needed", remedy: Request(request::api_version) },
    Handler { service: "timestream-write", operations: &["DescribeEndpoints"], source: "inject_api_version_header_if_needed", remedy: Request(request::api_version) },
];

/// Changes the parameters of a call as boto3 would.
pub(super) fn fix_parameters(function: &Function, parameters: &mut Map<String, Value>) {
    for quirk in of(function) {
        if let Parameters(fix) = quirk.remedy {
            fix(parameters);
        }
    }
}

/// Changes the encoded request of a call as boto3 would.
pub(super) fn fix_request(function: &Function, request: &mut WireRequest) {
    for quirk in of(function) {
        if let Request(fix) = quirk.remedy {
            fix(function, request);
        }
    }
}

/// Changes the decoded answer of a call as boto3 would.
pub(super) fn fix_answer(
    function: &Function,
    members: &mut Map<String, Value>,
    headers: &http::Headers,
    body: &[u8],
) {
    for quirk in of(function) {
        match quirk.remedy {
            Answer(fix) => fix(members, body),
            Headers(fix) => fix(members, headers),
            Parameters(_) | Request(_) => {}
        }
    }
}

/// Whether the decoded answers of a function are changed.
pub(super) fn fixes_answer(function: &Function) -> bool {
    of(function).any(|quirk| matches!(quirk.remedy, Answer(_) | Headers(_)))
}

fn of(function: &Function) -> impl Iterator<Item = &'static Handler> {
    let (service, operation) = (&*function.service().name, &*function.operation().name);
    HANDLERS.iter().filter(move |quirk| {
        quirk.service == service && (quirk.operations.is_empty() || quirk.operations.contains(&operation))
    })
}

#[cfg(test)]
mod tests {
    use super::HANDLERS;
    use crate::model::catalog::Catalog;

    #[test]
    fn every_row_names_operations_that_exist_and_its_source() {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        for quirk in HANDLERS {
            let service = catalog.service(quirk.service).expect("loads").expect(quirk.service);
            for name in quirk.operations {
                assert!(
                    service.operations.iter().any(|operation| *operation.name == **name),
                    "{} {name}",
                    quirk.service
                );
            }
            assert!(!quirk.source.is_empty());
        }
    }
}
