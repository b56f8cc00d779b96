//! The sources of credentials and of the region, in the order of botocore (`create_credential_resolver`).

use aws_config::SdkConfig;
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::sts::AssumeRoleProvider;
use aws_credential_types::Credentials;
use aws_credential_types::credential_feature::AwsCredentialFeature;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::os_shim_internal::{Env, Fs};

use super::caller::home_region;
use super::credential_form::TrimmedProvider;
use super::environment_keys::{self, variable};
use super::instance_metadata;
use super::mfa::{self, MfaSettings};
use super::older_files;
use super::profile_role::{self, ProfileChain, ProfileRole};
use super::profile_source::ProfileSource;
use super::profiles::Profiles;
use super::provider_config::provider_config;
use super::sso::ProfilePermissionSet;
use super::troubleshooting;
use super::web_identity::WebIdentity;
use crate::error::Failure;
use crate::names::{Partition, Region};

/// The variables of a container's credentials; the first that is set counts.
const CONTAINER: [&str; 2] = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"];

/// Returns the region of the environment or else the profile. Unlike in the SDK's region chain, the instance metadata
/// service is queried later, and only for credentials of an instance: it would delay every other run without a
/// configured region by one second.
///
/// # Errors
///
/// A [`FailureKind::Usage`](crate::error::FailureKind) with the hint for a region that is not valid.
pub(super) fn configured_region(
    env: &Env,
    of_profile: Option<&str>,
    hint: &'static str,
) -> Result<Option<Region>, Failure> {
    let region = variable(env, "AWS_REGION").or_else(|| variable(env, "AWS_DEFAULT_REGION"));
    let region = region.or_else(|| of_profile.map(|region| region.trim().to_owned()));
    let Some(region) = region.filter(|region| !region.is_empty()) else { return Ok(None) };
    let name = region.to_ascii_lowercase();
    // `aws-global` and its like stand for a partition's global endpoints (botocore's `partitions.json`).
    let global = name.strip_suffix("-global").and_then(|partition| home_region(&Partition::new(partition)));
    if let Some(home) = global {
        return Ok(Some(home.region()));
    }
    Region::parse(&name)
        .map(Some)
        .map_err(|error| Failure::usage(format!("the configured region is not usable: {error}")).hint(hint))
}

/// Returns the provider of the credentials that boto3 and the AWS CLI would use.
///
/// # Errors
///
/// A [`FailureKind::Credentials`](crate::error::FailureKind) for settings that botocore rejects, for those that this
/// program does not support, and for a profile on the command line without credentials.
pub(super) async fn credentials_provider(
    config: &SdkConfig,
    profiles: &Profiles,
    env: &Env,
    settings: &MfaSettings,
) -> Result<SharedCredentialsProvider, Failure> {
    let is_requested = profiles.is_requested();
    if !is_requested && let Some(keys) = environment_keys::credentials(env)? {
        let keys = TrimmedProvider::around(environment_keys::SOURCE, keys);
        return signed_in(config, profiles, keys, settings.serial.as_deref(), settings).await;
    }
    let variables = (!is_requested).then_some(env);
    let chain = match profile_role::of_profile(profiles.shared(), profiles.selected(), variables)? {
        Some(chain) => chain,
        None if is_requested => return Err(troubleshooting::empty_profile(profiles)),
        None => {
            let source = match older_files::keys(&Fs::real(), env).await? {
                Some(keys) => keys,
                None if CONTAINER.iter().any(|name| env.get(name).is_ok()) => ProfileSource::Container,
                None => ProfileSource::Instance,
            };
            ProfileChain { source, roles: Vec::new() }
        }
    };
    // The device is that of the user whose keys are the source, also if a later role requires it.
    let of_roles = chain.roles.iter().find_map(|role| role.mfa_serial.as_deref());
    let serial = settings.serial.as_deref().or(of_roles);
    let provider = source(config, profiles, env, chain.source).await?;
    let mut provider = signed_in(config, profiles, provider, serial, settings).await?;
    for role in chain.roles {
        provider = session(config, role, provider).await;
    }
    Ok(provider)
}

/// Returns the provider of a user's session with an MFA device; that of the user if there is no device.
async fn signed_in(
    config: &SdkConfig,
    profiles: &Profiles,
    user: SharedCredentialsProvider,
    serial: Option<&str>,
    settings: &MfaSettings,
) -> Result<SharedCredentialsProvider, Failure> {
    match serial {
        Some(serial) => mfa::session(config, user, serial, settings, profiles.selected()).await,
        None if settings.code.is_some() => {
            Err(Failure::usage("--mfa-code: no MFA device is known").hint("add --mfa-serial with its ARN"))
        }
        None => Ok(user),
    }
}

/// Returns the provider of a source, with its name for messages.
async fn source(
    config: &SdkConfig,
    profiles: &Profiles,
    env: &Env,
    source: ProfileSource,
) -> Result<SharedCredentialsProvider, Failure> {
    Ok(match source {
        ProfileSource::Keys { file, credentials } => TrimmedProvider::around(file, credentials),
        ProfileSource::WebIdentity { role_arn, token_file, session_name } => TrimmedProvider::around(
            "STS",
            WebIdentity::new(config, role_arn, token_file.into(), session_name),
        ),
        ProfileSource::Sso(sso) => {
            TrimmedProvider::around("IAM Identity Center", ProfilePermissionSet::new(config, sso).await)
        }
        ProfileSource::Process(process) => TrimmedProvider::around(
            format!("the profile `{}` (credential_process)", process.profile),
            process,
        ),
        ProfileSource::Environment => match environment_keys::credentials(env)? {
            Some(keys) => TrimmedProvider::around(environment_keys::SOURCE, keys),
            None => {
                return Err(Failure::credentials(format!(
                    "the profile `{}` takes its credentials from the environment, which has none",
                    profiles.selected()
                ))
                .hint("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"));
            }
        },
        ProfileSource::Container => {
            let provider = EcsCredentialsProvider::builder().configure(&provider_config(config)).build();
            TrimmedProvider::around("the container", provider)
        }
        ProfileSource::Instance => {
            let client = instance_metadata::client(config, profiles, env)?;
            let provider = ImdsCredentialsProvider::builder().configure(&provider_config(config));
            TrimmedProvider::around("the instance metadata service", provider.imds_client(client).build())
        }
    })
}

/// Returns the provider of a role session that is opened with the credentials of another provider.
async fn session(
    config: &SdkConfig,
    role: ProfileRole,
    provider: SharedCredentialsProvider,
) -> SharedCredentialsProvider {
    let mut builder = AssumeRoleProvider::builder(role.arn).configure(config);
    if let Some(name) = role.session_name {
        builder = builder.session_name(name);
    }
    if let Some(external_id) = role.external_id {
        builder = builder.external_id(external_id);
    }
    if let Some(duration) = role.duration {
        builder = builder.session_length(duration);
    }
    TrimmedProvider::around("STS", builder.build_from_provider(provider).await)
}

pub(super) fn is_from_instance(credentials: &Credentials) -> bool {
    credentials
        .get_property::<Vec<AwsCredentialFeature>>()
        .is_some_and(|features| features.contains(&AwsCredentialFeature::CredentialsImds))
}

#[cfg(test)]
mod tests {
    use aws_types::os_shim_internal::Env;

    use super::configured_region;
    use crate::names::Region;

    #[test]
    fn region_of_environment_precedes_profile_without_blanks() {
        for (variables, of_profile, expected) in [
            (
                &[("AWS_REGION", "us-east-1 "), ("AWS_DEFAULT_REGION", "eu-west-1")][..],
                Some("x"),
                Some("us-east-1"),
            ),
            (&[("AWS_REGION", " "), ("AWS_DEFAULT_REGION", "EU-WEST-1\n")], None, Some("eu-west-1")),
            (&[("AWS_REGION", "aws-global")], None, Some("us-east-1")),
            (&[("AWS_REGION", "aws-us-gov-global")], None, Some("us-gov-west-1")),
            (&[], Some("eu-west-1 "), Some("eu-west-1")),
            (&[], Some(" "), None),
            (&[], None, None),
        ] {
            let region = configured_region(&Env::from_slice(variables), of_profile, "").expect("a region");
            assert_eq!(region.as_ref().map(Region::as_str), expected, "{variables:?}");
        }
        let env = Env::from_slice(&[("AWS_REGION", "x@evil.example")]);
        let text = configured_region(&env, None, "check AWS_REGION").expect_err("no region").to_string();
        assert!(text.contains("hint: check AWS_REGION"), "{text}");
    }
}
