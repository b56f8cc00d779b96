//! The Resource Groups Tagging API: the tags of the accounts of the organization.

use serde_json::json;

use super::{SimulatedCall, organizations};
use crate::simulator::response::{SimulatedResponse, SimulatedResult};

/// The region of Organizations' endpoint, where accounts are resources of the management account.
const HOME: &str = "us-east-1";

pub(super) fn answer<'call>(call: &SimulatedCall<'call>) -> Option<SimulatedResult<'call>> {
    let wanted = call.texts("ResourceTypeFilters");
    let is_wanted = wanted.is_empty() || wanted.iter().any(|kind| kind.starts_with("organizations"));
    let is_management =
        call.world.management_account().is_some_and(|management| management.id == call.place.account.id);
    if &*call.operation.name != "GetResources" || !is_wanted || !is_management || call.place.region != HOME {
        return None;
    }
    let world = call.world;
    Some(Ok(SimulatedResponse::list("ResourceTagMappingList", world.accounts().len(), move |index| {
        let account = &world.accounts()[index];
        json!({
            "ResourceARN": organizations::arn(world, "account", account.id.as_str()),
            "Tags": organizations::account_tags(account),
        })
    })))
}
