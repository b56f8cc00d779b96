//! A bar for `scan export` and `scan report`: how much of the run was read.

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{HumanCount, ProgressBar};

use super::bar::bar;
use crate::run::ReadCounts;
use crate::util::plural::counted;

/// The time between two updates of the bar.
const BETWEEN_UPDATES: Duration = Duration::from_millis(100);

/// A bar on the screen, until it is dropped.
pub(in crate::cli) struct ReadingProgress {
    bar: ProgressBar,
    /// Dropping it ends the thread.
    end: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl ReadingProgress {
    /// Shows a bar that follows the counts.
    pub(in crate::cli) fn start(counts: Arc<ReadCounts>) -> Self {
        let bar = bar();
        bar.set_message(message(&counts));
        bar.tick();
        let (end, is_ended) = mpsc::channel();
        let of_thread = bar.clone();
        let thread = thread::spawn(move || {
            while is_ended.recv_timeout(BETWEEN_UPDATES) == Err(RecvTimeoutError::Timeout) {
                let (read, all) = counts.files();
                of_thread.set_length(all);
                of_thread.set_position(read);
                of_thread.set_message(message(&counts));
            }
        });
        Self { bar, end: Some(end), thread: Some(thread) }
    }
}

impl Drop for ReadingProgress {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        self.bar.finish_and_clear();
    }
}

/// Returns the text beside the bar: `12,300 resources  45% of 1,200 files`.
fn message(counts: &ReadCounts) -> String {
    let (read, all) = counts.files();
    let resources = counted(counts.resources(), HumanCount(counts.resources()), "resource");
    let share = (read * 100).checked_div(all).unwrap_or_default();
    let files = counted(all, HumanCount(all), "file");
    let pass = if counts.passes() > 1 { format!("  pass {}", counts.passes()) } else { String::new() };
    format!("{resources}  {share}% of {files}{pass}")
}

#[cfg(test)]
mod tests {
    use super::message;
    use crate::run::ReadCounts;

    #[test]
    fn message_has_resources_and_share_of_files() {
        let counts = ReadCounts::default();
        assert_eq!(message(&counts), "0 resources  0% of 0 files");
        counts.expect_files(1_200);
        counts.start_pass();
        counts.count_files(540);
        (0..12_300).for_each(|_| counts.count_resource());
        assert_eq!(message(&counts), "12,300 resources  45% of 1,200 files");
        counts.start_pass();
        counts.count_files(5_000);
        assert_eq!(message(&counts), "0 resources  100% of 1,200 files  pass 2");
    }
}
