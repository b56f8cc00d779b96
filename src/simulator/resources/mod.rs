//! The resources of the simulated accounts: one file per service, each a few functions from a place
//! (account and region) to what is there.
//!
//! Nothing is stored. Ids, names and times come from the place and a number, so that an instance
//! names the very subnet, image and volumes that other calls describe.

mod account;
mod cloudformation;
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
mod sts;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

pub(super) use self::place::AccountRegion;
pub use self::secrets::SEEDED;
use super::credentials::SimulatedCaller;
use super::response::SimulatedResult;
use super::world::World;
use crate::model::catalog::{Operation, Service};

/// One call of an operation.
pub(super) struct SimulatedCall<'call> {
    pub(super) world: &'call World,
    /// Where it is asked.
    pub(super) place: AccountRegion<'call>,
    /// Who asks.
    pub(super) identity: &'call SimulatedCaller<'call>,
    pub(super) service: &'call Service,
    pub(super) operation: &'call Operation,
    /// What is asked, in boto3's shape.
    pub(super) input: &'call Map<String, Value>,
}

/// The answer; `None` for what the simulated world knows nothing of.
pub(super) fn answer<'call>(call: &SimulatedCall<'call>) -> Option<SimulatedResult<'call>> {
    match &*call.service.name {
        "account" => account::answer(call),
        "cloudformation" => cloudformation::answer(call),
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
        "route53" => route53::answer(call),
        "s3" => s3::answer(call),
        "sns" => sns::answer(call),
        "sqs" => sqs::answer(call),
        "sts" => sts::answer(call),
        _ => None,
    }
}

impl SimulatedCall<'_> {
    /// A member of the request that is text.
    fn text(&self, member: &str) -> Option<&str> {
        self.input.get(member).and_then(Value::as_str)
    }

    /// A member of the request that is a list of texts; empty when it is absent.
    fn texts(&self, member: &str) -> Vec<&str> {
        let items = self.input.get(member).and_then(Value::as_array);
        items.into_iter().flatten().filter_map(Value::as_str).collect()
    }
}
