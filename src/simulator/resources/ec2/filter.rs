//! Filters of the Describe calls, as far as their names match members: `vpc-id`, `tag:Name`.

use serde_json::Value;

use crate::simulator::resources::SimulatedCall;

/// A filter of a request: one of its values has to match.
pub(super) struct RequestFilter<'call> {
    name: &'call str,
    values: Vec<&'call str>,
}

/// Returns the filters of a request; `Owners` counts as a filter.
pub(super) fn of<'call>(call: &SimulatedCall<'call>) -> Vec<RequestFilter<'call>> {
    let filters = call.input.get("Filters").and_then(Value::as_array);
    let mut filters: Vec<_> = filters
        .into_iter()
        .flatten()
        .filter_map(|filter| {
            let values = filter["Values"].as_array().into_iter().flatten().filter_map(Value::as_str);
            Some(RequestFilter { name: filter["Name"].as_str()?, values: values.collect() })
        })
        .collect();
    for member in ["Owners", "OwnerIds"] {
        let owners = call.input.get(member).and_then(Value::as_array).into_iter().flatten();
        let own = call.place.account_id();
        let owners: Vec<_> =
            owners.filter_map(Value::as_str).map(|owner| if owner == "self" { own } else { owner }).collect();
        if !owners.is_empty() {
            filters.push(RequestFilter { name: "owner-id", values: owners });
        }
    }
    filters
}

impl RequestFilter<'_> {
    /// Returns whether an item passes the filter.
    pub(super) fn keeps(&self, item: &Value) -> bool {
        if let Some(tag) = self.name.strip_prefix("tag:") {
            return tags(item).any(|(key, value)| key == tag && self.values.contains(&value));
        }
        match self.name {
            "instance-state-name" => self.has(&item["State"]["Name"]),
            "tag-key" => tags(item).any(|(key, _)| self.values.contains(&key)),
            name => {
                let path: Vec<_> = name.split('.').map(member).collect();
                self.finds(item, &path)
            }
        }
    }

    fn finds(&self, value: &Value, path: &[String]) -> bool {
        match (value, path.split_first()) {
            (Value::Array(items), _) => items.iter().any(|item| self.finds(item, path)),
            (value, Some((first, rest))) => {
                // `attachment.instance-id` refers to the list `Attachments`.
                let found = value.get(first).or_else(|| value.get(format!("{first}s")));
                found.is_some_and(|found| self.finds(found, rest))
            }
            (value, None) => self.has(value),
        }
    }

    fn has(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => self.values.contains(&text.as_str()),
            Value::Null | Value::Array(_) | Value::Object(_) => false,
            scalar => self.values.contains(&scalar.to_string().as_str()),
        }
    }
}

fn tags(item: &Value) -> impl Iterator<Item = (&str, &str)> {
    let tags = item["Tags"].as_array().into_iter().flatten();
    tags.filter_map(|tag| Some((tag["Key"].as_str()?, tag["Value"].as_str()?)))
}

/// Returns the member of a filter name: `VpcId` for `vpc-id`.
fn member(name: &str) -> String {
    name.split('-')
        .flat_map(|word| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::RequestFilter;

    #[test]
    fn a_filter_looks_where_its_name_points() {
        let item = json!({
            "VpcId": "vpc-1",
            "IsDefault": true,
            "State": {"Name": "running"},
            "Attachments": [{"InstanceId": "i-1"}],
            "Tags": [{"Key": "Name", "Value": "web"}]
        });
        for (name, value, kept) in [
            ("vpc-id", "vpc-1", true),
            ("vpc-id", "vpc-2", false),
            ("is-default", "true", true),
            ("instance-state-name", "running", true),
            ("attachment.instance-id", "i-1", true),
            ("tag:Name", "web", true),
            ("tag:Name", "db", false),
            ("tag-key", "Name", true),
            ("no-such-thing", "x", false),
        ] {
            assert_eq!(RequestFilter { name, values: vec![value] }.keeps(&item), kept, "{name}={value}");
        }
    }
}
