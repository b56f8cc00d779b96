//! Answers about a resource that are no resources themselves: its policy, its tags, its settings.
//!
//! A child call is about the items of its parent if it returns one answer for each, or lists without an identity.
//! Its answers, and items that a child call describes, are kept in a temporary file until the resource is read that
//! they belong to, so that memory use does not grow with them.

use std::collections::HashMap;

use serde_json::Value;

use super::call::{ReportedCall, in_order};
use super::indexes::IndexCall;
use super::lists::ResourceList;
use super::rules::kind;
use super::scratch::{ScratchValues, StoredValue};
use crate::run::ResultsError;

impl ReportedCall {
    /// Determines whether its answers are about the items of its parent, and no separate resources.
    pub(super) fn is_about_parent(&self) -> bool {
        let is_about_parent = self.is_child && self.listed_by.is_none();
        // The tags of a resource are about it, whatever the name of the function.
        let mut lists = self.lists.iter().zip(&self.places);
        is_about_parent && lists.all(|(list, place)| place.as_one || self.is_without_identity(list))
    }

    /// Returns whether its answers are the tags of the items of its parent.
    pub(super) fn is_about_tags(&self) -> bool {
        self.kinds().all(|kind| matches!(kind.rsplit('_').next(), Some("tag" | "tags" | "tagging")))
    }

    /// Returns whether it returns tags of resources that other calls return.
    pub(super) fn returns_tags(&self) -> bool {
        matches!(self.index, Some(IndexCall::Tags { .. })) || self.is_detail() && self.is_about_tags()
    }

    /// Returns whether it returns a part of the parent's items: the code signing configuration of a function, with the
    /// function's name in it. Parts with a separate type are resources.
    fn is_named_after_parent(&self, list: &ResourceList) -> bool {
        let of_parent = self.kind_of_parent().and_then(|parent| list.rule.kind.strip_prefix(parent));
        of_parent.is_some_and(|part| part.starts_with('_')) && list.rule.fixed_type().is_none()
    }

    fn is_without_identity(&self, list: &ResourceList) -> bool {
        if list.is_text() {
            return list.rule.fixed_type().is_none();
        }
        let (id, arn, name, _) = list.rule.members();
        let is_one = !kind::returns_several(&self.function);
        if is_one && self.is_named_after_parent(list) {
            return true;
        }
        // The tables of a Glue database have only names, and are resources.
        let is_named = !is_one && !name.is_empty() && list.rule.fixed_type().is_some();
        match list.item {
            Some(_) => id.is_empty() && arn.is_empty() && !is_named,
            // A filter of the spec made it.
            None => is_one,
        }
    }
}

/// Answers in one place that wait for the resources that they belong to.
#[derive(Debug, Default)]
pub(super) struct WaitingAnswers {
    values: ScratchValues,
    /// By call and by the item that it was made for.
    by_item: HashMap<(usize, String), Vec<StoredValue>>,
}

/// An answer with what it was made for.
#[derive(Debug)]
pub(super) struct WaitingAnswer {
    pub(super) for_item: Value,
    pub(super) answer: Value,
}

impl WaitingAnswers {
    /// Keeps an answer of a call; `key` is the item that it is found by.
    pub(super) fn put(
        &mut self,
        call: usize,
        key: &Value,
        for_item: &Value,
        answer: Value,
    ) -> Result<(), ResultsError> {
        let stored = self.values.put(&(for_item, answer))?;
        self.by_item.entry((call, key_of(key))).or_default().push(stored);
        Ok(())
    }

    /// Takes the answers of a call for an item.
    pub(super) fn take(&mut self, call: usize, key: &Value) -> Result<Vec<WaitingAnswer>, ResultsError> {
        let Some(stored) = self.by_item.remove(&(call, key_of(key))) else { return Ok(Vec::new()) };
        stored.into_iter().map(|stored| self.read(stored)).collect()
    }

    /// Takes the answers of a call that no resource has taken, in their order.
    pub(super) fn take_rest(&mut self, call: usize) -> Result<Vec<WaitingAnswer>, ResultsError> {
        let mut rest = Vec::new();
        self.by_item.retain(|(of, _), stored| {
            if *of == call {
                rest.append(stored);
            }
            *of != call
        });
        rest.sort_by_key(|stored| stored.position());
        rest.into_iter().map(|stored| self.read(stored)).collect()
    }

    fn read(&mut self, stored: StoredValue) -> Result<WaitingAnswer, ResultsError> {
        let (for_item, answer) = self.values.read(stored)?;
        Ok(WaitingAnswer { for_item, answer })
    }
}

pub(super) fn key_of(item: &Value) -> String {
    in_order(item).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::WaitingAnswers;

    #[test]
    fn answers_are_found_by_call_and_item() {
        let mut waiting = WaitingAnswers::default();
        waiting.put(1, &json!("a"), &json!("a"), json!({"Policy": 1})).expect("keeps");
        waiting.put(2, &json!("a"), &json!("a"), json!({"Policy": 2})).expect("keeps");
        waiting.put(1, &json!({"x": 1, "y": 2}), &json!("b"), json!([3])).expect("keeps");
        let taken = waiting.take(2, &json!("a")).expect("reads");
        assert_eq!(taken.iter().map(|one| &one.answer).collect::<Vec<_>>(), [&json!({"Policy": 2})]);
        assert!(waiting.take(2, &json!("a")).expect("reads").is_empty(), "an answer is taken once");
        let taken = waiting.take(1, &json!({"y": 2, "x": 1})).expect("reads");
        assert_eq!((&taken[0].for_item, &taken[0].answer), (&json!("b"), &json!([3])));
    }

    #[test]
    fn rest_is_in_the_order_of_the_answers() {
        let mut waiting = WaitingAnswers::default();
        for name in ["c", "a", "b"] {
            waiting.put(1, &json!(name), &json!(name), json!(name)).expect("keeps");
        }
        waiting.take(1, &json!("a")).expect("reads");
        let rest: Vec<_> = waiting.take_rest(1).expect("reads").into_iter().map(|one| one.answer).collect();
        assert_eq!(rest, [json!("c"), json!("b")]);
        assert!(waiting.take_rest(1).expect("reads").is_empty());
    }
}
