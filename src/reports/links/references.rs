//! The texts of a resource that may be references, each with its path.

use serde_json::{Map, Value};

use super::source::LinkSource;
use crate::util::json_indent::depth::{DEEPEST_FILE, parse};

/// A text of a resource.
#[derive(Clone, Copy, Debug)]
pub(super) struct ResourceReference<'text> {
    /// The path of members, `NetworkInterfaces[].Groups[].GroupId`.
    pub(super) path: &'text str,
    /// The last member of the path.
    pub(super) member: &'text str,
    pub(super) text: &'text str,
    /// The members beside it.
    pub(super) siblings: Option<&'text Map<String, Value>>,
    /// The statement of a policy that allows something to the principal that the text is.
    pub(super) grant: Option<Grant<'text>>,
}

/// A statement of a policy that allows something, and how it names whom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grant<'text> {
    pub(super) statement: &'text Value,
    /// The type of the principal: `AWS`, `Federated`, `Service`, `CanonicalUser`; empty for `"Principal": "*"`.
    pub(super) principal_type: &'text str,
}

/// Takes the texts of a resource.
type TakeReference<'take> = dyn FnMut(&ResourceReference<'_>) + 'take;

/// The members whose values are lists of tags: those are read from the resource's tags.
const TAGS: [&str; 4] = ["Tags", "tags", "TagSet", "TagList"];

/// Calls `take` with every text of a resource: its own members, what other calls returned about it (with the function
/// as the first member), its tags, and the resource that it belongs to (`parent`). Documents within texts, such as
/// policies, are read like members.
pub(super) fn each_reference(resource: &LinkSource, take: &mut TakeReference<'_>) {
    let mut walk = Walk { path: String::new(), member: 0, take };
    walk.value(&resource.raw, None, WithinPolicy::Resource);
    for (function, answer) in &resource.details {
        walk.member(function, answer, None, WithinPolicy::Resource);
    }
    for (key, value) in resource.tags.iter().flatten() {
        walk.path.push_str("tags");
        walk.member(key, value, None, WithinPolicy::Resource);
        walk.path.clear();
    }
    if let Some(parent) = &resource.parent {
        walk.member(PARENT, &Value::String(parent.clone()), None, WithinPolicy::Resource);
    }
}

/// The path of the resource that a resource belongs to.
pub(super) const PARENT: &str = "parent";

/// Calls `take` with the texts of a resource's own members.
pub(super) fn each_own_text(raw: &Value, take: &mut TakeReference<'_>) {
    Walk { path: String::new(), member: 0, take }.value(raw, None, WithinPolicy::Resource);
}

/// What a value belongs to.
#[derive(Clone, Copy)]
enum WithinPolicy<'text> {
    Resource,
    /// The statements of a policy.
    Statements,
    Statement(&'text Value),
    Principal(Grant<'text>),
}

struct Walk<'walk> {
    path: String,
    /// The start of the last member in the path.
    member: usize,
    take: &'walk mut TakeReference<'walk>,
}

impl Walk<'_> {
    fn value(&mut self, value: &Value, siblings: Option<&Map<String, Value>>, within: WithinPolicy<'_>) {
        match value {
            Value::String(text) => self.text(text, siblings, within),
            Value::Array(items) => {
                let length = self.path.len();
                self.path.push_str("[]");
                for item in items {
                    self.value(item, siblings, entered(item, within));
                }
                self.path.truncate(length);
            }
            Value::Object(members) => {
                let within = entered(value, within);
                for (name, value) in members.iter().filter(|(name, _)| !TAGS.contains(&name.as_str())) {
                    self.member(name, value, Some(members), below(name, within));
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn member(
        &mut self,
        name: &str,
        value: &Value,
        siblings: Option<&Map<String, Value>>,
        within: WithinPolicy<'_>,
    ) {
        let (length, member) = (self.path.len(), self.member);
        if length > 0 {
            self.path.push('.');
        }
        self.member = self.path.len();
        self.path.push_str(name);
        self.value(value, siblings, within);
        self.path.truncate(length);
        self.member = member;
    }

    fn text(&mut self, text: &str, siblings: Option<&Map<String, Value>>, within: WithinPolicy<'_>) {
        if text.starts_with('{')
            && let Ok(document) = parse::<Value>(text.as_bytes(), DEEPEST_FILE)
        {
            return self.value(&document, siblings, WithinPolicy::Resource);
        }
        let grant = match within {
            WithinPolicy::Principal(grant) => Some(grant),
            _ => None,
        };
        let member = self.path[self.member..].trim_end_matches("[]");
        (self.take)(&ResourceReference { path: &self.path, member, text, siblings, grant });
    }
}

/// Returns what an object is, by where it is.
fn entered<'text>(value: &'text Value, within: WithinPolicy<'text>) -> WithinPolicy<'text> {
    match within {
        WithinPolicy::Statements if value.is_object() => WithinPolicy::Statement(value),
        within => within,
    }
}

/// Returns what a member of an object belongs to.
fn below<'text>(name: &'text str, within: WithinPolicy<'text>) -> WithinPolicy<'text> {
    match within {
        WithinPolicy::Resource if name == "Statement" => WithinPolicy::Statements,
        WithinPolicy::Statement(statement) => {
            let is_grant = name == "Principal" && statement["Effect"] == "Allow";
            let grant = Grant { statement, principal_type: "" };
            if is_grant { WithinPolicy::Principal(grant) } else { WithinPolicy::Resource }
        }
        WithinPolicy::Principal(grant) => WithinPolicy::Principal(Grant { principal_type: name, ..grant }),
        within => within,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::each_own_text;

    /// Returns the texts of a resource with their paths, and the type of the principal of those that get access.
    fn texts(raw: &Value) -> Vec<(String, String, Option<String>)> {
        let mut texts = Vec::new();
        each_own_text(raw, &mut |reference| {
            let grant = reference.grant.map(|grant| grant.principal_type.to_owned());
            texts.push((reference.path.to_owned(), reference.text.to_owned(), grant));
        });
        texts
    }

    #[test]
    fn texts_have_the_path_of_their_members() {
        let raw = json!({"Interfaces": [{"Groups": [{"GroupId": "a"}, {"GroupId": "b"}]}], "Size": 1, "Zones": ["z"]});
        let found = texts(&raw);
        let paths: Vec<_> = found.iter().map(|(path, text, _)| (path.as_str(), text.as_str())).collect();
        assert_eq!(
            paths,
            [
                ("Interfaces[].Groups[].GroupId", "a"),
                ("Interfaces[].Groups[].GroupId", "b"),
                ("Zones[]", "z")
            ]
        );
    }

    /// Policies are objects in IAM's responses, and texts in those of most services.
    #[test]
    fn principals_of_policies_get_access() {
        let policy = json!({"Statement": {"Effect": "Allow", "Principal": {"AWS": ["x"]}, "Action": "s3:*"}});
        for raw in [json!({"Policy": policy.to_string()}), json!({"Policy": policy})] {
            let texts = texts(&raw);
            let principal = texts.iter().find(|(path, ..)| path == "Policy.Statement.Principal.AWS[]");
            assert_eq!(principal.expect("a principal").2.as_deref(), Some("AWS"));
            assert_eq!(texts.iter().filter(|(.., grant)| grant.is_some()).count(), 1);
        }
        let everyone = json!({"Statement": [{"Effect": "Allow", "Principal": "*"}]});
        assert_eq!(
            texts(&everyone)[1],
            ("Statement[].Principal".to_owned(), "*".to_owned(), Some(String::new()))
        );
        let denied = json!({"Statement": [{"Effect": "Deny", "Principal": "*"}]});
        assert!(texts(&denied).iter().all(|(.., grant)| grant.is_none()));
    }

    #[test]
    fn tags_in_members_are_skipped() {
        assert!(texts(&json!({"Tags": [{"Key": "a", "Value": "b"}]})).is_empty());
    }
}
