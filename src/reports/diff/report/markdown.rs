//! A comparison as Markdown, short enough for a GitHub comment.

use std::fmt::Write as _;
use std::io::Write;

use serde_json::{Map, Value};

use super::{Unwritable, words};
use crate::reports::diff::change::{Change, FieldChange};
use crate::reports::diff::spool::ChangeSpool;
use crate::reports::diff::summary::DiffSummary;
use crate::reports::diff::{ChangeKind, DiffError};
use crate::util::plural::plural;

/// The most characters of a GitHub comment; longer ones are rejected ("body is too long").
const LONGEST: usize = 65_536;
/// Room for the note about changes that are not shown, and for the end of the document.
const RESERVE: usize = 400;
/// The most rows of each list before the changes themselves.
const ROWS: usize = 50;

pub(super) fn write(
    summary: &DiffSummary,
    changes: &mut ChangeSpool,
    writer: &mut dyn Write,
    unwritable: Unwritable<'_>,
) -> Result<(), DiffError> {
    let mut page = MarkdownReport { text: String::new(), length: 0, not_shown: 0 };
    page.start(summary);
    let mut heading = None;
    changes.each(|change| {
        if change.change != ChangeKind::Unknown {
            let place = (change.account.clone(), change.region.clone());
            let is_new = heading.as_ref() != Some(&place);
            page.change(&change, is_new);
            heading = Some(place);
        }
        Ok(())
    })?;
    page.end(summary);
    writer.write_all(page.text.as_bytes()).map_err(unwritable)
}

/// A document with a limited length.
struct MarkdownReport {
    text: String,
    /// In characters, as GitHub counts.
    length: usize,
    /// Changes that did not fit.
    not_shown: u64,
}

impl MarkdownReport {
    /// Adds a piece if it fits as a whole.
    fn add(&mut self, piece: &str) -> bool {
        // GitHub counts as JavaScript does: characters beyond the basic plane count as two.
        let length: usize = piece.chars().map(char::len_utf16).sum();
        let fits = self.length + length + RESERVE <= LONGEST;
        if fits {
            self.text.push_str(piece);
            self.length += length;
        }
        fits
    }

    fn start(&mut self, summary: &DiffSummary) {
        let mut text = format!("**{}**\n\n", summary.totals);
        for (which, run) in [("Old", &summary.old), ("New", &summary.new)] {
            let _ = writeln!(text, "- {which}: {}", code(&words::run(run)));
        }
        for notice in words::notices(summary).iter().take(ROWS) {
            let _ = writeln!(text, "- Note: {}", code(notice));
        }
        self.add(&text);
        if summary.groups.is_empty() {
            return;
        }
        self.add(
            "\n| Account | Service | Added | Removed | Changed | Unknown |\n|---|---|--:|--:|--:|--:|\n",
        );
        for group in summary.groups.iter().take(ROWS) {
            let account = words::account(&group.account, group.account_name.as_deref());
            let mut row = format!("| {} | {} |", cell(&account), cell(&group.service));
            for kind in ChangeKind::ALL {
                let _ = write!(row, " {} |", group.counts.of(kind));
            }
            row.push('\n');
            self.add(&row);
        }
        self.more(summary.groups.len());
    }

    fn change(&mut self, change: &Change, is_new_place: bool) {
        let mut text = String::new();
        if is_new_place {
            let account = words::account(&change.account, change.account_name.as_deref());
            let _ = writeln!(text, "\n#### {} {}\n", code(&account), code(&change.region));
        }
        let word = change.change.as_str();
        let _ = writeln!(text, "- {word} {}", code(&words::resource(change)));
        if let Some(who) = words::who(change) {
            let _ = writeln!(text, "  - {}", code(&who));
        }
        add_content(&mut text, "  ", &change.facts, &change.fields);
        for detail in &change.details {
            let _ = writeln!(text, "  - {} {}", detail.change.as_str(), code(&words::line(&detail.function)));
            add_content(&mut text, "    ", &detail.facts, &detail.fields);
        }
        // Nothing follows after the first change that does not fit: the document would look complete.
        if self.not_shown > 0 || !self.add(&text) {
            self.not_shown += 1;
        }
    }

    fn end(&mut self, summary: &DiffSummary) {
        let lists = [
            ("Unknown", words::unknown(&summary.unknown)),
            ("Not compared", summary.not_compared.iter().map(words::not_compared).collect()),
        ];
        for (heading, lines) in lists {
            if lines.is_empty() || !self.add(&format!("\n#### {heading}\n\n")) {
                continue;
            }
            for line in lines.iter().take(ROWS) {
                self.add(&format!("- {}\n", code(line)));
            }
            self.more(lines.len());
        }
        if self.not_shown > 0 {
            let _ = write!(
                self.text,
                "\n**{} not shown: a GitHub comment holds at most {LONGEST} characters.**\n",
                match self.not_shown {
                    1 => "1 more change is".to_owned(),
                    more => format!("{} are", plural(more, "more change")),
                }
            );
        }
    }

    /// Adds how many rows of a list are not shown.
    fn more(&mut self, count: usize) {
        if count > ROWS {
            self.add(&format!("\n… and {} more\n", count - ROWS));
        }
    }
}

/// Adds the facts and the changed fields of a resource, or of an answer about it.
fn add_content(text: &mut String, indent: &str, facts: &Map<String, Value>, fields: &[FieldChange]) {
    if let Some(facts) = words::facts(facts) {
        let _ = writeln!(text, "{indent}- {}", code(&facts));
    }
    for field in fields {
        let (old, new) = (words::value(field.old.as_ref()), words::value(field.new.as_ref()));
        let _ =
            writeln!(text, "{indent}- {}: {} → {}", code(&words::line(&field.path)), code(&old), code(&new));
    }
}

/// Formats a text as inline code, so that it is no link, mention or markup.
fn code(text: &str) -> String {
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Formats a text as inline code in a table cell, where a bar ends the cell even within code.
fn cell(text: &str) -> String {
    code(&words::line(text)).replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, MarkdownReport, cell, code};

    #[test]
    fn text_cannot_leave_its_code() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("```x"), "```` ```x ````");
        assert_eq!(code("<img> @team"), "`<img> @team`");
        assert_eq!(cell("a|b\n| c"), "`a\\|b\\u000a\\| c`");
    }

    #[test]
    fn a_piece_that_does_not_fit_is_left_out_whole() {
        let mut page = MarkdownReport { text: String::new(), length: 0, not_shown: 0 };
        while page.add(&"😀".repeat(100)) {}
        let length: usize = page.text.chars().map(char::len_utf16).sum();
        assert!(length <= LONGEST && length > LONGEST - 1000, "{length}");
        assert!(page.add("short"));
    }
}
