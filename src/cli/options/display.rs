//! The options of progress and summary.

use clap::{Args, ValueEnum};

use crate::cli::progress;

/// The options of progress and summary.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Output")]
pub(in crate::cli) struct DisplayArguments {
    /// Print nothing on success and one line on failure (for cron)
    #[arg(short, long)]
    quiet: bool,

    /// Format of the summary on standard output [default: text, with --quiet none]
    #[arg(long, visible_alias = "format", value_name = "FORM", value_enum)]
    summary: Option<SummaryForm>,
}

/// The formats of the summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum SummaryForm {
    /// Human-readable
    Text,
    /// One JSON object; nothing else is on standard output
    Json,
    /// For a merge request or a job's page
    Markdown,
    /// No summary
    None,
}

/// The settings of progress and summary.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct DisplaySettings {
    pub(in crate::cli) is_quiet: bool,
    pub(in crate::cli) summary: SummaryForm,
}

impl DisplayArguments {
    /// Returns the options of a verb that prints a document on standard output, which nothing else may be on.
    pub(in crate::cli) fn beside_document(quiet: bool) -> Self {
        Self { quiet, summary: Some(SummaryForm::None) }
    }

    /// Returns whether only problems are reported.
    pub(in crate::cli) fn is_quiet(&self) -> bool {
        self.quiet
    }
}

impl From<&DisplayArguments> for DisplaySettings {
    fn from(arguments: &DisplayArguments) -> Self {
        let default = if arguments.quiet { SummaryForm::None } else { SummaryForm::Text };
        Self { is_quiet: arguments.quiet, summary: arguments.summary.unwrap_or(default) }
    }
}

impl DisplaySettings {
    /// Returns how progress is shown.
    pub(in crate::cli) fn progress(self) -> progress::ProgressDisplay {
        if self.is_quiet { progress::ProgressDisplay::Nothing } else { progress::ProgressDisplay::fitting() }
    }
}

#[cfg(test)]
mod tests {
    use super::{DisplayArguments, DisplaySettings, SummaryForm};
    use crate::cli::progress;

    #[test]
    fn quiet_allows_summary() {
        let arguments = DisplayArguments { quiet: true, summary: None };
        assert_eq!(DisplaySettings::from(&arguments).summary, SummaryForm::None);
        assert_eq!(DisplaySettings::from(&arguments).progress(), progress::ProgressDisplay::Nothing);
        let arguments = DisplayArguments { quiet: true, summary: Some(SummaryForm::Json) };
        assert_eq!(DisplaySettings::from(&arguments).summary, SummaryForm::Json);
        assert_eq!(DisplaySettings::from(&DisplayArguments::default()).summary, SummaryForm::Text);
    }
}
