//! What goes wrong in a filter, in words of jq's, and how people are told.

use std::cell::RefCell;

use jaq_json::Val;

use super::Datum;
use crate::plan::spec::filter::write;

pub(in crate::plan::spec::filter) type Error = jaq_core::Error<Datum>;
pub(in crate::plan::spec::filter) type DatumResult = Result<Datum, Error>;

thread_local! {
    /// The last message whose words are not jq's.
    static UNSURE: RefCell<String> = const { RefCell::new(String::new()) };
    /// The last message with a value in it, and how it reads without.
    static QUOTED: RefCell<(String, String)> = const { RefCell::new((String::new(), String::new())) };
}

/// What went wrong, in words of jq's; a filter that catches it sees them.
pub(in crate::plan::spec::filter) fn error(message: impl Into<String>) -> Error {
    Error::new(Datum::text(message))
}

/// The same with words that are not jq's; a filter may catch it and may not look at it.
pub(in crate::plan::spec::filter) fn unsure(message: &str) -> Error {
    UNSURE.set(message.to_owned());
    error(message)
}

/// Whether the words of an error are not jq's.
pub(in crate::plan::spec::filter) fn is_unsure(message: &Datum) -> bool {
    UNSURE.with_borrow(|unsure| !unsure.is_empty() && message.as_str() == Some(unsure))
}

/// The same with a value in it, which is shown to filters only.
pub(in crate::plan::spec::filter) fn quoting(message: String, shown: impl Into<String>) -> Error {
    QUOTED.set((message.clone(), shown.into()));
    error(message)
}

/// How the message of an error reads without the value in it, if it has one.
pub(in crate::plan::spec::filter) fn without_values(message: &str) -> Option<String> {
    QUOTED.with_borrow(|(quoted, shown)| (quoted == message).then(|| shown.clone()))
}

/// `number (1)` and what is wrong with it.
pub(in crate::plan::spec::filter) fn unfit(value: &Datum, problem: &str) -> Error {
    quoting(format!("{} {problem}", described(value)), format!("{} {problem}", value.article()))
}

pub(in crate::plan::spec::filter) fn impossible(left: &Datum, right: &Datum, what: &str) -> Error {
    quoting(
        format!("{} and {} cannot {what}", described(left), described(right)),
        format!("{} and {} cannot {what}", left.article(), right.article()),
    )
}

/// The type of a value and the beginning of its JSON, as jq's messages have it.
fn described(value: &Datum) -> String {
    format!("{} ({})", value.kind(), write::shortened(&value.0, 15))
}

/// What to do about a value that is not there.
pub(in crate::plan::spec::filter) fn hint(value: &Datum) -> &'static str {
    if matches!(value.0, Val::Null) { " (append `?` to pass over what is absent)" } else { "" }
}

pub(in crate::plan::spec::filter) fn not_a_key(name: &Datum) -> Error {
    let quoted = format!("Cannot use {} as object key", described(name));
    quoting(quoted, format!("cannot use {} as the key of an object", name.article()))
}

pub(in crate::plan::spec::filter) fn not_iterable(value: &Datum) -> Error {
    let shown = format!("cannot iterate over {}{}", value.article(), hint(value));
    match value.0 {
        Val::Null => quoting("Cannot iterate over null".to_owned(), shown),
        _ => quoting(format!("Cannot iterate over {}", described(value)), shown),
    }
}
