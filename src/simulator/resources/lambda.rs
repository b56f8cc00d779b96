//! Lambda: functions.

use serde_json::{Value, json};

use super::tagged_resources::TaggedResources;
use super::{AccountRegion, SimulatedCall, secrets};
use crate::simulator::error_response::SimulatedError;
use crate::simulator::response::{SimulatedResponse, SimulatedResult};

const RUNTIMES: [(&str, &str); 5] = [
    ("python3.13", "app.handler"),
    ("nodejs22.x", "index.handler"),
    ("provided.al2023", "bootstrap"),
    ("java21", "com.example.Handler::handleRequest"),
    ("python3.9", "main.lambda_handler"),
];

pub(super) fn answer<'call>(call: &SimulatedCall<'call>) -> Option<SimulatedResult<'call>> {
    let place = call.place;
    Some(match &*call.operation.name {
        "ListFunctions" => {
            Ok(SimulatedResponse::list("Functions", place.amounts().functions, move |number| {
                configuration(place, number)
            }))
        }
        "GetFunctionConfiguration" => {
            find(call).map(|number| SimulatedResponse::members(configuration(place, number)))
        }
        "GetFunction" => find(call).map(|number| {
            SimulatedResponse::members(json!({
                "Configuration": configuration(place, number),
                "Code": {"RepositoryType": "S3", "Location": code_location()},
                "Tags": place.tag_map(&place.name(number))
            }))
        }),
        "ListTags" => Ok(SimulatedResponse::members(json!({"Tags": place.tag_map("function")}))),
        "GetPolicy" => Err(SimulatedError::new(
            404,
            "ResourceNotFoundException",
            "The resource you requested does not exist.",
        )),
        _ => return None,
    })
}

/// Returns the functions with their tags.
pub(super) fn tagged(place: AccountRegion<'_>) -> TaggedResources<'_> {
    TaggedResources::new("lambda:function", place.amounts().functions, move |number| {
        let name = place.name(number);
        (place.arn("lambda", &format!("function:{name}")), place.tags(&name))
    })
}

fn code_location() -> String {
    format!("https://example.com/code-is-not-simulated?X-Amz-Signature={}", secrets::SIGNATURE)
}

fn find(call: &SimulatedCall<'_>) -> Result<usize, SimulatedError> {
    let wanted = call.text("FunctionName").unwrap_or_default();
    let name = wanted.rsplit(':').next().unwrap_or_default();
    let place = call.place;
    (0..place.amounts().functions).find(|number| place.name(*number) == name).ok_or_else(|| {
        let message = format!("Function not found: {}", place.arn("lambda", &format!("function:{name}")));
        SimulatedError::new(404, "ResourceNotFoundException", message)
    })
}

fn configuration(place: AccountRegion<'_>, number: usize) -> Value {
    let name = place.name(number);
    let seed = place.seed("function", number);
    let (runtime, handler) = *seed.pick(&RUNTIMES);
    json!({
        "FunctionName": name,
        "FunctionArn": place.arn("lambda", &format!("function:{name}")),
        "Runtime": runtime,
        "Role": place.global_arn("iam", &format!("role/{}", super::iam::role_name(place.account, number))),
        "Handler": handler,
        "CodeSize": 40_000 + seed.below(5_000_000),
        "Description": "",
        "Timeout": 30,
        "MemorySize": 128 << seed.below(4),
        // Lambda returns times with milliseconds and a time zone without a colon.
        "LastModified": seed.moment().replace("+00:00", ".000+0000"),
        "CodeSha256": format!("{}=", seed.base36(43)),
        "Version": "$LATEST",
        "Environment": {"Variables": {
            "STAGE": place.stage(), "LOG_LEVEL": "info", "DATABASE_PASSWORD": secrets::VARIABLE
        }},
        "TracingConfig": {"Mode": "PassThrough"},
        "RevisionId": seed.uuid(),
        "PackageType": "Zip",
        "Architectures": [if seed.below(2) == 0 { "arm64" } else { "x86_64" }],
        "EphemeralStorage": {"Size": 512},
        "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"},
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": format!("/aws/lambda/{name}")}
    })
}
