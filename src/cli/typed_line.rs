//! The command line, parsed together with the options of the other layers.

use std::env;
use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser};

use super::called_verbs::only_called;
use super::globals::globals_after_verb;
use super::idle_options::check_idle_options;
use super::layers::{ConfigFile, ExpandedLine, LayeredOption, explain, misspelt, without_variables};
use super::usage_error::{verb_of, wrong_usage};
use super::{Cli, missing_features};
use crate::error::Failure;

/// A command line with the options of all layers.
pub(super) struct TypedLine {
    pub(super) cli: Cli,
    /// The configuration file that was read.
    file: Option<String>,
    /// The options of the environment and the file.
    pub(super) layered: Vec<LayeredOption>,
}

/// What a command line means.
pub(super) enum ParsedLine {
    /// A command to run.
    Command(Box<TypedLine>),
    /// A request for the version.
    Version,
    /// A request for help.
    Help(clap::Error),
}

impl TypedLine {
    /// Parses a command line, with the options of the environment and of the configuration file.
    ///
    /// # Errors
    ///
    /// Returns an error if the line, a variable or the file is wrong. Mistakes of the line come first.
    pub(super) fn parse(arguments: Vec<OsString>) -> Result<ParsedLine, Failure> {
        let command = Cli::command();
        let arguments = globals_after_verb(&command, arguments);
        let command = only_called(command, &arguments);
        // Alone, the line may lack an option that another layer has.
        let typed = match without_variables(command.clone()).try_get_matches_from(&arguments) {
            Err(error) if error.kind() == ErrorKind::DisplayVersion => return Ok(ParsedLine::Version),
            Err(error) if !error.use_stderr() => {
                // The help names the variables.
                return Ok(ParsedLine::Help(Cli::try_parse_from(&arguments).err().unwrap_or(error)));
            }
            Err(error) if error.kind() != ErrorKind::MissingRequiredArgument => {
                return Err(usage_failure(&error, &arguments));
            }
            typed => typed.ok(),
        };
        let variable = |name: &str| env::var_os(name);
        let ExpandedLine { arguments, file, layered, .. } =
            ExpandedLine::new(&command, arguments, variable, |named| ConfigFile::load(named, Cli::command))?;
        let parsed = without_variables(command).try_get_matches_from(&arguments);
        if let (Some(typed), Ok(line)) = (&typed, &parsed) {
            check_idle_options(typed, line)?;
        }
        match parsed.and_then(|matches| Cli::from_arg_matches(&matches)) {
            Ok(cli) => Ok(ParsedLine::Command(Box::new(Self { cli, file, layered }))),
            Err(error) => Err(explain(usage_failure(&error, &arguments), &layered)),
        }
    }

    /// Returns the notices of the other layers. A quiet command has none.
    pub(super) fn notices(&self) -> Vec<String> {
        if self.cli.is_quiet() {
            return Vec::new();
        }
        let mut notices = misspelt(Cli::command, env::vars_os().map(|(name, _)| name));
        if let Some(file) = &self.file {
            let of_file = self.layered.iter().filter(|option| option.origin.is_file());
            let names: Vec<&str> = of_file.map(|option| &*option.name).collect();
            if !names.is_empty() {
                notices.push(format!("Read {file}: {}", names.join(", ")));
            }
        }
        notices
    }
}

/// Returns clap's error as a failure.
fn usage_failure(error: &clap::Error, arguments: &[OsString]) -> Failure {
    missing_features::explain(error).unwrap_or_else(|| wrong_usage(error, &verb_of(&arguments[1..])))
}
