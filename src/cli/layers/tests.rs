//! Each option of each command in each layer, and the rules between layers.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;

use clap::{Command, CommandFactory};

use super::settable::{RUN_SECTION, walk};
use super::{ConfigFile, ExpandedLine, OptionOrigin, SettableOption, ValueCount};
use crate::cli::Cli;
use crate::error::Failure;

type SetVariables = BTreeMap<String, String>;

fn built() -> Command {
    let mut root = Cli::command();
    root.build();
    root
}

fn expand(line: &str, variables: &SetVariables, file: &str) -> Result<ExpandedLine, Failure> {
    let line = line.split(' ').map(OsString::from).collect();
    let variable = |name: &str| variables.get(name).map(OsString::from);
    ExpandedLine::new(&Cli::command(), line, variable, |_| {
        ConfigFile::parse(file, "scan.toml".to_owned(), true, &built()).map(Some)
    })
}

fn variables(set: &[(&str, &str)]) -> SetVariables {
    set.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Returns the line that is parsed, without the name of the program.
#[track_caller]
fn words(line: &str, set: &[(&str, &str)], file: &str) -> String {
    let expanded = expand(line, &variables(set), file).expect("layers without mistakes");
    let words: Vec<_> = expanded.arguments[1..].iter().map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}

#[track_caller]
fn complaint(line: &str, set: &[(&str, &str)], file: &str) -> String {
    expand(line, &variables(set), file).expect_err("a mistake").to_string()
}

/// Returns the options that are in a file.
fn options(command: &Command) -> impl Iterator<Item = SettableOption<'_>> {
    SettableOption::all(command).filter(|option| option.is_in_file())
}

/// Returns a section with a value for each option of a command.
fn section(words: &[&str], command: &Command) -> String {
    let name = if words.is_empty() { RUN_SECTION.to_owned() } else { words.join(".") };
    let mut text = format!("[{name}]\n");
    for option in options(command) {
        let value = match option.count() {
            ValueCount::Flag => "true",
            ValueCount::Repeated => "2",
            ValueCount::Single => "\"text\"",
            ValueCount::Several => "[\"one\", \"two\"]",
        };
        writeln!(text, "{} = {value}", option.name).expect("a text");
    }
    text
}

/// Returns a variable for each option of a command.
fn all_variables(command: &Command) -> SetVariables {
    let value = |option: SettableOption<'_>| if option.count() == ValueCount::Flag { "true" } else { "3" };
    options(command).map(|option| (option.variables().remove(0), value(option).to_owned())).collect()
}

/// Each option of each command can be set in a section of the file, by a variable that overrides the file, and by a
/// word of the command line, which overrides both.
#[test]
fn each_option_can_be_set_in_each_layer() {
    let (root, mut surveyed) = (built(), 0);
    walk(&root, &mut Vec::new(), &mut |verb, command| {
        let line = ["scan"].iter().chain(verb).copied().collect::<Vec<_>>().join(" ");
        let (file, set) = (section(verb, command), all_variables(command));
        let origins = |line: &str, set: &SetVariables| -> Vec<(String, OptionOrigin)> {
            let expanded = expand(line, set, &file).expect("layers without mistakes");
            expanded.layered.into_iter().map(|option| (option.name, option.origin)).collect()
        };
        let of_file: Vec<_> = options(command)
            .enumerate()
            .map(|(index, option)| {
                (option.name.to_owned(), OptionOrigin::File("scan.toml".to_owned(), index + 2))
            })
            .collect();
        assert_eq!(origins(&line, &SetVariables::new()), of_file, "{line}");
        let of_variables: Vec<_> = options(command)
            .map(|option| (option.name.to_owned(), OptionOrigin::Variable(option.variables().remove(0))))
            .collect();
        assert_eq!(origins(&line, &set), of_variables, "{line}");
        let typed = options(command).map(|option| match option.count() {
            ValueCount::Flag | ValueCount::Repeated => format!("--{}", option.name),
            ValueCount::Single | ValueCount::Several => format!("--{}=typed", option.name),
        });
        let typed = [line.clone()].into_iter().chain(typed).collect::<Vec<_>>().join(" ");
        // A value that the option cannot have ends the parser's search for others.
        for option in options(command).filter(|option| option.arg.get_possible_values().is_empty()) {
            let one = typed.split(' ').filter(|word| {
                !word.starts_with("--") || word.split('=').next() == Some(&format!("--{}", option.name))
            });
            let one = one.collect::<Vec<_>>().join(" ");
            assert!(origins(&one, &set).iter().all(|(name, _)| name != option.name), "{one}");
            surveyed += 1;
        }
    });
    assert!(surveyed > 100, "{surveyed} options");
}

#[test]
fn higher_layers_replace_lower_ones() {
    let file = "keep = 1\noutput-dir = \"nights\"\n[run]\nkeep = 2\n[export]\nformat = \"csv\"\n";
    assert_eq!(words("scan -s s3", &[], file), "--output-dir=nights --keep=2 -s s3");
    assert_eq!(words("scan -s s3", &[("SCAN_KEEP", "3")], file), "--keep=3 --output-dir=nights -s s3");
    assert_eq!(
        words("scan -s s3 --keep 4", &[("SCAN_KEEP", "3")], file),
        "--output-dir=nights -s s3 --keep 4"
    );
    assert_eq!(words("scan export", &[], file), "export --output-dir=nights --format=csv");
    assert_eq!(words("scan catalog list", &[], file), "catalog list");
}

#[test]
fn flags_are_switched_off_by_a_higher_layer() {
    let file = "organization-scan = true\n";
    assert_eq!(words("scan", &[], file), "--organization-scan");
    assert_eq!(words("scan", &[("SCAN_ORGANIZATION_SCAN", "off")], file), "");
    assert_eq!(words("scan", &[("SCAN_ORGANIZATION_SCAN", "")], file), "--organization-scan");
}

#[test]
fn option_replaces_those_of_lower_layers_that_it_excludes() {
    let file = "role-path = \"/audit/\"\n[query]\ntables = true\n";
    let typed = "scan --role-arn-template arn:x";
    assert_eq!(words(typed, &[], file), "--role-arn-template arn:x");
    let set = [("SCAN_ROLE_ARN_TEMPLATE", "arn:x")];
    assert_eq!(words("scan", &set, file), "--role-arn-template=arn:x");
    // Also in the other direction of the definition, and where a group has both.
    let set = [("SCAN_ROLE_PATH", "/other/")];
    assert_eq!(words("scan", &set, "role-arn-template = \"arn:x\"\n"), "--role-path=/other/");
    assert_eq!(words("scan query", &[], file), "query --tables");
    assert_eq!(words("scan query --jq .", &[], file), "query --jq .");
    // Within one file, this is a mistake that the parser reports.
    let both = "role-path = \"/audit/\"\nrole-arn-template = \"arn:x\"\n";
    assert_eq!(words("scan", &[], both), "--role-path=/audit/ --role-arn-template=arn:x");
}

#[test]
fn option_is_used_with_the_one_that_it_needs() {
    let set = [("SCAN_RUN_NAME", "weekly")];
    assert_eq!(words("scan export", &set, ""), "export");
    assert_eq!(words("scan export --into lake", &set, ""), "export --run-name=weekly --into lake");
    assert_eq!(
        words("scan export", &set, "[export]\ninto = \"lake\"\n"),
        "export --run-name=weekly --into=lake"
    );
}

#[test]
fn folder_of_runs_is_for_commands_without_a_named_run() {
    let file = "output-dir = \"nights\"\n";
    assert_eq!(words("scan report", &[], file), "report --output-dir=nights");
    assert_eq!(words("scan report nights/first", &[], file), "report nights/first");
}

#[test]
fn mistakes_in_the_file_name_their_line() {
    for (file, expected) in [
        ("keep = 1\nkep = 2\n", "scan.toml:2: `kep` is not an option of a command; did you mean `keep`?"),
        ("\n[exprt]\n", "scan.toml:2: `exprt` is not a command; did you mean `export`?"),
        ("[scan]\nkeep = 1\n", "scan.toml:1: `scan` is not a command; the options of a scan are in [run]"),
        ("[export]\nkeep = 1\n", "scan.toml:2: `keep` is not an option of scan export"),
        ("keep = true\n", "scan.toml:1: `keep` takes a value, not true or false"),
        ("keep = [1, 2]\n", "scan.toml:1: `keep` takes one value, not a list"),
        ("quiet = 1\n", "scan.toml:1: `quiet` must be true or false"),
        (
            "keep = 2026-11-30\n",
            "scan.toml:1: `keep` must be a text, a number, true, false, or a list of texts",
        ),
        ("config = \"other.toml\"\n", "scan.toml:1: `config` is not an option of a command"),
        ("trust-env-file = true\n", "scan.toml:1: `trust-env-file` is not an option of a command"),
        ("keep = 1\nkeep = 2\n", "scan.toml:2: duplicate key"),
        ("keep = \n", "scan.toml:1: "),
        ("accounts = [012345678901]\n", "scan.toml:1: "),
    ] {
        let text = complaint("scan", &[], file);
        assert!(text.starts_with(expected), "{text}");
    }
}

#[test]
fn mistakes_in_variables_name_them() {
    let text = complaint("scan", &[("SCAN_QUIET", "perhaps")], "");
    assert_eq!(text, "SCAN_QUIET: must be true or false");
}

#[test]
fn older_spellings_of_options_are_keys_too() {
    assert_eq!(words("scan", &[], "output_dir = \"a\"\n"), "--output-dir=a");
    assert_eq!(words("scan", &[("ORG_ROLE_NAME", "Audit")], ""), "--role-name=Audit");
    assert_eq!(words("scan", &[("SCAN_ROLE_NAME", "A"), ("ORG_ROLE_NAME", "B")], ""), "--role-name=A");
}
