//! A resource: an item of a call's result with its identity, and the call that returned it.

use serde::Serialize;
use serde_json::{Map, Value};

use super::ResourceFacts;

/// An item of a call's result, with its identity.
#[derive(Debug, Serialize)]
pub struct Resource<'run> {
    /// The account's ID.
    pub account: &'run str,
    /// The account's name, if known.
    pub account_name: Option<&'run str>,
    /// The names of the account's organizational units from the root down, joined by slashes, if known.
    pub account_ou: Option<&'run str>,
    /// The region, or `global`.
    pub region: &'run str,
    /// The service, as boto3 names it.
    pub service: &'run str,
    /// The kind of resource: `instance`, `security_group`.
    pub kind: &'run str,
    /// CloudFormation's name of its type, `AWS::EC2::Instance`; `None` if it has none.
    #[serde(rename = "type")]
    pub resource_type: Option<&'static str>,
    /// The function that returned it: `describe_instances`.
    pub function: &'run str,
    /// The ID of the resource among others of its kind in this account and region.
    pub id: Option<String>,
    /// Its ARN.
    pub arn: Option<String>,
    /// The name that the user gave it.
    pub name: Option<String>,
    /// The ID of the resource that it belongs to, if its call was made for one: the cluster of a node group.
    pub parent: Option<String>,
    /// The kind of the resource that it belongs to, if it is known.
    #[serde(skip)]
    pub parent_kind: Option<&'run str>,
    /// The account that owns it, or `aws`; other accounts may see it as well, if it is shared.
    pub owner_account: Option<String>,
    /// Its state, size, creation time and others.
    #[serde(flatten)]
    pub facts: ResourceFacts,
    /// Its tags; `None` if no call returns them, or the response cannot have them.
    pub tags: Option<Map<String, Value>>,
    /// The account's tags, if known.
    pub account_tags: Option<&'run Map<String, Value>>,
    /// How many other resources of the run it refers to; `None` if links were not searched.
    pub uses: Option<u32>,
    /// How many other resources of the run refer to it; `None` if links were not searched.
    pub used_by: Option<u32>,
    /// The resource as in the result file: the fullest answer.
    pub raw: Value,
    /// What other calls returned about it, by function: the item of the list if a child call describes it, and its
    /// policy and settings.
    pub details: Map<String, Value>,
}

/// A resource, and the call that returned it.
#[derive(Debug)]
pub struct FoundResource<'run> {
    /// The resource.
    pub resource: Resource<'run>,
    /// The index, among the calls of the run, of the call that returned it.
    pub call: usize,
    /// The item that a child call was made for; null for others.
    pub for_item: Value,
    /// The ID of that item.
    pub parent: Option<String>,
}
