//! The catalogs in the user's data folder: one file for each version of botocore, and the name of the chosen one.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::error::Failure;
use crate::util::atomic_file;

/// The name of the catalog in the program, for `scan catalog use` and `diff`.
pub(crate) const BUILT_IN: &str = "built-in";

const SUFFIX: &str = ".catalog";

/// The file with the name of the chosen catalog.
const CHOSEN: &str = "chosen";

/// The catalogs that a user has installed.
#[derive(Clone, Debug)]
pub(crate) struct InstalledCatalogs {
    /// The folder; `None` if the user has no home folder.
    folder: Option<PathBuf>,
}

impl InstalledCatalogs {
    /// Returns the catalogs of the user who runs the program, in `$XDG_DATA_HOME` or `~/.local/share` (XDG Base
    /// Directory Specification 0.8). Windows sets `LOCALAPPDATA` for every user, and some shells there set `HOME`.
    pub(crate) fn of_user() -> Self {
        Self::of_environment(|name| std::env::var_os(name))
    }

    fn of_environment(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let folder = |name: &str| variable(name).map(PathBuf::from).filter(|folder| folder.is_absolute());
        let data = folder("XDG_DATA_HOME").or_else(|| folder("LOCALAPPDATA"));
        let data = data.or_else(|| Some(folder("HOME")?.join(".local/share")));
        Self { folder: data.map(|data| data.join("aws-auto-inventory/catalogs")) }
    }

    /// Returns the names of the catalogs, the oldest version first.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = self.folder.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
        let mut names: Vec<String> = entries
            .filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(SUFFIX)?.to_owned()))
            .filter(|name| is_name(name))
            .collect();
        names.sort_by_cached_key(|name| (version_key(name), name.clone()));
        names
    }

    /// Returns the file of an installed catalog.
    ///
    /// # Errors
    ///
    /// A failure if there is none of this name.
    pub(crate) fn file(&self, name: &str) -> Result<PathBuf, Failure> {
        let file = self.path(name).filter(|file| file.is_file());
        file.ok_or_else(|| {
            Failure::usage(format!("no catalog `{name}` is installed"))
                .hint("run `scan catalog list` to see the installed ones, or `scan catalog update`")
        })
    }

    /// Returns the name of the chosen catalog; `None` means the built-in one.
    ///
    /// # Errors
    ///
    /// A failure if the file with the name cannot be read.
    pub(crate) fn chosen_name(&self) -> Result<Option<String>, Failure> {
        let Some(folder) = &self.folder else { return Ok(None) };
        let file = folder.join(CHOSEN);
        match atomic_file::read(&file) {
            Ok(name) => Ok(Some(String::from_utf8_lossy(&name).trim().to_owned())),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(Failure::usage(format!("cannot read {}", file.display())).with_source(cause)),
        }
    }

    /// Returns the file of the chosen catalog; `None` means the built-in one.
    ///
    /// # Errors
    ///
    /// A failure if the chosen catalog is not installed any more.
    pub(crate) fn chosen(&self) -> Result<Option<PathBuf>, Failure> {
        let Some(name) = self.chosen_name()? else { return Ok(None) };
        let file = self.file(&name);
        file.map(Some)
            .map_err(|failure| failure.hint("run `scan catalog use built-in` to use the one in the program"))
    }

    /// Chooses the catalog of later runs; `None` chooses the built-in one.
    ///
    /// # Errors
    ///
    /// A failure if it is not installed, or the choice cannot be written.
    pub(crate) fn choose(&self, name: Option<&str>) -> Result<(), Failure> {
        let folder = self.existing_folder()?;
        let file = folder.join(CHOSEN);
        let outcome = match name {
            None => atomic_file::remove_file(&file),
            Some(name) => {
                self.file(name)?;
                write(&file, name.as_bytes())
            }
        };
        outcome.map_err(|cause| unwritable(&file, cause))
    }

    /// Writes a catalog, and returns its file. One of the same name is replaced.
    ///
    /// # Errors
    ///
    /// A failure if it cannot be written.
    pub(crate) fn install(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, Failure> {
        self.existing_folder()?;
        let file = self.path(name).ok_or_else(|| Failure::usage(format!("`{name}` is not a version")))?;
        write(&file, bytes).map_err(|cause| unwritable(&file, cause))?;
        Ok(file)
    }

    fn path(&self, name: &str) -> Option<PathBuf> {
        let folder = self.folder.as_ref().filter(|_| is_name(name))?;
        Some(folder.join(format!("{name}{SUFFIX}")))
    }

    fn existing_folder(&self) -> Result<&Path, Failure> {
        let folder = self.folder.as_deref().ok_or_else(|| {
            Failure::usage("no folder for catalogs: HOME is not set").hint("set HOME or XDG_DATA_HOME")
        })?;
        atomic_file::create_folder(folder).map_err(|cause| unwritable(folder, cause))?;
        Ok(folder)
    }
}

fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    atomic_file::write_file(file, |writer| writer.write_all(bytes)).map(drop)
}

fn unwritable(path: &Path, cause: io::Error) -> Failure {
    Failure::usage(format!("cannot write {}", path.display())).with_source(cause)
}

/// Returns whether a name is one that catalogs get, and no path.
fn is_name(name: &str) -> bool {
    !name.starts_with('.')
        && (1..=64).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
}

/// Returns the numbers of a version, by which it is sorted; `None` for other texts and for pre-releases.
pub(super) fn version_key(version: &str) -> Option<Vec<u64>> {
    version.split('.').map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::path::Path;

    use super::InstalledCatalogs;

    fn within(folder: &Path) -> InstalledCatalogs {
        let home = folder.as_os_str().to_owned();
        InstalledCatalogs::of_environment(|name| (name == "HOME").then(|| home.clone()))
    }

    #[test]
    fn installed_catalogs_are_sorted_by_version() {
        let folder = tempfile::tempdir().expect("a folder");
        let catalogs = within(folder.path());
        assert!(catalogs.names().is_empty());
        for name in ["1.44.10", "1.44.9", "1.9.100"] {
            catalogs.install(name, b"x").expect("written");
        }
        assert_eq!(catalogs.names(), ["1.9.100", "1.44.9", "1.44.10"]);
    }

    #[test]
    fn chosen_catalog_is_kept_until_another_is_chosen() {
        let folder = tempfile::tempdir().expect("a folder");
        let catalogs = within(folder.path());
        assert_eq!(catalogs.chosen().expect("a choice"), None);
        let file = catalogs.install("1.44.9", b"x").expect("written");
        catalogs.choose(Some("1.44.9")).expect("chosen");
        assert_eq!(catalogs.chosen().expect("a choice"), Some(file));
        catalogs.choose(None).expect("chosen");
        assert_eq!(catalogs.chosen().expect("a choice"), None);
    }

    #[test]
    fn names_are_no_paths() {
        let folder = tempfile::tempdir().expect("a folder");
        let catalogs = within(folder.path());
        for name in ["../1.44.9", ".hidden", "", "a/b", "1.44.9\n"] {
            assert!(catalogs.install(name, b"x").is_err(), "{name}");
            assert!(catalogs.choose(Some(name)).is_err(), "{name}");
        }
    }

    #[test]
    fn relative_data_folder_is_ignored() {
        let variables = |name: &str| match name {
            "XDG_DATA_HOME" => Some(OsString::from("data")),
            "HOME" => Some(OsString::from("/home/me")),
            _ => None,
        };
        let catalogs = InstalledCatalogs::of_environment(variables);
        let expected = Path::new("/home/me/.local/share/aws-auto-inventory/catalogs");
        assert_eq!(catalogs.folder.as_deref(), Some(expected));
    }
}
