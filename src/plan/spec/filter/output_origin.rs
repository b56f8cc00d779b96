//! Recognizes filters whose number of outputs follows from their input: one for each element of a list, or one for
//! the whole response.

use std::sync::LazyLock;

use regex_lite::Regex;

/// The part of a response from which a filter takes its outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputOrigin<'filter> {
    /// The filter has one output for each element of this top-level list.
    Elements(&'filter str),
    /// The filter has one output for each response.
    Response,
    /// The number of outputs depends on the values in the response.
    Other,
}

/// Matches one value of the input: `.Key.Id`, or `{id: .KeyId, of: $item}`.
static ONE_VALUE: LazyLock<String> = LazyLock::new(|| {
    let name = r"[A-Za-z_][A-Za-z0-9_]*";
    let value = format!(r"(?:\$item(?:\.{name}\??)*|(?:\.{name}\??)+|\.)");
    let key = format!(r#"(?:{name}|"[^"\\]*")"#);
    let pair = format!(r"{key}\s*:\s*{value}");
    format!(r"(?:{value}|\{{\s*{pair}(?:\s*,\s*{pair})*\s*\}})")
});

static ELEMENTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let name = r"[A-Za-z_][A-Za-z0-9_]*";
    let one = &*ONE_VALUE;
    Regex::new(&format!(r"^\s*\.({name})\[\]\??(?:\.{name}\??)*\s*(?:\|\s*{one}\s*)?$")).ok()
});

static RESPONSE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!(r"^\s*{}\s*$", &*ONE_VALUE)).ok());

/// Returns the origin of a filter's outputs.
pub(super) fn output_origin(text: &str) -> OutputOrigin<'_> {
    let element = ELEMENTS.as_ref().and_then(|elements| elements.captures(text)?.get(1));
    match element {
        Some(list) => OutputOrigin::Elements(list.as_str()),
        None if RESPONSE.as_ref().is_some_and(|response| response.is_match(text)) => OutputOrigin::Response,
        None => OutputOrigin::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::{OutputOrigin, output_origin};

    #[test]
    fn filters_with_one_output_per_element_are_recognized() {
        for text in [
            ".Keys[]",
            ".Keys[]?",
            ".Keys[]?.Key.Id",
            ".Keys[] | {id: .KeyId, \"of-key\": $item.Arn, all: .}",
            ".Keys[] | .Id",
        ] {
            assert_eq!(output_origin(text), OutputOrigin::Elements("Keys"), "{text}");
        }
    }

    #[test]
    fn filters_with_one_output_per_response_are_recognized() {
        for text in [".", ".Pool.Domain", "$item", "{id: .Id, domain: $item.domain}"] {
            assert_eq!(output_origin(text), OutputOrigin::Response, "{text}");
        }
    }

    #[test]
    fn outputs_that_depend_on_values_are_not_counted() {
        for text in [
            ".Reservations[].Instances[]",
            ".Keys[] | select(.a)",
            ".Keys[], .Others[]",
            ".a, .b",
            ".Methods // {} | keys[]",
            "{id: .Ids[]}",
            "..",
            "empty",
            ".[]",
        ] {
            assert_eq!(output_origin(text), OutputOrigin::Other, "{text}");
        }
    }
}
