//! The result tree in a bucket.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::folder::BucketFolder;
use crate::names::ServiceName;
use crate::plan::{PlannedAccount, RegionScope};
use crate::run::results::result_writer::{StartedFile, write_files};
use crate::run::{
    ResultEntry, ResultLayout, ResultSink, RunFolder, account_folder, create_folder, safe_name,
};
use crate::util::open_folder::OpenFolder;

/// Writes results into a local folder, and uploads them to a bucket from there.
///
/// The local files of a service in one place have their own folder until they are uploaded.
#[derive(Debug)]
pub struct UploadingTree {
    local: RunFolder,
    layout: ResultLayout,
    bucket: BucketFolder,
}

impl UploadingTree {
    /// Returns a tree in `bucket`, with `local` for the files that wait for their upload.
    #[must_use]
    pub fn new(local: RunFolder, layout: ResultLayout, bucket: BucketFolder) -> Self {
        Self { local, layout, bucket }
    }

    /// Returns the name of the folder where the files of a service wait for their upload. It is unique to the unit.
    fn waiting(account: &PlannedAccount, place: &RegionScope, service: &ServiceName) -> String {
        format!("waiting-{}-{place}-{}", account.id, safe_name(service.as_str()))
    }

    async fn upload(
        &self,
        account: &PlannedAccount,
        place: &RegionScope,
        service: &ServiceName,
    ) -> io::Result<()> {
        let waiting = self.local.path().join(Self::waiting(account, place, service));
        let files = match fs::read_dir(&waiting) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            files => files?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?,
        };
        let account = account_folder(&account.id, account.name.as_deref());
        for file in files {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let name = format!("{account}/{}/{name}", safe_name(place.as_str()));
            if let Err(error) = self.bucket.take(&name, &file).await {
                self.keep(&file, &account, place)?;
                return Err(error);
            }
        }
        fs::remove_dir(&waiting)
    }

    /// Moves a file that could not be uploaded to its path in a local tree.
    fn keep(&self, file: &Path, account: &str, place: &RegionScope) -> io::Result<()> {
        let folder = self.local.place(account, place.as_str());
        create_folder(&folder)?;
        fs::rename(file, folder.join(file.file_name().unwrap_or_default()))
    }
}

impl ResultSink for UploadingTree {
    fn scratch(&self) -> &Path {
        self.local.path()
    }

    fn layout(&self) -> ResultLayout {
        self.layout
    }

    fn start(
        &self,
        account: &PlannedAccount,
        place: &RegionScope,
        service: &ServiceName,
        name: &str,
    ) -> io::Result<Option<StartedFile>> {
        let waiting = Self::waiting(account, place, service);
        let folder = || OpenFolder::open(self.local.path())?.create_folder(&waiting).map(Arc::new);
        StartedFile::create(folder, self.layout, service, name)
    }

    fn write(
        &self,
        account: &PlannedAccount,
        place: &RegionScope,
        service: &ServiceName,
        members: Vec<(String, ResultEntry)>,
    ) -> io::Result<Vec<(String, u64)>> {
        let (run, name) = (OpenFolder::open(self.local.path())?, Self::waiting(account, place, service));
        let folder = if members.iter().any(|(_, member)| matches!(member, ResultEntry::Found(_))) {
            run.create_folder(&name)?
        } else {
            let Some(folder) = run.folder(&name)? else { return Ok(Vec::new()) };
            folder
        };
        write_files(&folder, self.layout, service, members)
    }

    fn flush_uploads<'sink>(
        &'sink self,
        account: &'sink PlannedAccount,
        place: &'sink RegionScope,
        services: &'sink [ServiceName],
    ) -> BoxFuture<'sink, io::Result<()>> {
        Box::pin(async move {
            for service in services {
                self.upload(account, place, service).await?;
            }
            Ok(())
        })
    }
}
