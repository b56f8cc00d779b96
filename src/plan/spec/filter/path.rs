//! Recognizes filters that are paths, which need no limits, and filters that take a list element by element.

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

/// Matches a path through the elements of a list, alone or before a `|`: `.Roles[].RoleName`, `.Keys[] | {id: .KeyId}`.
///
/// `|` has the lowest precedence, so the filter after it gets one element at a time. `|=` is another operator, and a
/// comma, `as` or `//` after the path does not match.
static ELEMENTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let name = r"[A-Za-z_][A-Za-z0-9_]*";
    let text = r#""[^"\\]*""#;
    let index = format!(r"\[(?:[0-9]{{0,9}}|{text})\]\??");
    let member = format!(r"\.(?:{name}|{text})\??");
    Regex::new(&format!(r"^\s*\.({name})\.?\[\]\??(?:{member}|\.?{index})*\s*(?:\|[^=]|$)")).ok()
});

/// Returns the member whose elements a filter is applied to, one by one.
pub(super) fn list_of_items(text: &str) -> Option<&str> {
    Some(ELEMENTS.as_ref()?.captures(text)?.get(1)?.as_str())
}

#[cfg(test)]
mod tests {
    use super::{is_path, list_of_items};

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
    fn filters_of_single_elements_are_recognized() {
        for text in [
            ".Keys[]",
            ".Keys[]?",
            ".Keys[].KeyId",
            ".Keys[].Parts[0].Id",
            " .Keys[] | {id: .KeyId, of: $item} ",
            ".Keys[].Id | sub(\"^/x/\"; \"\") | ., .",
        ] {
            assert_eq!(list_of_items(text), Some("Keys"), "{text}");
        }
        for text in [
            ".Keys | .[]",
            ".Keys[] as $key | .Keys",
            ".Keys[], .Other[]",
            ".Keys[] // 1",
            ".Keys[] |= 1",
            ".Keys[0]",
            "[.Keys[]]",
            "first(.Keys[])",
            ".Keys as $all | $all[]",
            "$item.Keys[]",
        ] {
            assert_eq!(list_of_items(text), None, "{text}");
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
