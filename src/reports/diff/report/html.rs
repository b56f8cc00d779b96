//! A comparison as one self-contained HTML page, in which data from AWS is only ever text.
//!
//! All data goes through [`html!`], which escapes it. The page is written while the changes are read, so elements
//! that enclose many changes are opened and closed by constants.

use std::io::{self, Write};

use maud::{DOCTYPE, Markup, html};
use serde_json::{Map, Value};

use super::{Unwritable, words};
use crate::reports::diff::change::{Change, FieldChange};
use crate::reports::diff::spool::ChangeSpool;
use crate::reports::diff::summary::{DiffSummary, ServiceChanges};
use crate::reports::diff::{ChangeCounts, ChangeKind, DiffError};
use crate::reports::static_page::head;

pub(super) fn write(
    summary: &DiffSummary,
    changes: &mut ChangeSpool,
    writer: &mut dyn Write,
    unwritable: Unwritable<'_>,
) -> Result<(), DiffError> {
    let mut page = HtmlReport { writer, place: None };
    page.start(summary).map_err(unwritable)?;
    changes.each(|change| page.change(&change).map_err(unwritable))?;
    page.end(summary).map_err(unwritable)
}

struct HtmlReport<'writer> {
    writer: &'writer mut dyn Write,
    /// The account and region whose table is open.
    place: Option<(String, String)>,
}

impl HtmlReport<'_> {
    fn start(&mut self, summary: &DiffSummary) -> io::Result<()> {
        self.elements(html! { (DOCTYPE) })?;
        self.tags("<html lang=\"en\">")?;
        self.elements(head("Changes between two runs"))?;
        self.tags("<body>\n<main>")?;
        self.elements(html! {
            h1 { "Changes between two runs" }
            dl {
                dt { "Old" } dd { (words::run(&summary.old)) }
                dt { "New" } dd { (words::run(&summary.new)) }
            }
            (list("notes", &words::notices(summary)))
            p.totals { (summary.totals.to_string()) }
            @if !summary.groups.is_empty() { (groups(&summary.groups)) }
            @if summary.totals.counts != ChangeCounts::default() { h2 { "Resources" } }
        })
    }

    fn change(&mut self, change: &Change) -> io::Result<()> {
        let place = Some((change.account.clone(), change.region.clone()));
        if self.place != place {
            self.close_place()?;
            self.place = place;
            let account = words::account(&change.account, change.account_name.as_deref());
            self.tags("<details open>")?;
            self.elements(html! { summary { (account) " · " (words::line(&change.region)) } })?;
            self.tags("<ul class=\"changes\">")?;
        }
        let word = change.change.as_str();
        self.elements(html! {
            li class=(word) {
                b { (word) } " " (words::resource(change))
                @if change.change == ChangeKind::Unknown {
                    " " i { (words::reason_clause(change.seen_in, change.because)) }
                }
                @if let Some(who) = words::who(change) { div.facts { (who) } }
                (content(&change.facts, &change.fields))
                @if !change.details.is_empty() {
                    ul {
                        @for detail in &change.details {
                            @let word = detail.change.as_str();
                            li class=(word) {
                                b { (word) } " " (words::line(&detail.function))
                                (content(&detail.facts, &detail.fields))
                            }
                        }
                    }
                }
            }
        })
    }

    fn close_place(&mut self) -> io::Result<()> {
        if self.place.is_some() { self.tags("</ul>\n</details>") } else { Ok(()) }
    }

    fn end(&mut self, summary: &DiffSummary) -> io::Result<()> {
        self.close_place()?;
        let calls: Vec<String> = summary.not_compared.iter().map(words::not_compared).collect();
        self.elements(html! {
            @if !summary.unknown.is_empty() {
                h2 { "Unknown" }
                p { "One of the runs could not see these, so they are neither removed nor added." }
                (list("unknown", &words::unknown(&summary.unknown)))
            }
            @if !calls.is_empty() {
                h2 { "Not compared" }
                p { "The runs have different specs." }
                (list("calls", &calls))
            }
        })?;
        self.tags("</main>\n</body>\n</html>")
    }

    /// Writes complete elements.
    fn elements(&mut self, markup: Markup) -> io::Result<()> {
        writeln!(self.writer, "{}", markup.into_string())
    }

    /// Writes tags that open or close an element. Constants only: the text is not escaped.
    fn tags(&mut self, tags: &'static str) -> io::Result<()> {
        writeln!(self.writer, "{tags}")
    }
}

/// Returns the table with the numbers of changes for each account and service.
fn groups(groups: &[ServiceChanges]) -> Markup {
    html! {
        h2 { "By account and service" }
        table {
            thead {
                tr {
                    @for name in ["Account", "Service", "Added", "Removed", "Changed", "Unknown"] {
                        th scope="col" { (name) }
                    }
                }
            }
            tbody {
                @for group in groups {
                    tr {
                        td { (words::account(&group.account, group.account_name.as_deref())) }
                        td { (group.service) }
                        @for kind in ChangeKind::ALL { td.number { (group.counts.of(kind)) } }
                    }
                }
            }
        }
    }
}

/// Returns the facts and the changed fields of a resource, or of an answer about it.
fn content(facts: &Map<String, Value>, fields: &[FieldChange]) -> Markup {
    html! {
        @if let Some(facts) = words::facts(facts) { div.facts { (facts) } }
        @if !fields.is_empty() { (self::fields(fields)) }
    }
}

/// Returns the table with the changed fields of a resource.
fn fields(fields: &[FieldChange]) -> Markup {
    html! {
        table {
            thead { tr { @for name in ["Field", "Old", "New"] { th scope="col" { (name) } } } }
            tbody {
                @for field in fields {
                    tr {
                        th scope="row" { (words::line(&field.path)) }
                        td.old { (words::value(field.old.as_ref())) }
                        td.new { (words::value(field.new.as_ref())) }
                    }
                }
            }
        }
    }
}

fn list(class: &str, lines: &[String]) -> Markup {
    html! {
        @if !lines.is_empty() {
            ul class=(class) { @for line in lines { li { (line) } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn markup_in_a_text_is_text() {
        let list = list("notes", &["<script>\"&'".to_owned()]).into_string();
        assert_eq!(list, "<ul class=\"notes\"><li>&lt;script&gt;&quot;&amp;'</li></ul>");
    }
}
