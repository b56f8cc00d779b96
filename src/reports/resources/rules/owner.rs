//! The account that owns a resource.
//!
//! A subnet that is shared through RAM is returned by every account that may use it, but belongs to one.

use serde_json::{Map, Value};

use crate::arn::Arn;
use crate::names::AccountId;

/// Members with the ID of the owner, the best first. Glue's `Owner` is a Unix user and others are display names, so
/// only account IDs are taken.
const MEMBERS: &[&str] = &[
    "OwnerId",
    "ownerId",
    "OwnerAccountId",
    "ownerAccountId",
    "OwnerAccount",
    "ownerAccount",
    "OwningAccountId",
    "owningAccountId",
    "OwningAccount",
    "Owner",
    "owner",
    "CatalogId",
    "registryId",
];

/// Members of single kinds: service, kind, member.
const OF_KINDS: &[(&str, &str, &str)] = &[
    ("ec2", "security_group_rule", "GroupOwnerId"),
    ("ec2", "transit_gateway_attachment", "ResourceOwnerId"),
    ("ec2", "transit_gateway_vpc_attachment", "VpcOwnerId"),
];

/// The owner of what AWS provides, as in the ARNs of managed policies and prefix lists.
const AWS: &str = "aws";

/// Returns the members that can have the owner.
pub(super) fn members(service: &str, kind: &str, texts: &[&str]) -> Vec<String> {
    let own =
        OF_KINDS.iter().filter(|(of, name, _)| *of == service && *name == kind).map(|(.., member)| *member);
    own.chain(MEMBERS.iter().copied()).filter(|member| texts.contains(member)).map(str::to_owned).collect()
}

/// Returns the owner that an item names: an account ID, or `aws`.
pub(super) fn of_members(names: &[String], item: &Map<String, Value>) -> Option<String> {
    names.iter().filter_map(|name| item.get(name)?.as_str()).find_map(account)
}

/// Returns the owner that an ARN names.
pub(super) fn of_arn(arn: &str) -> Option<String> {
    Arn::parse(arn).and_then(|arn| account(arn.account))
}

fn account(text: &str) -> Option<String> {
    let is_aws = ["aws", "amazon"].iter().any(|name| text.eq_ignore_ascii_case(name));
    if is_aws { Some(AWS.to_owned()) } else { AccountId::parse(text).map(|id| id.to_string()) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{members, of_arn, of_members};

    #[test]
    fn owner_is_an_account_or_aws() {
        let owner = |service, kind, item: serde_json::Value| {
            let item = item.as_object().expect("an object").clone();
            let texts: Vec<&str> = item.keys().map(String::as_str).collect();
            of_members(&members(service, kind, &texts), &item)
        };
        assert_eq!(
            owner("ec2", "subnet", json!({"OwnerId": "210987654321"})).as_deref(),
            Some("210987654321")
        );
        assert_eq!(owner("ec2", "managed_prefix_list", json!({"OwnerId": "AWS"})).as_deref(), Some("aws"));
        assert_eq!(owner("ssm", "document", json!({"Owner": "Amazon"})).as_deref(), Some("aws"));
        assert_eq!(owner("glue", "table", json!({"Owner": "hadoop"})), None);
        let rule = json!({"GroupOwnerId": "210987654321"});
        assert_eq!(owner("ec2", "security_group_rule", rule.clone()).as_deref(), Some("210987654321"));
        assert_eq!(owner("ec2", "security_group", rule), None);
    }

    #[test]
    fn arn_names_its_account() {
        assert_eq!(of_arn("arn:aws:iam::aws:policy/ReadOnlyAccess").as_deref(), Some("aws"));
        assert_eq!(of_arn("arn:aws:s3:::bucket"), None);
    }
}
