//! Secrets in a text: found by the names before them, and by their own form.
//!
//! ```text
//! text ─► triggers (one pass) ─► JSON? ─► document ─► the same text with other values
//!                             ─► bytes in base64? ─► the text in them ─► bytes in base64
//!                             ─► any other: named, URLs, commands, environments, forms ─► spans
//! ```

mod address;
mod command;
pub(crate) mod document;
mod encoded;
mod environment;
mod json;
mod lines;
mod may_hold;
mod named;
pub(super) mod places;
mod router;
pub(super) mod scan;
mod triggers;

use super::REDACTED;
use super::secrets::forms;
pub(super) use command::redact_arguments;
pub(super) use may_hold::{Hint, may_hold};
pub(super) use scan::Span;

/// The maximum depth to which nested texts are searched.
const DEPTH: usize = 5;

/// A text without its secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RedactedText {
    pub(super) text: String,
    /// The kinds of secrets that were found, and their numbers.
    pub(super) kinds: Vec<(&'static str, u64)>,
}

/// The kind of a secret that was found by its name.
pub(super) const NAMED: &str = "secret by its name";

/// Redacts the secrets in a text; `None` if it has none. `member` is the key of the text.
pub(super) fn clean(text: &str, member: &str) -> Option<RedactedText> {
    clean_at(text, member, 0)
}

/// Works as [`clean`], for a text at this depth in other texts.
pub(super) fn clean_at(text: &str, member: &str, depth: usize) -> Option<RedactedText> {
    if depth > DEPTH || !may_hold(text.as_bytes(), &Hint::default()) {
        return None;
    }
    if let Some(outcome) = json::clean(text, depth) {
        return outcome;
    }
    if let Some(outcome) = encoded::clean(text, depth) {
        return outcome;
    }
    let spans = spans(text, member, depth);
    (!spans.is_empty()).then(|| without(text, &spans))
}

/// The memory of the search through one text: facts that many triggers have in common are found once, so that the
/// time does not grow faster than the text.
#[derive(Debug, Default)]
struct SearchMemory {
    lines: lines::LineMemory,
    names: named::NameMemory,
    statements: router::StatementMemory,
    addresses: address::AddressMemory,
    pipes: command::PipeMemory,
    environments: environment::EnvironmentMemory,
    encoded: encoded::EncodedMemory,
    tokens: forms::TokenMemory,
}

/// Returns the ranges of the secrets in a text of no particular form.
fn spans(text: &str, member: &str, depth: usize) -> Vec<Span> {
    let (mut spans, memory) = (Vec::new(), SearchMemory::default());
    triggers::each(text, |place, trigger| match trigger {
        triggers::Trigger::Name => {
            named::find(text, place, &memory, &mut spans);
            router::find(text, place, &memory, &mut spans);
        }
        triggers::Trigger::Router => router::find(text, place, &memory, &mut spans),
        triggers::Trigger::Address => address::find(text, place, &memory.addresses, &mut spans),
        triggers::Trigger::Command => command::find(text, place, &memory, &mut spans),
        triggers::Trigger::Option => command::find_behind(text, place, &mut spans),
        triggers::Trigger::Environment => environment::find(text, place, &memory, &mut spans),
        triggers::Trigger::Encoded => encoded::find(text, place, depth, &memory.encoded, &mut spans),
        triggers::Trigger::Form(index) => {
            forms::find(index, text, place, member, &memory.tokens, &mut spans);
        }
        triggers::Trigger::Mark => {}
    });
    scan::tidy(&mut spans);
    spans
}

/// Returns the text with its secrets replaced.
fn without(text: &str, spans: &[Span]) -> RedactedText {
    let mut cleaned = RedactedText { text: String::with_capacity(text.len()), kinds: Vec::new() };
    let mut end = 0;
    for span in spans {
        cleaned.text.push_str(&text[end..span.start]);
        cleaned.text.push_str(REDACTED);
        end = span.end;
        cleaned.count(span.kind, 1);
    }
    cleaned.text.push_str(&text[end..]);
    cleaned
}

impl RedactedText {
    /// Counts secrets of a kind.
    pub(super) fn count(&mut self, kind: &'static str, count: u64) {
        match self.kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, known)) => *known += count,
            None => self.kinds.push((kind, count)),
        }
    }
}

#[cfg(test)]
mod tests;
