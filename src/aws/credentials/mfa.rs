//! The session of a user who signs in with the code of an MFA device.

use std::io;
use std::time::SystemTime;

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};

use super::credential_form::TrimmedProvider;
use super::sts_client::sts_client;
use super::troubleshooting::export_credentials;
use crate::aws_error::ServiceError;
use crate::error::Failure;

/// The longest session of a user, 36 hours: a code can be used only once, so that the session is not renewed
/// (<https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html>).
const DURATION_SECONDS: i32 = 129_600;

/// Where the code of an MFA device comes from.
#[derive(Clone, Default)]
pub struct MfaSettings {
    /// The ARN or the serial number of the device; `None` for that of the profile (`mfa_serial`).
    pub serial: Option<String>,
    /// The code.
    pub code: Option<String>,
    /// Requests a code from the user with this text; `None` if there is no terminal.
    pub prompt: Option<fn(&str) -> io::Result<String>>,
}

/// Without the code.
impl std::fmt::Debug for MfaSettings {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("MfaSettings").field("serial", &self.serial).finish_non_exhaustive()
    }
}

impl MfaSettings {
    /// Returns the first option that is given.
    #[must_use]
    pub fn first_given(&self) -> Option<&'static str> {
        let options = [(self.serial.is_some(), "--mfa-serial"), (self.code.is_some(), "--mfa-code")];
        options.into_iter().find_map(|(is_given, option)| is_given.then_some(option))
    }

    /// Checks the settings against AWS's rules (`serialNumberType` and `tokenCodeType` in botocore's
    /// `sts/2011-06-15`).
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Usage`](crate::error::FailureKind) that names the option and the rule.
    pub fn check(&self) -> Result<(), Failure> {
        let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "+=/:,.@-_".contains(letter);
        if let Some(serial) = &self.serial
            && !((9..=256).contains(&serial.len()) && serial.chars().all(is_letter))
        {
            return Err(Failure::usage(format!("--mfa-serial: `{serial}` is not an MFA device"))
                .hint("use its ARN, as in arn:aws:iam::123456789012:mfa/alice, or its serial number"));
        }
        match &self.code {
            Some(code) if !is_code(code) => {
                Err(Failure::usage("--mfa-code: the code of an MFA device has six digits"))
            }
            _ => Ok(()),
        }
    }

    /// Returns the code for a device, and requests it from the user if it is not given.
    fn code(&self, serial: &str, profile: &str) -> Result<String, Failure> {
        let missing = |problem: String| {
            Failure::credentials(problem)
                .hint("pass the code with --mfa-code")
                .hint(export_credentials(profile))
                .hint("use credentials without MFA for scheduled runs, such as a role of the host")
        };
        if let Some(code) = &self.code {
            return Ok(code.clone());
        }
        let Some(prompt) = self.prompt else {
            return Err(missing(format!(
                "the credentials need a code of the MFA device {serial} (multi-factor authentication), and there is \
                 no terminal to enter it"
            )));
        };
        let typed = prompt(&format!("Code of the MFA device {serial}: "))
            .map_err(|cause| missing(format!("cannot read the code of {serial}")).with_source(cause))?;
        let code = typed.trim();
        if is_code(code) {
            Ok(code.to_owned())
        } else {
            Err(missing(format!("the code of the MFA device {serial} has six digits")))
        }
    }
}

fn is_code(code: &str) -> bool {
    code.len() == 6 && code.bytes().all(|digit| digit.is_ascii_digit())
}

/// Returns the credentials of a session that was opened with the code of an MFA device. Roles that require MFA can be
/// assumed with them.
///
/// # Errors
///
/// A [`FailureKind::Credentials`](crate::error::FailureKind) when there is no code, or when AWS rejects it.
pub(super) async fn session(
    config: &SdkConfig,
    user: SharedCredentialsProvider,
    serial: &str,
    settings: &MfaSettings,
    profile: &str,
) -> Result<SharedCredentialsProvider, Failure> {
    let keys = user.provide_credentials().await.map_err(|error| {
        Failure::credentials("cannot load the keys of the user of the MFA device").with_source(error)
    })?;
    if keys.session_token().is_some() {
        return Err(Failure::credentials("a code of an MFA device needs the access key of an IAM user").hint(
            "remove mfa_serial or --mfa-serial: the credentials are those of a session, which cannot sign in again",
        ));
    }
    let code = settings.code(serial, profile)?;
    let config = config.clone().into_builder().credentials_provider(user).build();
    let request = sts_client(&config).get_session_token().serial_number(serial).token_code(code);
    let response = request.duration_seconds(DURATION_SECONDS).send().await;
    let response = response.map_err(|error| refused(ServiceError::new(&error), serial))?;
    let session = response.credentials.ok_or_else(|| {
        Failure::credentials("the GetSessionToken response of STS has no credentials").hint("run again")
    })?;
    let expiry = SystemTime::try_from(session.expiration).ok();
    let (key, secret, token) = (session.access_key_id, session.secret_access_key, session.session_token);
    Ok(TrimmedProvider::around("STS", Credentials::new(key, secret, Some(token), expiry, "MfaSession")))
}

/// Returns the failure for a code that AWS rejects. The wordings are those of public reports, such as
/// github.com/aws/aws-cli/issues/6325 and github.com/aws/aws-cli/issues/2279.
fn refused(error: ServiceError, serial: &str) -> Failure {
    let message = error.message();
    let hint = if message.contains("verify your MFA serial number") {
        format!(
            "check that {serial} is an MFA device of the user of the access key: `aws iam list-mfa-devices` shows them"
        )
    } else if message.contains("MultiFactorAuthentication") {
        "run again with the next code of the device: each code can be used only once".to_owned()
    } else {
        "check that the access key belongs to an IAM user and is active".to_owned()
    };
    Failure::credentials(format!("cannot sign in with the MFA device {serial}")).with_source(error).hint(hint)
}

#[cfg(test)]
mod tests {
    use aws_credential_types::Credentials;
    use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};

    use super::{MfaSettings, session};
    use crate::aws::credentials::fake::{FakeAws, assumed_role, query_error};
    use crate::error::Failure;

    const DEVICE: &str = "arn:aws:iam::111111111111:mfa/me";

    fn keys(token: Option<&str>) -> SharedCredentialsProvider {
        let token = token.map(str::to_owned);
        SharedCredentialsProvider::new(Credentials::new("AKIAUSER", "secret", token, None, "test"))
    }

    /// Creates a fake STS that accepts one code.
    fn sts() -> FakeAws {
        FakeAws::new(|request| {
            if request.body.contains("TokenCode=123456") {
                let session = assumed_role("ASIAMFA", "2026-11-18T13:06:40Z");
                return (200, session.replace("AssumeRole", "GetSessionToken"));
            }
            let wording = "MultiFactorAuthentication failed with invalid MFA one time pass code.";
            (403, query_error("AccessDenied", wording))
        })
    }

    async fn sign_in(fake: &FakeAws, settings: &MfaSettings) -> Result<SharedCredentialsProvider, Failure> {
        session(&fake.config("eu-west-1"), keys(None), DEVICE, settings, "work").await
    }

    #[tokio::test]
    async fn session_is_opened_with_the_code_of_the_option_or_the_user() {
        let prompt: fn(&str) -> std::io::Result<String> = |text| {
            assert_eq!(text, "Code of the MFA device arn:aws:iam::111111111111:mfa/me: ");
            Ok("123456\n".to_owned())
        };
        let typed = MfaSettings { prompt: Some(prompt), ..MfaSettings::default() };
        let given = MfaSettings { code: Some("123456".to_owned()), ..MfaSettings::default() };
        for settings in [typed, given] {
            let fake = sts();
            let provider = sign_in(&fake, &settings).await.expect("a session");
            let credentials = provider.provide_credentials().await.expect("credentials");
            assert_eq!(credentials.access_key_id(), "ASIAMFA");
            let [request] = &*fake.sent() else { panic!("one request") };
            for expected in ["Action=GetSessionToken", "DurationSeconds=129600", "mfa%2Fme"] {
                assert!(request.body.contains(expected), "{expected} is missing in {}", request.body);
            }
            assert!(request.authorization.contains("AKIAUSER"), "{}", request.authorization);
        }
    }

    #[tokio::test]
    async fn without_code_or_terminal_the_ways_out_are_named() {
        let text = sign_in(&sts(), &MfaSettings::default()).await.expect_err("no code").to_string();
        for expected in
            ["multi-factor", DEVICE, "--mfa-code", "aws configure export-credentials", "role of the host"]
        {
            assert!(text.contains(expected), "{expected} is missing in {text}");
        }
    }

    #[tokio::test]
    async fn rejected_code_has_the_right_hint() {
        let wrong = MfaSettings { code: Some("000000".to_owned()), ..MfaSettings::default() };
        let text = sign_in(&sts(), &wrong).await.expect_err("a wrong code").to_string();
        assert!(text.contains("the next code") && !text.contains("000000"), "{text}");
        let fake = FakeAws::new(|_| {
            let wording = "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA \
                           serial number is valid and associated with this user.";
            (403, query_error("AccessDenied", wording))
        });
        let text = sign_in(&fake, &wrong).await.expect_err("another's device").to_string();
        assert!(text.contains("aws iam list-mfa-devices"), "{text}");
    }

    #[tokio::test]
    async fn credentials_of_a_session_cannot_sign_in_again() {
        let fake = sts();
        let settings = MfaSettings { code: Some("123456".to_owned()), ..MfaSettings::default() };
        let config = fake.config("eu-west-1");
        let failure = session(&config, keys(Some("token")), DEVICE, &settings, "work").await;
        assert!(failure.expect_err("no user").to_string().contains("remove mfa_serial"));
        assert!(fake.sent().is_empty());
    }

    #[test]
    fn options_follow_the_rules_of_aws() {
        let check = |serial: &str, code: &str| {
            let (serial, code) = (Some(serial.to_owned()), Some(code.to_owned()));
            MfaSettings { serial, code, prompt: None }.check()
        };
        check(DEVICE, "123456").expect("usable settings");
        check("GAHT12345678", "000000").expect("usable settings");
        for (serial, code, expected) in [
            ("alice", "123456", "--mfa-serial: `alice`"),
            (DEVICE, "12345", "six digits"),
            (DEVICE, "12345a", "six digits"),
        ] {
            let text = check(serial, code).expect_err("a mistake").to_string();
            assert!(text.contains(expected), "{text}");
        }
    }
}
