//! Shortens lists of actions with wildcards.

use std::collections::{BTreeMap, BTreeSet};

use super::action::Action;
use crate::model::catalog::read_only::READ_VERBS;

/// Action names by their prefix, in lower case as IAM compares them.
type ActionNames = BTreeMap<String, BTreeSet<String>>;

/// Returns patterns that match all actions of `wanted` and no other action of `known`, which has every action
/// with the prefixes `covered`. A wildcard only follows a read verb, and stands for at least two actions.
#[must_use]
pub(in crate::plan::policy) fn allow_patterns(
    wanted: &BTreeSet<Action>,
    known: &BTreeSet<Action>,
    covered: &BTreeSet<String>,
) -> Vec<String> {
    let others = by_prefix(known.difference(wanted));
    let mut patterns = Vec::new();
    for (prefix, actions) in group(wanted) {
        let others = others.get(&prefix.to_ascii_lowercase());
        let is_free = |start: &str| !is_prefix_of_any(others, start);
        let (reads, rest): (Vec<&str>, Vec<&str>) =
            actions.into_iter().partition(|name| covered.contains(prefix) && verb(name).is_some());
        let mut left = &reads[..];
        while let Some((first, _)) = left.split_first() {
            let (pattern, matched) = longest_group(first, left, &is_free);
            patterns.push(format!("{prefix}:{pattern}"));
            left = &left[matched..];
        }
        patterns.extend(rest.iter().map(|name| format!("{prefix}:{name}")));
    }
    patterns
}

/// Returns the shortest patterns that match all actions of `unwanted` and none of `wanted`. They may match
/// others: actions that are not needed may be denied.
#[must_use]
pub(in crate::plan::policy) fn deny_patterns(
    unwanted: &BTreeSet<Action>,
    wanted: &BTreeSet<Action>,
) -> Vec<String> {
    let wanted = by_prefix(wanted);
    let mut patterns: BTreeSet<String> = BTreeSet::new();
    for (prefix, actions) in group(unwanted) {
        let needed = wanted.get(&prefix.to_ascii_lowercase());
        for name in actions {
            let starts = (0..=name.len()).filter_map(|end| name.get(..end));
            let free = starts.into_iter().find(|start| !is_prefix_of_any(needed, start));
            let exact = || !needed.is_some_and(|needed| needed.contains(&name.to_ascii_lowercase()));
            match free {
                Some(start) if start == name && exact() => patterns.insert(format!("{prefix}:{name}")),
                Some(start) => patterns.insert(format!("{prefix}:{start}*")),
                // The name is the start of a needed action, but not a needed action.
                None if exact() => patterns.insert(format!("{prefix}:{name}")),
                None => false,
            };
        }
    }
    patterns.into_iter().collect()
}

/// Returns the pattern for the longest group of neighbours that starts with `first` and has a unique prefix, and
/// the size of the group.
fn longest_group(first: &str, sorted: &[&str], is_free: &impl Fn(&str) -> bool) -> (String, usize) {
    let shortest = verb(first).map_or(first.len(), str::len);
    for end in shortest..first.len() {
        let Some(start) = first.get(..end) else { continue };
        if is_free(start) {
            let matched = sorted.iter().take_while(|name| name.starts_with(start)).count();
            if matched > 1 {
                return (format!("{start}*"), matched);
            }
            break;
        }
    }
    (first.to_owned(), 1)
}

/// Returns the read verb at the start of a name.
fn verb(name: &str) -> Option<&'static str> {
    let is_verb = |verb: &&&str| {
        name.strip_prefix(**verb).is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_uppercase()))
    };
    READ_VERBS.iter().find(is_verb).copied()
}

fn is_prefix_of_any(names: Option<&BTreeSet<String>>, start: &str) -> bool {
    let start = start.to_ascii_lowercase();
    names
        .is_some_and(|names| names.range(start.clone()..).next().is_some_and(|name| name.starts_with(&start)))
}

fn group(actions: &BTreeSet<Action>) -> BTreeMap<&str, Vec<&str>> {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for action in actions {
        groups.entry(action.prefix()).or_default().push(action.name());
    }
    groups
}

fn by_prefix<'action>(actions: impl IntoIterator<Item = &'action Action>) -> ActionNames {
    let mut names = ActionNames::new();
    for action in actions {
        let name = action.name().to_ascii_lowercase();
        names.entry(action.prefix().to_ascii_lowercase()).or_default().insert(name);
    }
    names
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{allow_patterns, deny_patterns};
    use crate::plan::policy::action::Action;

    fn set(names: &[&str]) -> BTreeSet<Action> {
        names.iter().map(|name| Action::new(*name)).collect()
    }

    fn covered() -> BTreeSet<String> {
        ["sqs", "x"].map(str::to_owned).into()
    }

    #[test]
    fn a_star_stands_for_neighbours_of_which_all_are_wanted() {
        let known = set(&[
            "sqs:ListQueues",
            "sqs:ListQueueTags",
            "sqs:GetQueueUrl",
            "sqs:GetQueueAttributes",
            "sqs:ListMessageMoveTasks",
        ]);
        let wanted = set(&["sqs:ListQueues", "sqs:ListQueueTags", "sqs:GetQueueUrl"]);
        assert_eq!(allow_patterns(&wanted, &known, &covered()), ["sqs:GetQueueUrl", "sqs:ListQ*"]);
        assert_eq!(allow_patterns(&known, &known, &covered()), ["sqs:Get*", "sqs:List*"]);
    }

    #[test]
    fn only_a_read_verb_is_followed_by_a_star() {
        let wanted = set(&["x:ViewBudget", "x:ViewBilling", "x:Getting", "x:Gettysburg"]);
        assert_eq!(
            allow_patterns(&wanted, &wanted, &covered()),
            ["x:Getting", "x:Gettysburg", "x:ViewBilling", "x:ViewBudget"]
        );
    }

    #[test]
    fn there_is_no_star_where_not_every_action_is_known() {
        let wanted = set(&["ec2:DescribeVolumes", "ec2:DescribeVpcs"]);
        assert_eq!(allow_patterns(&wanted, &wanted, &covered()), ["ec2:DescribeVolumes", "ec2:DescribeVpcs"]);
    }

    /// The patterns for denied actions are as short as the needed actions allow.
    #[test]
    fn deny_patterns_are_as_short_as_possible() {
        let denied = set(&["s3:GetObject", "s3:GetObjectTorrent", "sso:GetRoleCredentials", "q:GetX"]);
        let needed = set(&["s3:GetBucketTagging", "s3:ListAllMyBuckets", "q:GetXray"]);
        assert_eq!(deny_patterns(&denied, &needed), ["q:GetX", "s3:GetO*", "sso:*"]);
    }

    #[test]
    fn needed_action_is_never_denied() {
        let needed = set(&["glue:GetTable"]);
        assert!(deny_patterns(&set(&["glue:GetTable"]), &needed).is_empty());
    }
}
