//! Every operation of the catalog, there and back: a made-up answer, written as its service would write
//! it and served over real HTTP, has to come out of the client as it went in; and botocore, which reads
//! the same bytes, has to agree.
//!
//! The values are random but the same in every run. Failures name service, operation and member.

mod botocore;
mod difference;
mod exchange;
mod handlers;
mod lane;
mod pages;
pub(crate) mod parameters;
mod random;
mod reach;
mod server;
mod survey;
mod values;

use std::sync::Arc;

use aws_auto_inventory::model::catalog::{Catalog, Function, Operation, Origin, Service};
use aws_auto_inventory::simulator::wire::Message;
use serde_json::Value;

use botocore::Botocore;
use difference::difference;
use exchange::Exchange;
use lane::Lane;
use random::Random;
use survey::{count_operations, in_lanes, survey};
use values::{Fill, Values};

/// Members of boto3's answers that ours do not have, at any depth: service, operation, member and the
/// reason why.
const MEMBERS_OF_BOTO3_ALONE: [(&str, &str, &str, &str); 1] = [(
    "s3",
    "GetBucketNotification",
    "Event",
    "deprecated; where `Events` has several, botocore hands out a node of its XML parser",
)];

#[test]
fn every_operation_hands_out_what_its_service_wrote() {
    let report = in_lanes("round-trip", Lane::open, |lane, service, report| {
        survey(service, report, |function, exchange| through_client(lane, function, exchange).map(drop));
    });
    report.finish(count_operations(|_| true));
}

#[test]
fn botocore_agrees_on_what_every_operation_hands_out() {
    let open = |catalog: &Catalog| (Lane::open(catalog), Botocore::start("parse.py"));
    let report = in_lanes("round-trip-botocore", open, |(lane, botocore), service, report| {
        survey(service, report, |function, exchange| {
            let ours = through_client(lane, function, exchange)?;
            let theirs = botocore.parse(function, &exchange.message);
            let mut theirs = theirs.map_err(|error| format!("botocore: {error}"))?;
            leave_out_known_members(function, &mut theirs);
            match difference(&ours, &theirs) {
                None => same_order(&ours, &theirs),
                Some(difference) => Err(format!("botocore differs: {difference}")),
            }
        });
    });
    report.finish(count_operations(|_| true));
}

#[test]
fn every_item_of_every_page_of_every_operation_is_in_the_result() {
    let report = in_lanes("round-trip-pages", Lane::open, pages::survey);
    report.finish(count_operations(|operation| operation.pagination.is_some()));
    pages::assert_that_no_row_is_stale();
}

#[test]
fn boto3s_paginators_agree_on_what_pages_come_to() {
    let open = |catalog: &Catalog| (Lane::open(catalog), Botocore::start("pages.py"));
    let report = in_lanes("round-trip-pages-botocore", open, |(lane, botocore), service, report| {
        pages::compare(lane, botocore, service, report);
    });
    let has_paginator = |operation: &Operation| {
        operation.pagination.as_ref().is_some_and(|pagination| pagination.origin == Origin::Paginator)
    };
    report.finish(count_operations(has_paginator));
}

/// A full answer of one of a service's operations, for tests that spoil it; any number will do.
pub(crate) fn made_up_answer(service: &Arc<Service>, number: u32) -> (Function, Message) {
    let functions: Vec<_> = Function::all(service).collect();
    let function = functions[number as usize % functions.len()].clone();
    let mut values = Values::new(service, Random::new(u64::from(number)));
    let exchange = Exchange::make(&function, &mut values, Fill::Full).expect("an answer that can be written");
    (function, exchange.message)
}

/// Has the client read the exchange; the answer is returned when it is what was expected.
fn through_client(lane: &Lane, function: &Function, exchange: &Exchange) -> Result<Value, String> {
    let answer = lane.call(function, exchange.message.clone()).map_err(|error| format!("client: {error}"))?;
    let (found, expected) = (Value::Object(answer.members), Value::Object(exchange.expected.clone()));
    match difference(&found, &expected) {
        None => Ok(found),
        Some(difference) => Err(format!("client: {difference}")),
    }
}

/// Whether the members of equal values come in one order, as the model has it.
fn same_order(ours: &Value, theirs: &Value) -> Result<(), String> {
    let (ours, theirs) = (ours.to_string(), theirs.to_string());
    if ours == theirs {
        Ok(())
    } else {
        Err(format!("the members of {ours} come in another order than in {theirs}"))
    }
}

fn leave_out_known_members(function: &Function, answer: &mut Value) {
    for (service, operation, member, _) in MEMBERS_OF_BOTO3_ALONE {
        if (&*function.service().name, &*function.operation().name) == (service, operation) {
            remove(answer, member);
        }
    }
}

fn remove(value: &mut Value, member: &str) {
    match value {
        Value::Object(members) => {
            members.shift_remove(member);
            members.values_mut().for_each(|value| remove(value, member));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| remove(value, member)),
        _ => {}
    }
}
