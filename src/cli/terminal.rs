//! Shows a run on the terminal: notes, progress, signals and the log.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::JoinHandle;
use tokio::time::{Instant, interval_at};

use super::console::{print_line, warn};
use super::logging::{Log, LogArguments};
use super::options::display::{DisplayArguments, DisplaySettings, SummaryForm};
use super::progress::{BETWEEN_LINES, Progress};
use super::signals;
use crate::app::observer::Observer;
use crate::engine::{Event, StopSignal};
use crate::error::Failure;
use crate::run::append_to;

/// Shows a run on standard output and standard error.
pub(super) struct Terminal {
    display: DisplaySettings,
    log: Option<Log>,
    progress: Arc<Mutex<Option<Progress>>>,
    /// The task that prints lines of progress.
    lines: Mutex<Option<JoinHandle<()>>>,
}

impl Terminal {
    /// Starts the log, if the verb has one.
    pub(super) fn new(display: &DisplayArguments, log: Option<LogArguments>) -> Arc<Self> {
        Arc::new(Self {
            display: display.into(),
            log: log.map(Log::start),
            progress: Arc::default(),
            lines: Mutex::default(),
        })
    }

    /// Shows a text until the future is done, so that the user sees that the program works.
    pub(super) async fn wait_for<T>(&self, text: &'static str, future: impl Future<Output = T>) -> T {
        *locked(&self.progress) = Some(Progress::waiting(self.display.progress(), text));
        let outcome = future.await;
        self.scan_ended();
        outcome
    }

    /// Calls a function that prints, without a bar on the screen.
    fn print(&self, print: impl FnOnce()) {
        match &*locked(&self.progress) {
            Some(progress) => progress.voice().print(print),
            None => print(),
        }
    }

    /// Returns the settings of progress and summary.
    pub(super) fn display(&self) -> DisplaySettings {
        self.display
    }
}

impl Observer for Terminal {
    /// Prints on standard output beside a summary in text, and on standard error beside the other formats.
    fn note(&self, text: &str) {
        match self.display.summary {
            _ if self.display.is_quiet => {}
            SummaryForm::Text => self.print(|| print_line(text)),
            SummaryForm::Json | SummaryForm::Markdown | SummaryForm::None => self.warn(text),
        }
    }

    fn warn(&self, text: &str) {
        self.print(|| warn(text));
    }

    fn log_to(&self, path: &Path) -> io::Result<()> {
        let Some(log) = &self.log else { return Ok(()) };
        append_to(path).and_then(|file| log.write_to(file))
    }

    fn scan_started(&self, accounts: usize, stop: &StopSignal) -> Result<(), Failure> {
        let progress = Progress::new(self.display.progress(), accounts);
        signals::watch(stop.clone(), progress.voice())?;
        *locked(&self.progress) = Some(progress);
        let progress = Arc::clone(&self.progress);
        let lines = tokio::spawn(async move {
            let mut lines = interval_at(Instant::now() + BETWEEN_LINES, BETWEEN_LINES);
            loop {
                lines.tick().await;
                if let Some(progress) = &mut *locked(&progress) {
                    progress.show_line();
                }
            }
        });
        *locked(&self.lines) = Some(lines);
        Ok(())
    }

    fn event(&self, event: &Event) {
        if let Some(progress) = &mut *locked(&self.progress) {
            progress.observe(event);
        }
    }

    fn scan_ended(&self) {
        if let Some(lines) = locked(&self.lines).take() {
            lines.abort();
        }
        if let Some(progress) = locked(&self.progress).take() {
            progress.finish();
        }
    }
}

fn locked<Value>(mutex: &Mutex<Value>) -> MutexGuard<'_, Value> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
