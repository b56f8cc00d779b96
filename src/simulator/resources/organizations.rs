//! Organizations: the tree of organizational units and the accounts in it.

use serde_json::{Value, json};

use super::SimulatedCall;
use crate::simulator::error_response::SimulatedError;
use crate::simulator::response::{SimulatedResponse, SimulatedResult};
use crate::simulator::world::seed::Seed;
use crate::simulator::world::{SimulatedAccount, SimulatedOrganization, World};

/// Returns whether any account of the organization may make a call (botocore, organizations/2016-11-28, documentation
/// of these operations: "from any account in a organization").
fn is_for_members(call: &SimulatedCall<'_>) -> bool {
    match &*call.operation.name {
        "DescribeHandshake" | "DescribeOrganization" | "ListHandshakesForAccount" => true,
        "DescribeEffectivePolicy" => !call.input.contains_key("TargetId"),
        _ => false,
    }
}

pub(super) fn answer<'call>(call: &SimulatedCall<'call>) -> Option<SimulatedResult<'call>> {
    let world = call.world;
    // Only the management account and delegated administrators may call most operations.
    let caller = &call.identity.account.id;
    let is_allowed = world.management_account().is_some_and(|management| management.id == *caller)
        || world.delegated_administrators.contains(caller);
    if !is_allowed && !is_for_members(call) {
        return Some(Err(SimulatedError::denied(
            call.service,
            "You don't have permissions to access this resource.",
        )));
    }
    Some(match &*call.operation.name {
        "DescribeOrganization" => {
            Ok(SimulatedResponse::members(json!({"Organization": organization(world)})))
        }
        "ListAccounts" => Ok(SimulatedResponse::list("Accounts", world.accounts().len(), |index| {
            account(world, &world.accounts()[index])
        })),
        "ListRoots" => Ok(SimulatedResponse::items("Roots", vec![root(world)])),
        "ListOrganizationalUnitsForParent" => units_below(call),
        "ListAccountsForParent" => accounts_below(call),
        "ListParents" => parents(call),
        "DescribeAccount" => described_account(call),
        "DescribeOrganizationalUnit" => described_unit(call),
        "ListTagsForResource" => Ok(tags(call)),
        "ListDelegatedAdministrators" => Ok(delegated_administrators(world)),
        "ListPolicies" => Ok(policies(call)),
        _ => return None,
    })
}

fn management_id(world: &World) -> &str {
    world.management_account().map_or("", |account| account.id.as_str())
}

/// Returns the ARN of a resource of the organization, which belongs to the management account.
pub(super) fn arn(world: &World, kind: &str, id: &str) -> String {
    format!("arn:aws:organizations::{}:{kind}/{}/{id}", management_id(world), world.organization.id)
}

/// Returns the ARN of the organization.
pub(super) fn organization_arn(world: &World) -> String {
    format!("arn:aws:organizations::{}:organization/{}", management_id(world), world.organization.id)
}

fn organization(world: &World) -> Value {
    let management = world.management_account();
    let id = &world.organization.id;
    json!({
        "Id": id,
        "Arn": organization_arn(world),
        "FeatureSet": "ALL",
        "MasterAccountArn": arn(world, "account", management_id(world)),
        "MasterAccountId": management_id(world),
        "MasterAccountEmail": management.map(|account| &account.email),
        "AvailablePolicyTypes": [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}]
    })
}

fn account(world: &World, account: &SimulatedAccount) -> Value {
    let id = account.id.as_str();
    json!({
        "Id": id,
        "Arn": arn(world, "account", id),
        "Email": account.email,
        "Name": account.name,
        "Status": account.state.as_str(),
        "State": account.state.as_str(),
        "Paths": [format!("{}{id}/", world.organization.path(account.unit))],
        "JoinedMethod": if account.invited { "INVITED" } else { "CREATED" },
        "JoinedTimestamp": Seed::of(&["joined", id]).moment()
    })
}

fn delegated_administrators(world: &World) -> SimulatedResponse<'_> {
    let delegated = world.delegated_administrators.iter().filter_map(|id| world.account(id.as_str()));
    let members = ["Id", "Arn", "Email", "Name", "Status", "JoinedMethod", "JoinedTimestamp"];
    let described = delegated.map(|delegated| {
        let mut described = account(world, delegated);
        if let Some(described) = described.as_object_mut() {
            described.retain(|member, _| members.contains(&&**member));
        }
        described
    });
    SimulatedResponse::items("DelegatedAdministrators", described.collect())
}

fn root(world: &World) -> Value {
    let SimulatedOrganization { root_id, .. } = &world.organization;
    json!({
        "Id": root_id,
        "Arn": arn(world, "root", root_id),
        "Name": "Root",
        "PolicyTypes": [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}]
    })
}

fn unit(world: &World, index: usize) -> Value {
    let SimulatedOrganization { units, .. } = &world.organization;
    let unit = &units[index];
    json!({
        "Id": unit.id,
        "Arn": arn(world, "ou", &unit.id),
        "Name": unit.name,
        "Path": world.organization.path(Some(index))
    })
}

/// Returns the unit of `ParentId`; the inner `None` is the root.
#[expect(clippy::option_option, reason = "the root differs from an unknown parent")]
fn parent(call: &SimulatedCall<'_>) -> Option<Option<usize>> {
    let id = call.text("ParentId")?;
    let SimulatedOrganization { root_id, units, .. } = &call.world.organization;
    if id == root_id {
        return Some(None);
    }
    units.iter().position(|unit| unit.id == id).map(Some)
}

fn no_parent() -> SimulatedError {
    SimulatedError::new(400, "ParentNotFoundException", "You specified parent that doesn't exist.")
}

fn units_below<'call>(call: &SimulatedCall<'call>) -> SimulatedResult<'call> {
    let world = call.world;
    let parent = parent(call).ok_or_else(no_parent)?;
    let units = &world.organization.units;
    let below: Vec<_> = (0..units.len()).filter(|index| units[*index].parent == parent).collect();
    Ok(SimulatedResponse::list("OrganizationalUnits", below.len(), move |index| {
        let mut described = unit(world, below[index]);
        if let Some(described) = described.as_object_mut() {
            described.remove("Path");
        }
        described
    }))
}

fn accounts_below<'call>(call: &SimulatedCall<'call>) -> SimulatedResult<'call> {
    let world = call.world;
    let parent = parent(call).ok_or_else(no_parent)?;
    let below: Vec<_> = world.accounts().iter().filter(|account| account.unit == parent).collect();
    Ok(SimulatedResponse::list("Accounts", below.len(), move |index| account(world, below[index])))
}

fn parents<'call>(call: &SimulatedCall<'call>) -> SimulatedResult<'call> {
    let SimulatedOrganization { units, .. } = &call.world.organization;
    let child = call.text("ChildId").unwrap_or_default();
    let parent = call
        .world
        .account(child)
        .map(|account| account.unit)
        .or_else(|| units.iter().find(|unit| unit.id == child).map(|unit| unit.parent))
        .ok_or_else(|| {
            SimulatedError::new(400, "ChildNotFoundException", "You specified child that doesn't exist.")
        })?;
    let kind = if parent.is_some() { "ORGANIZATIONAL_UNIT" } else { "ROOT" };
    Ok(SimulatedResponse::items(
        "Parents",
        vec![json!({"Id": call.world.organization.parent_id(parent), "Type": kind})],
    ))
}

fn described_account<'call>(call: &SimulatedCall<'call>) -> SimulatedResult<'call> {
    let found = call.text("AccountId").and_then(|id| call.world.account(id)).ok_or_else(|| {
        SimulatedError::new(400, "AccountNotFoundException", "You specified an account that doesn't exist.")
    })?;
    Ok(SimulatedResponse::members(json!({"Account": account(call.world, found)})))
}

fn described_unit<'call>(call: &SimulatedCall<'call>) -> SimulatedResult<'call> {
    let id = call.text("OrganizationalUnitId").unwrap_or_default();
    let index = call.world.organization.units.iter().position(|unit| unit.id == id).ok_or_else(|| {
        SimulatedError::new(
            400,
            "OrganizationalUnitNotFoundException",
            "You specified an OU that doesn't exist.",
        )
    })?;
    Ok(SimulatedResponse::members(json!({"OrganizationalUnit": unit(call.world, index)})))
}

fn tags<'call>(call: &SimulatedCall<'call>) -> SimulatedResponse<'call> {
    let account = call.text("ResourceId").and_then(|id| call.world.account(id));
    SimulatedResponse::items("Tags", account.map(account_tags).unwrap_or_default())
}

/// Returns the tags of an account.
pub(super) fn account_tags(account: &SimulatedAccount) -> Vec<Value> {
    let owner = &account.workload.prefix;
    vec![
        json!({"Key": "owner", "Value": owner}),
        json!({"Key": "cost-center", "Value": format!("cc-{}", 1000 + Seed::of(&["cost", owner]).below(900))}),
    ]
}

fn policies<'call>(call: &SimulatedCall<'call>) -> SimulatedResponse<'call> {
    if call.text("Filter") != Some("SERVICE_CONTROL_POLICY") {
        return SimulatedResponse::items("Policies", Vec::new());
    }
    let policy = |id: &str, name: &str, description: &str, managed: bool| {
        let arn = if managed {
            format!("arn:aws:organizations::aws:policy/service_control_policy/{id}")
        } else {
            arn(call.world, "policy", &format!("service_control_policy/{id}"))
        };
        json!({
            "Id": id,
            "Arn": arn,
            "Name": name,
            "Description": description,
            "Type": "SERVICE_CONTROL_POLICY",
            "AwsManaged": managed
        })
    };
    SimulatedResponse::items(
        "Policies",
        vec![
            policy("p-FullAWSAccess", "FullAWSAccess", "Allows access to every operation", true),
            policy("p-sandbox1", "SandboxGuardrails", "No databases in sandboxes", false),
        ],
    )
}
