//! The resources in each function's answer, according to the catalog, for surveys of all functions.

use std::sync::Arc;

use serde::Serialize;

use super::call::ReportedCall;
use super::lists::ResourceList;
use super::rules::kind;
use crate::model::catalog::{Function, Service, ShapeKind};

/// A list of resources in the answer of a function.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct ListedResource {
    /// The function: `describe_instances`.
    pub function: String,
    /// The API operation: `DescribeInstances`.
    pub operation: String,
    /// The kind of its items.
    pub kind: String,
    /// Whether the function returns several resources, by its name.
    pub is_list: bool,
    /// Whether it can be called without parameters.
    pub needs_nothing: bool,
    /// The path of the items in the answer.
    pub path: String,
    /// Whether the items are plain texts.
    pub is_text: bool,
    /// The members of an item that are texts.
    pub texts: Vec<String>,
    /// The members with the ID, the best first.
    pub id: Vec<String>,
    /// The members with the ARN.
    pub arn: Vec<String>,
    /// The members with the name.
    pub name: Vec<String>,
    /// Whether an item has a member with tags.
    pub has_tags: bool,
}

/// Returns the lists of resources of all functions of a service.
#[must_use]
pub fn listed_resources(service: &Arc<Service>) -> Vec<ListedResource> {
    let of_function = |function: Function| {
        let call = ReportedCall::of_answer(&function);
        let listed = |(list, place): (&ResourceList, &super::items::ItemPath)| {
            let shape = list.resource_shape();
            let structure = shape.and_then(|shape| service.structure(shape));
            let is_text = |shape| matches!(service.kind(shape), ShapeKind::String);
            let members = structure.map_or(&[][..], |structure| &structure.members);
            let texts = members.iter().filter(|member| is_text(member.reference.shape));
            let (id, arn, name, has_tags) = list.rule.members();
            ListedResource {
                function: function.name().to_owned(),
                operation: function.operation().name.to_string(),
                kind: list.rule.kind.clone(),
                is_list: kind::returns_several(function.name()),
                needs_nothing: service.required_parameters(function.operation()).next().is_none(),
                path: place.path.join("."),
                is_text: shape.is_some_and(is_text),
                texts: texts.map(|member| member.name.to_string()).collect(),
                id: id.to_vec(),
                arn: arn.to_vec(),
                name: name.to_vec(),
                has_tags,
            }
        };
        call.lists.iter().zip(&call.places).map(listed).collect::<Vec<_>>()
    };
    Function::all(service).flat_map(of_function).collect()
}
