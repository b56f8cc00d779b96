//! `scan config`: shows the options that are in force, and where they come from.

use std::env;
use std::ffi::OsString;

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, CommandFactory};
use serde_json::{Value, json};

use super::Cli;
use super::console::print_line;
use super::globals::{GlobalArguments, globals_after_verb};
use super::layers::{ConfigFile, ExpandedLine, OptionOrigin, SettableOption, ValueCount, without_variables};
use super::options::form::FormArguments;
use crate::error::Failure;

/// Shows the options that are in force for a command line.
#[derive(Args, Debug)]
pub(super) struct ConfigArguments {
    #[command(flatten)]
    form: FormArguments,

    /// Command line to explain, such as `export --format csv` [default: a scan]
    #[arg(value_name = "COMMAND", trailing_var_arg = true, allow_hyphen_values = true)]
    line: Vec<OsString>,
}

/// An option that is in force.
struct ForcedOption {
    name: String,
    values: Vec<String>,
    origin: OptionOrigin,
}

/// What is printed in place of a secret.
const HIDDEN: &str = "(hidden)";

pub(super) fn run(arguments: &ConfigArguments, globals: &GlobalArguments) -> Result<(), Failure> {
    let command = Cli::command();
    let line = [OsString::from("scan")]
        .into_iter()
        .chain(globals.file_words())
        .chain(arguments.line.iter().cloned());
    let line = globals_after_verb(&command, line.collect());
    let load = |named| ConfigFile::load(named, Cli::command);
    let expanded = ExpandedLine::new(&command, line, |name| env::var_os(name), load)?;
    let name = [vec!["scan".to_owned()], expanded.verb.clone()].concat().join(" ");
    let file = expanded.file.as_deref();
    let options = forced_options(&expanded)?;
    print_line(if arguments.form.is_json() {
        document(&name, file, &options)
    } else {
        text(&name, file, &options)
    });
    Ok(())
}

/// Returns the options of a command line that have a value, in the order of the help.
fn forced_options(line: &ExpandedLine) -> Result<Vec<ForcedOption>, Failure> {
    let mut root = Cli::command();
    root.build();
    let lenient = without_variables(Cli::command()).ignore_errors(true);
    let matches = lenient
        .try_get_matches_from(&line.arguments)
        .map_err(|_| Failure::usage("this command line prints help").hint("remove --help or --version"))?;
    let (mut command, mut matches) = (&root, &matches);
    for word in &line.verb {
        let below = command.find_subcommand(word).zip(matches.subcommand_matches(word));
        (command, matches) = below.unwrap_or((command, matches));
    }
    let mut options = Vec::new();
    for option in SettableOption::all(command) {
        let layered = line.layered.iter().find(|layered| layered.name == option.name);
        let (mut values, origin) = match (matches.value_source(option.arg.get_id().as_str()), layered) {
            (_, Some(layered)) if layered.words.is_empty() => {
                (vec!["false".to_owned()], layered.origin.clone())
            }
            (_, Some(layered)) => (values_of(matches, option), layered.origin.clone()),
            (Some(ValueSource::CommandLine), None) => (values_of(matches, option), OptionOrigin::CommandLine),
            (Some(_), None) if option.count() != ValueCount::Flag => {
                (values_of(matches, option), OptionOrigin::Default)
            }
            _ => continue,
        };
        if option.is_secret() {
            values = vec![HIDDEN.to_owned()];
        }
        options.push(ForcedOption { name: option.name.to_owned(), values, origin });
    }
    Ok(options)
}

fn values_of(matches: &ArgMatches, option: SettableOption<'_>) -> Vec<String> {
    if option.count() == ValueCount::Repeated {
        return vec![matches.get_count(option.arg.get_id().as_str()).to_string()];
    }
    let raw = matches.get_raw(option.arg.get_id().as_str()).unwrap_or_default();
    raw.map(|value| value.to_string_lossy().into_owned()).collect()
}

fn text(name: &str, file: Option<&str>, options: &[ForcedOption]) -> String {
    let file =
        file.map_or_else(|| "no configuration file".to_owned(), |file| format!("configuration file {file}"));
    let mut lines = vec![format!("Options of `{name}`, with {file}:")];
    let rows: Vec<[String; 3]> = options
        .iter()
        .map(|option| [format!("--{}", option.name), option.values.join(", "), option.origin.to_string()])
        .collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let (name_width, value_width) = (width(0), width(1));
    lines.extend(
        rows.iter()
            .map(|[name, value, origin]| format!("{name:name_width$}  {value:value_width$}  {origin}")),
    );
    lines.join("\n")
}

fn document(name: &str, file: Option<&str>, options: &[ForcedOption]) -> String {
    let options: Vec<Value> = options
        .iter()
        .map(|option| {
            let (layer, place) = match &option.origin {
                OptionOrigin::CommandLine => ("command_line", Value::Null),
                OptionOrigin::Variable(name) => ("variable", json!(name)),
                OptionOrigin::File(path, line) => ("file", json!(format!("{path}:{line}"))),
                OptionOrigin::Default => ("default", Value::Null),
            };
            json!({"name": option.name, "values": option.values, "layer": layer, "place": place})
        })
        .collect();
    let document = json!({"command": name, "config_file": file, "options": options});
    format!("{document:#}")
}
