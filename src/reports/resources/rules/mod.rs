//! Rules to find the kind, ID, ARN, name and tags of a resource.
//!
//! If the model has the shape of the items, the members are found once for each call of a spec. For the
//! outputs of a spec's filters, they are found from each item's members.

mod id_overrides;
mod keys;
pub(super) mod kind;
pub(super) mod tags;

use serde_json::{Map, Value};

use crate::model::catalog::{Service, ShapeId, ShapeKind};
use crate::plan::redaction::is_redacted;
pub(super) use id_overrides::list_within_items;
use keys::IdentityKeys;

/// The rule that identifies the items of one kind.
#[derive(Clone, Debug)]
pub(super) struct IdentityRule {
    pub(super) service: String,
    pub(super) kind: String,
    /// `None` if the shape of the items is unknown.
    keys: Option<IdentityKeys>,
}

/// The identity of an item.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ItemIdentity {
    pub(super) id: Option<String>,
    pub(super) arn: Option<String>,
    pub(super) name: Option<String>,
    pub(super) tags: Map<String, Value>,
    /// Whether it has an identity that is redacted in this run.
    pub(super) is_redacted: bool,
}

impl IdentityRule {
    /// Returns the rule for items of this shape.
    pub(super) fn of_shape(service: &Service, kind: String, shape: Option<ShapeId>) -> Self {
        let keys = shape.and_then(|shape| service.structure(shape)).map(|structure| {
            let is_text = |shape| matches!(service.kind(shape), ShapeKind::String);
            let texts: Vec<&str> = structure
                .members
                .iter()
                .filter(|member| is_text(member.reference.shape))
                .map(|member| &*member.name)
                .collect();
            IdentityKeys::find(
                &service.name,
                &kind,
                &texts,
                structure.members.iter().map(|member| &*member.name),
            )
        });
        Self { service: service.name.to_string(), kind, keys }
    }

    /// Returns the identity of an item.
    pub(super) fn identify(&self, item: &Value) -> ItemIdentity {
        match item {
            Value::String(text) => of_text(text),
            Value::Object(members) => match &self.keys {
                Some(keys) => of_members(keys, members),
                None => of_members(&self.keys_of(members), members),
            },
            // A list that belongs together: the tags of a resource.
            Value::Array(_) => ItemIdentity { tags: tags::read(item), ..ItemIdentity::default() },
            _ => ItemIdentity::default(),
        }
    }

    fn keys_of(&self, members: &Map<String, Value>) -> IdentityKeys {
        let texts: Vec<&str> =
            members.iter().filter(|(_, value)| value.is_string()).map(|(name, _)| name.as_str()).collect();
        IdentityKeys::find(&self.service, &self.kind, &texts, members.keys().map(String::as_str))
    }
}

/// Identifies a resource that is a plain string: its ARN, its URL, or its name.
fn of_text(text: &str) -> ItemIdentity {
    if is_redacted(text) {
        return ItemIdentity { is_redacted: true, ..ItemIdentity::default() };
    }
    let is_arn = text.starts_with("arn:");
    let is_name = !is_arn && !text.contains("://");
    ItemIdentity {
        id: Some(text.to_owned()),
        arn: is_arn.then(|| text.to_owned()),
        name: is_name.then(|| text.to_owned()),
        ..ItemIdentity::default()
    }
}

fn of_members(keys: &IdentityKeys, members: &Map<String, Value>) -> ItemIdentity {
    // Redacted values do not identify an item; the next best member is used.
    let mut has_redacted = false;
    let mut find = |names: &[String]| {
        let mut texts = names.iter().filter_map(|name| members.get(name)?.as_str());
        let is_shown = |text: &&str| {
            has_redacted |= is_redacted(text);
            !text.is_empty() && !is_redacted(text)
        };
        texts.find(is_shown).map(str::to_owned)
    };
    let tags = keys.tags.as_ref().and_then(|member| members.get(member)).map(tags::read).unwrap_or_default();
    let (id, arn, name) = (find(&keys.id), find(&keys.arn), find(&keys.name));
    let named_by_tag =
        || tags.get("Name").and_then(Value::as_str).filter(|name| !is_redacted(name)).map(str::to_owned);
    let arn = arn.or_else(|| id.clone().filter(|id| id.starts_with("arn:")));
    let id = id.or_else(|| name.clone()).or_else(|| arn.clone());
    let name = name.or_else(named_by_tag).filter(|name| !name.is_empty());
    ItemIdentity { is_redacted: has_redacted && id.is_none(), id, arn, name, tags }
}

/// Normalizes a name: lower case, without underscores.
fn squashed(name: &str) -> String {
    name.chars().filter(|letter| *letter != '_').map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests;
