//! Puts the changes of answers about a resource, such as its policy, below the resource.

use std::collections::HashMap;

use super::change::{Change, ChangeKind, DetailChange};
use super::seen_resource::{ResourceLabel, SeenResource};

/// The resources in one place, of both runs, that answers can be about.
#[derive(Debug, Default)]
pub(super) struct DetailOwners {
    /// By label; `None` if several have it.
    by_label: HashMap<ResourceLabel, Option<Owner>>,
}

/// What identifies a resource in reports.
#[derive(Clone, Debug)]
struct Owner {
    resource_type: Option<&'static str>,
    function: String,
    id: Option<String>,
    arn: Option<String>,
    name: Option<String>,
    parent: Option<String>,
}

impl Owner {
    /// Returns whether two runs, or two calls, may mean the same resource.
    fn may_be(&self, other: &Self) -> bool {
        let may_be =
            |one: &Option<String>, other: &Option<String>| one.is_none() || other.is_none() || one == other;
        may_be(&self.arn, &other.arn) && self.parent == other.parent
    }
}

impl DetailOwners {
    /// Adds a resource that a run saw.
    pub(super) fn add(&mut self, seen: &SeenResource) {
        if seen.about.is_some() {
            return;
        }
        let owner = Owner {
            resource_type: seen.resource_type,
            function: seen.function.clone(),
            id: seen.id.clone(),
            arn: seen.arn.clone(),
            name: seen.name.clone(),
            parent: seen.parent.clone(),
        };
        for id in [&seen.id, &seen.arn].into_iter().flatten() {
            let label =
                ResourceLabel { service: seen.service.clone(), kind: seen.kind.clone(), id: id.clone() };
            let known = self.by_label.entry(label).or_insert_with(|| Some(owner.clone()));
            if known.as_ref().is_some_and(|known| !known.may_be(&owner)) {
                *known = None;
            }
        }
    }

    /// Returns whether an answer about this resource is shown below it.
    pub(super) fn has(&self, label: &ResourceLabel) -> bool {
        matches!(self.by_label.get(label), Some(Some(_)))
    }

    /// Adds the changes of answers to the changes of the resources that they are about, and returns how many resources
    /// got a change only for them. A resource that was added or removed has been so with all answers about it.
    pub(super) fn put_below(&self, changes: &mut Vec<Change>, details: Vec<(ResourceLabel, Change)>) -> u64 {
        let mut positions: HashMap<ResourceLabel, usize> = HashMap::new();
        for (position, change) in changes.iter().enumerate() {
            for id in [&change.id, &change.arn].into_iter().flatten() {
                let (service, kind) = (change.service.clone(), change.kind.clone());
                positions.insert(ResourceLabel { service, kind, id: id.clone() }, position);
            }
        }
        let mut otherwise_unchanged = 0;
        for (label, detail) in details {
            let Some(Some(owner)) = self.by_label.get(&label) else { continue };
            let known = [&owner.id, &owner.arn]
                .into_iter()
                .flatten()
                .find_map(|id| positions.get(&ResourceLabel { id: id.clone(), ..label.clone() }).copied());
            let position = known.unwrap_or_else(|| {
                otherwise_unchanged += 1;
                positions.insert(label.clone(), changes.len());
                changes.push(owner.changed(&label, &detail));
                changes.len() - 1
            });
            match changes[position].change {
                ChangeKind::Added | ChangeKind::Removed => {}
                ChangeKind::Changed => changes[position].details.push(DetailChange {
                    change: detail.change,
                    function: detail.function,
                    facts: detail.facts,
                    fields: detail.fields,
                }),
                ChangeKind::Unknown => changes.push(detail),
            }
        }
        otherwise_unchanged
    }
}

impl Owner {
    /// Returns the change of the resource in the place of the change of an answer about it, without fields.
    fn changed(&self, label: &ResourceLabel, detail: &Change) -> Change {
        Change {
            change: ChangeKind::Changed,
            account: detail.account.clone(),
            account_name: detail.account_name.clone(),
            region: detail.region.clone(),
            service: label.service.clone(),
            kind: label.kind.clone(),
            resource_type: self.resource_type.map(str::to_owned),
            function: self.function.clone(),
            id: self.id.clone(),
            arn: self.arn.clone(),
            name: self.name.clone(),
            facts: serde_json::Map::new(),
            fields: Vec::new(),
            details: Vec::new(),
            seen_in: None,
            because: None,
            who: Vec::new(),
            who_unknown: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{DetailOwners, ResourceLabel};
    use crate::reports::diff::change::{Change, ChangeKind};
    use crate::reports::diff::seen_resource::SeenResource;

    fn label(id: &str) -> ResourceLabel {
        ResourceLabel { service: "s3".to_owned(), kind: "bucket".to_owned(), id: id.to_owned() }
    }

    fn bucket(id: &str, parent: Option<&str>) -> SeenResource {
        SeenResource {
            pair: 0,
            service: "s3".to_owned(),
            kind: "bucket".to_owned(),
            resource_type: Some("AWS::S3::Bucket"),
            function: "list_buckets".to_owned(),
            id: Some(id.to_owned()),
            arn: None,
            name: None,
            describes: false,
            for_item: Value::Null,
            parent: parent.map(str::to_owned),
            about: None,
            #[cfg(feature = "sqlite")]
            row: None,
            raw: json!({}),
        }
    }

    fn owners(seen: &[SeenResource]) -> DetailOwners {
        let mut owners = DetailOwners::default();
        for seen in seen {
            owners.add(seen);
        }
        owners
    }

    fn change(kind: ChangeKind, function: &str, id: &str) -> Change {
        let about = json!({"change": kind, "account": "1", "account_name": null, "region": "global", "service": "s3",
            "kind": "bucket", "function": function, "id": id, "arn": null, "name": null});
        serde_json::from_value(about).expect("a change")
    }

    /// Returns the changes after those of the policies of buckets were put below them: each with its details.
    fn folded(mut changes: Vec<Change>, policies: &[(ChangeKind, &str)]) -> (u64, Vec<String>) {
        let owners = owners(&[bucket("a", None), bucket("b", None)]);
        let policies = policies.iter().map(|(kind, id)| (label(id), change(*kind, "get_bucket_policy", id)));
        let otherwise_unchanged = owners.put_below(&mut changes, policies.collect());
        let text = |change: &Change| {
            let details = change.details.iter().map(|one| format!(" {}{}", one.change.sign(), one.function));
            let details: String = details.collect();
            format!("{}{} {}{details}", change.change.sign(), change.function, change.label().unwrap_or("?"))
        };
        (otherwise_unchanged, changes.iter().map(text).collect())
    }

    #[test]
    fn details_are_below_a_change_of_their_resource() {
        let changed = vec![change(ChangeKind::Changed, "list_buckets", "a")];
        let folded = folded(changed, &[(ChangeKind::Added, "a"), (ChangeKind::Changed, "b")]);
        let expected = ["~list_buckets a +get_bucket_policy", "~list_buckets b ~get_bucket_policy"];
        assert_eq!(folded, (1, expected.map(str::to_owned).to_vec()));
    }

    #[test]
    fn details_of_a_removed_resource_are_not_repeated() {
        let removed = vec![change(ChangeKind::Removed, "list_buckets", "a")];
        assert_eq!(folded(removed, &[(ChangeKind::Removed, "a")]), (0, vec!["-list_buckets a".to_owned()]));
    }

    /// Text reports list unknown resources by their causes only.
    #[test]
    fn details_of_an_unknown_resource_are_separate() {
        let unknown = vec![change(ChangeKind::Unknown, "list_buckets", "a")];
        let expected = ["?list_buckets a", "~get_bucket_policy a"];
        assert_eq!(folded(unknown, &[(ChangeKind::Changed, "a")]), (0, expected.map(str::to_owned).to_vec()));
    }

    #[test]
    fn label_of_two_resources_has_no_owner() {
        let both = owners(&[bucket("a", Some("x")), bucket("a", Some("y")), bucket("b", Some("x"))]);
        assert!(!both.has(&label("a")) && both.has(&label("b")) && !both.has(&label("c")));
    }
}
