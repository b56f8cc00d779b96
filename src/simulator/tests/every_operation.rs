//! Tests every operation of the catalog: called by the dynamic client, with responses over HTTP.

use futures_util::StreamExt as _;
use futures_util::stream;
use serde_json::{Map, Value};

use super::SimulatorSandbox;
use crate::aws::client::{CallError, CallErrorKind};
use crate::model::catalog::Function;
use crate::model::catalog::example::example;
use crate::names::Region;

/// Services with simulated resources, which return an error for unknown resources.
const WITH_RESOURCES: [&str; 15] = [
    "cloudformation",
    "dynamodb",
    "ecs",
    "eks",
    "elbv2",
    "iam",
    "kms",
    "lambda",
    "organizations",
    "rds",
    "route53",
    "s3",
    "sns",
    "sqs",
    "sso",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_is_asked_and_answered() {
    let sandbox = SimulatorSandbox::demo().await;
    let client = &sandbox.management();
    let functions: Vec<_> = sandbox
        .catalog
        .entries()
        .iter()
        .map(|entry| sandbox.catalog.service(&entry.name).expect("loads").expect("exists"))
        .flat_map(|service| Function::all(&service).collect::<Vec<_>>())
        .collect();
    let called = functions.len();
    let wrong: Vec<_> = stream::iter(functions)
        .map(|function| async move {
            let parameters = smallest_request(&function);
            let error = client.page(&function, &Region::new("us-east-1"), &parameters).await.err()?;
            (!is_expected(&function, &error)).then(|| format!("{function}: {:?} {error}", error.kind))
        })
        .buffer_unordered(64)
        .filter_map(std::future::ready)
        .collect()
        .await;
    assert!(wrong.is_empty(), "{} of {called}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(called > 7000, "{called}");
}

/// Returns whether an error is expected: no resource has the name in the smallest request.
fn is_expected(function: &Function, error: &CallError) -> bool {
    let service = &*function.service().name;
    match error.kind {
        CallErrorKind::Service => {
            WITH_RESOURCES.contains(&service) && error.status.is_some_and(|status| status < 500)
        }
        // Both need an interactive sign-in.
        CallErrorKind::Credentials => matches!(service, "account-access-runtime" | "codecatalyst"),
        // The endpoint is derived from an ARN.
        CallErrorKind::Endpoint => service == "cloudfront-keyvaluestore",
        _ => false,
    }
}

fn smallest_request(function: &Function) -> Map<String, Value> {
    let service = function.service();
    let required = service.required_parameters(function.operation());
    required.map(|member| (member.name.to_string(), example(service, &member.reference, "eHl6"))).collect()
}
