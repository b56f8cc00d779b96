//! Functions whose answers have a member for tags that they do not always fill.

use std::collections::BTreeSet;

use super::{SurveyedList, each_list};
use crate::model::catalog::ShapeKind;
use crate::reports::members::squashed;
use crate::reports::resources::rules::tags::{NOT_FILLED, OMITTED, TagsOfFunction};

/// Functions that return tags, although another function of the service returns only the tags of the kind.
///
/// Source: IAM API Reference: `GetAccountAuthorizationDetails` and `GetRole` return `Tags`.
const FILLED: &[(&str, &str)] = &[("iam", "get_account_authorization_details")];

/// Returns whether a parameter of the function requests tags: `include`, or a flag such as `IncludeTags`.
fn has_parameter_for_tags(list: &SurveyedList<'_>) -> bool {
    let service = list.service();
    let input = service.input(list.function.operation()).map_or(&[][..], |input| &input.members);
    input.iter().any(|member| {
        let name = squashed(&member.name);
        let is_flag = matches!(service.kind(member.reference.shape), ShapeKind::Boolean);
        name == "include" || is_flag && name.contains("tag")
    })
}

/// Returns whether another function of the service returns the tags of this kind.
fn has_function_for_tags(list: &SurveyedList<'_>) -> bool {
    let kind = list.kind();
    let names = [format!("list_{kind}_tags"), format!("get_{kind}_tagging"), format!("list_tags_of_{kind}")];
    names.iter().any(|name| name != list.function.name() && list.service().operation(name).is_some())
}

#[test]
fn functions_that_omit_tags_are_reviewed() {
    let mut unreviewed = BTreeSet::new();
    let mut used: BTreeSet<&(&str, &str)> = BTreeSet::new();
    each_list(&mut |list| {
        let (.., has_tags) = list.list.rule.members();
        let (service, function) = (&*list.service().name, list.function.name());
        if !has_tags {
            return;
        }
        let rows = NOT_FILLED.iter().chain(OMITTED);
        used.extend(rows.filter(|(of, start)| *of == service && function.starts_with(start)));
        let is_filled = FILLED.contains(&(service, function)) || !super::kind::returns_several(function);
        let is_partial = has_parameter_for_tags(list) || has_function_for_tags(list) && !is_filled;
        if is_partial && TagsOfFunction::of(service, function) == TagsOfFunction::Filled {
            unreviewed.insert(format!("{service} {function}"));
        }
    });
    assert!(unreviewed.is_empty(), "{unreviewed:#?}");
    let unused: Vec<_> = NOT_FILLED.iter().chain(OMITTED).filter(|row| !used.contains(*row)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}
