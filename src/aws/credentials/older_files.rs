//! The access keys in files of older tools, which botocore still reads before it looks for a container or an instance
//! (`OriginalEC2Provider` and `BotoProvider` in its `credentials.py`).

use std::path::Path;

use aws_credential_types::Credentials;
use aws_types::os_shim_internal::{Env, Fs};

use super::profile_source::ProfileSource;
use super::shared_config::{IniSection, IniValue, expanded_path, read_file, sections};
use crate::error::Failure;

/// The variable with the file of the first command line tools of EC2.
const EC2_FILE: &str = "AWS_CREDENTIAL_FILE";

/// The variable with the file of boto 2, instead of [`BOTO_FILES`].
const BOTO_FILE: &str = "BOTO_CONFIG";

/// The files of boto 2; the first with a key counts.
const BOTO_FILES: [&str; 2] = ["/etc/boto.cfg", "~/.boto"];

/// Returns the access key in a file of an older tool; `None` without one.
///
/// # Errors
///
/// A [`FailureKind::Credentials`](crate::error::FailureKind) for half a key, and for a file that cannot be read.
pub(super) async fn keys(fs: &Fs, env: &Env) -> Result<Option<ProfileSource>, Failure> {
    if let Ok(path) = env.get(EC2_FILE) {
        let file = expanded_path(env, &path);
        let content = String::from_utf8_lossy(&read_file(fs, &file).await?).into_owned();
        let value = |name: &str| {
            let mut pairs = content.lines().filter_map(|line| line.split_once('='));
            pairs.rfind(|(key, _)| key.trim() == name).map(|(_, value)| value.trim().to_owned())
        };
        if let Some(id) = value("AWSAccessKeyId") {
            return of(&file, id, value("AWSSecretKey"), "AWSSecretKey").map(Some);
        }
    }
    let named = env.get(BOTO_FILE).ok();
    let files = named.as_deref().map_or(BOTO_FILES.to_vec(), |file| vec![file]);
    for file in files {
        let file = expanded_path(env, file);
        let content = read_file(fs, &file).await?;
        let sections = sections(&content, &file)?;
        let Some((_, section)) = sections.iter().find(|(name, _)| name == "Credentials") else { continue };
        let value = |name: &str| IniSection::get(section, name).and_then(IniValue::text).map(str::to_owned);
        if let Some(id) = value("aws_access_key_id") {
            return of(&file, id, value("aws_secret_access_key"), "aws_secret_access_key").map(Some);
        }
    }
    Ok(None)
}

fn of(file: &Path, id: String, secret: Option<String>, name: &str) -> Result<ProfileSource, Failure> {
    let file = file.display().to_string();
    let secret = secret.ok_or_else(|| {
        Failure::credentials(format!("{file} has half an access key"))
            .hint(format!("add {name}, or remove the other half"))
    })?;
    let credentials = Credentials::new(id, secret, None, None, "OlderFile");
    Ok(ProfileSource::Keys { file, credentials })
}

#[cfg(test)]
mod tests {
    use aws_types::os_shim_internal::{Env, Fs};

    use super::keys;
    use crate::aws::credentials::profile_source::ProfileSource;

    const BOTO: &str = "[Credentials]\naws_access_key_id = AKIABOTO\naws_secret_access_key = s\n";
    const EC2: &str = "AWSAccessKeyId=AKIAEC2\nAWSSecretKey = s\n";

    async fn id(variables: &[(&str, &str)], files: &[(&str, &str)]) -> Result<Option<String>, String> {
        let variables = [&[("HOME", "/home/me")], variables].concat();
        let found = keys(&Fs::from_slice(files), &Env::from_slice(&variables)).await;
        match found.map_err(|failure| failure.to_string())? {
            Some(ProfileSource::Keys { credentials, .. }) => Ok(Some(credentials.access_key_id().to_owned())),
            _ => Ok(None),
        }
    }

    #[tokio::test]
    async fn first_file_with_a_key_counts() {
        let files = [("/home/me/.boto", BOTO), ("/home/me/ec2", EC2), ("/other", "[Boto]\ndebug = 0\n")];
        let ec2 = ("AWS_CREDENTIAL_FILE", "~/ec2");
        assert_eq!(id(&[ec2], &files).await, Ok(Some("AKIAEC2".to_owned())));
        assert_eq!(id(&[], &files).await, Ok(Some("AKIABOTO".to_owned())));
        assert_eq!(id(&[("BOTO_CONFIG", "/other")], &files).await, Ok(None));
        assert_eq!(id(&[], &[]).await, Ok(None));
    }

    #[tokio::test]
    async fn half_a_key_is_an_error_with_its_file() {
        for (variables, file, content) in [
            (&[][..], "/home/me/.boto", "[Credentials]\naws_access_key_id = A\n"),
            (&[("AWS_CREDENTIAL_FILE", "/x")], "/x", "AWSAccessKeyId=A\n"),
        ] {
            let text = id(variables, &[(file, content)]).await.expect_err("half a key");
            assert!(text.contains(&format!("{file} has half an access key")), "{text}");
        }
    }
}
