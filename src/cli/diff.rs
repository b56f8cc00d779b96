//! `scan diff`: compares two runs.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anstream::ColorChoice;
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

use super::console::print_line;
use super::diff_failure::failed;
use super::diff_runs::DiffRuns;
use super::diff_who::WhoArguments;
use super::notify::NotifyArguments;
use crate::app::catalog::open_catalog;
use crate::app::read_run::read_run;
use crate::error::{Failure, FailureKind};
use crate::model::catalog::Catalog;
use crate::plan::spec::unknown_service;
use crate::reports::diff::{self, ChangeKind, Choice, DiffFormat, Difference, Ignore, TypeChoice};
use crate::reports::resources::Resources;

/// Compares two runs.
#[derive(Args, Debug)]
pub(super) struct DiffArguments {
    #[command(flatten)]
    runs: DiffRuns,

    /// Output format
    #[arg(short, long, value_enum, value_name = "FORMAT", default_value_t = DiffFormatName::Text, help_heading = "Output")]
    format: DiffFormatName,

    /// Output file, replaced if it exists [default: standard output]
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    /// Ignore changes in fields: service.kind.field, * as a wildcard (repeatable)
    #[arg(long, value_name = "PATTERN", help_heading = "Input")]
    ignore: Vec<String>,

    /// Include fields that change without user action: times of last use, sizes, counts
    #[arg(long, help_heading = "Input")]
    no_default_ignore: bool,

    /// Only these services
    #[arg(long, value_name = "SERVICE", value_delimiter = ',', value_parser = NonEmptyStringValueParser::new(), help_heading = "Input")]
    service: Vec<String>,

    /// Only these kinds of resources, such as instance
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = NonEmptyStringValueParser::new(), help_heading = "Input")]
    kind: Vec<String>,

    /// Only these types, such as `AWS::EC2::Instance` or `ec2.instance`
    #[arg(long = "type", value_name = "TYPE", value_delimiter = ',', value_parser = NonEmptyStringValueParser::new(), help_heading = "Input")]
    types: Vec<String>,

    /// Only these accounts, by ID
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = NonEmptyStringValueParser::new(), help_heading = "Input")]
    account: Vec<String>,

    /// Only these regions, or global
    #[arg(long, value_name = "REGION", value_delimiter = ',', value_parser = NonEmptyStringValueParser::new(), help_heading = "Input")]
    region: Vec<String>,

    /// Exit with code 5 if there are any of these
    #[arg(long, value_enum, value_name = "CHANGE", value_delimiter = ',', help_heading = "Output")]
    fail_on: Vec<ChangeName>,

    #[command(flatten)]
    who: WhoArguments,

    #[command(flatten)]
    notify: NotifyArguments,

    /// Print what --who and --notify would send, and send nothing
    #[arg(long, help_heading = "Output")]
    dry_run: bool,

    /// Catalog file to use instead of the built-in one
    #[arg(long, env = "SCAN_CATALOG", value_name = "FILE", help_heading = "Input")]
    catalog: Option<PathBuf>,
}

/// The output formats of a comparison.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum DiffFormatName {
    /// For a terminal
    Text,
    /// One JSON document
    Json,
    /// For a comment on GitHub; truncated to the length of one
    Markdown,
    /// One page, for browsers
    Html,
    /// A short message for sendmail, with a subject
    Mail,
}

/// The kinds of change that `--fail-on` accepts.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ChangeName {
    /// Added resources
    Added,
    /// Removed resources
    Removed,
    /// Changed resources
    Changed,
    /// Resources or calls that one of the runs could not see
    Unknown,
}

impl DiffFormatName {
    /// Returns the format; text has colours only on a terminal that accepts them.
    fn format(self, output: Option<&Path>) -> DiffFormat {
        match self {
            Self::Text => DiffFormat::Text { colours: output.is_none() && wants_colours() },
            Self::Json => DiffFormat::Json,
            Self::Markdown => DiffFormat::Markdown,
            Self::Html => DiffFormat::Html,
            Self::Mail => DiffFormat::Mail,
        }
    }
}

impl From<ChangeName> for ChangeKind {
    fn from(name: ChangeName) -> Self {
        match name {
            ChangeName::Added => Self::Added,
            ChangeName::Removed => Self::Removed,
            ChangeName::Changed => Self::Changed,
            ChangeName::Unknown => Self::Unknown,
        }
    }
}

/// Returns whether standard output takes colours. `NO_COLOR`, `CLICOLOR`, `CLICOLOR_FORCE` and `TERM=dumb` are
/// respected.
fn wants_colours() -> bool {
    anstream::AutoStream::choice(&std::io::stdout()) != ColorChoice::Never
}

pub(super) fn run(arguments: &DiffArguments) -> Result<ExitCode, Failure> {
    let destinations = arguments.notify.destinations()?;
    let catalog = open_catalog(arguments.catalog.as_deref())?;
    let ignore = ignore(arguments, &catalog)?;
    let choice = Choice {
        services: arguments.service.clone(),
        kinds: arguments.kind.clone(),
        types: arguments.types.iter().map(|name| TypeChoice::new(name)).collect(),
        accounts: arguments.account.clone(),
        regions: arguments.region.clone(),
    };
    let open = |run: &Path| -> Result<Resources, Failure> { read_run(run, &catalog).map(|(run, _)| run) };
    let [old_run, new_run] = arguments.runs.choose()?;
    let (old, new) = (open(&old_run)?, open(&new_run)?);
    let names = [old_run, new_run].map(|run| run.display().to_string());
    let mut difference = diff::compare(&old, &new, names, &ignore, &choice).map_err(failed)?;
    let results = [old.results(), new.results()];
    let catalog = arguments.catalog.as_deref();
    if let Some(code) = arguments.who.look_up(results, &mut difference, catalog, arguments.dry_run)? {
        return Ok(code);
    }
    let output = arguments.output.as_deref().filter(|path| path.as_os_str() != "-");
    diff::write(&mut difference, arguments.format.format(output), output).map_err(failed)?;
    if let Some(path) = output {
        print_line(format!("{}: {}", path.display(), difference.summary.totals));
    }
    arguments.notify.send(&destinations, &mut difference, arguments.dry_run)?;
    Ok(exit_code(&difference, &arguments.fail_on))
}

/// Returns the patterns of ignored fields, unless a pattern names an unknown service.
fn ignore(arguments: &DiffArguments, catalog: &Catalog) -> Result<Ignore, Failure> {
    let patterns = arguments.ignore.iter().map(String::as_str);
    let ignore = Ignore::new(patterns, !arguments.no_default_ignore).map_err(|error| {
        Failure::usage(format!("--ignore: {error}")).hint("use * as a wildcard in each part: *.*.LastUsed*")
    })?;
    let is_known = |service: &&str| catalog.entries().iter().any(|entry| entry.name == *service);
    if let Some(service) = ignore.services().find(|service| !is_known(service)) {
        return Err(unknown_service(catalog, service).hint("use boto3's service names in --ignore"));
    }
    Ok(ignore)
}

fn exit_code(difference: &Difference, fail_on: &[ChangeName]) -> ExitCode {
    let is_there = |change: &ChangeName| difference.summary.totals.has((*change).into());
    if fail_on.iter().any(is_there) {
        ExitCode::from(FailureKind::Different.code())
    } else {
        ExitCode::SUCCESS
    }
}
