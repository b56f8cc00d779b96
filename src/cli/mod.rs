//! The command line: one file per verb, its arguments beside the code that uses them.

mod accept;
mod args;
mod catalog;
mod catalog_files;
mod check;
mod completions;
mod console;
#[cfg(feature = "demo")]
mod demo;
mod diff;
mod diff_failure;
mod diff_runs;
mod environment;
mod examples;
mod export;
mod export_failure;
mod filters;
mod finished;
mod globals;
#[cfg(feature = "sqlite")]
mod kept_database;
#[cfg(feature = "parquet")]
mod lake;
mod links;
mod logging;
mod man;
#[cfg(feature = "mcp")]
mod mcp;
mod merge;
mod missing_features;
mod notify;
mod options;
mod output_path;
mod panic;
mod plan;
mod policy;
mod policy_accounts;
mod policy_names;
mod program_name;
pub mod progress;
#[cfg(feature = "sqlite")]
mod query;
#[cfg(feature = "sqlite")]
mod query_stop;
mod reconcile;
mod render_summary;
mod report;
mod resume;
mod run_choice;
mod runs;
mod runtime;
mod scan;
mod schema;
mod services;
mod signals;
mod spec;
mod terminal;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};

use crate::app::catalog::open_catalog;
use crate::error::Failure;
use globals::GlobalArguments;

/// Read-only inventory of whole AWS Organizations: any List, Describe or Get call, every account,
/// every region, nothing silently missing.
#[derive(Debug, Parser)]
#[command(name = "scan", version, args_conflicts_with_subcommands = true, max_term_width = 100)]
#[command(after_help = examples::SCAN)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// Show the plan without scanning (same as `scan plan`)
    #[arg(long, help_heading = "Input", hide_short_help = true)]
    dry_run: bool,
    #[command(flatten)]
    scan: args::scan::ScanArguments,
    #[command(flatten)]
    globals: GlobalArguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Scan a simulated organization: no AWS account needed
    #[cfg(feature = "demo")]
    #[command(after_help = examples::DEMO)]
    Demo(demo::DemoArguments),
    /// Check credentials, roles and permissions before a scan, and print the fixes
    #[command(after_help = examples::CHECK)]
    Check(check::CheckArguments),
    /// Show what a scan would do (accounts, calls, time, cost) without running it
    #[command(after_help = examples::PLAN)]
    Plan(plan::PlanArguments),
    /// Generate the IAM policies, trust policy and templates a scan needs
    #[command(after_help = examples::POLICY)]
    Policy(Box<policy::PolicyArguments>),
    /// Resume an interrupted run, or retry its failed calls
    #[command(after_help = examples::RESUME)]
    Resume(args::resume::ResumeArguments),
    /// Write a file that accepts the gaps of a run
    #[command(after_help = examples::ACCEPT)]
    Accept(accept::AcceptArguments),
    /// List the runs in a folder: when, state, accounts, items, gaps, size
    #[command(after_help = examples::RUNS)]
    Runs(runs::RunsArguments),
    /// Merge the shards of a run
    #[command(after_help = examples::MERGE)]
    Merge(merge::MergeArguments),
    /// Export a run as NDJSON, CSV, XLSX, SQLite or Parquet
    #[command(after_help = examples::EXPORT)]
    Export(export::ExportArguments),
    /// Compare two runs: added, removed, changed and unknown resources
    #[command(after_help = examples::DIFF)]
    Diff(Box<diff::DiffArguments>),
    /// Query a run with SQL or jq
    #[cfg(feature = "sqlite")]
    #[command(after_help = examples::QUERY)]
    Query(query::QueryArguments),
    /// Show what uses a resource, who outside gets access, and what does not exist
    #[command(after_help = examples::LINKS)]
    Links(links::LinksArguments),
    /// Serve a run to programs and agents (Model Context Protocol)
    #[cfg(feature = "mcp")]
    #[command(after_help = examples::MCP)]
    Mcp(mcp::McpArguments),
    /// Compare a run with Resource Explorer, AWS Config, the tagging API and the bill
    #[command(after_help = examples::RECONCILE)]
    Reconcile(reconcile::ReconcileArguments),
    /// Write a self-contained HTML report of a run
    #[command(after_help = examples::REPORT)]
    Report(report::ReportArguments),
    /// List the services of the catalog, or the functions of one
    #[command(after_help = examples::SERVICES)]
    Services(services::ServicesArguments),
    /// Generate a scan spec that lists everything in the given services
    #[command(after_help = examples::SPEC)]
    Spec(spec::SpecArguments),
    /// Print the JSON Schema of scan specs, for editors
    #[command(after_help = examples::SCHEMA)]
    Schema,
    /// Build a catalog file, or install a newer catalog
    Catalog(catalog::CatalogArguments),
    /// Generate shell completions
    #[command(after_help = examples::COMPLETIONS)]
    Completions(completions::CompletionsArguments),
    /// Write the manual pages
    #[command(after_help = examples::MAN)]
    Man(man::ManArguments),
}

impl Cli {
    /// Returns whether only problems are reported: in a quiet run, and by verbs that print a file.
    fn is_quiet(&self) -> bool {
        match &self.command {
            None => self.scan.run.display.is_quiet(),
            Some(Command::Resume(arguments)) => arguments.display.is_quiet(),
            Some(Command::Schema | Command::Completions(_) | Command::Man(_)) => true,
            Some(_) => false,
        }
    }
}

/// Parses the command line, runs the verb and returns the exit code.
#[must_use]
pub fn main() -> ExitCode {
    if filters::is_worker() {
        return filters::serve();
    }
    panic::end_with_a_message();
    filters::start_workers();
    signals::ignore_file_size_limit();
    match run().and_then(console::check_output) {
        Ok(code) => code,
        Err(failure) => {
            console::warn(format!("error: {failure}"));
            failure.exit_code()
        }
    }
}

fn run() -> Result<ExitCode, Failure> {
    let env_file = environment::load()?;
    let arguments = globals_after_verb(std::env::args_os().collect());
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            return Err(missing_features::explain(&error)
                .unwrap_or_else(|| wrong_usage(&error, &verb_of(&arguments[1..]))));
        }
        Err(error) if error.kind() == ErrorKind::DisplayVersion => {
            console::print_line(version()?);
            return Ok(ExitCode::SUCCESS);
        }
        Err(help_or_version) => {
            return console::checked(help_or_version.print()).map(|()| ExitCode::SUCCESS);
        }
    };
    cli.globals.apply();
    if let Some(notice) = env_file.and_then(|file| file.notice(cli.is_quiet())) {
        console::warn(notice);
    }
    match cli.command {
        None => scan::run(cli.scan, cli.dry_run),
        #[cfg(feature = "demo")]
        Some(Command::Demo(arguments)) => demo::run(arguments),
        Some(Command::Check(arguments)) => check::run(arguments),
        Some(Command::Plan(arguments)) => plan::run(arguments),
        Some(Command::Policy(arguments)) => policy::run(&arguments).map(|()| ExitCode::SUCCESS),
        Some(Command::Resume(arguments)) => resume::run(arguments),
        Some(Command::Accept(arguments)) => accept::run(&arguments),
        Some(Command::Runs(arguments)) => runs::run(&arguments),
        Some(Command::Merge(arguments)) => merge::run(&arguments),
        Some(Command::Export(arguments)) => export::run(&arguments),
        Some(Command::Diff(arguments)) => diff::run(&arguments),
        #[cfg(feature = "sqlite")]
        Some(Command::Query(arguments)) => query::run(&arguments),
        Some(Command::Links(arguments)) => links::run(&arguments),
        #[cfg(feature = "mcp")]
        Some(Command::Mcp(arguments)) => mcp::run(&arguments),
        Some(Command::Reconcile(arguments)) => reconcile::run(&arguments),
        Some(Command::Report(arguments)) => report::run(&arguments),
        Some(Command::Services(arguments)) => services::run(&arguments).map(|()| ExitCode::SUCCESS),
        Some(Command::Spec(arguments)) => spec::run(&arguments).map(|()| ExitCode::SUCCESS),
        Some(Command::Schema) => {
            schema::run();
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::Catalog(arguments)) => catalog::run(arguments).map(|()| ExitCode::SUCCESS),
        Some(Command::Completions(arguments)) => completions::run(&arguments).map(|()| ExitCode::SUCCESS),
        Some(Command::Man(arguments)) => man::run(&arguments).map(|()| ExitCode::SUCCESS),
    }
}

/// Returns the version of the program, and of the API models in it.
fn version() -> Result<String, Failure> {
    let catalog = open_catalog(None)?;
    Ok(format!(
        "scan {}, with the API models of botocore {}",
        env!("CARGO_PKG_VERSION"),
        catalog.botocore_version()
    ))
}

/// Formats clap's error like all others: one paragraph, then hints, the last of which names the help of the verb.
fn wrong_usage(error: &clap::Error, verb: &str) -> Failure {
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
fn verb_of(arguments: &[OsString]) -> String {
    let (mut command, mut verb) = (Cli::command(), String::new());
    for argument in arguments {
        let Some(below) = command.find_subcommand(argument).cloned() else { break };
        verb = format!("{verb} {}", below.get_name());
        command = below;
    }
    verb
}

/// Moves the options of all verbs behind the verb that follows them: the parser takes those before it for options of
/// a scan, which has no verb.
fn globals_after_verb(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let mut end = 1;
    while let Some(option) = arguments.get(end).and_then(|argument| argument.to_str()) {
        match GlobalArguments::words_of(option) {
            0 => break,
            words => end += words,
        }
    }
    let is_verb = |name: &OsString| Cli::command().find_subcommand(name).is_some();
    if end > 1 && arguments.get(end).is_some_and(is_verb) {
        arguments[1..=end].rotate_right(1);
    }
    arguments
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use std::ffi::OsString;

    use super::{Cli, globals_after_verb, missing_features, verb_of, wrong_usage};

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
    fn options_of_all_verbs_may_precede_the_verb() {
        let moved = |line: &str| {
            let moved = globals_after_verb(line.split(' ').map(OsString::from).collect());
            moved.join(&OsString::from(" ")).into_string().expect("UTF-8")
        };
        for (typed, expected) in [
            ("scan --no-progress --color never diff old", "scan diff --no-progress --color never old"),
            ("scan --color=always catalog list", "scan catalog --color=always list"),
            ("scan --no-progress -s s3", "scan --no-progress -s s3"),
            ("scan --no-progress", "scan --no-progress"),
            ("scan --profile diff diff", "scan --profile diff diff"),
        ] {
            assert_eq!(moved(typed), expected);
            assert!(
                typed.contains("--profile") || Cli::try_parse_from(expected.split(' ')).is_ok(),
                "{typed}"
            );
        }
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
