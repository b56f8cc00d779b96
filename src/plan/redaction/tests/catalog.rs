//! Properties of every response of the whole catalog.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::answers::{Plants, answer, cleaned, each_function};
use crate::model::catalog::{Function, Member, Service, ShapeId, ShapeKind, Structure};
use crate::plan::redaction::secret_names::plain;
use crate::plan::redaction::{Redaction, Review, review};

/// Planted secrets, each with its path.
#[derive(Default)]
struct Planted {
    paths: Vec<String>,
}

impl Planted {
    /// Returns a secret of no known form that is not a part of another one.
    fn plant(&mut self, path: &str) -> String {
        self.paths.push(path.to_owned());
        format!("Hidden{:05}Qz", self.paths.len())
    }

    /// Returns the paths whose secrets are still in a response.
    fn left_in(&self, answer: &str) -> Vec<&str> {
        let numbered = (1..).zip(&self.paths);
        numbered
            .filter(|(number, _)| answer.contains(&format!("Hidden{number:05}Qz")))
            .map(|(_, path)| path.as_str())
            .collect()
    }
}

/// Redacts the responses of all functions with the secrets that `plants` adds, and returns the places where they
/// remain, by their members.
fn leaks<P: Plants + Default>(
    planted: impl Fn(&P) -> &Planted,
) -> (usize, BTreeMap<String, BTreeSet<String>>) {
    let redaction = Redaction::default();
    let (mut count, mut leaks) = (0, BTreeMap::<String, BTreeSet<String>>::new());
    each_function(|function: &Function| {
        let mut plants = P::default();
        let answer = answer(function, &mut plants);
        let planted = planted(&plants);
        if planted.paths.is_empty() {
            return;
        }
        count += planted.paths.len();
        let (answer, _) = cleaned(&redaction, function, answer);
        let answer = Value::Object(answer).to_string();
        for path in planted.left_in(&answer) {
            let end = path.rsplit('.').take(3).collect::<Vec<_>>();
            let end = end.into_iter().rev().collect::<Vec<_>>().join(".");
            leaks.entry(end).or_default().insert(format!("{}:{}", function.service().name, function.name()));
        }
    });
    (count, leaks)
}

/// Returns whether a name ends with a word for environments, in any spelling.
fn is_called_environment(name: &str) -> bool {
    [
        "env",
        "envs",
        "environment",
        "environments",
        "environmentvariables",
        "envvars",
        "variables",
        "variable",
        "vars",
    ]
    .iter()
    .any(|word| plain(name).ends_with(word))
}

fn ends(name: &str, words: &[&str]) -> bool {
    words.iter().any(|word| plain(name).ends_with(word))
}

/// Plants secrets in the variables of environments, under arbitrary names.
#[derive(Default)]
struct Environments(Planted);

impl Environments {
    fn variables(&mut self, service: &Service, shape: ShapeId, path: &str) -> Option<Value> {
        match service.kind(shape) {
            ShapeKind::String => Some(json!(format!("PG_URI={}", self.0.plant(path)))),
            ShapeKind::Map(map) => {
                self.value(service, map.value.shape, path).map(|value| json!({"PG_URI": value}))
            }
            ShapeKind::List(list) => match service.kind(list.member.shape) {
                ShapeKind::String => Some(json!([format!("PG_URI={}", self.0.plant(path))])),
                ShapeKind::Structure(structure) => {
                    let is_pair = structure.members.iter().any(|member| ends(&member.name, &["name", "key"]))
                        && structure.members.iter().any(|member| ends(&member.name, &["value", "values"]));
                    is_pair
                        .then(|| self.value(service, list.member.shape, path))
                        .flatten()
                        .map(|value| json!([value]))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn value(&mut self, service: &Service, shape: ShapeId, path: &str) -> Option<Value> {
        match service.kind(shape) {
            ShapeKind::String => Some(json!(self.0.plant(path))),
            ShapeKind::List(list) => self.value(service, list.member.shape, path).map(|value| json!([value])),
            ShapeKind::Structure(structure) => {
                let value = |member: &Member| {
                    let path = format!("{path}.{}", member.name);
                    let value = if ends(&member.name, &["name", "key"]) {
                        json!("PG_URI")
                    } else if ends(&member.name, &["value", "values"]) {
                        self.value(service, member.reference.shape, &path)?
                    } else {
                        return None;
                    };
                    Some((member.name.to_string(), value))
                };
                Some(Value::Object(structure.members.iter().filter_map(value).collect()))
            }
            _ => None,
        }
    }
}

impl Plants for Environments {
    fn member(&mut self, service: &Service, member: &Member, path: &str) -> Option<Value> {
        let is_one =
            is_called_environment(&member.name) && !matches!(review(service, member), Review::Harmless(_));
        is_one.then(|| self.variables(service, member.reference.shape, path)).flatten()
    }
}

/// Every environment in every response is redacted, whatever its variables are called.
#[test]
fn catalog_environments_are_redacted_for_any_name() {
    let (count, leaks) = leaks(|plants: &Environments| &plants.0);
    assert!(leaks.is_empty(), "{} of {count}: {leaks:#?}", leaks.len());
    assert!(count > 100, "only {count} places");
}

/// Plants secrets in pairs whose names indicate a secret.
#[derive(Default)]
struct Pairs(Planted);

impl Plants for Pairs {
    fn structure(&mut self, service: &Service, structure: &Structure, path: &str) -> Option<Value> {
        let is_text = |member: &&Member| match service.kind(member.reference.shape) {
            ShapeKind::String => true,
            ShapeKind::List(list) => matches!(service.kind(list.member.shape), ShapeKind::String),
            _ => false,
        };
        let texts: Vec<&Member> = structure.members.iter().filter(is_text).collect();
        let name = texts.iter().find(|member| ends(&member.name, &["name", "key"]))?;
        let limits = ["allowedvalues", "validvalues"];
        let value = texts.iter().find(|member| {
            ends(&member.name, &["value", "values"]) && !limits.contains(&&*plain(&member.name))
        })?;
        if structure.members.len() > 8 {
            return None;
        }
        let secret = json!(self.0.plant(&format!("{path}.{}", value.name)));
        let mut pair = json!({(*name.name): "db_password"});
        let is_list = matches!(service.kind(value.reference.shape), ShapeKind::List(_));
        pair[&*value.name] = if is_list { json!([secret]) } else { secret };
        Some(pair)
    }
}

#[test]
fn every_pair_of_every_answer_is_redacted_when_its_name_says_so() {
    let (count, leaks) = leaks(|plants: &Pairs| &plants.0);
    assert!(leaks.is_empty(), "{} of {count}: {leaks:#?}", leaks.len());
    assert!(count > 1000, "only {count} places");
}
