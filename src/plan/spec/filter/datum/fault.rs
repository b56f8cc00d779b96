//! Errors of filters, in jq's wording, and their messages for users.

use std::cell::RefCell;

use jaq_json::Val;

use super::Datum;
use crate::plan::spec::filter::write;

pub(in crate::plan::spec::filter) type Error = jaq_core::Error<Datum>;
pub(in crate::plan::spec::filter) type DatumResult = Result<Datum, Error>;

thread_local! {
    /// The last message whose wording differs from jq's.
    static UNSURE: RefCell<String> = const { RefCell::new(String::new()) };
    /// The last message with a value in it, and its form without the value.
    static QUOTED: RefCell<(String, String)> = const { RefCell::new((String::new(), String::new())) };
}

/// Returns an error in jq's wording, which a filter that catches it can read.
pub(in crate::plan::spec::filter) fn error(message: impl Into<String>) -> Error {
    Error::new(Datum::text(message))
}

/// Returns an error whose wording differs from jq's; a filter may catch it but not read its message.
pub(in crate::plan::spec::filter) fn unsure(message: &str) -> Error {
    UNSURE.set(message.to_owned());
    error(message)
}

/// Returns whether the wording of an error differs from jq's.
pub(in crate::plan::spec::filter) fn is_unsure(message: &Datum) -> bool {
    UNSURE.with_borrow(|unsure| !unsure.is_empty() && message.as_str() == Some(unsure))
}

/// Returns an error with a value in its message; only filters see the value.
pub(in crate::plan::spec::filter) fn quoting(message: String, shown: impl Into<String>) -> Error {
    QUOTED.set((message.clone(), shown.into()));
    error(message)
}

/// Returns the message of an error without the value in it, if it has one.
pub(in crate::plan::spec::filter) fn without_values(message: &str) -> Option<String> {
    QUOTED.with_borrow(|(quoted, shown)| (quoted == message).then(|| shown.clone()))
}

/// Returns an error of the form `number (1)` and `problem`.
pub(in crate::plan::spec::filter) fn unfit(value: &Datum, problem: &str) -> Error {
    quoting(format!("{} {problem}", described(value)), format!("{} {problem}", value.article()))
}

pub(in crate::plan::spec::filter) fn impossible(left: &Datum, right: &Datum, what: &str) -> Error {
    quoting(
        format!("{} and {} cannot {what}", described(left), described(right)),
        format!("{} and {} cannot {what}", left.article(), right.article()),
    )
}

/// Returns the type of a value and the start of its JSON, as in jq's messages.
fn described(value: &Datum) -> String {
    format!("{} ({})", value.kind(), write::shortened(&value.0, 15))
}

/// Returns a hint for a null value.
pub(in crate::plan::spec::filter) fn hint(value: &Datum) -> &'static str {
    if matches!(value.0, Val::Null) { " (append `?` to skip missing values)" } else { "" }
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
