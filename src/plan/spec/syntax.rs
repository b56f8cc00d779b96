//! Parses text in JSON or YAML and shows where it is invalid.

use serde_json::Value;

use super::error::SpecError;
use super::yaml;

/// A line longer than this is shown starting near the error.
const LONGEST_LINE: usize = 100;

/// What a text in JSON is, for messages.
#[derive(Clone, Copy, Debug)]
pub(super) enum JsonKind {
    /// A scan spec.
    Spec,
    /// A file of accepted gaps.
    AcceptedGaps,
}

/// Parses JSON or YAML; an error names the line and the column and shows the line.
pub(super) fn parse(text: &str, origin: &str, kind: JsonKind) -> Result<Value, SpecError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let parsed = if is_yaml(text, origin) {
        yaml::parse(text).map_err(|error| {
            let place = format!("{origin}:{}:{}", error.line, error.column);
            format!("{place}: not YAML: {}\n{}", error.message, excerpt(text, error.line, error.column - 1))
        })
    } else {
        serde_json::from_str(text).map_err(|error| explain(text, origin, kind, &error))
    };
    parsed.map_err(SpecError::Unreadable)
}

/// Returns whether a text is YAML: by the name of its file, or, without a known name, because it does not start like
/// JSON or a web page.
fn is_yaml(text: &str, origin: &str) -> bool {
    let ends_with = |extension: &str| {
        let start = origin.len().checked_sub(extension.len()).and_then(|start| origin.get(start..));
        start.is_some_and(|end| end.eq_ignore_ascii_case(extension))
    };
    if ends_with(".yaml") || ends_with(".yml") {
        return !text.trim().is_empty();
    }
    !ends_with(".json") && text.trim_start().starts_with(|first| !"[{<\"".contains(first))
}

fn explain(text: &str, origin: &str, kind: JsonKind, error: &serde_json::Error) -> String {
    let (what, items) = match kind {
        JsonKind::Spec => ("a scan spec", "calls"),
        JsonKind::AcceptedGaps => ("a file of accepted gaps", "entries"),
    };
    if text.trim().is_empty() {
        return format!("{origin} is empty; {what} is a list of {items} in JSON");
    }
    let start = text.trim_start();
    if start.starts_with('<') {
        return format!("{origin} is a web page; give the address of the raw file");
    }
    if start.starts_with("---") || start.starts_with("- ") || start.starts_with("inventories:") {
        return format!("{origin} is YAML; rename it to end with .yaml");
    }
    let (line, column) = (error.line(), error.column());
    let shown = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    // The column counts bytes, from 1; the mark is placed below a character.
    let (before, rest) = shown.split_at_checked(column.saturating_sub(1)).unwrap_or((shown, ""));
    let cause = if rest.starts_with("//") || rest.starts_with("/*") || rest.starts_with('#') {
        "JSON has no comments; write the spec in YAML, which has them after `#`, in a file that ends with .yaml"
    } else {
        &error.to_string()
    };
    let cause = cause.split(" at line ").next().unwrap_or(cause);
    format!("{origin}:{line}:{column}: not JSON: {cause}\n{}", excerpt(text, line, before.chars().count()))
}

/// Returns a line, from 1, and a mark below it after `before` characters; both are indented.
fn excerpt(text: &str, line: usize, before: usize) -> String {
    let shown = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let skip = if before < LONGEST_LINE { 0 } else { before - LONGEST_LINE / 2 };
    let shown: String = shown.chars().skip(skip).take(LONGEST_LINE).collect();
    format!("    {shown}\n    {:1$}^", "", before - skip)
}

#[cfg(test)]
mod tests {
    use super::{JsonKind, parse};

    fn complaint(text: &str, origin: &str) -> String {
        parse(text, origin, JsonKind::Spec).expect_err("no JSON").to_string()
    }

    #[test]
    fn a_mistake_is_shown_in_its_line() {
        let text = "[\n  {\n    \"service\": \"s3\"\n    \"function\": \"list_buckets\"\n  }\n]\n";
        assert_eq!(
            complaint(text, "scan.json"),
            "scan.json:4:5: not JSON: expected `,` or `}`\n        \"function\": \"list_buckets\"\n        ^"
        );
        assert!(complaint("[{},]", "s").contains("s:1:5: not JSON: trailing comma"));
        assert!(
            complaint("[{\"é\": x}]", "s").ends_with("\n    [{\"é\": x}]\n           ^"),
            "{}",
            complaint("[{\"é\": x}]", "s")
        );
    }

    #[test]
    fn other_formats_are_recognised() {
        assert!(complaint("", "scan.json").contains("is empty"));
        assert!(complaint("<!DOCTYPE html>", "https://example.com").contains("web page"));
        assert_eq!(
            complaint("inventories:\n  - name: a\n", "config.json"),
            "config.json is YAML; rename it to end with .yaml"
        );
        assert!(complaint("", "scan.yaml").contains("is empty"));
    }

    #[test]
    fn comment_in_json_is_explained() {
        for comment in ["// all", "/* all */", "# all"] {
            let text = complaint(&format!("[ {comment}\n]"), "scan.json");
            assert!(
                text.starts_with("scan.json:1:3: not JSON: JSON has no comments; write the spec in YAML"),
                "{text}"
            );
        }
    }

    #[test]
    fn yaml_is_read_from_its_files_and_from_other_places() {
        let yaml = "# comment\n- service: s3\n  function: list_buckets\n";
        let expected = serde_json::json!([{"service": "s3", "function": "list_buckets"}]);
        for origin in ["scan.yaml", "scan.YML", "standard input", "https://example.com/raw"] {
            assert_eq!(parse(yaml, origin, JsonKind::Spec).expect("a document"), expected, "{origin}");
            assert_eq!(parse(&expected.to_string(), origin, JsonKind::Spec).expect("a document"), expected);
        }
        assert_eq!(
            complaint("- service: s3\n  service: sqs\n", "scan.yaml"),
            "scan.yaml:2:3: not YAML: the key `service` is there twice\n      service: sqs\n      ^"
        );
    }

    #[test]
    fn a_byte_order_mark_does_no_harm() {
        assert!(parse("\u{feff}[]", "scan.json", JsonKind::Spec).is_ok());
    }
}
