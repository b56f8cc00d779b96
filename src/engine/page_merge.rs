//! Merges pages as botocore's paginators do (`botocore/paginate.py`, `build_full_result`), and keeps members that
//! they drop.
//!
//! The values at the result keys are joined over all pages; the values at the non-aggregate keys are taken from
//! the first page. boto3 drops everything else; here lists and maps that grow beside the results are joined as
//! well. A response of an operation without pagination is kept as it is.

use serde_json::{Map, Value};

use crate::model::catalog::Pagination;

/// The merged pages of one call.
#[derive(Default)]
pub(super) struct Merged {
    joined: Map<String, Value>,
    /// The non-aggregate members of the first page; `None` before the first page.
    first: Option<Map<String, Value>>,
}

impl Merged {
    /// Adds a page.
    pub(super) fn add(&mut self, mut page: Map<String, Value>, pagination: &Pagination) {
        for path in &pagination.result_keys {
            let Some(value) = path.take(&mut page) else { continue };
            if let Some(place) = path.entry(&mut self.joined) {
                join(place, value);
            }
        }
        for path in &pagination.joined_keys {
            let Some(value) = path.take(&mut page) else { continue };
            if let Some(place) = path.entry(&mut self.joined) {
                join_once(place, value);
            }
        }
        if self.first.is_none() {
            self.first = Some(non_aggregate(&mut page, pagination));
        }
    }

    /// Returns the merged response.
    pub(super) fn finish(self) -> Map<String, Value> {
        let Self { mut joined, first } = self;
        merge_deeply(&mut joined, first.unwrap_or_default());
        joined
    }
}

fn non_aggregate(page: &mut Map<String, Value>, pagination: &Pagination) -> Map<String, Value> {
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
fn merge_deeply(merged: &mut Map<String, Value>, addition: Map<String, Value>) {
    for (key, value) in addition {
        match (merged.get_mut(&key), value) {
            (Some(Value::Object(inner)), Value::Object(more)) => merge_deeply(inner, more),
            (_, value) => {
                merged.insert(key, value);
            }
        }
    }
}

/// Joins the value of a result key of one page to that of the pages before it.
fn join(place: &mut Value, value: Value) {
    match (place, value) {
        (Value::Array(items), Value::Array(more)) => items.extend(more),
        (Value::Object(members), Value::Object(more)) => join_maps(members, more),
        // boto3 appends the text of every page, even if it is the same.
        (Value::String(text), Value::String(more)) if *text != more => {
            text.push('\n');
            text.push_str(&more);
        }
        (Value::Number(sum), Value::Number(more)) => *sum = add(sum, &more),
        (place, value) if place.is_null() => *place = value,
        // If pages disagree about the type of a value, the first page wins.
        _ => {}
    }
}

/// Joins maps by their keys. Lists of a key that is in several pages are joined.
fn join_maps(members: &mut Map<String, Value>, more: Map<String, Value>) {
    for (key, value) in more {
        match (members.get_mut(&key), value) {
            (Some(Value::Array(items)), Value::Array(more)) => items.extend(more),
            (Some(Value::Object(inner)), Value::Object(more)) => join_maps(inner, more),
            (_, value) => {
                members.insert(key, value);
            }
        }
    }
}

/// Joins members beside the results, which may repeat on several pages: of equal items, one is kept.
fn join_once(place: &mut Value, value: Value) {
    /// The most items that are compared with each other; with more, comparing would take too long.
    const COMPARED: usize = 4096;
    match (place, value) {
        (Value::Array(items), Value::Array(more)) if items.len() < COMPARED => {
            for item in more {
                if !items.contains(&item) {
                    items.push(item);
                }
            }
        }
        (Value::Object(members), Value::Object(more)) => {
            for (key, value) in more {
                join_once(members.entry(key).or_insert(Value::Null), value);
            }
        }
        (place @ (Value::Array(_) | Value::Null), value) => join(place, value),
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
    use serde_json::{Value, json};

    use super::Merged;
    use crate::model::catalog::{MemberPath, NextPage, Origin, Pagination};

    fn pagination(result_keys: &[&str], joined_keys: &[&str], non_aggregate_keys: &[&str]) -> Pagination {
        let paths =
            |texts: &[&str]| texts.iter().map(|text| MemberPath::parse(text).expect("a path")).collect();
        Pagination {
            input_tokens: vec!["NextToken".into()],
            output_tokens: vec![MemberPath::member("NextToken")],
            result_keys: paths(result_keys),
            joined_keys: paths(joined_keys),
            more_results: None,
            limit_key: None,
            page_size: None,
            non_aggregate_keys: paths(non_aggregate_keys),
            turning: NextPage::Tokens,
            origin: Origin::Paginator,
        }
    }

    fn merge(pagination: &Pagination, pages: Vec<Value>) -> Value {
        let mut merged = Merged::default();
        for page in pages {
            let Value::Object(page) = page else { panic!("a page is an object") };
            merged.add(page, pagination);
        }
        Value::Object(merged.finish())
    }

    #[test]
    fn lists_are_joined_and_the_rest_is_left_out() {
        let pagination = pagination(&["Users", "Groups"], &[], &[]);
        let pages = vec![
            json!({"Users": [1], "Groups": [], "NextToken": "t", "IsTruncated": true}),
            json!({"Users": [2, 3]}),
        ];
        assert_eq!(merge(&pagination, pages), json!({"Users": [1, 2, 3], "Groups": []}));
    }

    #[test]
    fn nested_results_keep_what_the_first_page_says_beside_them() {
        let pagination = pagination(&["Stream.Shards"], &[], &["Stream.Name"]);
        let pages = vec![
            json!({"Stream": {"Shards": ["a"], "Name": "orders"}}),
            json!({"Stream": {"Shards": ["b"], "Name": "orders"}}),
        ];
        assert_eq!(merge(&pagination, pages), json!({"Stream": {"Shards": ["a", "b"], "Name": "orders"}}));
    }

    /// The members of a structure on the first page do not replace its joined lists.
    #[test]
    fn page_merge_keeps_joined_lists_of_structure() {
        let pagination = pagination(&["Scan.Findings", "Scan.Enhanced"], &[], &["Scan", "Name"]);
        let pages = vec![
            json!({"Scan": {"Findings": [1], "Enhanced": ["a"], "Counts": {"HIGH": 2}}, "Name": "n"}),
            json!({"Scan": {"Enhanced": ["b"], "Counts": {"HIGH": 3}}, "Name": "n"}),
            json!({"Scan": {"Findings": [2]}}),
        ];
        assert_eq!(
            merge(&pagination, pages),
            json!({"Scan": {"Findings": [1, 2], "Enhanced": ["a", "b"], "Counts": {"HIGH": 2}}, "Name": "n"})
        );
    }

    #[test]
    fn counts_are_added() {
        let pages = vec![json!({"Count": 2, "ScannedCount": 1.5}), json!({"Count": 3, "ScannedCount": 1})];
        assert_eq!(
            merge(&pagination(&["Count", "ScannedCount"], &[], &[]), pages),
            json!({"Count": 5, "ScannedCount": 2.5})
        );
    }

    /// A text that every page repeats is kept once; different texts become lines.
    #[test]
    fn page_merge_keeps_repeated_text_once_and_joins_others() {
        let pages = vec![json!({"Id": "a", "Data": "1"}), json!({"Id": "a", "Data": "2"})];
        let pagination = pagination(&["Id", "Data"], &[], &[]);
        assert_eq!(merge(&pagination, pages), json!({"Id": "a", "Data": "1\n2"}));
    }

    #[test]
    fn maps_are_joined_by_their_keys_with_all_their_items() {
        let pages = vec![
            json!({"Usage": {"key-1": [[1, 9]], "key-2": [[2, 8]]}}),
            json!({"Usage": {"key-2": [[3, 7]], "key-3": [[4, 6]]}}),
        ];
        assert_eq!(
            merge(&pagination(&["Usage"], &[], &[]), pages),
            json!({"Usage": {"key-1": [[1, 9]], "key-2": [[2, 8], [3, 7]], "key-3": [[4, 6]]}})
        );
    }

    /// The lists beside the results are joined, and what repeats is kept once.
    #[test]
    fn page_merge_joins_other_lists_without_duplicates() {
        let pages = vec![
            json!({"Items": [1], "Errors": ["a"]}),
            json!({"Items": [1], "Errors": ["a", "b"], "Counts": {"x": ["1"]}}),
            json!({"Items": [1], "Errors": ["b"], "Counts": {"x": ["1", "2"], "y": ["3"]}}),
        ];
        assert_eq!(
            merge(&pagination(&["Items"], &["Errors", "Counts"], &["Errors"]), pages),
            json!({"Items": [1, 1, 1], "Errors": ["a", "b"], "Counts": {"x": ["1", "2"], "y": ["3"]}})
        );
    }
}
