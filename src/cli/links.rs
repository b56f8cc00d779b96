//! `scan links`: what is connected with what.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::finished::RunArguments;
use crate::app::read_run::unreadable;
use crate::error::Failure;
use crate::reports::links::{LinkFormat, LinkGraph, LinkPrintError, LinkSelection};

/// The most resources that one text shows.
const SHOWN: usize = 20;

/// Shows what uses a resource and what it uses, who outside gets access, and what does not exist.
#[derive(Args, Debug)]
pub(super) struct LinksArguments {
    #[command(flatten)]
    finished: RunArguments,

    /// ID, ARN, name, DNS name, IP address or account to show the links of [default: a summary]
    #[arg(value_name = "RESOURCE")]
    resource: Option<String>,

    /// Steps from the resource, in each direction
    #[arg(long, value_name = "N", default_value_t = 1, requires = "resource", help_heading = "Input")]
    depth: usize,

    /// Who outside gets access: foreign accounts and everyone, with the statements that give it
    #[arg(long, conflicts_with_all = ["resource", "dangling"], help_heading = "Input")]
    foreign: bool,

    /// References to resources that do not exist
    #[arg(long, conflicts_with = "resource", help_heading = "Input")]
    dangling: bool,

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
    /// GraphML, for yEd, Gephi or Cytoscape
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

pub(super) fn run(arguments: &LinksArguments) -> Result<ExitCode, Failure> {
    let resources = arguments.finished.open()?;
    let progress = arguments.finished.progress(&resources);
    let graph = LinkGraph::read(&resources);
    drop(progress);
    let graph = graph.map_err(|error| unreadable(&error))?;
    let selection = match &arguments.resource {
        Some(text) => around(&graph, text, arguments.depth)?,
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
            .hint("use the ID, ARN or name of a resource: `scan query <run> \"select id, arn, name from resources\"`")),
        count if count > SHOWN => Err(Failure::usage(format!("{count} resources of this run are called `{text}`"))
            .hint("use the ID or the ARN of one")),
        _ => Ok(LinkSelection::Around(found, depth)),
    }
}
