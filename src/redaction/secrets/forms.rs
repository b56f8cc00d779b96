//! Secrets that can be told by their form alone, as those who issue them describe it.

use super::vendors::VENDORS;
use crate::redaction::text::Span;

/// The letters that a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alphabet {
    /// Digits and small letters up to `f`, or capital ones.
    Hex,
    /// Small letters and digits.
    Lower,
    /// Capital letters and digits.
    Upper,
    /// Letters and digits.
    Letters,
    /// Letters, digits, `_` and `-`.
    Url,
    /// The same and `.`.
    Dotted,
    /// Letters, digits, `+`, `/` and `=`.
    Base64,
}

use Alphabet::{Base64, Dotted, Hex, Letters, Lower, Upper, Url};

/// The form of a token: what it begins with, and what comes after that.
#[derive(Debug)]
pub(super) struct Form {
    /// What it is, for people.
    pub(super) name: &'static str,
    /// What it begins with; of a form with something in front, what it has in its middle.
    pub(super) prefix: &'static str,
    /// The letters behind the prefix.
    pub(super) alphabet: Alphabet,
    /// How many there are, at least and at most.
    pub(super) length: (usize, usize),
    /// How many letters or digits stand in front of the prefix.
    pub(super) before: usize,
    /// Who says so.
    #[cfg_attr(not(test), expect(dead_code, reason = "people read it, and a test"))]
    pub(super) source: &'static str,
}

/// No upper limit is described.
pub(super) const MORE: usize = 4096;

/// What is found by its form, but not by letters alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Special {
    /// RFC 7519: a header and claims, both JSON objects in base64, and a signature.
    WebToken,
    /// RFC 7468, and the armour of OpenPGP (RFC 9580).
    PrivateKey,
    /// RFC 6750 and RFC 7617: what stands in the header of an HTTP request.
    Bearer,
    Basic,
    /// core.telegram.org/bots/api: the number of a bot before the colon.
    Telegram,
    /// www.nuget.org, oracle.com: user and password of a thin driver.
    Oracle,
}

const SPECIALS: [(&str, &str, Special); 6] = [
    ("json web token", "eyJ", Special::WebToken),
    ("private key", "-----BEGIN", Special::PrivateKey),
    ("bearer token", "earer ", Special::Bearer),
    ("basic credentials", "Basic ", Special::Basic),
    ("telegram bot token", ":AA", Special::Telegram),
    ("password in a connection string", "jdbc:oracle:thin:", Special::Oracle),
];

/// Members that hold such values by design, in small letters: ids that are no use without their key.
const EXPECTED_IN: [&str; 5] = ["accesskeyid", "awsaccesskeyid", "credentialuid", "cloudtrailevent", "accesskey"];
/// The form whose values these are.
const KEY_ID: &str = "aws access key id";

/// The parts by which forms are known, with their indices.
pub(in crate::redaction) fn parts() -> impl Iterator<Item = (usize, &'static str)> {
    VENDORS.iter().map(|form| form.prefix).chain(SPECIALS.iter().map(|(_, part, _)| *part)).enumerate()
}

/// Whether a secret of the form stands at the place where its part is.
pub(in crate::redaction) fn is_at(index: usize, text: &[u8], place: usize) -> bool {
    locate(index, text, place).is_some()
}

/// Finds the secret of the form that stands at `place`, in the text of a member.
pub(in crate::redaction) fn find(index: usize, text: &str, place: usize, member: &str, spans: &mut Vec<Span>) {
    let Some((start, end)) = locate(index, text.as_bytes(), place) else { return };
    let kind = VENDORS.get(index).map_or_else(|| SPECIALS.get(index - VENDORS.len()).map_or("", |(name, _, _)| name), |form| form.name);
    let is_expected = kind == KEY_ID && EXPECTED_IN.iter().any(|name| name.eq_ignore_ascii_case(member));
    if !is_expected && text.is_char_boundary(start) && text.is_char_boundary(end) {
        spans.push(Span { start, end, kind });
    }
}

fn locate(index: usize, text: &[u8], place: usize) -> Option<(usize, usize)> {
    match VENDORS.get(index) {
        Some(form) => form.locate(text, place),
        None => SPECIALS.get(index.checked_sub(VENDORS.len())?)?.2.locate(text, place),
    }
}

impl Alphabet {
    fn has(self, byte: u8) -> bool {
        match self {
            Hex => byte.is_ascii_hexdigit(),
            Lower => byte.is_ascii_lowercase() || byte.is_ascii_digit(),
            Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Letters => byte.is_ascii_alphanumeric(),
            Url => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
            Dotted => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'),
            Base64 => byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='),
        }
    }
}

impl Form {
    fn locate(&self, text: &[u8], place: usize) -> Option<(usize, usize)> {
        let start = place.checked_sub(self.before)?;
        let front = &text[start..place];
        if !front.iter().all(u8::is_ascii_alphanumeric) || follows_word(text, start) {
            return None;
        }
        let body = place + self.prefix.len();
        let length = text[body..].iter().take(MORE).take_while(|byte| self.alphabet.has(**byte)).count();
        let (least, most) = self.length;
        let end = body + length;
        let goes_on = text.get(end).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        let fits = length >= least && length <= most && !(goes_on && most < MORE);
        (fits && looks_random(&text[body..end])).then_some((start, end))
    }
}

/// Whether letters stand before a place that belong to the same word. In a text within a text, `\n` is a
/// line break.
fn follows_word(text: &[u8], start: usize) -> bool {
    match text[..start] {
        [.., b'\\', b'n' | b't' | b'r'] => false,
        [.., before] => before.is_ascii_alphanumeric() || before == b'_',
        [] => false,
    }
}

/// Whether letters are no word and no row of the same sign.
fn looks_random(body: &[u8]) -> bool {
    let first = body.first();
    let has_digit = body.iter().any(u8::is_ascii_digit);
    let has_both = body.iter().any(u8::is_ascii_uppercase) && body.iter().any(u8::is_ascii_lowercase);
    !body.iter().all(|byte| Some(byte) == first || matches!(byte, b'_' | b'-' | b'.')) && (has_digit || has_both)
        || body.len() >= 64
}

impl Special {
    fn locate(self, text: &[u8], place: usize) -> Option<(usize, usize)> {
        match self {
            Self::WebToken => web_token(text, place),
            Self::PrivateKey => private_key(text, place),
            Self::Bearer => {
                let start = place + "earer ".len();
                let end = start + text[start..].iter().take_while(|byte| Dotted.has(**byte) || Base64.has(**byte) || **byte == b'~').count();
                let is_scheme = place > 0 && matches!(text[place - 1], b'B' | b'b');
                (is_scheme && end - start >= 8 && has_letter_and_digit(&text[start..end])).then_some((start, end))
            }
            Self::Basic => {
                let start = place + "Basic ".len();
                let end = start + text[start..].iter().take_while(|byte| Base64.has(**byte)).count();
                (end - start >= 12 && has_letter_and_digit(&text[start..end])).then_some((start, end))
            }
            Self::Telegram => {
                let start = text[..place].iter().rposition(|byte| !byte.is_ascii_digit()).map_or(0, |before| before + 1);
                let end = place + 1 + text[place + 1..].iter().take_while(|byte| Url.has(**byte)).count();
                let fits = (8..=10).contains(&(place - start)) && end - place == 36;
                fits.then_some((start, end))
            }
            Self::Oracle => {
                let start = place + "jdbc:oracle:thin:".len();
                let end = start + text[start..].iter().take_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'"' | b'\'')).count();
                let address = &text[start..end];
                let at = address.iter().rposition(|byte| *byte == b'@')?;
                let slash = address[..at].iter().position(|byte| *byte == b'/')?;
                let password = &address[slash + 1..at];
                let is_hidden = password.is_empty() || password.starts_with(b"[redacted") || password.starts_with(b"$");
                (!is_hidden).then_some((start + slash + 1, start + at))
            }
        }
    }
}

fn has_letter_and_digit(value: &[u8]) -> bool {
    value.iter().any(u8::is_ascii_digit) && value.iter().any(u8::is_ascii_alphabetic)
}

fn web_token(text: &[u8], start: usize) -> Option<(usize, usize)> {
    const LEAST: [usize; 3] = [11, 11, 10];
    if start > 0 && text[start - 1].is_ascii_alphanumeric() && !matches!(text[..start], [.., b'\\', b'n']) {
        return None;
    }
    let mut end = start;
    for (index, least) in LEAST.into_iter().enumerate() {
        if index > 0 {
            end += (text.get(end) == Some(&b'.')).then_some(1)?;
        }
        if index < 2 && !text[end..].starts_with(b"eyJ") {
            return None;
        }
        let length = text[end..].iter().take_while(|byte| Url.has(**byte)).count();
        end += (length >= least).then_some(length)?;
    }
    Some((start, end))
}

/// A key with what it begins and ends with. One that is cut off goes to the end.
fn private_key(text: &[u8], start: usize) -> Option<(usize, usize)> {
    const REACH: usize = 64;
    const END: &[u8] = b"-----END";
    let head = start + "-----BEGIN".len();
    let near = &text[head..(head + REACH).min(text.len())];
    let dashes = near.windows(5).position(|five| five == b"-----")?;
    let label = &near[..dashes];
    let is_private = label.windows(11).any(|part| part == b"PRIVATE KEY");
    if !is_private {
        return None;
    }
    let body = head + dashes + 5;
    let Some(tail) = text[body..].windows(END.len()).position(|part| part == END) else {
        return Some((start, text.len()));
    };
    let tail = body + tail + END.len();
    let rest = &text[tail..(tail + REACH).min(text.len())];
    let end = rest.windows(5).position(|five| five == b"-----").map_or(tail, |dashes| tail + dashes + 5);
    Some((start, end))
}
