//! The calls of a run's spec, and the paths of resources in their results.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::items::ItemPath;
use super::rules::{IdentityRule, kind, list_within_items, tags};
use crate::model::catalog::{CallScope, Function, Member, Service, ShapeId, ShapeKind, reach};
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
    /// The child calls that describe its resources.
    pub(super) described_by: Vec<usize>,
    /// The call for whose items it is made.
    pub(super) below: Option<usize>,
    /// Whether its results are about the whole account.
    is_global: bool,
    /// Whether it is called region by region for the items of a global call.
    is_spread: bool,
    /// The request as text: function, parameters and selection, preceded by those of the parents.
    request: String,
    /// The spec entry of a child call, with the items that it is made for.
    child: Option<Child>,
    /// The identity rule of the items that a child call is made for.
    parent: Option<IdentityRule>,
}

/// A list of resources of one kind.
#[derive(Debug)]
pub(super) struct ResourceList {
    pub(super) rule: IdentityRule,
    /// The member of the items that has the resources; `None` if the items are the resources.
    pub(super) within: Option<&'static str>,
    /// The shape of a resource in the model of its service; `None` if a filter selects the resources.
    pub(super) item: Option<(Arc<Service>, ShapeId)>,
    /// The path of the items in the complete response; `None` if a filter selects them.
    pub(super) answer: Option<AnswerPlace>,
}

/// The path of the items of a list in the complete response of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AnswerPlace {
    path: Vec<String>,
    is_list: bool,
}

impl ReportedCall {
    /// Returns all calls of a spec, each before its children.
    #[must_use]
    pub fn all(spec: &ScanSpec) -> Vec<Self> {
        let mut calls = Vec::new();
        for entry in &spec.entries {
            let first = calls.len();
            let request = json!([&entry.parameters, entry.selection.written()]);
            calls.push(
                Self::new(&entry.function, &entry.name, &entry.selection, None).with_request(&request, None),
            );
            add_children(&mut calls, first, &entry.each);
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
            described_by: Vec::new(),
            below: None,
            is_global: reach(function) == CallScope::Global,
            is_spread: false,
            request: String::new(),
            child: None,
            parent,
        }
    }

    fn with_request(mut self, request: &Value, below: Option<(usize, &str)>) -> Self {
        let (below, before) = below.map_or((None, ""), |(below, request)| (Some(below), request));
        self.request = format!("{before}{}:{}{}\n", self.service, self.function, in_order(request));
        self.below = below;
        self
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
    #[cfg(test)]
    pub(super) fn of_answer(function: &Function) -> Self {
        Self::new(function, function.name(), &ResultSelector::Whole, None)
    }

    /// Returns the ID of the item that a child call was made for; it replaces the missing ID of a resource.
    /// The policy of a bucket is identified by the bucket.
    #[must_use]
    pub fn id_of_parent(&self, for_item: &Value) -> Option<String> {
        self.parent.as_ref()?.identify(for_item).id
    }

    /// Returns the items that this child call is made for because of one item of its parent's list, as far as
    /// the spec determines them: none if a filter made the parent's items from more than they contain.
    pub(super) fn child_items(&self, list: &ResourceList, item: &Value, parents_item: &Value) -> Vec<Value> {
        let (Some(child), Some(place)) = (&self.child, &list.answer) else { return Vec::new() };
        child.items(&place.answer_with(item, list.within), parents_item).unwrap_or_default()
    }

    fn has_kind_of(&self, other: &Self) -> bool {
        let kinds = |call: &Self| call.lists.iter().map(|list| list.rule.kind.clone()).collect::<Vec<_>>();
        self.service == other.service && kinds(self) == kinds(other)
    }
}

impl AnswerPlace {
    /// Returns a response that contains only this item.
    fn answer_with(&self, item: &Value, within: Option<&str>) -> Value {
        let item = match within {
            Some(member) => json!({member: [item]}),
            None => item.clone(),
        };
        let items = if self.is_list { Value::Array(vec![item]) } else { item };
        self.path.iter().rev().fold(items, |inner, member| json!({member.as_str(): inner}))
    }
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
        call.child = Some(child.clone());
        calls.push(call);
        add_children(calls, index, &child.each);
    }
    let below = parent + 1..calls.len();
    // Resources described in regions are reported there, and not where they were listed.
    let is_here = |index: &usize| calls[*index].is_global == calls[parent].is_global;
    calls[parent].described_by =
        below.filter(is_here).filter(|index| calls[*index].has_kind_of(&calls[parent])).collect();
}

/// Returns the lists of resources in the selected part of a response.
fn lists(function: &Function, selection: &ResultSelector) -> Vec<(ItemPath, ResourceList)> {
    let kind = kind::of_function(function.name());
    match selection {
        // The outputs of a filter are always a list.
        ResultSelector::Filter(_) => vec![list(function, kind, Vec::new(), None)],
        ResultSelector::Key(key) => {
            let shape = shape_at(function, key.split('.'));
            let (place, list) = list(function, kind, Vec::new(), shape);
            let path = key.split('.').map(str::to_owned).collect();
            let answer = Some(AnswerPlace { path, is_list: is_list(function, shape) });
            vec![(place, ResourceList { answer, ..list })]
        }
        ResultSelector::Whole => of_answer(function, &kind),
    }
}

/// Returns the lists in a complete response: the paginated ones, else all lists. The response of a function
/// for a single resource is that resource, whatever lists it has.
fn of_answer(function: &Function, kind: &str) -> Vec<(ItemPath, ResourceList)> {
    let service = function.service();
    let members = service.output(function.operation()).map_or(&[][..], |output| &output.members);
    let paged: Vec<Vec<String>> = function
        .operation()
        .pagination
        .iter()
        .flat_map(|pagination| &pagination.result_keys)
        .map(|key| key.to_string().split('.').map(str::to_owned).collect())
        .filter(|path: &Vec<String>| is_list(function, shape_at(function, path.iter().map(String::as_str))))
        .collect();
    let of_kind = |wanted: fn(&ShapeKind) -> bool| -> Vec<Vec<String>> {
        let is_wanted = |member: &&Member| wanted(service.kind(member.reference.shape));
        members.iter().filter(is_wanted).map(|member| vec![member.name.to_string()]).collect()
    };
    let mut paths = paged;
    if paths.is_empty() && kind::returns_several(function.name()) {
        paths = of_kind(|kind| matches!(kind, ShapeKind::List(_)));
    }
    if paths.is_empty() && members.len() == 1 {
        paths = of_kind(|kind| matches!(kind, ShapeKind::Structure(_)));
    }
    if paths.is_empty() {
        let shape = function.operation().output.as_ref().map(|output| output.shape);
        return vec![list(function, kind.to_owned(), Vec::new(), shape)];
    }
    let is_alone = paths.len() == 1;
    let lists = paths.into_iter().map(|path| {
        let shape = shape_at(function, path.iter().map(String::as_str));
        let own = path.last().map_or_else(String::new, |member| kind::of_member(member));
        list(function, if is_alone { kind.to_owned() } else { own }, path, shape)
    });
    lists.collect()
}

fn list(
    function: &Function,
    kind: String,
    path: Vec<String>,
    shape: Option<ShapeId>,
) -> (ItemPath, ResourceList) {
    let service = function.service();
    let item = shape.map(|shape| match service.kind(shape) {
        ShapeKind::List(list) => list.member.shape,
        _ => shape,
    });
    // A list of only tags belongs together, to one resource.
    let as_one = is_list(function, shape)
        && item
            .and_then(|item| service.structure(item))
            .is_some_and(|tag| tags::is_tag(tag.members.iter().map(|member| &*member.name)));
    let within = list_within_items(&service.name, function.name());
    let item = match within {
        Some(member) => item.and_then(|item| element(function, item, member)),
        None => item,
    };
    let rule = IdentityRule::of_shape(service, kind, item);
    let item = item.filter(|_| !as_one).map(|item| (Arc::clone(service), item));
    let answer = (shape.is_some() && !as_one)
        .then(|| AnswerPlace { path: path.clone(), is_list: is_list(function, shape) });
    (ItemPath { path, as_one }, ResourceList { rule, within, item, answer })
}

/// Returns the shape of the elements of a list member.
fn element(function: &Function, structure: ShapeId, member: &str) -> Option<ShapeId> {
    let service = function.service();
    let (_, member) = service.structure(structure)?.member(member)?;
    match service.kind(member.reference.shape) {
        ShapeKind::List(list) => Some(list.member.shape),
        _ => None,
    }
}

fn is_list(function: &Function, shape: Option<ShapeId>) -> bool {
    shape.is_some_and(|shape| matches!(function.service().kind(shape), ShapeKind::List(_)))
}

/// Returns the shape at a path of a response.
fn shape_at<'path>(function: &Function, path: impl IntoIterator<Item = &'path str>) -> Option<ShapeId> {
    let service = function.service();
    let output = function.operation().output.as_ref()?.shape;
    path.into_iter().try_fold(output, |shape, name| {
        let (_, member) = service.structure(shape)?.member(name)?;
        Some(member.reference.shape)
    })
}

#[cfg(test)]
mod tests;
