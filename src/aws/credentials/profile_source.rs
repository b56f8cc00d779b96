//! The source of a profile's credentials, in the order of botocore.

use aws_credential_types::Credentials;
use aws_credential_types::credential_feature::AwsCredentialFeature;
use aws_types::os_shim_internal::Env;

use super::credential_process::CredentialProcess;
use super::shared_config::{IniSection, IniValue, ProfileSection, SharedConfig, shell_word, without_comment};
use super::troubleshooting::export_credentials;
use crate::error::Failure;
use crate::names::{AccountId, Region};

/// A source of credentials that a profile names.
#[derive(Debug)]
pub(super) enum ProfileSource {
    /// An access key in one of the files.
    Keys { file: String, credentials: Credentials },
    /// A role that is assumed with a token in a file.
    WebIdentity { role_arn: String, token_file: String, session_name: Option<String> },
    /// A permission set of IAM Identity Center.
    Sso(ProfileSso),
    /// An external process.
    Process(CredentialProcess),
    /// `credential_source = Environment`.
    Environment,
    /// `credential_source = EcsContainer`, or its variables.
    Container,
    /// `credential_source = Ec2InstanceMetadata`, or no other source.
    Instance,
}

/// A permission set of IAM Identity Center in an account.
#[derive(Debug)]
pub(super) struct ProfileSso {
    pub(super) account: AccountId,
    pub(super) name: String,
    pub(super) start_url: String,
    pub(super) region: Region,
    pub(super) session_name: Option<String>,
}

/// Returns the source of the credentials of a profile that assumes no role; `None` if it names none
/// (`ProfileProviderBuilder.providers`). With `env`, the variables of a web identity take precedence.
///
/// # Errors
///
/// A [`FailureKind::Credentials`](crate::error::FailureKind) for settings that botocore rejects, and for those that
/// this program does not support.
pub(super) fn of_profile(
    shared: &SharedConfig,
    name: &str,
    profile: &ProfileSection,
    env: Option<&Env>,
) -> Result<Option<ProfileSource>, Failure> {
    if let Some(source) = web_identity(name, profile, env)? {
        return Ok(Some(source));
    }
    if let Some(role) = sso_role(shared, name, profile)? {
        return Ok(Some(ProfileSource::Sso(role)));
    }
    if let Some(keys) = keys(shared, name, &profile.credentials, true)? {
        return Ok(Some(keys));
    }
    if profile.get("login_session").is_some() {
        return Err(Failure::credentials(format!(
            "the profile `{name}` uses `aws login`, whose credentials this program cannot read itself"
        ))
        .hint(export_credentials(name)));
    }
    if let Some(command) = profile.get("credential_process") {
        return Ok(Some(ProfileSource::Process(CredentialProcess {
            profile: name.to_owned(),
            command: command.to_owned(),
            account_id: profile.word("aws_account_id").map(str::to_owned),
        })));
    }
    keys(shared, name, &profile.config, false)
}

/// Returns the access key in one file. Half a key is an error: the other half may be in the other file, and belong to
/// another key.
fn keys(
    shared: &SharedConfig,
    name: &str,
    section: &IniSection,
    is_credentials_file: bool,
) -> Result<Option<ProfileSource>, Failure> {
    let word = |option| section.get(option).and_then(IniValue::text).map(without_comment);
    let Some(id) = word("aws_access_key_id") else { return Ok(None) };
    let file = shared.file_of(is_credentials_file).to_string();
    let Some(secret) = word("aws_secret_access_key").filter(|_| !id.is_empty()) else {
        let missing = if id.is_empty() { "aws_access_key_id" } else { "aws_secret_access_key" };
        return Err(Failure::credentials(format!("the profile `{name}` in {file} has half an access key"))
            .hint(format!("set {missing} in the same section, or remove the other half")));
    };
    let mut credentials =
        Credentials::builder().access_key_id(id).secret_access_key(secret).provider_name("ProfileFile");
    let token = word("aws_security_token").or_else(|| word("aws_session_token"));
    credentials.set_session_token(token.filter(|token| !token.is_empty()).map(str::to_owned));
    credentials.set_account_id(word("aws_account_id").map(Into::into));
    let mut credentials = credentials.build();
    credentials
        .get_property_mut_or_default::<Vec<AwsCredentialFeature>>()
        .push(AwsCredentialFeature::CredentialsProfile);
    Ok(Some(ProfileSource::Keys { file, credentials }))
}

/// Returns the web identity of the environment or the profile; each variable takes precedence over its option
/// (`AssumeRoleWithWebIdentityProvider`).
fn web_identity(
    name: &str,
    profile: &ProfileSection,
    env: Option<&Env>,
) -> Result<Option<ProfileSource>, Failure> {
    let setting = |variable: &str, option: &str| {
        let of_environment = env.and_then(|env| env.get(variable).ok());
        let text = of_environment.or_else(|| profile.word(option).map(str::to_owned));
        text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let Some(token_file) = setting("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file") else {
        return Ok(None);
    };
    let Some(role_arn) = setting("AWS_ROLE_ARN", "role_arn") else {
        return Err(Failure::credentials(format!("the web identity token {token_file} has no role"))
            .hint(format!("set AWS_ROLE_ARN, or role_arn in the profile `{name}`")));
    };
    let session_name = setting("AWS_ROLE_SESSION_NAME", "role_session_name");
    Ok(Some(ProfileSource::WebIdentity { role_arn, token_file, session_name }))
}

/// Returns the role of IAM Identity Center of a profile (`SSOProvider._load_sso_config`).
fn sso_role(
    shared: &SharedConfig,
    name: &str,
    profile: &ProfileSection,
) -> Result<Option<ProfileSso>, Failure> {
    if ["sso_role_name", "sso_account_id"].iter().all(|option| profile.get(option).is_none()) {
        return Ok(None);
    }
    let session_name = profile.get("sso_session");
    let session = match session_name {
        None => None,
        Some(session) => Some(shared.sso_session(session).ok_or_else(|| {
            Failure::credentials(format!(
                "the profile `{name}` names the sso-session `{session}`, which does not exist"
            ))
            .hint(format!("add the section [sso-session {}] to the config file", shell_word(session)))
        })?),
    };
    let setting = |option: &str| {
        let of_profile = profile.word(option);
        let of_session = session.and_then(|session| session.get(option)?.text()).map(without_comment);
        match (of_profile, of_session) {
            (Some(own), Some(other)) if own != other => Err(Failure::credentials(format!(
                "the profile `{name}` and its sso-session have different values of {option}"
            ))
            .hint(format!("remove {option} from the profile"))),
            (own, other) => own.or(other).map(str::to_owned).ok_or_else(|| {
                let command = format!("aws configure sso --profile {}", shell_word(name));
                Failure::credentials(format!("the profile `{name}` has no {option}"))
                    .hint(format!("complete the profile with `{command}`"))
            }),
        }
    };
    let (account, role_name) = (setting("sso_account_id")?, setting("sso_role_name")?);
    let (start_url, region) = (setting("sso_start_url")?, setting("sso_region")?);
    let correct = |option: &str, value: &str, problem: &str| {
        Failure::credentials(format!(
            "the profile `{name}` has the {option} `{value}`, which is not {problem}"
        ))
        .hint(format!("correct {option} in the profile or its sso-session"))
    };
    Ok(Some(ProfileSso {
        account: AccountId::parse(&account)
            .ok_or_else(|| correct("sso_account_id", &account, "the ID of an account"))?,
        // It becomes part of a host name.
        region: Region::parse(&region).map_err(|_| correct("sso_region", &region, "a region"))?,
        name: role_name,
        start_url,
        session_name: session_name.map(str::to_owned),
    }))
}
