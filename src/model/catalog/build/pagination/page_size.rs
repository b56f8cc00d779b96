//! The maximum page size: the model's maximum, or a smaller number in the documentation of the limit.
//!
//! Models allow more than services do: `ListResourceTags` of KMS has a maximum of 1,000 in its model, and 50 in
//! its documentation.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::{PaginatedOperation, reviewed};
use crate::model::catalog::ShapeKind;

/// The range of useful page sizes: pages of one item are too small, and larger pages than the maximum are no
/// faster.
const SIZES: std::ops::RangeInclusive<i64> = 2..=1000;

/// The patterns of a maximum in a text. They do not match "up to 100 results are returned by default".
static LIMITS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r"\b(?:maximum|max)\b(?: \w+){0,3}? (?:is|of|value) (?:a )?([\d,]+)",
        r"\b(?:cannot|can't|must not|not)\b.{0,40}? (?:exceed|greater than|more than|larger than) ([\d,]+)",
        r"\bbetween [\d,]+ and ([\d,]+)",
        r"\bfrom [\d,]+ (?:to|through) ([\d,]+)",
        r"\b[\d,]+ ?[-–] ?([\d,]+)",
        r"\b(?:up to|at most|no more than|less than or equal to) ([\d,]+)",
    ]
    .iter()
    .filter_map(|pattern| Regex::new(pattern).ok())
    .collect()
});

/// Wordings of sentences that do not describe the maximum page size, but the default page size, another limit, or
/// an example.
const BESIDE: [&str; 16] = [
    "if you do not",
    "if you don't",
    "if you omit",
    "is omitted",
    "is not used",
    "isn't used",
    "not specified",
    "not included",
    "isn't included",
    "by default",
    "example",
    " months",
    " days",
    " hours",
    " characters",
    "default is up to",
];

/// Wordings in the documentation of a limit that should not be sent.
const NOT_TO_BE_SENT: [&str; 4] =
    ["do not use this parameter", "reserved for future use", "not currently used", "not supported currently"];

/// Returns the maximum page size for `limit_key`; `None` where no size should be sent.
pub(super) fn largest(subject: &PaginatedOperation<'_>, limit_key: Option<&str>) -> Option<u32> {
    let limit_key = limit_key?;
    if let Some(size) = reviewed::page_size(subject) {
        return Some(size);
    }
    let (_, member) = subject.input.member(limit_key)?;
    let (ShapeKind::Integer { max } | ShapeKind::Long { max }) = subject.kind(member)? else { return None };
    let allowed = max.filter(|max| SIZES.contains(max))?;
    let text = plain_text(&(subject.documentation)(limit_key).unwrap_or_default());
    if text.trim_end_matches(['.', ' ']) == "reserved"
        || NOT_TO_BE_SENT.iter().any(|words| text.contains(words))
    {
        return None;
    }
    u32::try_from(documented(&text).map_or(allowed, |documented| documented.min(allowed))).ok()
}

/// Returns the smallest maximum in a text.
fn documented(text: &str) -> Option<i64> {
    let sentences = text.split(['.', ';', '\n']).filter(|sentence| {
        // A leading space allows matching words at the end of the text.
        !BESIDE.iter().any(|words| format!("{sentence} ").contains(words))
    });
    sentences
        .flat_map(|sentence| LIMITS.iter().flat_map(move |limit| limit.captures_iter(sentence)))
        .filter_map(|found| found.get(1)?.as_str().replace(',', "").parse().ok())
        .filter(|number| SIZES.contains(number))
        .min()
}

/// Returns the text without its markup, in lower case. Paragraphs and list items end sentences.
fn plain_text(documentation: &str) -> String {
    let mut text = String::new();
    let mut rest = documentation;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let (name, after) = tag.split_once('>').unwrap_or((tag, ""));
        if name == "/p" || name == "/li" {
            text.push_str(". ");
        }
        rest = after;
    }
    text.push_str(rest);
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ").to_lowercase().replace('’', "'")
}

#[cfg(test)]
mod tests {
    use super::{documented, plain_text};

    #[test]
    fn texts_limit_pages_in_many_words() {
        for (text, size) in [
            ("<p>If you include a value, it must be between 1 and 50, inclusive. It defaults to 50.</p>", 50),
            ("<p>The limit maximum is 50. You cannot specify a number greater than 50.</p>", 50),
            ("<p>The upper bound of the number of results to return (cannot exceed 25).</p>", 25),
            ("<p>You can specify up to 100 statuses to return with each request.</p>", 100),
            ("<p>The default value is 10. The maximum value is 50. </p>", 50),
            ("<p>Range of accepted values is from 1 to 500.</p>", 500),
            ("<p>Valid Range: 1 - 99.</p>", 99),
            ("<p>Default: <code>20</code></p><p>Must be between 1 and 100.</p>", 100),
        ] {
            assert_eq!(documented(&plain_text(text)), Some(size), "{text}");
        }
    }

    #[test]
    fn a_default_is_no_limit() {
        for text in [
            "<p>The maximum number of results to return. The default is 100.</p>",
            "<p>If this parameter is not used, then up to 100 results are returned.</p>",
            "<p>By default, the action will return at most 50 results.</p>",
            "<p>If you don't specify a value, this operation returns a maximum of 30 items.</p>",
            "<p>Execution history is retained for up to 12 months.</p>",
            "<p>The length limit is 50 characters.</p>",
            "<p>Value provided must be greater than 30 else it wont be honored.</p>",
        ] {
            assert_eq!(documented(&plain_text(text)), None, "{text}");
        }
    }
}
