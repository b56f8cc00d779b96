//! Error messages and hints for credentials that do not work.

use aws_config::imds::client::error::ImdsError;
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;

use super::credential_form::Unusable;
use super::profiles::Profiles;
use super::session_error::SessionError;
use super::shared_config::shell_word;
use super::sso::PortalError;
use crate::aws_error::ServiceError;
use crate::error::{Failure, chain, find_cause};

/// Returns the failure for a provider chain that returned no credentials.
pub(super) fn no_credentials(error: CredentialsError, profiles: &Profiles) -> Failure {
    if let Some(session_error) = SessionError::find(&error) {
        return session_error.failure();
    }
    if let Some(unusable) = Unusable::find(&error) {
        return Failure::credentials(format!("the AWS credentials cannot be used: {unusable}"))
            .hint(Unusable::HINT);
    }
    if let Some(place) = profiles.place_in_file() {
        let failure = Failure::credentials(format!("the profile {place} provides no AWS credentials"));
        let failure = match refused_role(&error) {
            Some(session_error) => failure.with_source(session_error),
            None => failure.with_source(error),
        };
        return failure.hint("check the keys of the profile").hint(
            "check that their user is allowed sts:AssumeRole on the role of the profile, and that the \
                   role trusts the user",
        );
    }
    let profile = profiles.selected();
    let text = chain(&error);
    if text.contains("AssumeRoleUnauthorizedAccess") {
        return Failure::credentials("the role of the instance cannot be used")
            .with_source(error)
            .hint("check that the trust policy of the role allows sts:AssumeRole to ec2.amazonaws.com");
    }
    // The instance metadata service is the last source; its other errors matter only on an instance.
    if !profiles.is_requested()
        && (matches!(error, CredentialsError::CredentialsNotLoaded(_)) || text.contains("IMDS"))
    {
        tracing::debug!(target: "scan::credentials", error = %text, "no provider returned credentials");
        let failure = not_found(profiles);
        return match instance_hint(&error, &text) {
            Some(hint) => failure.hint(hint),
            None => failure,
        };
    }
    let failure = Failure::credentials(if profiles.is_requested() {
        format!("the profile `{profile}` provides no AWS credentials")
    } else {
        format!("cannot load the AWS credentials (profile in use: `{profile}`)")
    });
    if let Some(refused) = refused_role(&error) {
        let needs_code = refused.message().contains("MultiFactorAuthentication");
        let failure = failure.with_source(refused);
        return if needs_code {
            failure.hint(export_credentials(profile))
        } else {
            failure.hint(
                "check that the role of the profile exists and trusts the caller, that the caller is allowed \
                 sts:AssumeRole on it, and that it does not require a code of an MFA device (mfa_serial)",
            )
        };
    }
    if let Some(PortalError::Request(refused)) = find_cause(&error) {
        let hint = match refused.code() {
            // The token is valid, but the permission set is not assigned (aws/aws-cli#6153).
            Some("ForbiddenException") => {
                "assign the permission set of the profile (sso_role_name) to the user in its account \
                 (sso_account_id), or correct these settings"
                    .to_owned()
            }
            Some("ResourceNotFoundException") => {
                "check sso_account_id and sso_role_name of the profile".to_owned()
            }
            _ if refused.is_throttled() => "run again later: IAM Identity Center is throttling".to_owned(),
            _ => sso_login(profiles),
        };
        return failure.with_source(refused.clone()).hint(hint);
    }
    if text.contains("the auth token could not be used") {
        return failure.with_source(error).hint(
            "remove the line end from AWS_CONTAINER_AUTHORIZATION_TOKEN, or from the file that \
             AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names",
        );
    }
    if profiles.uses_sso() || text.contains("SSO") {
        failure.with_source(error).hint(sso_login(profiles))
    } else {
        failure
            .with_source(error)
            .hint("check the AWS config and credentials files, and the AWS_ variables of the environment")
    }
}

/// Returns the hint for an instance metadata service that responds without credentials. Other clouds have a service at
/// the same address, so that it does not follow that the machine is an EC2 instance.
fn instance_hint(error: &CredentialsError, text: &str) -> Option<String> {
    let options =
        |options: &str| format!("aws ec2 modify-instance-metadata-options --instance-id ID {options}");
    // A response to a container needs one more hop (docs.aws.amazon.com/AWSEC2/latest/UserGuide/
    // instancedata-data-retrieval.html). Without a service, it is the connection that times out.
    if text.contains("IMDS") && text.contains("read timeout") {
        let command = options("--http-put-response-hop-limit 2");
        return Some(format!(
            "in a container of an EC2 instance, allow the token one more network hop: {command}"
        ));
    }
    if matches!(find_cause::<ImdsError>(error), Some(ImdsError::FailedToLoadToken(_))) {
        let command = options("--http-endpoint enabled --http-tokens required");
        return Some(format!("on an EC2 instance, enable IMDSv2, because version 1 is not used: {command}"));
    }
    text.contains("404 from IMDS").then(|| "on an EC2 instance, attach a role to the instance".to_owned())
}

/// Returns the STS error inside an error of the SDK's own `AssumeRole` provider, whose text is less specific.
fn refused_role(error: &CredentialsError) -> Option<ServiceError> {
    find_cause::<SdkError<AssumeRoleError, HttpResponse>>(error).map(ServiceError::new)
}

fn not_found(profiles: &Profiles) -> Failure {
    let profile = profiles.selected();
    let state = if profiles.is_defined() { "without credentials" } else { "not configured" };
    Failure::credentials(format!(
        "no AWS credentials found: neither in the environment, nor in the profile `{profile}` ({state}), \
         nor from a web identity, a container or an instance role"
    ))
    .hint("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN), or run `aws configure`")
    .hint(format!("with IAM Identity Center: `aws configure sso` once, then {}", sso_command(profiles)))
}

/// Returns the failure for a `GetCallerIdentity` request that failed.
pub(super) fn not_recognised(
    error: ServiceError,
    region: &str,
    region_is_configured: bool,
    profiles: &Profiles,
) -> Failure {
    if let (Some(place), Some(_)) = (profiles.place_in_file(), error.code()) {
        return Failure::credentials(format!("AWS rejects the keys of the profile {place}"))
            .with_source(error)
            .hint("replace the keys (and session token) in the file");
    }
    if error.is_expired() {
        return Failure::credentials("the AWS credentials have expired")
            .with_source(error)
            .hint(sso_login(profiles))
            .hint("or replace the keys in the environment or the profile");
    }
    if error.is_unknown_key() {
        let failure =
            Failure::credentials(format!("the access key is not valid (sts:GetCallerIdentity in {region})"))
                .with_source(error)
                .hint("check that the key exists and is active, and that AWS_SESSION_TOKEN belongs to it");
        return if region_is_configured {
            failure
        } else {
            failure.hint("set AWS_REGION to a region of AWS China or GovCloud if the key belongs there")
        };
    }
    match error.code() {
        Some("SignatureDoesNotMatch") => Failure::credentials("the secret access key is not valid")
            .with_source(error)
            .hint("check AWS_SECRET_ACCESS_KEY for missing characters, and the system clock"),
        // "STS is not activated in this region for account:…"
        Some("RegionDisabledException") => {
            Failure::credentials(format!("AWS STS is not active in region {region} for this account"))
                .with_source(error)
                .hint("choose another region with AWS_REGION, or activate STS in this one in the account settings of IAM")
        }
        Some(_) => Failure::credentials("sts:GetCallerIdentity failed").with_source(error),
        None => {
            Failure::credentials(format!("cannot reach AWS STS in region {region}")).with_source(error).hint(
                "check the network, HTTPS_PROXY and NO_PROXY, AWS_CA_BUNDLE, AWS_REGION and AWS_ENDPOINT_URL",
            )
        }
    }
}

/// Returns the failure for a profile on the command line that names no source of credentials.
pub(super) fn empty_profile(profiles: &Profiles) -> Failure {
    let profile = profiles.selected();
    Failure::credentials(format!(
        "the profile `{profile}` provides no AWS credentials: it has no keys, role, process or sign-in"
    ))
    .hint(format!("run `aws configure --profile {}`", shell_word(profile)))
}

/// Returns the hint for a profile whose credentials only the AWS CLI can obtain.
pub(super) fn export_credentials(profile: &str) -> String {
    let profile = shell_word(profile);
    format!(
        "let the AWS CLI obtain the credentials: eval \"$(aws configure export-credentials --profile {profile} \
         --format env)\", and run without --profile and AWS_PROFILE"
    )
}

fn sso_login(profiles: &Profiles) -> String {
    format!("sign in with {}", sso_command(profiles))
}

fn sso_command(profiles: &Profiles) -> String {
    match profiles.selected() {
        "default" => "`aws sso login`".to_owned(),
        profile => format!("`aws sso login --profile {}`", shell_word(profile)),
    }
}

#[cfg(test)]
mod tests {
    use aws_credential_types::provider::error::CredentialsError;

    use super::no_credentials;
    use crate::aws::credentials::profiles::Profiles;
    use crate::error::FailureKind;

    /// Without credentials, the error lists the sources that were tried, and the commands that help.
    #[test]
    fn missing_credentials_error_lists_sources_and_fixes() {
        let failure = no_credentials(CredentialsError::not_loaded_no_source(), &Profiles::default());
        assert_eq!(failure.kind(), FailureKind::Credentials);
        let text = failure.to_string();
        for expected in
            ["environment", "profile `default`", "instance role", "aws configure", "aws sso login"]
        {
            assert!(text.contains(expected), "{expected} is missing in: {text}");
        }
    }

    #[test]
    fn an_instance_without_a_role_is_a_machine_without_credentials() {
        let error = CredentialsError::provider_error("failed to load IMDS session token");
        let text = no_credentials(error, &Profiles::default()).to_string();
        assert!(text.contains("no AWS credentials found"), "{text}");
    }

    #[tokio::test]
    async fn an_expired_sso_token_asks_for_a_login_with_the_profile() {
        let profiles =
            Profiles::of("[profile work]\nsso_session = x", Some("work")).await.expect("a profile");
        let error = CredentialsError::provider_error("the SSO token has expired and cannot be refreshed");
        let text = no_credentials(error, &profiles).to_string();
        assert!(text.contains("the SSO token has expired"), "{text}");
        assert!(text.contains("`aws sso login --profile work`"), "{text}");
    }

    #[tokio::test]
    async fn a_profile_that_was_asked_for_says_what_is_wrong_with_it() {
        let profiles =
            Profiles::of("[profile work]\nregion = eu-west-1", Some("work")).await.expect("a profile");
        let error = CredentialsError::not_loaded("profile `base` was not defined");
        let text = no_credentials(error, &profiles).to_string();
        assert!(text.contains("the profile `work` provides no AWS credentials"), "{text}");
        assert!(text.contains("profile `base` was not defined"), "{text}");
    }
}
