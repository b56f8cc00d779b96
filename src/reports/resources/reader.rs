//! Reads the resources of a run one at a time.

use std::collections::HashMap;
use std::io::{BufReader, Read};
use std::path::Path;
use std::sync::OnceLock;

use serde_json::{Map, Value, json};

use super::call::ReportedCall;
use super::described::{Descriptions, ListedItem, texts_in};
use super::items::{self, ItemPath, ItemsError, TakeResultItem};
use super::lists::ResourceList;
use super::model::{self, KnownKind};
use super::origin::{ItemOrigin, ReadPlace};
use super::{FoundResource, Resource, ResourceFacts};
use crate::arn::Arn;
use crate::aws::organization::Account;
use crate::plan::spec::ScanSpec;
use crate::run::{PlaceResults, Results, ResultsError};

const BLOCK: usize = 64 * 1024;
/// The longest result that is read at once, in bytes: that takes half the time.
const SMALL: u64 = 256 * 1024;
/// The partition of most accounts.
const AWS: &str = "aws";

/// The resources of a run.
#[derive(Debug)]
pub struct Resources {
    results: Results,
    calls: Vec<ReportedCall>,
    /// The partition of the run's accounts: `aws`.
    partition: String,
    /// The number of links of each resource, in the order of [`each`](Self::each).
    link_counts: OnceLock<Vec<LinkCounts>>,
}

/// The number of links of a resource.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::reports) struct LinkCounts {
    /// How many resources it refers to.
    pub(in crate::reports) uses: u32,
    /// How many resources refer to it.
    pub(in crate::reports) used_by: u32,
}

/// The described items of a call by number: the call that describes them, and the key of the description.
pub(super) type DescribedItems = HashMap<u64, (usize, Value)>;

/// Returns the key of a description that a call made for many items returned: the number of its item among those of
/// the call. The key of others is the item that the call was made for.
pub(super) fn key_of_number(number: u64) -> Value {
    json!(["description", number])
}

/// An item of a call.
pub(super) struct CallItem<'answer> {
    /// Which of the call's lists it is from.
    pub(super) list: usize,
    pub(super) value: Value,
    /// The item that a child call was made for; null for other calls.
    pub(super) for_item: &'answer Value,
    /// The number of the response that it is from: a child call has one for each item of its parent.
    pub(super) answer: u64,
}

/// Takes the items of a call.
pub(super) type TakeItem<'take, E> = dyn FnMut(CallItem<'_>) -> Result<(), E> + 'take;

impl Resources {
    /// Creates a reader for a run; `spec` is the spec from its manifest.
    #[must_use]
    pub fn new(results: Results, spec: &ScanSpec) -> Self {
        let caller = Arn::parse(&results.manifest().caller.arn);
        let partition = caller.map_or(AWS, |arn| arn.partition).to_owned();
        Self { calls: ReportedCall::all(spec), partition, results, link_counts: OnceLock::new() }
    }

    /// Takes the number of links of each resource, in the order of [`each`](Self::each), which then returns them.
    pub(in crate::reports) fn set_link_counts(&self, counts: &[LinkCounts]) {
        self.link_counts.get_or_init(|| counts.to_vec());
    }

    /// Returns the number of links of the resource at a position; `None` if links were not searched.
    pub(super) fn link_counts(&self, position: usize) -> Option<LinkCounts> {
        self.link_counts.get()?.get(position).copied()
    }

    /// Returns the results of the run.
    pub fn results(&self) -> &Results {
        &self.results
    }

    /// Returns the kinds that the run's calls can return, whether any were found or not; several calls may
    /// return the same kind.
    pub fn kinds(&self) -> impl Iterator<Item = KnownKind<'_>> {
        self.calls.iter().filter(|call| call.index.is_none()).flat_map(model::kinds)
    }

    /// Returns the calls of the run's spec, each before its children.
    #[must_use]
    pub fn calls(&self) -> &[ReportedCall] {
        &self.calls
    }

    /// Calls `take` with what each call returned in one account and place, in the order of the spec, and skips
    /// calls that are not wanted. An answer about a resource, such as its policy, is a separate item here.
    pub fn each_found<E: From<ResultsError>>(
        &self,
        account: &Account,
        place: &str,
        is_wanted: &dyn Fn(usize) -> bool,
        take: &mut dyn FnMut(FoundResource<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut results = self.results.place(account, place);
        let read = ReadPlace::new(&self.partition, account, place);
        for (index, call) in self.calls.iter().enumerate().filter(|(index, _)| is_wanted(*index)) {
            let described = self.described(index, is_wanted, read.origin(), &mut results)?;
            let mut number = 0;
            each_item(call, &mut results, &mut |item| {
                number += 1;
                if described.contains_key(&number) {
                    return Ok(());
                }
                let CallItem { list, value, for_item, .. } = item;
                let list = &call.lists[list];
                let resource = resource_of(&read, call, list, value, for_item);
                let parent = resource.parent.clone();
                take(FoundResource { resource, call: index, for_item: for_item.clone(), parent })
            })?;
        }
        Ok(())
    }

    /// Returns the partition of the run's accounts.
    pub(super) fn partition(&self) -> &str {
        &self.partition
    }

    /// Returns the numbers of a call's items that a child call describes, which are not reported twice, with that
    /// call and the key of the description.
    pub(super) fn described<E: From<ResultsError>>(
        &self,
        index: usize,
        is_wanted: &dyn Fn(usize) -> bool,
        origin: ItemOrigin<'_>,
        results: &mut PlaceResults,
    ) -> Result<DescribedItems, E> {
        let of_item = |call: &ReportedCall, list: usize, value: &Value, for_item: &Value| {
            let parent = call.id_of_parent(for_item);
            call.lists[list].rule.identify(value, &ItemOrigin { parent: parent.as_deref(), ..origin })
        };
        let call = &self.calls[index];
        let mut below = Vec::new();
        for index in call.described_by.iter().filter(|index| is_wanted(**index)) {
            let child = &self.calls[*index];
            let mut descriptions = Descriptions::default();
            let (mut last, mut number) = (None, 0);
            each_item(child, results, &mut |item| {
                number += 1;
                let identity = of_item(child, item.list, &item.value, item.for_item);
                let is_of_same_answer = last.replace(item.answer) == Some(item.answer);
                descriptions.add(number, item.for_item, identity, is_of_same_answer);
                Ok(())
            })?;
            if !descriptions.is_empty() {
                below.push((*index, descriptions));
            }
        }
        let mut described = DescribedItems::new();
        for (of, mut descriptions) in below {
            let child = &self.calls[of];
            let (mut number, mut left) = (0, Vec::new());
            each_item(call, results, &mut |item| {
                number += 1;
                let list = &call.lists[item.list];
                // The items of grandchildren are made from the responses of calls in between.
                let is_direct = child.below == Some(index);
                let for_items =
                    if is_direct { child.child_items(list, &item.value, item.for_item) } else { Vec::new() };
                if let Some(for_item) = descriptions.take_described(&for_items) {
                    described.insert(number, (of, for_item));
                } else {
                    left.push(ListedItem {
                        number,
                        identity: of_item(call, item.list, &item.value, item.for_item),
                        parent: item.for_item.clone(),
                        for_items,
                        texts: texts_in(&item.value),
                    });
                }
                Ok(())
            })?;
            descriptions.identify(&mut left, &mut |number, description| {
                described.insert(number, (of, key_of_number(description)));
            });
        }
        Ok(described)
    }
}

/// Returns an item of a call as a resource.
pub(super) fn resource_of<'run>(
    read: &'run ReadPlace<'run>,
    call: &'run ReportedCall,
    list: &'run ResourceList,
    raw: Value,
    for_item: &Value,
) -> Resource<'run> {
    let parent = call.id_of_parent(for_item);
    let identity = list.rule.identify(&raw, &ItemOrigin { parent: parent.as_deref(), ..read.origin() });
    // A resource with a redacted identity does not get that of its parent.
    let id = identity.id.or_else(|| parent.clone().filter(|_| !identity.is_redacted));
    Resource {
        account: read.account.id.as_str(),
        account_name: read.account.name.as_deref(),
        account_ou: read.account_ou.as_deref(),
        region: read.place,
        service: &call.service,
        kind: &list.rule.kind,
        resource_type: identity.resource_type,
        function: &call.function,
        id,
        arn: identity.arn,
        name: identity.name,
        parent,
        parent_kind: call.kind_of_parent(),
        owner_account: identity.owner,
        facts: ResourceFacts::of(
            list.rule.facts(),
            &list.rule.kind,
            list.rule.resource(&raw),
            identity.tags.as_ref(),
        ),
        tags: identity.tags,
        account_tags: read.account_tags.as_ref(),
        uses: None,
        used_by: None,
        raw,
        details: Map::new(),
    }
}

/// Reads the items at places of a call's result.
fn each_in_result<E: From<ResultsError>>(
    call: &ReportedCall,
    results: &mut PlaceResults,
    places: &[ItemPath],
    take: &mut dyn FnMut(&Path, usize, Value) -> Result<(), E>,
) -> Result<(), E> {
    results.read(&call.service, &call.name, |path, result| {
        let mut take = |list, item| take(path, list, item);
        let mut start = Vec::new();
        (&mut *result)
            .take(SMALL + 1)
            .read_to_end(&mut start)
            .map_err(|cause| ResultsError::unreadable(path, cause))?;
        let outcome = if start.len() as u64 <= SMALL {
            read_items(serde_json::Deserializer::from_slice(&start), places, &mut take)
        } else {
            let rest = BufReader::with_capacity(BLOCK, result);
            read_items(serde_json::Deserializer::from_reader(start.chain(rest)), places, &mut take)
        };
        outcome.map_err(|error| converted(error, path, call))
    })
}

fn read_items<'de, R: serde_json::de::Read<'de>, E>(
    mut result: serde_json::Deserializer<R>,
    places: &[ItemPath],
    take: &mut TakeResultItem<'_, E>,
) -> Result<(), ItemsError<serde_json::Error, E>> {
    // The nesting depth of a result was checked when its file was opened.
    result.disable_recursion_limit();
    items::read(&mut result, places, take)?;
    result.end().map_err(ItemsError::Json)
}

fn converted<E: From<ResultsError>>(
    error: ItemsError<serde_json::Error, E>,
    path: &Path,
    call: &ReportedCall,
) -> E {
    match error {
        ItemsError::Taken(error) => error,
        ItemsError::Json(cause) => damaged(path, call, &cause).into(),
    }
}

/// Calls `take` with the items of a call in one place. A response without any value, such as that about settings that
/// were never made, is no item.
pub(super) fn each_item<E: From<ResultsError>>(
    call: &ReportedCall,
    results: &mut PlaceResults,
    take: &mut TakeItem<'_, E>,
) -> Result<(), E> {
    let mut answer = 0;
    let mut take = |list: usize, item, for_item: &Value, answer| {
        unfold(call.lists[list].within, item, &mut |value| {
            if call.says_nothing(&value) {
                return Ok(());
            }
            take(CallItem { list, value, for_item, answer })
        })
    };
    if !call.is_child {
        return each_in_result(call, results, &call.places, &mut |_, list, item| {
            take(list, item, &Value::Null, answer)
        });
    }
    each_in_result(call, results, &[ItemPath::here()], &mut |path, _, mut pair| {
        answer += 1;
        let (for_item, result) = (pair["item"].take(), pair["result"].take());
        items::read(result, &call.places, &mut |list, item| take(list, item, &for_item, answer))
            .map_err(|error| converted(error, path, call))
    })
}

/// Calls `take` with the answers of a child call in one place, each with the item that it was made for.
pub(super) fn each_answer(
    call: &ReportedCall,
    results: &mut PlaceResults,
    take: &mut dyn FnMut(&Value, Value) -> Result<(), ResultsError>,
) -> Result<(), ResultsError> {
    each_in_result(call, results, &[ItemPath::here()], &mut |_, _, mut pair| {
        let (for_item, answer) = (pair["item"].take(), pair["result"].take());
        take(&for_item, answer)
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
