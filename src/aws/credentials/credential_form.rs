//! The form of credentials: what cannot stand in a header is found before anything is signed with it.
//!
//! Key id and token become parts of headers, and the SDK panics where they cannot. A file with the line ends
//! of Windows leaves a carriage return in each value, and a server may answer with anything.

use std::fmt;

use aws_credential_types::Credentials;

use crate::error::find_cause;

/// A part of credentials that holds a character that none has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unusable {
    part: &'static str,
    character: char,
}

impl Unusable {
    /// The error itself or the first one below it that is of this kind.
    pub(super) fn find<'error>(error: &'error (dyn std::error::Error + 'static)) -> Option<&'error Self> {
        find_cause(error)
    }

    /// What to do about it.
    pub(super) const HINT: &'static str = "a file with the line ends of Windows leaves a carriage return at the end \
        of each value: take white space and line ends out of the credentials";
}

impl fmt::Display for Unusable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the {} holds {:?}, which no credential has", self.part, self.character)
    }
}

impl std::error::Error for Unusable {}

/// Looks at all parts of some credentials.
pub(super) fn check(credentials: &Credentials) -> Result<(), Unusable> {
    let is_plain = |character: char| character.is_ascii_graphic();
    let parts = [
        ("access key id", Some(credentials.access_key_id())),
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
            (credentials("AKIA\r", "s", None), "access key id"),
            (credentials("AKIA\nx-evil: 1", "s", None), "access key id"),
            (credentials("AKIA\u{e9}", "s", None), "access key id"),
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
