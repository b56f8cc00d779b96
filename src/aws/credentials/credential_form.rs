//! A check of credentials for characters that are not allowed in headers, before a request is signed with them.
//!
//! The key ID and the token become parts of headers, and the SDK panics where they are not valid there. A file
//! with Windows line endings leaves a carriage return in each value, and a server may return any text.

use aws_credential_types::Credentials;

use crate::error::find_cause;

/// A part of credentials with a character that is not allowed in credentials.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {part} contains {character:?}, which is not allowed in credentials")]
pub(super) struct Unusable {
    part: &'static str,
    character: char,
}

impl Unusable {
    /// Returns the first error of this type among an error and its causes.
    pub(super) fn find<'error>(error: &'error (dyn std::error::Error + 'static)) -> Option<&'error Self> {
        find_cause(error)
    }

    /// The hint on how to fix it.
    pub(super) const HINT: &'static str = "remove white space and line endings from the credentials: a file \
                                           with Windows line endings leaves a carriage return at the end of \
                                           each value";
}

/// Checks all parts of credentials.
pub(super) fn check(credentials: &Credentials) -> Result<(), Unusable> {
    let is_plain = |character: char| character.is_ascii_graphic();
    let parts = [
        ("access key ID", Some(credentials.access_key_id())),
        ("secret access key", Some(credentials.secret_access_key())),
        ("session token", credentials.session_token()),
    ];
    for (part, text) in parts {
        let found = text.unwrap_or_default().chars().find(|character| !is_plain(*character));
        if let Some(character) = found {
            return Err(Unusable { part, character });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use aws_credential_types::Credentials;

    use super::check;

    #[test]
    fn nothing_but_plain_characters_goes_into_headers() {
        let credentials = |id: &str, secret: &str, token: Option<&str>| {
            Credentials::new(id, secret, token.map(str::to_owned), None, "test")
        };
        let good = credentials("AKIAIOSFODNN7EXAMPLE", "wJalr/+=", Some("IQoJb3JpZ2lu//8="));
        assert_eq!(check(&good), Ok(()));
        for (bad, part) in [
            (credentials("AKIA\r", "s", None), "access key ID"),
            (credentials("AKIA\nx-evil: 1", "s", None), "access key ID"),
            (credentials("AKIA\u{e9}", "s", None), "access key ID"),
            (credentials("AKIA", "s\r", None), "secret access key"),
            (credentials("AKIA", "s", Some("t\n")), "session token"),
            (credentials("AKIA", "s", Some("t t")), "session token"),
            (credentials("AKIA", "s", Some("t\u{0}")), "session token"),
        ] {
            let error = check(&bad).expect_err(part).to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
