//! Lists in JSON: the scanner reads documents as AWS writes them, and agrees with the decoder about any other.

use serde_json::Value;

use super::lists::{each_list, start_of};
use super::random::Random;
use crate::model::catalog::Protocol;
use crate::model::protocol::{decode_listing, is_scanned};

/// The number of changed documents for each list.
const ROUNDS: usize = 10;

/// Values that are not of the kind that the model specifies, or need care.
const ODD_VALUES: [&str; 48] = [
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-5",
    "0.5",
    "-0.0",
    "1.50",
    "1e3",
    "1E-7",
    "123456789012345678901234567890",
    "18446744073709551615",
    "1704067200",
    "1704067200.123",
    "1.7040672E9",
    "1704067200.1234567",
    "99999999999999",
    r#""""#,
    r#""text""#,
    r#""5""#,
    r#""TRUE""#,
    r#""NaN""#,
    r#""2026-02-28T00:00:00Z""#,
    r#""2026-02-28T00:00:00.000Z""#,
    r#""2026-02-30T00:00:00Z""#,
    r#""2026\u002d02-28T00:00:00Z""#,
    r#""Zm9v YmFy""#,
    r#""Zm9v\/YmFy""#,
    r#""a\"b\\c\nd\te\bf\fg\r""#,
    r#""a\/b\u003cc\u001f\u000a\u00e9""#,
    r#""\ud83e\udd80""#,
    "\"\u{e9}\u{1f980}\u{7f}\"",
    "[]",
    "{}",
    "[[],[{}]]",
    r#"[null,1,"a"]"#,
    r#"{"a":null,"b":[1,{"c":"d\/"}]}"#,
    r#"{"a":1,"b":2,"a":3}"#,
    r#"{"a\u0062":1}"#,
    r#"{"__type":"x"}"#,
    r#"{"S":"text","Unknown":1}"#,
    r#"{"":1}"#,
    " 1 ",
    "\n\t\"text\"\r\n",
    "[ 1 , 2 ]",
    r#"{ "a" : 1 , "b" : { } }"#,
    r#""2026-02-28T01:00:00+01:00""#,
];

/// What JSON does not allow, although Python accepts some of it.
const INVALID_VALUES: [&str; 20] = [
    "",
    "NaN",
    "-Infinity",
    "1e999",
    "01",
    "1.",
    "+1",
    "tru",
    "nulll",
    "1 2",
    r#""open"#,
    r#""\x""#,
    r#""\ud83e""#,
    "\"line\nbreak\"",
    "[1,]",
    "[1",
    "{\"a\":1,}",
    "{\"a\" 1}",
    "{1:1}",
    "[1}",
];

/// A value of a document that is being changed.
#[derive(Clone)]
enum JsonNode {
    /// The members, each with its name as it is in the document.
    Object(Vec<(String, JsonNode)>),
    Array(Vec<JsonNode>),
    Raw(String),
}

#[test]
fn scanner_reads_lists_as_aws_writes_them() {
    let (mut scanned, mut lists) = (0, 0);
    each_list(is_json, &mut Random(0x11575), |_, service, operation, requested, body| {
        lists += 1;
        scanned += usize::from(is_scanned(service, operation, body.as_bytes(), requested));
    });
    assert!(lists > 2_000, "{lists}");
    // Random answers lack a quarter of their lists.
    assert!(scanned * 10 > lists * 7, "{scanned} of {lists}");
}

#[test]
fn scanner_agrees_with_decoder_about_changed_documents() {
    let (mut documents, mut scanned) = (0, 0);
    let mut wrong = Vec::new();
    each_list(is_json, &mut Random(0xd0c5), |random, service, operation, requested, body| {
        let root = node(&serde_json::from_str(body).expect("JSON"));
        for _ in 0..ROUNDS {
            let mut changed = root.clone();
            for _ in 0..=random.below(3) {
                change(&mut changed, random);
            }
            // AWS's JSON is compact, but white space is allowed.
            let blank = ["", "", "", " ", "\r\n\t"][random.below(5)];
            let mut text = String::new();
            write(&mut text, &changed, blank);
            // The decoder reads an empty body before it looks for a byte order mark.
            if text.is_empty() {
                continue;
            }
            match random.below(80) {
                0 => text.truncate(start_of(&text, random).len()),
                1 => text.push_str(" trailing"),
                2 => text.push('}'),
                3 => text.push_str(" \n"),
                _ => {}
            }
            let read = |document: &str| {
                let headers: &[(String, String)] = &[];
                decode_listing(service, operation, 200, headers, document.as_bytes(), requested).ok()
            };
            documents += 1;
            scanned += usize::from(is_scanned(service, operation, text.as_bytes(), requested));
            // The scanner leaves a document with a byte order mark to the decoder.
            let (found, expected) = (read(&text), read(&format!("\u{feff}{text}")));
            if found != expected {
                wrong.push(format!("{} {}: {text}\n{found:?}\n{expected:?}", service.name, operation.name));
            }
        }
    });
    assert!(wrong.is_empty(), "{} of {documents}:\n{}", wrong.len(), wrong[..wrong.len().min(3)].join("\n"));
    assert!(documents > 40_000 && scanned * 2 > documents, "{scanned} of {documents}");
}

fn is_json(protocol: &Protocol) -> bool {
    matches!(protocol, Protocol::Json { .. } | Protocol::RestJson)
}

/// Makes one change somewhere in a document.
fn change(node: &mut JsonNode, random: &mut Random) {
    let descends = random.below(4) > 0;
    match node {
        JsonNode::Object(members) if descends && !members.is_empty() => {
            let chosen = random.below(members.len());
            change(&mut members[chosen].1, random);
        }
        JsonNode::Array(items) if descends && !items.is_empty() => {
            let chosen = random.below(items.len());
            change(&mut items[chosen], random);
        }
        JsonNode::Object(members) if random.below(8) > 0 => change_members(members, random),
        JsonNode::Array(items) if random.below(8) > 0 => change_items(items, random),
        _ => *node = odd_value(random),
    }
}

fn change_members(members: &mut Vec<(String, JsonNode)>, random: &mut Random) {
    let count = members.len();
    let at = random.below(count + 1);
    match random.below(9) {
        0 if count > 0 => members.insert(at, members[random.below(count)].clone()),
        1 if count > 0 => drop(members.remove(at.min(count - 1))),
        2 => members.reverse(),
        3 => members.insert(at, ("\"Unknown\"".to_owned(), odd_value(random))),
        4 => members.clear(),
        5 if count > 0 => {
            let odd = odd_value(random);
            let name = members[random.below(count)].0.clone();
            members.insert(at, (name, odd));
        }
        6 if count > 0 => {
            // The same name, with its first character escaped.
            let name = &mut members[at.min(count - 1)].0;
            if let Some(first) = name.chars().nth(1).filter(char::is_ascii_alphanumeric) {
                name.replace_range(1..2, &format!("\\u{:04x}", u32::from(first)));
            }
        }
        7 => members.insert(at, ("\"__type\"".to_owned(), JsonNode::Raw("\"type\"".to_owned()))),
        _ => {
            let names = ["\"\"", "\"a\\n\"", "\"a\\/\"", "\"S\"", "\"key\"", "1", "\"open"];
            members.insert(at, (names[random.below(names.len())].to_owned(), odd_value(random)));
        }
    }
}

fn change_items(items: &mut Vec<JsonNode>, random: &mut Random) {
    let count = items.len();
    let at = random.below(count + 1);
    match random.below(6) {
        0 if count > 0 => items.insert(at, items[random.below(count)].clone()),
        1 if count > 0 => drop(items.remove(at.min(count - 1))),
        2 => items.reverse(),
        3 => items.clear(),
        _ => items.insert(at, odd_value(random)),
    }
}

fn odd_value(random: &mut Random) -> JsonNode {
    let raw = match random.below(40) {
        0 => {
            let levels = 50 * random.below(4) + random.below(40);
            format!("{}1{}", r#"{"a":["#.repeat(levels / 2), "]}".repeat(levels / 2))
        }
        1 => {
            let entries: Vec<_> =
                (0..random.below(80)).map(|entry| format!("\"key {entry}\":null")).collect();
            format!("{{{}}}", entries.join(","))
        }
        2 => INVALID_VALUES[random.below(INVALID_VALUES.len())].to_owned(),
        _ => ODD_VALUES[random.below(ODD_VALUES.len())].to_owned(),
    };
    JsonNode::Raw(raw)
}

fn node(value: &Value) -> JsonNode {
    match value {
        Value::Object(members) => JsonNode::Object(
            members.iter().map(|(name, value)| (Value::from(&**name).to_string(), node(value))).collect(),
        ),
        Value::Array(items) => JsonNode::Array(items.iter().map(node).collect()),
        other => JsonNode::Raw(other.to_string()),
    }
}

/// Writes a document, with `blank` between its tokens.
fn write(text: &mut String, node: &JsonNode, blank: &str) {
    text.push_str(blank);
    match node {
        JsonNode::Raw(raw) => text.push_str(raw),
        JsonNode::Object(members) => {
            text.push('{');
            for (place, (name, value)) in members.iter().enumerate() {
                text.extend([if place > 0 { "," } else { "" }, blank, name, blank, ":"]);
                write(text, value, blank);
            }
            text.push('}');
        }
        JsonNode::Array(items) => {
            text.push('[');
            for (place, item) in items.iter().enumerate() {
                text.push_str(if place > 0 { "," } else { "" });
                write(text, item, blank);
            }
            text.push(']');
        }
    }
    text.push_str(blank);
}
