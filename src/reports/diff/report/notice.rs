//! A comparison in a few lines, for mail and chats.

use std::io::{self, Write};

use super::{Unwritable, words};
use crate::reports::diff::compare::Difference;
use crate::reports::diff::spool::ChangeSpool;
use crate::reports::diff::summary::DiffSummary;
use crate::reports::diff::{ChangeKind, DiffError};

/// The most lines of each list: a chat shows a screen at most.
const LINES: usize = 20;
/// The longest subject of a message of Amazon SNS, in characters (botocore's model, `Publish`: `Subject`).
const SUBJECT: usize = 100;

/// A comparison in a few lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DiffNotice {
    /// One line of ASCII: the changes, and the run.
    pub(crate) subject: String,
    /// The text, one element for each line.
    pub(crate) lines: Vec<String>,
}

impl Difference {
    /// Returns whether a message is to be sent: there is a change, or a gap that is new.
    pub(crate) fn is_notable(&self) -> bool {
        ChangeKind::ALL.into_iter().any(|kind| self.summary.totals.has(kind))
    }

    /// Returns the comparison in a few lines.
    ///
    /// # Errors
    ///
    /// Returns an error if the temporary file of the changes cannot be read.
    pub(crate) fn notice(&mut self) -> Result<DiffNotice, DiffError> {
        notice(&self.summary, &mut self.changes)
    }
}

/// Writes a message for `sendmail` (RFC 5322), without sender and recipient.
pub(super) fn write_mail(
    summary: &DiffSummary,
    changes: &mut ChangeSpool,
    writer: &mut dyn Write,
    unwritable: Unwritable<'_>,
) -> Result<(), DiffError> {
    let notice = notice(summary, changes)?;
    mail(&notice, writer).map_err(unwritable)
}

fn mail(notice: &DiffNotice, writer: &mut dyn Write) -> io::Result<()> {
    writeln!(writer, "Subject: {}", notice.subject)?;
    writeln!(writer, "MIME-Version: 1.0")?;
    writeln!(writer, "Content-Type: text/plain; charset=utf-8")?;
    writeln!(writer, "Content-Transfer-Encoding: 8bit")?;
    writeln!(writer, "Auto-Submitted: auto-generated\n")?;
    notice.lines.iter().try_for_each(|line| writeln!(writer, "{line}"))
}

fn notice(summary: &DiffSummary, changes: &mut ChangeSpool) -> Result<DiffNotice, DiffError> {
    let mut lines = vec![
        summary.totals.to_string(),
        format!("Old: {}", words::run(&summary.old)),
        format!("New: {}", words::run(&summary.new)),
    ];
    lines.extend(words::notices(summary).into_iter().take(LINES).map(|notice| format!("Note: {notice}")));
    let unknown = words::unknown(&summary.unknown);
    if !unknown.is_empty() {
        let count = unknown.len();
        section(&mut lines, "Not seen by one of the runs:", unknown, count);
    }
    let (mut shown, mut count) = (Vec::new(), 0);
    changes.each(|change| {
        let is_known = change.change != ChangeKind::Unknown;
        count += usize::from(is_known);
        if is_known && count <= LINES {
            let place = words::account(&change.account, change.account_name.as_deref());
            let resource = words::resource(&change);
            let who = words::who(&change).map_or_else(String::new, |who| format!(", {who}"));
            shown.push(words::line(&format!(
                "{} {resource} in {place}, {}{who}",
                change.change.sign(),
                change.region
            )));
        }
        Ok(())
    })?;
    if !shown.is_empty() {
        section(&mut lines, "Changes:", shown, count);
    }
    let organization = summary.new.organization.as_deref().map_or_else(String::new, |id| format!(" {id}"));
    let subject: String = format!("AWS inventory{organization}: {}", summary.totals)
        .chars()
        .map(|letter| if letter.is_ascii_graphic() { letter } else { ' ' })
        .take(SUBJECT)
        .collect();
    Ok(DiffNotice { subject: subject.trim_end().to_owned(), lines })
}

/// Adds the first lines of a list of `count` lines below a heading, and how many more there are.
fn section(lines: &mut Vec<String>, heading: &str, list: Vec<String>, count: usize) {
    let more = count.saturating_sub(LINES);
    lines.extend([String::new(), heading.to_owned()]);
    lines.extend(list.into_iter().take(LINES).map(|line| format!("  {line}")));
    if more > 0 {
        lines.push(format!("  and {more} more"));
    }
}
