//! Tests of the scanner; `simulator/wire/tests/json_lists.rs` compares it with the decoder for all lists of the
//! catalog.

use serde_json::json;

use crate::model::catalog::Service;
use crate::model::catalog::build::service_from_model;
use crate::model::protocol::{ListingOf, decode_listing, is_scanned};

fn service() -> Service {
    let model = json!({
        "metadata": {"protocol": "json", "jsonVersion": "1.1", "targetPrefix": "Test"},
        "operations": {"List": {"name": "List", "output": {"shape": "Answer"}}},
        "shapes": {
            "Answer": {"type": "structure", "members": {
                "Items": {"shape": "Items"}, "Total": {"shape": "Number"}
            }},
            "Items": {"type": "list", "member": {"shape": "Item"}},
            "Item": {"type": "structure", "members": {
                "Name": {"shape": "Text"}, "Size": {"shape": "Number"}, "Share": {"shape": "Share"},
                "Made": {"shape": "Moment"}, "Tags": {"shape": "Tags"}, "Parts": {"shape": "Items"},
                "Kind": {"shape": "Kind"}, "Data": {"shape": "Data"}
            }},
            "Text": {"type": "string"},
            "Number": {"type": "integer"},
            "Share": {"type": "double"},
            "Moment": {"type": "timestamp"},
            "Data": {"type": "blob"},
            "Tags": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}},
            "Kind": {"type": "structure", "union": true, "members": {"Known": {"shape": "Text"}}}
        }
    });
    service_from_model("test", model).unwrap()
}

fn requested() -> ListingOf {
    ListingOf { member: "Items".to_owned(), depth: 0 }
}

/// Returns the items of a list that the scanner has read, without white space.
#[track_caller]
fn scanned(items: &str) -> String {
    let service = service();
    let body = format!(r#"{{"Items":[{items}],"Total":1}}"#);
    assert!(is_scanned(&service, &service.operations[0], body.as_bytes(), &requested()), "{items}");
    read(&body)
}

/// Returns the items of a list, without white space.
#[track_caller]
fn read(body: &str) -> String {
    let service = service();
    let headers: &[(&str, &str)] = &[];
    let (_, listing) =
        decode_listing(&service, &service.operations[0], 200, headers, body.as_bytes(), &requested())
            .unwrap();
    let text = String::from_utf8(listing.expect("a list").text).unwrap();
    text.trim_start_matches(',').replace([' ', '\n'], "")
}

#[test]
fn members_are_written_in_the_order_of_the_model() {
    assert_eq!(scanned(r#"{"Size":1,"New":[{"a":1}],"Name":"a"}"#), r#"{"Name":"a","Size":1}"#);
}

#[test]
fn scalars_are_written_as_in_files() {
    assert_eq!(
        scanned(r#"{"Name":"a\/\u0041\n","Share":0.5,"Made":1704067200.5,"Data":"Zm9v"}"#),
        r#"{"Name":"a/A\n","Share":0.5,"Made":"2024-01-01T00:00:00.500000+00:00","Data":"Zm9v"}"#
    );
}

#[test]
fn nested_lists_and_maps_are_written() {
    let item = r#"{"Tags":{"a":"1","b":null},"Parts":[{},{"Parts":[]}]}"#;
    assert_eq!(scanned(item), item);
}

#[test]
fn null_members_are_absent_and_null_items_are_kept() {
    assert_eq!(scanned(r#"{"Name":null,"Size":2},null"#), r#"{"Size":2},null"#);
}

#[test]
fn values_of_other_kinds_go_through_decoder() {
    let item = r#"{"Name":[1],"Size":"5","Tags":7,"Parts":{"a":1}}"#;
    assert_eq!(scanned(item), item);
    assert_eq!(scanned(r#"{"Kind":{"Newer":1}}"#), r#"{"Kind":{"SDK_UNKNOWN_MEMBER":{"name":"Newer"}}}"#);
    assert_eq!(scanned(r#"{"Tags":{"a":"1","\u0061":"2"}}"#), r#"{"Tags":{"a":"2"}}"#);
}

#[test]
fn last_of_repeated_members_and_lists_counts() {
    assert_eq!(scanned(r#"{"Size":1,"Size":2,"Size":null}"#), r#"{"Size":2}"#);
    assert_eq!(read(r#"{"Items":[{"Size":1}],"Items":[{"Size":2}],"Items":null}"#), r#"{"Size":2}"#);
}

#[test]
fn unusual_documents_are_left_to_the_decoder() {
    let service = service();
    for body in [
        "null",
        "[]",
        r#"{"Total":1}"#,
        r#"{"Items":null}"#,
        r#"{"\u0049tems":[]}"#,
        r#"{"Items":[{"\u004eame":"a"}]}"#,
        r#"{"Items":[{"Share":NaN}]}"#,
        r#"{"Items":[{"Name":"\ud83d"}]}"#,
        r#"{"Items":[{"Name":"a}]}"#,
        r#"{"Items":[{"Name":"a"},]}"#,
        r#"{"Items":[{"New":01}]}"#,
        "{\"Items\":[{\"Name\":\"a\nb\"}]}",
        "\u{feff}{\"Items\":[]}",
    ] {
        assert!(!is_scanned(&service, &service.operations[0], body.as_bytes(), &requested()), "{body}");
    }
}
