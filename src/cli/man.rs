//! `scan man`: generates the manual pages from the command line.

use std::fs;
use std::path::PathBuf;

use clap::{Args, CommandFactory};

use super::Cli;
use super::console::print_line;
use super::program_name::program_name;
use crate::error::Failure;

/// Writes the manual pages: scan.1, and one for each verb.
#[derive(Args, Debug)]
pub(super) struct ManArguments {
    /// Output folder, such as ~/.local/share/man/man1
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

pub(super) fn run(arguments: &ManArguments) -> Result<(), Failure> {
    let (folder, name) = (&arguments.folder, program_name());
    fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(Cli::command().name(name), folder))
        .map_err(|cause| {
            Failure::usage(format!("cannot write to {}", folder.display())).with_source(cause)
        })?;
    let first = folder.join(name).with_extension("1");
    print_line(format!("{}: `man -l {}` shows the first", folder.display(), first.display()));
    Ok(())
}
