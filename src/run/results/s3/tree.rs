//! The result tree in a bucket.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::folder::BucketFolder;
use crate::names::ServiceName;
use crate::plan::{PlannedAccount, RegionScope};
use crate::run::results::result_writer::{StartedFile, file_of_service, write_files};
use crate::run::{
    ResultEntry, ResultLayout, ResultSink, RunFolder, account_folder, create_folder, safe_name,
};
use crate::util::open_folder::OpenFolder;

/// Writes results into a local folder, and uploads them to a bucket from there.
///
/// The local files of a service in one place have their own folder until they are uploaded. No object is deleted, so
/// that the caller needs no permission for that: an object of an earlier execution whose results no longer exist is
/// replaced by one without results.
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
        for file in files {
            let name = name_of(account, place, &file.file_name().unwrap_or_default().to_string_lossy());
            if let Err(error) = self.bucket.take(&name, &file).await {
                self.keep(&file, &account_folder(&account.id, account.name.as_deref()), place)?;
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

/// Returns the name of an object below the run's folder.
fn name_of(account: &PlannedAccount, place: &RegionScope, file: &str) -> String {
    let account = account_folder(&account.id, account.name.as_deref());
    format!("{account}/{}/{file}", safe_name(place.as_str()))
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
        let removed: Vec<String> = members
            .iter()
            .filter(|(_, member)| matches!(member, ResultEntry::Nothing))
            .map(|(name, _)| self.layout.file(service, name))
            .filter(|file| self.bucket.stored().has(&name_of(account, place, file)))
            .collect();
        let is_found = members.iter().any(|(_, member)| matches!(member, ResultEntry::Found(_)));
        let folder = if is_found || !removed.is_empty() {
            run.create_folder(&name)?
        } else {
            let Some(folder) = run.folder(&name)? else { return Ok(Vec::new()) };
            folder
        };
        let sizes = write_files(&folder, self.layout, service, members)?;
        for file in removed {
            if !folder.path().join(&file).exists() {
                folder.write_file(&file, |writer| writer.write_all(self.layout.without_results()))?;
            }
        }
        Ok(sizes)
    }

    fn fetch_earlier<'sink>(
        &'sink self,
        account: &'sink PlannedAccount,
        place: &'sink RegionScope,
        service: &'sink ServiceName,
    ) -> BoxFuture<'sink, io::Result<()>> {
        Box::pin(async move {
            if self.layout == ResultLayout::Call {
                return Ok(());
            }
            let file = file_of_service(service.as_str());
            let name = name_of(account, place, &file);
            if self.bucket.stored().has(&name) {
                let waiting = Self::waiting(account, place, service);
                let folder = OpenFolder::open(self.local.path())?.create_folder(&waiting)?;
                self.bucket.fetch(&name, &folder.path().join(file)).await?;
            }
            Ok(())
        })
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
