//! The syntax of the shared config and credentials files, as botocore reads it.
//!
//! botocore uses Python's `configparser.RawConfigParser` with its defaults (`Lib/configparser.py`, `_read`): `=` and
//! `:` separate names from values, comments have their own lines, a line that is indented deeper than its option
//! continues the value, and a section or an option that occurs twice is an error.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use super::python_text::{is_space, lines, strip};

/// The section whose options apply to all other sections (`configparser.DEFAULTSECT`).
const DEFAULTS: &str = "DEFAULT";

/// The value of an option.
#[derive(Clone, PartialEq, Eq)]
pub enum IniValue {
    /// A value on one or several lines.
    Text(String),
    /// Options below an option that has no value itself, such as `s3 =` and its settings.
    Nested(BTreeMap<String, String>),
}

impl fmt::Debug for IniValue {
    /// Prints no value, which may be a secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("IniValue")
    }
}

/// The options of a section by their names in lower case.
pub type IniSection = BTreeMap<String, IniValue>;

/// A line that botocore rejects.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {problem}")]
pub(super) struct IniError {
    line: usize,
    problem: String,
}

/// The value of an option while its lines are read.
struct RawOption {
    line: usize,
    values: Vec<String>,
}

type RawSection = BTreeMap<String, RawOption>;

/// Parses the sections of a file, in the order of their first lines.
///
/// # Errors
///
/// Returns the first line that botocore rejects, with the reason. No value is repeated: it may be a secret.
pub(super) fn parse(file: &[u8]) -> Result<Vec<(String, IniSection)>, IniError> {
    let text = std::str::from_utf8(file).map_err(|error| {
        let valid = file.get(..error.valid_up_to()).unwrap_or_default();
        let line = valid.split(|byte| *byte == b'\n').count();
        IniError { line, problem: "a character is not valid UTF-8; save the file as UTF-8".to_owned() }
    })?;
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let (defaults, sections) = read_lines(&text)?;
    if sections.is_empty() {
        return Ok(Vec::new());
    }
    let defaults = section(defaults)?;
    let complete = |(name, options)| {
        let mut section = section(options)?;
        for (option, value) in &defaults {
            section.entry(option.clone()).or_insert_with(|| value.clone());
        }
        Ok((name, section))
    };
    sections.into_iter().map(complete).collect()
}

/// Reads the lines of a file into the options of [`DEFAULTS`] and of all other sections.
fn read_lines(text: &str) -> Result<(RawSection, Vec<(String, RawSection)>), IniError> {
    let (mut defaults, mut sections) = (RawSection::new(), Vec::<(String, RawSection)>::new());
    let mut known = HashSet::new();
    let mut is_defaults = false;
    let mut current: Option<String> = None;
    let mut option_indent = 0;
    for (index, line) in text.split('\n').enumerate() {
        let error = |problem: String| IniError { line: index + 1, problem };
        let content = strip(line);
        let section = match (is_defaults, sections.last_mut()) {
            (true, _) => Some((DEFAULTS, &mut defaults)),
            (false, Some((name, section))) => Some((name.as_str(), section)),
            (false, None) => None,
        };
        let option =
            current.as_ref().and_then(|option| section.as_ref().and_then(|(_, section)| section.get(option)));
        if content.starts_with(['#', ';']) {
            continue;
        }
        let indent = line.chars().take_while(|character| is_space(*character)).count();
        if option.is_some() && (content.is_empty() || indent > option_indent) {
            if let (Some(option), Some((_, section))) = (&current, section)
                && let Some(option) = section.get_mut(option)
            {
                option.values.push(content.to_owned());
            }
            continue;
        }
        if content.is_empty() {
            continue;
        }
        option_indent = indent;
        if let Some(name) = header(content) {
            is_defaults = name == DEFAULTS;
            current = None;
            if !is_defaults {
                if sections.iter().any(|(other, _)| other == name) {
                    return Err(error(format!("the section [{name}] occurs twice")));
                }
                sections.push((name.to_owned(), RawSection::new()));
            }
            continue;
        }
        let Some((name, section)) = section else {
            let problem = if content.starts_with('\u{feff}') {
                "the file starts with a byte order mark; save it as UTF-8 without one"
            } else {
                "an option before the first section, such as [default]"
            };
            return Err(error(problem.to_owned()));
        };
        let (option, value) = content
            .split_once(['=', ':'])
            .ok_or_else(|| error(format!("neither a section nor `name = value`, in section [{name}]")))?;
        let option = strip(option).to_lowercase();
        if option.is_empty() {
            return Err(error(format!("a value without a name, in section [{name}]")));
        }
        if !known.insert((name.to_owned(), option.clone())) {
            return Err(error(format!("`{option}` occurs twice in section [{name}]")));
        }
        section.insert(option.clone(), RawOption { line: index + 1, values: vec![strip(value).to_owned()] });
        current = Some(option);
    }
    Ok((defaults, sections))
}

/// Returns the name in a section's line. Text after the last `]` is ignored.
fn header(line: &str) -> Option<&str> {
    let name = line.strip_prefix('[')?;
    name.get(..name.rfind(']')?).filter(|name| !name.is_empty())
}

/// Joins the lines of each value; a value with lines only below its option is nested (`configloader._parse_nested`).
fn section(options: RawSection) -> Result<IniSection, IniError> {
    let value = |(name, option): (String, RawOption)| {
        let text = option.values.join("\n");
        let text = text.trim_end_matches(is_space);
        if !text.starts_with('\n') {
            return Ok((name, IniValue::Text(text.to_owned())));
        }
        let mut nested = BTreeMap::new();
        for line in lines(text).map(strip).filter(|line| !line.is_empty()) {
            let (key, value) = line.split_once('=').ok_or_else(|| IniError {
                line: option.line,
                problem: format!("a line below `{name}` has no `=`"),
            })?;
            nested.insert(strip(key).to_owned(), strip(value).to_owned());
        }
        Ok((name, IniValue::Nested(nested)))
    };
    options.into_iter().map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::{IniValue, parse};

    #[track_caller]
    fn expect_error(text: &str, expected: &str) {
        assert_eq!(parse(text.as_bytes()).expect_err("an error").to_string(), expected);
    }

    #[test]
    fn value_continues_on_deeper_lines_and_nests_without_own_text() {
        let text = "[a] trailing\n one: 1\n  2\n\n# comment\n  3\n two =\n   x = y\n";
        let sections = parse(text.as_bytes()).expect("sections");
        assert_eq!(sections[0].0, "a");
        assert!(matches!(&sections[0].1["one"], IniValue::Text(text) if text == "1\n2\n\n3"));
        assert!(matches!(&sections[0].1["two"], IniValue::Nested(nested) if nested["x"] == "y"));
    }

    /// A mistake is reported with its line, and never with a value.
    #[test]
    fn mistakes_are_reported_with_line_and_without_value() {
        expect_error("x = secret", "line 1: an option before the first section, such as [default]");
        expect_error("[a]\n\nsecret", "line 3: neither a section nor `name = value`, in section [a]");
        expect_error("[a]\n= secret", "line 2: a value without a name, in section [a]");
        expect_error("[a]\nx = 1\n[b]\n[a]", "line 4: the section [a] occurs twice");
        expect_error("[a]\nX = secret\nx: secret", "line 3: `x` occurs twice in section [a]");
        expect_error("[a]\ns3 =\n  secret", "line 2: a line below `s3` has no `=`");
        expect_error(
            "\u{feff}[a]",
            "line 1: the file starts with a byte order mark; save it as UTF-8 without one",
        );
        let error = parse(b"[a]\nx = \xff").expect_err("an error").to_string();
        assert_eq!(error, "line 2: a character is not valid UTF-8; save the file as UTF-8");
    }
}
