//! The jq filter that yields the items of a call from the response of its parent.

use super::origin::{ItemValue, Reference};
use super::references::{ItemValues, NamedValue, member};
use crate::model::catalog::{ItemsPath, ItemsStep};

/// Returns the filter: the elements at a path of the response, each after the filter `each`, as the values that are
/// needed. Elements without a needed value are omitted. `above` has the values of the parent's own item;
/// `None` if a value is not in it.
pub(super) fn over(
    path: &ItemsPath,
    each: Option<&str>,
    values: &ItemValues,
    above: Option<&ItemValues>,
) -> Option<String> {
    let lists = path.depth();
    let mut filter = String::new();
    let mut passed = 0;
    let is_bound = |passed: usize| {
        values.iter().any(|NamedValue { reference: Reference { levels, value }, .. }| {
            *levels == 0
                && matches!(value, ItemValue::Enclosing { levels, .. } if passed + usize::from(*levels) == lists)
        })
    };
    if is_bound(0) {
        filter.push_str(". as $e0 | ");
    }
    for step in &path.steps {
        match step {
            ItemsStep::Member(name) => filter.push_str(&member(name)),
            ItemsStep::Each | ItemsStep::Keys => {
                passed += 1;
                let is_last = passed == lists;
                match step {
                    ItemsStep::Keys => filter.push_str(" // {} | keys[]"),
                    _ if filter.is_empty() || filter.ends_with(' ') => filter.push_str(".[]?"),
                    _ => filter.push_str("[]?"),
                }
                if !is_last && is_bound(passed) {
                    filter.extend([" | . as $e", &passed.to_string(), " | "]);
                }
            }
        }
    }
    if let Some(each) = each {
        let start = if filter.is_empty() { "." } else { "" };
        filter.extend([start, " | ", each]);
    }
    let mut parts = Vec::with_capacity(values.iter().len());
    for NamedValue { reference, name, is_needed } in values.iter() {
        parts.push((name, value(reference, lists, above)?, *is_needed && may_be_null(reference, above)));
    }
    let is_bare = each.is_none() && !filter.contains('|') && !filter.is_empty();
    if let [(_, only, has_nulls)] = &parts[..] {
        match &**only {
            "." => {}
            path if is_bare && path.starts_with('.') => filter.push_str(path),
            path => append(&mut filter, path),
        }
        if *has_nulls {
            append(&mut filter, "values");
        }
    } else {
        let members = parts.iter().map(|(name, path, has_nulls)| {
            if *has_nulls { pair(name, &format!("({path} | values)")) } else { pair(name, path) }
        });
        append(&mut filter, &format!("{{{}}}", members.collect::<Vec<_>>().join(", ")));
    }
    Some(if filter.is_empty() { ".".to_owned() } else { filter })
}

fn append(filter: &mut String, more: &str) {
    if !filter.is_empty() {
        filter.push_str(" | ");
    }
    filter.push_str(more);
}

/// Returns a member of an object as jq writes it: `Name: .Name`.
fn pair(name: &str, filter: &str) -> String {
    match member(name).strip_prefix('.') {
        Some(plain) if !plain.starts_with('[') => format!("{plain}: {filter}"),
        _ => format!("{}: {filter}", serde_json::Value::from(name)),
    }
}

/// Returns whether a value can be missing: a member of the element or of one around it, or of the parent's item if the
/// parent does not need it.
fn may_be_null(reference: &Reference, above: Option<&ItemValues>) -> bool {
    let (ItemValue::Field(path) | ItemValue::Enclosing { field: path, .. }) = &reference.value;
    match reference.levels.checked_sub(1) {
        None => !path.is_empty(),
        Some(levels) => {
            let of_parent = Reference { levels, value: reference.value.clone() };
            above.is_none_or(|above| !above.is_certain(&of_parent))
        }
    }
}

/// Returns the filter of a value: of the element, of an element around it, or of the parent's item.
fn value(reference: &Reference, lists: usize, above: Option<&ItemValues>) -> Option<String> {
    let path = |start: &str, names: &[Box<str>]| {
        let path: String = names.iter().map(|name| member(name)).collect();
        if path.is_empty() && start.is_empty() { ".".to_owned() } else { format!("{start}{path}") }
    };
    match (&reference.value, reference.levels) {
        (ItemValue::Field(names), 0) => Some(path("", names)),
        (ItemValue::Enclosing { levels, field }, 0) => {
            let list = lists.checked_sub(usize::from(*levels))?;
            Some(path(&format!("$e{list}"), field))
        }
        (value, levels) => {
            let of_parent = Reference { levels: levels - 1, value: value.clone() };
            Some(match above?.filter(&of_parent)?.as_str() {
                "." => "$item".to_owned(),
                member => format!("$item{member}"),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ItemValues, over};
    use crate::model::catalog::{ItemsPath, ItemsStep};
    use crate::plan::spec::deep::origin::{ItemValue, Reference};

    fn path(steps: &[&str]) -> ItemsPath {
        let step = |step: &&str| match *step {
            "[]" => ItemsStep::Each,
            "{}" => ItemsStep::Keys,
            name => ItemsStep::Member(name.into()),
        };
        ItemsPath { steps: steps.iter().map(step).collect() }
    }

    fn field(levels: usize, names: &[&str]) -> Reference {
        let names = names.iter().map(|name| Box::from(*name)).collect();
        Reference { levels, value: ItemValue::Field(names) }
    }

    fn enclosing(levels: u8, name: &str) -> Reference {
        Reference { levels: 0, value: ItemValue::Enclosing { levels, field: vec![name.into()] } }
    }

    fn values(values: &[(&str, Reference)]) -> ItemValues {
        let mut found = ItemValues::default();
        for (name, reference) in values {
            found.add(reference.clone(), name, true);
        }
        found
    }

    #[test]
    fn single_value_is_a_path() {
        let names = values(&[("TableName", field(0, &[]))]);
        assert_eq!(over(&path(&["TableNames", "[]"]), None, &names, None).as_deref(), Some(".TableNames[]?"));
        let names = values(&[("Id", field(0, &["Key", "Id"]))]);
        assert_eq!(
            over(&path(&["Keys", "[]"]), None, &names, None).as_deref(),
            Some(".Keys[]?.Key.Id | values")
        );
        assert_eq!(over(&path(&[]), None, &names, None).as_deref(), Some(".Key.Id | values"));
        let item = values(&[("Id", field(0, &[]))]);
        assert_eq!(over(&path(&[]), None, &item, None).as_deref(), Some("."));
        let odd = over(&path(&["my-list", "[]"]), None, &item, None);
        assert_eq!(odd.as_deref(), Some(".[\"my-list\"][]?"));
        let nested = over(&path(&["Reservations", "[]", "Instances", "[]"]), None, &item, None);
        assert_eq!(nested.as_deref(), Some(".Reservations[]?.Instances[]?"));
    }

    #[test]
    fn several_values_are_an_object() {
        let parent = values(&[("cluster", field(0, &[]))]);
        let own = values(&[("cluster", field(1, &[])), ("service", field(0, &["Arn"]))]);
        assert_eq!(
            over(&path(&["services", "[]"]), Some("select(.kind == \"a\")"), &own, Some(&parent)).as_deref(),
            Some(".services[]? | select(.kind == \"a\") | {cluster: $item, service: (.Arn | values)}")
        );
    }

    #[test]
    fn values_around_the_item_are_kept() {
        let own = values(&[("owner", enclosing(1, "OwnerId")), ("id", field(0, &["InstanceId"]))]);
        assert_eq!(
            over(&path(&["Reservations", "[]", "Instances", "[]"]), None, &own, None).as_deref(),
            Some(
                ".Reservations[]? | . as $e1 | .Instances[]? | {owner: ($e1.OwnerId | values), \
                 id: (.InstanceId | values)}"
            )
        );
    }

    #[test]
    fn keys_of_a_map_are_items() {
        let own = values(&[("id", enclosing(1, "id")), ("method", field(0, &[]))]);
        assert_eq!(
            over(&path(&["items", "[]", "methods", "{}"]), None, &own, None).as_deref(),
            Some(".items[]? | . as $e1 | .methods // {} | keys[] | {id: ($e1.id | values), method: .}")
        );
    }

    /// The parent has a call without the value, so that its item may lack it.
    #[test]
    fn value_that_only_a_call_below_needs_may_be_null() {
        let mut parent = values(&[("cluster", field(0, &["Arn"]))]);
        parent.add(field(0, &["Key"]), "key", false);
        let own = values(&[("cluster", field(1, &["Arn"])), ("key", field(1, &["Key"]))]);
        assert_eq!(
            over(&path(&["services", "[]"]), None, &own, Some(&parent)).as_deref(),
            Some(".services[]? | {cluster: $item.cluster, key: ($item.key | values)}")
        );
        assert_eq!(
            over(&path(&["clusters", "[]"]), None, &parent, None).as_deref(),
            Some(".clusters[]? | {cluster: (.Arn | values), key: .Key}")
        );
    }
}
