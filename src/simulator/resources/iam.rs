//! IAM: roles, users and policies, which are global resources of an account.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::sso::permission_set_of;
use super::tagged_resources::TaggedResources;
use super::{AccountRegion, SimulatedCall};
use crate::simulator::credentials::{USER, role_id_digits};
use crate::simulator::error_response::SimulatedError;
use crate::simulator::response::{SimulatedResponse, SimulatedResult};
use crate::simulator::world::seed::Seed;
use crate::simulator::world::{SimulatedAccount, Trust, World};

/// The AWS managed policy of application roles.
const MANAGED: &str = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
const ADMINISTRATOR: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

pub(super) fn answer<'call>(call: &SimulatedCall<'call>) -> Option<SimulatedResult<'call>> {
    let place = call.place;
    let account = place.account;
    let workload = &account.workload;
    let world = call.world;
    Some(match &*call.operation.name {
        "ListRoles" => Ok(SimulatedResponse::list("Roles", role_count(world, account), move |number| {
            role(world, place, number)
        })),
        "GetRole" => find_role(call)
            .map(|number| SimulatedResponse::members(json!({"Role": described_role(world, place, number)}))),
        "ListAttachedRolePolicies" => match permission_set(call) {
            Some(name) => Ok(SimulatedResponse::items("AttachedPolicies", vec![managed(name)])),
            None => find_role(call).map(|number| {
                SimulatedResponse::items("AttachedPolicies", vec![attached(world, place, number)])
            }),
        },
        "ListRolePolicies" if permission_set(call).is_some() => {
            Ok(SimulatedResponse::items("PolicyNames", Vec::new()))
        }
        "ListRolePolicies" => find_role(call).map(|_| SimulatedResponse::items("PolicyNames", Vec::new())),
        "ListUsers" => Ok(SimulatedResponse::list("Users", user_count(world, account), move |number| {
            user(world, place, number)
        })),
        "GetUser" => find_user(call)
            .map(|number| SimulatedResponse::members(json!({"User": user(world, place, number)}))),
        "ListAttachedUserPolicies" => find_user(call).map(|_| {
            SimulatedResponse::items(
                "AttachedPolicies",
                vec![json!({"PolicyName": "AdministratorAccess", "PolicyArn": ADMINISTRATOR})],
            )
        }),
        "ListAccessKeys" => Ok(SimulatedResponse::items("AccessKeyMetadata", Vec::new())),
        "ListMFADevices" => Ok(SimulatedResponse::items("MFADevices", Vec::new())),
        "ListPolicies" => {
            Ok(SimulatedResponse::list("Policies", workload.policies, move |number| policy(place, number)))
        }
        "GetPolicy" => find_policy(call)
            .map(|number| SimulatedResponse::members(json!({"Policy": policy(place, number)}))),
        "GetPolicyVersion" => find_policy(call).map(|number| {
            SimulatedResponse::members(json!({"PolicyVersion": {
                "Document": encoded(&permissions(place, number)),
                "VersionId": "v1",
                "IsDefaultVersion": true,
                "CreateDate": seed(account, "policy", number).moment()
            }}))
        }),
        "ListAccountAliases" => Ok(SimulatedResponse::items(
            "AccountAliases",
            vec![json!(format!("blue-heron-{}", workload.prefix))],
        )),
        "GetAccountSummary" => Ok(SimulatedResponse::members(json!({"SummaryMap": {
            "Roles": role_count(world, account),
            "Users": user_count(world, account),
            "Policies": workload.policies,
            "AccountMFAEnabled": 1,
            "AccountAccessKeysPresent": 0
        }}))),
        _ => return None,
    })
}

/// Returns the permission set that a role was created for.
fn permission_set<'call>(call: &'call SimulatedCall<'_>) -> Option<&'call str> {
    permission_set_of(call.text("RoleName")?)
}

/// Returns AWS's managed policy of this name, as a role has it.
fn managed(name: &str) -> Value {
    json!({"PolicyName": name, "PolicyArn": format!("arn:aws:iam::aws:policy/{name}")})
}

fn seed(account: &SimulatedAccount, kind: &str, number: usize) -> Seed {
    Seed::of(&["iam", account.id.as_str(), kind]).with(number)
}

/// Percent-encodes a policy document, as IAM returns it (RFC 3986).
fn encoded(document: &Value) -> String {
    utf8_percent_encode(&document.to_string(), NON_ALPHANUMERIC).to_string()
}

fn is_management(world: &World, account: &SimulatedAccount) -> bool {
    world.management_account().is_some_and(|management| management.id == account.id)
}

/// Returns the number of roles in addition to those of the workload: the role for the management account, if there
/// is one.
fn entrances(world: &World, account: &SimulatedAccount) -> usize {
    usize::from(!is_management(world, account))
}

fn role_count(world: &World, account: &SimulatedAccount) -> usize {
    entrances(world, account) + account.workload.roles
}

/// Returns the execution role of the `number`th function of an account.
pub(super) fn role_name(account: &SimulatedAccount, number: usize) -> String {
    let place = AccountRegion { account, region: "" };
    format!("{}-role", place.name(number % account.workload.roles.max(1)))
}

/// Returns the name and trust policy of a role.
fn named_role(world: &World, account: &SimulatedAccount, number: usize) -> (String, Value) {
    let trust = |principal: Value| {
        json!({
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]
        })
    };
    match number.checked_sub(entrances(world, account)) {
        None => {
            let management = world.management_account().filter(|_| account.trust == Trust::Grants);
            let trusted = management.map_or("999999999999", |management| management.id.as_str());
            (world.role_name.clone(), trust(json!({"AWS": format!("arn:aws:iam::{trusted}:root")})))
        }
        Some(VENDOR_ROLE) if account.workload.prefix == VENDOR_OF => {
            (role_name(account, VENDOR_ROLE), vendor_trust())
        }
        Some(number) => (role_name(account, number), trust(json!({"Service": "lambda.amazonaws.com"}))),
    }
}

/// The workload with a role for a vendor, and the number of that role.
const VENDOR_OF: &str = "shop";
const VENDOR_ROLE: usize = 2;
/// The account of the vendor, which is not of the organization.
pub(super) const VENDOR: &str = "777788889999";

/// Returns the trust policy of the role for the vendor.
fn vendor_trust() -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "MonitoringVendor",
            "Effect": "Allow",
            "Principal": {"AWS": format!("arn:aws:iam::{VENDOR}:root")},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": "blue-heron-7"}}
        }]
    })
}

fn role(world: &World, place: AccountRegion<'_>, number: usize) -> Value {
    let account = place.account;
    let (name, trust) = named_role(world, account, number);
    json!({
        "Path": "/",
        "RoleName": name,
        "RoleId": format!("AROA{}", role_id_digits(account, &name)),
        "Arn": place.global_arn("iam", &format!("role/{name}")),
        "CreateDate": seed(account, "role", number).moment(),
        "AssumeRolePolicyDocument": encoded(&trust),
        "MaxSessionDuration": 3600
    })
}

/// Returns a role with the member that only `GetRole` returns: the last use, if it was in the last 400 days.
fn described_role(world: &World, place: AccountRegion<'_>, number: usize) -> Value {
    let mut role = role(world, place, number);
    let is_used = seed(place.account, "role used", number).below(5) > 0;
    role["RoleLastUsed"] = match number {
        number if number < entrances(world, place.account) || is_used => {
            let day = 1 + seed(place.account, "role last used", number).below(20);
            json!({"LastUsedDate": format!("2026-11-{day:02}T08:15:00+00:00"), "Region": "us-east-1"})
        }
        _ => json!({}),
    };
    role
}

fn find_role(call: &SimulatedCall<'_>) -> Result<usize, SimulatedError> {
    let wanted = call.text("RoleName").unwrap_or_default();
    let account = call.place.account;
    (0..role_count(call.world, account))
        .find(|number| named_role(call.world, account, *number).0 == wanted)
        .ok_or_else(|| no_such(&format!("The role with name {wanted}")))
}

fn no_such(what: &str) -> SimulatedError {
    SimulatedError::new(404, "NoSuchEntity", format!("{what} cannot be found."))
}

fn attached(world: &World, place: AccountRegion<'_>, number: usize) -> Value {
    match number.checked_sub(entrances(world, place.account)) {
        None => json!({"PolicyName": "AdministratorAccess", "PolicyArn": ADMINISTRATOR}),
        Some(own) if own < place.account.workload.policies => {
            json!({"PolicyName": policy_name(place, own), "PolicyArn": policy_arn(place, own)})
        }
        Some(_) => json!({"PolicyName": "AWSLambdaBasicExecutionRole", "PolicyArn": MANAGED}),
    }
}

fn user_count(world: &World, account: &SimulatedAccount) -> usize {
    account.workload.users + usize::from(is_management(world, account))
}

fn user_name(world: &World, place: AccountRegion<'_>, number: usize) -> String {
    if number == 0 && is_management(world, place.account) {
        return USER.to_owned();
    }
    format!("{}-deploy-{number}", place.account.workload.prefix)
}

fn user(world: &World, place: AccountRegion<'_>, number: usize) -> Value {
    let name = user_name(world, place, number);
    let id = if name == USER { Seed::of(&["user", USER]) } else { seed(place.account, "user", number) };
    json!({
        "Path": "/",
        "UserName": name,
        "UserId": format!("AIDA{}", id.base32(17)),
        "Arn": place.global_arn("iam", &format!("user/{name}")),
        "CreateDate": seed(place.account, "user", number).moment()
    })
}

fn find_user(call: &SimulatedCall<'_>) -> Result<usize, SimulatedError> {
    let wanted = call.text("UserName").unwrap_or(USER);
    (0..user_count(call.world, call.place.account))
        .find(|number| user_name(call.world, call.place, *number) == wanted)
        .ok_or_else(|| no_such(&format!("The user with name {wanted}")))
}

fn policy_name(place: AccountRegion<'_>, number: usize) -> String {
    format!("{}-policy", place.name(number))
}

fn policy_arn(place: AccountRegion<'_>, number: usize) -> String {
    place.global_arn("iam", &format!("policy/{}", policy_name(place, number)))
}

fn policy(place: AccountRegion<'_>, number: usize) -> Value {
    let seed = seed(place.account, "policy", number);
    json!({
        "PolicyName": policy_name(place, number),
        "PolicyId": format!("ANPA{}", seed.base32(17)),
        "Arn": policy_arn(place, number),
        "Path": "/",
        "DefaultVersionId": "v1",
        "AttachmentCount": 1,
        "PermissionsBoundaryUsageCount": 0,
        "IsAttachable": true,
        "CreateDate": seed.moment(),
        "UpdateDate": seed.moment()
    })
}

fn find_policy(call: &SimulatedCall<'_>) -> Result<usize, SimulatedError> {
    let wanted = call.text("PolicyArn").unwrap_or_default();
    (0..call.place.account.workload.policies)
        .find(|number| policy_arn(call.place, *number) == wanted)
        .ok_or_else(|| no_such(&format!("Policy {wanted}")))
}

/// Returns the customer managed policies with their tags.
pub(super) fn tagged(place: AccountRegion<'_>) -> TaggedResources<'_> {
    TaggedResources::new("iam:policy", place.account.workload.policies, move |number| {
        (policy_arn(place, number), place.tags(&policy_name(place, number)))
    })
}

fn permissions(place: AccountRegion<'_>, number: usize) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Action": ["dynamodb:GetItem", "dynamodb:Query"],
            "Resource": format!("arn:aws:dynamodb:*:{}:table/{}", place.account_id(), place.name(number))
        }]
    })
}
