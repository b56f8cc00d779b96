//! The subset of `JMESPath` in botocore's paginator definitions.
//!
//! In 3,112 definitions: `Name`, `Name.Name`, `Name[-1].Name` and alternatives with `||`.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A parsed expression: the first alternative with a value wins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberPath {
    alternatives: Vec<Vec<MemberStep>>,
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum MemberStep {
    /// A member of an object.
    Member(Box<str>),
    /// The last element of a list.
    Last,
}

/// The error of an expression outside the supported subset of `JMESPath`.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("unsupported paginator expression `{0}`")]
pub struct UnsupportedPath(pub String);

impl MemberPath {
    /// Parses an expression.
    pub fn parse(text: &str) -> Result<Self, UnsupportedPath> {
        let unsupported = || UnsupportedPath(text.to_owned());
        let mut alternatives = Vec::new();
        for alternative in text.split("||") {
            let mut steps = Vec::new();
            for part in alternative.trim().split('.') {
                let (name, last) = match part.strip_suffix("[-1]") {
                    Some(name) => (name, true),
                    None => (part, false),
                };
                let is_identifier =
                    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                if !is_identifier {
                    return Err(unsupported());
                }
                steps.push(MemberStep::Member(name.into()));
                if last {
                    steps.push(MemberStep::Last);
                }
            }
            alternatives.push(steps);
        }
        Ok(Self { alternatives })
    }

    /// Creates the path to one top-level member.
    #[must_use]
    pub fn member(name: &str) -> Self {
        Self { alternatives: vec![vec![MemberStep::Member(name.into())]] }
    }

    /// Creates the path through nested members.
    #[must_use]
    pub fn members(names: &[&str]) -> Self {
        Self { alternatives: vec![names.iter().map(|name| MemberStep::Member((*name).into())).collect()] }
    }

    /// Returns the number of steps of a plain path.
    #[must_use]
    pub fn len(&self) -> usize {
        self.alternatives.iter().map(Vec::len).max().unwrap_or_default()
    }

    /// Returns whether the path has no step, which is never true for a parsed path.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns whether the plain path `other` is one of the alternatives.
    #[must_use]
    pub fn offers(&self, other: &Self) -> bool {
        matches!(other.alternatives.as_slice(), [other] if self.alternatives.contains(other))
    }

    /// Returns whether this plain path is `other` or a path below it.
    #[must_use]
    pub fn starts_with(&self, other: &Self) -> bool {
        match (self.alternatives.as_slice(), other.alternatives.as_slice()) {
            ([own], [other]) => own.starts_with(other),
            _ => false,
        }
    }

    /// Returns whether any alternative starts with this member of a response.
    #[must_use]
    pub fn begins_with(&self, member: &str) -> bool {
        let mut firsts = self.alternatives.iter().filter_map(|steps| steps.first());
        firsts.any(|first| matches!(first, MemberStep::Member(name) if **name == *member))
    }

    /// Returns the expression's value in a response; `None` where it is absent or null.
    #[must_use]
    pub fn find_in<'value>(&self, members: &'value Map<String, Value>) -> Option<&'value Value> {
        self.alternatives.iter().find_map(|steps| {
            let (first, rest) = steps.split_first()?;
            let MemberStep::Member(first) = first else { return None };
            rest.iter()
                .try_fold(members.get(&**first)?, |value, step| match step {
                    MemberStep::Member(name) => value.get(&**name),
                    MemberStep::Last => value.as_array()?.last(),
                })
                .filter(|found| !is_falsy(found) || self.alternatives.len() == 1)
                .filter(|found| !found.is_null())
        })
    }

    /// Removes the expression's value from a response and returns it.
    #[must_use]
    pub fn take(&self, members: &mut Map<String, Value>) -> Option<Value> {
        let [steps] = self.alternatives.as_slice() else { return None };
        let (MemberStep::Member(last), parents) = steps.split_last()? else { return None };
        let mut object = members;
        for step in parents {
            let MemberStep::Member(name) = step else { return None };
            object = object.get_mut(&**name)?.as_object_mut()?;
        }
        object.shift_remove(&**last).filter(|taken| !taken.is_null())
    }

    /// Returns the value at this path in `object`, which is created where it is missing.
    ///
    /// `None` for expressions with more than one path, or where the path leads through a value of another kind.
    pub fn entry<'value>(&self, object: &'value mut Map<String, Value>) -> Option<&'value mut Value> {
        let names = self.simple()?;
        let (last, parents) = names.split_last()?;
        let mut object = object;
        for name in parents {
            object = object.entry(*name).or_insert_with(|| Value::Object(Map::new())).as_object_mut()?;
        }
        Some(object.entry(*last).or_insert(Value::Null))
    }

    /// Returns the member's name when the path is a single top-level member.
    #[must_use]
    pub fn top_level(&self) -> Option<&str> {
        match self.alternatives.as_slice() {
            [steps] => match steps.as_slice() {
                [MemberStep::Member(name)] => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    /// Returns the member names when the path is a plain chain of members.
    fn simple(&self) -> Option<Vec<&str>> {
        match self.alternatives.as_slice() {
            [steps] => steps
                .iter()
                .map(|step| match step {
                    MemberStep::Member(name) => Some(&**name),
                    MemberStep::Last => None,
                })
                .collect(),
            _ => None,
        }
    }
}

impl fmt::Display for MemberPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, steps) in self.alternatives.iter().enumerate() {
            if index > 0 {
                formatter.write_str(" || ")?;
            }
            for (position, step) in steps.iter().enumerate() {
                match step {
                    MemberStep::Member(name) if position > 0 => write!(formatter, ".{name}")?,
                    MemberStep::Member(name) => formatter.write_str(name)?,
                    MemberStep::Last => formatter.write_str("[-1]")?,
                }
            }
        }
        Ok(())
    }
}

/// Returns whether a value is true for `JMESPath`'s `||`: everything except null, false and empty values.
fn is_falsy(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(true) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::MemberPath;

    fn find(expression: &str, value: &Value) -> Option<Value> {
        let members = value.as_object().expect("a response");
        MemberPath::parse(expression).expect("a supported expression").find_in(members).cloned()
    }

    #[test]
    fn finds_members_and_last_elements() {
        let response = json!({"A": {"B": "token"}, "Jobs": [{"Id": 1}, {"Id": 2}]});
        assert_eq!(find("A.B", &response), Some(json!("token")));
        assert_eq!(find("Jobs[-1].Id", &response), Some(json!(2)));
        assert_eq!(find("Absent.B", &response), None);
    }

    #[test]
    fn an_alternative_steps_in_for_an_empty_value() {
        let response = json!({"NextMarker": "", "Contents": [{"Key": "k"}]});
        assert_eq!(find("NextMarker || Contents[-1].Key", &response), Some(json!("k")));
    }

    #[test]
    fn makes_the_place_of_a_nested_value() {
        let mut merged = Map::new();
        let path = MemberPath::parse("List.Items").expect("a supported expression");
        *path.entry(&mut merged).expect("a place") = json!([1]);
        assert_eq!(Value::Object(merged), json!({"List": {"Items": [1]}}));
    }

    #[test]
    fn refuses_what_it_does_not_understand() {
        assert!(MemberPath::parse("length(Items)").is_err());
        assert_eq!(MemberPath::parse("A[-1].B || C").expect("supported").to_string(), "A[-1].B || C");
    }
}
