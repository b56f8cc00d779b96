//! The options of `scan diff` that send the comparison to a chat or a topic.

use clap::{Args, ValueEnum};

use super::console::{print_line, warn};
use super::diff_failure::failed;
use super::runtime::runtime;
use crate::app::notify::Destination;
use crate::error::Failure;
use crate::reports::diff::{DiffNotice, Difference};

/// The options that send a comparison.
#[derive(Args, Debug)]
#[command(next_help_heading = "Output")]
pub(super) struct NotifyArguments {
    /// Send the comparison if anything differs (repeatable)
    ///
    /// Slack and Teams take the URL of a webhook from `SCAN_NOTIFY_SLACK_URL` and `SCAN_NOTIFY_TEAMS_URL`.
    #[arg(long, value_enum, value_name = "WHERE", value_delimiter = ',')]
    notify: Vec<DestinationName>,

    /// ARN of the topic for `--notify sns`
    #[arg(long, value_name = "ARN")]
    notify_topic: Option<String>,

    /// Print the messages instead of sending them
    #[arg(long, requires = "notify")]
    notify_dry_run: bool,
}

/// The destinations that `--notify` accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DestinationName {
    /// An incoming webhook
    Slack,
    /// A workflow with a webhook
    Teams,
    /// A topic of Amazon SNS
    Sns,
}

impl NotifyArguments {
    /// Returns the destinations, before any work is done.
    ///
    /// # Errors
    ///
    /// Returns an error if a webhook or the topic is missing or wrong.
    pub(super) fn destinations(&self) -> Result<Vec<Destination>, Failure> {
        if self.notify_topic.is_some() && !self.notify.contains(&DestinationName::Sns) {
            return Err(Failure::usage("--notify-topic is for --notify sns").hint("add --notify sns"));
        }
        let destination =
            |name: &DestinationName| match name {
                DestinationName::Slack => Destination::slack(),
                DestinationName::Teams => Destination::teams(),
                DestinationName::Sns => match &self.notify_topic {
                    Some(arn) => Destination::topic(arn),
                    None => Err(Failure::usage("--notify sns needs a topic")
                        .hint("name it with --notify-topic <ARN>")),
                },
            };
        self.notify.iter().map(destination).collect()
    }

    /// Sends a comparison, or prints the messages with `--dry-run` or `--notify-dry-run`.
    ///
    /// # Errors
    ///
    /// Returns the first error after all destinations were tried.
    pub(super) fn send(
        &self,
        destinations: &[Destination],
        difference: &mut Difference,
        dry_run: bool,
    ) -> Result<(), Failure> {
        if destinations.is_empty() {
            return Ok(());
        }
        if !difference.is_notable() {
            warn("No differences: no notification is sent");
            return Ok(());
        }
        let notice = difference.notice().map_err(failed)?;
        if dry_run || self.notify_dry_run {
            for destination in destinations {
                warn(format!("Would notify {destination}:"));
                print_line(destination.preview(&notice));
            }
            return Ok(());
        }
        runtime()?.block_on(send_all(destinations, &notice))
    }
}

async fn send_all(destinations: &[Destination], notice: &DiffNotice) -> Result<(), Failure> {
    let mut first = None;
    for destination in destinations {
        match destination.send(notice).await {
            Ok(()) => warn(format!("Notified {destination}")),
            Err(failure) if first.is_none() => first = Some(failure),
            Err(failure) => warn(format!("error: {failure}")),
        }
    }
    first.map_or(Ok(()), Err)
}
