//! All functions of the catalog: each list in an answer has a rule that identifies its items, or a reviewed reason why
//! they are no resources.

mod indexes;
mod same_services;
mod tags;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::catalog;
use crate::model::catalog::{Function, Service, ShapeKind};
use crate::reports::members::squashed;
use crate::reports::resources::call::ReportedCall;
use crate::reports::resources::lists::ResourceList;
use crate::reports::resources::rules::kind;

/// Why kinds are no resources: a reason after `#`, and below it service and kind. `*` is any service, and `*_tag` is
/// the kind `tag` and all kinds that end in `_tag`.
const REASONS: &str = include_str!("survey/no_resources.txt");
/// Members with the ARNs, IDs and names of other resources, in lower case.
const OTHERS: [(&[&str], &str); 3] = [
    (&["arn"], include_str!("survey/others_arns.txt")),
    (&["id", "identifier", "uuid"], include_str!("survey/others_ids.txt")),
    (&["name"], include_str!("survey/others_names.txt")),
];
/// The ends of members that can identify a resource.
const ENDS: [&str; 4] = ["arn", "id", "identifier", "name"];

/// A list in the answer of a function.
struct SurveyedList<'run> {
    function: &'run Function,
    list: &'run ResourceList,
}

/// Calls `take` with every list in the answers of all functions.
fn each_list(take: &mut dyn FnMut(&SurveyedList<'_>)) {
    let catalog = catalog();
    for entry in catalog.entries() {
        let service = Arc::new(catalog.read(entry).expect("loads"));
        for function in Function::all(&service) {
            let call = ReportedCall::of_answer(&function);
            call.lists.iter().for_each(|list| take(&SurveyedList { function: &function, list }));
        }
    }
}

impl SurveyedList<'_> {
    fn service(&self) -> &Service {
        self.function.service()
    }

    fn kind(&self) -> &str {
        &self.list.rule.kind
    }

    fn is_identified(&self) -> bool {
        let (id, arn, name, _) = self.list.rule.members();
        self.list.is_text() || !(id.is_empty() && arn.is_empty() && name.is_empty())
    }

    /// Returns the members of an item that are texts with one of these ends, except parameters of the function.
    fn members(&self, ends: &[&str]) -> Vec<String> {
        let service = self.service();
        let input = service.input(self.function.operation()).map_or(&[][..], |input| &input.members);
        let parameters: Vec<String> = input.iter().map(|member| squashed(&member.name)).collect();
        let item = self.list.resource_shape().and_then(|shape| service.structure(shape));
        let members = item.map_or(&[][..], |item| &item.members).iter();
        let texts =
            members.filter(|member| matches!(service.kind(member.reference.shape), ShapeKind::String));
        let names = texts.map(|member| squashed(&member.name));
        names
            .filter(|name| ends.iter().any(|end| name.ends_with(end)) && !parameters.contains(name))
            .collect()
    }

    /// Returns whether the answer is about the resource that the parameters name, and names no other.
    fn is_about_parameters(&self) -> bool {
        let has_parameters = self.service().required_parameters(self.function.operation()).next().is_some();
        has_parameters && !kind::returns_several(self.function.name()) && self.members(&ENDS).is_empty()
    }
}

/// Returns service and kind of each row with a reason.
fn reviewed() -> impl Iterator<Item = (&'static str, &'static str)> {
    let rows = REASONS.lines().filter(|line| !line.starts_with('#'));
    rows.map(|row| row.split_once(' ').expect("service and kind"))
}

fn covers((service, kind): (&str, &str), list: &SurveyedList<'_>) -> bool {
    let is_kind = match kind.strip_prefix("*_") {
        Some(noun) => list.kind() == noun || list.kind().ends_with(&kind[1..]),
        None => list.kind() == kind,
    };
    is_kind && (service == "*" || *list.service().name == *service)
}

#[test]
fn every_list_has_an_identity_or_a_reason() {
    let mut unreviewed = Vec::new();
    let mut unused: BTreeSet<_> = reviewed().collect();
    each_list(&mut |list| {
        if list.is_identified() || list.is_about_parameters() {
            return;
        }
        let rows: Vec<_> = reviewed().filter(|row| covers(*row, list)).collect();
        if rows.is_empty() {
            unreviewed.push(format!("{} ({})", list.function, list.kind()));
        }
        unused.retain(|row| !rows.contains(row));
    });
    assert!(unreviewed.is_empty(), "{} lists:\n{}", unreviewed.len(), unreviewed.join("\n"));
    assert!(unused.is_empty(), "rows that are not needed: {unused:?}");
}

#[test]
fn reasons_are_sentences_above_their_rows() {
    let lines: Vec<&str> = REASONS.lines().collect();
    assert!(lines.first().is_some_and(|line| line.starts_with("# ")));
    for pair in lines.windows(2) {
        let is_reason = |line: &str| line.starts_with("# ") && line.ends_with('.');
        assert!(is_reason(pair[0]) || pair[0].split(' ').count() == 2, "{}", pair[0]);
        assert!(!(is_reason(pair[0]) && is_reason(pair[1])), "no rows below {}", pair[0]);
    }
    let rows: BTreeSet<_> = reviewed().collect();
    assert_eq!(rows.len(), reviewed().count(), "a row is there twice");
}

/// A resource without an ARN has no member with one, except the ARNs of other resources; the same applies to its ID if
/// it has no ARN, and to its name.
#[test]
fn members_that_are_not_taken_are_of_other_resources() {
    let mut unreviewed = Vec::new();
    let mut found = [const { BTreeSet::new() }; OTHERS.len()];
    each_list(&mut |list| {
        let (id, arn, name, _) = list.list.rule.members();
        let has_no_arn = arn.is_empty() && !list.list.rule.has_arn_format();
        let lacks = [
            !(id.is_empty() && name.is_empty()) && has_no_arn,
            id.is_empty() && !name.is_empty() && has_no_arn,
            !(id.is_empty() && arn.is_empty()) && name.is_empty(),
        ];
        for (((ends, known), found), _) in
            OTHERS.iter().zip(&mut found).zip(lacks).filter(|(_, lacks)| *lacks)
        {
            for member in list.members(ends) {
                if !known.lines().any(|name| name == member) {
                    unreviewed.push(format!("{} ({}): {member}", list.function, list.kind()));
                }
                found.insert(member);
            }
        }
    });
    assert!(unreviewed.is_empty(), "{} members:\n{}", unreviewed.len(), unreviewed.join("\n"));
    for ((_, known), found) in OTHERS.iter().zip(&found) {
        let unused: Vec<_> = known.lines().filter(|name| !found.contains(*name)).collect();
        assert!(unused.is_empty(), "{unused:?}");
        assert!(known.lines().is_sorted());
    }
}
