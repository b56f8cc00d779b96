//! The command line with the options of the lower layers.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::Resettable;
use clap::error::{ContextKind, ContextValue};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command, Id};

use super::config_file::ConfigFile;
use super::option_value::OptionValue;
use super::origin::{LayeredOption, OptionOrigin};
use super::settable::SettableOption;
use crate::error::Failure;

/// The option that names the folder of the runs, for commands whose user names no run.
const RUNS_FOLDER: &str = "output_dir";

/// A command line with the options of the lower layers.
#[derive(Debug)]
pub(in crate::cli) struct ExpandedLine {
    pub(in crate::cli) arguments: Vec<OsString>,
    /// The words of the command, without the program's name.
    pub(in crate::cli) verb: Vec<String>,
    /// The configuration file that was read.
    pub(in crate::cli) file: Option<String>,
    /// The options of the environment and the file that are in force.
    pub(in crate::cli) layered: Vec<LayeredOption>,
}

/// Returns the commands without the variables of their options: the layers read them.
pub(in crate::cli) fn without_variables(command: Command) -> Command {
    command.mut_args(|arg| arg.env(Resettable::Reset)).mut_subcommands(without_variables)
}

impl ExpandedLine {
    /// Adds the options that are not typed to a command line. `command` has the variables of the options; `load` opens
    /// the configuration file, which the user may have named.
    ///
    /// An option that the user types, or sets in a higher layer, replaces that of the lower ones, and all options of
    /// lower layers that it excludes. An option that needs another one is used together with it.
    ///
    /// # Errors
    ///
    /// Returns an error with the place if a variable or a line of the file has a value that the option cannot have.
    pub(in crate::cli) fn new(
        command: &Command,
        arguments: Vec<OsString>,
        variable: impl Fn(&str) -> Option<OsString>,
        load: impl FnOnce(Option<PathBuf>) -> Result<Option<ConfigFile>, Failure>,
    ) -> Result<Self, Failure> {
        let lenient = without_variables(command.clone()).ignore_errors(true);
        let Ok(matches) = lenient.try_get_matches_from(&arguments) else {
            // A request for help or the version, which the parser carries out.
            return Ok(Self { arguments, verb: Vec::new(), file: None, layered: Vec::new() });
        };
        let mut root = command.clone();
        root.build();
        let (command, matches, verb) = called(&root, &matches);
        let mut layers = LayeredLine::new(command, matches);
        layers.add(|option| of_variable(option, &variable))?;
        let file = if layers.is_given("no_config") { None } else { load(layers.value("config", matches))? };
        if let Some(file) = &file {
            layers
                .add(|option| Ok(file.get(&verb, option).map(|(value, origin)| (value.clone(), origin))))?;
        }
        let layered = layers.with_their_needs();
        let (before, after) = arguments.split_at(end_of(&verb, &arguments));
        let words = layered.iter().flat_map(|option| &option.words);
        let arguments = before.iter().chain(words).chain(after).cloned().collect();
        Ok(Self { arguments, verb, file: file.map(|file| file.path), layered })
    }
}

/// Returns how many arguments there are up to the last word of the command.
fn end_of(verb: &[String], arguments: &[OsString]) -> usize {
    verb.iter().fold(1, |start, word| {
        let below = arguments.iter().skip(start).position(|argument| argument == word.as_str());
        start + below.map_or(0, |position| position + 1)
    })
}

/// Returns the command that is called, its options, and its words.
fn called<'line>(
    root: &'line Command,
    matches: &'line ArgMatches,
) -> (&'line Command, &'line ArgMatches, Vec<String>) {
    let (mut command, mut matches, mut verb) = (root, matches, Vec::new());
    while let Some((name, below)) = matches.subcommand()
        && let Some(found) = command.find_subcommand(name)
    {
        verb.push(name.to_owned());
        (command, matches) = (found, below);
    }
    (command, matches, verb)
}

/// Returns the value of an option's variable; one that is empty counts as not set.
fn of_variable(
    option: SettableOption<'_>,
    variable: impl Fn(&str) -> Option<OsString>,
) -> Result<Option<(OptionValue, OptionOrigin)>, Failure> {
    let set = option.variables().into_iter().find_map(|name| {
        let value = variable(&name).filter(|value| !value.is_empty())?;
        Some((name, value))
    });
    let Some((name, value)) = set else { return Ok(None) };
    match OptionValue::of_variable(option, value) {
        Ok(value) => Ok(Some((value, OptionOrigin::Variable(name)))),
        Err(problem) => Err(Failure::usage(format!("{name}: {problem}"))),
    }
}

/// The options of a command, as far as the layers have set them.
struct LayeredLine<'line> {
    command: &'line Command,
    /// The arguments that the user has typed.
    typed: Vec<&'line Arg>,
    /// The options of the lower layers.
    layered: Vec<(SettableOption<'line>, LayeredOption)>,
}

impl<'line> LayeredLine<'line> {
    fn new(command: &'line Command, matches: &ArgMatches) -> Self {
        let is_typed =
            |arg: &&Arg| matches.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine);
        Self { command, typed: command.get_arguments().filter(is_typed).collect(), layered: Vec::new() }
    }

    /// Adds the options of a layer, below those that there are.
    fn add(
        &mut self,
        value: impl Fn(SettableOption<'line>) -> Result<Option<(OptionValue, OptionOrigin)>, Failure>,
    ) -> Result<(), Failure> {
        let mut layer = Vec::new();
        for option in SettableOption::all(self.command).filter(|option| self.is_free(option.arg)) {
            let Some((value, origin)) = value(option)? else { continue };
            let words = value
                .words(option)
                .map_err(|problem| Failure::usage(format!("{origin}: --{} {problem}", option.name)))?;
            let (id, name) = (option.arg.get_id().to_string(), option.name.to_owned());
            layer.push((option, LayeredOption { id, name, origin, words }));
        }
        self.layered.extend(layer);
        Ok(())
    }

    /// Returns whether a flag is given.
    fn is_given(&self, id: &str) -> bool {
        let layered = self.layered.iter().filter(|(_, set)| !set.words.is_empty());
        self.typed.iter().any(|arg| arg.get_id() == id) || layered.into_iter().any(|(_, set)| set.id == id)
    }

    /// Returns the path that an option has.
    fn value(&self, id: &str, matches: &ArgMatches) -> Option<PathBuf> {
        let typed = matches.try_get_one::<PathBuf>(id).ok().flatten().cloned();
        let layered = self.layered.iter().find(|(_, set)| set.id == id);
        typed.or_else(|| layered.and_then(|(_, set)| set.values().into_iter().next().map(PathBuf::from)))
    }

    /// Returns whether neither the option nor one that excludes it is set.
    fn is_free(&self, arg: &Arg) -> bool {
        let active =
            self.layered.iter().filter(|(_, set)| !set.words.is_empty()).map(|(option, _)| option.arg);
        let is_set = self.layered.iter().any(|(option, _)| option.arg.get_id() == arg.get_id());
        let has_use = arg.get_id() != RUNS_FOLDER || !self.typed.iter().any(|arg| arg.is_positional());
        let is_excluded = self.typed.iter().copied().chain(active).any(|set| self.excludes(set, arg));
        has_use && !is_set && !is_excluded
    }

    /// Returns whether an argument cannot stand beside another one, or is the same.
    fn excludes(&self, one: &Arg, other: &Arg) -> bool {
        let conflicts = |one: &Arg, other: &Arg| {
            let conflicts = self.command.get_arg_conflicts_with(one);
            conflicts.iter().any(|arg| arg.get_id() == other.get_id())
        };
        let is_in = |group: &clap::ArgGroup, arg: &Arg| group.get_args().any(|id: &Id| id == arg.get_id());
        let share =
            |group: &clap::ArgGroup| !group.clone().is_multiple() && is_in(group, one) && is_in(group, other);
        one.get_id() == other.get_id()
            || conflicts(one, other)
            || conflicts(other, one)
            || self.command.get_groups().any(share)
    }

    /// Returns the options whose needs are met: an option that needs another one, which is not set, has no use.
    fn with_their_needs(self) -> Vec<LayeredOption> {
        let of_command = self.missing(&[]);
        let needs = |words: &[OsString]| -> Vec<String> {
            self.missing(words).into_iter().filter(|needed| !of_command.contains(needed)).collect()
        };
        let mut kept: Vec<_> = self.layered.iter().map(|set| (needs(&set.1.words), set)).collect();
        loop {
            let active =
                kept.iter().filter(|(_, (_, set))| !set.words.is_empty()).map(|(_, (option, _))| option.arg);
            let active: Vec<String> =
                self.typed.iter().copied().chain(active).map(ToString::to_string).collect();
            let before = kept.len();
            kept.retain(|(needs, _)| needs.iter().all(|needed| active.contains(needed)));
            if kept.len() == before {
                return kept.into_iter().map(|(_, (_, option))| option.clone()).collect();
            }
        }
    }

    /// Returns the arguments that the parser misses on a command line with these words.
    fn missing(&self, words: &[OsString]) -> Vec<String> {
        let line = [OsString::from("scan")].into_iter().chain(words.iter().cloned());
        let command = without_variables(self.command.clone());
        match command.try_get_matches_from(line).map_err(|error| error.get(ContextKind::InvalidArg).cloned())
        {
            Err(Some(ContextValue::Strings(missing))) => missing,
            _ => Vec::new(),
        }
    }
}
