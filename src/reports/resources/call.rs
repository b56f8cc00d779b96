//! The calls of a run's spec, and the paths of resources in their results.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::indexes::IndexCall;
use super::items::ItemPath;
use super::lists::{ResourceList, lists};
use super::origin::ItemOrigin;
use super::rules::IdentityRule;
use crate::model::catalog::{CallScope, Function, Location, ShapeKind, reach};
use crate::model::resource_types::{possible_types, resource_type};
use crate::plan::spec::{Child, ResultSelector, ScanSpec};

/// A call of a run's spec, or a child of one.
#[derive(Debug)]
pub struct ReportedCall {
    pub(super) service: String,
    pub(super) function: String,
    /// The key of its result.
    pub(super) name: String,
    /// Whether its result is a list of items with their results.
    pub(super) is_child: bool,
    /// The paths of its resources in a result; `lists` has as many entries.
    pub(super) places: Vec<ItemPath>,
    pub(super) lists: Vec<ResourceList>,
    /// The member of its response that is the HTTP status, which is no data about a resource.
    pub(super) http_status: Option<String>,
    /// The child calls that describe its resources.
    pub(super) described_by: Vec<usize>,
    /// The call whose resources it describes.
    pub(super) listed_by: Option<usize>,
    /// Whether its answers are about the items of its parent, and no separate resources.
    is_detail: bool,
    /// The child calls whose answers are about its items.
    pub(super) details: Vec<usize>,
    /// The call for whose items it is made.
    pub(super) below: Option<usize>,
    /// What it returns if its items are resources of other services.
    pub(super) index: Option<IndexCall>,
    /// Whether its results are about the whole account.
    is_global: bool,
    /// Whether it is called region by region for the items of a global call.
    is_spread: bool,
    /// Whether it reads all pages of all items of its parent, and keeps all items of the response.
    has_all_items: bool,
    /// Whether its parameters or its selection exclude resources that exist.
    is_narrowed: bool,
    /// The request as text: function, parameters and selection, preceded by those of the parents.
    request: String,
    /// The spec entry of a child call, with the items that it is made for.
    child: Option<Child>,
    /// The identity rule of the items that a child call is made for.
    parent: Option<IdentityRule>,
}

impl ReportedCall {
    /// Returns all calls of a spec, each before its children.
    #[must_use]
    pub fn all(spec: &ScanSpec) -> Vec<Self> {
        let mut calls = Vec::new();
        for entry in &spec.entries {
            let first = calls.len();
            let request = json!([&entry.parameters, entry.selection.written()]);
            let mut call = Self::new(&entry.function, &entry.name, &entry.selection, None);
            call.index = IndexCall::of(entry);
            let is_limited = !entry.paginate || entry.max_items.is_some();
            call.set_limits(is_limited, &entry.parameters, &entry.selection);
            calls.push(call.with_request(&request, None));
            add_children(&mut calls, first, &entry.each);
        }
        for index in 0..calls.len() {
            calls[index].is_detail = calls[index].is_about_parent();
            if let (true, Some(parent)) = (calls[index].is_detail, calls[index].below) {
                calls[parent].details.push(index);
            }
        }
        calls
    }

    fn new(
        function: &Function,
        name: &str,
        selection: &ResultSelector,
        parent: Option<IdentityRule>,
    ) -> Self {
        let (places, lists) = lists(function, selection).into_iter().unzip();
        Self {
            service: function.service().name.to_string(),
            function: function.name().to_owned(),
            name: name.to_owned(),
            is_child: parent.is_some(),
            places,
            lists,
            http_status: http_status(function),
            described_by: Vec::new(),
            listed_by: None,
            is_detail: false,
            details: Vec::new(),
            below: None,
            index: None,
            is_global: reach(function) == CallScope::Global,
            is_spread: false,
            has_all_items: false,
            is_narrowed: false,
            request: String::new(),
            child: None,
            parent,
        }
    }

    fn with_request(mut self, request: &Value, below: Option<(usize, &str)>) -> Self {
        let (below, before) = below.map_or((None, ""), |(below, request)| (Some(below), request));
        self.request = format!("{before}{}:{}{}\n", self.service, self.function, in_order(request));
        self.below = below;
        // ECS returns tags if the parameter `include` lists them, other services if a flag is set.
        let includes_tags = |part: &Value| {
            let is_set = |name: &str| part[name].as_bool().unwrap_or_default();
            ["IncludeTags", "ListTags", "tags"].into_iter().any(is_set)
                || part["include"].as_array().is_some_and(|parts| parts.iter().any(|part| part == "TAGS"))
        };
        if request.as_array().is_some_and(|parts| parts.iter().any(includes_tags)) {
            self.lists.iter_mut().for_each(|list| list.rule.expect_tags());
        }
        self
    }

    /// Returns whether an item has no values, except for the HTTP status.
    pub(super) fn says_nothing(&self, item: &Value) -> bool {
        match (item, &self.http_status) {
            (Value::Object(members), Some(status)) => {
                members.iter().all(|(name, value)| name == status || holds_nothing(value))
            }
            _ => holds_nothing(item),
        }
    }

    /// Returns the service, as boto3 names it.
    #[must_use]
    pub fn service(&self) -> &str {
        &self.service
    }

    /// Returns the function: `describe_instances`.
    #[must_use]
    pub fn function(&self) -> &str {
        &self.function
    }

    /// Returns the key of its result, as in the ledger.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the kinds of resources that it returns.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.lists.iter().map(|list| list.rule.kind.as_str())
    }

    /// Returns the kinds of resources that it returns, each with the members that identify one.
    pub(in crate::reports) fn kinds_and_members(
        &self,
    ) -> impl Iterator<Item = (&str, impl Iterator<Item = &str>)> {
        self.lists.iter().map(|list| {
            let (id, arn, name, _) = list.rule.members();
            (list.rule.kind.as_str(), id.iter().chain(arn).chain(name).map(String::as_str))
        })
    }

    /// Returns whether its items are resources, and not facts about others or resources of other services.
    pub(in crate::reports) fn lists_resources(&self) -> bool {
        !self.is_detail && self.index.is_none()
    }

    /// Notes whether it returns all that exists.
    fn set_limits(&mut self, is_limited: bool, parameters: &Map<String, Value>, selection: &ResultSelector) {
        self.has_all_items = !is_limited && selection.keeps_all_items();
        self.is_narrowed = is_limited || narrows(parameters, selection);
    }

    /// Returns whether it reads all pages of all items of its parent, and keeps all items of the response. Parameters
    /// may still exclude resources.
    pub(in crate::reports) fn has_all_items(&self) -> bool {
        self.has_all_items
    }

    /// Returns whether its parameters or its selection exclude resources that exist.
    pub(in crate::reports) fn is_narrowed(&self) -> bool {
        self.is_narrowed
    }

    /// Returns the types of the resources that it may return: CloudFormation's names, or service and kind for those
    /// without one.
    pub(crate) fn type_names(&self) -> impl Iterator<Item = String> {
        self.kinds().flat_map(|kind| {
            let types: Vec<String> = possible_types(&self.service, kind).map(str::to_owned).collect();
            let other =
                resource_type(&self.service, kind).is_none().then(|| format!("{}.{kind}", self.service));
            types.into_iter().chain(other)
        })
    }

    /// Returns whether its items are resources of other services.
    pub(crate) fn is_index(&self) -> bool {
        self.index.is_some()
    }

    /// Returns the kind of the items that it is made for; `None` if it is unknown.
    #[must_use]
    pub fn kind_of_parent(&self) -> Option<&str> {
        self.parent.as_ref().map(|rule| &*rule.kind).filter(|kind| !kind.is_empty())
    }

    /// Returns the index of the call for whose items it is made.
    #[must_use]
    pub fn below(&self) -> Option<usize> {
        self.below
    }

    /// Returns whether it is called region by region although its parent is global.
    #[must_use]
    pub fn is_spread(&self) -> bool {
        self.is_spread
    }

    /// Returns the indices of the child calls that describe its resources.
    #[must_use]
    pub fn described_by(&self) -> &[usize] {
        &self.described_by
    }

    /// Returns the request as text: function, parameters and selection, and for a child call also those of
    /// its parents. Calls of two specs with equal requests can be compared.
    #[must_use]
    pub fn request(&self) -> &str {
        &self.request
    }

    /// Returns a call that keeps its complete response.
    pub(super) fn of_answer(function: &Function) -> Self {
        Self::new(function, function.name(), &ResultSelector::Whole, None)
    }

    /// Returns the ID of the item that a child call was made for; it replaces the missing ID of a resource.
    /// The policy of a bucket is identified by the bucket.
    #[must_use]
    pub fn id_of_parent(&self, for_item: &Value) -> Option<String> {
        let nowhere = ItemOrigin { partition: "", region: None, account: "", parent: None };
        self.parent.as_ref()?.identify(for_item, &nowhere).id
    }

    /// Returns whether its answers are about the items of its parent, and no separate resources.
    #[must_use]
    pub fn is_detail(&self) -> bool {
        self.is_detail
    }

    /// Returns the items that this child call is made for because of one item of its parent's list, as far as
    /// the spec determines them: none if a filter made the parent's items from more than they contain.
    pub(super) fn child_items(&self, list: &ResourceList, item: &Value, parents_item: &Value) -> Vec<Value> {
        let (Some(child), Some(place)) = (&self.child, &list.answer) else { return Vec::new() };
        child.items(&place.answer_with(item, list.within), parents_item).unwrap_or_default()
    }

    fn has_kind_of(&self, other: &Self) -> bool {
        let kinds = |call: &Self| call.lists.iter().map(|list| list.rule.kind.clone()).collect::<Vec<_>>();
        let types =
            |call: &Self| call.lists.iter().map(|list| list.rule.fixed_type()).collect::<Option<Vec<&str>>>();
        // A stream and its summary are of one type.
        let is_of_type = || types(self).is_some_and(|of_self| types(other).as_ref() == Some(&of_self));
        self.service == other.service && (kinds(self) == kinds(other) || is_of_type())
    }
}

/// Returns whether parameters or a selection exclude resources that exist. Parameters that are filled from the item of
/// the parent, `{.Name}`, and those that add data, `includeShadowTrails`, do not.
fn narrows(parameters: &Map<String, Value>, selection: &ResultSelector) -> bool {
    let is_neutral = |(name, value): (&String, &Value)| {
        let is_filled = match value {
            Value::String(text) => text.starts_with('{') && text.ends_with('}'),
            Value::Array(values) => {
                values.iter().all(|value| value.as_str().is_some_and(|text| text.starts_with('{')))
            }
            _ => false,
        };
        let name = name.to_ascii_lowercase();
        is_filled
            || name.starts_with("include")
            || name.starts_with("max")
            || name == "limit"
            || name == "pagesize"
    };
    matches!(selection, ResultSelector::Filter(_)) || !parameters.iter().all(is_neutral)
}

/// Sorts the members of a value by name: a spec may have them in any order.
pub(super) fn in_order(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let sorted: BTreeMap<&String, Value> =
                members.iter().map(|(name, value)| (name, in_order(value))).collect();
            sorted.into_iter().map(|(name, value)| (name.clone(), value)).collect()
        }
        Value::Array(items) => items.iter().map(in_order).collect(),
        scalar => scalar.clone(),
    }
}

/// Adds the children of the call at `parent`, and records which of them describe the same resources.
fn add_children(calls: &mut Vec<ReportedCall>, parent: usize, each: &[Child]) {
    for child in each {
        let index = calls.len();
        // Items without a known shape are identified by their members.
        let rule = IdentityRule::of_shape(
            child.function.service(),
            child.function.name(),
            calls[parent].lists.first().map(|list| list.rule.kind.clone()).unwrap_or_default(),
            None,
        );
        let request = json!([child.over(), child.written_parameters(), child.selection.written()]);
        let above = calls[parent].request.clone();
        let mut call = ReportedCall::new(&child.function, &child.name, &child.selection, Some(rule))
            .with_request(&request, Some((parent, &above)));
        call.is_spread = calls[parent].is_global && !call.is_global;
        // Results for an item of a region are stored in that region.
        call.is_global &= calls[parent].is_global;
        call.index = IndexCall::of_child(child);
        let written = child.written_parameters();
        let is_limited = !child.paginate || child.max_items.is_some() || child.over().contains("select");
        call.set_limits(is_limited, written.as_object().unwrap_or(&Map::new()), &child.selection);
        call.child = Some(child.clone());
        calls.push(call);
        add_children(calls, index, &child.each);
    }
    let below = parent + 1..calls.len();
    // Resources described in regions are reported there, and not where they were listed.
    let is_here = |index: &usize| calls[*index].is_global == calls[parent].is_global;
    let described_by: Vec<usize> =
        below.filter(is_here).filter(|index| calls[*index].has_kind_of(&calls[parent])).collect();
    // A stream and its summary are rows of one kind.
    let kinds: Vec<String> = calls[parent].lists.iter().map(|list| list.rule.kind.clone()).collect();
    for index in &described_by {
        calls[*index].listed_by = Some(parent);
        for (list, kind) in calls[*index].lists.iter_mut().zip(&kinds) {
            list.rule.rename(kind);
        }
    }
    calls[parent].described_by = described_by;
}

fn holds_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.iter().all(holds_nothing),
        Value::Object(members) => members.values().all(holds_nothing),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Returns the name of the member that is the HTTP status of a response.
fn http_status(function: &Function) -> Option<String> {
    let output = function.operation().output.as_ref()?;
    let ShapeKind::Structure(structure) = function.service().kind(output.shape) else { return None };
    let member = structure.members.iter().find(|member| member.location == Location::StatusCode)?;
    Some(member.name.to_string())
}

#[cfg(test)]
mod tests;
