//! What is not there when a service says `not found`: a configuration that nobody has made, or the thing that
//! the parameters name.
//!
//! A bucket without a policy is complete without one; a queue that is not found is a gap, or was deleted
//! meanwhile. Both are answered by the same codes, so the function decides.

use serde_json::{Map, Value};

use super::configurations::CONFIGURATIONS;
use crate::model::catalog::{Function, Member};

/// What is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingThing {
    /// A configuration of what the parameters name, or of the account: there is none.
    Configuration,
    /// What the parameters name.
    Thing,
}

/// The last words of parameters that name something.
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

/// Words of codes that say nothing about what was not found.
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

/// Nouns of codes that may mean anything.
const GENERIC: &[&str] = &["resource", "entity", "item", "object"];

/// What a code and a folded message of `function`, which mean that something is not found, are about.
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

/// Whether a message speaks of what has the configuration, and not of the configuration: `Function not found:
/// …`, where the policy of a function was asked for.
fn speaks_of(parents: &[Vec<String>], function: &Function, message: &str) -> bool {
    let says = |words: &[String]| message.contains(&words.join(" ")) || message.contains(&words.concat());
    let is_of_a_parent = |word: &String| parents.iter().any(|parent| parent.contains(word));
    // The first word is the verb.
    let mut own = words(function.name()).into_iter().skip(1).filter(|word| !is_of_a_parent(word));
    parents.iter().any(|parent| says(parent)) && !own.any(|word| message.contains(&word))
}

/// Whether no parameter of the function names anything, so that what is missing belongs to the account.
fn names_nothing(function: &Function) -> bool {
    function.service().required_parameters(function.operation()).next().is_none()
        && !members(function)
            .any(|member| words(&member.name).last().is_some_and(|word| IDENTIFIERS.contains(&word.as_str())))
}

/// Whether parameters that were given name what a code says is missing, though the function may need none:
/// `ClusterNotFoundException` where the services of a cluster were asked for.
pub(super) fn is_given(code: &str, parameters: &Map<String, Value>) -> bool {
    let noun = noun(code);
    !noun.is_empty() && !is_generic(&noun) && parameters.keys().any(|name| words(name) == noun)
}

/// Whether a code says that something is missing which the function takes by itself where no parameter names it:
/// ECS means the cluster `default`, which nobody need have made.
pub(super) fn is_a_default(function: &Function, code: &str) -> bool {
    let noun = noun(code);
    !noun.is_empty()
        && !is_generic(&noun)
        && members(function).any(|member| !member.required && words(&member.name) == noun)
}

/// Whether the table has the function, and the code does not say that the thing itself is missing.
fn is_configuration(function: &Function, code: &str) -> bool {
    CONFIGURATIONS.iter().any(|row| {
        row.service == &*function.service().name
            && row.functions.contains(&function.name())
            && !row.thing.contains(&code)
    })
}

/// What the parameters of a function name: `repository` for `repositoryName`.
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
            // What kind of configuration is asked for names nothing that has one.
            let is_kind = words.last().is_some_and(|word| word == "type");
            (identifies && !is_kind && !words.is_empty() && !is_generic(&words)).then_some(words)
        })
        .collect()
}

fn members(function: &Function) -> impl Iterator<Item = &Member> {
    function.service().input(function.operation()).into_iter().flat_map(|input| input.members.iter())
}

/// What a code says is missing: `repository` for `RepositoryNotFoundException`.
fn noun(code: &str) -> Vec<String> {
    words(code).into_iter().filter(|word| !NOT_NOUNS.contains(&word.as_str())).collect()
}

fn is_generic(noun: &[String]) -> bool {
    matches!(noun, [word] if GENERIC.contains(&word.as_str()))
}

/// The words of a name in camel case or snake case.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        let begins = match before {
            None => true,
            Some(before) if !before.is_alphanumeric() => true,
            Some(before) if letter.is_uppercase() => {
                !before.is_uppercase() || letters.peek().is_some_and(|next| next.is_lowercase())
            }
            Some(_) => false,
        };
        if letter.is_alphanumeric() {
            if begins {
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
