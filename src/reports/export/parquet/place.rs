//! The open files of one account and region; only one place has open files at a time.

use std::collections::HashMap;
use std::io;

use super::kind::ParquetTables;
use super::layout::FileLayout;
use super::part::PartFile;
use super::partition::partition_folder;
use crate::reports::resources::Resource;

/// The most bytes buffered for all files together.
const MOST_WAITING: usize = 32 * 1024 * 1024;

/// One account and region, and its open files: by service, then by kind.
pub(super) struct PartitionFiles<'run> {
    layout: FileLayout<'run>,
    account: String,
    region: String,
    parts: HashMap<String, HashMap<String, PartFile>>,
}

impl<'run> PartitionFiles<'run> {
    /// Creates the state before the first place.
    pub(super) fn none(layout: FileLayout<'run>) -> Self {
        Self { layout, account: String::new(), region: String::new(), parts: HashMap::new() }
    }

    /// Adds a resource, which belongs to this place or starts the next.
    pub(super) fn add(&mut self, kinds: &ParquetTables<'_>, resource: &Resource<'_>) -> io::Result<()> {
        if self.account != resource.account || self.region != resource.region {
            self.finish()?;
            resource.account.clone_into(&mut self.account);
            resource.region.clone_into(&mut self.region);
        }
        let Some(kind) = kinds.of(resource) else { return Ok(()) };
        let path = || {
            let account = kind.folder.join(partition_folder("account", &self.account));
            self.layout.file(&account.join(partition_folder("region", &self.region)))
        };
        if !self.parts.contains_key(resource.service) {
            self.parts.insert(resource.service.to_owned(), HashMap::new());
        }
        if let Some(of_service) = self.parts.get_mut(resource.service) {
            if !of_service.contains_key(resource.kind) {
                of_service.insert(resource.kind.to_owned(), PartFile::new(path(), &kind.schema));
            }
            if let Some(part) = of_service.get_mut(resource.kind) {
                part.add(kind.row(resource))?;
            }
        }
        self.make_room()
    }

    /// Writes the largest buffer, if too much is buffered.
    fn make_room(&mut self) -> io::Result<()> {
        let parts = || self.parts.values().flat_map(HashMap::values);
        if parts().map(PartFile::waiting).sum::<usize>() < MOST_WAITING {
            return Ok(());
        }
        let largest = self.parts.values_mut().flat_map(HashMap::values_mut).max_by_key(|part| part.waiting());
        largest.map_or(Ok(()), PartFile::write)
    }

    /// Closes all files.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.parts.drain().flat_map(|(_, parts)| parts).try_for_each(|(_, part)| part.finish())
    }
}
