//! The sources compared with AWS's own: the completions of its command line interface know for
//! many parameters which list has their values.
//!
//! The table has the facts of `completions-1.json` in the AWS CLI 2.9.19 (Debian's package `awscli`, Apache License
//! 2.0): service, function, parameter, list, path of the values. Where the program has another source, a row has
//! which of them is right: `ours`, `theirs`, `both` or, if the program has none, `none`, with the reason.

use super::{SOURCES, rows};
use aws_auto_inventory::model::catalog::{CallSource, ItemsPath, ParameterOrigin};

const TABLE: &str = include_str!("completions.txt");

#[test]
fn every_other_source_of_aws_is_reviewed() {
    let mut wrong = Vec::new();
    let mut same = 0;
    for row in rows(TABLE) {
        let [subject, theirs, verdict @ ..] = &row[..] else { panic!("{row:?}") };
        let mut names = subject.split(' ');
        let mut name = || names.next().expect("service, function and parameter");
        let (service, function, parameter) = (name(), name(), name());
        let ours = origins(service, function, parameter);
        let is_same = ours.iter().any(|origin| origin == theirs);
        match (is_same, verdict) {
            (true, []) => same += 1,
            (false, ["ours" | "both", reason]) if !ours.is_empty() && !reason.is_empty() => {}
            (false, ["none", reason]) if ours.is_empty() && !reason.is_empty() => {}
            _ => wrong.push(format!("{subject}: {theirs}, and ours: {ours:?}, reviewed: {verdict:?}")),
        }
    }
    assert!(wrong.is_empty(), "{same} are the same, but not\n{}", wrong.join("\n"));
    assert!(same > 340, "{same} are the same");
}

#[test]
fn no_source_of_aws_is_better() {
    let better: Vec<_> = rows(TABLE).filter(|row| row.get(2) == Some(&"theirs")).collect();
    assert!(better.is_empty(), "{better:?}");
}

/// Returns the lists that a parameter's value comes from, also through calls above: `list_clusters clusterArns[]`.
fn origins(service: &str, function: &str, parameter: &str) -> Vec<String> {
    let sources = SOURCES.of(service, function).map(|operation| &*operation.sources).unwrap_or_default();
    let of_source = |source: &CallSource| {
        let parameter = source.parameters.iter().find(|given| given.path.join(".") == parameter)?;
        origin(service, source, &parameter.origin)
    };
    let mut origins: Vec<String> = sources.iter().filter_map(of_source).collect();
    origins.dedup();
    origins
}

fn origin(service: &str, source: &CallSource, origin: &ParameterOrigin) -> Option<String> {
    let parent = source.parent.as_ref();
    let above = || SOURCES.only(service, &parent?.function);
    match origin {
        ParameterOrigin::Item { levels: 0, field } | ParameterOrigin::Enclosing { field, .. } => {
            Some(place(&parent?.function, &parent?.items, field))
        }
        ParameterOrigin::Item { levels, field } => {
            let origin = ParameterOrigin::Item { levels: levels - 1, field: field.clone() };
            self::origin(service, above()?, &origin)
        }
        ParameterOrigin::Input { levels: 1, parameter } => {
            let above = above()?;
            let given = above.parameters.iter().find(|given| given.path == *parameter)?;
            self::origin(service, above, &given.origin)
        }
        ParameterOrigin::Input { levels, parameter } => {
            let origin = ParameterOrigin::Input { levels: levels - 1, parameter: parameter.clone() };
            self::origin(service, above()?, &origin)
        }
        _ => Some("a fixed value".to_owned()),
    }
}

fn place(function: &str, items: &ItemsPath, field: &[Box<str>]) -> String {
    let dot = if field.is_empty() { "" } else { "." };
    format!("{function} {items}{dot}{}", field.join("."))
}
