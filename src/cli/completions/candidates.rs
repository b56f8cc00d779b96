//! What can be completed besides commands, options and paths: built-in specs, services, regions, profiles and runs.

use std::ffi::OsStr;
use std::path::Path;

use clap::{Arg, Command};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter};

use crate::app::catalog::open_catalog;
use crate::app::job::read_partitions;
use crate::aws::credentials::profile_names;
use crate::cli::run_choice::OUTPUT;
use crate::model::endpoint::PartitionData;
use crate::plan::spec::{BUILT_IN, FULL_SPEC};
use crate::run::{LATEST, ListedRun};

/// What the values of an argument are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CompletedValue {
    Spec,
    Service,
    Region,
    Profile,
    Run,
}

/// Adds candidates to the arguments of a command and of its subcommands.
pub(super) fn with_candidates(command: Command) -> Command {
    let with_own = |argument: Arg| match CompletedValue::of(&argument) {
        Some(value) => argument.add(ArgValueCompleter::new(move |typed: &OsStr| value.candidates(typed))),
        None => argument,
    };
    command.mut_args(with_own).mut_subcommands(with_candidates)
}

impl CompletedValue {
    /// Returns what the values of an argument are, by the name that the help gives to them.
    fn of(argument: &Arg) -> Option<Self> {
        let name = argument.get_value_names()?.first()?.as_str();
        match name {
            "SPEC" => Some(Self::Spec),
            "SERVICE" => Some(Self::Service),
            "REGION" => Some(Self::Region),
            "NAME" if argument.get_id() == "profile" => Some(Self::Profile),
            "FOLDER" | "NEW" | "OLD" | "RUN" | "RUNS" | "RUN|SQL" if argument.is_positional() => {
                Some(Self::Run)
            }
            _ => None,
        }
    }

    /// Returns the values that start with what was typed. What cannot be read has none: a completion has no place for
    /// errors.
    fn candidates(self, typed: &OsStr) -> Vec<CompletionCandidate> {
        let mut all = match self {
            Self::Spec => specs(),
            Self::Service => services(),
            Self::Region => regions(),
            Self::Profile => profiles(),
            Self::Run => runs(Path::new(OUTPUT)),
        };
        let start = typed.to_string_lossy();
        all.retain(|candidate| candidate.get_value().to_string_lossy().starts_with(&*start));
        match self {
            Self::Spec => all.extend(PathCompleter::any().complete(typed)),
            Self::Run => all.extend(other_folders(typed)),
            Self::Service | Self::Region | Self::Profile => {}
        }
        all
    }
}

fn described(value: impl Into<std::ffi::OsString>, help: impl Into<String>) -> CompletionCandidate {
    CompletionCandidate::new(value).help(Some(help.into().into()))
}

fn specs() -> Vec<CompletionCandidate> {
    let names = [FULL_SPEC].into_iter().chain(BUILT_IN.iter().map(|spec| spec.name));
    names.map(|name| described(name, "built-in spec")).collect()
}

fn services() -> Vec<CompletionCandidate> {
    let Ok(catalog) = open_catalog(None) else { return Vec::new() };
    catalog.entries().iter().map(|entry| described(&*entry.name, &*entry.full_name)).collect()
}

fn regions() -> Vec<CompletionCandidate> {
    let partitions = open_catalog(None).and_then(|catalog| read_partitions(&catalog));
    let Ok(partitions) = partitions else { return Vec::new() };
    let of_partition = |partition: &PartitionData| {
        let help = partition.name.to_string();
        partition.regions.iter().map(|region| described(region.as_str(), &*help)).collect::<Vec<_>>()
    };
    partitions.iter().flat_map(of_partition).collect()
}

fn profiles() -> Vec<CompletionCandidate> {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let names = runtime.map(|runtime| runtime.block_on(profile_names()).unwrap_or_default());
    names.unwrap_or_default().into_iter().map(CompletionCandidate::new).collect()
}

/// Returns the runs in a folder, the newest first, each with its state.
fn runs(folder: &Path) -> Vec<CompletionCandidate> {
    let listed = ListedRun::all_in(folder).unwrap_or_default();
    let run = |run: &ListedRun| {
        let started = run.facts.as_ref().map(|facts| facts.started.format("%Y-%m-%d %H:%M UTC"));
        let started = started.map(|started| format!(", {started}")).unwrap_or_default();
        described(&run.folder, format!("{}{started}", run.state.as_str()))
    };
    let latest = Some(folder.join(LATEST)).filter(|latest| latest.exists());
    let latest = latest.map(|latest| described(latest, "the last finished run"));
    latest.into_iter().chain(listed.iter().rev().map(run)).collect()
}

/// Returns the folders that are not in the folder with the runs, which has its own candidates.
fn other_folders(typed: &OsStr) -> impl Iterator<Item = CompletionCandidate> {
    let folders = PathCompleter::dir().complete(typed).into_iter();
    folders.filter(|candidate| !Path::new(candidate.get_value()).starts_with(OUTPUT))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::{Arg, Command, CommandFactory, ValueHint};

    use super::{CompletedValue, with_candidates};
    use crate::cli::Cli;

    /// The names of values that are not completed: numbers, times, texts of the user's choice, and what only AWS or the
    /// run that is read knows.
    const NOT_COMPLETED: [&str; 30] = [
        "ACCOUNT",
        "ARN",
        "CATALOG",
        "CODE",
        "COMMAND",
        "COUNT",
        "DATE",
        "FILE|ARN|none",
        "FILTER",
        "ID",
        "KEY",
        "KEY=VALUE",
        "KIND",
        "LEVEL",
        "MIB",
        "N",
        "NAME",
        "NUMBER/COUNT",
        "OTHER",
        "PATH",
        "PATTERN",
        "RESOURCE",
        "SECONDS",
        "SERVICE:FUNCTION",
        "TEXT",
        "TIME",
        "TYPE",
        "UNIT",
        "URL",
        "VERSION",
    ];

    fn each_argument(command: &Command, take: &mut dyn FnMut(&Arg)) {
        command.get_arguments().for_each(&mut *take);
        command.get_subcommands().for_each(|command| each_argument(command, take));
    }

    #[test]
    fn every_value_is_completed_or_cannot_be() {
        let mut others = BTreeSet::new();
        let mut command = Cli::command();
        command.build();
        each_argument(&command, &mut |argument| {
            let is_completed = CompletedValue::of(argument).is_some()
                || !argument.get_possible_values().is_empty()
                || argument.get_value_hint() != ValueHint::Unknown
                || !argument.get_action().takes_values();
            if !is_completed {
                others.extend(argument.get_value_names().into_iter().flatten().map(ToString::to_string));
            }
        });
        assert_eq!(others, NOT_COMPLETED.map(str::to_owned).into());
    }

    #[test]
    fn candidates_start_with_what_was_typed() {
        let candidates = |value: CompletedValue, typed: &str| -> Vec<String> {
            let all = value.candidates(typed.as_ref());
            all.iter().map(|one| one.get_value().to_string_lossy().into_owned()).collect()
        };
        assert_eq!(candidates(CompletedValue::Region, "eu-west-"), ["eu-west-1", "eu-west-2", "eu-west-3"]);
        assert!(candidates(CompletedValue::Service, "s3").contains(&"s3control".to_owned()));
        assert_eq!(candidates(CompletedValue::Spec, "inven"), ["inventory"]);
    }

    #[test]
    fn command_stays_valid_with_candidates() {
        with_candidates(Cli::command()).debug_assert();
    }
}
