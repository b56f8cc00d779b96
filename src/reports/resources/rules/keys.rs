//! The members with an item's ID, ARN, name and tags, derived from the names of its members.

use super::{id_overrides, squashed, tags};

/// The members that identify an item, the best first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct IdentityKeys {
    pub(super) id: Vec<String>,
    pub(super) arn: Vec<String>,
    pub(super) name: Vec<String>,
    pub(super) tags: Option<String>,
}

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
        let fixed = |names: &[&str]| {
            names.iter().filter(|name| texts.contains(name)).map(|name| (*name).to_owned()).collect()
        };
        let id = match row {
            Some(row) if !row.id.is_empty() => fixed(row.id),
            _ => named_after(kind, &["identifier", "id"], texts),
        };
        let name = match row {
            Some(row) if !row.name.is_empty() => fixed(row.name),
            _ => named_after(kind, &["name"], texts),
        };
        let arn = named_after(kind, &["arn"], texts);
        let tags = all.into_iter().find(|member| tags::is_tag_member(member)).map(str::to_owned);
        Self { id, arn, name, tags }
    }
}

/// Returns the members whose names are a kind or its last words followed by one of `endings`, the longest
/// match first.
fn named_after(kind: &str, endings: &[&str], members: &[&str]) -> Vec<String> {
    let kind = squashed(kind);
    let mut found: Vec<(usize, &str)> = members
        .iter()
        .filter_map(|member| {
            let name = squashed(member);
            let stem = endings.iter().find_map(|ending| name.strip_suffix(ending))?;
            kind.ends_with(stem).then_some((stem.len(), *member))
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
        assert!(id("bucket", &["OwnerId", "Name"]).is_empty());
    }

    #[test]
    fn the_fullest_name_comes_first() {
        let members = ["Id", "GroupId", "TargetGroupId"];
        assert_eq!(id("target_group", &members), ["TargetGroupId", "GroupId", "Id"]);
    }

    #[test]
    fn tags_are_told_by_their_member() {
        let tags = |member| IdentityKeys::find("any", "any", &[], ["Name", member]).tags;
        for member in ["Tags", "tags", "TagSet", "TagList"] {
            assert_eq!(tags(member).as_deref(), Some(member));
        }
        assert_eq!(tags("TagsToAdd"), None);
    }
}
