//! Which of the items that a call lists are described by a call below it.
//!
//! A child call answers a question: the item that its filter has made from the list. So a listed item
//! and a description belong together where the description's question is the one that this item leads
//! to. A name alone says nothing: node groups of two clusters may have the same. Where the spec does not
//! tell the question (a filter has made the list, or a call asks for many items at once), they belong
//! together if they have an identity in common and the question is about the listed item's parent.
//!
//! Each description belongs to one listed item. An item whose description was denied, or came too late,
//! stays as it was listed, whatever others are called.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::call::in_order;
use super::rules::ItemIdentity;
use crate::plan::redaction::is_redacted;

/// What a child call has answered in one place.
#[derive(Debug, Default)]
pub(super) struct Descriptions {
    all: Vec<Description>,
    by_question: HashMap<String, Vec<usize>>,
}

#[derive(Debug)]
struct Description {
    question: Value,
    identity: ItemIdentity,
    is_taken: bool,
}

/// A listed item of which it is not known yet whether it is described.
#[derive(Debug)]
pub(super) struct ListedItem {
    /// Its number among the items of its call.
    pub(super) number: u64,
    pub(super) identity: ItemIdentity,
    /// The item that its own call was asked for; null where it was asked for none.
    pub(super) parent: Value,
    /// The questions that it leads to, as far as they are known.
    pub(super) questions: Vec<Value>,
    /// The texts in it.
    pub(super) texts: BTreeSet<String>,
}

impl Descriptions {
    /// Takes note of something that was answered. Where the question was about one thing, all that is in
    /// its answer is one description.
    pub(super) fn add(&mut self, question: &Value, identity: ItemIdentity, is_of_same_answer: bool) {
        let asks_for_many = has_list(question);
        if is_of_same_answer && !asks_for_many {
            return;
        }
        if !asks_for_many {
            self.by_question.entry(key(question)).or_default().push(self.all.len());
        }
        self.all.push(Description { question: question.clone(), identity, is_taken: false });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether one of the questions that an item leads to was answered.
    pub(super) fn answer(&mut self, questions: &[Value]) -> bool {
        let keys = questions.iter().map(key).filter(|key| !is_redacted(key));
        let found = keys.filter_map(|key| self.by_question.get(&key)).flatten().copied();
        let found = self.untaken(found).next();
        self.take(found)
    }

    /// Takes those out of the list that are described after all: by what has their identity, and then, where
    /// questions are redacted, by as many as have the same redacted question.
    pub(super) fn identify(&mut self, listed: &mut Vec<ListedItem>, found: &mut dyn FnMut(u64)) {
        let by_text = self.by_text();
        for way in [Self::by_identity, Self::by_redacted_question] {
            listed.retain(|item| {
                let description = way(self, item, &by_text);
                if self.take(description) {
                    found(item.number);
                    return false;
                }
                true
            });
        }
    }

    /// What is left, by what identifies it: in the answer, or else in the question.
    fn by_text(&self) -> HashMap<String, Vec<usize>> {
        let mut by_text: HashMap<String, Vec<usize>> = HashMap::new();
        for index in self.untaken(0..self.all.len()) {
            let Description { question, identity, .. } = &self.all[index];
            let mut texts = BTreeSet::new();
            texts.extend([&identity.id, &identity.arn, &identity.name].into_iter().flatten().cloned());
            if identity.id.is_none() {
                texts_of(question, &mut |text| {
                    texts.insert(text.to_owned());
                });
            }
            for text in texts {
                by_text.entry(text).or_default().push(index);
            }
        }
        by_text
    }

    fn by_identity(&self, listed: &ListedItem, by_text: &HashMap<String, Vec<usize>>) -> Option<usize> {
        let own = [&listed.identity.arn, &listed.identity.id].into_iter().flatten();
        let alike = own.filter_map(|text| by_text.get(text)).flatten().copied();
        let fits: Vec<usize> = self.untaken(alike).filter(|index| self.all[*index].fits(listed)).collect();
        let has_same_id = |index: &&usize| self.all[**index].identity.id == listed.identity.id;
        fits.iter().find(has_same_id).or(fits.first()).copied()
    }

    /// Among those with the same redacted question nothing tells which belongs to which. Their number does,
    /// as far as nothing speaks against it.
    fn by_redacted_question(&self, listed: &ListedItem, _: &HashMap<String, Vec<usize>>) -> Option<usize> {
        let keys = listed.questions.iter().map(key).filter(|key| is_redacted(key));
        let alike = keys.filter_map(|key| self.by_question.get(&key)).flatten().copied();
        self.untaken(alike).find(|index| {
            let identity = &self.all[*index].identity;
            !differ(identity.arn.as_ref(), listed.identity.arn.as_ref())
                && !differ(identity.id.as_ref(), listed.identity.id.as_ref())
        })
    }

    fn untaken(&self, indices: impl Iterator<Item = usize>) -> impl Iterator<Item = usize> {
        indices.filter(|index| !self.all[*index].is_taken)
    }

    fn take(&mut self, found: Option<usize>) -> bool {
        if let Some(index) = found {
            self.all[index].is_taken = true;
        }
        found.is_some()
    }
}

impl Description {
    /// Whether it may be that of a listed item with which it has a text in common.
    fn fits(&self, listed: &ListedItem) -> bool {
        let has_same_arn = self.identity.arn.is_some() && self.identity.arn == listed.identity.arn;
        has_same_arn
            || !differ(self.identity.arn.as_ref(), listed.identity.arn.as_ref())
                && is_about(&self.question, &listed.texts, &listed.parent)
    }
}

fn differ(one: Option<&String>, other: Option<&String>) -> bool {
    one.is_some() && other.is_some() && one != other
}

/// Whether a question may be about an item that was listed for `parent`: it names something of the
/// parent, or nothing but what the item has itself.
#[must_use]
pub fn may_be_about(question: &Value, item: &Value, parent: &Value) -> bool {
    is_about(question, &texts_in(item), parent)
}

fn is_about(question: &Value, item: &BTreeSet<String>, parent: &Value) -> bool {
    if parent.is_null() {
        return true;
    }
    // Where a call asks for many, the item's own name is in their list.
    let none = BTreeSet::new();
    let item = if has_list(question) { &none } else { item };
    let of_parent = texts_in(parent);
    let names_parent = |text: &str| {
        // `cluster/prod` in an ARN is the cluster `prod`, on either side.
        let has_parts = text.starts_with("arn:") || text.contains("://");
        let parts = text.split(['/', ':']).filter(|_| has_parts).map(str::to_owned).collect();
        of_parent.contains(text)
            || without(parts, item).iter().any(|part| of_parent.contains(part))
            || of_parent.iter().any(|whole| whole.starts_with("arn:") && is_last_part(text, whole))
    };
    let mut texts = Vec::new();
    texts_of(question, &mut |text| texts.push(text.to_owned()));
    let others = without(texts, item);
    others.is_empty() || others.iter().any(|text| names_parent(text))
}

/// Texts without those of an item, each of them once: parent and child may have the same name.
fn without(mut texts: Vec<String>, item: &BTreeSet<String>) -> Vec<String> {
    for own in item {
        if let Some(position) = texts.iter().position(|text| text == own) {
            texts.swap_remove(position);
        }
    }
    texts
}

/// Whether a text is what an ARN ends with.
fn is_last_part(part: &str, whole: &str) -> bool {
    whole.strip_suffix(part).is_some_and(|before| before.ends_with(['/', ':']))
}

/// The texts in a value, those of lists left out.
pub(super) fn texts_in(value: &Value) -> BTreeSet<String> {
    let mut texts = BTreeSet::new();
    texts_of(value, &mut |text| {
        texts.insert(text.to_owned());
    });
    texts
}

/// Hands over every text in a value. What is redacted names nothing, and what is in a list is of many.
fn texts_of(value: &Value, take: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) if !text.is_empty() && !is_redacted(text) => take(text),
        Value::Object(members) => members.values().for_each(|value| texts_of(value, take)),
        _ => {}
    }
}

fn has_list(question: &Value) -> bool {
    match question {
        Value::Array(_) => true,
        Value::Object(members) => members.values().any(Value::is_array),
        _ => false,
    }
}

fn key(question: &Value) -> String {
    in_order(question).to_string()
}

#[cfg(test)]
mod tests;
