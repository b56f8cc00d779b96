//! Recognizes filters whose number of outputs follows from their input: one for each element of a list, or one for
//! the whole response. Some may be missing, because `| values` omits nulls.

use super::path_parser::PathParser;

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

/// Returns the origin of a filter's outputs.
pub(super) fn output_origin(text: &str) -> OutputOrigin<'_> {
    let mut parser = PathParser::new(text);
    if let Some((list, true)) = parser.path().and_then(|path| path.elements())
        && (parser.is_at_end() || parser.take("|") && is_one_value(parser))
    {
        return OutputOrigin::Elements(list);
    }
    if is_one_value(PathParser::new(text)) { OutputOrigin::Response } else { OutputOrigin::Other }
}

/// Returns whether the rest of a filter is one value of the input: `.Key.Id`, or `{id: (.KeyId | values), of: $item}`.
fn is_one_value(mut parser: PathParser<'_>) -> bool {
    let is_single = |parser: &mut PathParser<'_>| {
        let is_enclosed = parser.take("(");
        parser.path().is_some_and(|path| path.is_single()) && (!is_enclosed || parser.take(")"))
    };
    if !parser.take("{") {
        return is_single(&mut parser) && parser.is_at_end();
    }
    loop {
        if parser.key().is_none() || !parser.take(":") || !is_single(&mut parser) {
            return false;
        }
        if !parser.take(",") {
            return parser.take("}") && parser.is_at_end();
        }
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
            ".Keys[]?.Id | values",
            ".Keys[]? | {id: (.KeyId | values), of: ($item.Arn|values)}",
        ] {
            assert_eq!(output_origin(text), OutputOrigin::Elements("Keys"), "{text}");
        }
    }

    #[test]
    fn filters_with_one_output_per_response_are_recognized() {
        for text in [
            ".",
            ".Pool.Domain",
            ".Pool.Domain | values",
            "$item",
            "{id: .Id, domain: $item.domain}",
            "{id: (.Id | values)}",
        ] {
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
            "{id: (.Ids[] | values)}",
            "{id: (.Id | values}",
            "..",
            "empty",
            ".[]",
        ] {
            assert_eq!(output_origin(text), OutputOrigin::Other, "{text}");
        }
    }
}
