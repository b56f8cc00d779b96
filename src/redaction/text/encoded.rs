//! Bytes that are written in base64, as scripts of instances are: what is in them is looked at as a text.

use std::io::Read as _;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use flate2::read::MultiGzDecoder;

use super::scan::{Span, skip, skip_back};
use super::{Cleaned, clean_at};
use crate::redaction::REDACTED;

/// Shorter runs are words.
const SHORTEST: usize = 16;
/// As much is unpacked of what is compressed.
const UNPACKED: u64 = 1 << 20;

/// With or without signs at the end that fill the last group.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Cleans a text that is all base64. `None` when it is none; `Some(None)` when it has no secret.
#[expect(clippy::option_option, reason = "the outer one says whether the text has this form")]
pub(super) fn clean(text: &str, depth: usize) -> Option<Option<Cleaned>> {
    let trimmed = text.trim();
    if trimmed.len() < SHORTEST || !trimmed.bytes().all(|byte| is_sign(byte) || matches!(byte, b'\n' | b'\r'))
    {
        return None;
    }
    let joined: String;
    let one = if trimmed.contains(['\n', '\r']) {
        joined = trimmed.chars().filter(|sign| !sign.is_ascii_whitespace()).collect();
        joined.as_str()
    } else {
        trimmed
    };
    let bytes = BASE64.decode(one).ok()?;
    match content(&bytes)? {
        Content::Plain(inner) => {
            let cleaned = clean_at(inner, "", depth + 1);
            // A word may be base64 by accident, and have a form of its own.
            cleaned.as_ref()?;
            Some(cleaned.map(|cleaned| Cleaned { text: BASE64.encode(cleaned.text), ..cleaned }))
        }
        Content::Packed(inner) => {
            let cleaned = clean_at(&inner, "", depth + 1);
            Some(cleaned.map(|cleaned| Cleaned { text: REDACTED.to_owned(), ..cleaned }))
        }
    }
}

/// Finds base64 within a text around `place` that has a secret in it.
pub(super) fn find(text: &str, place: usize, depth: usize, spans: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    let (start, end) = (skip_back(bytes, place, is_sign), skip(bytes, place, is_sign));
    if end - start < SHORTEST || spans.last().is_some_and(|span| span.start == start) {
        return;
    }
    // What stands before an equals sign is a name.
    let start = text[start..end].trim_end_matches('=').rfind('=').map_or(start, |equals| start + equals + 1);
    let Ok(decoded) = BASE64.decode(&text[start..end]) else { return };
    let cleaned = match content(&decoded) {
        Some(Content::Plain(inner)) => clean_at(inner, "", depth + 1),
        Some(Content::Packed(inner)) => clean_at(&inner, "", depth + 1),
        None => None,
    };
    if let Some((kind, _)) = cleaned.and_then(|cleaned| cleaned.kinds.into_iter().next()) {
        spans.push(Span { start, end, kind });
    }
}

/// Whether what stands around `place` is base64 that is a text or compressed, as far as its beginning tells.
pub(super) fn is_text_at(text: &[u8], place: usize) -> bool {
    /// So many signs are looked at.
    const BEGINNING: usize = 1024;
    let (start, end) = (skip_back(text, place, is_sign), skip(text, place, is_sign));
    if end - start < SHORTEST {
        return false;
    }
    let run = &text[start..end];
    let name = run
        .iter()
        .rposition(|byte| *byte != b'=')
        .and_then(|last| run[..last].iter().rposition(|byte| *byte == b'='));
    let run = &run[name.map_or(0, |equals| equals + 1)..];
    let Ok(bytes) = BASE64.decode(if run.len() > BEGINNING { &run[..BEGINNING] } else { run }) else {
        return false;
    };
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return bytes.starts_with(&GZIP),
    };
    !text.bytes().any(is_control) || bytes.starts_with(&GZIP)
}

/// How what gzip has compressed begins (RFC 1952).
const GZIP: [u8; 2] = [0x1f, 0x8b];

fn is_control(byte: u8) -> bool {
    byte.is_ascii_control() && !matches!(byte, b'\n' | b'\r' | b'\t' | 0x1b)
}

/// What bytes are, if they are a text.
enum Content<'bytes> {
    Plain(&'bytes str),
    /// Compressed: it cannot be written as it was.
    Packed(String),
}

fn content(bytes: &[u8]) -> Option<Content<'_>> {
    if bytes.starts_with(&GZIP) {
        let mut unpacked = Vec::new();
        MultiGzDecoder::new(bytes).take(UNPACKED).read_to_end(&mut unpacked).ok()?;
        return String::from_utf8(unpacked).ok().map(Content::Packed);
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let is_text = !text.bytes().any(is_control);
    is_text.then_some(Content::Plain(text))
}

fn is_sign(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}
