//! Policy documents (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>).

use serde_json::{Map, Value, json};

/// The version of the policy language.
const VERSION: &str = "2012-10-17";

/// A statement of a policy.
#[derive(Clone, Debug, Default)]
pub(in crate::plan::policy) struct Statement {
    members: Map<String, Value>,
}

impl Statement {
    /// Allows actions on resources.
    #[must_use]
    pub(in crate::plan::policy) fn allow<Text: AsRef<str>>(
        actions: impl IntoIterator<Item = Text>,
        resource: impl Into<Value>,
    ) -> Self {
        Self::new("Allow", actions).with("Resource", resource.into())
    }

    /// Denies actions on everything.
    #[must_use]
    pub(in crate::plan::policy) fn deny<Text: AsRef<str>>(actions: impl IntoIterator<Item = Text>) -> Self {
        Self::new("Deny", actions).with("Resource", json!("*"))
    }

    /// Allows a principal to call actions, for a role's trust policy.
    #[must_use]
    pub(in crate::plan::policy) fn trust<Text: AsRef<str>>(
        principal: &Value,
        actions: impl IntoIterator<Item = Text>,
    ) -> Self {
        let mut statement = Self::new("Allow", actions);
        let actions = statement.members.remove("Action");
        let mut statement = statement.with("Principal", json!({"AWS": principal}));
        statement.members.extend(actions.map(|actions| ("Action".to_owned(), actions)));
        statement
    }

    fn new<Text: AsRef<str>>(effect: &str, actions: impl IntoIterator<Item = Text>) -> Self {
        let actions: Vec<Value> = actions.into_iter().map(|action| json!(action.as_ref())).collect();
        Self::default().with("Effect", json!(effect)).with("Action", actions.into())
    }

    /// Adds a statement id.
    #[must_use]
    pub(in crate::plan::policy) fn named(mut self, sid: &str) -> Self {
        let rest = std::mem::take(&mut self.members);
        self.members.insert("Sid".to_owned(), json!(sid));
        self.members.extend(rest);
        self
    }

    /// Adds a condition: a key of the request must equal a value.
    #[must_use]
    pub(in crate::plan::policy) fn when(mut self, key: &str, value: Value) -> Self {
        let condition = self.members.entry("Condition").or_insert_with(|| json!({"StringEquals": {}}));
        condition["StringEquals"][key] = value;
        self
    }

    fn with(mut self, member: &str, value: Value) -> Self {
        self.members.insert(member.to_owned(), value);
        self
    }
}

/// Returns a policy of these statements.
#[must_use]
pub(in crate::plan::policy) fn document(statements: impl IntoIterator<Item = Statement>) -> Value {
    let statements: Vec<Value> =
        statements.into_iter().map(|statement| Value::Object(statement.members)).collect();
    json!({"Version": VERSION, "Statement": statements})
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Statement, document};

    #[test]
    fn a_document_is_in_the_order_in_which_people_write_it() {
        let statement = Statement::trust(&json!("arn:aws:iam::111111111111:root"), ["sts:AssumeRole"])
            .when("sts:ExternalId", json!("x"))
            .named("Trust");
        assert_eq!(
            document([statement]).to_string(),
            r#"{"Version":"2012-10-17","Statement":[{"Sid":"Trust","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":["sts:AssumeRole"],"Condition":{"StringEquals":{"sts:ExternalId":"x"}}}]}"#
        );
    }
}
