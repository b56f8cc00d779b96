//! Environments in texts: all their values are redacted, whatever the names of the variables.

use std::cell::{Cell, RefCell};

use super::scan::{
    Span, indentation, is_blank, is_name, line_end, look_at, name_at, quoted, skip, skip_near, stands_at,
};
use super::{NAMED, SearchMemory};
use crate::plan::redaction::{names, values};

/// Parts of an environment that refer to values elsewhere, and contain none.
const ELSEWHERE: [&str; 8] = [
    "parameter-store",
    "secrets-manager",
    "exported-variables",
    "valuefrom",
    "secretkeyref",
    "configmapkeyref",
    "git-credential-helper",
    "shell",
];

/// The maximum number of environments within each other; values in deeper ones are in the lines of the first.
const MOST_BLOCKS: usize = 16;

/// What was found out about the environments of a text.
#[derive(Debug, Default)]
pub(super) struct EnvironmentMemory {
    /// The indented blocks that the search is in.
    blocks: RefCell<Vec<EnvironmentBlock>>,
    /// The end of the brackets whose values were found.
    brackets_end: Cell<usize>,
    /// Whether the text is a Dockerfile.
    has_base_image: Cell<Option<bool>>,
    /// Whether the values of a Kubernetes secret were found.
    has_kubernetes_secret: Cell<bool>,
}

/// Indented lines whose values were found, unless variables are nested in them.
#[derive(Debug)]
struct EnvironmentBlock {
    outer: usize,
    end: usize,
    /// The start of the last line with nested variables.
    variables: Option<usize>,
    /// The start of the last line with the value of a pair.
    pairs: Option<usize>,
}

/// Finds the values of the environment with a part of its name at `place`.
pub(super) fn find(text: &str, place: usize, memory: &SearchMemory, spans: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    if stands_at(bytes, place, "env ") {
        return of_image(text, place, memory, spans);
    }
    let (start, end) = name_at(bytes, place);
    if !text.get(start..end).is_some_and(names::is_environment) {
        return;
    }
    let closed = skip_near(bytes, end, 4, |byte| matches!(byte, b'"' | b'\'' | b'\\'));
    let colon = skip(bytes, closed, is_blank);
    if bytes.get(colon) != Some(&b':') {
        return;
    }
    let place = skip(bytes, colon + 1, is_blank);
    match bytes.get(place) {
        Some(b'{' | b'[') => in_brackets(text, place, &memory.environments, spans),
        None | Some(b'\n' | b'\r' | b'#') => {
            let line = memory.lines.at(bytes, start);
            in_lines(text, line.start, line.indented - line.start, &memory.environments, spans);
        }
        _ => {}
    }
}

/// Finds the values of the instruction `ENV` of a Dockerfile: `ENV NAME=X OTHER=Y`, `ENV NAME X`.
/// docs.docker.com/reference/dockerfile#env
fn of_image(text: &str, place: usize, memory: &SearchMemory, spans: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    let line = memory.lines.at(bytes, place);
    if place != line.indented || !bytes[place..].starts_with(b"ENV ") {
        return;
    }
    let has_base_image = &memory.environments.has_base_image;
    let is_of_image = has_base_image.get().unwrap_or_else(|| text.contains("FROM"));
    has_base_image.set(Some(is_of_image));
    if !is_of_image {
        return;
    }
    let end = line.end;
    let mut next = skip(bytes, place + 4, is_blank);
    let name = skip(bytes, next, is_name);
    if bytes.get(name).is_some_and(|byte| is_blank(*byte)) {
        let start = skip(bytes, name, is_blank);
        return push(text, start, end, spans);
    }
    while next < end {
        let name = skip(bytes, next, is_name);
        if bytes.get(name) != Some(&b'=') {
            return;
        }
        let (start, stop) = quoted(bytes, name + 1)
            .unwrap_or((name + 1, skip(bytes, name + 1, |byte| !byte.is_ascii_whitespace())));
        push(text, start, stop, spans);
        next = skip(bytes, stop, |byte| is_blank(byte) || matches!(byte, b'"' | b'\''));
    }
}

/// Returns whether `Secret` at this place is the kind of a Kubernetes manifest.
pub(super) fn is_kubernetes_secret(text: &str, place: usize) -> bool {
    stands_at(text.as_bytes(), place, "secret") && text[..place].ends_with("kind: ")
}

/// Finds the values of a Kubernetes secret, whatever their names.
/// kubernetes.io/docs/concepts/configuration/secret
pub(super) fn of_kubernetes(text: &str, memory: &EnvironmentMemory, spans: &mut Vec<Span>) {
    if memory.has_kubernetes_secret.replace(true) {
        return;
    }
    for name in ["\ndata:", "\nstringData:"] {
        // The search itself may be in other blocks.
        let memory = EnvironmentMemory::default();
        for (place, _) in text.match_indices(name) {
            in_lines(text, place + 1, 0, &memory, spans);
        }
    }
}

/// Finds the values of `environment: {A: b, C: d}` and `environment: ["A=b"]`.
fn in_brackets(text: &str, open: usize, memory: &EnvironmentMemory, spans: &mut Vec<Span>) {
    if open < memory.brackets_end.get() {
        return;
    }
    let bytes = text.as_bytes();
    let mut place = open + 1;
    let mut depth = 1;
    while let Some(byte) = bytes.get(place).filter(|_| depth > 0) {
        look_at(1);
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b':' | b'=' => {
                let start = skip(bytes, place + 1, is_blank);
                let (start, end) = quoted(bytes, start).unwrap_or_else(|| {
                    (
                        start,
                        skip(bytes, start, |byte| {
                            !matches!(byte, b',' | b'}' | b']' | b'{' | b'[' | b'\n' | b'"' | b'\'')
                        }),
                    )
                });
                if end > start {
                    push(text, start, end, spans);
                    place = end;
                    continue;
                }
            }
            _ => {}
        }
        place += 1;
    }
    memory.brackets_end.set(place);
}

/// Finds the values in the lines below a line with a name, which have a larger indentation: `NAME: X`, `- NAME=X`,
/// and pairs of `name:` and `value:`.
fn in_lines(text: &str, line: usize, outer: usize, memory: &EnvironmentMemory, spans: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    let mut open = memory.blocks.borrow_mut();
    open.retain(|block| block.end > line);
    if open.len() >= MOST_BLOCKS || open.iter().any(|block| block.includes(line, outer)) {
        return;
    }
    let (mut lines, mut block_end) = (Vec::new(), line + 1);
    for (start, end) in lines_below(bytes, line) {
        let inner = indentation(bytes, start);
        let is_empty = start + inner >= end;
        // A list may have the same indentation as the name that it belongs to.
        let is_item = inner == outer && bytes.get(start + inner) == Some(&b'-');
        if !(is_empty || inner > outer || is_item) {
            break;
        }
        if !is_empty {
            lines.push((start, end));
        }
        block_end = end;
    }
    let last_with = |names: &[&str]| {
        let has_name = |(start, end): &&(usize, usize)| {
            let (key, _) = key_of(text, *start, *end);
            key.is_some_and(|key| names.iter().any(|name| name.eq_ignore_ascii_case(key)))
        };
        lines.iter().rfind(has_name).map(|(start, _)| *start)
    };
    let block = EnvironmentBlock {
        outer,
        end: block_end,
        variables: last_with(&["variables", "environmentvariables"]),
        pairs: last_with(&["value"]),
    };
    let (has_variables, is_pairs) = (block.variables.is_some(), block.pairs.is_some());
    open.retain(|other| other.outer != outer);
    open.push(block);
    // Nested variables are handled when their name is reached.
    if !has_variables {
        values_of(text, lines, is_pairs, spans);
    }
}

impl EnvironmentBlock {
    /// Returns whether the values below a line in the block, which has this indentation, were found with it. In a
    /// list, each item may be an environment, and extends to the end of the list.
    fn includes(&self, line: usize, outer: usize) -> bool {
        let is_same = |last: Option<usize>| last.is_none_or(|last| line < last);
        outer == self.outer && is_same(self.variables) && is_same(self.pairs)
    }
}

/// Finds the values of these lines.
fn values_of(text: &str, lines: Vec<(usize, usize)>, is_pairs: bool, spans: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    let mut beyond = usize::MAX;
    for (start, end) in lines {
        let inner = indentation(bytes, start);
        if inner > beyond {
            continue;
        }
        beyond = usize::MAX;
        let (key, value) = key_of(text, start, end);
        let Some((from, to)) = value else {
            if key.is_some_and(|key| ELSEWHERE.iter().any(|part| part.eq_ignore_ascii_case(key))) {
                beyond = inner;
            }
            continue;
        };
        let is_kept = key.is_some_and(|key| {
            (is_pairs && !["value", "default"].iter().any(|name| name.eq_ignore_ascii_case(key)))
                || ELSEWHERE.iter().any(|part| part.eq_ignore_ascii_case(key))
        });
        if !is_kept {
            push(text, from, to, spans);
        }
    }
}

/// Returns the lines after the one that starts at `line`, without their line breaks.
fn lines_below(bytes: &[u8], line: usize) -> impl Iterator<Item = (usize, usize)> {
    let mut next = line_end(bytes, line);
    std::iter::from_fn(move || {
        let break_end = match &bytes[next.min(bytes.len())..] {
            [b'\r', b'\n', ..] => next + 2,
            [b'\n' | b'\r', ..] => next + 1,
            _ => return None,
        };
        next = line_end(bytes, break_end);
        Some((break_end, next))
    })
}

/// Returns the name and the value of a line of YAML: `- NAME: X`, `NAME=X`.
fn key_of(text: &str, start: usize, end: usize) -> (Option<&str>, Option<(usize, usize)>) {
    let bytes = text.as_bytes();
    let from = skip(bytes, start, |byte| is_blank(byte) || matches!(byte, b'-' | b'"' | b'\'')).min(end);
    let to = skip(bytes, from, is_name).min(end);
    let key = (to > from).then(|| &text[from..to]);
    let sign = skip(bytes, to, |byte| is_blank(byte) || matches!(byte, b'"' | b'\''));
    if sign >= end || !matches!(bytes[sign], b':' | b'=') {
        return (key, None);
    }
    let value = skip(bytes, sign + 1, is_blank).min(end);
    let (from, to) = quoted(bytes, value)
        .unwrap_or((value, value + text[value..end].trim_end().trim_end_matches(['"', '\'']).len()));
    (key, (from < to && to <= end).then_some((from, to)))
}

fn push(text: &str, start: usize, end: usize, spans: &mut Vec<Span>) {
    let value = text[start..end].trim();
    let is_block = value.len() <= 2 && value.starts_with(['|', '>', '&']);
    if !value.is_empty() && !is_block && !values::is_reference(value) && !value.starts_with("[redacted") {
        spans.push(Span { start, end, kind: NAMED });
    }
}
