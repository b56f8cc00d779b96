//! The formats: `@csv`, `@base64` and so on.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jaq_json::Val;

use crate::plan::spec::filter::datum::Datum;
use crate::plan::spec::filter::datum::fault::{DatumResult, Error, error, unfit};
use crate::plan::spec::filter::write::{json, string};

/// `format(name)`
pub(super) fn format(value: &Datum, name: &Datum) -> DatumResult {
    let Some(format) = name.as_str() else { return Err(unfit(name, "is not a valid format")) };
    Ok(Datum::text(match format {
        "text" => string(&value.0),
        "json" => json(&value.0),
        "csv" => row(value, "csv", ",", |text| format!("\"{}\"", escaped(text, quoted)))?,
        "tsv" => row(value, "tsv", "\t", |text| escaped(text, tab_separated))?,
        "html" => escaped(&string(&value.0), html),
        "uri" => uri(&string(&value.0)),
        "sh" => shell(value)?,
        "base64" => base64::prelude::BASE64_STANDARD.encode(string(&value.0)),
        "base64d" => decoded(value)?,
        other => return Err(error(format!("{other} is not a valid format"))),
    }))
}

fn row(value: &Datum, name: &str, separator: &str, text: impl Fn(&str) -> String) -> Result<String, Error> {
    let Some(items) = value.as_list() else {
        return Err(unfit(value, &format!("cannot be {name}-formatted, only array")));
    };
    let mut row = String::new();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            row.push_str(separator);
        }
        match item {
            Val::Null => {}
            Val::Bool(_) | Val::Num(_) => row.push_str(&json(item)),
            Val::TStr(_) | Val::BStr(_) => row.push_str(&text(&string(item))),
            Val::Arr(_) | Val::Obj(_) => {
                return Err(unfit(&Datum(item.clone()), "is not valid in a csv row"));
            }
        }
    }
    Ok(row)
}

/// Returns the text with some characters replaced, and always NUL.
fn escaped(text: &str, replacement: fn(char) -> Option<&'static str>) -> String {
    let mut whole = String::with_capacity(text.len());
    for letter in text.chars() {
        match replacement(letter) {
            Some(replacement) => whole.push_str(replacement),
            None if letter == '\0' => whole.push_str("\\0"),
            None => whole.push(letter),
        }
    }
    whole
}

fn quoted(letter: char) -> Option<&'static str> {
    (letter == '"').then_some("\"\"")
}

fn apostrophe(letter: char) -> Option<&'static str> {
    (letter == '\'').then_some("'\\''")
}

fn tab_separated(letter: char) -> Option<&'static str> {
    Some(match letter {
        '\t' => "\\t",
        '\n' => "\\n",
        '\r' => "\\r",
        '\\' => "\\\\",
        _ => return None,
    })
}

fn html(letter: char) -> Option<&'static str> {
    Some(match letter {
        '<' => "&lt;",
        '>' => "&gt;",
        '&' => "&amp;",
        '\'' => "&apos;",
        '"' => "&quot;",
        _ => return None,
    })
}

fn uri(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~!*'()".contains(&byte) {
            whole.push(char::from(byte));
        } else {
            let hexadecimal =
                |digit: u8| char::from_digit(digit.into(), 16).unwrap_or('0').to_ascii_uppercase();
            whole.extend(['%', hexadecimal(byte >> 4), hexadecimal(byte & 15)]);
        }
    }
    whole
}

fn shell(value: &Datum) -> Result<String, Error> {
    let items = value.as_list().unwrap_or(std::slice::from_ref(&value.0));
    let mut words = Vec::with_capacity(items.len());
    for item in items {
        words.push(match item {
            Val::TStr(_) | Val::BStr(_) => format!("'{}'", escaped(&string(item), apostrophe)),
            Val::Arr(_) | Val::Obj(_) => {
                return Err(unfit(&Datum(item.clone()), "can not be escaped for shell"));
            }
            other => json(other),
        });
    }
    Ok(words.join(" "))
}

/// Decodes base64 up to its padding, which may be missing.
fn decoded(value: &Datum) -> Result<String, Error> {
    let engine = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    );
    let text = string(&value.0);
    let data = text.split('=').next().unwrap_or_default();
    if !data.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')) {
        return Err(unfit(&Datum::text(text), "is not valid base64 data"));
    }
    match engine.decode(data) {
        Ok(bytes) => Ok(lossy(&bytes)),
        Err(_) => Err(unfit(&Datum::text(text), "trailing base64 byte found")),
    }
}

/// Decodes bytes as UTF-8 with replacement characters, as `jvp_utf8_next` (jq's `jv_unicode.c`) does: an
/// incomplete character at the end becomes a single replacement character, with all remaining bytes.
fn lossy(mut bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    while let Some(first) = bytes.first() {
        let length = match first {
            0..=0x7f => 1,
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => 0,
        };
        let (character, taken) = if length == 0 {
            (None, 1)
        } else if length > bytes.len() {
            (None, bytes.len())
        } else {
            let continued = bytes[1..length].iter().take_while(|byte| (0x80..=0xbf).contains(*byte)).count();
            let whole = std::str::from_utf8(&bytes[..length]).ok().and_then(|whole| whole.chars().next());
            (whole, continued + 1)
        };
        text.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
        bytes = &bytes[taken..];
    }
    text
}
