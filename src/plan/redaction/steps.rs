//! Paths into a value, in jq's syntax: `.Name`, `."any name"`, `["any name"]`, `[]`.

/// One step into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ValueStep {
    /// A member, or a map's entry: `.Name`.
    Member(String),
    /// Every item, or every entry: `[]`.
    Each,
}

/// Returns the steps of a path: `.Name`, `."any name"`, `["any name"]`, `[]`.
pub(super) fn steps(path: &str) -> Option<Vec<ValueStep>> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let (step, after) = step(rest)?;
        steps.push(step);
        // jq's `?` skips missing values, which is the behaviour here anyway.
        rest = after.strip_prefix('?').unwrap_or(after);
    }
    Some(steps)
}

fn step(path: &str) -> Option<(ValueStep, &str)> {
    let path = match path.strip_prefix('.') {
        Some(rest) if rest.starts_with('[') => rest,
        _ => path,
    };
    if let Some(rest) = path.strip_prefix("[]") {
        return Some((ValueStep::Each, rest));
    }
    if let Some(rest) = path.strip_prefix("[\"") {
        let (name, rest) = rest.split_once("\"]")?;
        return Some((ValueStep::Member(name.to_owned()), rest));
    }
    let rest = path.strip_prefix('.')?;
    if let Some(rest) = rest.strip_prefix('"') {
        let (name, rest) = rest.split_once('"')?;
        return Some((ValueStep::Member(name.to_owned()), rest));
    }
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
    (end > 0).then(|| (ValueStep::Member(rest[..end].to_owned()), &rest[end..]))
}

#[cfg(test)]
mod tests {
    use super::{ValueStep, steps};

    #[test]
    fn a_path_is_read_in_jqs_ways() {
        let expected = [ValueStep::Member("A".into()), ValueStep::Each, ValueStep::Member("b c".into())];
        for path in [".A[].\"b c\"", ".A[][\"b c\"]", ".[\"A\"].[].\"b c\"", ".A[]?.\"b c\"?"] {
            assert_eq!(steps(path).as_deref(), Some(&expected[..]), "{path}");
        }
    }
}
