//! The result of a finished call, ready to be written.

use std::io::{self, Write};

use serde_json::{Map, Value};

use crate::run::results::spool::ListSpool;
use crate::util::json_indent;

/// The content for one name of a result file.
pub enum ResultEntry {
    /// A new result.
    Found(Box<CallResult>),
    /// The result that an earlier execution of the run has written, if any.
    Kept,
    /// No result; leftovers of an execution that was killed are not trusted.
    Nothing,
}

/// The result of a call.
pub enum CallResult {
    /// A paginated list.
    List(ListSpool),
    /// A whole response with one paginated list.
    Answer {
        /// The list's key.
        key: String,
        /// The list.
        items: ListSpool,
        /// The response's other members.
        rest: Map<String, Value>,
    },
    /// Any other result.
    Value(Value),
}

impl CallResult {
    /// Subtracts the approximate length of the result from `left`, in bytes. Returns whether that was enough.
    pub(crate) fn fits(&self, left: &mut usize) -> bool {
        let (list, rest) = match self {
            Self::List(items) => (items.text_length(), None),
            Self::Answer { items, rest, .. } => (items.text_length(), Some(rest)),
            Self::Value(value) => return fits(value, left),
        };
        take(left, list) && rest.is_none_or(|rest| members_fit(rest, left))
    }

    /// Ends the result in its file, if its list has been started there, `depth` levels deep. Returns whether it has; if
    /// not, the result is unchanged.
    pub(crate) fn end_in_place(&mut self, depth: usize) -> io::Result<bool> {
        let (list, rest) = match self {
            Self::List(items) => (items, None),
            Self::Answer { items, rest, .. } => (items, Some(rest)),
            Self::Value(_) => return Ok(false),
        };
        let Some(mut file) = list.end_in_place()? else { return Ok(false) };
        if let Some(rest) = rest {
            write_rest(&mut file, depth, rest)?;
        }
        file.complete();
        Ok(true)
    }

    /// Writes the result as a part of a document, `depth` levels deep.
    pub fn write_to(self, mut writer: impl Write, depth: usize) -> io::Result<()> {
        match self {
            Self::List(items) => items.write_to(writer),
            Self::Value(value) => json_indent::write_at(writer, depth, &value),
            Self::Answer { key, items, rest } => {
                write_head(&mut writer, depth, &key)?;
                items.write_to(&mut writer)?;
                write_rest(writer, depth, &rest)
            }
        }
    }
}

/// Writes a response up to its list, the value of `key`.
pub(super) fn write_head(mut writer: impl Write, depth: usize, key: &str) -> io::Result<()> {
    writer.write_all(b"{")?;
    json_indent::new_line(&mut writer, depth + 1)?;
    json_indent::write_at(&mut writer, depth + 1, &key)?;
    writer.write_all(b": ")
}

/// Writes the members of a response after its list.
fn write_rest(mut writer: impl Write, depth: usize, rest: &Map<String, Value>) -> io::Result<()> {
    for (key, value) in rest {
        writer.write_all(b",")?;
        json_indent::new_line(&mut writer, depth + 1)?;
        json_indent::write_at(&mut writer, depth + 1, key)?;
        writer.write_all(b": ")?;
        json_indent::write_at(&mut writer, depth + 1, value)?;
    }
    json_indent::new_line(&mut writer, depth)?;
    writer.write_all(b"}")
}

fn fits(value: &Value, left: &mut usize) -> bool {
    /// The length of a number, or of brackets with their indentation.
    const SHORT: usize = 8;
    match value {
        Value::String(text) => take(left, text.len()),
        Value::Array(items) => take(left, SHORT) && items.iter().all(|item| fits(item, left)),
        Value::Object(members) => take(left, SHORT) && members_fit(members, left),
        Value::Null | Value::Bool(_) | Value::Number(_) => take(left, SHORT),
    }
}

fn members_fit(members: &Map<String, Value>, left: &mut usize) -> bool {
    members.iter().all(|(key, value)| take(left, key.len()) && fits(value, left))
}

fn take(left: &mut usize, length: usize) -> bool {
    let rest = left.checked_sub(length);
    *left = rest.unwrap_or_default();
    rest.is_some()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{CallResult, ListSpool};

    #[test]
    fn long_results_do_not_fit() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for text in ["x".repeat(400), "x".repeat(600)] {
            let mut items = ListSpool::new(folder.path(), 2);
            items.push(&json!(text)).expect("takes an item");
            let rest = json!({"Long": text}).as_object().cloned().expect("an object");
            let results = [
                CallResult::Value(json!([1, {"Name": text}])),
                CallResult::Answer { key: "Items".to_owned(), items: ListSpool::new(folder.path(), 2), rest },
                CallResult::List(items),
            ];
            for result in results {
                let mut left = 500;
                assert_eq!(result.fits(&mut left), text.len() < 500);
                assert!(!result.fits(&mut left), "less is left");
            }
        }
    }

    #[test]
    fn an_answer_is_put_together_again() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut items = ListSpool::new(folder.path(), 2);
        items.push(&json!({"Name": "a"})).expect("takes an item");
        let rest = json!({"Owner": {"ID": "1"}}).as_object().cloned().expect("an object");
        let mut written = Vec::new();
        let result = CallResult::Answer { key: "Buckets".to_owned(), items, rest };
        result.write_to(&mut written, 1).expect("writes");
        let expected = json!({"Buckets": [{"Name": "a"}], "Owner": {"ID": "1"}});
        assert_eq!(serde_json::from_slice::<Value>(&written).expect("JSON"), expected);
        let pretty = serde_json::to_string_pretty(&expected).expect("JSON").replace('\n', "\n  ");
        assert_eq!(String::from_utf8(written).expect("text"), pretty);
    }
}
