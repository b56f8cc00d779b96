//! Words for what is wrong with a filter, and where.

use jaq_core::{compile, load};

use crate::excerpt::marked;
use crate::plural::plural;

/// Error texts quote values, and values can be whole answers.
const LONGEST_QUOTE: usize = 200;

/// Why a filter cannot be read.
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
        Some(load::Error::Io(_)) => (text, "`import` and `include` have no meaning here".to_owned()),
        None => ("", String::new()),
    };
    // An empty part is the end of the text, wherever jaq's empty slice may point.
    point_at(text, if part.is_empty() { text.len() } else { load::span(text, part).start }, &problem)
}

/// Why a filter that can be read means nothing.
pub(super) fn compile(text: &str, errors: &compile::Errors<&str, ()>) -> String {
    let first = errors.first().and_then(|(_, errors)| errors.first());
    let Some((name, undefined)) = first else { return point_at(text, 0, "it does not compile") };
    let problem = match undefined {
        compile::Undefined::Filter(arguments) if *arguments > 0 => {
            format!("there is no function `{name}` that takes {}", plural(*arguments, "argument"))
        }
        compile::Undefined::Filter(_) if *name == "env" => "`env` is not available here".to_owned(),
        compile::Undefined::Filter(_) => format!("there is no function `{name}`"),
        undefined => format!("there is no {} `{name}`", undefined.as_str()),
    };
    point_at(text, load::span(text, name).start, &problem)
}

/// The message with the filter below it and a mark below the place.
fn point_at(text: &str, offset: usize, problem: &str) -> String {
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

/// jaq's message with the values in it replaced by their types: a value can be a whole answer,
/// and what is in it is nobody's business in a log.
pub(super) fn without_values(message: &str) -> String {
    for (start, separators) in [("cannot use ", &[" as "][..]), ("cannot index ", &[" with "])] {
        let Some(rest) = message.strip_prefix(start) else { continue };
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<serde::de::IgnoredAny>();
        if !matches!(values.next(), Some(Ok(_))) {
            continue;
        }
        let (value, rest) = rest.split_at(values.byte_offset());
        if separators.iter().any(|separator| rest.starts_with(separator)) {
            let hint = if value == "null" { " (append `?` to pass over what is absent)" } else { "" };
            return format!("{start}{}{}{hint}", type_of(value), shorten(rest));
        }
    }
    shorten(message)
}

/// What kind of value this JSON text is.
fn type_of(json: &str) -> &'static str {
    match json.as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    }
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(LONGEST_QUOTE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
