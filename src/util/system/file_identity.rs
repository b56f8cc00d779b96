//! Whether a name still leads to an open file.

use std::fs::File;
use std::path::Path;

/// Returns whether the file at `path` is this open file, and not another one of the same name.
#[cfg(unix)]
pub(crate) fn is_still(path: &Path, file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (Ok(named), Ok(open)) = (std::fs::metadata(path), file.metadata()) else { return false };
    named.ino() == open.ino() && named.dev() == open.dev()
}

/// Returns whether the file at `path` is this open file, and not another one of the same name.
#[cfg(windows)]
pub(crate) fn is_still(path: &Path, file: &File) -> bool {
    use same_file::Handle;
    let open = file.try_clone().and_then(Handle::from_file);
    matches!((Handle::from_path(path), open), (Ok(named), Ok(open)) if named == open)
}
