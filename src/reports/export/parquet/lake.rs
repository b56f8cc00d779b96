//! Adds a run to tables that have several runs.
//!
//! The files are written to a temporary folder and moved when they are complete, the table `run` last: its row shows
//! that the run, or the shard, is complete. An addition that is killed leaves no such row, and can be repeated.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::layout::FileLayout;
use super::run_part::RunPart;
use super::write_tables;
use crate::reports::export::{ExportError, columns};
use crate::reports::resources::Resources;
use crate::util::atomic_file::create_folder;
use crate::util::new_file::unfinished_folder;

/// Adds a run to the tables in a folder, and returns how many resources it has.
pub(in crate::reports::export) fn add(
    resources: &Resources,
    lake: &Path,
    part: &RunPart,
) -> Result<u64, ExportError> {
    let layout = FileLayout { folder: lake, part: Some(part) };
    if fs::symlink_metadata(layout.file(&layout.table(RunPart::LAST_TABLE))).is_ok() {
        return Err(ExportError::Added(part.to_string(), lake.to_owned()));
    }
    let unwritable = ExportError::unwritable(lake);
    create_folder(lake).map_err(&unwritable)?;
    let temporary = unfinished_folder(lake).map_err(&unwritable)?;
    let count = stage(resources, temporary.path(), part)?;
    publish(temporary.path(), lake).map_err(unwritable)?;
    Ok(count)
}

/// Writes the files of a run to an empty folder, with the paths that they have among the files of other runs. Returns
/// how many resources the run has.
pub(in crate::reports::export) fn stage(
    resources: &Resources,
    folder: &Path,
    part: &RunPart,
) -> Result<u64, ExportError> {
    let tables = columns::modelled_tables(resources);
    let layout = FileLayout { folder, part: Some(part) };
    write_tables(resources, &tables, layout, &ExportError::unwritable(folder))
}

/// Moves all tables, the one that shows that the run is complete last.
fn publish(staged: &Path, lake: &Path) -> io::Result<()> {
    let mut tables = names(staged)?;
    tables.sort_by_key(|name| name == Path::new(RunPart::LAST_TABLE));
    tables.iter().try_for_each(|name| move_to(&staged.join(name), &lake.join(name)))
}

/// Moves a file or folder. If the folder exists, its entries are moved.
fn move_to(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error)
            if matches!(error.kind(), ErrorKind::DirectoryNotEmpty | ErrorKind::AlreadyExists)
                && from.is_dir() =>
        {
            names(from)?.iter().try_for_each(|name| move_to(&from.join(name), &to.join(name)))
        }
        outcome => outcome,
    }
}

/// Returns the names of the entries of a folder.
fn names(folder: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().into())).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Path, publish};

    fn write(folder: &Path, names: &[&str]) {
        for name in names {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("creates");
            fs::write(path, *name).expect("writes");
        }
    }

    #[test]
    fn files_of_other_parts_stay_where_they_are() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (lake, staged) = (folder.path().join("lake"), folder.path().join("staged"));
        let old = ["ec2-vpc/run=a/account=1/shard-1", "ec2-vpc/run=b/account=1/x", "run/run=a/shard-1"];
        let new = ["ec2-vpc/run=a/account=1/shard-2", "ec2-vpc/run=a/account=2/shard-2", "run/run=a/shard-2"];
        write(&lake, &old);
        write(&staged, &new);
        write(&staged, &["s3-bucket/run=a/account=2/shard-2"]);
        publish(&staged, &lake).expect("moves");
        for name in old.iter().chain(&new).chain(&["s3-bucket/run=a/account=2/shard-2"]) {
            assert_eq!(&fs::read_to_string(lake.join(name)).expect("a file"), name);
        }
    }

    /// The table `run` is not written if another table cannot be.
    #[test]
    fn run_is_complete_only_with_all_tables() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (lake, staged) = (folder.path().join("lake"), folder.path().join("staged"));
        write(&lake, &["sqs-queue"]);
        write(&staged, &["ec2-vpc/run=a/x", "run/run=a/x", "sqs-queue/run=a/x"]);
        publish(&staged, &lake).expect_err("a file is in the place of a table");
        assert!(!lake.join("run").exists());
    }
}
