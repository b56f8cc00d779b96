//! A handle of an open folder, whose files are created, renamed and removed relative to it.
//!
//! On Unix, system calls get the handle and a name. On Windows, they get the path; while the handle is open, neither
//! the folder nor one of its parents can be renamed or replaced.

use std::fs::File;
use std::io;
use std::path::Path;

#[cfg(windows)]
pub(crate) use system::FILE_FLAG_OPEN_REPARSE_POINT;

/// Whether a folder cannot be renamed while a file in it is open, in this process or in another one.
pub(crate) const OPEN_FILES_KEEP_FOLDERS: bool = cfg!(windows);

/// An open folder.
#[derive(Debug)]
pub(crate) struct FolderHandle(system::Handle);

impl FolderHandle {
    /// Opens a folder. The path may contain symbolic links.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        system::Handle::open(path).map(Self)
    }

    /// Opens the folder with this name.
    ///
    /// # Errors
    ///
    /// Fails also if the name is that of a link.
    pub(crate) fn folder(&self, name: &str) -> io::Result<Self> {
        self.0.folder(name).map(Self)
    }

    /// Creates a folder that only the owner may read.
    pub(crate) fn create_folder(&self, name: &str) -> io::Result<()> {
        self.0.create_folder(name)
    }

    /// Creates a file that does not exist yet and that only the owner may read, and opens it for writing.
    pub(crate) fn create_file(&self, name: &str) -> io::Result<File> {
        self.0.create_file(name)
    }

    /// Renames a file, and replaces an existing one.
    pub(crate) fn rename(&self, from: &str, to: &Path) -> io::Result<()> {
        self.0.rename(from, to)
    }

    /// Removes a file, or a link to one.
    pub(crate) fn remove_file(&self, name: &str) -> io::Result<()> {
        self.0.remove_file(name)
    }
}

#[cfg(unix)]
mod system {
    pub(super) use DescriptorHandle as Handle;

    use std::fs::File;
    use std::io;
    use std::os::fd::OwnedFd;
    use std::path::Path;

    use rustix::fs::{AtFlags, CWD, Mode, OFlags, mkdirat, openat, renameat, unlinkat};

    #[derive(Debug)]
    pub(super) struct DescriptorHandle(OwnedFd);

    const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
    const NEW_FILE: OFlags = OFlags::WRONLY
        .union(OFlags::CREATE)
        .union(OFlags::EXCL)
        .union(OFlags::NOFOLLOW)
        .union(OFlags::CLOEXEC);

    impl DescriptorHandle {
        pub(super) fn open(path: &Path) -> io::Result<Self> {
            Ok(Self(openat(CWD, path, FOLDER, Mode::empty())?))
        }

        pub(super) fn folder(&self, name: &str) -> io::Result<Self> {
            Ok(Self(openat(&self.0, name, FOLDER.union(OFlags::NOFOLLOW), Mode::empty())?))
        }

        pub(super) fn create_folder(&self, name: &str) -> io::Result<()> {
            Ok(mkdirat(&self.0, name, Mode::RWXU)?)
        }

        pub(super) fn create_file(&self, name: &str) -> io::Result<File> {
            Ok(openat(&self.0, name, NEW_FILE, Mode::RUSR.union(Mode::WUSR))?.into())
        }

        pub(super) fn rename(&self, from: &str, to: &Path) -> io::Result<()> {
            Ok(renameat(&self.0, from, &self.0, to)?)
        }

        pub(super) fn remove_file(&self, name: &str) -> io::Result<()> {
            Ok(unlinkat(&self.0, name, AtFlags::empty())?)
        }
    }
}

#[cfg(windows)]
mod system {
    pub(super) use PathHandle as Handle;

    use std::fs::{self, File, OpenOptions};
    use std::io;
    use std::os::windows::fs::OpenOptionsExt;
    use std::path::{Path, PathBuf};

    // The constants of CreateFileW (learn.microsoft.com/en-us/windows/win32/api/fileapi/nf-fileapi-createfilew).
    const FILE_FLAG_BACKUP_SEMANTICS: u32 = 0x0200_0000;
    pub(crate) const FILE_FLAG_OPEN_REPARSE_POINT: u32 = 0x0020_0000;
    const FILE_SHARE_READ: u32 = 1;
    const FILE_SHARE_WRITE: u32 = 2;

    #[derive(Debug)]
    pub(super) struct PathHandle {
        path: PathBuf,
        /// Opened without FILE_SHARE_DELETE, so that the folder keeps its name.
        _open: File,
    }

    impl PathHandle {
        pub(super) fn open(path: &Path) -> io::Result<Self> {
            Self::open_with(path, FILE_FLAG_BACKUP_SEMANTICS)
        }

        pub(super) fn folder(&self, name: &str) -> io::Result<Self> {
            let path = self.path.join(name);
            Self::open_with(&path, FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT)
        }

        fn open_with(path: &Path, flags: u32) -> io::Result<Self> {
            let mut options = OpenOptions::new();
            options.read(true).share_mode(FILE_SHARE_READ | FILE_SHARE_WRITE).custom_flags(flags);
            let open = options.open(path)?;
            // A link that was opened itself is no folder.
            if open.metadata()?.is_dir() {
                Ok(Self { path: path.to_owned(), _open: open })
            } else {
                Err(io::ErrorKind::NotADirectory.into())
            }
        }

        pub(super) fn create_folder(&self, name: &str) -> io::Result<()> {
            fs::create_dir(self.path.join(name))
        }

        pub(super) fn create_file(&self, name: &str) -> io::Result<File> {
            File::create_new(self.path.join(name))
        }

        pub(super) fn rename(&self, from: &str, to: &Path) -> io::Result<()> {
            fs::rename(self.path.join(from), self.path.join(to))
        }

        pub(super) fn remove_file(&self, name: &str) -> io::Result<()> {
            fs::remove_file(self.path.join(name))
        }
    }
}
