//! Recognizes filters that are paths: most are, and they need no limits.

use std::sync::LazyLock;

use regex_lite::Regex;

/// Matches `.Reservations[].Instances[0]."Name"?`, or several of them with `|` between, also in brackets.
///
/// Each step descends, so that no part of the input is visited twice: the work is linear in the input. Only the
/// first path can start with `$item`, because a later one would start again for each value before it.
static PATHS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let name = r"[A-Za-z_][A-Za-z0-9_]*";
    let text = r#""[^"\\]*""#;
    let index = format!(r"\[(?:[0-9]{{0,9}}|{text})\]\??");
    let member = format!(r"\.(?:{name}|{text})\??");
    let step = format!(r"(?:{member}|\.?{index})");
    let path = format!(r"(?:{step}(?:{member}|\.?{index})*|\.)");
    let first = format!(r"(?:{path}|\$item(?:{member}|{index})*)");
    let all = format!(r"{first}(?:\s*\|\s*{path})*");
    Regex::new(&format!(r"^\s*(?:{all}|\[\s*{all}\s*\])\s*$")).ok()
});

/// Returns whether a filter only follows paths.
pub(super) fn is_path(text: &str) -> bool {
    PATHS.as_ref().is_some_and(|paths| paths.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::is_path;

    #[test]
    fn paths_are_recognized() {
        for text in [
            ".",
            ".Buckets",
            ".Reservations[].Instances[]",
            ".Items[0].Name?",
            ".\"a-b\"[\"c d\"]",
            "[.Buckets[].Name]",
            ".Buckets | .[] | .Name",
            "$item.Arn",
            "$item",
            " .[]?.a ",
        ] {
            assert!(is_path(text), "{text}");
        }
    }

    #[test]
    fn growing_or_endless_filter_is_no_path() {
        for text in [
            "..",
            "def f: f; f",
            ".a, .a",
            ".a[] | $item.a[]",
            "[range(1e9)]",
            ".a | (.b, .b)",
            "[.a] | [.b]",
            ".a + .a",
            ".[.a[]]",
            ".a[] as $x | $x",
            "recurse",
            "\"\\(.a)\"",
            "",
        ] {
            assert!(!is_path(text), "{text}");
        }
    }
}
