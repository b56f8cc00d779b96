//! Errors of merging shards.

use std::io;
use std::path::PathBuf;

use crate::plan::Shard;
use crate::run::{ManifestError, ResultsError};

/// The reason why shards cannot be merged.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// The folder is not the folder of a run, or its manifest cannot be used.
    #[error("{0}: {1}")]
    Manifest(PathBuf, ManifestError),
    /// The run in the folder scanned everything.
    #[error("{0} is not a shard")]
    NotAShard(PathBuf),
    /// The run in the folder has not finished.
    #[error("the shard in {0} is not finished")]
    Unfinished(PathBuf),
    /// The runs in two folders differ in a property that all shards of a run share.
    #[error("{0} and {1} are not shards of the same run: they differ in {2}")]
    Different(PathBuf, PathBuf, String),
    /// Two folders hold the same shard.
    #[error("{1} and {2} both hold {0}")]
    Doubled(Shard, PathBuf, PathBuf),
    /// Some shards are missing.
    #[error("{}", missing(.0))]
    Missing(Vec<Shard>),
    /// A file does not match the manifest.
    #[error("{0}: {1}")]
    Damaged(PathBuf, String),
    /// Results of a shard are missing or damaged.
    #[error("{0}: {1}")]
    Incomplete(PathBuf, ResultsError),
    /// The output folder exists already.
    #[error("{0} already exists")]
    Exists(PathBuf),
    /// A file cannot be read.
    #[error("cannot read {0}: {1}")]
    Unreadable(PathBuf, io::Error),
    /// A file cannot be written.
    #[error("cannot write {0}: {1}")]
    Unwritable(PathBuf, io::Error),
}

fn missing(shards: &[Shard]) -> String {
    let count = shards.first().map_or(0, |shard| shard.count);
    format!("{} of {count} shards are missing: {}", shards.len(), numbers(shards))
}

/// Lists the first shards, for messages.
fn numbers(shards: &[Shard]) -> String {
    const SHOWN: usize = 20;
    let mut text: Vec<String> = shards.iter().take(SHOWN).map(|shard| shard.number.to_string()).collect();
    if shards.len() > SHOWN {
        text.push("…".to_owned());
    }
    text.join(", ")
}
