//! Writes values as JSON texts, as jq writes them.

use jaq_json::Val;

use super::number;

/// Returns the compact JSON of a value.
pub(super) fn json(value: &Val) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

/// Returns the result of `tostring`: a string is unchanged, any other value becomes its JSON.
pub(super) fn string(value: &Val) -> String {
    match value {
        Val::TStr(text) | Val::BStr(text) => String::from_utf8_lossy(text).into_owned(),
        value => json(value),
    }
}

/// Returns the start of a value's JSON for a message, truncated at the length at which jq does.
pub(super) fn shortened(value: &Val, most: usize) -> String {
    let text = json(value);
    if text.len() < most {
        return text;
    }
    // jq truncates at bytes; a character that is cut becomes the replacement character.
    let kept = text.as_bytes().get(..most.saturating_sub(4)).unwrap_or_default();
    format!("{}...", String::from_utf8_lossy(kept))
}

fn write(value: &Val, text: &mut String) {
    match value {
        Val::Null => text.push_str("null"),
        Val::Bool(true) => text.push_str("true"),
        Val::Bool(false) => text.push_str("false"),
        Val::Num(number) => text.push_str(&number::text(number)),
        Val::TStr(string) | Val::BStr(string) => quote(&String::from_utf8_lossy(string), text),
        Val::Arr(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(item, text);
            }
            text.push(']');
        }
        Val::Obj(members) => {
            text.push('{');
            for (index, (name, member)) in members.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(name, text);
                text.push(':');
                write(member, text);
            }
            text.push('}');
        }
    }
}

fn quote(string: &str, text: &mut String) {
    text.push('"');
    for character in string.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\u{8}' => text.push_str("\\b"),
            '\t' => text.push_str("\\t"),
            '\n' => text.push_str("\\n"),
            '\u{c}' => text.push_str("\\f"),
            '\r' => text.push_str("\\r"),
            '\0'..='\u{1f}' | '\u{7f}' => text.extend(["\\u", &format!("{:04x}", u32::from(character))]),
            _ => text.push(character),
        }
    }
    text.push('"');
}
