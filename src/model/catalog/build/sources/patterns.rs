//! The kind of identifier that the pattern of a parameter accepts.

/// Returns whether each alternative of a regular expression starts with `arn`, so that it accepts no ID and no name.
///
/// Only the forms that botocore's models have are known: groups, alternatives, sets of letters and quantities. Any other
/// expression accepts anything.
pub(super) fn accepts_only_arns(pattern: &str) -> bool {
    let pattern = pattern.trim_start_matches('^').trim_end_matches('$');
    let alternatives = alternatives(pattern);
    if let [only] = alternatives[..] {
        return match group(only) {
            Some((inner, "")) => accepts_only_arns(inner),
            Some((inner, rest)) => !is_optional(rest) && accepts_only_arns(inner),
            None => only.starts_with("arn"),
        };
    }
    alternatives.into_iter().all(accepts_only_arns)
}

/// Returns whether the quantity at the start of the rest of an expression allows none.
fn is_optional(rest: &str) -> bool {
    rest.starts_with(['?', '*']) || rest.starts_with("{0,")
}

/// Splits an expression at the `|` outside of groups and sets.
fn alternatives(pattern: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    for (index, letter, depth) in depths(pattern) {
        if letter == '|' && depth == 0 {
            found.push(&pattern[start..index]);
            start = index + 1;
        }
    }
    found.push(&pattern[start..]);
    found
}

/// Returns the inside of the group that an expression starts with, and the rest behind the group.
fn group(pattern: &str) -> Option<(&str, &str)> {
    pattern.strip_prefix('(')?;
    let (end, ..) = depths(pattern).find(|&(_, letter, depth)| letter == ')' && depth == 0)?;
    let inner = &pattern[1..end];
    Some((inner.strip_prefix("?:").unwrap_or(inner), &pattern[end + 1..]))
}

/// Iterates over the letters that are neither escaped nor in a set, with their positions and the number of groups around
/// them. The brackets of a group are outside of it.
fn depths(pattern: &str) -> impl Iterator<Item = (usize, char, usize)> + '_ {
    let (mut depth, mut is_escaped, mut is_in_set) = (0_usize, false, false);
    pattern.char_indices().filter_map(move |(index, letter)| {
        if std::mem::take(&mut is_escaped) {
            return None;
        }
        match letter {
            '\\' => is_escaped = true,
            ']' => is_in_set = false,
            _ if is_in_set => {}
            '[' => is_in_set = true,
            '(' => {
                depth += 1;
                return Some((index, letter, depth - 1));
            }
            ')' => {
                depth = depth.saturating_sub(1);
                return Some((index, letter, depth));
            }
            _ => return Some((index, letter, depth)),
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::accepts_only_arns;

    #[test]
    fn expression_accepts_only_arns() {
        for pattern in [
            r"arn:[\w-]+:trustedadvisor::\d{12}:recommendation\/[\w-]+",
            "^arn:(aws|aws-cn):datasync:[a-z|]+$",
            "(arn:aws:a:x|arn:aws:b:[)|]y)",
            r"^(arn:aws(-[^:]+)?:ivs:)room/[a-z]+$",
        ] {
            assert!(accepts_only_arns(pattern), "{pattern}");
        }
    }

    #[test]
    fn expression_accepts_identifiers_without_arn() {
        for pattern in [
            "(arn:aws:sagemaker:hub/)?[a-z]+",
            "(arn:aws:sagemaker:hub/){0,1}[a-z]+",
            "(arn:.+|ben-[0-9a-z]{14})",
            "arn:.*|[a-z]+",
            "^(arn:a|fs-[0-9a-f]{8,40})$",
            r"[\w-]+",
            "",
        ] {
            assert!(!accepts_only_arns(pattern), "{pattern}");
        }
    }
}
