//! `scan merge`: merges the shards of a run.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::console::{print_line, warn};
use crate::error::Failure;
use crate::run::{BucketAddress, Manifest, Merge, MergeError};
use crate::util::plural::plural;

/// Merges the folders of shards into the folder that a single process would have written.
#[derive(Args, Debug)]
pub(super) struct MergeArguments {
    /// Folders of the shards, or their parent folder
    #[arg(value_name = "FOLDER", required = true, num_args = 1..)]
    shards: Vec<PathBuf>,

    /// Output directory (must not exist)
    #[arg(short, long, value_name = "FOLDER", help_heading = "Output")]
    output_dir: PathBuf,

    /// Merge even if shards are missing (recorded in the manifest)
    #[arg(long, help_heading = "Input")]
    partial: bool,
}

pub(super) fn run(arguments: &MergeArguments) -> Result<ExitCode, Failure> {
    let folders = arguments.shards.iter().chain([&arguments.output_dir]);
    if let Some(bucket) =
        folders.filter_map(|folder| folder.to_str()).find(|text| BucketAddress::is_meant_by(text))
    {
        return Err(Failure::usage(format!("cannot merge {bucket}: shards are merged in local folders"))
            .hint("download the shards first: aws s3 sync s3://bucket/prefix/run run"));
    }
    let merge = Merge::of(&arguments.shards, arguments.partial).map_err(failed)?;
    for folder in merge.superseded() {
        warn(format!("{} is skipped: another attempt of its shard finished", folder.display()));
    }
    let manifest = merge.write(&arguments.output_dir).map_err(failed)?;
    for shard in merge.missing() {
        warn(format!("{shard} is missing: its accounts are not in the result"));
    }
    print_line(rendered(&manifest, arguments));
    Ok(ExitCode::SUCCESS)
}

fn rendered(manifest: &Manifest, arguments: &MergeArguments) -> String {
    let (totals, folder) = (&manifest.totals, arguments.output_dir.display());
    let calls: u64 = totals.calls.values().sum();
    let text = format!(
        "{} from {} in {}: {folder}",
        plural(totals.items, "item"),
        plural(calls, "call"),
        plural(totals.accounts_scanned, "account")
    );
    if manifest.missing_shards.is_empty() {
        return text;
    }
    format!("{text}\nRun `scan resume {folder}` to scan the accounts of the missing shards")
}

fn failed(error: MergeError) -> Failure {
    let failure = Failure::usage(error.to_string());
    match error {
        MergeError::Manifest(..) | MergeError::NotAShard(_) => {
            failure.hint("name the folders of shards, as in output/<run>/shard-1-of-4, or output/<run>")
        }
        MergeError::Unfinished(folder) => {
            failure.hint(format!("finish it: scan resume {}", folder.display()))
        }
        MergeError::Different(..) => failure.hint("name the shards of one run only"),
        MergeError::Doubled(..) => failure.hint("name one of the two"),
        MergeError::Missing(_) => failure.hint("scan them, or merge without them with --partial"),
        MergeError::Damaged(..) => failure.hint("scan that shard again"),
        MergeError::Incomplete(folder, _) => Failure::internal(failure.to_string()).hint(format!(
            "run `scan resume {}` to rescan missing results, if the manifest is intact",
            folder.display()
        )),
        MergeError::Exists(_) => failure.hint("choose a folder with --output-dir that does not exist"),
        MergeError::Unreadable(..) => failure,
        MergeError::Unwritable(..) => {
            Failure::internal(failure.to_string()).hint("choose a writable folder with --output-dir")
        }
    }
}
