//! Output as a page shows it, against output as it is.

use regex_lite::Regex;

/// Stands in a page for what is omitted: a part of a line, or any number of lines.
const GAP: &str = "…";

/// Whether the output is what the page shows, but for its gaps and white space. With `exactly` numbers and
/// ids have to agree, too.
pub(super) fn is_shown(shown: &str, output: &str, exactly: bool) -> bool {
    let (shown, output) = (lines(shown, exactly), lines(output, exactly));
    let same = |shown: &String, found: &String| {
        let letters = |line: &String| line.chars().collect::<Vec<_>>();
        fits(&letters(shown), &letters(found), &|letter| *letter == '…', &|one, other| one == other)
    };
    fits(&shown, &output, &|line| line == GAP, &same)
}

/// The lines without what differs from run to run, and without blank lines around them.
fn lines(text: &str, exactly: bool) -> Vec<String> {
    let replace = |text: &str, pattern: &str, by: &str| {
        Regex::new(pattern).expect("a regular expression").replace_all(text, by).into_owned()
    };
    let mut text = replace(text.trim(), r"[ \t]+", " ");
    if !exactly {
        // A second run of the same second has a number behind its time.
        text = replace(&text, r"(organization-[\dT-]+Z)-\d+\b", "$1");
        text = replace(&text, r"\bo-[a-z0-9]{10,32}\b", "o-organization");
        text = replace(&text, r"\d+", "0");
    }
    text.lines().map(|line| line.trim().to_owned()).collect()
}

/// Whether the elements are those of the pattern, in which gaps stand for any number of them.
fn fits<Element>(
    pattern: &[Element],
    found: &[Element],
    is_gap: &impl Fn(&Element) -> bool,
    same: &impl Fn(&Element, &Element) -> bool,
) -> bool {
    match pattern.split_first() {
        None => found.is_empty(),
        Some((first, rest)) if is_gap(first) => {
            (0..=found.len()).any(|skipped| fits(rest, &found[skipped..], is_gap, same))
        }
        Some((first, rest)) => found
            .split_first()
            .is_some_and(|(next, others)| same(first, next) && fits(rest, others, is_gap, same)),
    }
}

#[test]
fn gaps_stand_for_anything_and_numbers_for_any_number() {
    let output = "Found 106 accounts in organization o-zff9938dur\n\n  10 ok\n   2  s3\n";
    assert!(is_shown("Found 3 accounts in organization o-exampleorgid\n…\n  2  s3", output, false));
    assert!(is_shown("Found … in organization o-zff9938dur\n\n10 ok\n2 s3", output, true));
    assert!(!is_shown("Found 3 accounts in organization o-zff9938dur\n…", output, true));
    assert!(!is_shown("Found 106 accounts in organization o-zff9938dur", output, false), "lines are left");
    let second = "see out/organization-2026-11-21T22-10-05Z-2/ledger.ndjson";
    assert!(is_shown("see out/organization-2026-11-20T01-00-00Z/ledger.ndjson", second, false));
}
