//! Reads the resources of a run one at a time.

use std::collections::HashSet;
use std::io::BufReader;
use std::path::Path;

use serde_json::{Map, Value};

use super::call::ReportedCall;
use super::described::{Descriptions, ListedItem, texts_in};
use super::items::{self, ItemPath, ItemsError};
use super::model::{self, KnownKind};
use super::{FoundResource, Resource};
use crate::aws::organization::Account;
use crate::plan::spec::ScanSpec;
use crate::run::{PlaceResults, Results, ResultsError};

const BLOCK: usize = 64 * 1024;

/// The resources of a run.
#[derive(Debug)]
pub struct Resources {
    results: Results,
    calls: Vec<ReportedCall>,
}

/// Takes resources.
type TakeResource<'take, E> = dyn FnMut(&Resource<'_>) -> Result<(), E> + 'take;

/// An item of a call.
struct CallItem<'answer> {
    /// Which of the call's lists it is from.
    list: usize,
    value: Value,
    /// The item that a child call was made for; null for other calls.
    for_item: &'answer Value,
    /// The number of the response that it is from: a child call has one for each item of its parent.
    answer: u64,
}

/// Takes the items of a call.
type TakeItem<'take, E> = dyn FnMut(CallItem<'_>) -> Result<(), E> + 'take;

impl Resources {
    /// Creates a reader for a run; `spec` is the spec from its manifest.
    #[must_use]
    pub fn new(results: Results, spec: &ScanSpec) -> Self {
        Self { calls: ReportedCall::all(spec), results }
    }

    /// Returns the results of the run.
    pub fn results(&self) -> &Results {
        &self.results
    }

    /// Returns the kinds that the run's calls can return, whether any were found or not; several calls may
    /// return the same kind.
    pub fn kinds(&self) -> impl Iterator<Item = KnownKind<'_>> {
        self.calls.iter().flat_map(model::kinds)
    }

    /// Calls `take` with every resource of the run: by account, by place, and then in the order of the spec.
    /// Stops at the first error of the run's files or of `take`.
    pub fn each<E: From<ResultsError>>(&self, take: &mut TakeResource<'_, E>) -> Result<(), E> {
        for account in self.results.accounts() {
            for place in self.results.places(account)? {
                self.each_of_place(account, &place, take)?;
            }
        }
        Ok(())
    }

    /// Returns the calls of the run's spec, each before its children.
    #[must_use]
    pub fn calls(&self) -> &[ReportedCall] {
        &self.calls
    }

    fn each_of_place<E: From<ResultsError>>(
        &self,
        account: &Account,
        place: &str,
        take: &mut TakeResource<'_, E>,
    ) -> Result<(), E> {
        self.each_found(account, place, &|_| true, &mut |found| take(&found.resource))
    }

    /// Calls `take` with the resources of one account in one place, in the order of the spec; skips calls
    /// that are not wanted.
    pub fn each_found<E: From<ResultsError>>(
        &self,
        account: &Account,
        place: &str,
        is_wanted: &dyn Fn(usize) -> bool,
        take: &mut dyn FnMut(FoundResource<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut results = self.results.place(account, place);
        let (account_ou, account_tags) = (account.ou_names(), account_tags(account));
        for (index, call) in self.calls.iter().enumerate().filter(|(index, _)| is_wanted(*index)) {
            let described = self.described(index, is_wanted, &mut results)?;
            let mut number = 0;
            each_item(call, &mut results, &mut |item| {
                number += 1;
                if described.contains(&number) {
                    return Ok(());
                }
                let CallItem { list, value, for_item, .. } = item;
                let list = &call.lists[list];
                let identity = list.rule.identify(&value);
                let parent = call.id_of_parent(for_item);
                // A resource with a redacted identity does not get that of its parent.
                let id = identity.id.or_else(|| parent.clone().filter(|_| !identity.is_redacted));
                let resource = Resource {
                    account: account.id.as_str(),
                    account_name: account.name.as_deref(),
                    account_ou: account_ou.as_deref(),
                    region: place,
                    service: &call.service,
                    kind: &list.rule.kind,
                    function: &call.function,
                    id,
                    arn: identity.arn,
                    name: identity.name,
                    tags: identity.tags,
                    account_tags: account_tags.as_ref(),
                    raw: value,
                };
                take(FoundResource { resource, call: index, for_item: for_item.clone(), parent })
            })?;
        }
        Ok(())
    }

    /// Returns the numbers of a call's items that a child call describes: they are not exported twice.
    fn described<E: From<ResultsError>>(
        &self,
        index: usize,
        is_wanted: &dyn Fn(usize) -> bool,
        results: &mut PlaceResults,
    ) -> Result<HashSet<u64>, E> {
        let call = &self.calls[index];
        let mut below = Vec::new();
        for index in call.described_by.iter().filter(|index| is_wanted(**index)) {
            let child = &self.calls[*index];
            let mut descriptions = Descriptions::default();
            let mut last = None;
            each_item(child, results, &mut |item| {
                let identity = child.lists[item.list].rule.identify(&item.value);
                descriptions.add(item.for_item, identity, last.replace(item.answer) == Some(item.answer));
                Ok(())
            })?;
            if !descriptions.is_empty() {
                below.push((child, descriptions));
            }
        }
        let mut described = HashSet::new();
        for (child, mut descriptions) in below {
            let (mut number, mut left) = (0, Vec::new());
            each_item(call, results, &mut |item| {
                number += 1;
                let list = &call.lists[item.list];
                // The items of grandchildren are made from the responses of calls in between.
                let is_direct = child.below == Some(index);
                let for_items =
                    if is_direct { child.child_items(list, &item.value, item.for_item) } else { Vec::new() };
                if descriptions.take_described(&for_items) {
                    described.insert(number);
                } else {
                    left.push(ListedItem {
                        number,
                        identity: list.rule.identify(&item.value),
                        parent: item.for_item.clone(),
                        for_items,
                        texts: texts_in(&item.value),
                    });
                }
                Ok(())
            })?;
            descriptions.identify(&mut left, &mut |number| {
                described.insert(number);
            });
        }
        Ok(described)
    }
}

/// Returns the tags of an account as an object, if they are known.
fn account_tags(account: &Account) -> Option<Map<String, Value>> {
    let tags = account.tags.as_ref()?.iter();
    Some(tags.map(|(key, value)| (key.clone(), Value::from(value.as_str()))).collect())
}

/// Calls `take` with the items of a call in one place.
fn each_item<E: From<ResultsError>>(
    call: &ReportedCall,
    results: &mut PlaceResults,
    take: &mut TakeItem<'_, E>,
) -> Result<(), E> {
    let mut answer = 0;
    let mut take = |list: usize, item, for_item: &Value, answer| {
        unfold(call.lists[list].within, item, &mut |value| take(CallItem { list, value, for_item, answer }))
    };
    results.read(&call.service, &call.name, |path, result| {
        let mut reader = serde_json::Deserializer::from_reader(BufReader::with_capacity(BLOCK, result));
        // The nesting depth of a result was checked when its file was opened.
        reader.disable_recursion_limit();
        let converted = |error| match error {
            ItemsError::Taken(error) => error,
            ItemsError::Json(cause) => damaged(path, call, &cause).into(),
        };
        let outcome = if call.is_child {
            items::read(&mut reader, &[ItemPath::here()], &mut |_, mut pair| {
                answer += 1;
                let (for_item, result) = (pair["item"].take(), pair["result"].take());
                items::read(result, &call.places, &mut |list, item| take(list, item, &for_item, answer))
                    .map_err(converted)
            })
        } else {
            items::read(&mut reader, &call.places, &mut |list, item| take(list, item, &Value::Null, answer))
        };
        outcome.and_then(|()| reader.end().map_err(ItemsError::Json)).map_err(converted)
    })
}

/// Calls `take` with the resources within an item, or with the item itself.
fn unfold<E>(
    within: Option<&str>,
    mut item: Value,
    take: &mut dyn FnMut(Value) -> Result<(), E>,
) -> Result<(), E> {
    match within.and_then(|member| item.get_mut(member)).map(Value::take) {
        Some(Value::Array(items)) => items.into_iter().try_for_each(take),
        // A filter of the spec returned something else.
        _ => take(item),
    }
}

fn damaged(path: &Path, call: &ReportedCall, cause: &serde_json::Error) -> ResultsError {
    ResultsError::Damaged(path.to_owned(), format!("the result of {} is damaged: {cause}", call.name))
}
