//! Pagination: botocore's definition, or one derived where the members show that pages exist.
//!
//! botocore has no paginator for more than 900 operations whose responses are nevertheless paginated; a scan that
//! treated their first page as complete would lose data.

mod lists;
mod page_size;
mod reviewed;
mod tokens;

use super::model;
use crate::model::catalog::{
    Member, MemberPath, NextPage, Origin, Pagination, Shape, ShapeId, ShapeKind, Structure,
};
use tokens::TokenPair;

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

/// An operation whose pagination is to be determined.
pub(super) struct PaginatedOperation<'model> {
    pub(super) service: &'model str,
    pub(super) operation: &'model str,
    pub(super) input: &'model Structure,
    pub(super) output: &'model Structure,
    pub(super) shapes: &'model [Option<Shape>],
    /// The function that returns botocore's documentation of a request member.
    pub(super) documentation: &'model dyn Fn(&str) -> Option<String>,
}

/// Determines the pagination of an operation, if its responses are paginated.
pub(super) fn pagination(
    subject: &PaginatedOperation<'_>,
    definition: Option<&model::Paginator>,
) -> Result<Option<Pagination>, String> {
    let Some(mut pagination) = (match definition {
        Some(definition) => Some(defined(subject, definition)?),
        None => numbered(subject)?.or_else(|| derived(subject)),
    }) else {
        return Ok(None);
    };
    pagination.page_size = page_size::largest(subject, pagination.limit_key.as_deref());
    Ok(Some(pagination))
}

fn parsed(text: &str) -> Result<MemberPath, String> {
    MemberPath::parse(text).map_err(|cause| cause.to_string())
}

fn defined(subject: &PaginatedOperation<'_>, definition: &model::Paginator) -> Result<Pagination, String> {
    let paths = |texts: &[String]| texts.iter().map(|text| parsed(text)).collect::<Result<Vec<_>, _>>();
    let mut result_keys = paths(definition.result_key.as_slice())?;
    let mut non_aggregate_keys = paths(&definition.non_aggregate_keys)?;
    // boto3 takes a structure from the first page, and drops the items of its lists on later ones.
    let (whole, joined): (Vec<_>, Vec<_>) =
        result_keys.into_iter().partition(|key| lists::structure_at(subject, key).is_some());
    result_keys = joined;
    for key in whole {
        result_keys.extend(lists::below(subject, &key));
        non_aggregate_keys.push(key);
    }
    let output_tokens = paths(definition.output_token.as_slice())?;
    let joined_keys = lists::with_additional(subject, &result_keys, &output_tokens);
    non_aggregate_keys.extend(lists::structures_beside(subject, &result_keys, &non_aggregate_keys));
    Ok(Pagination {
        input_tokens: definition.input_token.as_slice().iter().map(|name| name.as_str().into()).collect(),
        output_tokens,
        result_keys,
        joined_keys,
        more_results: definition.more_results.as_deref().map(parsed).transpose()?,
        limit_key: definition.limit_key.as_deref().map(Into::into),
        page_size: None,
        non_aggregate_keys,
        turning: NextPage::Tokens,
        origin: Origin::Paginator,
    })
}

fn derived(subject: &PaginatedOperation<'_>) -> Option<Pagination> {
    let found = tokens::find(subject)?;
    let mut result_keys = lists::results(subject, found.within);
    if result_keys.is_empty() {
        return None;
    }
    let joined_keys = lists::with_additional(subject, &result_keys, &found.outputs);
    // Items of separate lists are merged beside the results.
    result_keys.retain(|key| !joined_keys.contains(key));
    Some(Pagination {
        non_aggregate_keys: non_aggregate(subject, &found, &result_keys),
        input_tokens: found.inputs,
        output_tokens: found.outputs,
        result_keys,
        joined_keys,
        more_results: found.more,
        limit_key: limit_key(subject),
        page_size: None,
        turning: found.turning,
        origin: found.origin,
    })
}

/// Returns the pagination of operations that count pages or items, which no rule can detect.
fn numbered(subject: &PaginatedOperation<'_>) -> Result<Option<Pagination>, String> {
    let Some(row) = reviewed::NUMBERED
        .iter()
        .find(|row| (row.service, row.operation) == (subject.service, subject.operation))
    else {
        return Ok(None);
    };
    let total = parsed(row.total)?;
    let result_keys = vec![parsed(row.result)?];
    Ok(Some(Pagination {
        input_tokens: vec![row.input.into()],
        output_tokens: Vec::new(),
        joined_keys: Vec::new(),
        more_results: None,
        limit_key: Some(row.limit.into()),
        page_size: None,
        non_aggregate_keys: subject
            .output
            .members
            .iter()
            .map(|member| MemberPath::member(&member.name))
            .filter(|path| !result_keys.contains(path))
            .collect(),
        turning: if row.counts_pages {
            NextPage::PageNumber { total }
        } else {
            NextPage::ItemOffset { total }
        },
        origin: Origin::Number,
        result_keys,
    }))
}

/// Returns the members that apply to all pages: everything except the results, the tokens, the flag, and numbers
/// that count the items of a page.
fn non_aggregate(
    subject: &PaginatedOperation<'_>,
    found: &TokenPair<'_>,
    result_keys: &[MemberPath],
) -> Vec<MemberPath> {
    let is_about_a_page = |path: &MemberPath, name: &str| {
        found.outputs.contains(path)
            || found.more.as_ref() == Some(path)
            || result_keys.contains(path)
            || reviewed::counts_a_page(subject, name)
    };
    let mut paths = Vec::new();
    for member in &subject.output.members {
        let path = MemberPath::member(&member.name);
        match found.within.filter(|(within, _)| **within == *member.name) {
            None if !is_about_a_page(&path, &member.name) => paths.push(path),
            None => {}
            Some((within, structure)) => {
                let own = structure.members.iter().filter(|member| {
                    let path = MemberPath::members(&[within, &member.name]);
                    // The request's own limit and marker, which botocore's definitions also omit.
                    let is_echo =
                        limit_key(subject).as_ref() == Some(&member.name) || *member.name == *"Marker";
                    !is_about_a_page(&path, &member.name) && !is_echo
                });
                paths.extend(own.map(|member| MemberPath::members(&[within, &member.name])));
            }
        }
    }
    paths
}

fn limit_key(subject: &PaginatedOperation<'_>) -> Option<Box<str>> {
    LIMIT_KEYS.iter().find(|name| subject.input.member(name).is_some()).map(|name| (*name).into())
}

impl<'model> PaginatedOperation<'model> {
    fn kind(&self, member: &Member) -> Option<&'model ShapeKind> {
        self.kind_of(member.reference.shape)
    }

    fn kind_of(&self, shape: ShapeId) -> Option<&'model ShapeKind> {
        self.shapes.get(shape.0 as usize)?.as_ref().map(|shape| &shape.kind)
    }

    fn structure(&self, member: &Member) -> Option<&'model Structure> {
        match self.kind(member)? {
            ShapeKind::Structure(structure) => Some(structure),
            _ => None,
        }
    }
}
