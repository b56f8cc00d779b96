//! The command line: one file per verb, its arguments beside the code that uses them.

mod accept;
mod args;
mod called_verbs;
mod catalog;
mod catalog_files;
mod check;
mod completions;
mod config;
mod console;
#[cfg(feature = "demo")]
mod demo;
mod diff;
mod diff_failure;
mod diff_runs;
mod diff_who;
mod environment;
mod examples;
mod export;
mod export_failure;
mod filters;
mod finished;
mod globals;
#[cfg(feature = "sqlite")]
mod history;
#[cfg(feature = "sqlite")]
mod history_add;
mod history_after;
#[cfg(feature = "sqlite")]
mod history_file;
mod idle_options;
#[cfg(feature = "sqlite")]
mod kept_database;
#[cfg(feature = "parquet")]
mod lake;
mod layers;
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
mod text_table;
mod typed_line;
mod usage_error;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::app::catalog::open_catalog;
use crate::error::Failure;
use globals::GlobalArguments;
use layers::explain;
use typed_line::{ParsedLine, TypedLine};

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
    /// Keep and show the history of all runs: first and last seen, changed, removed
    #[cfg(feature = "sqlite")]
    #[command(args_conflicts_with_subcommands = true, after_help = examples::HISTORY)]
    History(history::HistoryArguments),
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
    /// Write a self-contained HTML report of one or several runs
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
    /// Show the options that are in force, and where they come from
    #[command(after_help = examples::CONFIG)]
    Config(config::ConfigArguments),
    /// Generate completions of commands, options, runs, profiles and more for a shell
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
    if let Some(code) = completions::complete() {
        return code;
    }
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
    let env_file = environment::load(Cli::command)?;
    let line = match TypedLine::parse(std::env::args_os().collect())? {
        ParsedLine::Command(line) => line,
        ParsedLine::Version => {
            console::print_line(version()?);
            return Ok(ExitCode::SUCCESS);
        }
        ParsedLine::Help(help) => return console::checked(help.print()).map(|()| ExitCode::SUCCESS),
    };
    line.cli.globals.apply();
    let notices = env_file.and_then(|file| file.notice(line.cli.is_quiet()));
    notices.into_iter().chain(line.notices()).for_each(console::warn);
    let TypedLine { cli, layered, .. } = *line;
    carry_out(cli).map_err(|failure| explain(failure, &layered))
}

fn carry_out(cli: Cli) -> Result<ExitCode, Failure> {
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
        #[cfg(feature = "sqlite")]
        Some(Command::History(arguments)) => history::run(arguments),
        Some(Command::Links(arguments)) => links::run(&arguments),
        #[cfg(feature = "mcp")]
        Some(Command::Mcp(arguments)) => mcp::run(&arguments),
        Some(Command::Reconcile(arguments)) => reconcile::run(&arguments),
        Some(Command::Report(arguments)) => report::run(&arguments),
        Some(Command::Services(arguments)) => services::run(&arguments).map(|()| ExitCode::SUCCESS),
        Some(Command::Spec(arguments)) => spec::run(&arguments).map(|()| ExitCode::SUCCESS),
        Some(Command::Schema) => schema::run().map(|()| ExitCode::SUCCESS),
        Some(Command::Catalog(arguments)) => catalog::run(arguments).map(|()| ExitCode::SUCCESS),
        Some(Command::Config(arguments)) => config::run(&arguments, &cli.globals).map(|()| ExitCode::SUCCESS),
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
