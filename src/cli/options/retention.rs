//! The options about other runs in the output folder: older runs, and runs in progress.

use clap::Args;

use crate::app::settings::output::{OutputTarget, Retention};
use crate::error::Failure;

/// The options about other runs in the output folder.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Output")]
pub(in crate::cli) struct RetentionArguments {
    /// Keep only the newest COUNT runs of the same kind
    ///
    /// Older finished runs are removed after the run.
    #[arg(long, value_name = "COUNT", env = "SCAN_KEEP")]
    keep: Option<String>,

    /// Add the run to the history of its directory, history.db
    ///
    /// As `scan history add` does, after the run has finished.
    #[cfg_attr(feature = "sqlite", arg(long, hide_short_help = true))]
    #[cfg_attr(not(feature = "sqlite"), arg(skip))]
    history: bool,

    /// Allow concurrent scans into the same directory
    #[arg(long, hide_short_help = true)]
    allow_overlap: bool,
}

impl RetentionArguments {
    /// Returns how other runs are treated, by a run with this destination; `is_shard` if the run is a shard.
    pub(in crate::cli) fn retention(
        &self,
        destination: &OutputTarget,
        is_shard: bool,
    ) -> Result<Retention, Failure> {
        // An empty variable counts as unset.
        let keep = match self.keep.as_deref().filter(|text| !text.is_empty()) {
            Some(text) => Some(text.parse().map_err(|_| {
                Failure::usage(format!("--keep: `{text}` is not a number of runs, at least 1"))
            })?),
            None => None,
        };
        if keep.is_some() && is_shard {
            return Err(Failure::usage("--keep: a shard cannot remove runs")
                .hint("remove old runs where the shards are merged"));
        }
        if let (Some(_), OutputTarget::Bucket(address, _)) = (keep, destination) {
            return Err(Failure::usage(format!(
                "--keep: only folders can be removed, but results are written to {address}"
            ))
            .hint("remove old objects with a lifecycle rule of the bucket"));
        }
        if self.adds_to_history() && is_shard {
            return Err(Failure::usage("--history: a shard is only a part of a run")
                .hint("merge the shards, and add the merged run with `scan history add`"));
        }
        if let (true, OutputTarget::Bucket(address, _)) = (self.adds_to_history(), destination) {
            return Err(Failure::usage(format!(
                "--history: a history is a local file, but results are written to {address}"
            ))
            .hint("download the run later, and add it with `scan history add`"));
        }
        Ok(Retention { keep, allow_overlap: self.allow_overlap })
    }

    /// Returns whether the run is added to a history when it has finished.
    pub(in crate::cli) fn adds_to_history(&self) -> bool {
        self.history
    }
}

#[cfg(test)]
mod tests {
    use super::RetentionArguments;
    use crate::app::settings::output::OutputTarget;

    #[test]
    fn at_least_one_run_is_kept() {
        let folder = OutputTarget::Folder("output".into());
        let keep = |text: &str| {
            let arguments =
                RetentionArguments { keep: Some(text.to_owned()), ..RetentionArguments::default() };
            let retention = arguments.retention(&folder, false);
            retention.map(|retention| retention.keep.map(usize::from)).map_err(|failure| failure.to_string())
        };
        assert_eq!(keep("7"), Ok(Some(7)));
        assert_eq!(keep(""), Ok(None));
        for wrong in ["0", "-1", "all"] {
            assert!(keep(wrong).expect_err("no number").contains("not a number of runs, at least 1"));
        }
    }

    #[test]
    fn a_shard_removes_nothing() {
        let arguments = RetentionArguments { keep: Some("2".to_owned()), ..RetentionArguments::default() };
        let retention = arguments.retention(&OutputTarget::Folder("output".into()), true);
        assert!(retention.expect_err("a shard").to_string().contains("a shard"));
    }
}
