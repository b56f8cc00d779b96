//! Masking of this process's own keys in texts of servers.
//!
//! Servers quote requests in their errors: the canonical string contains the session token, and a proxy in front
//! of AWS may return any text. No key is stored here, only its prefix, its length, and its hash.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::sync::{LazyLock, PoisonError, RwLock};

use aws_credential_types::Credentials;

/// The replacement of a key.
const MASK: &str = "[redacted]";
/// The length of the prefix that keys are found by. AWS creates no shorter keys.
const PREFIX_LENGTH: usize = 8;

static KNOWN: LazyLock<OwnKeys> = LazyLock::new(OwnKeys::default);

type KnownKeys = HashMap<[u8; PREFIX_LENGTH], Vec<(usize, u64)>>;

#[derive(Default)]
struct OwnKeys {
    state: RandomState,
    /// The lengths and hashes of all keys with a prefix.
    known: RwLock<KnownKeys>,
}

/// Registers credentials, so that they are masked from now on.
pub(crate) fn remember(credentials: &Credentials) {
    let token = credentials.session_token().unwrap_or_default();
    [credentials.access_key_id(), credentials.secret_access_key(), token].into_iter().for_each(remember_one);
}

/// Registers a key or token, so that it is masked from now on.
pub(crate) fn remember_one(key: &str) {
    KNOWN.remember(key);
    // Its form in a query string.
    KNOWN.remember(&key.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D"));
}

/// Returns a text with all registered keys masked.
pub(crate) fn masked(text: &str) -> Cow<'_, str> {
    KNOWN.masked(text)
}

/// Masks all registered keys in a text.
pub(crate) fn mask(text: &mut String) {
    if let Cow::Owned(masked) = masked(text) {
        *text = masked;
    }
}

impl OwnKeys {
    fn remember(&self, key: &str) {
        let Some(prefix) = prefix(key.as_bytes()) else { return };
        let fingerprint = (key.len(), self.state.hash_one(key));
        let is_known = |known: &HashMap<_, Vec<_>>| {
            known.get(&prefix).is_some_and(|fingerprints| fingerprints.contains(&fingerprint))
        };
        if !is_known(&self.known.read().unwrap_or_else(PoisonError::into_inner)) {
            let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
            known.entry(prefix).or_default().push(fingerprint);
        }
    }

    fn masked<'text>(&self, text: &'text str) -> Cow<'text, str> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if known.is_empty() || text.len() < PREFIX_LENGTH {
            return Cow::Borrowed(text);
        }
        let mut masked = String::new();
        let (mut written, mut position) = (0, 0);
        while let Some(prefix) = text.as_bytes().get(position..).and_then(prefix) {
            let Some(fingerprints) = known.get(&prefix).filter(|_| text.is_char_boundary(position)) else {
                position += 1;
                continue;
            };
            let rest = &text[position..];
            let is_whole = |&&(length, hash): &&(usize, u64)| {
                rest.get(..length).is_some_and(|there| self.state.hash_one(there) == hash)
            };
            // A text that starts like a key but differs later may be a truncated key.
            let cut_off = || rest.find(ends_a_word).unwrap_or(rest.len());
            let length =
                fingerprints.iter().filter(is_whole).map(|(length, _)| *length).max().unwrap_or_else(cut_off);
            masked.push_str(&text[written..position]);
            masked.push_str(MASK);
            position += length.max(1);
            written = position;
        }
        if written == 0 && masked.is_empty() {
            return Cow::Borrowed(text);
        }
        masked.push_str(&text[written..]);
        Cow::Owned(masked)
    }
}

fn prefix(bytes: &[u8]) -> Option<[u8; PREFIX_LENGTH]> {
    bytes.first_chunk().copied()
}

fn ends_a_word(sign: char) -> bool {
    sign.is_whitespace() || "\"'<>&,;()".contains(sign)
}

#[cfg(test)]
mod tests {
    use super::OwnKeys;

    fn keys() -> OwnKeys {
        let keys = OwnKeys::default();
        let all = [
            "AKIAQ3EGTNPRDVXK2MWL",
            "wJalr/XUtnFEMI+K7MDENG",
            "IQoJb3JpZ2luX2VjEHoaCXVzLWVhc3QtMSJI=",
            "short",
        ];
        for key in all {
            keys.remember(key);
        }
        keys
    }

    #[test]
    fn keys_are_masked_wherever_they_stand() {
        for (text, expected) in [
            (
                "x-amz-security-token:IQoJb3JpZ2luX2VjEHoaCXVzLWVhc3QtMSJI=\nhost",
                "x-amz-security-token:[redacted]\nhost",
            ),
            (
                "Credential=AKIAQ3EGTNPRDVXK2MWL/20261128/eu-west-1",
                "Credential=[redacted]/20261128/eu-west-1",
            ),
            ("wJalr/XUtnFEMI+K7MDENG", "[redacted]"),
            ("'wJalr/XUtnFEMI+K7M' was cut off", "'[redacted]' was cut off"),
            ("ä IQoJb3JpZ2luX2VjEHoaCXVzLWVhc3QtMSJI=IQoJb3JpZ2lu", "ä [redacted][redacted]"),
        ] {
            assert_eq!(keys().masked(text), expected);
        }
    }

    #[test]
    fn everything_else_stays() {
        for text in
            ["", "short", "AKIAQ3E", "User: arn:aws:iam::123456789012:user/ops is not authorized", "wJalr"]
        {
            assert_eq!(keys().masked(text), text);
        }
        assert_eq!(OwnKeys::default().masked("AKIAQ3EGTNPRDVXK2MWL"), "AKIAQ3EGTNPRDVXK2MWL");
    }
}
