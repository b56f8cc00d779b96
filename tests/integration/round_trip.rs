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
mod parameters;
mod random;
mod reach;
mod server;
mod survey;
mod values;

use aws_auto_inventory::catalog::Function;
use serde_json::Value;

use botocore::Botocore;
use difference::difference;
use exchange::Exchange;
use lane::Lane;
use survey::{in_lanes, survey};

/// What boto3 adds to answers that no model has: service, operation, member and the reason why it is
/// left out here.
const ADDED_BY_BOTO3: [(&str, &str, &str, &str); 2] =
    [("s3", "GetObject", "ExpiresString", EXPIRES), ("s3", "HeadObject", "ExpiresString", EXPIRES)];

const EXPIRES: &str = "the text of the header `Expires`, which the member `Expires` has as a moment";

#[test]
fn every_operation_hands_out_what_its_service_wrote() {
    let report = in_lanes(|lane, service, report| {
        survey(service, report, |function, exchange| through_client(lane, function, exchange).map(drop));
    });
    report.finish("round-trip");
}

#[test]
#[expect(clippy::cmp_owned, reason = "the texts tell the order of members, the values do not")]
fn botocore_agrees_on_what_every_operation_hands_out() {
    let report = in_lanes(|lane, service, report| {
        let mut botocore = Botocore::start();
        survey(service, report, |function, exchange| {
            let ours = through_client(lane, function, exchange)?;
            let theirs = botocore.parse(function, &exchange.message);
            let theirs = without_additions(function, theirs.map_err(|error| format!("botocore: {error}"))?);
            match difference(&ours, &theirs) {
                None if ours.to_string() == theirs.to_string() => Ok(()),
                None => Err(format!("the members of {ours} come in another order than in {theirs}")),
                Some(difference) => Err(format!("botocore differs: {difference}")),
            }
        });
    });
    report.finish("round-trip-botocore");
}

#[test]
fn every_operation_that_pages_is_read_to_its_last_page() {
    let report = in_lanes(pages::survey);
    report.finish("round-trip-pages");
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

fn without_additions(function: &Function, mut answer: Value) -> Value {
    for (service, operation, member, _) in ADDED_BY_BOTO3 {
        if (&*function.service().name, &*function.operation().name) == (service, operation)
            && let Value::Object(members) = &mut answer
        {
            members.remove(member);
        }
    }
    answer
}
