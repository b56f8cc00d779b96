//! The Resource Groups Tagging API: the tags of resources whose services list them without tags, and of the accounts
//! of the organization.

use serde_json::{Value, json};

use super::tagged_resources::TaggedResources;
use super::{AccountRegion, SimulatedCall, dynamodb, ecs, elbv2, iam, lambda, organizations, s3};
use crate::simulator::response::{SimulatedResponse, SimulatedResult};

/// The region of the endpoints of IAM and Organizations, whose resources are returned there.
const HOME: &str = "us-east-1";

pub(super) fn answer<'call>(call: &SimulatedCall<'call>) -> Option<SimulatedResult<'call>> {
    if &*call.operation.name != "GetResources" {
        return None;
    }
    let wanted = call.texts("ResourceTypeFilters");
    let is_wanted = |name: &str| {
        let service = name.split(':').next().unwrap_or_default();
        wanted.is_empty() || wanted.contains(&name) || wanted.contains(&service)
    };
    let found: Vec<_> = tagged(call).into_iter().filter(|resources| is_wanted(resources.name)).collect();
    let count = found.iter().map(|resources| resources.count).sum();
    Some(Ok(SimulatedResponse::list("ResourceTagMappingList", count, move |index| item(&found, index))))
}

fn tagged<'call>(call: &SimulatedCall<'call>) -> Vec<TaggedResources<'call>> {
    let mut all = of_place(call.place);
    if call.place.region == HOME {
        all.extend(accounts(call));
    }
    all
}

/// Returns the tagged resources of an account and region.
pub(super) fn of_place(place: AccountRegion<'_>) -> Vec<TaggedResources<'_>> {
    let mut all = vec![dynamodb::tagged(place)];
    all.extend(ecs::tagged(place));
    all.extend(elbv2::tagged(place));
    all.push(lambda::tagged(place));
    all.push(s3::tagged(place));
    if place.region == HOME {
        all.push(iam::tagged(place));
    }
    all
}

/// Returns the accounts, which are resources of the management account.
fn accounts<'call>(call: &SimulatedCall<'call>) -> Option<TaggedResources<'call>> {
    let world = call.world;
    world.management_account().filter(|management| management.id == call.place.account.id)?;
    Some(TaggedResources::new("organizations:account", world.accounts().len(), move |index| {
        let account = &world.accounts()[index];
        (
            organizations::arn(world, "account", account.id.as_str()),
            Value::from(organizations::account_tags(account)),
        )
    }))
}

fn item(found: &[TaggedResources<'_>], mut index: usize) -> Value {
    for resources in found {
        if index < resources.count {
            let (arn, tags) = (resources.item)(index);
            return json!({"ResourceARN": arn, "Tags": tags});
        }
        index -= resources.count;
    }
    Value::Null
}
