//! Parses the parts of filters that are paths.

/// The spaces between the parts of a filter.
const SPACES: [char; 4] = [' ', '\t', '\n', '\r'];

/// The steps down from a value, such as `.Reservations[].Instances[0]."Name"?`, or from `$item`; possibly with
/// `| values` after them.
#[derive(Debug)]
pub(super) struct JqPath<'s> {
    /// Whether the path starts at `$item` instead of the input.
    pub(super) from_item: bool,
    pub(super) steps: Vec<PathStep<&'s str>>,
}

/// A step, and whether a value of the wrong type has no output instead of an error (`?`).
#[derive(Debug)]
pub(super) struct PathStep<Name> {
    pub(super) part: PathPart<Name>,
    pub(super) optional: bool,
}

#[derive(Debug)]
pub(super) enum PathPart<Name> {
    /// `.Name`, `."Name"` or `["Name"]`
    Member(Name),
    /// `[0]`
    Position(usize),
    /// `[]`
    Each,
    /// `| values`: a null has no output.
    Values,
}

impl<'s> JqPath<'s> {
    /// Returns whether the path leads to one value at most.
    pub(super) fn is_single(&self) -> bool {
        lead_to_one(&self.steps)
    }

    /// Returns the member of the input whose elements the path starts with, and whether it leads to one value of each
    /// at most: `Roles` of `.Roles[].RoleName`.
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

fn lead_to_one(steps: &[PathStep<&str>]) -> bool {
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
        if self.take_values() {
            steps.push(PathStep { part: PathPart::Values, optional: false });
        }
        Some(JqPath { from_item, steps })
    }

    /// Takes `| values` at the end of a pipeline.
    fn take_values(&mut self) -> bool {
        let mut after = Self::new(self.rest);
        let is_next = after.take("|")
            && after.take("values")
            && (after.is_at_end() || after.rest.trim_start_matches(SPACES).starts_with(['|', ')', ']']));
        if is_next {
            self.rest = after.rest;
        }
        is_next
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
fn step(text: &str) -> Option<(PathStep<&str>, &str)> {
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
fn index_part(text: &str) -> Option<(PathPart<&str>, &str)> {
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
    use super::list_of_items;

    #[test]
    fn filters_of_single_elements_are_recognized() {
        for text in [
            ".Keys[]",
            ".Keys[]?",
            ".Keys[].KeyId",
            ".Keys[].Parts[0].Id",
            ".Keys[]?.Id | values",
            ".Keys[] | values | .Id",
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
}
