//! Tests of decoding, especially of unusual responses.

use serde_json::{Map, Value, json};

use super::decode_response;
use crate::model::catalog::Service;
use crate::model::catalog::build::service_from_model;

const NO_HEADERS: &[(&str, &str)] = &[];

fn service(protocol: &str) -> Service {
    let model = json!({
        "metadata": {"protocol": protocol, "jsonVersion": "1.1", "targetPrefix": "Test"},
        "operations": {"Get": {"name": "Get", "output": {"shape": "Answer"}}},
        "shapes": {
            "Answer": {"type": "structure", "members": {
                "Name": {"shape": "Text", "locationName": "name"},
                "Count": {"shape": "Count", "locationName": "count"},
                "Items": {"shape": "Texts", "locationName": "items"},
                "Flat": {"shape": "Texts", "flattened": true, "locationName": "flat"},
                "Tags": {"shape": "Tags", "locationName": "tags"},
                "Choice": {"shape": "Choice", "locationName": "choice"},
                "Nested": {"shape": "Answer", "locationName": "nested"},
                "Free": {"shape": "Free", "locationName": "free"},
            }},
            "Text": {"type": "string"},
            "Count": {"type": "integer"},
            "Texts": {"type": "list", "member": {"shape": "Text"}},
            "Tags": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}},
            "Choice": {"type": "structure", "union": true, "members": {"Known": {"shape": "Text"}}},
            "Free": {"type": "structure", "document": true, "members": {}},
        }
    });
    service_from_model("test", model).unwrap()
}

#[track_caller]
fn decode(protocol: &str, body: &str) -> Map<String, Value> {
    try_decode(protocol, body).unwrap()
}

fn try_decode(protocol: &str, body: &str) -> Result<Map<String, Value>, String> {
    let service = service(protocol);
    decode_response(&service, &service.operations[0], 200, NO_HEADERS, body.as_bytes())
        .map_err(|error| error.to_string())
}

#[track_caller]
fn assert_decodes(protocol: &str, body: &str, expected: &Value) {
    assert_eq!(Value::Object(decode(protocol, body)), *expected, "{protocol}: {body}");
}

#[test]
fn members_stand_in_the_order_of_the_model() {
    for (protocol, body) in [
        ("json", r#"{"count": 1, "unknown": {"a": [1]}, "name": "n"}"#),
        ("ec2", "<R><count>1</count><unknown><a>1</a></unknown><name>n</name></R>"),
    ] {
        let members = decode(protocol, body);
        assert_eq!(serde_json::to_string(&members).unwrap(), r#"{"Name":"n","Count":1}"#, "{protocol}");
    }
}

#[test]
fn json_scalars_of_another_type_are_handed_through() {
    let odd = r#"{"name": 7, "count": "5", "items": ["a", 1, null], "tags": {"k": null}}"#;
    let expected = json!({"Name": 7, "Count": "5", "Items": ["a", 1, null], "Tags": {"k": null}});
    assert_decodes("json", odd, &expected);
}

#[test]
fn values_of_another_kind_are_handed_through() {
    let odd = r#"{"name": {"a": 1}, "items": "x", "nested": [1], "free": {"b": [null, 2.5]}}"#;
    let expected = json!({"Name": {"a": 1}, "Items": "x", "Nested": [1], "Free": {"b": [null, 2.5]}});
    assert_decodes("json", odd, &expected);
}

#[test]
fn json_nulls_are_absent_members() {
    assert_decodes("json", r#"{"name": null, "nested": {"count": null}}"#, &json!({"Nested": {}}));
    assert_decodes("json", "null", &json!({}));
    assert_decodes("json", "", &json!({}));
}

#[test]
fn half_a_character_does_not_lose_the_page() {
    assert_decodes(
        "json",
        r#"{"name": "cut \ud83d", "count": 1}"#,
        &json!({"Name": "cut \u{fffd}", "Count": 1}),
    );
}

#[test]
fn a_union_names_the_member_that_is_younger_than_the_model() {
    let expected = json!({"Choice": {"SDK_UNKNOWN_MEMBER": {"name": "Newer"}}});
    assert_decodes("json", r#"{"choice": {"__type": "x", "Known": null, "Newer": {"a": 1}}}"#, &expected);
    assert_decodes("ec2", "<R><choice><Newer><a>1</a></Newer></choice></R>", &expected);
    assert_decodes("json", r#"{"choice": {"Known": "k", "Newer": 1}}"#, &json!({"Choice": {"Known": "k"}}));
}

#[test]
fn xml_lists_and_maps_come_with_and_without_a_wrapper() {
    let body = "<R><flat>1</flat><items><member>a</member><other>b</other></items><flat>2</flat>\
                <tags><entry><key>k</key><value>v</value></entry></tags></R>";
    assert_decodes("ec2", body, &json!({"Items": ["a", "b"], "Flat": ["1", "2"], "Tags": {"k": "v"}}));
    assert_decodes("ec2", "<R><items/><name/></R>", &json!({"Name": "", "Items": []}));
}

#[test]
fn xml_text_is_unescaped_and_otherwise_left_alone() {
    let body = "<p:R xmlns:p='u'><p:name> a &lt;&#65;<!-- c --><![CDATA[&b]]>\r\nc </p:name></p:R>";
    assert_decodes("ec2", body, &json!({"Name": " a <A&b\nc "}));
}

#[test]
fn an_odd_xml_integer_stays_a_text() {
    assert_decodes("ec2", "<R><count>many</count></R>", &json!({"Count": "many"}));
}

#[test]
fn repeated_xml_element_keeps_first() {
    assert_decodes("ec2", "<R><name>a</name><name>b</name></R>", &json!({"Name": "a"}));
}

#[test]
fn a_web_page_is_no_answer() {
    for protocol in ["ec2", "rest-xml", "json", "rest-json"] {
        let error = try_decode(protocol, "<html><body>Please log in</body></html>").unwrap_err();
        assert!(error.contains("test:Get") && error.contains("39 bytes"), "{error}");
        assert!(!error.contains("Please log in"), "{error}");
    }
}

#[test]
fn an_answer_that_was_cut_short_is_no_answer() {
    for (protocol, body) in [
        ("ec2", ""),
        ("ec2", "<R><name>a</name>"),
        ("ec2", "<R><name>a</R>"),
        ("ec2", "<R><name>a&unknown;</name></R>"),
        ("rest-xml", "<R><na"),
        ("json", r#"{"name": "a""#),
        ("rest-json", r#"{"name": "a"} trailing"#),
        ("rest-json", "[]"),
    ] {
        assert!(try_decode(protocol, body).is_err(), "{protocol}: {body}");
    }
}

#[test]
fn bodies_that_nest_without_end_are_refused() {
    let xml = format!("<R>{}{}</R>", "<nested>".repeat(100_000), "</nested>".repeat(100_000));
    let json = format!("{}{}", r#"{"nested":"#.repeat(100_000), "}".repeat(100_000));
    for (protocol, body) in [("ec2", xml), ("json", json)] {
        assert!(try_decode(protocol, &body).is_err(), "{protocol}");
    }
}

#[test]
fn json_is_read_as_deep_as_boto3_reads_it() {
    for levels in [127, 128, 129, 500, 990] {
        let free = format!(r#"{{"free": {}1{}}}"#, r#"{"a":["#.repeat(levels / 2), "]}".repeat(levels / 2));
        let decoded = try_decode("json", &free);
        assert!(decoded.is_ok(), "{levels}: {decoded:?}");
    }
}

#[test]
fn bodies_that_nest_as_deep_as_is_reasonable_are_read() {
    let xml = format!("<R>{}{}</R>", "<nested>".repeat(100), "</nested>".repeat(100));
    let json = format!("{}{{}}{}", r#"{"nested":"#.repeat(100), "}".repeat(100));
    for (protocol, body) in [("ec2", xml), ("json", json)] {
        assert!(try_decode(protocol, &body).is_ok(), "{protocol}");
    }
}
