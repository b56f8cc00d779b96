//! Compares encoded requests with those of botocore.

use aws_auto_inventory::model::catalog::{Location, Service, ShapeKind};
use aws_auto_inventory::model::protocol::{WireRequest, encode_request};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::compare::{blobs_to_base64, same_cbor, same_json, same_xml};

/// Runs one case.
pub(super) fn check(service: &Service, case: &Value) -> Result<(), String> {
    let operation = &service.operations[0];
    let mut parameters = case["params"].as_object().cloned().unwrap_or_default();
    if let Some(input) = service.input(operation) {
        blobs_to_base64(service, input, &mut parameters);
    }
    let request = encode_request(service, operation, &parameters).map_err(|error| error.to_string())?;
    let expected = &case["serialized"];
    check_body(service, &request, expected)
        .and_then(|()| check_headers(service, &request, expected))
        .and_then(|()| check_line(&request, expected))
        .map_err(|problem| format!("{problem}\nparameters {}\nrequest    {request:?}", case["params"]))
}

fn check_line(request: &WireRequest, expected: &Value) -> Result<(), String> {
    let uri = expected["uri"].as_str().unwrap_or_default();
    if request.path_and_query != uri {
        return Err(format!("the uri is {} instead of {uri}", request.path_and_query));
    }
    match expected["method"].as_str() {
        Some(method) if request.method != method => Err(format!("the method is not {method}")),
        _ => Ok(()),
    }
}

fn check_body(service: &Service, request: &WireRequest, expected: &Value) -> Result<(), String> {
    let Some(expected) = expected["body"].as_str() else {
        return Ok(());
    };
    if service.protocol.name() == "smithy-rpc-v2-cbor" {
        return same_cbor(&request.body, &STANDARD.decode(expected).unwrap());
    }
    let actual = String::from_utf8(request.body.clone()).map_err(|cause| cause.to_string())?;
    let same = match service.protocol.name() {
        "json" | "rest-json" => same_json(&actual, expected),
        "rest-xml" => same_xml(&actual, expected),
        _ => actual == expected,
    };
    if same { Ok(()) } else { Err(format!("the body is {actual} instead of {expected}")) }
}

fn check_headers(service: &Service, request: &WireRequest, expected: &Value) -> Result<(), String> {
    let actual = |name: &str| {
        request
            .headers
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    };
    let no_headers = Map::new();
    for (name, value) in expected["headers"].as_object().unwrap_or(&no_headers) {
        let mut value = value.as_str().unwrap().to_owned();
        if name.eq_ignore_ascii_case("content-type") {
            match service.protocol.name() {
                "query" | "ec2" if !value.contains("charset=utf-8") => value.push_str("; charset=utf-8"),
                // botocore sends no type with XML and with bytes.
                "rest-xml" => continue,
                "rest-json" if value != "application/json" => continue,
                _ => {}
            }
        }
        if is_list(service, name) {
            value = value.replace(", ", ",");
        }
        let found = actual(name)
            .map(|found| if is_list(service, name) { found.replace(", ", ",") } else { found.to_owned() });
        if found.as_ref() != Some(&value) {
            return Err(format!("the header {name} is {found:?} instead of {value}"));
        }
    }
    for name in expected["forbidHeaders"].as_array().into_iter().flatten() {
        if actual(name.as_str().unwrap()).is_some() {
            return Err(format!("there is a header {name}"));
        }
    }
    Ok(())
}

fn is_list(service: &Service, header: &str) -> bool {
    let input = service.input(&service.operations[0]);
    input.into_iter().flat_map(|input| &input.members).any(|member| {
        member.location == Location::Header
            && member.location_name() == header
            && matches!(service.kind(member.reference.shape), ShapeKind::List(_))
    })
}
