//! Patterns in which `*` stands for any text.

/// Returns whether a text matches a pattern, in which `*` stands for any text, including none.
pub(crate) fn is_like(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(found) => rest = &rest[found + part.len()..],
            None => return false,
        }
    }
    rest.len() >= last.len() && rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::is_like;

    #[test]
    fn a_star_is_anything_or_nothing() {
        for (pattern, text) in [
            ("*", ""),
            ("a*", "a"),
            ("*a", "bca"),
            ("a*b*c", "a--b--c"),
            ("Last*Time", "LastUsedTime"),
            ("abc", "abc"),
        ] {
            assert!(is_like(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("a", "ab"), ("a*a", "a"), ("*b", "abc"), ("a*b*c", "acb"), ("", "a")] {
            assert!(!is_like(pattern, text), "{pattern} {text}");
        }
    }
}
