//! Decides what a `not found` error is about: a configuration that does not exist, or the resource in the
//! parameters.
//!
//! A bucket without a policy is complete; a queue that is not found is a gap, or was deleted after it was listed.
//! Both cases have the same error codes, so the function decides.

use serde_json::{Map, Value};

use super::configurations::CONFIGURATIONS;
use crate::model::catalog::{Function, Member};

/// The subject of a `not found` error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingThing {
    /// A configuration of the resource in the parameters, or of the account, which does not exist.
    Configuration,
    /// The resource in the parameters.
    Thing,
}

/// The last words of parameters that identify a resource.
const IDENTIFIERS: &[&str] = &[
    "id",
    "ids",
    "name",
    "names",
    "arn",
    "arns",
    "identifier",
    "identifiers",
    "key",
    "uri",
    "url",
    "ref",
    "number",
];

/// Words of error codes that do not identify what was not found.
const NOT_NOUNS: &[&str] = &[
    "exception",
    "fault",
    "error",
    "not",
    "found",
    "no",
    "such",
    "does",
    "exist",
    "exists",
    "non",
    "existent",
    "nonexistent",
    "unknown",
    "invalid",
    "aws",
    "id",
    "cannot",
    "be",
];

/// Generic nouns of error codes, which may mean any resource.
const GENERIC: &[&str] = &["resource", "entity", "item", "object"];

/// Returns the subject of a `not found` error of `function` with this code and folded message.
#[must_use]
pub fn not_found_means(function: &Function, code: &str, message: &str) -> MissingThing {
    if names_nothing(function) {
        return MissingThing::Configuration;
    }
    let parents = parents(function);
    if is_configuration(function, code)
        && !parents.contains(&noun(code))
        && !speaks_of(&parents, function, message)
    {
        MissingThing::Configuration
    } else {
        MissingThing::Thing
    }
}

/// Returns whether a message is about the resource that has the configuration, and not about the configuration:
/// `Function not found: …`, where the policy of a function was requested.
fn speaks_of(parents: &[Vec<String>], function: &Function, message: &str) -> bool {
    let contains = |words: &[String]| message.contains(&words.join(" ")) || message.contains(&words.concat());
    let is_of_a_parent = |word: &String| parents.iter().any(|parent| parent.contains(word));
    // The first word is the verb.
    let mut own = words(function.name()).into_iter().skip(1).filter(|word| !is_of_a_parent(word));
    parents.iter().any(|parent| contains(parent)) && !own.any(|word| message.contains(&word))
}

/// Returns whether no parameter of the function identifies a resource, so the missing configuration is that of the
/// account.
fn names_nothing(function: &Function) -> bool {
    function.service().required_parameters(function.operation()).next().is_none()
        && !members(function)
            .any(|member| words(&member.name).last().is_some_and(|word| IDENTIFIERS.contains(&word.as_str())))
}

/// Returns whether the parameters contain the resource that a code reports as not found, even if they are optional:
/// `ClusterNotFoundException` where the services of a cluster were requested.
pub(super) fn is_given(code: &str, parameters: &Map<String, Value>) -> bool {
    let noun = noun(code);
    !noun.is_empty() && !is_generic(&noun) && parameters.keys().any(|name| words(name) == noun)
}

/// Returns whether a code reports that a default resource is not found, which the function uses if the optional
/// parameter is missing: ECS uses the cluster `default`, which need not exist.
pub(super) fn is_a_default(function: &Function, code: &str) -> bool {
    let noun = noun(code);
    !noun.is_empty()
        && !is_generic(&noun)
        && members(function).any(|member| !member.required && words(&member.name) == noun)
}

/// Returns whether the table contains the function, and the code does not mean that the resource itself is not
/// found.
fn is_configuration(function: &Function, code: &str) -> bool {
    CONFIGURATIONS.iter().any(|row| {
        row.service == &*function.service().name
            && row.functions.contains(&function.name())
            && !row.thing.contains(&code)
    })
}

/// Returns the resources that the parameters of a function identify: `repository` for `repositoryName`.
fn parents(function: &Function) -> Vec<Vec<String>> {
    let is_identifier = |word: &String| IDENTIFIERS.contains(&word.as_str());
    members(function)
        .filter_map(|member| {
            let mut words = words(&member.name);
            let mut identifies = member.required;
            while words.last().is_some_and(is_identifier) {
                words.pop();
                identifies = true;
            }
            // The type of a configuration does not identify the resource that has it.
            let is_kind = words.last().is_some_and(|word| word == "type");
            (identifies && !is_kind && !words.is_empty() && !is_generic(&words)).then_some(words)
        })
        .collect()
}

fn members(function: &Function) -> impl Iterator<Item = &Member> {
    function.service().input(function.operation()).into_iter().flat_map(|input| input.members.iter())
}

/// Returns the noun of an error code: `repository` for `RepositoryNotFoundException`.
fn noun(code: &str) -> Vec<String> {
    words(code).into_iter().filter(|word| !NOT_NOUNS.contains(&word.as_str())).collect()
}

fn is_generic(noun: &[String]) -> bool {
    matches!(noun, [word] if GENERIC.contains(&word.as_str()))
}

/// Returns the words of a name in camel case or snake case.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        let starts_word = match before {
            None => true,
            Some(before) if !before.is_alphanumeric() => true,
            Some(before) if letter.is_uppercase() => {
                !before.is_uppercase() || letters.peek().is_some_and(|next| next.is_lowercase())
            }
            Some(_) => false,
        };
        if letter.is_alphanumeric() {
            if starts_word {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(letter.to_lowercase());
            }
        }
        before = Some(letter);
    }
    words
}
