//! Files and folders that only their owner may read.
//!
//! On Unix, they get the modes 0600 and 0700. On Windows, they inherit the access list of the folder that they are
//! created in: in the user's own folders, it allows the user, the administrators and the system.

use std::fs::{DirBuilder, Metadata, OpenOptions};

use tempfile::Builder;

/// Makes a file that is created with these options readable only for the owner.
pub(crate) fn restrict(options: &mut OpenOptions) -> &mut OpenOptions {
    system::restrict(options)
}

/// Returns a builder of folders that only the owner may read.
pub(crate) fn folder_builder() -> DirBuilder {
    system::folder_builder()
}

/// Makes a temporary file readable only for the owner.
pub(crate) fn restrict_file(builder: &mut Builder<'_, '_>) {
    system::restrict_file(builder);
}

/// Makes a temporary folder readable only for the owner.
pub(crate) fn restrict_folder(builder: &mut Builder<'_, '_>) {
    system::restrict_folder(builder);
}

/// Returns whether a file belongs to the user who runs the program, and other users cannot read or write it, under
/// this name or another one. Windows has no such answer without the access list: there, every file counts.
#[cfg(feature = "sqlite")]
pub(crate) fn is_private(found: &Metadata) -> bool {
    system::is_private(found)
}

/// Returns whether another user, except the system's administrator, owns a file or may write it, as far as its mode
/// shows it. The mode of a link means nothing. On Windows, every file counts as the user's.
pub(crate) fn is_writable_by_others(found: &Metadata) -> bool {
    system::is_writable_by_others(found)
}

/// Returns whether other users have access to a file, as far as its mode shows it.
pub(crate) fn is_open_to_others(found: &Metadata) -> bool {
    system::is_open_to_others(found)
}

#[cfg(unix)]
mod system {
    use std::fs::{DirBuilder, Metadata, OpenOptions, Permissions};
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};

    use tempfile::Builder;

    const FILE_MODE: u32 = 0o600;
    const FOLDER_MODE: u32 = 0o700;

    pub(super) fn restrict(options: &mut OpenOptions) -> &mut OpenOptions {
        options.mode(FILE_MODE)
    }

    pub(super) fn folder_builder() -> DirBuilder {
        let mut builder = DirBuilder::new();
        builder.mode(FOLDER_MODE);
        builder
    }

    pub(super) fn restrict_file(builder: &mut Builder<'_, '_>) {
        builder.permissions(Permissions::from_mode(FILE_MODE));
    }

    pub(super) fn restrict_folder(builder: &mut Builder<'_, '_>) {
        builder.permissions(Permissions::from_mode(FOLDER_MODE));
    }

    #[cfg(feature = "sqlite")]
    pub(super) fn is_private(found: &Metadata) -> bool {
        found.uid() == rustix::process::geteuid().as_raw()
            && found.mode() & 0o777 == FILE_MODE
            && found.nlink() == 1
    }

    pub(super) fn is_writable_by_others(found: &Metadata) -> bool {
        let is_own = [0, rustix::process::geteuid().as_raw()].contains(&found.uid());
        !is_own || (!found.is_symlink() && found.mode() & 0o022 != 0)
    }

    pub(super) fn is_open_to_others(found: &Metadata) -> bool {
        found.mode() & 0o077 != 0
    }
}

#[cfg(windows)]
mod system {
    use std::fs::{DirBuilder, Metadata, OpenOptions};

    use tempfile::Builder;

    pub(super) fn restrict(options: &mut OpenOptions) -> &mut OpenOptions {
        options
    }

    pub(super) fn folder_builder() -> DirBuilder {
        DirBuilder::new()
    }

    pub(super) fn restrict_file(_: &mut Builder<'_, '_>) {}

    pub(super) fn restrict_folder(_: &mut Builder<'_, '_>) {}

    #[cfg(feature = "sqlite")]
    pub(super) fn is_private(_: &Metadata) -> bool {
        true
    }

    pub(super) fn is_writable_by_others(_: &Metadata) -> bool {
        false
    }

    pub(super) fn is_open_to_others(_: &Metadata) -> bool {
        false
    }
}
