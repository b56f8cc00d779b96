//! The resources of the simulated accounts: one file per service, each with functions from a place (account and
//! region) to its resources.
//!
//! Nothing is stored. Ids, names and times are derived from the place and a number, so that an instance refers to
//! the same subnet, image and volumes that other calls describe.

mod account;
mod cloudformation;
mod cloudtrail;
mod dynamodb;
mod ec2;
mod ecs;
mod eks;
mod elbv2;
mod iam;
mod kms;
mod lambda;
mod organizations;
mod place;
mod rds;
mod route53;
mod s3;
mod secrets;
mod sns;
mod sqs;
mod sso;
mod sts;
mod tagged_resources;
mod tagging;
#[cfg(test)]
mod tests;
mod witnesses;

use serde_json::{Map, Value};

pub(super) use self::place::AccountRegion;
pub use self::secrets::SEEDED;
use super::credentials::SimulatedCaller;
use super::response::SimulatedResult;
use super::world::World;
use crate::model::catalog::{Operation, Service};

/// A call of an operation.
pub(super) struct SimulatedCall<'call> {
    pub(super) world: &'call World,
    /// The account and region of the call.
    pub(super) place: AccountRegion<'call>,
    /// The caller.
    pub(super) identity: &'call SimulatedCaller<'call>,
    pub(super) service: &'call Service,
    pub(super) operation: &'call Operation,
    /// The parameters, in the shape of boto3.
    pub(super) input: &'call Map<String, Value>,
}

/// Returns the response to a call; `None` if the simulated world does not have such resources.
pub(super) fn answer<'call>(call: &SimulatedCall<'call>) -> Option<SimulatedResult<'call>> {
    match &*call.service.name {
        "account" => account::answer(call),
        "ce" => witnesses::bill(call),
        "cloudformation" => cloudformation::answer(call),
        "cloudtrail" => cloudtrail::answer(call),
        "config" => witnesses::aggregator(call),
        "dynamodb" => dynamodb::answer(call),
        "ec2" => ec2::answer(call),
        "ecs" => ecs::answer(call),
        "eks" => eks::answer(call),
        "elbv2" => elbv2::answer(call),
        "iam" => iam::answer(call),
        "kms" => kms::answer(call),
        "lambda" => lambda::answer(call),
        "organizations" => organizations::answer(call),
        "rds" => rds::answer(call),
        "resource-explorer-2" => witnesses::explorer(call),
        "resourcegroupstaggingapi" => tagging::answer(call),
        "route53" => route53::answer(call),
        "s3" => s3::answer(call),
        "sns" => sns::answer(call),
        "sqs" => sqs::answer(call),
        "sso" => sso::answer(call),
        "sts" => sts::answer(call),
        _ => None,
    }
}

impl SimulatedCall<'_> {
    /// Returns a string member of the request.
    fn text(&self, member: &str) -> Option<&str> {
        self.input.get(member).and_then(Value::as_str)
    }

    /// Returns a member of the request that is a list of strings; empty if it is absent.
    fn texts(&self, member: &str) -> Vec<&str> {
        let items = self.input.get(member).and_then(Value::as_array);
        items.into_iter().flatten().filter_map(Value::as_str).collect()
    }
}
