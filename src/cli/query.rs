//! `scan query`: queries a run with SQL or jq.

use std::io::{self, BufWriter, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::console::{terminal_width, warn};
use super::kept_database::DatabaseFile;
use super::query_stop::QueryStop;
use super::run_choice::{RunsFolder, unique_names};
use super::{export_failure, finished, kept_database};
use crate::error::Failure;
use crate::plan::spec::JqFilter;
use crate::reports::query::{self, Database, Printer, QueryError, QueryFormat};

/// Queries a run with SQL or jq.
#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("question").args(["jq", "tables"]))]
pub(super) struct QueryArguments {
    /// Run directories, exported databases or histories [default: the last finished run], and the query
    ///
    /// The last argument is the query in SQLite's SQL, unless there is a filter; `-` reads it from standard input. With
    /// several runs, each table has the column `run`.
    #[arg(value_name = "RUN|SQL")]
    words: Vec<String>,

    #[command(flatten)]
    runs: RunsFolder,

    /// Run a jq filter on each resource, and print its output
    #[arg(long, value_name = "FILTER", allow_hyphen_values = true, help_heading = "Input")]
    jq: Option<String>,

    /// List the tables and their columns
    #[arg(long, help_heading = "Output")]
    tables: bool,

    /// Output format [default: table, with --jq ndjson]
    #[arg(short, long, value_name = "FORMAT", value_enum, help_heading = "Output")]
    format: Option<QueryFormatName>,

    /// Catalog file to use instead of the built-in one
    #[arg(long, env = "SCAN_CATALOG", value_name = "FILE", help_heading = "Input")]
    catalog: Option<PathBuf>,
}

/// The output formats of a query.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum QueryFormatName {
    /// Human-readable columns, as wide as the terminal
    Table,
    /// Comma-separated values with a header
    Csv,
    /// A list of objects
    Json,
    /// An object on each line
    Ndjson,
}

impl QueryFormatName {
    fn format(self) -> QueryFormat {
        match self {
            Self::Table => QueryFormat::Table(terminal_width()),
            Self::Csv => QueryFormat::Csv { on_terminal: io::stdout().is_terminal() },
            Self::Json => QueryFormat::Json,
            Self::Ndjson => QueryFormat::Ndjson,
        }
    }
}

impl QueryArguments {
    /// Returns the runs and the SQL, as far as the user gives them.
    ///
    /// # Errors
    ///
    /// Returns an error if there is neither SQL nor a filter, nor a request for the tables.
    fn runs_and_sql(&self) -> Result<(Vec<&Path>, Option<&str>), Failure> {
        // Every statement has several words, and `-` is standard input.
        let is_sql =
            |text: &str| (text == "-" || text.contains(char::is_whitespace)) && !Path::new(text).exists();
        if self.jq.is_some() || self.tables {
            if let Some(sql) = self.words.iter().find(|word| is_sql(word)) {
                return Err(Failure::usage(format!(
                    "the query `{sql}` cannot be used with --jq or --tables"
                ))
                .hint("remove the query or the option"));
            }
            return Ok((self.words.iter().map(Path::new).collect(), None));
        }
        match self.words.split_last() {
            Some((sql, words)) if !words.is_empty() || is_sql(sql) => {
                Ok((words.iter().map(Path::new).collect(), Some(sql)))
            }
            _ => Err(Failure::usage("the query is missing")
                .hint("query with SQL: scan query \"SELECT * FROM gaps\"")
                .hint("filter with --jq, or list the tables with --tables")
                .hint("see `scan query --help`")),
        }
    }
}

pub(super) fn run(arguments: &QueryArguments) -> Result<ExitCode, Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    let default = if arguments.jq.is_some() { QueryFormatName::Ndjson } else { QueryFormatName::Table };
    let format = arguments.format.unwrap_or(default).format();
    match run_query(arguments, &mut Printer::new(format, &mut out)) {
        Ok(0) => warn("nothing found"),
        Ok(_) => {}
        // A closed pipe (`| head`) is no error.
        Err(QueryStop::Query(QueryError::Unwritable(cause))) if cause.kind() == io::ErrorKind::BrokenPipe => {
        }
        Err(QueryStop::Query(error)) => return Err(failed(&error)),
        Err(QueryStop::Failure(failure)) => return Err(failure),
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints the results, and returns their number.
fn run_query(arguments: &QueryArguments, printer: &mut Printer<'_>) -> Result<u64, QueryStop> {
    // Errors in the query are reported before the run is read, which may take long.
    let filter = arguments.jq.as_deref().map(JqFilter::compile).transpose().map_err(Failure::usage)?;
    let (runs, sql) = arguments.runs_and_sql()?;
    let sql = sql.map(read_sql).transpose()?;
    if runs.len() > 1 {
        return query_runs(arguments, &runs, sql.as_deref(), filter.as_deref(), printer);
    }
    let run = arguments.runs.named_or_last(runs.first().copied())?;
    let of_run = || finished::open(&run, arguments.catalog.as_deref());
    let is_file = run.is_file();
    if let Some(filter) = filter {
        return Ok(if is_file {
            Database::open(&run)?.each_output(&filter, printer)?
        } else {
            query::each_output(&of_run()?, &filter, printer)?
        });
    }
    let database = if is_file {
        Database::open(&run)?
    } else {
        kept_database::open(&run, arguments.catalog.as_deref())?
    };
    Ok(match sql {
        Some(sql) => database.query(&sql, printer)?,
        None => database.show_tables(printer)?,
    })
}

/// Queries several runs as one database, and returns the number of results.
fn query_runs(
    arguments: &QueryArguments,
    runs: &[&Path],
    sql: Option<&str>,
    filter: Option<&JqFilter>,
    printer: &mut Printer<'_>,
) -> Result<u64, QueryStop> {
    runs.iter().try_for_each(|run| arguments.runs.check_named(run))?;
    let catalog = arguments.catalog.as_deref();
    let files = runs.iter().map(|run| kept_database::file(run, catalog)).collect::<Result<Vec<_>, _>>()?;
    let paths = files.iter().map(DatabaseFile::path);
    let named: Vec<(String, &Path)> = unique_names(runs).into_iter().zip(paths).collect();
    let database = Database::of_runs(&named)?;
    Ok(match (sql, filter) {
        (_, Some(filter)) => database.each_output(filter, printer)?,
        (Some(sql), None) => database.query(sql, printer)?,
        (None, None) => database.show_tables(printer)?,
    })
}

fn read_sql(sql: &str) -> Result<String, Failure> {
    if sql != "-" {
        return Ok(sql.to_owned());
    }
    let mut text = String::new();
    match io::stdin().lock().read_to_string(&mut text) {
        Ok(_) => Ok(text),
        Err(cause) => Err(Failure::usage("cannot read the query from standard input").with_source(cause)),
    }
}

/// Returns the failure of a query, with a hint.
pub(super) fn failed(error: &QueryError) -> Failure {
    let failure = Failure::usage(error.to_string());
    match error {
        QueryError::Export(error) => export_failure::failed(error),
        QueryError::NotADatabase(..) | QueryError::NotOfARun => {
            failure.hint("use the folder of a run, or a file of `scan export <run> --format sqlite`")
        }
        QueryError::InUse(..) => {
            let failure = failure.hint("close the program that writes the database, or export the run again");
            failure.hint("run `scan history` for a history: it undoes an addition that was killed")
        }
        QueryError::Wrong(_) => failure.hint("run `scan query <run> --tables` to list tables and columns"),
        QueryError::NotOneStatement | QueryError::NotARead => {
            failure.hint("start it with select, with, values or explain")
        }
        QueryError::TooManyRuns(..) => failure.hint("add the runs to a history with `scan history add`"),
        QueryError::Failed(_) | QueryError::TooLong(_) => failure,
        QueryError::Filter(..) => {
            failure.hint("put `select(.kind == \"instance\")` in front to skip other resources")
        }
        QueryError::NoRow(_) => failure.hint("use --format ndjson or json"),
        QueryError::Unwritable(_) => Failure::internal(error.to_string()),
    }
}
