//! Compares decoded answers with those of botocore.

use aws_auto_inventory::model::catalog::Service;
use aws_auto_inventory::model::protocol::{decode_error, decode_response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::compare::same_members;

/// Runs one case.
pub(super) fn check(service: &Service, case: &Value) -> Result<(), String> {
    let response = &case["response"];
    let status = u16::try_from(response["status_code"].as_u64().unwrap_or(200)).unwrap();
    let no_headers = Map::new();
    let headers: Vec<(&str, &str)> = response["headers"]
        .as_object()
        .unwrap_or(&no_headers)
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
        .collect();
    let default = if service.protocol.name() == "query" { "<xml/>" } else { "" };
    let body = response["body"].as_str().unwrap_or(default);
    let body = &if service.protocol.name() == "smithy-rpc-v2-cbor" {
        STANDARD.decode(body).unwrap()
    } else {
        body.as_bytes().to_vec()
    };

    if case["error"].is_object() {
        // The members that a model gives to its errors are not a part of this program's errors.
        let error = decode_error(service, status, headers.as_slice(), body);
        let expected = (text(&case["errorCode"]), text(&case["errorMessage"]));
        return if (error.code.as_str(), error.message.as_str()) == expected {
            Ok(())
        } else {
            Err(format!("the error is {error:?} instead of {expected:?}"))
        };
    }
    let operation = &service.operations[0];
    let decoded = decode_response(service, operation, status, headers.as_slice(), body)
        .map_err(|error| error.to_string())?;
    let expected = case["result"].as_object().unwrap();
    same_members(service, service.output(operation), expected, &decoded)
        .map_err(|problem| format!("{problem}\nexpected {}\ndecoded  {}", case["result"], json!(decoded)))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
