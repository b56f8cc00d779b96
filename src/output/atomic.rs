//! Files that are complete whenever they have their final name.

use std::fs::{self, DirBuilder, File};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

/// How unfinished files end, so that a resumed run knows them for what they are.
pub const UNFINISHED: &str = ".part";
const UNFINISHED_PREFIX: &str = ".";

/// Only the owner may read an inventory.
pub(super) const FILE_MODE: u32 = 0o600;
pub(super) const FOLDER_MODE: u32 = 0o700;

/// Writes a file through `write`, beside its final place, and then gives it its name.
pub(super) fn write_file(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<&mut File>) -> io::Result<()>,
) -> io::Result<u64> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut temporary: NamedTempFile = Builder::new()
        .prefix(UNFINISHED_PREFIX)
        .suffix(UNFINISHED)
        .permissions(fs::Permissions::from_mode(FILE_MODE))
        .tempfile_in(folder)?;
    let mut writer = BufWriter::with_capacity(64 * 1024, temporary.as_file_mut());
    write(&mut writer)?;
    writer.flush()?;
    drop(writer);
    let length = temporary.as_file().metadata()?.len();
    temporary.persist(path).map_err(|failed| failed.error)?;
    Ok(length)
}

/// Whether a file of this name is unfinished: one of [`write_file`]'s, or one of the lists on
/// their way to a file, where the file system cannot make these without a name.
pub(super) fn is_unfinished(name: &str) -> bool {
    const SCRATCH_PREFIX: &str = ".tmp";
    let is_unfinished = name.starts_with(UNFINISHED_PREFIX) && name.ends_with(UNFINISHED);
    is_unfinished || name.starts_with(SCRATCH_PREFIX)
}

/// Removes a file, if there is one.
pub(super) fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    }
}

/// Makes a folder and its parents, readable for the owner only.
pub(super) fn create_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(path)
}

/// Opens a file to append to, readable for the owner only.
pub fn append_to(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::OpenOptions::new().create(true).append(true).mode(FILE_MODE).open(path)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::{self, Write};
    use std::os::unix::fs::PermissionsExt;

    use super::write_file;

    #[test]
    fn a_finished_file_is_the_owners_alone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("s3.json");
        write_file(&path, |writer| writer.write_all(b"{}")).expect("writes");
        assert_eq!(fs::read(&path).expect("reads"), b"{}");
        assert_eq!(fs::metadata(&path).expect("exists").permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_failed_file_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("s3.json");
        let failed = write_file(&path, |writer| {
            writer.write_all(b"half")?;
            Err(io::Error::other("no space"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read_dir(folder.path()).expect("lists").count(), 0);
    }
}
