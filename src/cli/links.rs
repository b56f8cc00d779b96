//! `scan links`: what is connected with what.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::finished;
use super::run_choice::RunsFolder;
use crate::app::read_run::unreadable;
use crate::error::Failure;
use crate::reports::links::{LinkFormat, LinkGraph, LinkPrintError, LinkSelection};
use crate::run::BucketAddress;
use crate::util::plural::plural;

/// The most resources that one text shows.
const SHOWN: usize = 20;

/// Shows what uses a resource and what it uses, who outside gets access, and what does not exist.
#[derive(Args, Debug)]
pub(super) struct LinksArguments {
    /// Run directory, such as output/latest [default: the last finished run]
    #[arg(value_name = "RUN")]
    run: Option<PathBuf>,

    /// ID, ARN, name, host, IP address or account [default: a summary of all links]
    ///
    /// A single argument that is no directory is the resource.
    #[arg(value_name = "RESOURCE")]
    resource: Option<String>,

    #[command(flatten)]
    runs: RunsFolder,

    /// Steps from the resource, in each direction [default: 1]
    #[arg(long, value_name = "N", help_heading = "Input")]
    depth: Option<usize>,

    /// List who outside gets access, with the statements that give it
    #[arg(long, conflicts_with_all = ["dangling", "depth"], help_heading = "Input")]
    foreign: bool,

    /// List references to resources that do not exist
    #[arg(long, conflicts_with = "depth", help_heading = "Input")]
    dangling: bool,

    /// Catalog file to use instead of the built-in one
    #[arg(long, env = "SCAN_CATALOG", value_name = "FILE", help_heading = "Input")]
    catalog: Option<PathBuf>,

    /// Show no progress bar
    #[arg(short, long, help_heading = "Output")]
    quiet: bool,

    /// Most links to show of each resource, in text
    #[arg(long, value_name = "N", default_value_t = 50, help_heading = "Output")]
    limit: usize,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t = LinkFormatName::Text, help_heading = "Output")]
    format: LinkFormatName,
}

/// The output formats of links.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum LinkFormatName {
    /// Human-readable
    Text,
    /// One JSON object per line for each link
    Json,
    /// For yEd, Gephi or Cytoscape
    Graphml,
    /// The language of Graphviz, for dot
    Dot,
}

impl LinkFormatName {
    fn format(self) -> LinkFormat {
        match self {
            Self::Text => LinkFormat::Text,
            Self::Json => LinkFormat::Json,
            Self::Graphml => LinkFormat::GraphMl,
            Self::Dot => LinkFormat::Graphviz,
        }
    }
}

impl LinksArguments {
    /// Returns the run, if one is named, and the resource.
    fn run_and_resource(&self) -> Result<(Option<&Path>, Option<&str>), Failure> {
        let named = (self.run.as_deref(), self.resource.as_deref());
        let (run, resource) = match named {
            (Some(only), None) if !only.is_dir() && !BucketAddress::is_meant_by(&only.to_string_lossy()) => {
                (None, only.to_str())
            }
            named => named,
        };
        let option = [("--foreign", self.foreign), ("--dangling", self.dangling)];
        if let (Some(resource), Some((option, _))) = (resource, option.iter().find(|(_, is_given)| *is_given))
        {
            return Err(Failure::usage(format!(
                "{option} is about all resources, but `{resource}` is named"
            ))
            .hint("name the directory of a run, or remove the option"));
        }
        if self.depth.is_some() && resource.is_none() {
            return Err(
                Failure::usage("--depth needs a resource").hint("name the ID, ARN or name of a resource")
            );
        }
        Ok((run, resource))
    }
}

pub(super) fn run(arguments: &LinksArguments) -> Result<ExitCode, Failure> {
    let (run, resource) = arguments.run_and_resource()?;
    let run = arguments.runs.named_or_last(run)?;
    let resources = finished::open(&run, arguments.catalog.as_deref())?;
    let progress = if arguments.quiet { None } else { finished::progress(&resources) };
    let graph = LinkGraph::read(&resources);
    drop(progress);
    let graph = graph.map_err(|error| unreadable(&error))?;
    let selection = match resource {
        Some(text) => around(&graph, text, arguments.depth.unwrap_or(1))?,
        None if arguments.foreign => LinkSelection::Foreign,
        None if arguments.dangling => LinkSelection::Dangling,
        None => LinkSelection::All,
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let printed = graph.print(&selection, arguments.format.format(), arguments.limit, &mut out);
    match printed.and_then(|()| Ok(out.flush()?)) {
        // A closed pipe (`| head`) is no error.
        Err(LinkPrintError::Unwritable(cause)) if cause.kind() == io::ErrorKind::BrokenPipe => {}
        Err(LinkPrintError::Results(error)) => return Err(unreadable(&error)),
        Err(error @ LinkPrintError::Unwritable(_)) => return Err(Failure::internal(error.to_string())),
        Ok(()) => {}
    }
    Ok(ExitCode::SUCCESS)
}

fn around(graph: &LinkGraph, text: &str, depth: usize) -> Result<LinkSelection, Failure> {
    let found = graph.find(text).map_err(|error| unreadable(&error))?;
    match found.len() {
        0 => Err(Failure::usage(format!("no resource of this run is `{text}`, and none refers to it"))
            .hint("list the resources with `scan query \"SELECT kind, id, arn, name FROM resources\"`")),
        count if count > SHOWN => Err(Failure::usage(format!(
            "{} of this run are called `{text}`",
            plural(count as u64, "resource")
        ))
        .hint("use the ID or the ARN of one")),
        _ => Ok(LinkSelection::Around(found, depth)),
    }
}
