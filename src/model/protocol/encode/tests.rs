//! Tests of encoded requests.

use serde_json::{Value, json};

use super::xml::{Direction, XmlWriter};
use super::{WireRequest, encode_request};
use crate::model::catalog::Service;
use crate::model::catalog::build::service_from_model;
use crate::model::protocol::decode_response;

fn service(protocol: &str) -> Service {
    let model = json!({
        "metadata": {
            "protocol": protocol, "apiVersion": "2016-11-15", "jsonVersion": "1.1",
            "targetPrefix": "Test", "awsQueryCompatible": {}
        },
        "operations": {"ListThings": {
            "name": "ListThings",
            "http": {"method": "GET", "requestUri": "/things/{Owner}?list"},
            "input": {"shape": "Request"},
            "output": {"shape": "Request"}
        }},
        "shapes": {
            "Request": {"type": "structure", "members": {
                "Owner": {"shape": "Text", "location": "uri"},
                "Kind": {"shape": "Text", "location": "querystring", "locationName": "kind"},
                "States": {"shape": "Texts", "location": "querystring", "locationName": "state"},
                "More": {"shape": "Tags", "location": "querystring"},
                "Since": {"shape": "Time", "location": "header", "locationName": "If-Modified-Since"},
                "Labels": {"shape": "Texts", "location": "header", "locationName": "x-labels"},
                "Meta": {"shape": "Tags", "location": "headers", "locationName": "x-meta-"},
                "Filters": {"shape": "Filters", "locationName": "filter"},
                "Flat": {"shape": "Texts", "flattened": true, "locationName": "flat"},
                "Tags": {"shape": "Tags"},
                "Token": {"shape": "Text", "idempotencyToken": true}
            }},
            "Filters": {"type": "list", "member": {"shape": "Filter", "locationName": "item"}},
            "Filter": {"type": "structure", "members": {"Name": {"shape": "Text"}, "On": {"shape": "Flag"}}},
            "Text": {"type": "string"},
            "Flag": {"type": "boolean"},
            "Time": {"type": "timestamp"},
            "Texts": {"type": "list", "member": {"shape": "Text", "locationName": "text"}},
            "Tags": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}}
        }
    });
    service_from_model("test", model).unwrap()
}

fn encode(protocol: &str, parameters: &Value) -> Result<WireRequest, String> {
    let service = service(protocol);
    encode_request(&service, &service.operations[0], parameters.as_object().unwrap())
        .map_err(|error| error.to_string())
}

fn body(protocol: &str, parameters: &Value) -> String {
    String::from_utf8(encode(protocol, parameters).unwrap().body).unwrap()
}

#[test]
fn json_requests_name_their_target() {
    let request = encode("json", &json!({"Owner": "me", "Token": "t"})).unwrap();
    assert_eq!((request.method.as_str(), request.path_and_query.as_str()), ("GET", "/"));
    assert_eq!(request.body, br#"{"Owner":"me","Token":"t"}"#);
    let headers = [
        ("X-Amz-Target", "Test.ListThings"),
        ("Content-Type", "application/x-amz-json-1.1"),
        ("x-amzn-query-mode", "true"),
    ];
    assert_eq!(request.headers, headers.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[test]
fn query_and_ec2_number_their_lists_each_in_its_own_way() {
    let parameters = json!({
        "Filters": [{"Name": "a b", "On": true}], "Flat": ["x", "y"], "Tags": {"k": "v"}, "Token": "t"
    });
    assert_eq!(
        body("query", &parameters),
        "Action=ListThings&Version=2016-11-15&filter.item.1.Name=a%20b&filter.item.1.On=true\
         &text.1=x&text.2=y&Tags.entry.1.key=k&Tags.entry.1.value=v&Token=t"
    );
    assert_eq!(
        body("ec2", &parameters),
        "Action=ListThings&Version=2016-11-15&Filter.1.Name=a%20b&Filter.1.On=true\
         &Flat.1=x&Flat.2=y&Tags.entry.1.key=k&Tags.entry.1.value=v&Token=t"
    );
}

#[test]
fn only_query_writes_empty_lists() {
    let parameters = json!({"Filters": [], "Token": "t"});
    assert!(body("query", &parameters).contains("&filter=&"));
    assert!(!body("ec2", &parameters).contains("ilter"));
}

#[test]
fn rest_requests_deal_their_members_out() {
    let parameters = json!({
        "Owner": "a/b", "Kind": "k", "States": ["on", "off"], "More": {"kind": "ignored", "x": "1"},
        "Since": 0, "Labels": ["a", "b,c"], "Meta": {"one": "1"}, "Tags": {"k": "v"}, "Token": "t"
    });
    let request = encode("rest-json", &parameters).unwrap();
    assert_eq!(request.path_and_query, "/things/a%2Fb?list&kind=k&state=on&state=off&x=1");
    let headers = [
        ("If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ("x-labels", "a,\"b,c\""),
        ("x-meta-one", "1"),
        ("Content-Type", "application/json"),
    ];
    assert_eq!(request.headers, headers.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(request.body, br#"{"Tags":{"k":"v"},"Token":"t"}"#);
}

#[test]
fn an_absent_idempotency_token_is_invented() {
    let body: Value = serde_json::from_str(&body("json", &json!({"Token": null}))).unwrap();
    assert_eq!(body["Token"].as_str().map(str::len), Some(36));
}

#[test]
fn wrong_parameters_are_named() {
    for (parameters, expected) in [
        (json!({"Colour": 1}), "parameter `Colour`: there is no such parameter in the model"),
        (json!({"Filters": {}}), "parameter `Filters`: must be a list, not an object"),
        (json!({"Filters": [{"Name": []}]}), "parameter `Filters[0].Name`: must be a scalar, not a list"),
        (json!({"Since": "soon"}), "parameter `Since`: \"soon\" is not a timestamp"),
    ] {
        assert_eq!(encode("query", &parameters).unwrap_err(), expected);
    }
    assert!(encode("rest-xml", &json!({"Owner": ""})).unwrap_err().contains("`Owner`"));
}

#[test]
fn xml_answer_is_decoded_as_it_was_written() {
    let service = service("ec2");
    let structure = service.output(&service.operations[0]).unwrap();
    let members = json!({
        "Filters": [{"Name": "<a & \"b\">", "On": false}], "Flat": ["x", ""], "Tags": {"k": "v\r\n"}
    });
    let mut writer = XmlWriter::new(&service, Direction::Answer);
    writer.structure("ListThingsResponse", None, structure, members.as_object().unwrap()).unwrap();
    let body = writer.finish();
    assert!(body.contains("<text>x</text>"), "{body}");
    let headers: [(&str, &str); 0] = [];
    let read = decode_response(&service, &service.operations[0], 200, headers.as_slice(), body.as_bytes());
    assert_eq!(Value::Object(read.unwrap()), members);
}
