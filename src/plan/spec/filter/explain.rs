//! Error messages for filters that do not compile, with the place of the error.

use jaq_core::{compile, load};

use super::datum::fault;
use crate::util::plural::plural;
use crate::util::source_excerpt::marked;

/// The prefix of jaq's message for a filter that is not a path.
pub(super) const PATH: &str = "invalid path expression";
/// The maximum length of quoted values in error texts: a value can be a whole response.
const LONGEST_QUOTE: usize = 200;

/// Returns the message for a filter that cannot be parsed.
pub(super) fn load(text: &str, errors: &load::Errors<&str, ()>) -> String {
    let (part, problem) = match errors.first().map(|(_, error)| error) {
        Some(load::Error::Lex(errors)) => match errors.first() {
            Some((load::lex::Expect::Delim(open), _)) => (*open, format!("`{open}` is never closed")),
            Some((expected, found)) => (*found, format!("expected {}", expected.as_str())),
            None => ("", String::new()),
        },
        Some(load::Error::Parse(errors)) => match errors.first() {
            Some((expected, found)) => (*found, format!("expected {}", expected.as_str())),
            None => ("", String::new()),
        },
        Some(load::Error::Io(_)) => (text, "`import` and `include` are not supported".to_owned()),
        None => ("", String::new()),
    };
    // An empty part is the end of the text, wherever jaq's empty slice may point.
    point_at(text, if part.is_empty() { text.len() } else { place(text, part) }, &problem)
}

/// Returns the message for a filter that can be parsed but has undefined names.
pub(super) fn compile(text: &str, errors: &compile::Errors<&str, ()>) -> String {
    let first = errors.first().and_then(|(_, errors)| errors.first());
    let Some((name, undefined)) = first else { return point_at(text, 0, "it does not compile") };
    let problem = match undefined {
        compile::Undefined::Filter(arguments) if *arguments > 0 => {
            format!("there is no function `{name}` that takes {}", plural(*arguments, "argument"))
        }
        compile::Undefined::Filter(_) => format!("there is no function `{name}`"),
        undefined => format!("there is no {} `{name}`", undefined.as_str()),
    };
    point_at(text, place(text, name), &problem)
}

/// Returns the offset of a part in the text. A part that is not in the text was inserted by the program.
pub(super) fn place(text: &str, part: &str) -> usize {
    let place = part.as_ptr().addr().checked_sub(text.as_ptr().addr());
    place.filter(|place| *place <= text.len()).unwrap_or(0)
}

/// Returns the message for a problem at a part of the text.
pub(super) fn mistake(text: &str, part: &str, problem: &str) -> String {
    point_at(text, place(text, part), problem)
}

/// Returns the message with the filter below it and a mark below the place.
pub(super) fn point_at(text: &str, offset: usize, problem: &str) -> String {
    let before = text.get(..offset).unwrap_or(text);
    let mut message = format!(
        "the jq filter does not compile at character {}: {problem}\n{}",
        before.chars().count() + 1,
        marked(text, offset)
    );
    if text.contains("[?") {
        message.push_str("\n    `[?…]` is JMESPath; jq writes `.Items[] | select(.State == \"running\")`");
    }
    message
}

/// Returns the message of an error without the values in it: a value can be a whole response, and its content
/// must not be logged.
pub(super) fn without_values(error: fault::Error) -> String {
    let message = error.into_val();
    match message.as_str() {
        Some(text) => match fault::without_values(text) {
            Some(shown) => shorten(&shown),
            None if text.starts_with(PATH) => "it is not a path to a part of the input".to_owned(),
            None => shorten(&message.to_string()),
        },
        None => shorten(&message.to_string()),
    }
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(LONGEST_QUOTE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
