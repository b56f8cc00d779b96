//! Environments in texts: all their values are redacted, whatever the names of the variables.

use super::NAMED;
use super::scan::{
    Span, indentation, is_blank, is_name, line_end, line_start, name_at, quoted, skip, stands_at,
};
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

/// Finds the values of the environment with a part of its name at `place`.
pub(super) fn find(text: &str, place: usize, spans: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    if stands_at(bytes, place, "env ") {
        return of_image(text, place, spans);
    }
    let (start, end) = name_at(bytes, place);
    if !text.get(start..end).is_some_and(names::is_environment) {
        return;
    }
    let closed = skip(bytes, end, |byte| matches!(byte, b'"' | b'\'' | b'\\')).min(end + 4);
    let colon = skip(bytes, closed, is_blank);
    if bytes.get(colon) != Some(&b':') {
        return;
    }
    let place = skip(bytes, colon + 1, is_blank);
    match bytes.get(place) {
        Some(b'{' | b'[') => in_brackets(text, place, spans),
        None | Some(b'\n' | b'\r' | b'#') => in_lines(text, start, spans),
        _ => {}
    }
}

/// Finds the values of the instruction `ENV` of a Dockerfile: `ENV NAME=X OTHER=Y`, `ENV NAME X`.
/// docs.docker.com/reference/dockerfile#env
fn of_image(text: &str, place: usize, spans: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    let line = line_start(bytes, place);
    let is_instruction =
        bytes[line..place].iter().all(|byte| is_blank(*byte)) && bytes[place..].starts_with(b"ENV ");
    if !is_instruction || !text.contains("FROM") {
        return;
    }
    let end = line_end(bytes, place);
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
pub(super) fn of_kubernetes(text: &str, spans: &mut Vec<Span>) {
    for name in ["\ndata:", "\nstringData:"] {
        for (place, _) in text.match_indices(name) {
            in_lines(text, place + 1, spans);
        }
    }
}

/// Finds the values of `environment: {A: b, C: d}` and `environment: ["A=b"]`.
fn in_brackets(text: &str, open: usize, spans: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    let mut place = open + 1;
    let mut depth = 1;
    while let Some(byte) = bytes.get(place) {
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
        if depth == 0 {
            return;
        }
        place += 1;
    }
}

/// Finds the values in the indented lines below the name: `NAME: X`, `- NAME=X`, and pairs of `name:` and
/// `value:`.
fn in_lines(text: &str, name: usize, spans: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    let line = line_start(bytes, name);
    let outer = indentation(bytes, line);
    // A list may have the same indentation as the name that it belongs to.
    let block: Vec<(usize, usize)> = lines_below(bytes, line)
        .take_while(|(start, end)| {
            let inner = indentation(bytes, *start);
            start + inner >= *end
                || inner > outer
                || (inner == outer && bytes.get(start + inner) == Some(&b'-'))
        })
        .filter(|(start, end)| start + indentation(bytes, *start) < *end)
        .collect();
    // Nested variables are handled when their name is reached.
    let is_variables = |(start, end): &(usize, usize)| {
        let (key, _) = key_of(text, *start, *end);
        key.is_some_and(|key| {
            key.eq_ignore_ascii_case("variables") || key.eq_ignore_ascii_case("environmentvariables")
        })
    };
    if block.iter().any(is_variables) {
        return;
    }
    let is_pairs = block.iter().any(|(start, end)| {
        key_of(text, *start, *end).0.is_some_and(|key| key.eq_ignore_ascii_case("value"))
    });
    let mut beyond = usize::MAX;
    for (start, end) in block {
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
