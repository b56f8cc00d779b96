//! Errors of the command line, formatted like all others.

use std::ffi::OsString;

use clap::CommandFactory;

use super::Cli;
use crate::error::Failure;

/// Formats clap's error like all others: one paragraph, then hints, the last of which names the help of the verb.
pub(super) fn wrong_usage(error: &clap::Error, verb: &str) -> Failure {
    let text = error.to_string();
    // The usage may have several lines, which are indented, up to an empty one.
    let (before, usage) = text.split_once("Usage:").unwrap_or((&text, ""));
    let usage = usage.split_once("\n\n").map_or(usage, |(usage, _)| usage);
    let mut lines = before.lines().map(str::trim).filter(|line| !line.is_empty());
    let what = lines.next().unwrap_or_default().trim_start_matches("error: ");
    let (mut what, mut hints) = (what.to_owned(), Vec::new());
    for line in lines {
        match line.strip_prefix("tip: ") {
            Some(tip) => hints.push(tip.to_owned()),
            None if line.starts_with("For more information") => {}
            None => what = format!("{what} {line}"),
        }
    }
    let usages = usage.lines().map(str::trim).filter(|line| !line.is_empty());
    hints.extend(usages.map(|usage| format!("usage: {usage}")));
    hints.push(format!("see `scan{verb} --help`"));
    hints.into_iter().fold(Failure::usage(what), Failure::hint)
}

/// Returns the verb that the arguments start with, with a space before each of its words; empty for a scan.
pub(super) fn verb_of(arguments: &[OsString]) -> String {
    let (mut command, mut verb) = (Cli::command(), String::new());
    for argument in arguments {
        let Some(below) = command.find_subcommand(argument).cloned() else { break };
        verb = format!("{verb} {}", below.get_name());
        command = below;
    }
    verb
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use clap::{CommandFactory, Parser};

    use super::{verb_of, wrong_usage};
    use crate::cli::{Cli, missing_features};

    fn rendered(line: &[&str]) -> String {
        let error = Cli::try_parse_from(line).expect_err("a wrong command line");
        let line: Vec<OsString> = line.iter().map(OsString::from).collect();
        wrong_usage(&error, &verb_of(&line[1..])).to_string()
    }

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn wrong_usage_suggests_the_nearest_option() {
        assert_eq!(
            rendered(&["scan", "--organisation-scan"]),
            "unexpected argument '--organisation-scan' found\n  \
             hint: a similar argument exists: '--organization-scan'\n  \
             hint: usage: scan --organization-scan\n  \
             hint: see `scan --help`"
        );
    }

    #[test]
    fn wrong_usage_names_the_help_of_the_verb() {
        assert_eq!(
            rendered(&["scan", "export", "run", "--format", "pdf"]),
            "invalid value 'pdf' for '--format <FORMAT>' [possible values: ndjson, csv, xlsx, sqlite, parquet]\n  \
             hint: see `scan export --help`"
        );
        assert!(rendered(&["scan", "catalog", "build", "--x"]).ends_with("see `scan catalog build --help`"));
    }

    /// Everything that the tests are built with is accepted: only other names are wrong usage.
    #[test]
    fn present_features_are_not_reported_as_missing() {
        for line in [&["scan", "qery"][..], &["scan", "export", "run", "--format", "pdf"]] {
            let error = Cli::try_parse_from(line).expect_err("a wrong command line");
            assert!(missing_features::explain(&error).is_none(), "{error}");
        }
    }

    #[test]
    fn wrong_usage_keeps_every_line_of_the_usage() {
        let text = rendered(&["scan", "-s", "s3.json", "--retry-delay", "-1"]);
        assert!(
            text.contains("usage: scan [OPTIONS]\n") && text.contains("usage: scan <COMMAND>\n"),
            "{text}"
        );
    }
}
