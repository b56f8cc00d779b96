//! Progress on standard error: a bar on a terminal, and regular lines elsewhere.

mod bar;
mod counts;
mod reading;

use std::io::{self, IsTerminal, Write, stderr};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use indicatif::ProgressBar;
use tokio::time::Instant;

use crate::engine::Event;
use bar::{bar, spinner, text_width};
use counts::{ProgressCounts, fitting};
pub(super) use reading::ReadingProgress;

/// The time between two lines without a terminal: short enough to see that a job is alive, long enough to keep
/// its log readable.
pub const BETWEEN_LINES: Duration = Duration::from_secs(30);

/// Whether the user wants no progress.
static IS_DISABLED: AtomicBool = AtomicBool::new(false);

/// The forms of the progress display.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProgressDisplay {
    /// A bar that is redrawn.
    Bar,
    /// A line every [`BETWEEN_LINES`].
    Lines,
    /// No progress.
    Nothing,
}

impl ProgressDisplay {
    /// Disables all progress of this process.
    pub(in crate::cli) fn disable() {
        IS_DISABLED.store(true, Relaxed);
    }

    /// Returns a bar if standard error is a terminal that can redraw, otherwise lines; nothing if progress is disabled.
    #[must_use]
    pub fn fitting() -> Self {
        if IS_DISABLED.load(Relaxed) {
            return Self::Nothing;
        }
        Self::of(stderr().is_terminal(), std::env::var("TERM").ok().as_deref())
    }

    /// Returns the display for a terminal with this name; one without a name counts as dumb.
    fn of(is_terminal: bool, name: Option<&str>) -> Self {
        let is_dumb = matches!(name, None | Some("" | "dumb"));
        if is_terminal && !is_dumb { Self::Bar } else { Self::Lines }
    }
}

/// Shows the progress of a run from its events.
pub struct Progress {
    counts: ProgressCounts,
    started: Instant,
    shown: ShownProgress,
}

enum ShownProgress {
    Bar(ProgressBar),
    Lines(Box<dyn Write + Send>),
    Nothing,
}

/// Prints lines on standard error while a bar may be on the screen.
#[derive(Clone, Debug)]
pub struct Voice(Option<ProgressBar>);

impl Progress {
    /// Starts to show the progress of a run with this number of accounts.
    #[must_use]
    pub fn new(display: ProgressDisplay, accounts: usize) -> Self {
        let shown = match display {
            ProgressDisplay::Bar => ShownProgress::Bar(bar()),
            ProgressDisplay::Lines => ShownProgress::Lines(Box::new(stderr())),
            ProgressDisplay::Nothing => ShownProgress::Nothing,
        };
        Self::showing(shown, accounts)
    }

    /// Shows that work of unknown length is in progress, on a terminal.
    pub(in crate::cli) fn waiting(display: ProgressDisplay, text: &'static str) -> Self {
        let shown = match display {
            ProgressDisplay::Bar => ShownProgress::Bar(spinner(text)),
            ProgressDisplay::Lines | ProgressDisplay::Nothing => ShownProgress::Nothing,
        };
        Self::showing(shown, 0)
    }

    fn showing(shown: ShownProgress, accounts: usize) -> Self {
        Self { counts: ProgressCounts::new(accounts), started: Instant::now(), shown }
    }

    /// Counts an event, and updates the bar.
    pub fn observe(&mut self, event: &Event) {
        self.counts.observe(event);
        if let ShownProgress::Bar(bar) = &self.shown {
            bar.set_length(self.counts.calls());
            bar.set_position(self.counts.calls_done);
            bar.set_message(fitting(&self.counts.parts(self.started.elapsed()), text_width()));
        }
    }

    /// Prints a line if the display is lines. The caller calls it every [`BETWEEN_LINES`].
    pub fn show_line(&mut self) {
        if let ShownProgress::Lines(out) = &mut self.shown {
            // If the reader closed standard error, there is no place for an error either.
            let _ = writeln!(out, "{}", self.counts.parts(self.started.elapsed()).join(", "));
        }
    }

    /// Returns a printer of lines that do not damage the bar.
    #[must_use]
    pub fn voice(&self) -> Voice {
        match &self.shown {
            ShownProgress::Bar(bar) => Voice(Some(bar.clone())),
            ShownProgress::Lines(_) | ShownProgress::Nothing => Voice(None),
        }
    }

    /// Removes the bar from the screen.
    pub fn finish(&self) {
        if let ShownProgress::Bar(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }
}

impl Voice {
    /// Prints a line on standard error, above the bar if there is one.
    pub fn print_line(&self, line: &str) {
        self.print(|| write_line(line));
    }

    /// Calls a function that prints, without the bar on the screen.
    pub fn print(&self, print: impl FnOnce()) {
        match &self.0 {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }
}

fn write_line(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use super::{Progress, ProgressDisplay, ShownProgress};
    use crate::engine::Event;
    use crate::names::AccountId;

    #[derive(Clone, Default)]
    struct WrittenProgress(Arc<Mutex<Vec<u8>>>);

    impl Write for WrittenProgress {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no test panicked here").write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_bar_needs_a_terminal_that_can_redraw() {
        assert_eq!(ProgressDisplay::of(true, Some("xterm-256color")), ProgressDisplay::Bar);
        for dumb in [None, Some(""), Some("dumb")] {
            assert_eq!(ProgressDisplay::of(true, dumb), ProgressDisplay::Lines, "{dumb:?}");
        }
        assert_eq!(ProgressDisplay::of(false, Some("xterm-256color")), ProgressDisplay::Lines);
    }

    #[tokio::test(start_paused = true)]
    async fn lines_are_plain_text() {
        let written = WrittenProgress::default();
        let mut progress = Progress::showing(ShownProgress::Lines(Box::new(written.clone())), 1);
        progress.observe(&Event::AccountStarted { account: AccountId::new("111111111111"), calls: 3 });
        tokio::time::advance(super::BETWEEN_LINES).await;
        progress.show_line();
        let text = String::from_utf8(written.0.lock().expect("no test panicked here").clone()).expect("text");
        assert_eq!(text, "0 of 3 calls, 0 of 1 account, 0 calls/s, 0 items\n");
    }
}
