//! Why shards cannot be joined.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::plan::Shard;
use crate::run::{ManifestError, ResultsError};

/// Why shards cannot be joined.
#[derive(Debug)]
pub enum MergeError {
    /// A folder is not that of a run, or its manifest cannot be used.
    Manifest(PathBuf, ManifestError),
    /// The run in a folder scanned everything.
    NotAShard(PathBuf),
    /// The run in a folder has not finished.
    Unfinished(PathBuf),
    /// The run in the second folder differs from that in the first in something.
    Different(PathBuf, PathBuf, String),
    /// Two folders hold the same shard.
    Doubled(Shard, PathBuf, PathBuf),
    /// These shards are missing.
    Missing(Vec<Shard>),
    /// Something in a folder is not what its manifest tells of.
    Damaged(PathBuf, String),
    /// Results of a shard are missing or damaged.
    Incomplete(PathBuf, ResultsError),
    /// The folder for the result is there already.
    Exists(PathBuf),
    /// Something cannot be read.
    Unreadable(PathBuf, io::Error),
    /// The result cannot be written.
    Unwritable(PathBuf, io::Error),
}

impl fmt::Display for MergeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Manifest(folder, error) => write!(formatter, "{}: {error}", folder.display()),
            Self::NotAShard(folder) => {
                write!(formatter, "{} is a whole run and no shard of one", folder.display())
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
            Self::Exists(folder) => write!(formatter, "{} is there already", folder.display()),
            Self::Unreadable(path, cause) => write!(formatter, "cannot read {}: {cause}", path.display()),
            Self::Unwritable(path, cause) => write!(formatter, "cannot write {}: {cause}", path.display()),
        }
    }
}

impl std::error::Error for MergeError {}

/// The first of them, for people.
fn numbers(shards: &[Shard]) -> String {
    const SHOWN: usize = 20;
    let mut text: Vec<String> = shards.iter().take(SHOWN).map(|shard| shard.number.to_string()).collect();
    if shards.len() > SHOWN {
        text.push("…".to_owned());
    }
    text.join(", ")
}
