//! Matches the resources of two runs in one place.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::seen_resource::{ResourceLabel, SeenResource};
use super::values::canonical;
use crate::plan::redaction::{is_hidden, is_redacted};
use crate::reports::resources::may_be_about;

/// A resource that one or both of the runs saw.
#[derive(Debug)]
pub(in crate::reports) enum ResourceMatch {
    /// Both saw it.
    Both(SeenResource, SeenResource),
    /// Both runs listed it, but only one of them described it.
    ListedOnly(SeenResource, SeenResource),
    /// Only the old run saw it.
    Old(SeenResource),
    /// Only the new run saw it.
    New(SeenResource),
}

/// The identity of a resource within its service and kind: the best of ARN, ID and content.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum MatchingKey {
    Arn(String),
    /// The ID, and for child calls the ID of the item: IDs of targets are only unique within a rule.
    Id(String, Option<String>),
    /// The whole content, and the ID of the item, for resources without an ID or with a redacted one.
    Content(String, Option<String>),
}

/// The service, the kind and the identity.
type ResourceKey = (String, String, MatchingKey);

impl ResourceMatch {
    /// Returns the resource that it is an answer about, if it is no resource itself.
    pub(super) fn about(&self) -> Option<&ResourceLabel> {
        self.sides().find_map(|seen| seen.about.as_ref())
    }

    /// Returns the resource as each run saw it.
    pub(super) fn sides(&self) -> impl Iterator<Item = &SeenResource> {
        let (one, other) = match self {
            Self::Both(old, new) | Self::ListedOnly(old, new) => (old, Some(new)),
            Self::Old(seen) | Self::New(seen) => (seen, None),
        };
        [Some(one), other].into_iter().flatten()
    }
}

impl SeenResource {
    fn key(&self) -> ResourceKey {
        let identity = match (&self.arn, &self.id) {
            (Some(arn), _) => MatchingKey::Arn(arn.clone()),
            // The item that it belongs to is unknown.
            (None, Some(_)) if self.is_of_redacted_item() => MatchingKey::Content(canonical(&self.raw), None),
            (None, Some(id)) => MatchingKey::Id(id.clone(), self.parent.clone()),
            (None, None) => MatchingKey::Content(canonical(&self.raw), self.parent.clone()),
        };
        (self.service.clone(), self.kind.clone(), identity)
    }

    fn is_of_redacted_item(&self) -> bool {
        !self.describes && self.parent.is_none() && is_redacted(&self.for_item.to_string())
    }

    /// Returns all names by which it may be identified.
    fn names(&self) -> impl Iterator<Item = &str> {
        let texts = [&self.id, &self.arn, &self.name].into_iter().filter_map(Option::as_deref);
        texts.chain(self.for_item.as_str().filter(|text| !is_redacted(text)))
    }

    /// Returns whether one of two resources with a common name may be the description of the other: node
    /// groups of two clusters may have the same name.
    fn may_be(&self, other: &Self) -> bool {
        let is_same_arn = self.arn.is_some() && self.arn == other.arn;
        let (described, listed) = match (self.describes, other.describes) {
            (true, false) => (self, other),
            (false, true) => (other, self),
            _ => return true,
        };
        is_same_arn || may_be_about(&described.for_item, &listed.raw, &listed.for_item)
    }
}

/// Matches the resources that two runs saw in one place. `is_family` returns for two pairs of calls whether
/// one describes the resources that the other lists; `redacted_otherwise` is whether the runs used different
/// redaction.
pub(in crate::reports) fn matches(
    old: Vec<SeenResource>,
    new: Vec<SeenResource>,
    is_family: &dyn Fn(usize, usize) -> bool,
    redacted_otherwise: bool,
) -> Vec<ResourceMatch> {
    let mut groups: BTreeMap<ResourceKey, (Vec<SeenResource>, Vec<SeenResource>)> = BTreeMap::new();
    for seen in old {
        groups.entry(seen.key()).or_default().0.push(seen);
    }
    for seen in new {
        groups.entry(seen.key()).or_default().1.push(seen);
    }
    let mut matches = Vec::new();
    let (mut only_old, mut only_new) = (Vec::new(), Vec::new());
    for (old, new) in groups.into_values() {
        let (old, new) = match_group(old, new, &mut matches);
        only_old.extend(old);
        only_new.extend(new);
    }
    if redacted_otherwise {
        (only_old, only_new) = match_redacted(only_old, only_new, &mut matches);
    }
    match_families(only_old, only_new, is_family, &mut matches);
    matches
}

/// Matches resources whose ID is redacted or hashed in one of the runs by their other content.
fn match_redacted(
    only_old: Vec<SeenResource>,
    only_new: Vec<SeenResource>,
    matches: &mut Vec<ResourceMatch>,
) -> (Vec<SeenResource>, Vec<SeenResource>) {
    let fits = |old: &SeenResource, new: &SeenResource| {
        let has_identity =
            |seen: &SeenResource| [&seen.arn, &seen.id].into_iter().flatten().any(|text| !is_hidden(text));
        let is_of_call = old.pair == new.pair && old.kind == new.kind && old.parent == new.parent;
        is_of_call
            && !(has_identity(old) && has_identity(new))
            && is_same_but_for_redaction(&old.raw, &new.raw)
    };
    pair_up(only_old, only_new, &fits, matches)
}

/// Returns whether two values differ only in values that one of them has redacted.
fn is_same_but_for_redaction(old: &Value, new: &Value) -> bool {
    let is_redacted = |value: &Value| value.as_str().is_some_and(is_redacted);
    let is_hidden = |value: &Value| value.as_str().is_some_and(is_hidden);
    match (old, new) {
        _ if is_redacted(old) || is_redacted(new) || is_hidden(old) != is_hidden(new) => true,
        (Value::Object(old), Value::Object(new)) => {
            let same = |(name, value)| new.get(name).is_some_and(|new| is_same_but_for_redaction(value, new));
            old.len() == new.len() && old.iter().all(same)
        }
        (Value::Array(old), Value::Array(new)) => {
            old.len() == new.len()
                && old.iter().zip(new).all(|(old, new)| is_same_but_for_redaction(old, new))
        }
        (old, new) => old == new,
    }
}

/// Matches resources with the same identity, and returns the others. Mostly there is one of each; if there
/// are more, equal ones are matched first, and then those of the same call.
fn match_group(
    mut old: Vec<SeenResource>,
    mut new: Vec<SeenResource>,
    matches: &mut Vec<ResourceMatch>,
) -> (Vec<SeenResource>, Vec<SeenResource>) {
    let is_alone = old.len() <= 1 && new.len() <= 1;
    let same_call = |one: &SeenResource, other: &SeenResource| one.pair == other.pair;
    if !is_alone {
        let content =
            |list: &[SeenResource]| list.iter().map(|seen| canonical(&seen.raw)).collect::<Vec<_>>();
        sort_by_content(&mut old);
        sort_by_content(&mut new);
        let (of_old, of_new) = (content(&old), content(&new));
        let mut position: HashMap<(usize, &str), Vec<usize>> = HashMap::new();
        for (index, text) in of_new.iter().enumerate().rev() {
            position.entry((new[index].pair, text)).or_default().push(index);
        }
        let found: Vec<Option<usize>> = of_old
            .iter()
            .zip(&old)
            .map(|(text, seen)| position.get_mut(&(seen.pair, text.as_str())).and_then(Vec::pop))
            .collect();
        (old, new) = take_pairs(old, new, &found, matches);
    }
    (old, new) = pair_up(old, new, &same_call, matches);
    pair_up(old, new, &|one, other| one.function == other.function, matches)
}

fn sort_by_content(list: &mut [SeenResource]) {
    list.sort_by_cached_key(|seen| canonical(&seen.raw));
}

/// Matches each resource with the first one that fits.
fn pair_up(
    old: Vec<SeenResource>,
    new: Vec<SeenResource>,
    fits: &dyn Fn(&SeenResource, &SeenResource) -> bool,
    matches: &mut Vec<ResourceMatch>,
) -> (Vec<SeenResource>, Vec<SeenResource>) {
    let mut free: Vec<bool> = vec![true; new.len()];
    let found: Vec<Option<usize>> = old
        .iter()
        .map(|one| {
            let index = (0..new.len()).find(|index| free[*index] && fits(one, &new[*index]))?;
            free[index] = false;
            Some(index)
        })
        .collect();
    take_pairs(old, new, &found, matches)
}

/// Moves pairs into `matches`: `found` has for each old resource the index of the new one.
fn take_pairs(
    old: Vec<SeenResource>,
    new: Vec<SeenResource>,
    found: &[Option<usize>],
    matches: &mut Vec<ResourceMatch>,
) -> (Vec<SeenResource>, Vec<SeenResource>) {
    let mut new: Vec<Option<SeenResource>> = new.into_iter().map(Some).collect();
    let mut rest = Vec::new();
    for (old, found) in old.into_iter().zip(found) {
        match found.and_then(|index| new[index].take()) {
            Some(new) => matches.push(ResourceMatch::Both(old, new)),
            None => rest.push(old),
        }
    }
    (rest, new.into_iter().flatten().collect())
}

/// Matches resources described in one run with resources only listed in the other.
fn match_families(
    only_old: Vec<SeenResource>,
    only_new: Vec<SeenResource>,
    is_family: &dyn Fn(usize, usize) -> bool,
    matches: &mut Vec<ResourceMatch>,
) {
    let mut by_name: HashMap<(String, String, String), Vec<usize>> = HashMap::new();
    for (index, seen) in only_new.iter().enumerate() {
        for name in seen.names() {
            let key = (seen.service.clone(), seen.kind.clone(), name.to_owned());
            by_name.entry(key).or_default().push(index);
        }
    }
    let mut only_new: Vec<Option<SeenResource>> = only_new.into_iter().map(Some).collect();
    for old in only_old {
        let candidates = old
            .names()
            .filter_map(|name| by_name.get(&(old.service.clone(), old.kind.clone(), name.to_owned())));
        let fits = |index: &&usize| {
            only_new[**index].as_ref().is_some_and(|new| is_family(old.pair, new.pair) && old.may_be(new))
        };
        let found = candidates.flatten().find(fits).copied();
        match found.and_then(|index| only_new[index].take()) {
            Some(new) => matches.push(ResourceMatch::ListedOnly(old, new)),
            None => matches.push(ResourceMatch::Old(old)),
        }
    }
    matches.extend(only_new.into_iter().flatten().map(ResourceMatch::New));
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{ResourceMatch, SeenResource, matches};

    fn seen(pair: usize, id: Option<&str>, raw: Value) -> SeenResource {
        SeenResource {
            pair,
            service: "ec2".to_owned(),
            resource_type: None,
            kind: "thing".to_owned(),
            function: format!("call_{pair}"),
            id: id.map(str::to_owned),
            arn: None,
            name: None,
            describes: false,
            for_item: Value::Null,
            parent: None,
            about: None,
            #[cfg(feature = "sqlite")]
            row: None,
            raw,
        }
    }

    /// Returns the matches as texts: the contents of both, `-` for none.
    fn matched(old: Vec<SeenResource>, new: Vec<SeenResource>) -> Vec<String> {
        let is_family = |one, other| [one, other] == [0, 1] || [one, other] == [1, 0];
        let mut texts: Vec<String> = matches(old, new, &is_family, false)
            .into_iter()
            .map(|matched| match matched {
                ResourceMatch::Both(old, new) => format!("{} {}", old.raw, new.raw),
                ResourceMatch::ListedOnly(old, new) => format!("{} ~ {}", old.raw, new.raw),
                ResourceMatch::Old(old) => format!("{} -", old.raw),
                ResourceMatch::New(new) => format!("- {}", new.raw),
            })
            .collect();
        texts.sort();
        texts
    }

    #[test]
    fn resources_are_matched_by_their_id() {
        let old = vec![seen(0, Some("a"), json!(1)), seen(0, Some("b"), json!(2))];
        let new = vec![seen(0, Some("c"), json!(3)), seen(0, Some("a"), json!(4))];
        assert_eq!(matched(old, new), ["- 3", "1 4", "2 -"]);
    }

    #[test]
    fn an_arn_decides_before_the_id() {
        let with_arn =
            |arn: &str, raw| SeenResource { arn: Some(arn.to_owned()), ..seen(0, Some("default"), raw) };
        let old = vec![with_arn("arn:1", json!(1)), with_arn("arn:2", json!(2))];
        let new = vec![with_arn("arn:2", json!(20)), with_arn("arn:1", json!(10))];
        assert_eq!(matched(old, new), ["1 10", "2 20"]);
    }

    #[test]
    fn resource_without_id_is_matched_by_content() {
        let old = vec![seen(0, None, json!({"A": 1, "B": 2})), seen(0, None, json!({"A": 2}))];
        let new = vec![seen(0, None, json!({"B": 2, "A": 1})), seen(0, None, json!({"A": 3}))];
        assert_eq!(matched(old, new), [r#"- {"A":3}"#, r#"{"A":1,"B":2} {"B":2,"A":1}"#, r#"{"A":2} -"#]);
    }

    /// Of several resources with one ID, those that are equal are paired.
    #[test]
    fn equal_resources_with_same_id_are_paired_first() {
        let same = |raw| seen(0, Some("1"), raw);
        let old = vec![same(json!("x")), same(json!("y")), same(json!("z"))];
        let new = vec![same(json!("z")), same(json!("x")), same(json!("new"))];
        assert_eq!(matched(old, new), [r#""x" "x""#, r#""y" "new""#, r#""z" "z""#]);
    }

    #[test]
    fn the_same_id_below_different_parents_is_not_the_same() {
        let target =
            |rule: &str, raw| SeenResource { parent: Some(rule.to_owned()), ..seen(0, Some("1"), raw) };
        let old = vec![target("rule-a", json!(1)), target("rule-b", json!(2))];
        let new = vec![target("rule-b", json!(3))];
        assert_eq!(matched(old, new), ["1 -", "2 3"]);
    }

    #[test]
    fn a_resource_that_is_only_listed_in_one_run_is_still_there() {
        let described = SeenResource {
            arn: Some("arn:table/orders".to_owned()),
            ..seen(1, Some("orders"), json!({"Size": 1}))
        };
        assert_eq!(
            matched(vec![described], vec![seen(0, Some("orders"), json!("orders"))]),
            [r#"{"Size":1} ~ "orders""#]
        );
    }

    #[test]
    fn other_calls_with_the_same_id_have_nothing_in_common() {
        assert_eq!(
            matched(vec![seen(2, Some("a"), json!(1))], vec![seen(3, Some("a"), json!(2))]),
            ["- 2", "1 -"]
        );
    }
}
