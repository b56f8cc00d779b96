//! The access portal of IAM Identity Center: the accounts that are assigned to the simulated user, and credentials for
//! them.

use std::time::SystemTime;

use serde_json::json;

use super::SimulatedCall;
use crate::simulator::credentials::{BEARER_TOKEN, SECRET_KEY, SessionCredentials, USER, seconds};
use crate::simulator::error_response::SimulatedError;
use crate::simulator::response::{SimulatedResponse, SimulatedResult};
use crate::simulator::world::seed::Seed;
use crate::simulator::world::{SimulatedAccount, SimulatedState, World};

/// The prefix of the roles of permission sets.
const ROLE_PREFIX: &str = "AWSReservedSSO_";

/// Returns the permission set that a role was created for.
pub(super) fn permission_set_of(role: &str) -> Option<&str> {
    role.strip_prefix(ROLE_PREFIX)?.rsplit_once('_').map(|(name, _)| name)
}

pub(super) fn answer<'call>(call: &SimulatedCall<'call>) -> Option<SimulatedResult<'call>> {
    if call.text("accessToken") != Some(BEARER_TOKEN) {
        return Some(Err(SimulatedError::expired(call.service)));
    }
    let world = call.world;
    Some(match &*call.operation.name {
        "ListAccounts" => Ok(accounts(world)),
        "ListAccountRoles" => assigned(call).map(|(account, sets)| {
            let role = |name: &str| json!({"roleName": name, "accountId": account.id});
            SimulatedResponse::items("roleList", sets.into_iter().map(role).collect())
        }),
        "GetRoleCredentials" => credentials(call),
        _ => return None,
    })
}

fn accounts(world: &World) -> SimulatedResponse<'_> {
    let listed = world.accounts().iter().filter(|account| is_assigned(world, account));
    let described = listed.map(|account| {
        json!({"accountId": account.id, "accountName": account.name, "emailAddress": account.email})
    });
    SimulatedResponse::items("accountList", described.collect())
}

fn is_assigned(world: &World, account: &SimulatedAccount) -> bool {
    account.state == SimulatedState::Active && world.permission_sets.iter().any(|set| set.is_in(&account.id))
}

/// Returns the account of the request, and the permission sets that are assigned there.
fn assigned<'call>(
    call: &SimulatedCall<'call>,
) -> Result<(&'call SimulatedAccount, Vec<&'call str>), SimulatedError> {
    let account = call.text("accountId").and_then(|id| call.world.account(id));
    let account = account.filter(|account| is_assigned(call.world, account)).ok_or_else(no_access)?;
    let sets = call.world.permission_sets.iter().filter(|set| set.is_in(&account.id));
    Ok((account, sets.map(|set| &*set.name).collect()))
}

fn credentials<'call>(call: &SimulatedCall<'call>) -> SimulatedResult<'call> {
    let (account, sets) = assigned(call)?;
    let name = call.text("roleName").filter(|name| sets.contains(name)).ok_or_else(no_access)?;
    // The role of a permission set has another suffix in each account ("Referencing permission sets in resource
    // policies", IAM Identity Center user guide).
    let suffix = Seed::of(&["permission set", name, account.id.as_str()]).hex(16);
    let role = format!("{ROLE_PREFIX}{name}_{suffix}");
    let expiry = seconds(SystemTime::now()) + u64::from(call.world.session_seconds);
    let session = SessionCredentials::new(account, &role, USER, expiry, None);
    Ok(SimulatedResponse::members(json!({"roleCredentials": {
        "accessKeyId": session.access_key,
        "secretAccessKey": SECRET_KEY,
        "sessionToken": session.token,
        "expiration": expiry * 1000
    }})))
}

/// Returns the error of a permission set that is not assigned (aws/aws-cli#6153, among others).
fn no_access() -> SimulatedError {
    SimulatedError::new(403, "ForbiddenException", "No access")
}
