//! Loading the services of a spec on several threads.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError};
use std::thread;

use super::{Catalog, ServiceEntry};

/// The maximum number of threads: the largest service takes as long as a dozen others together.
const THREADS: usize = 4;

impl Catalog {
    /// Loads services before [`Catalog::service`] returns them. It skips names that are unknown, and services that
    /// cannot be loaded: `service` returns the error.
    pub fn preload<'name>(&self, names: impl IntoIterator<Item = &'name str>) {
        let entries = self.missing(names.into_iter().collect());
        let processors = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let threads = processors.min(entries.len()).min(THREADS);
        if threads < 2 {
            return;
        }
        let next = AtomicUsize::new(0);
        let load = || {
            while let Some(entry) = entries.get(next.fetch_add(1, Ordering::Relaxed)) {
                if let Ok(service) = self.read(entry) {
                    let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
                    loaded.entry(entry.name.clone()).or_insert_with(|| Arc::new(service));
                }
            }
        };
        thread::scope(|scope| {
            for _ in 1..threads {
                // Without another thread, this one loads all services.
                let _ = thread::Builder::new().spawn_scoped(scope, load);
            }
            load();
        });
    }

    /// Returns the services that are not loaded, the largest first, so that no thread waits for it in the end.
    fn missing(&self, names: BTreeSet<&str>) -> Vec<&ServiceEntry> {
        let loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        let names = names.into_iter().filter(|name| !loaded.contains_key(*name));
        let mut entries: Vec<_> = names.filter_map(|name| self.entry(name)).collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.length()));
        entries
    }
}

#[cfg(test)]
mod tests {
    use std::sync::PoisonError;

    use crate::model::catalog::Catalog;

    #[test]
    fn preloaded_services_are_those_that_are_loaded_later() {
        let (catalog, other) = (Catalog::embedded().expect("opens"), Catalog::embedded().expect("opens"));
        catalog.preload(["sqs", "ec2", "unknown", "s3", "sqs"]);
        let mut loaded: Vec<_> =
            catalog.loaded.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect();
        loaded.sort_unstable();
        assert_eq!(loaded, ["ec2", "s3", "sqs"]);
        for name in loaded {
            let service = |catalog: &Catalog| catalog.service(&name).expect("loads").expect("exists");
            assert_eq!(format!("{:?}", service(&catalog)), format!("{:?}", service(&other)));
        }
    }
}
