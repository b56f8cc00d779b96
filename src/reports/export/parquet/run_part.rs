//! A run, or a shard of one, among the runs of common tables.

use std::fmt;
use std::path::Path;

use super::partition::partition_folder;
use crate::plan::Shard;
use crate::reports::export::facts::RUN;
use crate::run::Manifest;

/// The only file of a folder of one run.
pub(super) const FIRST: &str = "part-0.parquet";

/// A run, or a shard of one, that is added to tables of several runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RunPart {
    run: String,
    shard: Option<Shard>,
}

impl RunPart {
    /// The table that is written last: its row shows that a part is complete.
    pub(crate) const LAST_TABLE: &str = RUN.name;

    /// Returns the part of the run in a folder. Without a name, a run has that of its folder, and a shard that of the
    /// folder of all shards. Returns `None` if that folder has no name.
    pub(crate) fn of(manifest: &Manifest, folder: &Path, name: Option<&str>) -> Option<Self> {
        let shard = manifest.settings.shard;
        let named = if shard.is_some() { folder.parent()? } else { folder };
        let run = match name {
            Some(name) => name.to_owned(),
            None => named.file_name()?.to_string_lossy().into_owned(),
        };
        Some(Self { run, shard })
    }

    /// Returns the name of the folder of the run in each table: `run=weekly`.
    pub(crate) fn folder(&self) -> String {
        partition_folder("run", &self.run)
    }

    /// Returns the name of the part's files. Those of the shards of a run are in the same folders.
    pub(crate) fn file(&self) -> String {
        self.shard.map_or_else(|| FIRST.to_owned(), |shard| format!("{}-{FIRST}", shard.folder()))
    }

    /// Returns whether the part is a shard of its run.
    pub(crate) fn is_shard(&self) -> bool {
        self.shard.is_some()
    }
}

/// `weekly`, or `shard 1 of 2 of weekly`
impl fmt::Display for RunPart {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.shard {
            Some(shard) => write!(formatter, "{shard} of {}", self.run),
            None => formatter.write_str(&self.run),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::RunPart;
    use crate::plan::Shard;
    use crate::run::Manifest;
    use crate::run::samples::sample_manifest;

    #[test]
    fn shard_has_the_name_of_the_common_folder() {
        let mut manifest: Manifest = serde_json::from_value(sample_manifest()).expect("a manifest");
        let part =
            |manifest: &_, folder, name| RunPart::of(manifest, Path::new(folder), name).expect("a part");
        let whole = part(&manifest, "output/weekly", None);
        assert_eq!(
            (whole.to_string(), whole.folder(), whole.file()),
            ("weekly".to_owned(), "run=weekly".to_owned(), "part-0.parquet".to_owned())
        );
        manifest.settings.shard = Some(Shard { number: 2, count: 7 });
        // The folder of a second attempt has another name.
        let shard = part(&manifest, "output/weekly/shard-2-of-7-2", None);
        assert_eq!(
            (shard.to_string(), shard.folder()),
            ("shard 2 of 7 of weekly".to_owned(), "run=weekly".to_owned())
        );
        assert_eq!(shard.file(), "shard-2-of-7-part-0.parquet");
        assert_eq!(part(&manifest, "x/shard-2-of-7", Some("nightly")).folder(), "run=nightly");
        assert_eq!(RunPart::of(&manifest, Path::new("/"), None), None);
    }
}
