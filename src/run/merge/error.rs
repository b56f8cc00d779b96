//! Errors of merging shards.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::plan::Shard;
use crate::run::{ManifestError, ResultsError};

/// The reason why shards cannot be merged.
#[derive(Debug)]
pub enum MergeError {
    /// The folder is not the folder of a run, or its manifest cannot be used.
    Manifest(PathBuf, ManifestError),
    /// The run in the folder scanned everything.
    NotAShard(PathBuf),
    /// The run in the folder has not finished.
    Unfinished(PathBuf),
    /// The runs in two folders differ in a property that all shards of a run share.
    Different(PathBuf, PathBuf, String),
    /// Two folders hold the same shard.
    Doubled(Shard, PathBuf, PathBuf),
    /// Some shards are missing.
    Missing(Vec<Shard>),
    /// A file does not match the manifest.
    Damaged(PathBuf, String),
    /// Results of a shard are missing or damaged.
    Incomplete(PathBuf, ResultsError),
    /// The output folder exists already.
    Exists(PathBuf),
    /// A file cannot be read.
    Unreadable(PathBuf, io::Error),
    /// A file cannot be written.
    Unwritable(PathBuf, io::Error),
}

impl fmt::Display for MergeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Manifest(folder, error) => write!(formatter, "{}: {error}", folder.display()),
            Self::NotAShard(folder) => {
                write!(formatter, "{} is not a shard", folder.display())
            }
            Self::Unfinished(folder) => {
                write!(formatter, "the shard in {} is not finished", folder.display())
            }
            Self::Different(first, second, what) => write!(
                formatter,
                "{} and {} are not shards of the same run: they differ in {what}",
                first.display(),
                second.display()
            ),
            Self::Doubled(shard, first, second) => {
                write!(formatter, "{} and {} both hold {shard}", first.display(), second.display())
            }
            Self::Missing(shards) => {
                let count = shards.first().map_or(0, |shard| shard.count);
                write!(formatter, "{} of {count} shards are missing: {}", shards.len(), numbers(shards))
            }
            Self::Damaged(path, what) => write!(formatter, "{}: {what}", path.display()),
            Self::Incomplete(folder, error) => write!(formatter, "{}: {error}", folder.display()),
            Self::Exists(folder) => write!(formatter, "{} already exists", folder.display()),
            Self::Unreadable(path, cause) => write!(formatter, "cannot read {}: {cause}", path.display()),
            Self::Unwritable(path, cause) => write!(formatter, "cannot write {}: {cause}", path.display()),
        }
    }
}

impl std::error::Error for MergeError {}

/// Lists the first shards, for messages.
fn numbers(shards: &[Shard]) -> String {
    const SHOWN: usize = 20;
    let mut text: Vec<String> = shards.iter().take(SHOWN).map(|shard| shard.number.to_string()).collect();
    if shards.len() > SHOWN {
        text.push("…".to_owned());
    }
    text.join(", ")
}
