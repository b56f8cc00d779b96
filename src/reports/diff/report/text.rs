//! A comparison as text for a terminal.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use serde_json::{Map, Value};

use super::{Unwritable, words};
use crate::reports::diff::change::{Change, FieldChange};
use crate::reports::diff::spool::ChangeSpool;
use crate::reports::diff::summary::DiffSummary;
use crate::reports::diff::{ChangeKind, DiffError};

pub(super) fn write(
    summary: &DiffSummary,
    changes: &mut ChangeSpool,
    colours: bool,
    writer: &mut dyn Write,
    unwritable: Unwritable<'_>,
) -> Result<(), DiffError> {
    let mut text = TextReport { writer, colours, heading: None };
    text.start(summary).map_err(unwritable)?;
    changes.each(|change| {
        // Unknown resources are reported by cause, below.
        if change.change == ChangeKind::Unknown { Ok(()) } else { text.change(&change).map_err(unwritable) }
    })?;
    text.end(summary).map_err(unwritable)
}

struct TextReport<'writer> {
    writer: &'writer mut dyn Write,
    colours: bool,
    /// The account and region of the last change.
    heading: Option<(String, String)>,
}

fn style(kind: ChangeKind) -> Style {
    let colour = match kind {
        ChangeKind::Added => AnsiColor::Green,
        ChangeKind::Removed => AnsiColor::Red,
        ChangeKind::Changed => AnsiColor::Yellow,
        ChangeKind::Unknown => AnsiColor::Magenta,
    };
    colour.on_default()
}

impl TextReport<'_> {
    /// Adds a style to a text, if colours are on.
    fn styled(&self, style: Style, text: &str) -> String {
        if self.colours { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn start(&mut self, summary: &DiffSummary) -> io::Result<()> {
        writeln!(self.writer, "Old  {}", words::run(&summary.old))?;
        writeln!(self.writer, "New  {}", words::run(&summary.new))?;
        for notice in words::notices(summary) {
            writeln!(self.writer, "note: {notice}")?;
        }
        let totals = self.styled(Style::new().bold(), &summary.totals.to_string());
        writeln!(self.writer, "\n{totals}")?;
        self.table(summary)
    }

    fn table(&mut self, summary: &DiffSummary) -> io::Result<()> {
        if summary.groups.is_empty() {
            return Ok(());
        }
        writeln!(self.writer, "\n   added  removed  changed  unknown  service in account")?;
        for group in &summary.groups {
            for kind in ChangeKind::ALL {
                let count = group.counts.of(kind);
                let width = kind.as_str().len().max(7) + 1;
                let cell = format!("{count:>width$}");
                let cell = if count > 0 { self.styled(style(kind), &cell) } else { cell };
                write!(self.writer, "{cell} ")?;
            }
            let account = words::account(&group.account, group.account_name.as_deref());
            writeln!(self.writer, " {} in {account}", words::line(&group.service))?;
        }
        Ok(())
    }

    fn change(&mut self, change: &Change) -> io::Result<()> {
        let is_account_known = self.heading.as_ref().is_some_and(|(account, _)| *account == change.account);
        if !is_account_known {
            let account = words::account(&change.account, change.account_name.as_deref());
            let account = self.styled(Style::new().bold(), &account);
            writeln!(self.writer, "\n{account}")?;
        }
        let heading = Some((change.account.clone(), change.region.clone()));
        if self.heading != heading {
            writeln!(self.writer, "  {}", words::line(&change.region))?;
            self.heading = heading;
        }
        let line = format!("{} {}", change.change.sign(), words::resource(change));
        let line = self.styled(style(change.change), &line);
        writeln!(self.writer, "    {line}")?;
        if let Some(who) = words::who(change) {
            writeln!(self.writer, "        {who}")?;
        }
        self.content("        ", &change.facts, &change.fields)?;
        for detail in &change.details {
            let line = format!("{} {}", detail.change.sign(), words::line(&detail.function));
            let line = self.styled(style(detail.change), &line);
            writeln!(self.writer, "        {line}")?;
            self.content("            ", &detail.facts, &detail.fields)?;
        }
        Ok(())
    }

    fn content(
        &mut self,
        indent: &str,
        facts: &Map<String, Value>,
        fields: &[FieldChange],
    ) -> io::Result<()> {
        if let Some(facts) = words::facts(facts) {
            writeln!(self.writer, "{indent}{facts}")?;
        }
        for field in fields {
            let (old, new) = (words::value(field.old.as_ref()), words::value(field.new.as_ref()));
            let old = self.styled(style(ChangeKind::Removed), &old);
            let new = self.styled(style(ChangeKind::Added), &new);
            writeln!(self.writer, "{indent}{}: {old} → {new}", words::line(&field.path))?;
        }
        Ok(())
    }

    fn end(&mut self, summary: &DiffSummary) -> io::Result<()> {
        if !summary.unknown.is_empty() {
            let heading =
                "Unknown: one of the runs could not see these, so they are neither removed nor added";
            let heading = self.styled(style(ChangeKind::Unknown), heading);
            writeln!(self.writer, "\n{heading}")?;
            for line in words::unknown(&summary.unknown) {
                writeln!(self.writer, "  ? {line}")?;
            }
        }
        if !summary.not_compared.is_empty() {
            writeln!(self.writer, "\nNot compared: the runs have different specs")?;
            for call in &summary.not_compared {
                writeln!(self.writer, "  {}", words::not_compared(call))?;
            }
        }
        Ok(())
    }
}
