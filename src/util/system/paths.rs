//! The path of the program, and paths in other notations.

use std::env;
#[cfg(feature = "sqlite")]
use std::path::Path;
use std::path::PathBuf;

/// Returns the path of this program. On Linux, the path stays valid if an update replaces the file.
pub(crate) fn this_program() -> Option<PathBuf> {
    #[cfg(target_os = "linux")]
    if let Some(running) = Some(PathBuf::from("/proc/self/exe")).filter(|running| running.exists()) {
        return Some(running);
    }
    env::current_exe().ok()
}

/// Returns the bytes of an absolute path as they are in a `file:` URI, before characters are escaped: on Windows,
/// `/C:/runs` for `C:\runs` (sqlite.org/uri.html).
#[cfg(feature = "sqlite")]
pub(crate) fn uri_path(path: &Path) -> Vec<u8> {
    let path = path.as_os_str().as_encoded_bytes();
    #[cfg(windows)]
    return of_windows(path);
    #[cfg(not(windows))]
    path.to_owned()
}

#[cfg(any(all(windows, feature = "sqlite"), test))]
fn of_windows(path: &[u8]) -> Vec<u8> {
    let has_server = path.starts_with(br"\\");
    let start = if has_server { "" } else { "/" };
    let path = path.iter().map(|byte| if *byte == b'\\' { b'/' } else { *byte });
    start.bytes().chain(path).collect()
}

#[cfg(test)]
mod tests {
    use super::of_windows;

    #[test]
    fn windows_path_has_slashes_in_uri() {
        for (path, expected) in [
            (r"C:\runs\monday.sqlite", "/C:/runs/monday.sqlite"),
            (r"\\server\share\monday.sqlite", "//server/share/monday.sqlite"),
        ] {
            assert_eq!(String::from_utf8_lossy(&of_windows(path.as_bytes())), expected);
        }
    }
}
