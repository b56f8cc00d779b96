//! Base64-encoded bytes, such as the user data of instances: their content is searched as a text.

use std::cell::Cell;
use std::io::Read as _;
use std::ops::Range;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use flate2::read::MultiGzDecoder;

use super::scan::{Span, skip, skip_back};
use super::{RedactedText, clean_at};
use crate::plan::redaction::REDACTED;

/// The minimum length; shorter runs are words.
const SHORTEST: usize = 16;
/// The maximum number of bytes that are decompressed.
const UNPACKED: u64 = 1 << 20;

/// An alphabet of base64 (RFC 4648), with or without padding.
struct Base64 {
    engine: GeneralPurpose,
    /// The two characters that are not letters or digits.
    signs: [u8; 2],
}

const STANDARD: Base64 = Base64::of(&alphabet::STANDARD, *b"+/");
/// The alphabet of URLs and tokens.
const URL_SAFE: Base64 = Base64::of(&alphabet::URL_SAFE, *b"-_");

impl Base64 {
    const fn of(alphabet: &alphabet::Alphabet, signs: [u8; 2]) -> Self {
        let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
        Self { engine: GeneralPurpose::new(alphabet, config), signs }
    }

    fn is_sign(&self, byte: u8) -> bool {
        byte.is_ascii_alphanumeric() || byte == b'=' || self.signs.contains(&byte)
    }

    fn run(&self, text: &[u8], place: usize) -> EncodedRun {
        let start = skip_back(text, place, |byte| self.is_sign(byte));
        let end = skip(text, place, |byte| self.is_sign(byte));
        let content = || {
            let run = text.get(start..end).filter(|run| run.len() >= SHORTEST)?;
            // The text before an equals sign is a name.
            let last = run.iter().rposition(|byte| *byte != b'=')?;
            let name = run[..last].iter().rposition(|byte| *byte == b'=').map_or(0, |equals| equals + 1);
            Some((start + name, end))
        };
        EncodedRun { start, end, content: content() }
    }
}

/// Characters of an alphabet around a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct EncodedRun {
    start: usize,
    end: usize,
    /// The part that may be base64; `None` if it is too short or only has characters that are in every alphabet.
    content: Option<(usize, usize)>,
}

/// The last run in each alphabet: a long one has many triggers.
#[derive(Debug, Default)]
pub(super) struct EncodedMemory {
    standard: Cell<Option<EncodedRun>>,
    url_safe: Cell<Option<EncodedRun>>,
}

impl EncodedMemory {
    /// Returns the contents of the runs around a place, for each alphabet in which the run is longer than in the
    /// one before. Runs that contain the last place as well are not returned again.
    fn new_runs(&self, text: &[u8], place: usize) -> impl Iterator<Item = (&'static Base64, Range<usize>)> {
        let run = |base64: &Base64, last: &Cell<Option<EncodedRun>>| {
            let known = last.get().filter(|run| (run.start..run.end).contains(&place));
            let run = known.unwrap_or_else(|| base64.run(text, place));
            last.set(Some(run));
            (run.content, known.is_none())
        };
        let (standard, is_new) = run(&STANDARD, &self.standard);
        let (other, is_other_new) = run(&URL_SAFE, &self.url_safe);
        let found = [(&STANDARD, standard, is_new), (&URL_SAFE, other, is_other_new && other != standard)];
        let new = found.into_iter().filter(|(_, _, is_new)| *is_new);
        new.filter_map(|(base64, run, _)| run.map(|(start, end)| (base64, start..end)))
    }
}

/// Cleans a text that is entirely base64. `None` if it is not; `Some(None)` if it has no secret.
#[expect(clippy::option_option, reason = "the outer option is whether the text has this form")]
pub(super) fn clean(text: &str, depth: usize) -> Option<Option<RedactedText>> {
    let trimmed = text.trim();
    let is_all =
        |base64: &&Base64| trimmed.bytes().all(|byte| base64.is_sign(byte) || matches!(byte, b'\n' | b'\r'));
    let Base64 { engine, .. } =
        [&STANDARD, &URL_SAFE].into_iter().find(is_all).filter(|_| trimmed.len() >= SHORTEST)?;
    let joined: String;
    let one = if trimmed.contains(['\n', '\r']) {
        joined = trimmed.chars().filter(|sign| !sign.is_ascii_whitespace()).collect();
        joined.as_str()
    } else {
        trimmed
    };
    let bytes = engine.decode(one).ok()?;
    match content(&bytes)? {
        Content::Plain(inner) => {
            let cleaned = clean_at(inner, "", depth + 1);
            // A word may be valid base64 by accident, and be a token of a known form.
            cleaned.as_ref()?;
            Some(cleaned.map(|cleaned| RedactedText { text: engine.encode(cleaned.text), ..cleaned }))
        }
        Content::Packed(inner) => {
            let cleaned = clean_at(&inner, "", depth + 1);
            Some(cleaned.map(|cleaned| RedactedText { text: REDACTED.to_owned(), ..cleaned }))
        }
    }
}

/// Finds base64 around `place` that contains a secret.
pub(super) fn find(text: &str, place: usize, depth: usize, memory: &EncodedMemory, spans: &mut Vec<Span>) {
    for (base64, run) in memory.new_runs(text.as_bytes(), place) {
        if spans.last().is_some_and(|span| span.start == run.start) {
            return;
        }
        let Ok(decoded) = base64.engine.decode(&text[run.clone()]) else { continue };
        let cleaned = match content(&decoded) {
            Some(Content::Plain(inner)) => clean_at(inner, "", depth + 1),
            Some(Content::Packed(inner)) => clean_at(&inner, "", depth + 1),
            None => None,
        };
        if let Some((kind, _)) = cleaned.and_then(|cleaned| cleaned.kinds.into_iter().next()) {
            spans.push(Span { start: run.start, end: run.end, kind });
            return;
        }
    }
}

/// Returns whether the run around `place`, if it is another than that of the last place, is base64 of a text or of
/// compressed data, according to its start.
pub(super) fn is_text_at(text: &[u8], place: usize, memory: &EncodedMemory) -> bool {
    /// The number of characters that are decoded for the check: whole groups of four.
    const SAMPLE: usize = 1024;
    memory.new_runs(text, place).any(|(base64, run)| {
        let run = &text[run];
        let Ok(bytes) = base64.engine.decode(&run[..run.len().min(SAMPLE)]) else { return false };
        let text = match std::str::from_utf8(&bytes) {
            Ok(text) => text,
            Err(error) if error.error_len().is_none() => {
                std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default()
            }
            Err(_) => return bytes.starts_with(&GZIP),
        };
        !text.bytes().any(is_control) || bytes.starts_with(&GZIP)
    })
}

/// The first bytes of gzip data (RFC 1952).
const GZIP: [u8; 2] = [0x1f, 0x8b];

fn is_control(byte: u8) -> bool {
    byte.is_ascii_control() && !matches!(byte, b'\n' | b'\r' | b'\t' | 0x1b)
}

/// The content of bytes, if they are a text.
enum Content<'bytes> {
    Plain(&'bytes str),
    /// Compressed: it cannot be written back unchanged.
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
