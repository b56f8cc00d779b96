//! Paths into a value. A filter that only follows a path is evaluated without jaq, and needs no limits: each step
//! descends or removes nulls, so that no part of the input is visited twice and the work is linear in the input.

use serde_json::Value;

use super::path_parser::{JqPath, PathParser, PathPart, PathStep};

/// The value of a member that an object lacks.
static NULL: Value = Value::Null;

/// A filter that is a path, or several with `|` between, alone or in brackets.
#[derive(Debug)]
pub(super) struct PathFilter {
    from_item: bool,
    steps: Box<[PathStep<Box<str>>]>,
    /// Whether the filter yields one list of all values.
    listed: bool,
}

impl PathFilter {
    /// Parses the text of a filter; `None` if it is not a path.
    pub(super) fn parse(text: &str) -> Option<Self> {
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
        let JqPath { from_item, steps } = path;
        let steps = steps.into_iter().map(PathStep::owned).collect();
        (closed && parser.is_at_end()).then_some(Self { from_item, steps, listed })
    }

    /// Returns the outputs on `input`; `None` if a step fails, because a value does not have the type that it needs.
    pub(super) fn outputs(&self, input: &Value, item: &Value) -> Option<Vec<Value>> {
        let mut values = vec![if self.from_item { item } else { input }];
        for step in &self.steps {
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

impl PathStep<&str> {
    fn owned(self) -> PathStep<Box<str>> {
        let part = match self.part {
            PathPart::Member(name) => PathPart::Member(name.into()),
            PathPart::Position(position) => PathPart::Position(position),
            PathPart::Each => PathPart::Each,
            PathPart::Values => PathPart::Values,
        };
        PathStep { part, optional: self.optional }
    }
}

impl PathStep<Box<str>> {
    /// Adds the values to which the step leads from a value.
    fn follow<'value>(&self, value: &'value Value, to: &mut Vec<&'value Value>) -> Option<()> {
        match (&self.part, value) {
            (PathPart::Values, Value::Null) => {}
            (PathPart::Values, value) => to.push(value),
            (PathPart::Member(name), Value::Object(members)) => {
                to.push(members.get(&**name).unwrap_or(&NULL));
            }
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::PathFilter;
    use crate::plan::spec::filter::JqFilter;

    const PATHS: [&str; 42] = [
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
        ".Items[]?.Name? | values",
        "[.Items[]?|values |.Name?]",
        ". | values",
        "$item.Arn? |values\n",
        "[.[]? | values]",
        ".a | values | .b",
        ".Items | values | .[]",
        "[.a? | values | .b]",
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
            "values",
            ".a | values[0]",
            ".a | values2",
            ".a | values | values",
            ".a, .b | values",
            ".a | values |= 1",
            "\"\\(.a)\"",
            "",
        ] {
            assert!(PathFilter::parse(text).is_none(), "{text}");
        }
    }
}
