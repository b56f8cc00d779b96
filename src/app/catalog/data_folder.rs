//! A data folder of botocore: given as a folder, or unpacked from a wheel.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use zip::ZipArchive;

use crate::error::Failure;

/// The maximum size of all files of a wheel, far above the 30 MiB of botocore 1.44.
const LARGEST: u64 = 1024 * 1024 * 1024;

/// The file that all data folders have.
const PARTITIONS: &str = "partitions.json";

/// A data folder; an unpacked one is removed when this is dropped.
#[derive(Debug)]
pub(crate) struct DataFolder {
    path: PathBuf,
    _unpacked: Option<TempDir>,
}

impl DataFolder {
    /// Opens a data folder, a folder that contains botocore, or a wheel of it.
    ///
    /// # Errors
    ///
    /// A failure if there is no data, or the wheel cannot be unpacked.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        if path.is_file() {
            return Self::unpack(path);
        }
        let folders = [path.to_owned(), path.join("data"), path.join("botocore/data")];
        let found = folders.into_iter().find(|folder| {
            folder.join(PARTITIONS).is_file() || folder.join(format!("{PARTITIONS}.gz")).is_file()
        });
        // The builder reports what a folder lacks.
        Ok(Self { path: found.unwrap_or_else(|| path.to_owned()), _unpacked: None })
    }

    /// Returns the path of the folder.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Unpacks botocore's version and data from a wheel.
    fn unpack(wheel: &Path) -> Result<Self, Failure> {
        let unusable = || Failure::usage(format!("cannot read the wheel {}", wheel.display()));
        let file = File::open(wheel).map_err(|cause| unusable().with_source(cause))?;
        let mut archive = ZipArchive::new(file).map_err(|cause| unusable().with_source(cause))?;
        let folder = tempfile::tempdir()
            .map_err(|cause| Failure::internal("cannot create a temporary folder").with_source(cause))?;
        let mut remaining = LARGEST;
        for index in 0..archive.len() {
            let entry = archive.by_index(index).map_err(|cause| unusable().with_source(cause))?;
            let Some(name) = entry.enclosed_name() else { continue };
            let is_wanted = name.starts_with("botocore/data") || name == Path::new("botocore/__init__.py");
            if !is_wanted || !entry.is_file() {
                continue;
            }
            let target = folder.path().join(name);
            let written = write(&mut entry.take(remaining + 1), &target)
                .map_err(|cause| unusable().with_source(cause))?;
            remaining = remaining
                .checked_sub(written)
                .ok_or_else(|| unusable().with_source(io::Error::other("its files are larger than 1 GiB")))?;
        }
        Ok(Self { path: folder.path().join("botocore/data"), _unpacked: Some(folder) })
    }
}

fn write(content: &mut impl io::Read, target: &Path) -> io::Result<u64> {
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder)?;
    }
    io::copy(content, &mut File::create(target)?)
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::io::Write as _;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::DataFolder;

    #[test]
    fn wheel_is_unpacked_without_paths_that_leave_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let wheel = folder.path().join("botocore-1.0-py3-none-any.whl");
        let mut archive = ZipWriter::new(File::create(&wheel).expect("a file"));
        for name in
            ["botocore/data/partitions.json", "botocore/__init__.py", "botocore/client.py", "../escaped.json"]
        {
            archive.start_file(name, SimpleFileOptions::default()).expect("an entry");
            archive.write_all(b"{}").expect("written");
        }
        archive.finish().expect("a wheel");
        let data = DataFolder::open(&wheel).expect("unpacks");
        let unpacked = data.path().to_owned();
        assert!(unpacked.join("partitions.json").is_file() && unpacked.join("../__init__.py").is_file());
        assert!(!unpacked.join("../client.py").exists());
        drop(data);
        assert!(!unpacked.exists() && !folder.path().join("escaped.json").exists());
    }

    #[test]
    fn folder_of_package_leads_to_its_data() {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("botocore/data");
        fs::create_dir_all(&data).expect("a folder");
        fs::write(data.join("partitions.json"), "{}").expect("a file");
        for given in [folder.path(), &folder.path().join("botocore"), &data] {
            assert_eq!(DataFolder::open(given).expect("a folder").path(), data);
        }
    }

    #[test]
    fn file_that_is_no_wheel_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("botocore.whl");
        fs::write(&file, "no archive").expect("a file");
        let error = DataFolder::open(&file).expect_err("an error").to_string();
        assert!(error.contains("cannot read the wheel") && error.contains("botocore.whl"), "{error}");
    }
}
