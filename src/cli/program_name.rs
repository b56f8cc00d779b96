//! The name that the program was started as: packages install it as `aws-auto-inventory`, because other packages have a
//! program `scan`.

use std::env;
use std::ffi::OsStr;
use std::path::Path;

const PACKAGE: &str = env!("CARGO_PKG_NAME");

/// Returns `aws-auto-inventory` if the program was started under that name, otherwise `scan`.
pub(super) fn program_name() -> &'static str {
    name_of(env::args_os().next().as_deref())
}

fn name_of(first_argument: Option<&OsStr>) -> &'static str {
    let stem = first_argument.and_then(|path| Path::new(path).file_stem());
    if stem == Some(OsStr::new(PACKAGE)) { PACKAGE } else { "scan" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_package_is_another_name() {
        for (first_argument, name) in [
            ("/usr/bin/aws-auto-inventory", "aws-auto-inventory"),
            ("aws-auto-inventory.exe", "aws-auto-inventory"),
            ("/usr/local/bin/scan", "scan"),
            ("inventory", "scan"),
            ("", "scan"),
        ] {
            assert_eq!(name_of(Some(OsStr::new(first_argument))), name, "{first_argument}");
        }
        assert_eq!(name_of(None), "scan");
    }
}
