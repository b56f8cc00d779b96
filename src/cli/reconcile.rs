//! `scan reconcile`: compares a run with witnesses.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::console::print_line;
use super::logging::LogArguments;
use super::options::display::DisplayArguments;
use super::options::profiles::ProfileArguments;
use super::run_choice::RunChoice;
use super::runtime::runtime;
use super::terminal::Terminal;
use crate::app::FinishedRun;
use crate::app::RunOutcome;
use crate::app::catalog::open_catalog;
use crate::app::observer::Observer;
use crate::app::read_run::unreadable;
use crate::app::reconcile::{WitnessPlan, compare_with_witnesses};
use crate::app::settings::output::OutputTarget;
use crate::error::{Failure, FailureKind};
use crate::plan::spec::Witness;
use crate::reports::reconcile::{DifferenceClass, ReconcileSummary, read_differences, summary_text};
use crate::reports::resources::Resources;
use crate::run::{ResultsError, write_new_file};
use crate::util::plural::plural;

/// Compares a run with witnesses.
#[derive(Args, Debug)]
pub(super) struct ReconcileArguments {
    #[command(flatten)]
    run: RunChoice,

    /// Witnesses to compare with; requests of bill cost 0.01 USD each
    #[arg(
        long,
        value_enum,
        value_name = "WITNESS",
        value_delimiter = ',',
        default_value = "resource-explorer,config,tagging",
        help_heading = "Input"
    )]
    with: Vec<WitnessName>,

    /// Compare with the responses of an earlier comparison, without any call
    #[arg(long, conflicts_with = "print_spec", help_heading = "Input")]
    offline: bool,

    /// Print the spec of the witnesses, for scan policy and scan plan, and call nothing
    #[arg(long, help_heading = "Output")]
    print_spec: bool,

    /// Write a spec that lists what the run did not call; it must not exist
    #[arg(long, value_name = "FILE", conflicts_with = "print_spec", help_heading = "Output")]
    spec: Option<PathBuf>,

    /// Output format
    #[arg(short, long, value_enum, value_name = "FORMAT", default_value_t = ReconcileFormat::Text, help_heading = "Output")]
    format: ReconcileFormat,

    /// Show no progress
    #[arg(short, long, help_heading = "Output")]
    quiet: bool,

    #[command(flatten)]
    log: LogArguments,

    /// Catalog file to use instead of the built-in one
    #[arg(long, env = "SCAN_CATALOG", value_name = "FILE", help_heading = "Input")]
    catalog: Option<PathBuf>,

    #[command(flatten)]
    profile_choice: ProfileArguments,
}

/// The witnesses that `--with` accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum WitnessName {
    /// Indexes of AWS Resource Explorer
    ResourceExplorer,
    /// Configuration aggregators of AWS Config
    Config,
    /// Resource Groups Tagging API
    Tagging,
    /// AWS Cost Explorer; each request is billed
    Bill,
}

/// The output formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ReconcileFormat {
    /// For a terminal
    Text,
    /// One JSON document
    Json,
}

impl From<WitnessName> for Witness {
    fn from(name: WitnessName) -> Self {
        match name {
            WitnessName::ResourceExplorer => Self::ResourceExplorer,
            WitnessName::Config => Self::Config,
            WitnessName::Tagging => Self::Tagging,
            WitnessName::Bill => Self::Bill,
        }
    }
}

impl ReconcileArguments {
    /// Returns the chosen witnesses, each once, in the order in which they are compared.
    fn witnesses(&self) -> Vec<Witness> {
        let chosen: Vec<Witness> = self.with.iter().copied().map(Witness::from).collect();
        Witness::ALL.into_iter().filter(|witness| chosen.contains(witness)).collect()
    }
}

pub(super) fn run(arguments: &ReconcileArguments) -> Result<ExitCode, Failure> {
    let (witnesses, run) = (arguments.witnesses(), arguments.run.choose()?);
    let plan = WitnessPlan::new(&run, &witnesses)?;
    if arguments.print_spec {
        print_line(pretty(&plan.document)?);
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(path) = arguments.spec.as_deref().filter(|path| path.exists()) {
        return Err(Failure::usage(format!("{} already exists", path.display()))
            .hint("remove it, or choose another path with --spec"));
    }
    let terminal = Terminal::new(&DisplayArguments::beside_document(arguments.quiet), Some(arguments.log));
    if !arguments.offline
        && let Some(code) = call(arguments, &run, &plan, &terminal)?
    {
        return Ok(code);
    }
    let catalog = open_catalog(arguments.catalog.as_deref())?;
    let (summary, resources) = compare_with_witnesses(&run, &witnesses, &catalog)?;
    match arguments.format {
        ReconcileFormat::Text => print_line(summary_text(&summary, &run.display().to_string())),
        ReconcileFormat::Json => print_line(pretty(&summary)?),
    }
    if let Some(path) = &arguments.spec {
        write_spec(&resources, path)?;
    }
    Ok(exit_code(&summary))
}

/// Calls the witnesses; returns an exit code if they were interrupted.
fn call(
    arguments: &ReconcileArguments,
    run: &Path,
    plan: &WitnessPlan,
    terminal: &std::sync::Arc<Terminal>,
) -> Result<Option<ExitCode>, Failure> {
    if plan.billed_calls > 0 {
        // Source: aws.amazon.com/aws-cost-management/aws-cost-explorer/pricing, "AWS Cost Explorer API".
        let cents = plan.billed_calls;
        terminal.note(&format!(
            "Cost Explorer is billed: {} for {:.2} USD, and 0.01 USD for each further page \
             (aws.amazon.com/aws-cost-management/aws-cost-explorer/pricing)",
            plural(plan.billed_calls, "request"),
            f64::from(u32::try_from(cents).unwrap_or(u32::MAX)) / 100.0,
        ));
    }
    let target = OutputTarget::Folder(run.to_owned());
    let request = arguments.profile_choice.settings_for_run(target, arguments.catalog.as_deref())?;
    let finished: FinishedRun = runtime()?.block_on(plan.call(request, terminal.clone()))?;
    if let Some(failure) = finished.credentials_failure() {
        return Err(failure.duplicate().hint("then reconcile again: completed calls are not sent again"));
    }
    if finished.outcome() == RunOutcome::Interrupted {
        let run = run.display();
        terminal.note(&format!("Stopped by a signal. Run `scan reconcile {run}` again to continue."));
        return Ok(Some(RunOutcome::Interrupted.exit_code().into()));
    }
    Ok(None)
}

fn exit_code(summary: &ReconcileSummary) -> ExitCode {
    if summary.has_missing() { ExitCode::from(FailureKind::Incomplete.code()) } else { ExitCode::SUCCESS }
}

/// Writes a spec of the entries that would list what the run did not call.
fn write_spec(resources: &Resources, path: &Path) -> Result<(), Failure> {
    let mut calls: Vec<Value> = Vec::new();
    read_differences::<ResultsError>(resources.results(), &mut |difference| {
        let entry = difference.entry.filter(|_| difference.class == DifferenceClass::NotCalled);
        let entry = entry.and_then(|entry| serde_json::from_str(&entry).ok());
        calls.extend(entry.filter(|entry| !calls.contains(entry)));
        Ok(())
    })
    .map_err(|error| unreadable(&error))?;
    let count = calls.len();
    let text = pretty(&json!({
        "version": 1, "description": "What witnesses report and the run did not list", "calls": calls,
    }))?;
    write_new_file(path, |file| {
        std::io::Write::write_all(file, text.as_bytes())
            .map_err(|cause| crate::run::NewFileError::Unwritable(path.to_owned(), cause))
    })
    .map_err(|error| Failure::usage(error.to_string()).hint("choose another path with --spec"))?;
    print_line(format!("{}: {}", plural(count, "call"), path.display()));
    Ok(())
}

fn pretty(document: &impl serde::Serialize) -> Result<String, Failure> {
    serde_json::to_string_pretty(document)
        .map_err(|cause| Failure::internal("cannot write JSON").with_source(cause))
}
