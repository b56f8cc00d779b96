//! A comparison as one self-contained HTML page, in which data from AWS is only ever text.

use std::borrow::Cow;
use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::{Unwritable, words};
use crate::reports::diff::change::Change;
use crate::reports::diff::spool::ChangeSpool;
use crate::reports::diff::summary::DiffSummary;
use crate::reports::diff::{ChangeKind, DiffError};

const STYLE: &str = include_str!("diff.css");

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
        let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
        write!(
            self.writer,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
             style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>Changes between two runs</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
             <h1>Changes between two runs</h1>\n<dl>\n<dt>Old</dt><dd>{}</dd>\n<dt>New</dt><dd>{}</dd>\n</dl>\n",
            escaped(&words::run(&summary.old)),
            escaped(&words::run(&summary.new))
        )?;
        self.list("notes", &words::notices(summary))?;
        writeln!(self.writer, "<p class=\"totals\">{}</p>", escaped(&summary.totals.to_string()))?;
        self.groups(summary)?;
        if summary.totals.counts != crate::reports::diff::ChangeCounts::default() {
            self.writer.write_all(b"<h2>Resources</h2>\n")?;
        }
        Ok(())
    }

    fn groups(&mut self, summary: &DiffSummary) -> io::Result<()> {
        if summary.groups.is_empty() {
            return Ok(());
        }
        self.writer.write_all(
            b"<h2>By account and service</h2>\n<table>\n<thead><tr><th scope=\"col\">Account</th>\
              <th scope=\"col\">Service</th><th scope=\"col\">Added</th><th scope=\"col\">Removed</th>\
              <th scope=\"col\">Changed</th><th scope=\"col\">Unknown</th></tr></thead>\n<tbody>\n",
        )?;
        for group in &summary.groups {
            let account = words::account(&group.account, group.account_name.as_deref());
            write!(self.writer, "<tr><td>{}</td><td>{}</td>", escaped(&account), escaped(&group.service))?;
            for kind in ChangeKind::ALL {
                write!(self.writer, "<td class=\"number\">{}</td>", group.counts.of(kind))?;
            }
            self.writer.write_all(b"</tr>\n")?;
        }
        self.writer.write_all(b"</tbody>\n</table>\n")
    }

    fn change(&mut self, change: &Change) -> io::Result<()> {
        let place = Some((change.account.clone(), change.region.clone()));
        if self.place != place {
            self.close_place()?;
            self.place = place;
            let account = words::account(&change.account, change.account_name.as_deref());
            write!(
                self.writer,
                "<details open>\n<summary>{} · {}</summary>\n<ul class=\"changes\">\n",
                escaped(&account),
                escaped(&words::line(&change.region))
            )?;
        }
        let word = change.change.as_str();
        let resource = words::resource(change);
        write!(self.writer, "<li class=\"{word}\"><b>{word}</b> {}", escaped(&resource))?;
        if change.change == ChangeKind::Unknown {
            write!(
                self.writer,
                " <i>{}</i>",
                escaped(&words::reason_clause(change.seen_in, change.because))
            )?;
        }
        if !change.fields.is_empty() {
            self.writer.write_all(b"\n<table><thead><tr><th scope=\"col\">Field</th><th scope=\"col\">Old</th><th scope=\"col\">New</th></tr></thead><tbody>\n")?;
            for field in &change.fields {
                let (old, new) = (words::value(field.old.as_ref()), words::value(field.new.as_ref()));
                writeln!(
                    self.writer,
                    "<tr><th scope=\"row\">{}</th><td class=\"old\">{}</td><td class=\"new\">{}</td></tr>",
                    escaped(&words::line(&field.path)),
                    escaped(&old),
                    escaped(&new)
                )?;
            }
            self.writer.write_all(b"</tbody></table>\n")?;
        }
        self.writer.write_all(b"</li>\n")
    }

    fn close_place(&mut self) -> io::Result<()> {
        if self.place.is_some() { self.writer.write_all(b"</ul>\n</details>\n") } else { Ok(()) }
    }

    fn end(&mut self, summary: &DiffSummary) -> io::Result<()> {
        self.close_place()?;
        if !summary.unknown.is_empty() {
            self.writer.write_all(
                b"<h2>Unknown</h2>\n<p>One of the runs could not see these, so they are neither removed nor \
                  added.</p>\n",
            )?;
            self.list("unknown", &words::unknown(&summary.unknown))?;
        }
        if !summary.not_compared.is_empty() {
            self.writer.write_all(b"<h2>Not compared</h2>\n<p>The runs have different specs.</p>\n")?;
            let calls: Vec<String> = summary.not_compared.iter().map(words::not_compared).collect();
            self.list("calls", &calls)?;
        }
        self.writer.write_all(b"</main>\n</body>\n</html>\n")
    }

    fn list(&mut self, class: &str, lines: &[String]) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        writeln!(self.writer, "<ul class=\"{class}\">")?;
        for line in lines {
            writeln!(self.writer, "<li>{}</li>", escaped(line))?;
        }
        self.writer.write_all(b"</ul>\n")
    }
}

/// Escapes a text for HTML.
fn escaped(text: &str) -> Cow<'_, str> {
    const SPECIAL: [char; 5] = ['&', '<', '>', '"', '\''];
    if !text.contains(SPECIAL) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter => escaped.push(letter),
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::{STYLE, escaped};

    #[test]
    fn markup_in_a_text_is_text() {
        assert_eq!(escaped("<script>\"&'"), "&lt;script&gt;&quot;&amp;&#39;");
        assert_eq!(escaped("plain"), "plain");
    }

    #[test]
    fn the_style_loads_nothing() {
        for loads in ["url(", "@import", "</"] {
            assert!(!STYLE.contains(loads), "{loads}");
        }
    }
}
