//! Pagination: botocore's definition, or one derived where the members show that pages exist.
//!
//! botocore has no paginator for some 400 operations whose answers nevertheless carry a token; a
//! scan that took their first page for the whole would lose data.

use super::model;
use crate::catalog::{Location, Member, Pagination, Path, Shape, ShapeKind, Structure};

/// Token members: what an answer calls the token, and what a request calls it. Only pairs that
/// the models of AWS's services really have.
const TOKEN_PAIRS: [(&str, &str); 14] = [
    ("NextToken", "NextToken"),
    ("nextToken", "nextToken"),
    ("nextToken", "NextToken"),
    ("next_token", "next_token"),
    ("NextPageToken", "NextPageToken"),
    ("NextPageToken", "PageToken"),
    ("nextPageToken", "pageToken"),
    ("nextPageToken", "nextPageToken"),
    ("NextMarker", "Marker"),
    ("NextMarker", "NextMarker"),
    ("nextMarker", "marker"),
    ("Marker", "Marker"),
    ("marker", "marker"),
    ("position", "position"),
];

/// Members that set the size of a page.
const LIMIT_KEYS: [&str; 12] = [
    "MaxResults",
    "maxResults",
    "max_results",
    "MaxItems",
    "maxItems",
    "MaxRecords",
    "Limit",
    "limit",
    "PageSize",
    "pageSize",
    "MaxCount",
    "maxPageSize",
];

/// How an operation's answers continue, if they do.
pub(super) fn pagination(
    definition: Option<&model::Paginator>,
    input: Option<&Structure>,
    output: Option<&Structure>,
    shapes: &[Option<Shape>],
) -> Result<Option<Pagination>, String> {
    match definition {
        Some(definition) => defined(definition).map(Some),
        None => Ok(input.zip(output).and_then(|(input, output)| derived(input, output, shapes))),
    }
}

fn defined(definition: &model::Paginator) -> Result<Pagination, String> {
    let paths = |texts: &[String]| {
        texts
            .iter()
            .map(|text| Path::parse(text).map_err(|cause| cause.to_string()))
            .collect::<Result<Vec<_>, _>>()
    };
    Ok(Pagination {
        input_tokens: definition.input_token.as_slice().iter().map(|name| name.as_str().into()).collect(),
        output_tokens: paths(definition.output_token.as_slice())?,
        result_keys: paths(definition.result_key.as_slice())?,
        more_results: match &definition.more_results {
            Some(text) => Some(Path::parse(text).map_err(|cause| cause.to_string())?),
            None => None,
        },
        limit_key: definition.limit_key.as_deref().map(Into::into),
        non_aggregate_keys: paths(&definition.non_aggregate_keys)?,
        derived: false,
    })
}

fn derived(input: &Structure, output: &Structure, shapes: &[Option<Shape>]) -> Option<Pagination> {
    let (output_token, input_token) = TOKEN_PAIRS.iter().find(|(output_token, input_token)| {
        is_text(output.member(output_token), shapes) && is_text(input.member(input_token), shapes)
    })?;
    let collections: Vec<_> = output
        .members
        .iter()
        .filter(|member| {
            matches!(kind(member, shapes), Some(ShapeKind::List(_) | ShapeKind::Map(_)))
                && member.location == Location::Body
        })
        .map(|member| Path::member(&member.name))
        .collect();
    if collections.is_empty() {
        return None;
    }
    let non_aggregate_keys = output
        .members
        .iter()
        .map(|member| Path::member(&member.name))
        .filter(|path| path.top_level() != Some(output_token) && !collections.contains(path))
        .collect();
    Some(Pagination {
        input_tokens: vec![(*input_token).into()],
        output_tokens: vec![Path::member(output_token)],
        result_keys: collections,
        more_results: None,
        limit_key: LIMIT_KEYS.iter().find(|name| input.member(name).is_some()).map(|name| (*name).into()),
        non_aggregate_keys,
        derived: true,
    })
}

fn kind<'shapes>(member: &Member, shapes: &'shapes [Option<Shape>]) -> Option<&'shapes ShapeKind> {
    shapes.get(member.reference.shape.0 as usize)?.as_ref().map(|shape| &shape.kind)
}

fn is_text(member: Option<(usize, &Member)>, shapes: &[Option<Shape>]) -> bool {
    member.is_some_and(|(_, member)| matches!(kind(member, shapes), Some(ShapeKind::String)))
}
