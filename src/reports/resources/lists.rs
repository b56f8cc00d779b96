//! The lists of resources in the answer of a function.

use std::sync::Arc;

use serde_json::{Value, json};

use super::failures;
use super::items::ItemPath;
use super::rules::{IdentityRule, kind, list_within_items, tags};
use crate::model::catalog::{Function, Member, Service, ShapeId, ShapeKind};
use crate::plan::spec::ResultSelector;

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

impl AnswerPlace {
    /// Returns a response that contains only this item.
    pub(super) fn answer_with(&self, item: &Value, within: Option<&str>) -> Value {
        let item = match within {
            Some(member) => json!({member: [item]}),
            None => item.clone(),
        };
        let items = if self.is_list { Value::Array(vec![item]) } else { item };
        self.path.iter().rev().fold(items, |inner, member| json!({member.as_str(): inner}))
    }
}

/// Returns the lists of resources in the selected part of a response.
pub(super) fn lists(function: &Function, selection: &ResultSelector) -> Vec<(ItemPath, ResourceList)> {
    let kind = kind::of_function(&function.service().name, function.name());
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
    // A list within the resource that a function describes, such as the destinations of a delivery stream, is a
    // part of it.
    let is_whole = |path: &[String]| path.len() == 1 || kind::returns_several(function.name());
    let paged: Vec<Vec<String>> = function
        .operation()
        .pagination
        .iter()
        .flat_map(|pagination| &pagination.result_keys)
        .map(|key| key.to_string().split('.').map(str::to_owned).collect())
        .filter(|path: &Vec<String>| is_whole(path))
        .filter(|path| is_list(function, shape_at(function, path.iter().map(String::as_str))))
        .collect();
    let of_kind = |wanted: fn(&ShapeKind) -> bool| -> Vec<Vec<String>> {
        let is_wanted = |member: &&Member| wanted(service.kind(member.reference.shape));
        members.iter().filter(is_wanted).map(|member| vec![member.name.to_string()]).collect()
    };
    if !paged.is_empty() && !kind::returns_several(function.name()) && is_resource(function, kind) {
        let shape = function.operation().output.as_ref().map(|output| output.shape);
        return vec![list(function, kind.to_owned(), Vec::new(), shape)];
    }
    let mut paths = if paged.len() > 1 { failures::without(paged, function.name()) } else { paged };
    if paths.is_empty() && kind::returns_several(function.name()) {
        paths = failures::without(of_kind(|kind| matches!(kind, ShapeKind::List(_))), function.name());
    }
    if paths.is_empty() && kind::returns_several(function.name()) {
        paths = items_of_structures(function, members);
    }
    if paths.is_empty() && members.len() == 1 {
        paths = of_kind(|kind| matches!(kind, ShapeKind::Structure(_)));
    }
    if paths.is_empty() {
        let shape = function.operation().output.as_ref().map(|output| output.shape);
        return vec![list(function, kind.to_owned(), Vec::new(), shape)];
    }
    let lists: Vec<(ItemPath, ResourceList)> = if let [_] = paths.as_slice() {
        let one = |path| of_path(function, kind.to_owned(), path);
        paths.into_iter().map(one).collect()
    } else {
        let own = |path: Vec<String>| {
            let kind = path.last().map_or_else(String::new, |member| kind::of_member(member));
            of_path(function, kind, path)
        };
        paths.into_iter().map(own).collect()
    };
    without_names(lists)
}

/// Returns whether the answer of a function for a single resource identifies the resource.
fn is_resource(function: &Function, kind: &str) -> bool {
    let shape = function.operation().output.as_ref().map(|output| output.shape);
    let rule = IdentityRule::of_shape(function.service(), function.name(), kind.to_owned(), shape);
    let (id, arn, ..) = rule.members();
    !id.is_empty() || !arn.is_empty()
}

fn of_path(function: &Function, kind: String, path: Vec<String>) -> (ItemPath, ResourceList) {
    let shape = shape_at(function, path.iter().map(String::as_str));
    list(function, kind, path, shape)
}

/// Returns the lists in structures of the form `{"Items": […], "Quantity": 1}`, which CloudFront returns.
fn items_of_structures(function: &Function, members: &[Member]) -> Vec<Vec<String>> {
    let has_items = |name: &str| is_list(function, shape_at(function, [name, ITEMS]));
    let lists = members.iter().filter(|member| has_items(&member.name));
    lists.map(|member| vec![member.name.to_string(), ITEMS.to_owned()]).collect()
}

const ITEMS: &str = "Items";

/// Removes lists that have only the names or ARNs of what another list has as structures: Kinesis returns
/// `StreamNames` and `StreamSummaries`.
fn without_names(lists: Vec<(ItemPath, ResourceList)>) -> Vec<(ItemPath, ResourceList)> {
    let structured: Vec<String> = lists
        .iter()
        .filter(|(_, list)| list.is_structured())
        .map(|(_, list)| list.rule.kind.clone())
        .collect();
    let is_repeated = |list: &ResourceList| !list.is_structured() && structured.contains(&list.rule.kind);
    lists.into_iter().filter(|(_, list)| !is_repeated(list)).collect()
}

impl ResourceList {
    /// Returns the shape of the resource, which may be a member of the items.
    pub(super) fn resource_shape(&self) -> Option<ShapeId> {
        let (service, item) = self.item.as_ref()?;
        let inner = self.rule.inner.as_ref().and_then(|name| service.structure(*item)?.member(name));
        Some(inner.map_or(*item, |(_, member)| member.reference.shape))
    }

    /// Returns whether the items are plain texts.
    pub(super) fn is_text(&self) -> bool {
        self.item.as_ref().is_some_and(|(service, item)| matches!(service.kind(*item), ShapeKind::String))
    }

    fn is_structured(&self) -> bool {
        self.item.as_ref().is_some_and(|(service, item)| service.structure(*item).is_some())
    }
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
    let rule = IdentityRule::of_shape(service, function.name(), kind, item);
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
