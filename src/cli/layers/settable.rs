//! The options that each layer can set, from the parser's definition of the command line.

use clap::{Arg, ArgAction, Command};

/// The section of the configuration file for `scan` without a command: `scan` itself is the option of the spec.
pub(in crate::cli) const RUN_SECTION: &str = "run";

/// Options that only the command line sets: help and version print a text, and the others choose the layers.
const TYPED_ONLY: [&str; 3] = ["help", "trust-env-file", "version"];

/// Options of the environment and the command line: a configuration file does not choose itself.
const NOT_IN_FILE: [&str; 2] = ["config", "no-config"];

/// The prefix of the variables of options.
pub(super) const PREFIX: &str = "SCAN_";

/// How many values an option takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum ValueCount {
    /// None: the option is given or not.
    Flag,
    /// None, but the option can be repeated.
    Repeated,
    /// One.
    Single,
    /// Any number.
    Several,
}

/// An option of a command that the environment or a configuration file can set.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct SettableOption<'command> {
    /// The definition of the option.
    pub(in crate::cli) arg: &'command Arg,
    /// The long name, without dashes.
    pub(in crate::cli) name: &'command str,
}

impl<'command> SettableOption<'command> {
    /// Returns the options of a command, in the order of its help. The command must be built, so that it has the
    /// options of all commands.
    pub(in crate::cli) fn all(command: &'command Command) -> impl Iterator<Item = Self> {
        let options = command.get_arguments().filter_map(|arg| Some(Self { arg, name: arg.get_long()? }));
        options.filter(|option| !TYPED_ONLY.contains(&option.name))
    }

    /// Returns whether a configuration file can set the option.
    pub(in crate::cli) fn is_in_file(self) -> bool {
        !NOT_IN_FILE.contains(&self.name)
    }

    /// Returns the names of the option: the long name first, then the older spellings.
    pub(in crate::cli) fn names(self) -> Vec<&'command str> {
        let mut names = vec![self.name];
        names.extend(self.arg.get_all_aliases().unwrap_or_default());
        names
    }

    /// Returns the names of the option's variables: the first that is set counts.
    pub(in crate::cli) fn variables(self) -> Vec<String> {
        let named = self.arg.get_env().and_then(|name| name.to_str()).map(str::to_owned);
        let mut variables: Vec<String> = self.names().into_iter().map(variable).collect();
        variables.extend(named);
        variables.dedup();
        variables
    }

    /// Returns how many values the option takes.
    pub(in crate::cli) fn count(self) -> ValueCount {
        let is_long = self.arg.get_num_args().is_some_and(|range| range.max_values() > 1);
        match self.arg.get_action() {
            ArgAction::SetTrue | ArgAction::SetFalse => ValueCount::Flag,
            ArgAction::Count => ValueCount::Repeated,
            ArgAction::Append => ValueCount::Several,
            _ if is_long || self.arg.get_value_delimiter().is_some() => ValueCount::Several,
            _ => ValueCount::Single,
        }
    }

    /// Returns whether the value is a secret, which is not printed: its definition hides the value of its variable.
    pub(in crate::cli) fn is_secret(self) -> bool {
        self.arg.is_hide_env_values_set()
    }
}

/// Returns the variable of an option: `SCAN_OUTPUT_DIR` for `output-dir`.
fn variable(option: &str) -> String {
    format!("{PREFIX}{}", option.replace('-', "_").to_ascii_uppercase())
}

/// Calls `visit` for a command and all commands below it, with the words that call it.
pub(super) fn walk<'command>(
    command: &'command Command,
    words: &mut Vec<&'command str>,
    visit: &mut impl FnMut(&[&'command str], &'command Command),
) {
    visit(words, command);
    for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
        words.push(below.get_name());
        walk(below, words, visit);
        words.pop();
    }
}
