//! The members with an item's ID, ARN, name, owner and tags, derived from the names of its members.

use super::{id_overrides, owner, tags};
use crate::reports::members::squashed;

/// The members that identify an item, the best first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct IdentityKeys {
    pub(super) id: Vec<String>,
    pub(super) arn: Vec<String>,
    pub(super) name: Vec<String>,
    pub(super) owner: Vec<String>,
    pub(super) tags: Option<String>,
    /// The member with the tags beside the structure that is the resource.
    pub(super) tags_around: Option<String>,
}

/// Words at the end of a kind for how much of a resource an item contains: a `stack_set_summary` is a stack set.
const EXTENTS: &[&str] =
    &["summary", "detail", "description", "info", "information", "metadata", "entry", "identifier"];

impl IdentityKeys {
    /// Finds the identifying members of items of a kind: `texts` are the members with string values.
    ///
    /// The member of an ID is named after its kind (`VolumeId`), after the last words of the kind (`GroupId`
    /// of a security group) or after nothing (`Id`); other members (`VpcId`) are IDs of other resources. The
    /// same applies to ARN and name.
    pub(super) fn find<'name>(
        service: &str,
        kind: &str,
        texts: &[&'name str],
        all: impl IntoIterator<Item = &'name str>,
    ) -> Self {
        let row = id_overrides::reviewed(service, kind);
        let members = |of_row: Option<&[&str]>, endings: &[&str]| match of_row {
            Some(names) if !names.is_empty() => {
                // A path leads to a member of a member.
                let is_there = |name: &&&str| texts.contains(name) || name.contains('.');
                names.iter().filter(is_there).map(|name| (*name).to_owned()).collect()
            }
            _ => named_after(kind, endings, texts),
        };
        let id = members(row.map(|row| row.id), &["uuid", "identifier", "id"]);
        let arn = members(row.map(|row| row.arn), &["arn"]);
        let mut name = members(row.map(|row| row.name), &["name"]);
        // Names for display are not unique, so that they are no ID.
        if !(id.is_empty() && arn.is_empty()) {
            name.extend(named_after(kind, &["displayname"], texts));
        }
        let all: Vec<&str> = all.into_iter().collect();
        let owner = owner::members(service, kind, texts);
        let tags = all.into_iter().find(|member| tags::is_tag_member(member)).map(str::to_owned);
        Self { id, arn, name, owner, tags, tags_around: None }
    }
}

/// Returns the members whose names are a kind or its last words followed by one of `endings`, the longest
/// match first; then a member that has the name of the kind.
fn named_after(kind: &str, endings: &[&str], members: &[&str]) -> Vec<String> {
    let whole = squashed(kind);
    let short =
        kind.rsplit_once('_').filter(|(_, last)| EXTENTS.contains(last)).map(|(head, _)| squashed(head));
    let kinds: Vec<&str> = [Some(&whole), short.as_ref()].into_iter().flatten().map(String::as_str).collect();
    // `DhcpOptionsId` is the ID of a `dhcp_option`.
    let fits =
        |stem: &str| kinds.iter().any(|kind| kind.ends_with(stem) || stem.strip_suffix('s') == Some(kind));
    let mut found: Vec<(usize, &str)> = members
        .iter()
        .filter_map(|member| {
            let name = squashed(member);
            let stem = endings.iter().find_map(|ending| name.strip_suffix(ending)).filter(|stem| fits(stem));
            // The `domainName` of a `domain_name` is its name, and not the name of its domain.
            let is_named =
                || endings.iter().any(|ending| name.ends_with(ending)) && kinds.contains(&name.as_str());
            let length = stem.map(str::len).or_else(|| is_named().then_some(0))?;
            Some((length, *member))
        })
        .collect();
    found.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
    found.into_iter().map(|(_, member)| member.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::IdentityKeys;

    fn id(kind: &str, members: &[&str]) -> Vec<String> {
        IdentityKeys::find("any", kind, members, []).id
    }

    #[test]
    fn an_id_is_called_after_its_kind_or_nothing() {
        assert_eq!(id("volume", &["SnapshotId", "VolumeId", "KmsKeyId"]), ["VolumeId"]);
        assert_eq!(id("security_group", &["OwnerId", "GroupId", "VpcId"]), ["GroupId"]);
        assert_eq!(id("db_instance", &["DbiResourceId", "DBInstanceIdentifier"]), ["DBInstanceIdentifier"]);
        assert_eq!(id("distribution", &["Id", "ARN"]), ["Id"]);
        assert_eq!(id("dhcp_option", &["OwnerId", "DhcpOptionsId"]), ["DhcpOptionsId"]);
        assert_eq!(id("event_source_mapping", &["UUID", "EventSourceArn"]), ["UUID"]);
        assert_eq!(id("stack_set_summary", &["StackSetId"]), ["StackSetId"]);
        assert!(id("bucket", &["OwnerId", "Name"]).is_empty());
    }

    #[test]
    fn the_fullest_name_comes_first() {
        let members = ["Id", "GroupId", "TargetGroupId"];
        assert_eq!(id("target_group", &members), ["TargetGroupId", "GroupId", "Id"]);
    }

    #[test]
    fn name_for_display_is_the_last_choice() {
        let names = |members: &[&str]| IdentityKeys::find("any", "farm", members, []).name;
        assert_eq!(names(&["displayName", "farmId"]), ["displayName"]);
        assert_eq!(names(&["displayName", "farmId", "name"]), ["name", "displayName"]);
        assert!(names(&["displayName", "ownerName"]).is_empty(), "it would be the ID");
    }

    #[test]
    fn tags_are_told_by_their_member() {
        let tags = |member| IdentityKeys::find("any", "any", &[], ["Name", member]).tags;
        for member in ["Tags", "tags", "TagSet", "TagList", "UserPoolTags", "IdentityPoolTags"] {
            assert_eq!(tags(member).as_deref(), Some(member));
        }
        assert_eq!(tags("TagsToAdd"), None);
    }
}
