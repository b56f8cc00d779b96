//! Handlers for quirks of a few operations that the models do not describe.
//!
//! boto3 treats them in `botocore/handlers.py`. The handlers that concern read operations are listed in one table
//! here, each with its counterpart in botocore.

mod parameters;
mod request;
mod response;

use aws_smithy_runtime_api::http;
use serde_json::{Map, Value};

pub(super) use response::named_region;

use crate::model::catalog::Function;
use crate::model::protocol::WireRequest;

/// A handler of one quirk.
struct Handler {
    service: &'static str,
    /// The affected operations; an empty list means all of the service.
    operations: &'static [&'static str],
    /// The corresponding handler in `botocore/handlers.py`.
    #[cfg_attr(not(test), expect(dead_code, reason = "documents the source; a test reads it"))]
    source: &'static str,
    remedy: Remedy,
}

/// The change that a handler makes.
enum Remedy {
    /// Changes the parameters before they are encoded.
    Parameters(fn(&mut Map<String, Value>)),
    /// Changes the encoded request.
    Request(fn(&Function, &mut WireRequest)),
    /// Changes the decoded response, with the body at hand.
    Answer(fn(&mut Map<String, Value>, &[u8])),
    /// Changes the decoded response, with the headers at hand.
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
    for handler in of(function) {
        if let Parameters(fix) = handler.remedy {
            fix(parameters);
        }
    }
}

/// Changes the encoded request of a call as boto3 would.
pub(super) fn fix_request(function: &Function, request: &mut WireRequest) {
    for handler in of(function) {
        if let Request(fix) = handler.remedy {
            fix(function, request);
        }
    }
}

/// Changes the decoded response of a call as boto3 would.
pub(super) fn fix_answer(
    function: &Function,
    members: &mut Map<String, Value>,
    headers: &http::Headers,
    body: &[u8],
) {
    for handler in of(function) {
        match handler.remedy {
            Answer(fix) => fix(members, body),
            Headers(fix) => fix(members, headers),
            Parameters(_) | Request(_) => {}
        }
    }
}

/// Returns whether a handler changes the decoded responses of a function.
pub(super) fn fixes_answer(function: &Function) -> bool {
    of(function).any(|handler| matches!(handler.remedy, Answer(_) | Headers(_)))
}

fn of(function: &Function) -> impl Iterator<Item = &'static Handler> {
    let (service, operation) = (&*function.service().name, &*function.operation().name);
    HANDLERS.iter().filter(move |handler| {
        handler.service == service
            && (handler.operations.is_empty() || handler.operations.contains(&operation))
    })
}

#[cfg(test)]
mod tests {
    use super::HANDLERS;
    use crate::model::catalog::Catalog;

    #[test]
    fn every_row_names_operations_that_exist_and_its_source() {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        for handler in HANDLERS {
            let service = catalog.service(handler.service).expect("loads").expect(handler.service);
            for name in handler.operations {
                assert!(
                    service.operations.iter().any(|operation| *operation.name == **name),
                    "{} {name}",
                    handler.service
                );
            }
            assert!(!handler.source.is_empty());
        }
    }
}
