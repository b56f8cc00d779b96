//! Who something is shared with: everyone, or accounts that a member names.

use super::graph::{LinkKind, OutsideNode};
use super::references::ResourceReference;
use super::source::LinkSource;
use crate::reports::members::squashed;

/// The text of everyone.
pub(super) const EVERYONE: &str = "*";

/// Parts of paths to accounts that get access, in lower case: permissions of images and snapshots, grants of keys, lists
/// of access, shares, and connections between networks.
const SHARES: [&str; 10] = [
    "allowed",
    "associatedentity",
    "authorized",
    "grant",
    "launchpermission",
    "peer",
    "permission",
    "principal",
    "shared",
    "sharing",
];

/// Members with the IDs of accounts, in lower case, at the end of their names.
const ACCOUNT_MEMBERS: [&str; 9] = [
    "account",
    "accountid",
    "accountids",
    "accounts",
    "attributevalues",
    "owner",
    "ownerid",
    "userid",
    "userids",
];

/// Parts of the names of kinds whose resources are shares: peerings, and the principals of RAM.
const SHARE_KINDS: [&str; 2] = ["peering", "principal"];

/// Groups of S3 that are everyone; the second is everyone with an account.
///
/// Source: "Amazon S3 predefined groups" in the Amazon S3 user guide.
const GROUPS: [&str; 2] = ["/groups/global/AllUsers", "/groups/global/AuthenticatedUsers"];

/// Returns everyone as a node.
pub(super) fn everyone_node() -> OutsideNode {
    OutsideNode::foreign(EVERYONE, "everyone")
}

/// Returns whether a member is part of a policy's statement, which has principals and conditions.
fn is_in_statement(path: &str) -> bool {
    path.contains("Statement.") || path.contains("Statement[]")
}

/// Returns whether a member's path leads to those who get access. Statements of policies are read otherwise.
pub(super) fn is_share(resource: &LinkSource, reference: &ResourceReference<'_>) -> bool {
    if is_in_statement(reference.path) {
        return false;
    }
    let path = squashed(reference.path);
    let is_attribute = || {
        let name = reference.siblings.and_then(|siblings| siblings.get("AttributeName")?.as_str());
        name == Some("restore")
    };
    SHARES.iter().any(|word| path.contains(word))
        || SHARE_KINDS.iter().any(|word| resource.kind.contains(word))
        || is_attribute()
}

/// Returns everyone, if a text of a share is the word for that.
pub(super) fn everyone(reference: &ResourceReference<'_>) -> Option<OutsideNode> {
    let path = squashed(reference.path);
    let is_all = reference.text == "all"
        && (path.ends_with("permissions[].group") || path.ends_with("attributevalues[]"));
    is_all.then(everyone_node)
}

/// Returns how a member names accounts: those that get access, or others; `None` if it does not name accounts.
pub(super) fn account_kind(resource: &LinkSource, reference: &ResourceReference<'_>) -> Option<LinkKind> {
    let member = squashed(reference.member);
    if is_in_statement(reference.path) {
        return None;
    }
    if is_share(resource, reference) {
        return Some(LinkKind::Share);
    }
    ACCOUNT_MEMBERS.iter().any(|ending| member.ends_with(ending)).then_some(LinkKind::Account)
}

/// Returns whether a URL is a group of S3 that is everyone.
pub(super) fn group(url: &str) -> Option<OutsideNode> {
    GROUPS.iter().any(|group| url.ends_with(group)).then(everyone_node)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{account_kind, everyone, group};
    use crate::reports::links::graph::LinkKind;
    use crate::reports::links::references::ResourceReference;
    use crate::reports::links::source::LinkSource;

    fn reference<'text>(path: &'text str, text: &'text str) -> ResourceReference<'text> {
        let member = path.rsplit('.').next().unwrap_or(path).trim_end_matches("[]");
        ResourceReference { path, member, text, siblings: None, grant: None }
    }

    fn kind(kind: &str, path: &str) -> Option<LinkKind> {
        let resource = LinkSource { kind: kind.to_owned(), ..LinkSource::default() };
        account_kind(&resource, &reference(path, "777788889999"))
    }

    #[test]
    fn accounts_of_shares_get_access() {
        for (of, path) in [
            ("snapshot", "describe_snapshot_attribute.CreateVolumePermissions[].UserId"),
            ("image", "describe_image_attribute.LaunchPermissions[].UserId"),
            ("key", "list_grants.Grants[].GranteePrincipal"),
            ("principal", "id"),
            ("resource_share_association", "associatedEntity"),
            ("vpc_peering_connection", "AccepterVpcInfo.OwnerId"),
        ] {
            assert_eq!(kind(of, path), Some(LinkKind::Share), "{of} {path}");
        }
    }

    #[test]
    fn other_accounts_are_only_named() {
        assert_eq!(kind("subnet", "OwnerId"), Some(LinkKind::Account));
        assert_eq!(kind("instance", "Description"), None);
        assert_eq!(kind("bucket", "Policy.Statement[].Principal.AWS"), None, "the statement denies");
        assert_eq!(kind("role", "Policy.Statement[].Condition.StringEquals.aws:SourceAccount"), None);
    }

    #[test]
    fn restored_snapshots_are_shared_with_the_values() {
        let siblings = json!({"AttributeName": "restore", "AttributeValues": ["777788889999"]});
        let path = "DBSnapshotAttributes[].AttributeValues[]";
        let siblings = siblings.as_object();
        let shared = ResourceReference { siblings, ..reference(path, "777788889999") };
        assert_eq!(account_kind(&LinkSource::default(), &shared), Some(LinkKind::Share));
    }

    #[test]
    fn words_and_groups_can_be_everyone() {
        assert!(everyone(&reference("LaunchPermissions[].Group", "all")).is_some());
        assert!(everyone(&reference("Domain", "all")).is_none());
        assert!(group("http://acs.amazonaws.com/groups/global/AllUsers").is_some());
        assert!(group("http://acs.amazonaws.com/groups/s3/LogDelivery").is_none());
    }
}
