//! The open folders of the places that results are written to.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::aws::http::OpenFiles;
use crate::util::open_folder::OpenFolder;

/// The folders of the places that were used last. Their number is limited, since they count as open files.
#[derive(Debug)]
pub(super) struct OpenPlaces {
    run: PathBuf,
    limit: usize,
    opened: Mutex<OpenedPlaces>,
}

#[derive(Debug, Default)]
struct OpenedPlaces {
    /// The folders by their path in the run, with the number of their last use.
    folders: HashMap<String, (Arc<OpenFolder>, u64)>,
    /// The number of uses.
    uses: u64,
}

impl OpenPlaces {
    /// Returns the places of the run in this folder, of which none is open.
    pub(super) fn new(run: PathBuf) -> Self {
        Self { run, limit: OpenFiles::allowed().folders(), opened: Mutex::default() }
    }

    /// Returns the folder of an account and place; `None` if it does not exist.
    pub(super) fn open(&self, account: &str, place: &str) -> io::Result<Option<Arc<OpenFolder>>> {
        self.find(account, place, |run| {
            let Some(account) = run.folder(account)? else { return Ok(None) };
            account.folder(place)
        })
    }

    /// Returns the folder of an account and place, and creates it if it does not exist.
    pub(super) fn create(&self, account: &str, place: &str) -> io::Result<Arc<OpenFolder>> {
        let folder = self.find(account, place, |run| {
            let account = run.create_folder(account)?;
            account.create_folder(place).map(Some)
        })?;
        folder.ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn find(
        &self,
        account: &str,
        place: &str,
        open: impl FnOnce(&OpenFolder) -> io::Result<Option<OpenFolder>>,
    ) -> io::Result<Option<Arc<OpenFolder>>> {
        let path = format!("{account}/{place}");
        if let Some(folder) = self.lock().find(&path) {
            return Ok(Some(folder));
        }
        // Opened without the lock, so that a slow disk does not stop the others.
        let Some(folder) = open(&OpenFolder::open(&self.run)?)? else { return Ok(None) };
        let folder = Arc::new(folder);
        self.lock().add(path, Arc::clone(&folder), self.limit);
        Ok(Some(folder))
    }

    fn lock(&self) -> MutexGuard<'_, OpenedPlaces> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OpenedPlaces {
    fn find(&mut self, path: &str) -> Option<Arc<OpenFolder>> {
        self.uses += 1;
        let (folder, last) = self.folders.get_mut(path)?;
        *last = self.uses;
        Some(Arc::clone(folder))
    }

    /// Adds a folder, instead of the one that has not been used for the longest time if there are `limit` already.
    fn add(&mut self, path: String, folder: Arc<OpenFolder>, limit: usize) {
        let oldest = self.folders.iter().min_by_key(|(_, (_, last))| *last).map(|(path, _)| path.clone());
        if let Some(oldest) = oldest.filter(|_| self.folders.len() >= limit) {
            self.folders.remove(&oldest);
        }
        self.folders.insert(path, (folder, self.uses));
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::Arc;

    use super::OpenPlaces;

    #[test]
    fn least_recently_used_folders_are_closed() {
        let run = tempfile::tempdir().expect("a temporary folder");
        let places = OpenPlaces { limit: 2, ..OpenPlaces::new(run.path().to_owned()) };
        let open = |place| places.create("account", place).expect("a folder");
        let (first, second) = (open("eu-west-1"), open("eu-west-2"));
        assert!(Arc::ptr_eq(&first, &open("eu-west-1")), "it is still open");
        open("eu-west-3");
        assert!(Arc::ptr_eq(&first, &open("eu-west-1")), "it was used last");
        assert!(!Arc::ptr_eq(&second, &open("eu-west-2")), "it was closed");
        assert_eq!(places.lock().folders.len(), 2);
    }

    #[test]
    fn missing_folder_is_created_only_for_results() {
        let run = tempfile::tempdir().expect("a temporary folder");
        let places = OpenPlaces::new(run.path().to_owned());
        assert!(places.open("account", "global").expect("looks").is_none());
        assert_eq!(fs::read_dir(run.path()).expect("lists").count(), 0);
        places.create("account", "global").expect("a folder");
        assert!(places.open("account", "global").expect("looks").is_some());
    }
}
