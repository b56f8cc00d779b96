//! Paths of REST operations, and whether they indicate a read.

/// A path with labels, and fixed parameters after it: `/functions/{name}?List=ALL`.
#[derive(Debug)]
pub(super) struct PathTemplate<'uri> {
    segments: Vec<&'uri str>,
    parameters: Vec<&'uri str>,
}

/// Words for reading in the paths of AWS APIs.
const READING: [&str; 11] = [
    "batchdescribe",
    "batchget",
    "describe",
    "filter",
    "find",
    "get",
    "list",
    "lookup",
    "query",
    "scan",
    "search",
];

/// Verbs of operations that are not reads.
const WRITING: [&str; 24] = [
    "Add",
    "Associate",
    "Cancel",
    "Create",
    "Delete",
    "Disable",
    "Disassociate",
    "Enable",
    "Execute",
    "Import",
    "Invoke",
    "Modify",
    "Publish",
    "Put",
    "Reboot",
    "Register",
    "Remove",
    "Reset",
    "Run",
    "Send",
    "Start",
    "Stop",
    "Terminate",
    "Update",
];

impl<'uri> PathTemplate<'uri> {
    /// Parses a request URI of a model.
    pub(super) fn parse(uri: &'uri str) -> Result<Self, String> {
        let malformed = || format!("`{}` is not a valid path", uri.escape_debug());
        let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
        let segments = path.strip_prefix('/').ok_or_else(malformed)?;
        // A trailing slash is allowed.
        let segments: Vec<&str> = segments.strip_suffix('/').unwrap_or(segments).split('/').collect();
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~@{}+:".contains(&byte);
        let is_segment = |segment: &&str| {
            segment.bytes().all(is_letter) && !matches!(*segment, "." | "..") && braces_match(segment)
        };
        let is_empty = segments == [""];
        let has_gap = !is_empty && segments.iter().any(|segment| segment.is_empty());
        let is_query_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_=&+".contains(&byte);
        if has_gap || !segments.iter().all(is_segment) || !query.bytes().all(is_query_letter) {
            return Err(malformed());
        }
        let parameters = query.split('&').filter(|parameter| !parameter.is_empty());
        Ok(Self { segments, parameters: parameters.collect() })
    }

    /// Returns whether the path itself indicates a read: its last segment is a word for reading, starts or ends
    /// with one, or is the operation's name; or one segment is the verb of the name, and the last one is the rest
    /// of the name.
    pub(super) fn indicates_read(&self, operation: &str) -> bool {
        const CHANGING: [&str; 8] =
            ["create", "delete", "execute", "invoke", "put", "remove", "terminate", "update"];
        let last = *self.segments.last().unwrap_or(&"");
        let operation = operation.to_ascii_lowercase();
        let compact = compact(last);
        if compact == operation {
            return true;
        }
        let words = words(last);
        if words.iter().any(|word| CHANGING.contains(&&**word))
            || last.contains('{')
            || self.segments.iter().any(|segment| begins_with_writing_verb(segment))
        {
            return false;
        }
        let is_reading = |word: &str| READING.contains(&word);
        let starts_with_verb = READING.iter().any(|verb| {
            operation.starts_with(verb)
                && compact.strip_prefix(verb).is_some_and(|rest| operation.contains(rest))
        });
        words.first().is_some_and(|word| is_reading(word))
            || words.last().is_some_and(|word| is_reading(word))
            || starts_with_verb
            || self.segments.iter().any(|segment| {
                is_reading(&segment.to_ascii_lowercase())
                    && operation.strip_prefix(&segment.to_ascii_lowercase()) == Some(&compact)
            })
    }

    /// Returns whether the path has a fixed part.
    pub(super) fn names_something(&self) -> bool {
        self.segments.iter().any(|segment| !segment.is_empty() && !segment.contains('{'))
    }

    /// Returns the names of the fixed parameters.
    pub(super) fn parameters(&self) -> impl Iterator<Item = &'uri str> {
        self.parameters.iter().map(|parameter| parameter.split('=').next().unwrap_or_default())
    }

    /// Returns whether some labels and parameters make a request of this path equal to one of `other`.
    pub(super) fn meets(&self, other: &PathTemplate<'_>, parameters: &[&str]) -> bool {
        segments_meet(&self.segments, &other.segments)
            && other.parameters().all(|name| parameters.contains(&name))
    }
}

fn segments_meet(one: &[&str], other: &[&str]) -> bool {
    match (one, other) {
        ([], []) => true,
        ([label, rest @ ..], others) | (others, [label, rest @ ..]) if label.contains("+}") => {
            (1..=others.len()).any(|taken| segments_meet(rest, &others[taken..]))
        }
        ([first, rest @ ..], [other, others @ ..]) => {
            (first == other || first.contains('{') || other.contains('{')) && segments_meet(rest, others)
        }
        _ => false,
    }
}

fn braces_match(segment: &str) -> bool {
    segment.matches('{').count() == segment.matches('}').count() && !segment.contains("{}")
}

/// Returns whether a name starts with a verb that is not a read: `DeleteTable`, `start-query`.
pub(super) fn begins_with_writing_verb(name: &str) -> bool {
    WRITING.iter().any(|verb| {
        let starts = name.get(..verb.len()).is_some_and(|start| start.eq_ignore_ascii_case(verb));
        let next = name[if starts { verb.len() } else { 0 }..].chars().next();
        starts && next.is_none_or(|next| next.is_ascii_uppercase() || matches!(next, '-' | '_'))
    })
}

/// Returns the words of a segment in lower case: `listThings`, `list-things` and `List_Things` have two.
fn words(segment: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for letter in segment.chars() {
        if letter.is_ascii_alphanumeric() {
            if letter.is_ascii_uppercase() && was_small {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.push(letter.to_ascii_lowercase());
            }
        } else {
            words.push(String::new());
        }
        was_small = letter.is_ascii_lowercase() || letter.is_ascii_digit();
    }
    words.retain(|word| !word.is_empty());
    words
}

fn compact(segment: &str) -> String {
    segment.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}
