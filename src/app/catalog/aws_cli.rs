//! Finds the data of botocore in an installed AWS CLI.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Failure;

/// Returns the data folder of the AWS CLI whose program `aws` is found in `PATH`.
///
/// # Errors
///
/// A failure if there is no AWS CLI, or it has no data where its installers put it.
pub(crate) fn data_of_aws_cli() -> Result<PathBuf, Failure> {
    const FOLDERS: &str = "PATH";
    let path = env::var_os(FOLDERS).unwrap_or_default();
    let program = env::split_paths(&path).map(|folder| folder.join("aws")).find(|program| program.is_file());
    let Some(program) = program else {
        return Err(Failure::usage("--from-aws-cli: PATH has no program `aws`")
            .hint("install the AWS CLI, or name a folder or wheel with --from"));
    };
    data_beside(&program).ok_or_else(|| {
        Failure::usage(format!("--from-aws-cli: no data of botocore belongs to {}", program.display()))
            .hint("name the data folder with --from, such as .../awscli/botocore/data")
    })
}

/// Returns the data folder that belongs to a program `aws`.
///
/// The installers of version 2 put it beside the program (`dist/aws`); packages of both versions have it in the
/// folder of Python's packages.
fn data_beside(program: &Path) -> Option<PathBuf> {
    let program = fs::canonicalize(program).ok()?;
    let folder = program.parent()?;
    let mut candidates = vec![folder.join("awscli/botocore/data")];
    for library in ["lib", "lib64"] {
        let pythons = fs::read_dir(folder.parent()?.join(library)).into_iter().flatten().flatten();
        let mut pythons: Vec<PathBuf> = pythons
            .filter(|entry| entry.file_name().to_string_lossy().starts_with("python3"))
            .map(|entry| entry.path())
            .collect();
        pythons.sort();
        for packages in
            pythons.iter().flat_map(|python| ["site-packages", "dist-packages"].map(|name| python.join(name)))
        {
            candidates.extend(["awscli/botocore/data", "botocore/data"].map(|data| packages.join(data)));
        }
    }
    candidates.into_iter().find(|data| data.is_dir())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::data_beside;

    #[test]
    fn data_is_found_for_every_way_to_install() {
        for (program, data) in [
            ("v2/2.1.0/dist/aws", "v2/2.1.0/dist/awscli/botocore/data"),
            ("venv/bin/aws", "venv/lib/python3.12/site-packages/botocore/data"),
            ("libexec/bin/aws", "libexec/lib/python3.13/site-packages/awscli/botocore/data"),
        ] {
            let folder = tempfile::tempdir().expect("a folder");
            let root = fs::canonicalize(folder.path()).expect("a path");
            fs::create_dir_all(root.join(data)).expect("a folder");
            let file = root.join(program);
            fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
            fs::write(&file, "").expect("a file");
            symlink(&file, root.join("aws")).expect("a link");
            assert_eq!(data_beside(&root.join("aws")), Some(root.join(data)), "{program}");
        }
    }

    #[test]
    fn other_programs_have_no_data() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("aws");
        fs::write(&file, "").expect("a file");
        assert_eq!(data_beside(&file), None);
    }
}
