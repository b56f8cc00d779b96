//! Security groups and their rules.
//!
//! Every VPC has a default group; those with a workload have three more.

use serde_json::{Value, json};

use super::network::{main_vpc, vpc_id};
use crate::simulator::resources::AccountRegion;

const ROLES: [(&str, &str); 3] = [
    ("web", "HTTPS from everywhere"),
    ("app", "From the load balancers"),
    ("database", "From the applications"),
];

/// The index of the role of databases.
const DATABASE: usize = 2;

/// A rule of a group.
struct SecurityGroupRule {
    egress: bool,
    protocol: &'static str,
    port: i64,
    peer: Peer,
    description: Option<&'static str>,
}

/// The source or destination of traffic.
enum Peer {
    Everywhere,
    Group(usize),
}

pub(super) fn count(place: AccountRegion<'_>) -> usize {
    let vpcs = place.amounts().vpcs;
    1 + vpcs + ROLES.len() * vpcs
}

pub(super) fn group_id(place: AccountRegion<'_>, group: usize) -> String {
    place.id("sg", group)
}

/// Returns the group of the main VPC with a role.
fn group_of_role(place: AccountRegion<'_>, role: usize) -> usize {
    let vpcs = place.amounts().vpcs;
    if main_vpc(place) == 0 { 0 } else { 1 + vpcs + role }
}

/// Returns the id and name of the group of applications.
pub(super) fn application(place: AccountRegion<'_>) -> (String, String) {
    let group = group_of_role(place, 1);
    (group_id(place, group), group_name(place, group))
}

/// Returns the id of the load balancers' group.
pub(in crate::simulator::resources) fn web_id(place: AccountRegion<'_>) -> String {
    group_id(place, group_of_role(place, 0))
}

/// Returns the id of the databases' group.
pub(in crate::simulator::resources) fn database_id(place: AccountRegion<'_>) -> String {
    group_id(place, group_of_role(place, DATABASE))
}

/// Returns the VPC and role of a group; a VPC's default group has no role.
fn role(place: AccountRegion<'_>, group: usize) -> (usize, Option<usize>) {
    let defaults = 1 + place.amounts().vpcs;
    match group.checked_sub(defaults) {
        None => (group, None),
        Some(rest) => (1 + rest / ROLES.len(), Some(rest % ROLES.len())),
    }
}

fn group_name(place: AccountRegion<'_>, group: usize) -> String {
    match role(place, group) {
        (_, None) => "default".to_owned(),
        (vpc, Some(role)) => format!("{}-{}", place.name(vpc), ROLES[role].0),
    }
}

fn rules(place: AccountRegion<'_>, group: usize) -> Vec<SecurityGroupRule> {
    let out = SecurityGroupRule {
        egress: true,
        protocol: "-1",
        port: -1,
        peer: Peer::Everywhere,
        description: None,
    };
    let tcp = |port, peer, description| SecurityGroupRule {
        egress: false,
        protocol: "tcp",
        port,
        peer,
        description,
    };
    let ingress = match role(place, group).1 {
        None => SecurityGroupRule {
            egress: false,
            protocol: "-1",
            port: -1,
            peer: Peer::Group(group),
            description: None,
        },
        Some(0) => tcp(443, Peer::Everywhere, Some("HTTPS")),
        Some(1) => tcp(8080, Peer::Group(group - 1), Some("from the load balancers")),
        Some(_) => tcp(5432, Peer::Group(group - 1), Some("PostgreSQL")),
    };
    vec![ingress, out]
}

pub(super) fn security_group(place: AccountRegion<'_>, group: usize) -> Value {
    let (vpc, role) = role(place, group);
    let id = group_id(place, group);
    let permissions = |egress: bool| -> Vec<Value> {
        rules(place, group)
            .iter()
            .filter(|rule| rule.egress == egress)
            .map(|rule| permission(place, rule))
            .collect()
    };
    let mut described = json!({
        "GroupId": id,
        "IpPermissionsEgress": permissions(true),
        "VpcId": vpc_id(place, vpc),
        "SecurityGroupArn": place.arn("ec2", &format!("security-group/{id}")),
        "OwnerId": place.account_id(),
        "GroupName": group_name(place, group),
        "Description": role.map_or("default VPC security group", |role| ROLES[role].1),
        "IpPermissions": permissions(false)
    });
    if role.is_some() {
        described["Tags"] = place.tags(&group_name(place, group));
    }
    described
}

fn permission(place: AccountRegion<'_>, rule: &SecurityGroupRule) -> Value {
    let (mut ranges, mut groups) = (json!([]), json!([]));
    match rule.peer {
        Peer::Everywhere => ranges = json!([{"CidrIp": "0.0.0.0/0"}]),
        Peer::Group(group) => {
            groups = json!([{"UserId": place.account_id(), "GroupId": group_id(place, group)}]);
        }
    }
    let mut described = json!({
        "IpProtocol": rule.protocol,
        "UserIdGroupPairs": groups,
        "IpRanges": ranges,
        "Ipv6Ranges": [],
        "PrefixListIds": []
    });
    if rule.port >= 0 {
        described["FromPort"] = json!(rule.port);
        described["ToPort"] = json!(rule.port);
    }
    described
}

pub(super) fn rule_count(place: AccountRegion<'_>) -> usize {
    2 * count(place)
}

pub(super) fn rule(place: AccountRegion<'_>, number: usize) -> Value {
    // Each group has one rule in each direction.
    let (group, position) = (number / 2, number % 2);
    let id = place.id("sgr", number);
    let rule = &rules(place, group)[position];
    let mut described = json!({
        "SecurityGroupRuleId": id,
        "GroupId": group_id(place, group),
        "GroupOwnerId": place.account_id(),
        "IsEgress": rule.egress,
        "IpProtocol": rule.protocol,
        "FromPort": rule.port,
        "ToPort": rule.port,
        "Tags": [],
        "SecurityGroupRuleArn": place.arn("ec2", &format!("security-group-rule/{id}"))
    });
    match rule.peer {
        Peer::Everywhere => described["CidrIpv4"] = json!("0.0.0.0/0"),
        Peer::Group(other) => {
            described["ReferencedGroupInfo"] =
                json!({"GroupId": group_id(place, other), "UserId": place.account_id()});
        }
    }
    if let Some(description) = rule.description {
        described["Description"] = json!(description);
    }
    described
}
