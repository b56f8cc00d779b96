//! A resource: an item of a call's result, with what identifies it, and how a run came by it.

use serde::Serialize;
use serde_json::{Map, Value};

/// An item of a call's result, with what identifies it.
#[derive(Debug, Serialize)]
pub struct Resource<'run> {
    /// The account's id.
    pub account: &'run str,
    /// The account's name, where it is known.
    pub account_name: Option<&'run str>,
    /// The region, or `global`.
    pub region: &'run str,
    /// The service, as boto3 names it.
    pub service: &'run str,
    /// What it is: `instance`, `security_group`.
    pub kind: &'run str,
    /// The function that answered it: `describe_instances`.
    pub function: &'run str,
    /// What tells it from others of its kind in this account and region.
    pub id: Option<String>,
    /// Its ARN.
    pub arn: Option<String>,
    /// The name that people gave it.
    pub name: Option<String>,
    /// Its tags.
    pub tags: Map<String, Value>,
    /// Itself, as the result file has it.
    pub raw: Value,
}

/// A resource, and how the run came by it.
#[derive(Debug)]
pub struct FoundResource<'run> {
    /// The resource.
    pub resource: Resource<'run>,
    /// The call that answered it: its index among the calls of the run.
    pub call: usize,
    /// The item that a child call was made for; null for others.
    pub asked_for: Value,
    /// What identifies that item.
    pub parent: Option<String>,
}
