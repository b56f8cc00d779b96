//! The files of source code, for tests that read them.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the checkout.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a source folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}

/// A file of Rust, parsed.
#[track_caller]
pub(crate) fn parsed(file: &Path) -> syn::File {
    let text = fs::read_to_string(file).expect("a readable file");
    syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// All files of Rust below a folder.
pub(crate) fn rust_files(folder: &Path) -> impl Iterator<Item = PathBuf> {
    files_below(folder).into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
}
