//! The token that `aws sso login` has stored.
//!
//! The SDK reads only dates that end in `Z`. botocore parses them with `dateutil`, and the AWS CLI itself has written
//! `2020-06-17T10:02:08UTC` (aws/aws-cli, `awscli/customizations/sso/utils.py`).

use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::sso::SsoTokenProvider;
use aws_credential_types::Token;
use aws_credential_types::provider::future;
use aws_credential_types::provider::token::{ProvideToken, Result};
use aws_runtime::fs_util::{Os, home_dir};
use aws_smithy_async::time::SharedTimeSource;
use aws_types::os_shim_internal::{Env, Fs};
use aws_types::region::Region as SdkRegion;
use sha1::{Digest as _, Sha1};
use zeroize::Zeroizing;

use super::sso_session::SsoSession;
use crate::aws::credentials::credential_dates;
use crate::util::hexadecimal::hexadecimal;

/// The time before the end of a token in which it is refreshed.
const REFRESH_BEFORE: Duration = Duration::from_mins(5);

/// A stored token. The SDK refreshes it, if the session allows that, and reports what is wrong with it.
#[derive(Debug)]
pub(super) struct CachedToken {
    fs: Fs,
    /// The file of the token; `None` without a home folder.
    file: Option<PathBuf>,
    time: SharedTimeSource,
    sdk: SsoTokenProvider,
}

impl CachedToken {
    /// Creates a provider of the token of a session. The file is read for each request: `aws sso login` may have
    /// replaced it.
    pub(super) async fn of(config: &SdkConfig, session: &SsoSession) -> Self {
        let sdk = SsoTokenProvider::builder()
            .configure(config)
            .session_name(session.cache_key())
            .start_url(&session.start_url)
            .region(SdkRegion::new(session.region.to_string()))
            .build()
            .await;
        let time = config.time_source().unwrap_or_default();
        Self { fs: Fs::real(), file: token_file(&Env::real(), session.cache_key()), time, sdk }
    }

    async fn token(&self) -> Result {
        if let Some(file) = &self.file
            && let Some(token) = stored(&self.fs, file).await
            && token.expiration().is_some_and(|end| end > self.time.now() + REFRESH_BEFORE)
        {
            return Ok(token);
        }
        self.sdk.provide_token().await
    }
}

impl ProvideToken for CachedToken {
    fn provide_token<'a>(&'a self) -> future::ProvideToken<'a>
    where
        Self: 'a,
    {
        future::ProvideToken::new(self.token())
    }
}

/// Returns the file of the token with this key (`JSONFileCache` and `SSOTokenLoader` in botocore's `utils.py`).
fn token_file(env: &Env, key: &str) -> Option<PathBuf> {
    let (home, name) = (home_dir(env, Os::real())?, hexadecimal(&Sha1::digest(key.as_bytes())));
    Some(format!("{home}/.aws/sso/cache/{name}.json").into())
}

/// Returns the token in a file; `None` if it cannot be read.
async fn stored(fs: &Fs, file: &Path) -> Option<Token> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct StoredToken {
        access_token: String,
        expires_at: String,
    }
    let text = Zeroizing::new(fs.read_to_end(file).await.ok()?);
    let stored: StoredToken = serde_json::from_slice(&text).ok()?;
    let end = credential_dates::parse(&stored.expires_at)?;
    Some(Token::new(stored.access_token, Some(end)))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use aws_config::sso::SsoTokenProvider;
    use aws_credential_types::provider::token::ProvideToken as _;
    use aws_smithy_async::test_util::ManualTimeSource;
    use aws_smithy_async::time::SharedTimeSource;
    use aws_types::os_shim_internal::{Env, Fs};
    use aws_types::region::Region as SdkRegion;

    use super::{CachedToken, token_file};
    use crate::aws::credentials::fake::FakeAws;

    /// 2036-01-01T00:00:00Z.
    const END: Duration = Duration::from_hours(578_544);

    /// A token in the file of a session, `before` its end.
    async fn token(expires: &str, before: Duration) -> Option<String> {
        let content = format!(r#"{{"accessToken": "the-token", "expiresAt": "{expires}"}}"#);
        let env = Env::from_slice(&[("HOME", "/home/me")]);
        let file = token_file(&env, "corp").expect("a file");
        let fs = Fs::from_slice(&[(file.to_str().expect("a path"), content.as_str())]);
        let time = ManualTimeSource::new(SystemTime::UNIX_EPOCH + END - before);
        // The SDK's provider finds no token of this session.
        let fake = FakeAws::new(|_| (500, String::new()));
        let sdk = SsoTokenProvider::builder()
            .configure(&fake.config("eu-west-1"))
            .session_name("none")
            .start_url("https://corp.example/start")
            .region(SdkRegion::from_static("eu-west-1"))
            .build()
            .await;
        let provider = CachedToken { fs, file: Some(file), time: SharedTimeSource::new(time), sdk };
        Some(provider.provide_token().await.ok()?.token().to_owned())
    }

    #[tokio::test]
    async fn token_with_any_form_of_date_is_used_until_it_ends() {
        let hour = Duration::from_hours(1);
        for expires in ["2036-01-01T00:00:00Z", "2036-01-01T00:00:00UTC", "2036-01-01T01:00:00+01:00"] {
            assert_eq!(token(expires, hour).await.as_deref(), Some("the-token"), "{expires}");
            assert_eq!(token(expires, Duration::from_mins(1)).await, None, "{expires}");
        }
        assert_eq!(token("tomorrow", hour).await, None);
    }

    #[test]
    fn file_of_token_has_the_hash_of_its_key() {
        // `hashlib.sha1(b"corp").hexdigest()`
        let env = Env::from_slice(&[("HOME", "/home/me")]);
        let file = token_file(&env, "corp").expect("a file");
        let expected = "/home/me/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";
        assert_eq!(file, std::path::Path::new(expected));
    }
}
