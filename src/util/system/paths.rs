//! Paths in other notations.

use std::path::Path;

/// Returns the bytes of an absolute path as they are in a `file:` URI, before characters are escaped: on Windows,
/// `/C:/runs` for `C:\runs` (sqlite.org/uri.html).
pub(crate) fn uri_path(path: &Path) -> Vec<u8> {
    let path = path.as_os_str().as_encoded_bytes();
    #[cfg(windows)]
    return of_windows(path);
    #[cfg(not(windows))]
    path.to_owned()
}

#[cfg(any(windows, test))]
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
