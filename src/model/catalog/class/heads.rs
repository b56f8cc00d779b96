//! The table of words at the end of nouns, each with its class.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::operation_class::OperationClass;

/// Sections of words, each below the name of its class in brackets.
const HEADS: &str = include_str!("heads.txt");

/// Words whose class is certain, whatever words precede them and whatever their requests require: pricing plans are
/// configuration.
const CERTAIN: [&str; 24] = [
    "attribute",
    "cache",
    "config",
    "configuration",
    "definition",
    "detector",
    "filter",
    "group",
    "permission",
    "plan",
    "policy",
    "pool",
    "predictor",
    "profile",
    "project",
    "queue",
    "rule",
    "schedule",
    "setting",
    "stream",
    "subscription",
    "tag",
    "template",
    "tagging",
];

/// Returns the class of a word or of a pair of words, and the words as they are in the table.
pub(super) fn class_of(words: &str) -> Option<(OperationClass, &'static str)> {
    static TABLE: OnceLock<HashMap<&str, OperationClass>> = OnceLock::new();
    let table = TABLE.get_or_init(|| all().collect());
    table.get_key_value(words).map(|(words, class)| (*class, *words))
}

/// Returns whether the class of a last word is certain.
pub(super) fn is_certain(word: &str) -> bool {
    CERTAIN.contains(&word)
}

/// Iterates over the words of the table, with their classes.
pub(super) fn all() -> impl Iterator<Item = (&'static str, OperationClass)> {
    let lines = HEADS.lines().filter(|line| !line.starts_with('#'));
    let in_sections = lines.scan(None, |section, line| {
        let title = line.strip_prefix('[').and_then(|line| line.strip_suffix(']'));
        *section = title.map_or(*section, OperationClass::named);
        Some((title.is_none().then_some(*section).flatten(), line))
    });
    in_sections.flat_map(|(class, line)| {
        class.into_iter().flat_map(|class| line.split_whitespace().map(move |words| (words, class)))
    })
}
