//! The external process of a profile that returns credentials (`credential_process`).
//!
//! The SDK's own provider runs the command in a shell and rejects dates that botocore accepts. botocore splits the
//! command into words and runs it without a shell (`botocore.credentials.ProcessProvider`).

use std::process::Output;

use aws_credential_types::Credentials;
use aws_credential_types::credential_feature::AwsCredentialFeature;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, future};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::credential_dates;

/// The command of a profile.
pub(super) struct CredentialProcess {
    pub(super) profile: String,
    pub(super) command: String,
    /// The account of the credentials if the process does not return it (`aws_account_id`).
    pub(super) account_id: Option<String>,
}

impl std::fmt::Debug for CredentialProcess {
    /// Prints no command, whose arguments may be secrets.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("CredentialProcess").field("profile", &self.profile).finish_non_exhaustive()
    }
}

/// The output of the process (AWS CLI user guide, "Sourcing credentials with an external process").
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ProcessOutput {
    version: u32,
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
    expiration: Option<String>,
    account_id: Option<String>,
}

impl CredentialProcess {
    async fn credentials(&self) -> provider::Result {
        let output = self.run().await?;
        let stdout = Zeroizing::new(output.stdout);
        if !output.status.success() {
            let message = String::from_utf8_lossy(&output.stderr);
            return Err(self.error(&format!("ended with {}: {}", output.status, message.trim())));
        }
        // The parser's message may repeat a secret.
        let output: ProcessOutput = serde_json::from_slice(&stdout).map_err(|error| {
            let kind = if error.is_data() { "other members than required" } else { "no JSON" };
            self.error(&format!("returned {kind}: Version (1), AccessKeyId, SecretAccessKey are required"))
        })?;
        if output.version != 1 {
            return Err(self.error(&format!("returned Version {}, which must be 1", output.version)));
        }
        let mut credentials = Credentials::builder()
            .access_key_id(output.access_key_id)
            .secret_access_key(output.secret_access_key)
            .provider_name("CredentialProcess");
        credentials.set_session_token(output.session_token);
        credentials.set_account_id(output.account_id.or_else(|| self.account_id.clone()).map(Into::into));
        if let Some(date) = output.expiration {
            let date = credential_dates::parse(&date)
                .ok_or_else(|| self.error("returned an Expiration that is no date with a time zone"))?;
            credentials = credentials.expiry(date);
        }
        let mut credentials = credentials.build();
        credentials
            .get_property_mut_or_default::<Vec<AwsCredentialFeature>>()
            .push(AwsCredentialFeature::CredentialsProcess);
        Ok(credentials)
    }

    async fn run(&self) -> Result<Output, CredentialsError> {
        let mut command = self.command()?;
        // A process that signs in may take minutes; it must not block a worker of the runtime.
        let output = tokio::task::spawn_blocking(move || {
            command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).output()
        });
        let output = output.await.map_err(|_| self.error("was cancelled"))?;
        output.map_err(|error| self.error(&format!("cannot be started: {error}")))
    }

    #[cfg(not(windows))]
    fn command(&self) -> Result<std::process::Command, CredentialsError> {
        let words = super::shared_config::words(&self.command);
        let mut words = words.ok_or_else(|| self.error("has a quote that is not closed"))?.into_iter();
        let program = words.next().ok_or_else(|| self.error("has no program"))?;
        let mut command = std::process::Command::new(program);
        command.args(words);
        Ok(command)
    }

    /// Windows has one text for all arguments, so that `cmd.exe` splits it, as in the SDK.
    #[cfg(windows)]
    fn command(&self) -> Result<std::process::Command, CredentialsError> {
        use std::os::windows::process::CommandExt as _;
        let mut command = std::process::Command::new("cmd.exe");
        command.arg("/C").raw_arg(format!("\"{}\"", self.command));
        Ok(command)
    }

    fn error(&self, problem: &str) -> CredentialsError {
        CredentialsError::provider_error(format!(
            "credential_process of the profile `{}` {problem}",
            self.profile
        ))
    }
}

impl ProvideCredentials for CredentialProcess {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.credentials())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use aws_credential_types::attributes::AccountId;

    use super::CredentialProcess;
    use crate::error::chain;

    fn process(command: &str) -> CredentialProcess {
        let account_id = Some("111111111111".to_owned());
        CredentialProcess { profile: "p".to_owned(), command: command.to_owned(), account_id }
    }

    #[tokio::test]
    async fn process_runs_without_shell() {
        let output = r#"{"Version":1,"AccessKeyId":"$HOME;","SecretAccessKey":"s","Expiration":"2036-01-01T01:00:00+0100"}"#;
        let found = process(&format!("/bin/echo '{output}'")).credentials().await.expect("credentials");
        assert_eq!(found.access_key_id(), "$HOME;");
        assert_eq!(found.account_id().map(AccountId::as_str), Some("111111111111"));
        assert!(found.expiry().is_some());
    }

    #[tokio::test]
    async fn mistakes_of_process_are_named_without_secrets() {
        let object = |more: &str| {
            format!(
                "/bin/echo '{{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"hunter2\"{more}}}'"
            )
        };
        for (command, expected) in [
            ("false".to_owned(), "ended with"),
            ("/nonexistent/program".to_owned(), "cannot be started"),
            ("sh -c 'echo sign in >&2; exit 3'".to_owned(), "sign in"),
            ("'open".to_owned(), "a quote that is not closed"),
            (" ".to_owned(), "has no program"),
            ("/bin/echo hunter2".to_owned(), "returned no JSON"),
            ("/bin/echo '{\"Version\":1,\"AccessKeyId\":\"hunter2\"}'".to_owned(), "returned other members"),
            (object("").replace(":1,", ":2,"), "returned Version 2"),
            (object(",\"Expiration\":\"2036-01-01T00:00:00\""), "no date with a time zone"),
        ] {
            let error = chain(&process(&command).credentials().await.expect_err("a mistake"));
            assert!(error.contains(expected) && !error.contains("hunter2"), "{error}");
        }
    }
}
