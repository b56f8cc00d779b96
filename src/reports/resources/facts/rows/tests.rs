//! The reviewed facts, held against the models.

use super::{FactRow, NONE, ROWS};
use crate::model::catalog::{Catalog, Function, Service, ShapeId, ShapeKind};
use crate::reports::resources::rules::kind;

impl FactRow {
    /// Returns the paths of all facts.
    fn paths(&self) -> Vec<&str> {
        let conditions = self.public.split('|').map(|condition| condition.split('=').next().unwrap_or(NONE));
        let own = [self.state, self.type_of, self.size, self.created].into_iter().chain(conditions);
        let all = own.chain(self.others.iter().map(|(_, path)| *path)).filter(|path| *path != NONE);
        all.map(|path| path.trim_start_matches(['!', '#'])).collect()
    }
}

/// Returns the shape of the elements of a list, or the shape itself.
fn element(service: &Service, shape: ShapeId) -> ShapeId {
    match service.kind(shape) {
        ShapeKind::List(list) => list.member.shape,
        _ => shape,
    }
}

fn leads(service: &Service, shape: ShapeId, path: &str) -> bool {
    let end = path.split('.').try_fold(shape, |shape, part| {
        let (name, is_list) = part.strip_suffix("[]").map_or((part, false), |name| (name, true));
        let (_, member) = service.structure(shape)?.member(name)?;
        let shape = member.reference.shape;
        Some(if is_list { element(service, shape) } else { shape })
    });
    end.is_some()
}

/// Adds the paths that lead anywhere from a structure, or one below it.
fn note<'row>(
    service: &Service,
    shape: ShapeId,
    paths: &[&'row str],
    depth: usize,
    found: &mut Vec<&'row str>,
) {
    let shape = element(service, shape);
    found.extend(paths.iter().filter(|path| leads(service, shape, path)));
    if let Some(structure) = service.structure(shape).filter(|_| depth > 0) {
        let members = structure.members.iter();
        members.for_each(|member| note(service, member.reference.shape, paths, depth - 1, found));
    }
}

#[test]
fn every_fact_is_in_an_answer_of_its_service() {
    let catalog = Catalog::embedded().expect("a catalog");
    for row in ROWS {
        let service = catalog.service(row.service).expect("loads").expect("exists");
        let paths = row.paths();
        let mut found = Vec::new();
        let outputs = Function::all(&service).filter_map(|function| function.operation().output.clone());
        outputs.for_each(|output| note(&service, output.shape, &paths, 4, &mut found));
        let lost: Vec<_> = paths.iter().filter(|path| !found.contains(path)).collect();
        assert!(lost.is_empty(), "{} {}: {lost:?}", row.service, row.kind);
    }
}

#[test]
fn every_kind_is_what_a_function_returns() {
    let catalog = Catalog::embedded().expect("a catalog");
    for row in ROWS {
        let service = catalog.service(row.service).expect("loads").expect("exists");
        let is_returned = |function: Function| {
            let output = service.output(function.operation()).map_or(&[][..], |output| &output.members);
            kind::of_function(row.service, function.name()) == row.kind
                || output.iter().any(|member| kind::of_member(&member.name) == row.kind)
        };
        assert!(Function::all(&service).any(is_returned), "{} {}", row.service, row.kind);
    }
}

#[test]
fn rows_are_sorted_and_found() {
    assert!(ROWS.is_sorted_by(|one, other| (one.service, one.kind) < (other.service, other.kind)));
    for row in ROWS {
        assert!(FactRow::find(row.service, row.kind).is_some(), "{} {}", row.service, row.kind);
    }
    assert!(FactRow::find("ec2", "nothing").is_none());
}
