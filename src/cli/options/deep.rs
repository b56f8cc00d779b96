//! The option that adds the details of everything that a spec lists.

use clap::{Args, ValueEnum};

use crate::plan::spec::DeepScan;

/// The option `--deep`.
#[derive(Args, Clone, Copy, Debug)]
pub(in crate::cli) struct DeepArguments {
    /// Call everything that describes the listed resources, too
    ///
    /// The parameters of these calls, such as the name of a table, come from the responses of the calls in the spec.
    /// Configuration and state are described; `--deep=history` includes past events, executions and versions.
    #[arg(
        long,
        value_name = "CLASS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "configuration",
        help_heading = "Input",
        hide_possible_values = true
    )]
    deep: Option<FollowedClass>,
}

/// How much is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FollowedClass {
    /// Configuration and state.
    Configuration,
    /// Configuration, state and history.
    History,
}

impl DeepArguments {
    /// Returns what is followed; `None` without the option.
    pub(in crate::cli) fn scan(self, depth: Option<usize>) -> Option<DeepScan> {
        let class = self.deep?;
        Some(DeepScan { history: class == FollowedClass::History, depth })
    }
}
