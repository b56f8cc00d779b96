//! The folder of one run, and the paths of the files in it.
//!
//! ```text
//! output/organization-<timestamp>/manifest.json, accounts.json, ledger.ndjson, scan.log
//! output/organization-<timestamp>/<account>/<region or global>/<service>.json
//! ```

use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::latest_file::run_behind;
use super::lock;
use super::safe_name::safe_name;
use crate::names::AccountId;
use crate::util::atomic_file;
use crate::util::system::owner_only;

/// The folder of the run of witnesses, below the folder of the run that they are compared with.
pub(crate) const WITNESSES: &str = "witnesses";

/// The folder of one run.
#[derive(Clone, Debug)]
pub struct RunFolder {
    path: PathBuf,
    is_on_the_way: bool,
}

impl RunFolder {
    /// Creates the folder of a run that started at `started`: `organization-<timestamp>`, or only the timestamp
    /// when a single account is scanned.
    ///
    /// Two runs that start in the same second get separate folders.
    pub fn create(parent: &Path, organization: bool, started: DateTime<Utc>) -> io::Result<Self> {
        Self::create_named(parent, &run_name(organization, started))
    }

    /// Creates a folder with the given name, which may have several components; `-2` is appended to the last one
    /// if the name is taken.
    pub fn create_named(parent: &Path, name: &str) -> io::Result<Self> {
        let path = parent.join(name);
        atomic_file::create_folder(path.parent().unwrap_or(parent))?;
        for count in 1.. {
            let name = if count == 1 { name.to_owned() } else { format!("{name}-{count}") };
            let path = parent.join(name);
            match create_new(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                outcome => return outcome.map(|()| Self { path, is_on_the_way: false }),
            }
        }
        Err(io::Error::other("no free name for the run's folder"))
    }

    /// Returns the folder of a run that exists. The path may be that of `latest`, even if the file system has no links.
    #[must_use]
    pub fn for_run(path: &Path) -> Self {
        Self { path: run_behind(path).unwrap_or_else(|| path.to_owned()), is_on_the_way: false }
    }

    /// Returns the same folder, for a run whose results are uploaded to a bucket and only pass through the
    /// folder.
    #[must_use]
    pub fn on_the_way(self) -> Self {
        Self { is_on_the_way: true, ..self }
    }

    /// Returns whether results only pass through this folder on their way into a bucket.
    #[must_use]
    pub fn is_on_the_way(&self) -> bool {
        self.is_on_the_way
    }

    /// Returns the path of the folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// `manifest.json`
    #[must_use]
    pub fn manifest(&self) -> PathBuf {
        self.path.join("manifest.json")
    }

    /// `accounts.json`
    #[must_use]
    pub fn accounts(&self) -> PathBuf {
        self.path.join("accounts.json")
    }

    /// `ledger.ndjson`
    #[must_use]
    pub fn ledger(&self) -> PathBuf {
        self.path.join("ledger.ndjson")
    }

    /// `scan.log`
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.path.join("scan.log")
    }

    /// `scan.lock`, which exists while a process works on the run.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.path.join(lock::FILE)
    }

    /// Returns the folder of one account in one place (a region, or `global`).
    #[must_use]
    pub fn place(&self, account_folder: &str, place: &str) -> PathBuf {
        self.path.join(account_folder).join(safe_name(place))
    }
}

/// Returns the name of a run that starts at `started`: `organization-<timestamp>`, or only the timestamp when a
/// single account is scanned.
#[must_use]
pub fn run_name(organization: bool, started: DateTime<Utc>) -> String {
    let timestamp = started.format("%Y-%m-%dT%H-%M-%SZ");
    if organization { format!("organization-{timestamp}") } else { timestamp.to_string() }
}

/// Creates one folder that must not exist yet.
fn create_new(path: &Path) -> io::Result<()> {
    owner_only::folder_builder().create(path)
}

/// Returns the name of an account's folder: `123456789012-AccountName`; only the id if there is no name. The name
/// is for readability, the id identifies the account.
#[must_use]
pub fn account_folder(id: &AccountId, name: Option<&str>) -> String {
    // AWS's ids are digits, but the id in a file that is read again may be anything.
    let id = safe_name(id.as_str());
    match name.map(safe_name).filter(|name| !name.is_empty()) {
        Some(name) => format!("{id}-{name}"),
        None => id,
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use chrono::{DateTime, Utc};
    use proptest::prelude::*;

    use super::{RunFolder, account_folder};
    use crate::names::AccountId;
    use crate::run::results::result_writer::{file_of_call, file_of_service};

    #[test]
    fn account_folder_has_safe_names() {
        let id = AccountId::new("123456789012");
        assert_eq!(account_folder(&id, Some("Log Archive")), "123456789012-Log_Archive");
        assert_eq!(account_folder(&id, Some("..")), "123456789012");
        assert_eq!(account_folder(&id, None), "123456789012");
        assert_eq!(account_folder(&AccountId::new("nul"), None), "nul_");
    }

    proptest! {
        #[test]
        fn no_name_leads_out_of_the_runs_folder(
            id in any_name(), name in any_name(), place in any_name(), service in any_name(), call in any_name()
        ) {
            let run = RunFolder::for_run(Path::new("output/run"));
            let account = account_folder(&AccountId::new(&id), Some(&name));
            let folder = run.place(&account, &place);
            for file in [file_of_service(&service), file_of_call(&service, &call)] {
                let path = folder.join(file);
                let inside = path.strip_prefix(run.path()).expect("a path below the run's folder");
                let is_plain = |part: Component<'_>| matches!(part, Component::Normal(_));
                prop_assert!(inside.components().all(is_plain), "{}", path.display());
                prop_assert!(inside.components().count() <= 3, "{}", path.display());
            }
        }
    }

    /// Generates difficult names.
    fn any_name() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "[./\\\\~ ]{0,8}",
            "(\\.\\./|/|\\./){1,4}[a-z]{0,4}",
            Just("/etc/passwd".to_owned()),
            Just("a\0b".to_owned()),
        ]
    }

    #[test]
    fn two_runs_of_the_same_second_have_their_own_folders() {
        let parent = tempfile::tempdir().expect("a temporary folder");
        let started: DateTime<Utc> = "2026-11-21T22:10:05Z".parse().expect("a time");
        let first = RunFolder::create(parent.path(), true, started).expect("makes a folder");
        let second = RunFolder::create(parent.path(), true, started).expect("makes a folder");
        assert!(first.path().ends_with("organization-2026-11-21T22-10-05Z"));
        assert!(second.path().ends_with("organization-2026-11-21T22-10-05Z-2"));
    }
}
