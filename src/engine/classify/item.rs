//! Items that were deleted after they were listed, recognized by the message where the error code is generic.

use serde_json::{Map, Value};

/// Phrases of error messages that mean not found.
const WORDS: &[&str] = &[
    "does not exist",
    "do not exist",
    "no longer exists",
    "not found",
    "was not found",
    "could not be found",
    "cannot be found",
    "could not find",
    "cannot find",
    "unable to find",
    "has been deleted",
    "was deleted",
];

/// The minimum length of a name that is searched in a message: shorter names are parts of other words.
const SHORTEST: usize = 3;

/// Returns whether a folded message means that a resource in the parameters is not found. The message has to contain
/// its name: other errors are about other resources that are not found.
pub(super) fn not_found_by_words(message: &str, parameters: &Map<String, Value>) -> bool {
    (WORDS.iter().any(|words| message.contains(words)) || no_such(message))
        && parameters.values().any(|value| is_named(message, value))
}

/// Matches messages such as `No Environment found for EnvironmentName = 'web'.`
fn no_such(message: &str) -> bool {
    message.starts_with("no ") && message.contains(" found")
}

fn is_named(message: &str, value: &Value) -> bool {
    match value {
        Value::String(text) => {
            let text = text.to_lowercase();
            let name = text.rsplit(['/', ':']).next().unwrap_or_default();
            [text.as_str(), name].iter().any(|name| name.len() >= SHORTEST && message.contains(name))
        }
        Value::Array(values) => values.iter().any(|value| is_named(message, value)),
        Value::Object(members) => members.values().any(|value| is_named(message, value)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::not_found_by_words;

    fn parameters(value: &Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn the_item_has_to_be_named_as_what_is_missing() {
        for (message, given) in [
            ("stack with id orders does not exist", json!({"StackName": "orders"})),
            (
                "could not find model \"arn:aws:sagemaker:eu-west-1:1:model/fraud\".",
                json!({"ModelName": "fraud"}),
            ),
            ("no environment found for environmentname = 'web'.", json!({"EnvironmentNames": ["web"]})),
            ("workgroup batch is not found.", json!({"WorkGroup": "batch"})),
            ("the table orders was not found", json!({"Table": "arn:aws:dynamodb:eu-west-1:1:table/orders"})),
        ] {
            assert!(not_found_by_words(message, &parameters(&given)), "{message}");
        }
        for (message, given) in [
            ("the role for the export does not exist", json!({"StackName": "orders"})),
            ("value 'orders' at 'stackname' failed to satisfy constraint", json!({"StackName": "orders"})),
            ("a not found", json!({"Name": "a"})),
        ] {
            assert!(!not_found_by_words(message, &parameters(&given)), "{message}");
        }
    }
}
