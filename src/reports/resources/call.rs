//! The calls of a run's spec, and where in their results resources are.

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
    /// Whether its result is a list of what was asked for and what was answered.
    pub(super) is_child: bool,
    /// Where in a result its resources are, and as many rules.
    pub(super) places: Vec<ItemPath>,
    pub(super) lists: Vec<ResourceList>,
    /// The calls below it that tell more of the same resources.
    pub(super) described_by: Vec<usize>,
    /// The call for whose items it is made.
    pub(super) below: Option<usize>,
    /// Whether its results are those of the whole account.
    is_global: bool,
    /// Whether it is made region by region, for the items of a global call.
    is_spread: bool,
    /// All that is asked: the function, with what, and what is kept.
    question: String,
    /// What the spec says of a child call: for which items it is made.
    asks: Option<Child>,
    /// How what a child was asked for is identified.
    parent: Option<IdentityRule>,
}

/// A list of resources of one kind.
#[derive(Debug)]
pub(super) struct ResourceList {
    pub(super) rule: IdentityRule,
    /// The member of the items that has the resources; `None` where the items are these themselves.
    pub(super) within: Option<&'static str>,
    /// What a resource is in the model of its service; `None` where a filter decides.
    pub(super) item: Option<(Arc<Service>, ShapeId)>,
    /// Where the items are in the complete answer; `None` where a filter decides.
    pub(super) answer: Option<AnswerPlace>,
}

/// Where the items of a list are in the complete answer of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AnswerPlace {
    path: Vec<String>,
    is_list: bool,
}

impl ReportedCall {
    /// All calls of a spec, each before its children.
    #[must_use]
    pub fn all(spec: &ScanSpec) -> Vec<Self> {
        let mut calls = Vec::new();
        for entry in &spec.entries {
            let first = calls.len();
            let question = json!([&entry.parameters, entry.selection.written()]);
            calls.push(
                Self::new(&entry.function, &entry.name, &entry.selection, None).that_asks(&question, None),
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
            question: String::new(),
            asks: None,
            parent,
        }
    }

    fn that_asks(mut self, question: &Value, below: Option<(usize, &str)>) -> Self {
        let (below, before) = below.map_or((None, ""), |(below, question)| (Some(below), question));
        self.question = format!("{before}{}:{}{}\n", self.service, self.function, in_order(question));
        self.below = below;
        self
    }

    /// The service, as boto3 names it.
    #[must_use]
    pub fn service(&self) -> &str {
        &self.service
    }

    /// The function: `describe_instances`.
    #[must_use]
    pub fn function(&self) -> &str {
        &self.function
    }

    /// The key of its result, as the ledger has it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The kinds of resources that it answers.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.lists.iter().map(|list| list.rule.kind.as_str())
    }

    /// The call for whose items it is made: its index.
    #[must_use]
    pub fn below(&self) -> Option<usize> {
        self.below
    }

    /// Whether it is made region by region although the call for whose items it is made is global.
    #[must_use]
    pub fn is_spread(&self) -> bool {
        self.is_spread
    }

    /// The calls below it that tell more of the same resources: their indices.
    #[must_use]
    pub fn described_by(&self) -> &[usize] {
        &self.described_by
    }

    /// All that is asked: the function, with what, what is kept of the answer, and for a child call the
    /// same of the calls above. Calls of two specs with equal questions can be compared.
    #[must_use]
    pub fn question(&self) -> &str {
        &self.question
    }

    /// A call that keeps its complete answer.
    #[cfg(test)]
    pub(super) fn of_answer(function: &Function) -> Self {
        Self::new(function, function.name(), &ResultSelector::Whole, None)
    }

    /// What stands for the id of a resource without one: the id of what was asked for. The policy of
    /// a bucket is told by the bucket.
    #[must_use]
    pub fn id_of_parent(&self, asked_for: &Value) -> Option<String> {
        self.parent.as_ref()?.identify(asked_for).id
    }

    /// What this child call is asked for one item of the list of its parent, as far as the spec alone says
    /// so: nothing where a filter has made the items from more than they show.
    pub(super) fn questions(&self, list: &ResourceList, item: &Value, parents_item: &Value) -> Vec<Value> {
        let (Some(child), Some(place)) = (&self.asks, &list.answer) else { return Vec::new() };
        child.items(&place.answer_with(item, list.within), parents_item).unwrap_or_default()
    }

    fn has_kind_of(&self, other: &Self) -> bool {
        let kinds = |call: &Self| call.lists.iter().map(|list| list.rule.kind.clone()).collect::<Vec<_>>();
        self.service == other.service && kinds(self) == kinds(other)
    }
}

impl AnswerPlace {
    /// An answer that has nothing but this item.
    fn answer_with(&self, item: &Value, within: Option<&str>) -> Value {
        let item = match within {
            Some(member) => json!({member: [item]}),
            None => item.clone(),
        };
        let items = if self.is_list { Value::Array(vec![item]) } else { item };
        self.path.iter().rev().fold(items, |inner, member| json!({member.as_str(): inner}))
    }
}

/// A value whose members are in the order of their names: a spec may have them in any.
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

/// Adds the calls below that at `parent`, and notes which of them describe the same.
fn add_children(calls: &mut Vec<ReportedCall>, parent: usize, each: &[Child]) {
    for child in each {
        let index = calls.len();
        // What a call does not know by its shape is told by its members.
        let rule = IdentityRule::of_shape(
            child.function.service(),
            calls[parent].lists.first().map(|list| list.rule.kind.clone()).unwrap_or_default(),
            None,
        );
        let question = json!([child.over(), child.written_parameters(), child.selection.written()]);
        let above = calls[parent].question.clone();
        let mut call = ReportedCall::new(&child.function, &child.name, &child.selection, Some(rule))
            .that_asks(&question, Some((parent, &above)));
        call.is_spread = calls[parent].is_global && !call.is_global;
        // What is called for an item of a region is filed in that region.
        call.is_global &= calls[parent].is_global;
        call.asks = Some(child.clone());
        calls.push(call);
        add_children(calls, index, &child.each);
    }
    let below = parent + 1..calls.len();
    // What is described in regions is found there, and not where it was listed.
    let is_here = |index: &usize| calls[*index].is_global == calls[parent].is_global;
    calls[parent].described_by =
        below.filter(is_here).filter(|index| calls[*index].has_kind_of(&calls[parent])).collect();
}

/// The lists of resources in what is kept of an answer.
fn lists(function: &Function, selection: &ResultSelector) -> Vec<(ItemPath, ResourceList)> {
    let kind = kind::of_function(function.name());
    match selection {
        // Whatever a filter puts out is a list.
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

/// The lists in a complete answer: those that come in pages, else all that it has. An answer to a
/// question about one thing is about that, whatever lists it has.
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
    if paths.is_empty() && kind::asks_for_several(function.name()) {
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
    // Tags alone belong to something, and together.
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

/// The shape of the elements of a member, which is a list.
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

/// The shape of what stands at a path of an answer.
fn shape_at<'path>(function: &Function, path: impl IntoIterator<Item = &'path str>) -> Option<ShapeId> {
    let service = function.service();
    let answer = function.operation().output.as_ref()?.shape;
    path.into_iter().try_fold(answer, |shape, name| {
        let (_, member) = service.structure(shape)?.member(name)?;
        Some(member.reference.shape)
    })
}

#[cfg(test)]
mod tests;
