//! The lists and maps of a response, at the top and in its structures: the results, and those that grow beside
//! them from page to page.

use super::{PaginatedOperation, reviewed};
use crate::model::catalog::{Location, MemberPath, ShapeId, ShapeKind, Structure};

/// The maximum depth of structures with results.
const DEEPEST: usize = 5;

/// Returns the results of a response whose tokens are at its top, or in one of its structures: the lists and maps
/// beside the tokens, or else deeper ones.
pub(super) fn results(
    subject: &PaginatedOperation<'_>,
    within: Option<(&str, &Structure)>,
) -> Vec<MemberPath> {
    let (prefix, structure) = match within {
        Some((name, structure)) => (vec![name], structure),
        None => (Vec::new(), subject.output),
    };
    let depth = prefix.len() + 1;
    let all = collections(subject, structure, &prefix);
    let is_direct = |path: &&MemberPath| path.len() == depth;
    let direct: Vec<MemberPath> = all.iter().filter(is_direct).cloned().collect();
    let mut results = if direct.is_empty() { all } else { direct };
    results.retain(|path| !reviewed::is_echo(subject, path));
    if results.is_empty() {
        results.extend(reviewed::text_of_results(subject));
    }
    results
}

/// Returns the lists and maps that are neither results nor tokens nor the same on every page.
pub(super) fn with_additional(
    subject: &PaginatedOperation<'_>,
    results: &[MemberPath],
    tokens: &[MemberPath],
) -> Vec<MemberPath> {
    let is_covered = |path: &MemberPath| {
        let is_result = results.iter().any(|result| path.starts_with(result));
        (is_result && !reviewed::is_beside(subject, path)) || tokens.contains(path)
    };
    let mut beside = collections(subject, subject.output, &[]);
    beside.retain(|path| !is_covered(path) && !reviewed::is_echo(subject, path));
    beside
}

/// Returns the structures beside the results that boto3 omits: the first page contains them as well.
pub(super) fn structures_beside(
    subject: &PaginatedOperation<'_>,
    results: &[MemberPath],
    known: &[MemberPath],
) -> Vec<MemberPath> {
    let leads_to = |path: &MemberPath, other: &MemberPath| other.starts_with(path);
    let is_new = |path: &MemberPath| {
        !results.iter().chain(known).any(|other| leads_to(path, other) || leads_to(other, path))
    };
    let mut found = Vec::new();
    for member in &subject.output.members {
        let Some(structure) = subject.structure(member).filter(|_| member.location == Location::Body) else {
            continue;
        };
        let path = MemberPath::member(&member.name);
        if results.iter().any(|result| leads_to(&path, result)) {
            let inner = structure.members.iter().filter(|inner| subject.structure(inner).is_some());
            let inner = inner.map(|inner| MemberPath::members(&[&member.name, &inner.name]));
            found.extend(inner.filter(is_new));
        } else if is_new(&path) {
            found.push(path);
        }
    }
    found
}

/// Returns the lists and maps in the structure at `key`.
pub(super) fn below(subject: &PaginatedOperation<'_>, key: &MemberPath) -> Vec<MemberPath> {
    let mut all = collections(subject, subject.output, &[]);
    all.retain(|path| path.starts_with(key) && !reviewed::is_echo(subject, path));
    all
}

/// Returns the structure at a top-level path, if there is one.
pub(super) fn structure_at<'model>(
    subject: &PaginatedOperation<'model>,
    path: &MemberPath,
) -> Option<&'model Structure> {
    let (_, member) = subject.output.member(path.top_level()?)?;
    subject.structure(member)
}

fn collections<'model>(
    subject: &PaginatedOperation<'model>,
    structure: &'model Structure,
    prefix: &[&'model str],
) -> Vec<MemberPath> {
    let mut found = Vec::new();
    walk(subject, structure, &mut prefix.to_vec(), &mut Vec::new(), &mut found);
    found
}

fn walk<'model>(
    subject: &PaginatedOperation<'model>,
    structure: &'model Structure,
    names: &mut Vec<&'model str>,
    entered: &mut Vec<ShapeId>,
    found: &mut Vec<MemberPath>,
) {
    for member in structure.members.iter().filter(|member| member.location == Location::Body) {
        names.push(&member.name);
        match subject.kind(member) {
            Some(ShapeKind::List(_) | ShapeKind::Map(_)) => found.push(MemberPath::members(names)),
            // The lists of a recursive structure count at its first occurrence.
            Some(ShapeKind::Structure(inner))
                if names.len() < DEEPEST && !entered.contains(&member.reference.shape) =>
            {
                entered.push(member.reference.shape);
                walk(subject, inner, names, entered, found);
                entered.pop();
            }
            _ => {}
        }
        names.pop();
    }
}
