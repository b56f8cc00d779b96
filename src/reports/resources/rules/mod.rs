//! Rules to find the kind, ID, ARN, name and tags of a resource.
//!
//! If the model has the shape of the items, the members are found once for each call of a spec. For the
//! outputs of a spec's filters, they are found from each item's members.

mod arn_format;
mod id_overrides;
mod inner;
mod keys;
pub(super) mod kind;
mod own_name;
mod owner;
pub(super) mod tags;

use serde_json::{Map, Value};

use super::facts::FactRow;
use super::origin::ItemOrigin;
use crate::model::catalog::{Service, ShapeId, ShapeKind};
use crate::model::resource_types::{TypeByValue, arn_format as format_of, resource_type};
use crate::plan::redaction::is_redacted;
pub(super) use id_overrides::list_within_items;
use keys::IdentityKeys;
use tags::TagsOfFunction;

/// The rule that identifies the items of one kind.
#[derive(Clone, Debug)]
pub(super) struct IdentityRule {
    pub(super) service: String,
    pub(super) kind: String,
    /// The member that is the resource, if the other members of the items are about it.
    pub(super) inner: Option<String>,
    /// `None` if the shape of the items is unknown.
    keys: Option<IdentityKeys>,
    /// Whether the items of the function have their tags.
    tags: TagsOfFunction,
    known: KnownOfKind,
}

/// The rows of the tables for a kind, which are the same for all its items.
#[derive(Clone, Copy, Debug)]
struct KnownOfKind {
    fixed_type: Option<&'static str>,
    by_value: Option<&'static TypeByValue>,
    arn_format: Option<&'static str>,
    facts: Option<&'static FactRow>,
}

impl KnownOfKind {
    fn of(service: &str, kind: &str) -> Self {
        Self {
            fixed_type: resource_type(service, kind),
            by_value: TypeByValue::find(service, kind),
            arn_format: format_of(service, kind),
            facts: FactRow::find(service, kind),
        }
    }
}

/// The identity of an item.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ItemIdentity {
    pub(super) resource_type: Option<&'static str>,
    pub(super) id: Option<String>,
    pub(super) arn: Option<String>,
    pub(super) name: Option<String>,
    /// The account that owns it: its ID, or `aws`.
    pub(super) owner: Option<String>,
    /// Its tags; `None` if the response does not have them, or cannot.
    pub(super) tags: Option<Map<String, Value>>,
    /// Whether it has an identity that is redacted in this run.
    pub(super) is_redacted: bool,
}

impl IdentityRule {
    /// Returns the rule for items of this shape that a function returns.
    pub(super) fn of_shape(service: &Service, function: &str, kind: String, shape: Option<ShapeId>) -> Self {
        let inner = shape.and_then(|shape| inner::member(service, function, &kind, shape));
        let (shape, around) = match &inner {
            Some((_, inner)) => (Some(*inner), shape),
            None => (shape, None),
        };
        let keys = shape.and_then(|shape| service.structure(shape)).map(|structure| {
            let is_text = |shape| matches!(service.kind(shape), ShapeKind::String);
            let texts: Vec<&str> = structure
                .members
                .iter()
                .filter(|member| is_text(member.reference.shape))
                .map(|member| &*member.name)
                .collect();
            let mut keys = IdentityKeys::find(
                &service.name,
                &kind,
                &texts,
                structure.members.iter().map(|member| &*member.name),
            );
            let around = around.and_then(|shape| service.structure(shape));
            if let (None, Some(around)) = (&keys.tags, around) {
                let mut members = around.members.iter().map(|member| &*member.name);
                keys.tags_around = members.find(|member| tags::is_tag_member(member)).map(str::to_owned);
            }
            keys
        });
        let tags = TagsOfFunction::of(&service.name, function);
        let known = KnownOfKind::of(&service.name, &kind);
        Self {
            service: service.name.to_string(),
            kind,
            inner: inner.map(|(name, _)| name),
            keys,
            tags,
            known,
        }
    }

    /// Reports the items under another kind.
    pub(super) fn rename(&mut self, kind: &str) {
        kind.clone_into(&mut self.kind);
        self.known = KnownOfKind::of(&self.service, kind);
    }

    /// Returns the row with the facts of the items.
    pub(super) fn facts(&self) -> Option<&'static FactRow> {
        self.known.facts
    }

    /// Returns the members that identify an item according to its model: for the ID, the ARN and the name; and
    /// whether there is one with tags.
    pub(super) fn members(&self) -> (&[String], &[String], &[String], bool) {
        self.keys.as_ref().map_or((&[], &[], &[], false), |keys| {
            (&keys.id, &keys.arn, &keys.name, keys.tags.is_some() || keys.tags_around.is_some())
        })
    }

    /// Returns whether the ARNs of items without one can be composed.
    #[cfg(test)]
    pub(super) fn has_arn_format(&self) -> bool {
        self.known.arn_format.is_some()
    }

    /// Expects the function to fill the member with the tags, because of its parameters.
    pub(super) fn expect_tags(&mut self) {
        self.tags = TagsOfFunction::Filled;
    }

    /// Returns the resource in an item: the item itself, or its member.
    pub(super) fn resource<'item>(&self, item: &'item Value) -> &'item Value {
        self.inner.as_ref().and_then(|inner| item.get(inner)).unwrap_or(item)
    }

    /// Returns the identity of an item.
    pub(super) fn identify(&self, item: &Value, origin: &ItemOrigin<'_>) -> ItemIdentity {
        match self.resource(item) {
            Value::String(text) => self.of_text(text, origin),
            Value::Object(members) if members.is_empty() => ItemIdentity::default(),
            Value::Object(members) => match &self.keys {
                Some(keys) => self.of_members(keys, members, item, origin),
                None => self.of_members(&self.keys_of(members), members, item, origin),
            },
            // A list that belongs together: the tags of a resource.
            Value::Array(_) => ItemIdentity { tags: Some(tags::read(item)), ..ItemIdentity::default() },
            _ => ItemIdentity::default(),
        }
    }

    fn keys_of(&self, members: &Map<String, Value>) -> IdentityKeys {
        let texts: Vec<&str> =
            members.iter().filter(|(_, value)| value.is_string()).map(|(name, _)| name.as_str()).collect();
        IdentityKeys::find(&self.service, &self.kind, &texts, members.keys().map(String::as_str))
    }

    /// Identifies a resource that is a plain string: its ARN, its URL, its name or its ID.
    fn of_text(&self, text: &str, origin: &ItemOrigin<'_>) -> ItemIdentity {
        if is_redacted(text) {
            return ItemIdentity { is_redacted: true, ..ItemIdentity::default() };
        }
        let resource_type = self.resource_type(None);
        let own = text.starts_with("arn:").then(|| text.to_owned());
        let name = own_name::of_text(&self.service, &self.kind, text);
        // What is composed for a URL has its name, not its address.
        let id = name.as_deref().filter(|_| text.contains("://")).unwrap_or(text);
        let arn = own.or_else(|| self.composed(origin, None, Some(id), None));
        let owner = owner_of(None, arn.as_deref(), origin);
        ItemIdentity { resource_type, id: Some(text.to_owned()), arn, name, owner, ..ItemIdentity::default() }
    }

    fn of_members(
        &self,
        keys: &IdentityKeys,
        members: &Map<String, Value>,
        item: &Value,
        origin: &ItemOrigin<'_>,
    ) -> ItemIdentity {
        // Redacted values do not identify an item; the next best member is used.
        let mut has_redacted = false;
        let mut find = |names: &[String], fits: fn(&str) -> bool| {
            let mut texts = names.iter().filter_map(|name| text_at(members, name));
            let is_shown = |text: &&str| {
                has_redacted |= is_redacted(text);
                !text.is_empty() && !is_redacted(text) && fits(text)
            };
            texts.find(is_shown).map(str::to_owned)
        };
        let id = find(&keys.id, |_| true).map(|id| self.without_path(id));
        let arn = find(&keys.arn, is_arn).map(without_star);
        let name = find(&keys.name, |_| true);
        let owner = owner::of_members(&keys.owner, members);
        let has_arn_member = !keys.arn.is_empty() && keys.arn.iter().any(|name| members.contains_key(name));
        let arn = arn.or_else(|| id.clone().filter(|id| is_arn(id)));
        let id = id.or_else(|| name.clone()).or_else(|| arn.clone());
        // An ARN that is there but empty is not known yet.
        let arn = arn.or_else(|| {
            let is_known = !has_arn_member && !has_redacted;
            is_known.then(|| self.composed(origin, owner.as_deref(), id.as_deref(), Some(members)))?
        });
        let owner = owner_of(owner, arn.as_deref(), origin);
        let tags = self.tags(keys, members, item, owner.as_deref(), origin);
        let named_by_tag = || tags::name(tags.as_ref()?);
        let named_by_arn = || own_name::of_arn(&self.service, &self.kind, arn.as_deref()?);
        let name = name.or_else(named_by_tag).or_else(named_by_arn).filter(|name| !name.is_empty());
        ItemIdentity {
            resource_type: self.resource_type(Some(members)),
            is_redacted: has_redacted && id.is_none(),
            id,
            arn,
            name,
            owner,
            tags,
        }
    }

    /// Returns the type of all items; `None` if they have none, or several.
    pub(super) fn fixed_type(&self) -> Option<&'static str> {
        self.known.fixed_type
    }

    fn resource_type(&self, members: Option<&Map<String, Value>>) -> Option<&'static str> {
        match self.known.by_value {
            Some(row) => row.resource_type(members.and_then(|members| members.get(row.member)?.as_str())),
            None => self.known.fixed_type,
        }
    }

    fn composed(
        &self,
        origin: &ItemOrigin<'_>,
        owner: Option<&str>,
        id: Option<&str>,
        members: Option<&Map<String, Value>>,
    ) -> Option<String> {
        let format = self.known.arn_format?;
        let owner = owner.unwrap_or(origin.account);
        arn_format::compose(format, origin, owner, id.filter(|id| !is_arn(id)), members)
    }

    fn tags(
        &self,
        keys: &IdentityKeys,
        members: &Map<String, Value>,
        item: &Value,
        owner: Option<&str>,
        origin: &ItemOrigin<'_>,
    ) -> Option<Map<String, Value>> {
        let value = match (&keys.tags, &keys.tags_around) {
            (Some(member), _) => members.get(member),
            (None, Some(member)) => item.get(member),
            (None, None) => return None,
        };
        let tags = value.filter(|value| !value.is_null()).map(tags::read);
        // Tags are not shared with the accounts that a resource is shared with.
        let is_own = owner.is_none_or(|owner| owner == origin.account);
        match tags {
            Some(tags) if !tags.is_empty() => Some(tags),
            Some(tags) => (is_own && self.tags.are_empty_if_empty()).then_some(tags),
            None => (is_own && self.tags.are_empty_if_absent()).then(Map::new),
        }
    }

    /// Removes the path that Route 53 puts before the ID of a zone.
    fn without_path(&self, id: String) -> String {
        let path = ["/hostedzone/", "/change/", "/delegationset/"];
        let rest = (self.service == "route53").then(|| path.iter().find_map(|path| id.strip_prefix(path)));
        rest.flatten().map(str::to_owned).unwrap_or(id)
    }
}

/// Returns the owner: what the item names, then the account of its ARN, then the account that was called.
fn owner_of(named: Option<String>, arn: Option<&str>, origin: &ItemOrigin<'_>) -> Option<String> {
    named.or_else(|| arn.and_then(owner::of_arn)).or_else(|| Some(origin.account.to_owned()))
}

/// Returns the text at a path of members.
fn text_at<'item>(members: &'item Map<String, Value>, path: &str) -> Option<&'item str> {
    let mut names = path.split('.');
    let first = members.get(names.next()?)?;
    names.try_fold(first, |value, name| value.get(name))?.as_str()
}

fn is_arn(text: &str) -> bool {
    text.starts_with("arn:")
}

/// Removes the `:*` with which CloudWatch Logs means all streams of a group.
fn without_star(arn: String) -> String {
    arn.strip_suffix(":*").map(str::to_owned).unwrap_or(arn)
}

#[cfg(test)]
mod tests;
