//! The values of the rule language during evaluation.

use std::borrow::Cow;
use std::rc::Rc;

use super::functions::{ArnParts, Url};
use super::partitions::PartitionData;
use super::rules::AttributeStep;
use crate::model::catalog::ContextValue;

/// A value of the rule language. An absent value is represented by `None`.
#[derive(Clone, Debug)]
pub(super) enum Value<'a> {
    Text(Cow<'a, str>),
    Boolean(bool),
    List(Rc<[Box<str>]>),
    Partition(&'a PartitionData),
    Arn(Rc<ArnParts>),
    Url(Rc<Url>),
}

impl<'a> Value<'a> {
    pub(super) fn text(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    pub(super) fn owned(text: &str) -> Self {
        Self::Text(Cow::Owned(text.to_owned()))
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the value at a path; `None` where it does not exist.
    pub(super) fn follow(self, path: &[AttributeStep]) -> Option<Self> {
        path.iter().try_fold(self, |value, step| match step {
            AttributeStep::Attribute(name) => value.attribute(name),
            AttributeStep::Index(index) => match value {
                Self::List(items) => items.get(*index).map(|item| Self::owned(item)),
                _ => None,
            },
        })
    }

    fn attribute(&self, name: &str) -> Option<Self> {
        match self {
            Self::Partition(partition) => match name {
                "name" => Some(Self::text(partition.name.as_str())),
                "dnsSuffix" => Some(Self::text(&partition.dns_suffix)),
                "dualStackDnsSuffix" => Some(Self::text(&partition.dual_stack_dns_suffix)),
                "implicitGlobalRegion" => Some(Self::text(partition.implicit_global_region.as_str())),
                "supportsFIPS" => Some(Self::Boolean(partition.supports_fips)),
                "supportsDualStack" => Some(Self::Boolean(partition.supports_dual_stack)),
                _ => None,
            },
            Self::Arn(arn) => match name {
                "partition" => Some(Self::owned(&arn.partition)),
                "service" => Some(Self::owned(&arn.service)),
                "region" => Some(Self::owned(&arn.region)),
                "accountId" => Some(Self::owned(&arn.account_id)),
                "resourceId" => Some(Self::List(Rc::clone(&arn.resource_id))),
                _ => None,
            },
            Self::Url(url) => match name {
                "scheme" => Some(Self::owned(&url.scheme)),
                "authority" => Some(Self::owned(&url.authority)),
                "path" => Some(Self::owned(&url.path)),
                "normalizedPath" => Some(Self::owned(&url.normalized_path)),
                "isIp" => Some(Self::Boolean(url.is_ip)),
                _ => None,
            },
            Self::Text(_) | Self::Boolean(_) | Self::List(_) => None,
        }
    }
}

impl<'a> From<&'a ContextValue> for Value<'a> {
    fn from(value: &'a ContextValue) -> Self {
        match value {
            ContextValue::String(text) => Self::text(text),
            ContextValue::Boolean(value) => Self::Boolean(*value),
            ContextValue::Strings(items) => Self::List(items.as_slice().into()),
        }
    }
}
