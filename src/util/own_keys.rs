//! The keys that this process signs with, as far as is needed to find them in what others say.
//!
//! Servers quote requests in their errors: the canonical string has the session token, and what stands before
//! a real AWS may say anything. No key is kept here, only how it begins, how long it is, and a hash of it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::sync::{LazyLock, PoisonError, RwLock};

use aws_credential_types::Credentials;

/// What stands in the place of a key.
const MASK: &str = "[redacted]";
/// How many bytes of a key are looked for. Shorter keys are none that AWS makes.
const BEGINNING: usize = 8;

static KNOWN: LazyLock<OwnKeys> = LazyLock::new(OwnKeys::default);

type KnownKeys = HashMap<[u8; BEGINNING], Vec<(usize, u64)>>;

#[derive(Default)]
struct OwnKeys {
    state: RandomState,
    /// Length and hash of the keys that begin so.
    known: RwLock<KnownKeys>,
}

/// Masks these credentials from now on.
pub(crate) fn remember(credentials: &Credentials) {
    let token = credentials.session_token().unwrap_or_default();
    [credentials.access_key_id(), credentials.secret_access_key(), token].into_iter().for_each(remember_one);
}

/// Masks a key or token from now on.
pub(crate) fn remember_one(key: &str) {
    KNOWN.remember(key);
    // As it stands in a query.
    KNOWN.remember(&key.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D"));
}

/// A text without the keys in it.
pub(crate) fn masked(text: &str) -> Cow<'_, str> {
    KNOWN.masked(text)
}

/// Takes the keys out of a text.
pub(crate) fn mask(text: &mut String) {
    if let Cow::Owned(masked) = masked(text) {
        *text = masked;
    }
}

impl OwnKeys {
    fn remember(&self, key: &str) {
        let Some(beginning) = beginning(key.as_bytes()) else { return };
        let fact = (key.len(), self.state.hash_one(key));
        let is_known =
            |known: &HashMap<_, Vec<_>>| known.get(&beginning).is_some_and(|facts| facts.contains(&fact));
        if !is_known(&self.known.read().unwrap_or_else(PoisonError::into_inner)) {
            let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
            known.entry(beginning).or_default().push(fact);
        }
    }

    fn masked<'text>(&self, text: &'text str) -> Cow<'text, str> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if known.is_empty() || text.len() < BEGINNING {
            return Cow::Borrowed(text);
        }
        let mut masked = String::new();
        let (mut written, mut place) = (0, 0);
        while let Some(begins) = text.as_bytes().get(place..).and_then(beginning) {
            let Some(facts) = known.get(&begins).filter(|_| text.is_char_boundary(place)) else {
                place += 1;
                continue;
            };
            let rest = &text[place..];
            let is_whole = |&&(length, hash): &&(usize, u64)| {
                rest.get(..length).is_some_and(|there| self.state.hash_one(there) == hash)
            };
            // What begins as a key and goes on otherwise may be one that was cut off.
            let cut_off = || rest.find(ends_a_word).unwrap_or(rest.len());
            let length =
                facts.iter().filter(is_whole).map(|(length, _)| *length).max().unwrap_or_else(cut_off);
            masked.push_str(&text[written..place]);
            masked.push_str(MASK);
            place += length.max(1);
            written = place;
        }
        if written == 0 && masked.is_empty() {
            return Cow::Borrowed(text);
        }
        masked.push_str(&text[written..]);
        Cow::Owned(masked)
    }
}

fn beginning(bytes: &[u8]) -> Option<[u8; BEGINNING]> {
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
