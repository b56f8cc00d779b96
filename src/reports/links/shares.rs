//! Who something is shared with: everyone, or accounts that a member names.

use super::graph::{LinkKind, OutsideNode, OutsideState};
use super::references::ResourceReference;
use super::source::LinkSource;
use crate::reports::members::squashed;

/// The text of everyone.
pub(super) const EVERYONE: &str = "*";

/// Parts of paths to accounts that get access, in lower case: permissions of images and snapshots, grants of keys, lists
/// of access, shares, and connections between networks.
const SHARES: [&str; 9] = [
    "allowed",
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

/// Groups of S3 that are everyone; the second is everyone with an account.
///
/// Source: "Amazon S3 predefined groups" in the Amazon S3 user guide.
const GROUPS: [&str; 2] = ["/groups/global/AllUsers", "/groups/global/AuthenticatedUsers"];

/// Returns everyone as a node.
pub(super) fn everyone_node() -> OutsideNode {
    let text = EVERYONE.to_owned();
    OutsideNode { state: OutsideState::Foreign, text, account: None, label: Some("everyone") }
}

/// Returns whether a member's path leads to those who get access.
fn is_share(resource: &LinkSource, reference: &ResourceReference<'_>) -> bool {
    let path = squashed(reference.path);
    let is_attribute = || {
        let name = reference.siblings.and_then(|siblings| siblings.get("AttributeName")?.as_str());
        name == Some("restore")
    };
    SHARES.iter().any(|word| path.contains(word)) || resource.kind.contains("peering") || is_attribute()
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
    // A condition limits whom a statement is about.
    if reference.path.contains(".Condition.") {
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
