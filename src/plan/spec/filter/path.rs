//! Paths into a value. A filter that only follows a path is evaluated without jaq, and needs no limits: each step
//! descends, so that no part of the input is visited twice and the work is linear in the input.

use serde_json::Value;

/// The spaces between the parts of a filter.
const SPACES: [char; 4] = [' ', '\t', '\n', '\r'];
/// The value of a member that an object lacks.
static NULL: Value = Value::Null;

/// The steps down from a value, such as `.Reservations[].Instances[0]."Name"?`, or from `$item`.
#[derive(Debug)]
pub(super) struct JqPath<'s> {
    /// Whether the path starts at `$item` instead of the input.
    from_item: bool,
    steps: Vec<PathStep<'s>>,
}

/// A step, and whether a value of the wrong type has no output instead of an error (`?`).
#[derive(Debug)]
struct PathStep<'s> {
    part: PathPart<'s>,
    optional: bool,
}

#[derive(Debug)]
enum PathPart<'s> {
    /// `.Name`, `."Name"` or `["Name"]`
    Member(&'s str),
    /// `[0]`
    Position(usize),
    /// `[]`
    Each,
}

/// A filter that is a path, or several with `|` between, alone or in brackets.
#[derive(Debug)]
pub(super) struct PathFilter<'s> {
    path: JqPath<'s>,
    /// Whether the filter yields one list of all values.
    listed: bool,
}

impl<'s> PathFilter<'s> {
    /// Parses the text of a filter; `None` if it is not a path.
    pub(super) fn parse(text: &'s str) -> Option<Self> {
        let mut parser = PathParser::new(text);
        let listed = parser.take("[");
        let mut path = parser.path()?;
        while parser.take("|") {
            let next = parser.path()?;
            // A later `$item` would start again for each value before it.
            if next.from_item {
                return None;
            }
            path.steps.extend(next.steps);
        }
        let closed = !listed || parser.take("]");
        (closed && parser.is_at_end()).then_some(Self { path, listed })
    }

    /// Returns the outputs on `input`; `None` if a step fails, because a value does not have the type that it needs.
    pub(super) fn outputs(&self, input: &Value, item: &Value) -> Option<Vec<Value>> {
        let mut values = vec![if self.path.from_item { item } else { input }];
        for step in &self.path.steps {
            let mut next = Vec::with_capacity(values.len());
            for value in values {
                step.follow(value, &mut next)?;
            }
            values = next;
        }
        let outputs: Vec<Value> = values.into_iter().cloned().collect();
        Some(if self.listed { vec![Value::Array(outputs)] } else { outputs })
    }
}

impl PathStep<'_> {
    /// Adds the values to which the step leads from a value.
    fn follow<'value>(&self, value: &'value Value, to: &mut Vec<&'value Value>) -> Option<()> {
        match (&self.part, value) {
            (PathPart::Member(name), Value::Object(members)) => to.push(members.get(*name).unwrap_or(&NULL)),
            (PathPart::Position(position), Value::Array(items)) => {
                to.push(items.get(*position).unwrap_or(&NULL));
            }
            (PathPart::Member(_) | PathPart::Position(_), Value::Null) => to.push(&NULL),
            (PathPart::Each, Value::Array(items)) => to.extend(items),
            (PathPart::Each, Value::Object(members)) => to.extend(members.values()),
            _ if self.optional => {}
            _ => return None,
        }
        Some(())
    }
}

impl<'s> JqPath<'s> {
    /// Returns whether the path leads to one value.
    pub(super) fn is_single(&self) -> bool {
        lead_to_one(&self.steps)
    }

    /// Returns the member of the input whose elements the path starts with, and whether it leads to one value of each:
    /// `Roles` of `.Roles[].RoleName`.
    pub(super) fn elements(&self) -> Option<(&'s str, bool)> {
        match &self.steps[..] {
            [
                PathStep { part: PathPart::Member(name), optional: false },
                PathStep { part: PathPart::Each, .. },
                rest @ ..,
            ] if !self.from_item => Some((name, lead_to_one(rest))),
            _ => None,
        }
    }
}

fn lead_to_one(steps: &[PathStep<'_>]) -> bool {
    !steps.iter().any(|step| matches!(step.part, PathPart::Each))
}

/// Returns the member whose elements a filter is applied to, one by one.
///
/// `|` has the lowest precedence, so the filter after it gets one element at a time. `|=` is another operator.
pub(super) fn list_of_items(text: &str) -> Option<&str> {
    let mut parser = PathParser::new(text);
    let (list, _) = parser.path()?.elements()?;
    (parser.is_at_end() || parser.take("|") && !parser.take("=")).then_some(list)
}

/// Parses the parts of filters that are paths.
pub(super) struct PathParser<'s> {
    rest: &'s str,
}

impl<'s> PathParser<'s> {
    pub(super) fn new(text: &'s str) -> Self {
        Self { rest: text }
    }

    /// Takes a sign if it is next, after any spaces.
    pub(super) fn take(&mut self, sign: &str) -> bool {
        self.rest = self.rest.trim_start_matches(SPACES);
        let rest = self.rest.strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.trim_start_matches(SPACES).is_empty()
    }

    /// Parses a path, with the spaces before it.
    pub(super) fn path(&mut self) -> Option<JqPath<'s>> {
        let from_item = self.take("$item");
        if !from_item && !self.rest.starts_with('.') {
            return None;
        }
        let mut steps = Vec::new();
        while let Some((step, rest)) = step(self.rest) {
            steps.push(step);
            self.rest = rest;
        }
        if !from_item && steps.is_empty() {
            // The input itself.
            self.take(".");
        }
        Some(JqPath { from_item, steps })
    }

    /// Parses the key of an object: a name or a text.
    pub(super) fn key(&mut self) -> Option<&'s str> {
        self.take("");
        let (key, rest) = name(self.rest).or_else(|| quoted(self.rest))?;
        self.rest = rest;
        Some(key)
    }
}

/// Splits the first step off a text.
fn step(text: &str) -> Option<(PathStep<'_>, &str)> {
    let after_dot = text.strip_prefix('.');
    let (part, rest) = if let Some(index) = after_dot.unwrap_or(text).strip_prefix('[') {
        let (part, rest) = index_part(index)?;
        (part, rest.strip_prefix(']')?)
    } else {
        let (name, rest) = after_dot.and_then(|text| name(text).or_else(|| quoted(text)))?;
        (PathPart::Member(name), rest)
    };
    let after_mark = rest.strip_prefix('?');
    Some((PathStep { part, optional: after_mark.is_some() }, after_mark.unwrap_or(rest)))
}

/// Splits the content of brackets off a text.
fn index_part(text: &str) -> Option<(PathPart<'_>, &str)> {
    if let Some((name, rest)) = quoted(text) {
        return Some((PathPart::Member(name), rest));
    }
    let (digits, rest) = split_at_first(text, |letter| !letter.is_ascii_digit());
    let part = if digits.is_empty() { PathPart::Each } else { PathPart::Position(digits.parse().ok()?) };
    Some((part, rest))
}

/// Splits a name off a text.
fn name(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = split_at_first(text, |letter| !letter.is_ascii_alphanumeric() && letter != '_');
    (!name.is_empty() && !name.starts_with(|first: char| first.is_ascii_digit())).then_some((name, rest))
}

/// Splits a text in quotation marks off a text, without escapes.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.strip_prefix('"')?.split_once('"')?;
    (!name.contains(|letter: char| letter == '\\' || letter.is_control())).then_some((name, rest))
}

fn split_at_first(text: &str, is_other: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(is_other).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{PathFilter, list_of_items};
    use crate::plan::spec::filter::JqFilter;

    const PATHS: [&str; 34] = [
        ".",
        " . ",
        ".Buckets",
        ".Reservations[].Instances[]",
        ".Items[0].Name?",
        ".Items[1]",
        ".Items.[007]?",
        ".Items[999999999]",
        ".Items[]?.Name?",
        ".Items[].Name?",
        ".Items[]?[]?",
        ".\"a-b\"[\"c d\"]",
        ".[\"a-b\"]?[\"c d\"]?",
        ".\"\"",
        ".and.if?",
        ".__loc__",
        "[.Buckets[].Name]",
        "[ .Items[]? | .Name? ]",
        "[.]",
        ".Buckets | .[] | .Name",
        ".Items|.[]|.",
        "\n.Items\t|\r\n.[0]",
        ".[]",
        ".[]?",
        " .[]?.a ",
        ".[0]",
        ".[0]?",
        ".[][]?",
        "$item.Arn",
        "$item.Arn?",
        "$item",
        "$item[0]?.Name",
        "$item[].Name",
        "[$item | .[]?]",
    ];

    /// A path has the outputs and errors of the program that jaq compiles from it.
    #[test]
    fn path_outputs_equal_those_of_its_program() {
        let values = [
            json!(null),
            json!(true),
            json!("text"),
            json!([0.1, -0.0, 18_446_744_073_709_551_615_u64, 1e300, "ünï\u{0}"]),
            json!([{"Name": "a"}, {"Name": null}, {}]),
            json!([{"Name": "a"}, 1]),
            json!({"z": 1, "Items": [{"Name": "a", "Other": [1]}, {"Name": "b"}, [2]], "a": {"b": 2}}),
            json!({"Items": {"y": {"Name": "a"}, "x": 3}, "and": {"if": 1}, "__loc__": 5, "": 6}),
            json!({"Buckets": [{"Name": "b"}], "Arn": "arn", "a-b": {"c d": {"deep": [null]}}}),
            json!({"Reservations": [{"Instances": [{"a": 1}, {"a": 2}]}, {"Instances": []}], "a-b": "x"}),
        ];
        for text in PATHS {
            let filter = JqFilter::compile(text).expect("a filter");
            for input in &values {
                for item in &values {
                    let own = filter.run(input, item);
                    let of_program = filter.run_here(input, item);
                    // Equal values with another order or other numbers differ in their texts.
                    let written = |outputs: &[Value]| Value::from(outputs).to_string();
                    assert_eq!(
                        own.as_deref().map(written),
                        of_program.as_deref().map(written),
                        "{text}\n{input}\n{item}"
                    );
                }
            }
        }
    }

    #[test]
    fn path_compiles_nothing_unless_it_fails() {
        let filter = JqFilter::compile(".Items[].Name").expect("a filter");
        filter.run(&json!({"Items": [{"Name": "a"}]}), &Value::Null).expect("outputs");
        assert!(!filter.is_compiled());
        let error = filter.run(&json!({"Items": "a"}), &Value::Null).expect_err("a string has no items");
        assert_eq!(error.to_string(), "jq filter `.Items[].Name`: cannot iterate over a string");
        assert!(filter.is_compiled());
        assert!(JqFilter::compile(".Items | length").expect("a filter").is_compiled());
    }

    #[test]
    fn filters_of_single_elements_are_recognized() {
        for text in [
            ".Keys[]",
            ".Keys[]?",
            ".Keys[].KeyId",
            ".Keys[].Parts[0].Id",
            " .Keys[] | {id: .KeyId, of: $item} ",
            ".Keys[].Id | sub(\"^/x/\"; \"\") | ., .",
        ] {
            assert_eq!(list_of_items(text), Some("Keys"), "{text}");
        }
        for text in [
            ".Keys | .[]",
            ".Keys[] as $key | .Keys",
            ".Keys[], .Other[]",
            ".Keys[] // 1",
            ".Keys[] |= 1",
            ".Keys[0]",
            "[.Keys[]]",
            "first(.Keys[])",
            ".Keys as $all | $all[]",
            "$item.Keys[]",
            ".Keys?[]",
        ] {
            assert_eq!(list_of_items(text), None, "{text}");
        }
    }

    #[test]
    fn growing_or_endless_filter_is_no_path() {
        for text in [
            "..",
            "def f: f; f",
            ".a, .a",
            ".a[] | $item.a[]",
            "[range(1e9)]",
            ".a | (.b, .b)",
            "[.a] | [.b]",
            "[.a",
            ".a]",
            "[0]",
            ".a | [0]",
            "$items",
            ".a |= .b",
            ".a ?// .b",
            ".a.",
            ".a??",
            ".[-1]",
            ".[1:2]",
            ".\"a\\u0062\"",
            ".a + .a",
            ".[.a[]]",
            ".a[] as $x | $x",
            "recurse",
            "\"\\(.a)\"",
            "",
        ] {
            assert!(PathFilter::parse(text).is_none(), "{text}");
        }
    }
}
