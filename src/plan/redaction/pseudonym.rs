//! Pseudonyms for identifying values that must not be shown: equal values get equal pseudonyms.
//!
//! The key is the account number after a constant prefix. Every run has it, whatever else it is allowed to read,
//! so that a resource has the same pseudonym in all runs. Every reader of the results knows the key, too. So
//! pseudonyms hide values that cannot be guessed, such as API keys, but not values that can be enumerated, such
//! as telephone numbers (see `docs/security.md`).

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::util::hexadecimal::hexadecimal;

/// The number of bytes of the hash that are shown.
const SHOWN: usize = 8;
/// The prefix of a pseudonym.
pub(super) const PREFIX: &str = "[redacted:";
/// The length of a block of SHA-256 (RFC 2104).
const BLOCK: usize = 64;

/// Creates the pseudonyms of one account.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pseudonyms<'account> {
    /// The account that the values belong to.
    pub(super) account: &'account str,
}

impl Pseudonyms<'_> {
    /// Replaces the texts in a value, and returns their number.
    pub(super) fn replace(&self, value: &mut Value) -> u64 {
        match value {
            Value::String(text) if text.is_empty() || text.starts_with("[redacted") => 0,
            Value::String(text) => {
                *text = self.of(text);
                1
            }
            Value::Array(items) => items.iter_mut().map(|item| self.replace(item)).sum(),
            Value::Object(members) => members.values_mut().map(|value| self.replace(value)).sum(),
            _ => 0,
        }
    }

    fn of(&self, value: &str) -> String {
        let key = format!("scan redaction {}", self.account);
        let hash = hmac(key.as_bytes(), value.as_bytes());
        format!("{PREFIX}{}]", hexadecimal(&hash[..SHOWN]))
    }
}

/// HMAC (RFC 2104) with SHA-256.
fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0; BLOCK];
    if key.len() > BLOCK {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Pseudonyms, hmac};
    use crate::util::hexadecimal::hexadecimal;

    #[test]
    fn the_hash_is_that_of_the_standard() {
        // RFC 4231, test cases 1 and 6.
        let hex = |bytes: [u8; 32]| hexadecimal(&bytes);
        assert_eq!(
            hex(hmac(&[0x0b; 20], b"Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
        let long = hmac(&[0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First");
        assert_eq!(hex(long), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    }

    /// The same value has the same pseudonym in one account, and another one in the next account.
    #[test]
    fn pseudonym_is_same_within_account_and_differs_between() {
        let named = |account: &str, value: &str| {
            let pseudonyms = Pseudonyms { account };
            let mut value = json!(value);
            assert_eq!(pseudonyms.replace(&mut value), 1);
            assert_eq!(pseudonyms.replace(&mut value), 0, "a pseudonym is kept");
            value
        };
        let name = named("123456789012", "da2-secret");
        assert_eq!(name, named("123456789012", "da2-secret"));
        assert_ne!(name, named("123456789012", "da2-other"));
        assert_ne!(name, named("210987654321", "da2-secret"));
        let name = name.as_str().expect("a text");
        assert!(name.starts_with("[redacted:") && name.ends_with(']') && name.len() == 27, "{name}");
    }
}
