//! Finds the items of a list that are described by a child call.
//!
//! A child call is made for an item that its filter derives from the list. A listed item and a description
//! match if the description was made for the item derived from it. A name alone is not enough: node groups of
//! two clusters may have the same name. If the spec does not determine the derived item (a filter made the
//! list, or one call is made for many items), they match if they have an identity in common and the
//! description was made for an item about the listed item's parent.
//!
//! Each description belongs to one listed item. An item whose description was denied, or that was deleted
//! before it, stays as it was listed, whatever the names of others.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::call::in_order;
use super::rules::ItemIdentity;
use crate::plan::redaction::is_redacted;

/// The results of a child call in one place.
#[derive(Debug, Default)]
pub(super) struct Descriptions {
    all: Vec<Description>,
    by_item: HashMap<String, Vec<usize>>,
}

#[derive(Debug)]
struct Description {
    /// The number of its item among the items of its call.
    number: u64,
    for_item: Value,
    identity: ItemIdentity,
    is_taken: bool,
}

/// A listed item that is not matched with a description yet.
#[derive(Debug)]
pub(super) struct ListedItem {
    /// The number of the item among the items of its call.
    pub(super) number: u64,
    pub(super) identity: ItemIdentity,
    /// The item that its call was made for; null if there is none.
    pub(super) parent: Value,
    /// The items derived from it for the child call, as far as they are known.
    pub(super) for_items: Vec<Value>,
    /// The strings in the item.
    pub(super) texts: BTreeSet<String>,
}

impl Descriptions {
    /// Adds the result with a number. If the call was made for a single item, all results in its response are one
    /// description.
    pub(super) fn add(
        &mut self,
        number: u64,
        for_item: &Value,
        identity: ItemIdentity,
        is_of_same_answer: bool,
    ) {
        let is_for_many = has_list(for_item);
        if is_of_same_answer && !is_for_many {
            return;
        }
        if !is_for_many {
            self.by_item.entry(key(for_item)).or_default().push(self.all.len());
        }
        self.all.push(Description { number, for_item: for_item.clone(), identity, is_taken: false });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Takes the description made for one of these items, and returns the item that it was made for.
    pub(super) fn take_described(&mut self, for_items: &[Value]) -> Option<Value> {
        let keys = for_items.iter().map(key).filter(|key| !is_redacted(key));
        let found = keys.filter_map(|key| self.by_item.get(&key)).flatten().copied();
        let found = self.untaken(found).next();
        self.take(found);
        found.map(|index| self.all[index].for_item.clone())
    }

    /// Removes the remaining described items from the list: first by identity, and then, for calls made for
    /// redacted items, by the number of equal redacted items. Calls `found` with the numbers of the item and of its
    /// description.
    pub(super) fn identify(&mut self, listed: &mut Vec<ListedItem>, found: &mut dyn FnMut(u64, u64)) {
        let by_text = self.by_text();
        for way in [Self::by_identity, Self::by_redacted_item] {
            listed.retain(|item| {
                let description = way(self, item, &by_text);
                self.take(description);
                let number = description.map(|index| self.all[index].number);
                number.inspect(|number| found(item.number, *number)).is_none()
            });
        }
    }

    /// Returns the remaining descriptions by their identifying strings: those of the result, or else those of
    /// the item.
    fn by_text(&self) -> HashMap<String, Vec<usize>> {
        let mut by_text: HashMap<String, Vec<usize>> = HashMap::new();
        for index in self.untaken(0..self.all.len()) {
            let Description { for_item, identity, .. } = &self.all[index];
            let mut texts = BTreeSet::new();
            texts.extend([&identity.id, &identity.arn, &identity.name].into_iter().flatten().cloned());
            if identity.id.is_none() {
                texts_of(for_item, &mut |text| {
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

    /// Descriptions made for equal redacted items cannot be distinguished, so any of them is taken whose
    /// identity does not contradict.
    fn by_redacted_item(&self, listed: &ListedItem, _: &HashMap<String, Vec<usize>>) -> Option<usize> {
        let keys = listed.for_items.iter().map(key).filter(|key| is_redacted(key));
        let alike = keys.filter_map(|key| self.by_item.get(&key)).flatten().copied();
        self.untaken(alike).find(|index| {
            let identity = &self.all[*index].identity;
            !differ(identity.arn.as_ref(), listed.identity.arn.as_ref())
                && !differ(identity.id.as_ref(), listed.identity.id.as_ref())
        })
    }

    fn untaken(&self, indices: impl Iterator<Item = usize>) -> impl Iterator<Item = usize> {
        indices.filter(|index| !self.all[*index].is_taken)
    }

    fn take(&mut self, found: Option<usize>) {
        if let Some(index) = found {
            self.all[index].is_taken = true;
        }
    }
}

impl Description {
    /// Returns whether it may describe a listed item with which it has a string in common.
    fn fits(&self, listed: &ListedItem) -> bool {
        let has_same_arn = self.identity.arn.is_some() && self.identity.arn == listed.identity.arn;
        has_same_arn
            || !differ(self.identity.arn.as_ref(), listed.identity.arn.as_ref())
                && match &self.for_item {
                    // The items of a batch are in its list.
                    Value::Array(items) if is_batch(items) && !listed.for_items.is_empty() => {
                        items.iter().any(|item| listed.for_items.contains(item))
                    }
                    for_item => is_about(for_item, &listed.texts, &listed.parent),
                }
    }
}

fn differ(one: Option<&String>, other: Option<&String>) -> bool {
    one.is_some() && other.is_some() && one != other
}

/// Returns whether a call made for `for_item` may be about an item listed for `parent`: it contains a string
/// of the parent, or only strings of the listed item.
#[must_use]
pub fn may_be_about(for_item: &Value, item: &Value, parent: &Value) -> bool {
    let texts = texts_in(item);
    match for_item {
        Value::Array(items) if is_batch(items) => items.iter().any(|one| is_about(one, &texts, parent)),
        one => is_about(one, &texts, parent),
    }
}

/// Returns whether a list of items names their parents: those of a batch whose items have several values.
fn is_batch(items: &[Value]) -> bool {
    items.iter().any(Value::is_object)
}

fn is_about(for_item: &Value, item: &BTreeSet<String>, parent: &Value) -> bool {
    if parent.is_null() {
        return true;
    }
    // If a call is made for many items, the item's own name is in their list.
    let none = BTreeSet::new();
    let item = if has_list(for_item) { &none } else { item };
    let of_parent = texts_in(parent);
    let names_parent = |text: &str| {
        // `cluster/prod` in an ARN is the cluster `prod`, in the item as well as in the parent.
        let has_parts = text.starts_with("arn:") || text.contains("://");
        let parts = text.split(['/', ':']).filter(|_| has_parts).map(str::to_owned).collect();
        of_parent.contains(text)
            || without(parts, item).iter().any(|part| of_parent.contains(part))
            || of_parent.iter().any(|whole| whole.starts_with("arn:") && is_last_part(text, whole))
    };
    let mut texts = Vec::new();
    texts_of(for_item, &mut |text| texts.push(text.to_owned()));
    let others = without(texts, item);
    others.is_empty() || others.iter().any(|text| names_parent(text))
}

/// Removes the strings of an item from a list, each of them once: parent and child may have the same name.
fn without(mut texts: Vec<String>, item: &BTreeSet<String>) -> Vec<String> {
    for own in item {
        if let Some(position) = texts.iter().position(|text| text == own) {
            texts.swap_remove(position);
        }
    }
    texts
}

/// Returns whether a text is the last part of an ARN.
fn is_last_part(part: &str, whole: &str) -> bool {
    whole.strip_suffix(part).is_some_and(|before| before.ends_with(['/', ':']))
}

/// Returns the strings in a value, except those in lists.
pub(super) fn texts_in(value: &Value) -> BTreeSet<String> {
    let mut texts = BTreeSet::new();
    texts_of(value, &mut |text| {
        texts.insert(text.to_owned());
    });
    texts
}

/// Calls `take` with every string in a value, except redacted ones and those in lists, which belong to many
/// items.
fn texts_of(value: &Value, take: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) if !text.is_empty() && !is_redacted(text) => take(text),
        Value::Object(members) => members.values().for_each(|value| texts_of(value, take)),
        _ => {}
    }
}

fn has_list(for_item: &Value) -> bool {
    match for_item {
        Value::Array(_) => true,
        Value::Object(members) => members.values().any(Value::is_array),
        _ => false,
    }
}

fn key(for_item: &Value) -> String {
    in_order(for_item).to_string()
}

#[cfg(test)]
mod tests;
