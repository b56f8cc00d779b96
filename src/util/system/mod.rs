//! What differs between operating systems. Each file has the parts for Unix and for Windows side by side; all other
//! code is the same on every system.

pub(crate) mod file_identity;
pub(crate) mod folder_handle;
pub(crate) mod links;
pub(crate) mod owner_only;
pub(crate) mod paths;
pub(crate) mod process_limits;
pub(crate) mod signals;
