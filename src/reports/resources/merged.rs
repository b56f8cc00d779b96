//! One resource, one row: what several calls return about a resource is put together.
//!
//! - An item of a list and its description are one resource; the description is `raw`.
//! - Answers about a resource, such as its policy, are in its `details`, and its tags in its `tags`.
//! - A resource that several calls or regions of an account return with the same ARN is reported once: RDS, Neptune and
//!   DocumentDB list each other's clusters.

use std::collections::HashSet;

use serde_json::Value;

use super::call::ReportedCall;
use super::details::{WaitingAnswer, WaitingAnswers};
use super::facts;
use super::items::{self, ItemsError};
use super::origin::ReadPlace;
use super::reader::{each_answer, each_item, key_of_number, resource_of};
use super::rules::tags;
use super::same_services::SAME;
use super::tag_outcomes::TagOutcomes;
use super::tags_by_arn::TagsByArn;
use super::wide_hash::{WideHash, WideHasher};
use super::{Resource, Resources};
use crate::aws::organization::Account;
use crate::run::{PlaceResults, ResultsError};

/// Takes resources.
type TakeResource<'take, E> = dyn FnMut(&Resource<'_>) -> Result<(), E> + 'take;
/// Takes resources, and completes them.
pub(in crate::reports) type CompleteResource<'take, E> =
    dyn FnMut(&mut Resource<'_>) -> Result<(), E> + 'take;

/// The resources of an account that were reported, by ARN and kind.
#[derive(Debug, Default)]
struct ReportedArns {
    hashes: HashSet<WideHash>,
    hasher: WideHasher,
}

impl ReportedArns {
    /// Returns whether a resource is new. Resources without an ARN always are.
    fn is_new(&mut self, resource: &Resource<'_>) -> bool {
        let Some(arn) = &resource.arn else { return true };
        self.hashes.insert(self.hasher.hash((arn, resource.kind, &resource.id)))
    }
}

/// One account in one place, while its resources are read.
struct PlaceReader<'run> {
    resources: &'run Resources,
    read: &'run ReadPlace<'run>,
    results: PlaceResults,
    waiting: WaitingAnswers,
    outcomes: &'run TagOutcomes,
    /// The tags of the account's resources from the Resource Groups Tagging API.
    tags: &'run mut TagsByArn,
}

/// Reads the resources of a run account by account.
pub(in crate::reports) struct AccountReader<'run> {
    resources: &'run Resources,
    /// The indices of the calls, in the order in which they are read.
    order: Vec<usize>,
    outcomes: TagOutcomes,
}

impl Resources {
    /// Calls `take` with every resource of the run: by account, by place, and then in the order of the spec, where
    /// services that return resources of others are last. Stops at the first error of the run's files or of `take`.
    pub fn each<E: From<ResultsError>>(&self, take: &mut TakeResource<'_, E>) -> Result<(), E> {
        let mut position = 0;
        self.each_completed(&|_| true, &mut |resource| {
            if let Some(counts) = self.link_counts(position) {
                (resource.uses, resource.used_by) = (Some(counts.uses), Some(counts.used_by));
            }
            position += 1;
            take(resource)
        })
    }

    /// Like [`each`](Self::each), but reads only the calls that are wanted.
    pub fn each_wanted<E: From<ResultsError>>(
        &self,
        is_wanted: &dyn Fn(usize) -> bool,
        take: &mut TakeResource<'_, E>,
    ) -> Result<(), E> {
        self.each_completed(is_wanted, &mut |resource| take(resource))
    }

    fn each_completed<E: From<ResultsError>>(
        &self,
        is_wanted: &dyn Fn(usize) -> bool,
        take: &mut CompleteResource<'_, E>,
    ) -> Result<(), E> {
        let reader = self.account_reader(is_wanted)?;
        self.results().accounts().iter().try_for_each(|account| reader.each(account, is_wanted, take))
    }

    /// Starts to read the resources of all accounts, of the calls that are wanted.
    ///
    /// # Errors
    ///
    /// Returns an error if the ledger cannot be read.
    pub(in crate::reports) fn account_reader(
        &self,
        is_wanted: &dyn Fn(usize) -> bool,
    ) -> Result<AccountReader<'_>, ResultsError> {
        let order = self.calls_in_order().filter(|index| is_wanted(*index)).collect();
        let outcomes = TagOutcomes::read(self.results(), self.calls(), is_wanted)?;
        self.results().counts().start_pass();
        Ok(AccountReader { resources: self, order, outcomes })
    }

    /// Returns the indices of the calls whose items are resources: those of services that return resources of another
    /// service are last.
    fn calls_in_order(&self) -> impl Iterator<Item = usize> + '_ {
        let is_last = |index: &usize| {
            let service = self.calls()[*index].service();
            let same = SAME.iter().find(|(name, _)| *name == service);
            same.is_some_and(|(_, other)| self.calls().iter().any(|call| call.service() == *other))
        };
        let all = (0..self.calls().len()).filter(|index| self.calls()[*index].index.is_none());
        all.clone().filter(move |index| !is_last(index)).chain(all.filter(is_last))
    }
}

impl AccountReader<'_> {
    /// Calls `take` with every resource of an account, and lets it take parts of them away. Several threads can read one
    /// account each.
    pub(in crate::reports) fn each<E: From<ResultsError>>(
        &self,
        account: &Account,
        is_wanted: &dyn Fn(usize) -> bool,
        take: &mut CompleteResource<'_, E>,
    ) -> Result<(), E> {
        let Self { resources, order, outcomes } = self;
        let mut reported = ReportedArns::default();
        let places = resources.results().places(account)?;
        let tags = &mut TagsByArn::read(resources, account, &places, outcomes, is_wanted)?;
        for place in places {
            let read = &ReadPlace::new(resources.partition(), account, &place);
            let results = resources.results().place(account, &place);
            let waiting = WaitingAnswers::default();
            let mut reader = PlaceReader { resources, read, results, waiting, outcomes, tags };
            reader.each(order, is_wanted, &mut |resource| {
                if !reported.is_new(resource) {
                    return Ok(());
                }
                resources.results().counts().count_resource();
                take(resource)
            })?;
        }
        Ok(())
    }
}

impl PlaceReader<'_> {
    fn each<E: From<ResultsError>>(
        &mut self,
        order: &[usize],
        is_wanted: &dyn Fn(usize) -> bool,
        take: &mut CompleteResource<'_, E>,
    ) -> Result<(), E> {
        let calls = self.resources.calls();
        let (details, others): (Vec<usize>, Vec<usize>) =
            order.iter().partition(|index| calls[**index].is_detail());
        for index in &details {
            let waiting = &mut self.waiting;
            each_answer(&calls[*index], &mut self.results, &mut |for_item, answer| {
                waiting.put(*index, for_item, for_item, answer)
            })?;
        }
        for index in others {
            self.each_of_call(index, is_wanted, take)?;
        }
        for index in details {
            self.rest_of_call(index, take)?;
        }
        Ok(())
    }

    /// Takes the resources of a call, with what other calls returned about them.
    fn each_of_call<E: From<ResultsError>>(
        &mut self,
        index: usize,
        is_wanted: &dyn Fn(usize) -> bool,
        take: &mut CompleteResource<'_, E>,
    ) -> Result<(), E> {
        let Self { resources, read, results, waiting, outcomes, tags } = self;
        let calls = resources.calls();
        let call = &calls[index];
        let described = resources.described(index, is_wanted, read.origin(), results)?;
        let mut number = 0;
        each_item(call, results, &mut |item| -> Result<(), E> {
            number += 1;
            let mut resource = resource_of(read, call, &call.lists[item.list], item.value, item.for_item);
            if let Some((describing, key)) = described.get(&number) {
                return Ok(waiting.put(*describing, key, item.for_item, resource.raw)?);
            }
            let raw = std::mem::take(&mut resource.raw);
            let own = About { call: index, item: &raw, for_item: item.for_item };
            own.add_details(calls, read, outcomes, waiting, &mut resource)?;
            if let Some(listing) = call.listed_by {
                let mut listed = waiting.take(index, item.for_item)?;
                listed.append(&mut waiting.take(index, &key_of_number(number))?);
                for WaitingAnswer { for_item, answer } in listed {
                    let about = About { call: listing, item: &answer, for_item: &for_item };
                    about.add_details(calls, read, outcomes, waiting, &mut resource)?;
                    let of_list = calls[listing].lists.first();
                    let answer = match of_list {
                        Some(list) => with_identity_of(
                            resource_of(read, &calls[listing], list, answer, &for_item),
                            &mut resource,
                        ),
                        None => answer,
                    };
                    // The name alone is in the description.
                    if !answer.is_string() {
                        resource.details.insert(calls[listing].function.clone(), answer);
                    }
                }
            }
            resource.raw = raw;
            tags.add_to(&mut resource)?;
            take(&mut resource)
        })
    }

    /// Takes the answers of a call whose resource was not found: a filter of the spec can make any item.
    fn rest_of_call<E: From<ResultsError>>(
        &mut self,
        index: usize,
        take: &mut CompleteResource<'_, E>,
    ) -> Result<(), E> {
        let call = &self.resources.calls()[index];
        for WaitingAnswer { for_item, answer } in self.waiting.take_rest(index)? {
            let mut take = |list: usize, item| {
                let list = &call.lists[list];
                take(&mut resource_of(self.read, call, list, item, &for_item))
            };
            match items::read(answer, &call.places, &mut take) {
                Ok(()) => {}
                Err(ItemsError::Taken(error)) => return Err(error),
                Err(ItemsError::Json(cause)) => return Err(ResultsError::Scratch(cause.into()).into()),
            }
        }
        Ok(())
    }
}

/// An item of a call, of which other calls may have returned more.
struct About<'item> {
    call: usize,
    item: &'item Value,
    /// The item that its call was made for.
    for_item: &'item Value,
}

impl About<'_> {
    /// Adds the answers about the item to its resource.
    fn add_details(
        &self,
        calls: &[ReportedCall],
        read: &ReadPlace<'_>,
        outcomes: &TagOutcomes,
        waiting: &mut WaitingAnswers,
        resource: &mut Resource<'_>,
    ) -> Result<(), ResultsError> {
        let Some(list) = calls[self.call].lists.first() else { return Ok(()) };
        for index in calls[self.call].details.iter().copied() {
            let child = &calls[index];
            for for_item in child.child_items(list, self.item, self.for_item) {
                let answers = waiting.take(index, &for_item)?;
                if answers.is_empty() && outcomes.is_untagged(read.account, read.place, index, &for_item) {
                    resource.tags.get_or_insert_default();
                }
                for WaitingAnswer { answer, .. } in answers {
                    add_answer(child, answer, resource);
                }
            }
        }
        Ok(())
    }
}

/// Adds an answer about a resource: tags to its tags, anything else to its details.
fn add_answer(call: &ReportedCall, answer: Value, resource: &mut Resource<'_>) {
    if call.is_about_tags()
        && let Some(tags) = tags::find(&answer)
    {
        let Resource { name, facts, tags: own, .. } = resource;
        let own = own.get_or_insert_default();
        own.extend(tags);
        *name = name.take().or_else(|| tags::name(own));
        facts.environment = facts.environment.take().or_else(|| facts::environment(own));
        return;
    }
    match resource.details.get_mut(call.name()) {
        None => drop(resource.details.insert(call.name().to_owned(), answer)),
        // A call that was made several times for one item, with different parameters.
        Some(Value::Array(answers)) => answers.push(answer),
        Some(first) => *first = Value::Array(vec![first.take(), answer]),
    }
}

/// Adds what a description lacks of the identity of its listed item, and returns the item: `GetSAMLProvider` does not
/// return the ARN that `ListSAMLProviders` returns.
fn with_identity_of(listed: Resource<'_>, described: &mut Resource<'_>) -> Value {
    described.arn = described.arn.take().or(listed.arn);
    described.name = described.name.take().or(listed.name);
    described.tags = described.tags.take().or(listed.tags);
    listed.raw
}

#[cfg(test)]
mod tests;
