//! Merges pages as botocore's paginators do (`botocore/paginate.py`, `build_full_result`).
//!
//! What the result keys name is joined over all pages; what the non-aggregate keys name is taken
//! from the first; everything else is left out. An operation without pages keeps all it has.

use serde_json::{Map, Value};

use crate::catalog::Pagination;

/// Joins `page` to what the pages before it gave.
pub(super) fn merge_page(
    merged: &mut Map<String, Value>,
    mut page: Map<String, Value>,
    pagination: &Pagination,
) {
    for path in &pagination.result_keys {
        let Some(value) = path.take(&mut page) else { continue };
        if let Some(place) = path.entry(merged) {
            join(place, value);
        }
    }
}

/// What the first page says for all of them.
pub(super) fn non_aggregate(page: &mut Map<String, Value>, pagination: &Pagination) -> Map<String, Value> {
    let mut first = Map::new();
    for path in &pagination.non_aggregate_keys {
        if let Some(value) = path.take(page)
            && let Some(place) = path.entry(&mut first)
        {
            *place = value;
        }
    }
    first
}

/// Adds `addition` to `merged`, deeply where both have objects.
pub(super) fn merge_deeply(merged: &mut Map<String, Value>, addition: Map<String, Value>) {
    for (key, value) in addition {
        match (merged.get_mut(&key), value) {
            (Some(Value::Object(inner)), Value::Object(more)) => merge_deeply(inner, more),
            (_, value) => {
                merged.insert(key, value);
            }
        }
    }
}

fn join(place: &mut Value, value: Value) {
    match (place, value) {
        (Value::Array(items), Value::Array(more)) => items.extend(more),
        // Only derived paginations name maps; botocore's own never do.
        (Value::Object(members), Value::Object(more)) => members.extend(more),
        (Value::String(text), Value::String(more)) => text.push_str(&more),
        (Value::Number(sum), Value::Number(more)) => *sum = add(sum, &more),
        (place, value) if place.is_null() => *place = value,
        // Pages that disagree about the kind of a value: the first page stands.
        _ => {}
    }
}

fn add(left: &serde_json::Number, right: &serde_json::Number) -> serde_json::Number {
    match (left.as_i64(), right.as_i64()) {
        (Some(left), Some(right)) if left.checked_add(right).is_some() => (left + right).into(),
        _ => {
            let sum = left.as_f64().unwrap_or_default() + right.as_f64().unwrap_or_default();
            serde_json::Number::from_f64(sum).unwrap_or_else(|| left.clone())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{merge_deeply, merge_page, non_aggregate};
    use crate::catalog::{Pagination, Path};

    fn pagination(result_keys: &[&str], non_aggregate_keys: &[&str]) -> Pagination {
        let paths = |texts: &[&str]| texts.iter().map(|text| Path::parse(text).expect("a path")).collect();
        Pagination {
            input_tokens: vec!["NextToken".into()],
            output_tokens: vec![Path::member("NextToken")],
            result_keys: paths(result_keys),
            more_results: None,
            limit_key: None,
            non_aggregate_keys: paths(non_aggregate_keys),
            derived: false,
        }
    }

    fn merge(pagination: &Pagination, pages: Vec<Value>) -> Value {
        let mut merged = Map::new();
        let mut first = None;
        for page in pages {
            let Value::Object(mut page) = page else { panic!("a page is an object") };
            first.get_or_insert_with(|| non_aggregate(&mut page, pagination));
            merge_page(&mut merged, page, pagination);
        }
        merge_deeply(&mut merged, first.unwrap_or_default());
        Value::Object(merged)
    }

    #[test]
    fn lists_are_joined_and_the_rest_is_left_out() {
        let pagination = pagination(&["Users", "Groups"], &[]);
        let pages = vec![
            json!({"Users": [1], "Groups": [], "NextToken": "t", "IsTruncated": true}),
            json!({"Users": [2, 3]}),
        ];
        assert_eq!(merge(&pagination, pages), json!({"Users": [1, 2, 3], "Groups": []}));
    }

    #[test]
    fn nested_results_keep_what_the_first_page_says_beside_them() {
        let pagination = pagination(&["Stream.Shards"], &["Stream.Name"]);
        let pages = vec![
            json!({"Stream": {"Shards": ["a"], "Name": "orders"}}),
            json!({"Stream": {"Shards": ["b"], "Name": "orders"}}),
        ];
        assert_eq!(merge(&pagination, pages), json!({"Stream": {"Shards": ["a", "b"], "Name": "orders"}}));
    }

    #[test]
    fn counts_are_added() {
        let pages = vec![json!({"Count": 2, "ScannedCount": 1.5}), json!({"Count": 3, "ScannedCount": 1})];
        assert_eq!(
            merge(&pagination(&["Count", "ScannedCount"], &[]), pages),
            json!({"Count": 5, "ScannedCount": 2.5})
        );
    }
}
