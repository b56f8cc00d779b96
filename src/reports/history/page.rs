//! The trends of a history as HTML, in which data from AWS is only ever text: a self-contained page, and a section of
//! the report of a run.

use std::path::Path;

use maud::{DOCTYPE, Markup, html};

use super::trends::{HistoryTrends, ResourceTrend};
use crate::reports::static_page::head;
use crate::run::{NewFileError, write_new_file};
use crate::util::plural::plural;
use crate::util::terminal_text::printable_line;

/// The size of a trend in pixels.
const WIDTH: i64 = 160;
const HEIGHT: i64 = 28;

impl HistoryTrends {
    /// Writes the page to a new file.
    ///
    /// # Errors
    ///
    /// Returns an error if the file exists or cannot be written.
    pub(crate) fn write(&self, path: &Path) -> Result<(), NewFileError> {
        write_new_file(path, |file| {
            use std::io::Write as _;
            let page = self.page().into_string();
            file.write_all(page.as_bytes()).map_err(|cause| NewFileError::Unwritable(path.to_owned(), cause))
        })
    }

    fn page(&self) -> Markup {
        let title = format!("History of {}", plural(self.runs.len(), "run"));
        html! {
            (DOCTYPE)
            html lang="en" {
                (head(&title))
                body { main {
                    h1 { (title) }
                    (self.section())
                } }
            }
        }
    }

    /// Returns the runs, and the trends of types and accounts, each as a table below a heading of the second level.
    pub(crate) fn section(&self) -> Markup {
        html! {
            h2 { "Runs" }
            (self.runs())
            h2 { "By type" }
            (trends("Type", &self.types))
            h2 { "By account" }
            (trends("Account", &self.accounts))
        }
    }

    fn runs(&self) -> Markup {
        html! {
            table {
                thead { tr {
                    th scope="col" { "Run" }
                    th scope="col" { "Started (UTC)" }
                    @for name in ["Resources", "Added", "Removed", "Changed", "Unknown"] {
                        th.number scope="col" { (name) }
                    }
                } }
                tbody { @for run in &self.runs { tr {
                    th scope="row" { (printable_line(&run.name)) }
                    td { (run.started_minute()) }
                    @for count in [run.resources, run.added, run.removed, run.changed, run.unknown] {
                        td.number { (count) }
                    }
                } } }
            }
        }
    }
}

/// Returns a table of trends: the first and last number, the extremes, and the curve.
fn trends(title: &str, trends: &[ResourceTrend]) -> Markup {
    html! {
        table {
            thead { tr {
                th scope="col" { (title) }
                @for name in ["First", "Last", "Least", "Most"] { th.number scope="col" { (name) } }
                th scope="col" { "Trend" }
            } }
            tbody { @for trend in trends {
                @let counts = &trend.counts;
                @let ends = [counts.first(), counts.last(), counts.iter().min(), counts.iter().max()];
                tr {
                    th scope="row" { (printable_line(&trend.name)) }
                    @for count in ends { td.number { (count.copied().unwrap_or_default()) } }
                    td { (curve(counts)) }
                }
            } }
        }
    }
}

/// Returns the curve of numbers, from 0 to the largest one. Its name has all numbers, for readers who do not see it.
fn curve(counts: &[i64]) -> Markup {
    let most = counts.iter().copied().max().unwrap_or_default().max(1);
    let steps = i64::try_from(counts.len()).unwrap_or_default().saturating_sub(1).max(1);
    let points: Vec<String> = (0..)
        .zip(counts)
        .map(|(number, count)| format!("{},{}", number * WIDTH / steps, HEIGHT - count * HEIGHT / most))
        .collect();
    let numbers: Vec<String> = counts.iter().map(ToString::to_string).collect();
    html! {
        svg role="img" aria-label=(numbers.join(", ")) width=(WIDTH) height=(HEIGHT)
            viewBox=(format!("-2 -2 {} {}", WIDTH + 4, HEIGHT + 4)) {
            polyline points=(points.join(" ")) {}
            @if let [last] = &points[..] {
                @let (x, y) = last.split_once(',').unwrap_or_default();
                circle cx=(x) cy=(y) r="2" {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::trends::{HistoryTrends, ResourceTrend};
    use super::curve;

    #[test]
    fn curve_starts_left_and_has_its_largest_number_on_top() {
        let curve = curve(&[0, 4, 2]).into_string();
        assert!(curve.contains("points=\"0,28 80,0 160,14\""), "{curve}");
        assert!(curve.contains("aria-label=\"0, 4, 2\""), "{curve}");
    }

    #[test]
    fn markup_in_a_name_is_text() {
        let types = vec![ResourceTrend { name: "<script>".to_owned(), counts: vec![1] }];
        let page = HistoryTrends { runs: Vec::new(), types, accounts: Vec::new() }.page().into_string();
        assert!(page.contains("&lt;script&gt;") && !page.contains("<script"), "{page}");
    }
}
