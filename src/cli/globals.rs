//! The options of all commands, which may also precede the name of the command.

use anstream::ColorChoice;
use clap::{Args, ValueEnum};

use super::progress::ProgressDisplay;

/// The options of all commands.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct GlobalArguments {
    /// Use all variables of the .env file in the current directory
    ///
    /// Without it, variables that run programs, redirect requests or replace the catalog are ignored.
    #[arg(long, global = true, help_heading = "Input", hide_short_help = true)]
    trust_env_file: bool,

    /// Show no progress
    #[arg(long, global = true, help_heading = "Output", hide_short_help = true)]
    no_progress: bool,

    /// Use colors
    ///
    /// `auto` uses them on a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`.
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        value_enum,
        default_value_t = ColorWhen::Auto,
        help_heading = "Output",
        hide_short_help = true
    )]
    color: ColorWhen,
}

/// When colors are used.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ColorWhen {
    /// On a terminal
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
}

impl GlobalArguments {
    /// Sets what the output of all commands looks like.
    pub(super) fn apply(self) {
        match self.color {
            ColorWhen::Auto => {}
            ColorWhen::Always => ColorChoice::Always.write_global(),
            ColorWhen::Never => ColorChoice::Never.write_global(),
        }
        if self.no_progress {
            ProgressDisplay::disable();
        }
    }

    /// Returns the number of words of an option of all commands: 2 with a value in the next word, 0 for other options.
    pub(super) fn words_of(option: &str) -> usize {
        match option {
            "--trust-env-file" | "--no-progress" => 1,
            "--color" => 2,
            _ => usize::from(option.starts_with("--color=")),
        }
    }
}
