//! The places of the shared config and credentials files.

use std::path::{Path, PathBuf};

use aws_runtime::fs_util::{Os, home_dir};
use aws_types::os_shim_internal::{Env, Fs};

use crate::error::Failure;

/// Returns the path of the config file.
pub(super) fn config_file(env: &Env) -> PathBuf {
    path(env, "AWS_CONFIG_FILE", "~/.aws/config")
}

/// Returns the path of the credentials file.
pub(super) fn credentials_file(env: &Env) -> PathBuf {
    path(env, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")
}

fn path(env: &Env, variable: &str, default: &str) -> PathBuf {
    expanded_path(env, &env.get(variable).unwrap_or_else(|_| default.to_owned()))
}

/// Returns a path with variables and the home folder filled in.
pub(in crate::aws::credentials) fn expanded_path(env: &Env, path: &str) -> PathBuf {
    let path = expand_variables(env, path);
    match (path.strip_prefix('~'), home_dir(env, Os::real())) {
        (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with(['/', '\\']) => {
            format!("{home}{rest}").into()
        }
        _ => path.into(),
    }
}

/// Replaces `$NAME` and `${NAME}` by variables that are set (`os.path.expandvars`, which botocore calls for both
/// paths).
fn expand_variables(env: &Env, path: &str) -> String {
    let mut expanded = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('$') {
        expanded.push_str(before);
        let braced = after.strip_prefix('{').and_then(|after| after.split_once('}'));
        let (name, end) = braced.unwrap_or_else(|| {
            let is_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
            after.split_at(after.find(|character| !is_name(character)).unwrap_or(after.len()))
        });
        if let Ok(value) = env.get(name) {
            expanded.push_str(&value);
            rest = end;
        } else {
            expanded.push('$');
            rest = after;
        }
    }
    expanded + rest
}

/// Reads a file; one that does not exist, or is no file, is empty.
///
/// # Errors
///
/// A [`FailureKind::Credentials`](crate::error::FailureKind) when the file exists and cannot be read: the AWS CLI
/// ignores it, so that another account might be used.
pub(in crate::aws::credentials) async fn read_file(fs: &Fs, path: &Path) -> Result<Vec<u8>, Failure> {
    use std::io::ErrorKind::{IsADirectory, NotADirectory, NotFound};
    match fs.read_to_end(path).await {
        Ok(content) => Ok(content),
        Err(error) if matches!(error.kind(), NotFound | NotADirectory | IsADirectory) => Ok(Vec::new()),
        Err(error) => Err(Failure::credentials(format!("cannot read {}", path.display())).with_source(error)),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use aws_types::os_shim_internal::Env;

    use super::{config_file, credentials_file};

    #[test]
    fn path_of_file_is_expanded() {
        for (variable, expected) in [
            ("~/x", "/home/me/x"),
            ("~other/x", "~other/x"),
            ("$DIR/${DIR}_a/$NONE/${NONE", "/d//d_a/$NONE/${NONE"),
            ("/a/~", "/a/~"),
        ] {
            let env = Env::from_slice(&[("HOME", "/home/me"), ("DIR", "/d"), ("AWS_CONFIG_FILE", variable)]);
            assert_eq!(config_file(&env), Path::new(expected), "{variable}");
            assert_eq!(credentials_file(&env), Path::new("/home/me/.aws/credentials"));
        }
    }
}
