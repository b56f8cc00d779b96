//! Parses JSON text and shows where it is invalid.

use serde_json::Value;

use super::error::SpecError;

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

/// Parses JSON; an error names the line and the column and shows the line.
pub(super) fn parse(text: &str, origin: &str, kind: JsonKind) -> Result<Value, SpecError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(text).map_err(|error| SpecError::Unreadable(explain(text, origin, kind, &error)))
}

fn explain(text: &str, origin: &str, kind: JsonKind, error: &serde_json::Error) -> String {
    let (what, items) = match kind {
        JsonKind::Spec => ("a scan spec", "calls"),
        JsonKind::AcceptedGaps => ("a file of accepted gaps", "entries"),
    };
    if text.trim().is_empty() {
        return format!("{origin} is empty; {what} is a list of {items} in JSON");
    }
    if let Some(instead) = other_format(text, origin) {
        return format!("{origin} is {instead}, but {what} is JSON");
    }
    let (line, column) = (error.line(), error.column());
    let cause = error.to_string();
    let cause = cause.split(" at line ").next().unwrap_or(&cause);
    let shown = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    // The column counts bytes, from 1; the mark is placed below a character.
    let before = shown.get(..column.saturating_sub(1)).unwrap_or(shown).chars().count();
    let skip = if before < LONGEST_LINE { 0 } else { before - LONGEST_LINE / 2 };
    let shown: String = shown.chars().skip(skip).take(LONGEST_LINE).collect();
    format!("{origin}:{line}:{column}: not JSON: {cause}\n    {shown}\n    {:1$}^", "", before - skip)
}

/// Returns the format of a text that is not JSON, if it is recognized.
fn other_format(text: &str, origin: &str) -> Option<&'static str> {
    let start = text.trim_start();
    let is_yaml_file = [".yaml", ".yml"].iter().any(|extension| origin.ends_with(extension));
    if start.starts_with('<') {
        Some("a web page (give the address of the raw file)")
    } else if is_yaml_file
        || start.starts_with("---")
        || start.starts_with("- ")
        || start.starts_with("inventories:")
    {
        Some("YAML (convert it, for example with `yq -o json`)")
    } else {
        None
    }
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
        assert!(complaint("inventories:\n  - name: a\n", "config").contains("YAML"));
        assert!(complaint("name: a\n", "config.yaml").contains("YAML"));
    }

    #[test]
    fn a_byte_order_mark_does_no_harm() {
        assert!(parse("\u{feff}[]", "scan.json", JsonKind::Spec).is_ok());
    }
}
