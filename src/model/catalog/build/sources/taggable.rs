//! The resources that have tags: those that are created or described with tags.

use std::collections::{BTreeMap, HashSet};

use super::collections::ItemCollection;
use super::facts::{OperationFacts, PREPOSITIONS};
use super::words::words;
use crate::model::catalog::build::model::{Model, ModelShape};

/// Returns the nouns of resources that have tags, comparable: those of requests with tags that change something, and
/// those of items that return their tags.
pub(super) fn nouns(model: &Model, operations: &[OperationFacts<'_>]) -> HashSet<String> {
    let is_read = |name: &str| operations.iter().any(|operation| operation.name == name);
    let mut nouns = HashSet::new();
    for (name, operation) in model.operations.iter().filter(|(name, _)| !is_read(name)) {
        let words = words(name);
        let input = operation.input.as_ref().and_then(|input| model.shapes.get(&input.shape));
        let is_about_tags = words.iter().any(|word| matches!(&**word, "tag" | "untag"));
        if !is_about_tags && input.is_some_and(has_tags) {
            let noun = words.iter().skip(1).take_while(|word| !PREPOSITIONS.contains(&&***word));
            // `PurchaseReservedNodeOffering` makes a reserved node, and `AssociateFirewallRuleGroup` an association.
            let noun: String = noun.filter(|word| *word != "offering").cloned().collect();
            if words[0] == "associate" {
                nouns.insert(format!("{noun}association"));
            }
            nouns.insert(noun);
        }
    }
    for operation in operations {
        if operation.collections.iter().any(|items| returns_tags(&model.shapes, items)) {
            nouns.insert(operation.noun.concat());
        }
    }
    nouns
}

fn returns_tags(shapes: &BTreeMap<String, ModelShape>, items: &ItemCollection<'_>) -> bool {
    (items.is_primary || items.is_response) && shapes.get(items.item_shape).is_some_and(has_tags)
}

/// Returns whether a structure has a member with tags: `Tags`, `TagList`, `TagSpecifications`.
fn has_tags(structure: &ModelShape) -> bool {
    structure.members.keys().any(|name| {
        let words = words(name);
        let is_tag = |word: Option<&String>| word.is_some_and(|word| word == "tag");
        is_tag(words.last()) || is_tag(words.first()) && words.len() == 2 && !is_filter(&words[1])
    })
}

/// Returns whether the word behind `Tag` makes it a choice of resources: `TagKeys`, `TagFilters`.
fn is_filter(word: &str) -> bool {
    matches!(word, "key" | "value" | "filter" | "option")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::has_tags;
    use crate::model::catalog::build::model::ModelShape;

    fn structure(member: &str) -> ModelShape {
        let members: Value = json!({member: {"shape": "X"}});
        serde_json::from_value(json!({"type": "structure", "members": members})).expect("a shape")
    }

    #[test]
    fn structure_has_a_member_with_tags() {
        for member in ["Tags", "tags", "TagList", "TagSpecifications", "JobTags"] {
            assert!(has_tags(&structure(member)), "{member}");
        }
        for member in ["TagKeys", "TagFilters", "Stage", "TagOptionId"] {
            assert!(!has_tags(&structure(member)), "{member}");
        }
    }
}
