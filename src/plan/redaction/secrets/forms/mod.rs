//! Secrets that are recognized by their form alone, as their issuers describe it.

pub(crate) mod vendors;

use std::cell::Cell;

use crate::plan::redaction::text::Span;
use crate::plan::redaction::text::places::NextPlace;
use crate::plan::redaction::text::scan::{skip, skip_back, skip_near};
use vendors::{VENDORS, VendorToken};

/// The characters of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alphabet {
    /// Digits and the letters up to `f`, in lower or upper case.
    Hex,
    /// Lower-case letters and digits.
    Lower,
    /// Upper-case letters and digits.
    Upper,
    /// Letters and digits.
    Letters,
    /// Letters, digits, `_` and `-`.
    Url,
    /// Letters, digits, `_`, `-` and `.`.
    Dotted,
    /// Letters, digits, `+`, `/` and `=`.
    Base64,
    /// All of these except `.`.
    Any,
}

use Alphabet::{Any, Base64, Dotted, Hex, Letters, Lower, Upper, Url};

/// The value for forms without a documented upper limit.
pub(super) const MORE: usize = 4096;

/// Secrets that are found by their form, but not by their characters alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SpecialForm {
    /// RFC 7519: a header and claims, both JSON objects in base64, and a signature.
    WebToken,
    /// RFC 7468, and the armour of `OpenPGP` (RFC 9580).
    PrivateKey,
    /// RFC 6750 and RFC 7617: credentials in the header of an HTTP request.
    Bearer,
    Basic,
    /// core.telegram.org/bots/api: the number of a bot before the colon.
    Telegram,
    /// www.nuget.org, oracle.com: user and password of a thin driver.
    Oracle,
}

const SPECIALS: [(&str, &str, SpecialForm); 6] = [
    ("json web token", "eyJ", SpecialForm::WebToken),
    ("private key", "-----BEGIN", SpecialForm::PrivateKey),
    ("bearer token", "earer ", SpecialForm::Bearer),
    ("basic credentials", "Basic ", SpecialForm::Basic),
    ("telegram bot token", ":AA", SpecialForm::Telegram),
    ("password in a connection string", "jdbc:oracle:thin:", SpecialForm::Oracle),
];

/// Members that contain such values by design, in lower case: ids that are useless without their key.
const EXPECTED_IN: [&str; 5] =
    ["accesskeyid", "awsaccesskeyid", "credentialuid", "cloudtrailevent", "accesskey"];
/// The form whose values these are.
const KEY_ID: &str = "aws access key id";

/// The maximum length of a connection string of Oracle's thin driver.
const LONGEST_CONNECTION: usize = 1024;

/// Places that the tokens of a text have in common: a run of characters may have many prefixes of tokens.
#[derive(Debug, Default)]
pub(in crate::plan::redaction) struct TokenMemory {
    /// The end of the last token of a vendor.
    token_end: Cell<usize>,
    /// The ends of the three parts of a web token.
    web_token: [NextPlace; 3],
    private_key_end: NextPlace,
}

/// Returns the fixed parts of the forms, with their indices.
pub(in crate::plan::redaction) fn parts() -> impl Iterator<Item = (usize, &'static str)> {
    VENDORS.iter().map(|row| row.1).chain(SPECIALS.iter().map(|(_, part, _)| *part)).enumerate()
}

/// Returns whether a secret of the form is at the place where its part is.
pub(in crate::plan::redaction) fn is_at(
    index: usize,
    text: &[u8],
    place: usize,
    memory: &TokenMemory,
) -> bool {
    locate(index, text, place, memory).is_some()
}

/// Finds the secret of the form at `place`, in the text of a member.
pub(in crate::plan::redaction) fn find(
    index: usize,
    text: &str,
    place: usize,
    member: &str,
    memory: &TokenMemory,
    spans: &mut Vec<Span>,
) {
    let Some((start, end)) = locate(index, text.as_bytes(), place, memory) else { return };
    let mut names = VENDORS.iter().map(|row| row.0).chain(SPECIALS.iter().map(|special| special.0));
    let kind = names.nth(index).unwrap_or_default();
    let is_expected = kind == KEY_ID && EXPECTED_IN.iter().any(|name| name.eq_ignore_ascii_case(member));
    if !is_expected && text.is_char_boundary(start) && text.is_char_boundary(end) {
        spans.push(Span { start, end, kind });
    }
}

fn locate(index: usize, text: &[u8], place: usize, memory: &TokenMemory) -> Option<(usize, usize)> {
    match VENDORS.get(index) {
        // A prefix in a token belongs to it.
        Some(_) if place < memory.token_end.get() => None,
        Some(row) => token(row, text, place).inspect(|(_, end)| memory.token_end.set(*end)),
        None => SPECIALS.get(index.checked_sub(VENDORS.len())?)?.2.locate(text, place, memory),
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
            Any => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'/' | b'='),
        }
    }
}

/// Returns the token of a vendor whose prefix is at `place`.
fn token(row: &VendorToken, text: &[u8], place: usize) -> Option<(usize, usize)> {
    let (_, prefix, alphabet, (least, most), before, _) = row;
    let start = place.checked_sub(*before)?;
    if !text[start..place].iter().all(u8::is_ascii_alphanumeric) || follows_word(text, start) {
        return None;
    }
    let body = place + prefix.len();
    // A longer one is not a token.
    let longest = if *most < MORE { most + 1 } else { MORE };
    let end = skip_near(text, body, longest, |byte| alphabet.has(byte));
    let length = end - body;
    let goes_on = text.get(end).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let fits = length >= *least && length <= *most && !(goes_on && *most < MORE);
    // Upper-case letters of a fixed length are not a word, with or without digits.
    let is_certain = *alphabet == Upper && least == most && !is_one_character(&text[body..end]);
    (fits && (is_certain || looks_random(&text[body..end]))).then_some((start, end))
}

/// Returns whether letters of the same word precede a place. In a text within a text, `\n` is a line break.
fn follows_word(text: &[u8], start: usize) -> bool {
    match text[..start] {
        [.., b'\\', b'n' | b't' | b'r'] | [] => false,
        [.., before] => before.is_ascii_alphanumeric() || before == b'_',
    }
}

/// Returns whether characters are neither a word nor a repetition of one character.
fn looks_random(body: &[u8]) -> bool {
    let has_digit = body.iter().any(u8::is_ascii_digit);
    let has_both = body.iter().any(u8::is_ascii_uppercase) && body.iter().any(u8::is_ascii_lowercase);
    !is_one_character(body) && (has_digit || has_both) || body.len() >= 64
}

fn is_one_character(body: &[u8]) -> bool {
    let first = body.first();
    body.iter().all(|byte| Some(byte) == first || matches!(byte, b'_' | b'-' | b'.'))
}

impl SpecialForm {
    fn locate(self, text: &[u8], place: usize, memory: &TokenMemory) -> Option<(usize, usize)> {
        match self {
            Self::WebToken => web_token(text, place, memory),
            Self::PrivateKey => private_key(text, place, memory),
            Self::Bearer => {
                let start = place + "earer ".len();
                let end = skip(text, start, |byte| Dotted.has(byte) || Base64.has(byte) || byte == b'~');
                let is_scheme = place > 0 && matches!(text[place - 1], b'B' | b'b');
                (is_scheme && end - start >= 8 && has_letter_and_digit(&text[start..end]))
                    .then_some((start, end))
            }
            Self::Basic => {
                let start = place + "Basic ".len();
                let end = skip(text, start, |byte| Base64.has(byte));
                (end - start >= 12 && has_letter_and_digit(&text[start..end])).then_some((start, end))
            }
            Self::Telegram => {
                let start = skip_back(text, place, |byte| byte.is_ascii_digit());
                let end = skip(text, place + 1, |byte| Url.has(byte));
                let fits = (8..=10).contains(&(place - start)) && end - place == 36;
                fits.then_some((start, end))
            }
            Self::Oracle => {
                let start = place + "jdbc:oracle:thin:".len();
                let end = skip_near(text, start, LONGEST_CONNECTION, |byte| {
                    !byte.is_ascii_whitespace() && !matches!(byte, b'"' | b'\'')
                });
                let address = &text[start..end];
                let at = address.iter().rposition(|byte| *byte == b'@')?;
                let slash = address[..at].iter().position(|byte| *byte == b'/')?;
                let password = &address[slash + 1..at];
                let is_hidden =
                    password.is_empty() || password.starts_with(b"[redacted") || password.starts_with(b"$");
                (!is_hidden).then_some((start + slash + 1, start + at))
            }
        }
    }
}

fn has_letter_and_digit(value: &[u8]) -> bool {
    value.iter().any(u8::is_ascii_digit) && value.iter().any(u8::is_ascii_alphabetic)
}

fn web_token(text: &[u8], start: usize, memory: &TokenMemory) -> Option<(usize, usize)> {
    const LEAST: [usize; 3] = [11, 11, 10];
    if start > 0 && text[start - 1].is_ascii_alphanumeric() && !matches!(text[..start], [.., b'\\', b'n']) {
        return None;
    }
    let mut end = start;
    for (index, (least, next)) in LEAST.into_iter().zip(&memory.web_token).enumerate() {
        if index > 0 {
            end += (text.get(end) == Some(&b'.')).then_some(1)?;
        }
        if index < 2 && !text[end..].starts_with(b"eyJ") {
            return None;
        }
        let length = next.byte(text, end, |byte| !Url.has(byte)) - end;
        end += (length >= least).then_some(length)?;
    }
    Some((start, end))
}

/// Returns a key with its header and footer. A truncated key extends to the end.
fn private_key(text: &[u8], start: usize, memory: &TokenMemory) -> Option<(usize, usize)> {
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
    let tail = memory.private_key_end.part(text, body, END);
    if tail == text.len() {
        return Some((start, tail));
    }
    let tail = tail + END.len();
    let rest = &text[tail..(tail + REACH).min(text.len())];
    let end = rest.windows(5).position(|five| five == b"-----").map_or(tail, |dashes| tail + dashes + 5);
    Some((start, end))
}

#[cfg(test)]
mod tests {
    use super::{Alphabet, MORE, SPECIALS, VENDORS};
    use crate::plan::redaction::text;

    /// Returns the cleaned text, and the kinds that were found.
    fn cleaned(text: &str) -> (String, Vec<&'static str>) {
        match text::clean(text, "Value") {
            Some(cleaned) => (cleaned.text, cleaned.kinds.into_iter().map(|(kind, _)| kind).collect()),
            None => (text.to_owned(), Vec::new()),
        }
    }

    /// Returns so many characters of an alphabet, without characters that occur in words.
    fn letters(alphabet: Alphabet, count: usize) -> String {
        let signs = match alphabet {
            Alphabet::Hex => "a7c1e9b2d8f3",
            Alphabet::Lower => "q7x1z9k2m8v3",
            Alphabet::Upper => "Q7X1Z9K2M8V3",
            _ => "qX7zK2mV9bN4",
        };
        signs.chars().cycle().take(count).collect()
    }

    #[test]
    fn every_form_is_found_and_leaves_what_stands_around_it() {
        for (name, prefix, alphabet, (least, _), before, _) in VENDORS {
            let token =
                format!("{}{prefix}{}", letters(Alphabet::Letters, *before), letters(*alphabet, *least));
            for (start, end) in [("", ""), ("use ", " now"), ("a='", "'"), ("note (", ")"), ("\n", "\n")] {
                let text = format!("{start}{token}{end}");
                assert_eq!(cleaned(&text).0, format!("{start}[redacted]{end}"), "{name}");
            }
            assert!(cleaned(&token).1.contains(name), "{name}: {:?}", cleaned(&token));
            let short = format!("{prefix}{}", letters(*alphabet, 3));
            assert_eq!(cleaned(&short), (short.clone(), vec![]), "{name}");
            assert_eq!(cleaned(&format!("X{token}")).1, Vec::<&str>::new(), "{name} within a word");
        }
    }

    #[test]
    fn a_hundred_vendors_have_rows_with_their_sources() {
        let names: std::collections::BTreeSet<&str> = VENDORS.iter().map(|row| row.0).collect();
        assert!(names.len() > 110, "{}", names.len());
        for (name, prefix, _, (least, most), _, source) in VENDORS {
            assert!(source.contains(['/', ':']) && least <= most && prefix.len() + least >= 16, "{name}");
        }
        assert!(VENDORS.is_sorted_by_key(|row| (row.0, row.1)), "sorted by name and prefix");
        assert_eq!(SPECIALS.len(), 6);
        const { assert!(MORE > 2048, "session tokens are long") };
    }

    #[test]
    fn forms_of_their_own_are_found() {
        for (kind, text, rest) in [
            (
                "private key",
                "x -----BEGIN RSA PRIVATE KEY-----\nMIIE+/=\n-----END RSA PRIVATE KEY----- y",
                "x [redacted] y",
            ),
            ("private key", "-----BEGIN PRIVATE KEY-----\nMIIE and no end", "[redacted]"),
            ("json web token", "see eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", "see [redacted]"),
            ("bearer token", "use Bearer a1b2c3d4e5", "use Bearer [redacted]"),
            ("basic credentials", "use Basic YWxhZGRpbjpvcGVu0", "use Basic [redacted]"),
            ("telegram bot token", "bot 123456789:AAabcdefghijklmnopqrstuvwxyz0123456 x", "bot [redacted] x"),
            (
                "password in a connection string",
                "jdbc:oracle:thin:scott/tiger@db:1521:x",
                "jdbc:oracle:thin:scott/[redacted]@db:1521:x",
            ),
            (
                "webhook",
                "https://hooks.slack.com/services/T0/B0/x",
                "https://hooks.slack.com/services/[redacted]",
            ),
        ] {
            assert_eq!(cleaned(text), (rest.to_owned(), vec![kind]), "{text}");
        }
    }

    #[test]
    fn text_resembling_token_is_kept() {
        for text in [
            "AKIA is how ids start",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db_secret_key-AbCdEf",
            "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
            "eyJ2IjoxfQ==",
            "npm_config_registry_of_the_whole_company_and_more",
            "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "The bearer of this, and Basic training",
            "key-0123456789abcdef0",
            "hf_hub_download_and_something_longer",
        ] {
            assert_eq!(cleaned(text), (text.to_owned(), vec![]), "{text}");
        }
    }
}
