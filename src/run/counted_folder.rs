//! Which folder counts for a shard of a run in a bucket: an attempt that cannot continue the one before has a separate
//! folder, and readers must not count both.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::plan::Shard;
use crate::util::atomic_file;

/// `shards/shard-2-of-7.json`, beside the folders of the shards. Each shard has a separate object, so that shards that
/// finish at the same time do not overwrite each other's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CountedFolder {
    /// The name of the folder with the finished run of the shard: `shard-2-of-7`, or `shard-2-of-7-2`.
    pub(super) folder: String,
}

impl CountedFolder {
    /// Returns the name of the object of a shard, from the folder of the run.
    pub(super) fn name(shard: Shard) -> String {
        format!("shards/{}.json", shard.folder())
    }

    /// Reads which folder counts for a shard, from a downloaded run; `None` if the run does not list it.
    pub(super) fn read(run: &Path, shard: Shard) -> io::Result<Option<Self>> {
        match atomic_file::read(&run.join(Self::name(shard))) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            text => Ok(Some(serde_json::from_slice(&text?)?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::CountedFolder;
    use crate::plan::Shard;

    #[test]
    fn listed_folder_is_read_and_others_are_unknown() {
        let run = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(run.path().join("shards")).expect("a folder");
        let [first, second] = [1, 2].map(|number| Shard { number, count: 2 });
        fs::write(run.path().join(CountedFolder::name(first)), r#"{"folder": "shard-1-of-2-2"}"#)
            .expect("a file");
        let read = |shard| CountedFolder::read(run.path(), shard).expect("reads");
        assert_eq!(read(first), Some(CountedFolder { folder: "shard-1-of-2-2".to_owned() }));
        assert_eq!(read(second), None);
        fs::write(run.path().join(CountedFolder::name(second)), "{").expect("a file");
        assert!(CountedFolder::read(run.path(), second).is_err(), "a damaged file is no absent one");
    }
}
