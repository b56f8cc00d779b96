//! Progress on standard error, when somebody is there to see it.

use std::io::{IsTerminal, stderr};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::engine::{Event, Status};

/// Watches the events of a run.
pub struct Progress {
    bar: ProgressBar,
    accounts: u64,
    accounts_done: u64,
    planned: u64,
    items: u64,
    denied: u64,
    failed: u64,
}

impl Progress {
    /// Shows a bar when standard error is a terminal, and nothing otherwise.
    #[must_use]
    pub fn new(accounts: usize) -> Self {
        let bar = if stderr().is_terminal() {
            ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(10))
        } else {
            ProgressBar::hidden()
        };
        // The template is a constant; without it the bar has indicatif's own look.
        if let Ok(style) =
            ProgressStyle::with_template("{spinner} {wide_bar} {pos}/{len} calls  {per_sec}  {msg}")
        {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar, accounts: accounts as u64, accounts_done: 0, planned: 0, items: 0, denied: 0, failed: 0 }
    }

    /// Takes note of an event.
    pub fn observe(&mut self, event: &Event) {
        match event {
            Event::AccountStarted { calls, .. } => {
                self.planned += calls;
                self.bar.set_length(self.planned);
            }
            Event::AccountFinished { .. } => self.accounts_done += 1,
            Event::Calls(records) => {
                self.bar.inc(records.len() as u64);
                for record in records {
                    self.items += record.items;
                    match record.status {
                        Status::Denied => self.denied += 1,
                        status if status.is_failure() => self.failed += 1,
                        _ => {}
                    }
                }
            }
        }
        let Self { accounts, accounts_done, items, denied, failed, .. } = self;
        self.bar.set_message(format!(
            "{accounts_done}/{accounts} accounts, {items} items, {denied} denied, {failed} failed"
        ));
    }

    /// Takes the bar off the screen.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
