//! The options of all commands, which may also precede the name of the command.

use std::ffi::OsString;
use std::path::PathBuf;

use anstream::ColorChoice;
use clap::{Arg, Args, Command, ValueEnum};

use super::progress::ProgressDisplay;

/// The options of all commands.
#[derive(Args, Clone, Debug)]
pub(super) struct GlobalArguments {
    /// Use all variables of the .env file in the current directory
    ///
    /// Without it, variables that run programs, redirect requests or replace the catalog are ignored.
    #[arg(long, global = true, help_heading = "Input", hide_short_help = true)]
    trust_env_file: bool,

    /// Configuration file with options [default: scan.toml]
    ///
    /// `scan.toml` is read only in the current directory, and only if other users cannot write it. A file that is named
    /// here may set every option.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        conflicts_with = "no_config",
        help_heading = "Input",
        hide_short_help = true
    )]
    config: Option<PathBuf>,

    /// Read no configuration file
    #[arg(long, global = true, help_heading = "Input", hide_short_help = true)]
    no_config: bool,

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
    /// Returns the words that choose the configuration file.
    pub(super) fn file_words(&self) -> Vec<OsString> {
        let file = self.config.as_ref().map(|file| [OsString::from("--config"), file.into()]);
        let none = self.no_config.then(|| OsString::from("--no-config"));
        file.into_iter().flatten().chain(none).collect()
    }

    /// Sets what the output of all commands looks like.
    pub(super) fn apply(&self) {
        match self.color {
            ColorWhen::Auto => {}
            ColorWhen::Always => ColorChoice::Always.write_global(),
            ColorWhen::Never => ColorChoice::Never.write_global(),
        }
        if self.no_progress {
            ProgressDisplay::disable();
        }
    }
}

/// Moves the options of all commands behind the command that follows them: the parser takes those before it for
/// options of a scan, which has no name.
pub(super) fn globals_after_verb(root: &Command, mut arguments: Vec<OsString>) -> Vec<OsString> {
    let mut end = 1;
    while let Some(option) = arguments.get(end).and_then(|argument| argument.to_str()) {
        match words_of(root, option) {
            0 => break,
            words => end += words,
        }
    }
    let is_verb = |name: &OsString| root.find_subcommand(name).is_some();
    if end > 1 && arguments.get(end).is_some_and(is_verb) {
        arguments[1..=end].rotate_right(1);
    }
    arguments
}

/// Returns the number of words of an option of all commands: 2 with a value in the next word, 0 for other options.
fn words_of(root: &Command, option: &str) -> usize {
    let Some(option) = option.strip_prefix("--") else { return 0 };
    let name = option.split('=').next().unwrap_or(option);
    let is_meant = |arg: &&Arg| arg.is_global_set() && arg.get_long() == Some(name);
    match root.get_arguments().find(is_meant) {
        None => 0,
        Some(arg) => 1 + usize::from(arg.get_action().takes_values() && !option.contains('=')),
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use clap::{CommandFactory, Parser};

    use super::globals_after_verb;
    use crate::cli::Cli;

    #[test]
    fn options_of_all_verbs_may_precede_the_verb() {
        let moved = |line: &str| {
            let line = line.split(' ').map(OsString::from).collect();
            let moved = globals_after_verb(&Cli::command(), line);
            moved.join(&OsString::from(" ")).into_string().expect("UTF-8")
        };
        for (typed, expected) in [
            ("scan --no-progress --color never diff old", "scan diff --no-progress --color never old"),
            ("scan --color=always catalog list", "scan catalog --color=always list"),
            ("scan --config my.toml --no-config query", "scan query --config my.toml --no-config"),
            ("scan --no-progress -s s3", "scan --no-progress -s s3"),
            ("scan --no-progress", "scan --no-progress"),
            ("scan --profile diff diff", "scan --profile diff diff"),
        ] {
            assert_eq!(moved(typed), expected);
            assert!(
                typed.contains("--profile")
                    || typed.contains("--no-config")
                    || Cli::try_parse_from(expected.split(' ')).is_ok(),
                "{typed}"
            );
        }
    }
}
