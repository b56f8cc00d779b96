//! Specs in YAML, read into the same values as JSON.
//!
//! The scalars are those of YAML 1.2's core schema (<https://yaml.org/spec/1.2.2/#103-core-schema>). Texts without quotes
//! that YAML 1.1, such as `PyYAML`, reads as another value are errors: `no`, `010`, `1_000`. So are twelve digits, because
//! an account ID is a text. Duplicate keys are errors, and anchors cannot make a document much larger than its text.

use std::collections::HashMap;

use granit_parser::{Event, Marker, Parser, ScalarStyle, Span, Tag};
use serde_json::{Map, Number, Value};

/// The maximum number of values in a document, with those that aliases repeat.
const LARGEST: usize = 1_000_000;

/// A mistake in a document.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct YamlError {
    /// The line, from 1.
    pub(super) line: usize,
    /// The column in characters, from 1.
    pub(super) column: usize,
    pub(super) message: String,
}

impl YamlError {
    fn new(place: Marker, message: impl Into<String>) -> Self {
        Self { line: place.line(), column: place.col() + 1, message: message.into() }
    }
}

/// Reads the only document of a text; an empty text is `null`.
pub(super) fn parse(text: &str) -> Result<Value, YamlError> {
    let mut composer =
        Composer { events: Parser::new_from_str(text), anchors: HashMap::new(), left: LARGEST };
    let mut document = None;
    loop {
        let (event, span) = composer.next()?;
        match event {
            Event::StreamEnd => return Ok(document.unwrap_or_default()),
            Event::DocumentStart(..) if document.is_some() => {
                return Err(YamlError::new(span.start, "a second document; a spec is one"));
            }
            Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd => {}
            event => document = Some(composer.value(event, span)?),
        }
    }
}

/// Makes values of events.
struct Composer<'text> {
    events: Parser<'text, granit_parser::StrInput<'text>>,
    /// The values with an anchor, and how many values each has.
    anchors: HashMap<usize, (Value, usize)>,
    /// How many values the document may still get.
    left: usize,
}

impl<'text> Composer<'text> {
    fn next(&mut self) -> Result<(Event<'text>, Span), YamlError> {
        match self.events.next() {
            Some(Ok(next)) => Ok(next),
            Some(Err(error)) => Err(YamlError::new(*error.marker(), error.info())),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn value(&mut self, event: Event<'text>, span: Span) -> Result<Value, YamlError> {
        let before = self.left;
        self.spend(1, span)?;
        let (value, anchor) = match event {
            Event::Alias(anchor) => {
                let Some((value, size)) = self.anchors.get(&anchor).cloned() else {
                    return Err(YamlError::new(span.start, "an alias of a value that contains it"));
                };
                self.spend(size, span)?;
                (value, 0)
            }
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = check_tag(tag.as_deref(), span)? || style != ScalarStyle::Plain;
                let value = if is_text { Ok(Value::from(&*text)) } else { plain(&text) };
                (value.map_err(|message| YamlError::new(span.start, message))?, anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                check_tag(tag.as_deref(), span)?;
                (self.list()?, anchor)
            }
            Event::MappingStart(_, anchor, tag) => {
                check_tag(tag.as_deref(), span)?;
                (self.object()?, anchor)
            }
            _ => return Err(YamlError::new(span.start, "a value is missing")),
        };
        if anchor != 0 {
            self.anchors.insert(anchor, (value.clone(), before - self.left));
        }
        Ok(value)
    }

    fn list(&mut self) -> Result<Value, YamlError> {
        let mut values = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(Value::Array(values)),
                (event, span) => values.push(self.value(event, span)?),
            }
        }
    }

    fn object(&mut self) -> Result<Value, YamlError> {
        let mut members = Map::new();
        loop {
            let (event, span) = self.next()?;
            let key = match event {
                Event::MappingEnd => return Ok(Value::Object(members)),
                Event::Scalar(key, ..) if key == "<<" => {
                    return Err(YamlError::new(
                        span.start,
                        "merge keys (`<<`) are not supported: repeat the keys",
                    ));
                }
                Event::Scalar(key, ..) => key.into_owned(),
                _ => return Err(YamlError::new(span.start, "a key must be a text")),
            };
            let (event, value_span) = self.next()?;
            let value = self.value(event, value_span)?;
            if members.insert(key.clone(), value).is_some() {
                return Err(YamlError::new(span.start, format!("the key `{key}` is there twice")));
            }
        }
    }

    /// Counts values of the document.
    fn spend(&mut self, values: usize, span: Span) -> Result<(), YamlError> {
        let left = self.left.checked_sub(values);
        self.left = left.ok_or_else(|| YamlError::new(span.start, format!("more than {LARGEST} values")))?;
        Ok(())
    }
}

/// Returns whether a tag makes a text of a scalar. Other tags are errors.
fn check_tag(tag: Option<&Tag>, span: Span) -> Result<bool, YamlError> {
    match tag.map(|tag| (tag.core_suffix(), tag)) {
        None => Ok(false),
        Some((Some("str"), _)) => Ok(true),
        Some((_, tag)) => {
            let tag = format!("{}{}", tag.original_handle(), tag.suffix());
            Err(YamlError::new(span.start, format!("the tag `{tag}` is not supported")))
        }
    }
}

/// Returns the value of a scalar without quotes. A number has the same form as in JSON.
fn plain(text: &str) -> Result<Value, String> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Value::Null),
        "true" | "True" | "TRUE" => return Ok(true.into()),
        "false" | "False" | "FALSE" => return Ok(false.into()),
        _ => {}
    }
    if is_ambiguous(text) {
        return Err(format!(
            "`{text}` has several meanings in YAML: put it in quotes, or write true, false or a number"
        ));
    }
    let is_digit = |letter: u8| letter.is_ascii_digit();
    if text.len() == 12 && text.bytes().all(is_digit) {
        return Err(format!("`{text}` is a number, but looks like an account ID: put it in quotes"));
    }
    match serde_json::from_str::<Number>(text) {
        Ok(number) => Ok(Value::Number(number)),
        // Numbers that JSON writes in another way, such as `+1` and `.5`, but no words such as `inf`.
        Err(_) if text.bytes().any(is_digit) && text.parse::<f64>().is_ok() => {
            Err(format!("`{text}` is not written like a number in JSON: change it, or put it in quotes"))
        }
        Err(_) => Ok(text.into()),
    }
}

/// Returns whether YAML 1.1 reads a text as true or false, or as a number in another base or with separators, and
/// YAML 1.2 does not (<https://yaml.org/type/bool.html>, <https://yaml.org/type/int.html>).
fn is_ambiguous(text: &str) -> bool {
    let number = text.strip_prefix(['-', '+']).unwrap_or(text);
    let all = |text: &str, is_meant: fn(u8) -> bool| {
        !text.is_empty() && text.bytes().all(|letter| letter == b'_' || is_meant(letter))
    };
    let has_base = ["0b", "0o", "0x"].iter().any(|base| {
        number.strip_prefix(base).is_some_and(|digits| all(digits, |letter| letter.is_ascii_hexdigit()))
    });
    let is_whole = number.starts_with(|first: char| first.is_ascii_digit())
        && all(number, |letter| letter.is_ascii_digit());
    let is_word = ["y", "n", "yes", "no", "on", "off"].iter().any(|word| text.eq_ignore_ascii_case(word))
        || [".inf", ".nan"].iter().any(|word| number.eq_ignore_ascii_case(word));
    is_word || has_base || (is_whole && number.len() > 1 && (number.starts_with('0') || number.contains('_')))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use serde_json::{Value, json};

    use super::parse;

    #[track_caller]
    fn read(text: &str) -> Value {
        parse(text).expect("a document")
    }

    #[track_caller]
    fn complaint(text: &str) -> String {
        let error = parse(text).expect_err("a mistake");
        format!("{}:{}: {}", error.line, error.column, error.message)
    }

    #[test]
    fn documents_are_the_same_as_in_json() {
        let text = "# all buckets\n---\n- service: s3\n  function: list_buckets # in every account\n  \
                    parameters: {MaxBuckets: 10, Ratio: 1.5}\n  paginate: false\n  result_key: |-\n    .Buckets[]\n    | .Name\n";
        let expected = json!([{
            "service": "s3", "function": "list_buckets", "parameters": {"MaxBuckets": 10, "Ratio": 1.5},
            "paginate": false, "result_key": ".Buckets[]\n| .Name"
        }]);
        assert_eq!(read(text), expected);
        // YAML contains JSON.
        assert_eq!(read(&expected.to_string()), expected);
        assert_eq!(
            read("[~, null, '', \"no\", '010', 1e3, -1, 2026-11-30, 12:30, eu-west-1]"),
            json!([null, null, "", "no", "010", 1000.0, -1, "2026-11-30", "12:30", "eu-west-1"])
        );
        assert_eq!(read(""), Value::Null);
        assert_eq!(read("18446744073709551615"), json!(u64::MAX));
        assert_eq!(read("!!str 010"), json!("010"));
    }

    #[test]
    fn scalars_with_several_meanings_are_errors() {
        for scalar in
            ["no", "Yes", "ON", "off", "y", "010", "-07", "-.inf", "000123456789", "0x1f", "0o17", "1_000"]
        {
            let text = complaint(&format!("accounts:\n  - {scalar}\n"));
            assert!(text.starts_with(&format!("2:5: `{scalar}` has several meanings")), "{text}");
            assert!(text.contains("put it in quotes"), "{text}");
        }
        assert!(complaint("- +1").contains("`+1` is not written like a number in JSON"));
        assert!(complaint("- 123456789012").contains("looks like an account ID: put it in quotes"));
    }

    #[test]
    fn anchors_repeat_values_within_bounds() {
        let text = "sheets: [&one {service: s3}, &two {service: sqs}]\ninventories: [*one, *two]\n";
        let sheets = json!([{"service": "s3"}, {"service": "sqs"}]);
        assert_eq!(read(text), json!({"sheets": sheets, "inventories": sheets}));
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..9 {
            let of = format!("*a{}", level - 1);
            let _ = writeln!(text, "a{level}: &a{level} [{}]", [of.as_str(); 10].join(", "));
        }
        assert!(complaint(&text).contains("more than 1000000 values"));
        assert!(complaint("a: &a [*a]").contains("an alias of a value that contains it"));
    }

    #[test]
    fn what_json_does_not_have_is_an_error_with_its_place() {
        for (text, expected) in [
            ("a: 1\nb: 2\na: 3\n", "3:1: the key `a` is there twice"),
            ("a: &a {b: 1}\nc:\n  <<: *a\n", "3:3: merge keys"),
            ("a: !secret x\n", "1:12: the tag `!secret` is not supported"),
            ("? [a]\n: 1\n", "1:3: a key must be a text"),
            ("--- a\n--- b\n", "2:1: a second document"),
            ("a: b: c\n", "1:5: "),
        ] {
            let text = complaint(text);
            assert!(text.starts_with(expected), "{text}");
        }
    }
}
