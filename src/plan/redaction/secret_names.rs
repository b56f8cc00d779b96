//! Names that look like the names of secrets.

/// Returns a name without the separators of naming styles: `DB_Password` and `dbPassword` are equal.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// Returns whether the value of an entry with this name is probably a secret: `DB_PASSWORD`, `OAuthToken`.
#[must_use]
pub fn looks_like_a_secret(name: &str) -> bool {
    super::names::is_secret(name)
}

/// Returns whether a plain name matches a pattern, in which `*` at either end is a wildcard.
pub(super) fn fits(pattern: &str, name: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(_), Some(_)) => name.contains(pattern.trim_matches('*')),
        (Some(ending), None) => name.ends_with(ending),
        (None, Some(prefix)) => name.starts_with(prefix),
        (None, None) => name == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::{fits, looks_like_a_secret};

    #[test]
    fn the_way_of_writing_does_not_matter() {
        for name in ["DB_PASSWORD", "dbPassword", "client_secret", "OAuthToken", "x-api-key", "SECRET"] {
            assert!(looks_like_a_secret(name), "{name}");
        }
        for name in ["LogLevel", "SecretArn", "token_url", "PasswordPolicy", "Name", ""] {
            assert!(!looks_like_a_secret(name), "{name}");
        }
    }

    #[test]
    fn a_star_stands_for_anything() {
        assert!(fits("*password", "masteruserpassword") && fits("*", "any") && fits("user*", "userdata"));
        assert!(!fits("password", "masteruserpassword") && !fits("user*", "auser"));
    }
}
