//! The roles that a profile assumes, and the credentials that the first of them is assumed with.

use std::time::Duration;

use aws_types::os_shim_internal::Env;

use super::profile_source::{self, ProfileSource};
use super::shared_config::{ProfileSection, SharedConfig};
use crate::error::Failure;

/// The credentials of a profile: a source, and the roles that are assumed from it, one with the session of the other.
#[derive(Debug)]
pub(super) struct ProfileChain {
    pub(super) source: ProfileSource,
    pub(super) roles: Vec<ProfileRole>,
}

/// A role that a profile assumes (`role_arn`).
#[derive(Debug)]
pub(super) struct ProfileRole {
    pub(super) arn: String,
    pub(super) session_name: Option<String>,
    pub(super) external_id: Option<String>,
    pub(super) duration: Option<Duration>,
    /// The MFA device of the user whose keys are the source.
    pub(super) mfa_serial: Option<String>,
}

/// Returns the credentials of a profile as botocore finds them (`botocore.credentials.AssumeRoleProvider`); `None` if
/// the profile has none. With `env`, the variables of a web identity apply to a profile without a role as well.
///
/// # Errors
///
/// A [`FailureKind::Credentials`](crate::error::FailureKind) for settings that botocore rejects, and for those that
/// this program does not support.
pub(super) fn of_profile(
    shared: &SharedConfig,
    name: &str,
    env: Option<&Env>,
) -> Result<Option<ProfileChain>, Failure> {
    let (mut roles, mut visited, empty) = (Vec::new(), vec![name], ProfileSection::default());
    let (mut name, mut profile) = (name, shared.profile(name).unwrap_or(&empty));
    while let Some(role) = role(profile) {
        roles.push(role);
        match source_profile(name, profile)? {
            Err(source) => return Ok(Some(ProfileChain { source, roles: reversed(roles) })),
            Ok(source) => {
                profile = checked(shared, name, source, &visited)?;
                name = source;
                visited.push(source);
            }
        }
        if has_keys(profile) {
            break;
        }
    }
    let env = env.filter(|_| roles.is_empty());
    match profile_source::of_profile(shared, name, profile, env)? {
        Some(source) => Ok(Some(ProfileChain { source, roles: reversed(roles) })),
        None if roles.is_empty() => Ok(None),
        None => Err(Failure::credentials(format!("the source profile `{name}` has no credentials"))
            .hint("add credentials to it, or name another profile in source_profile")),
    }
}

fn reversed(mut roles: Vec<ProfileRole>) -> Vec<ProfileRole> {
    roles.reverse();
    roles
}

fn has_keys(profile: &ProfileSection) -> bool {
    ["aws_access_key_id", "aws_secret_access_key"].iter().any(|option| profile.get(option).is_some())
}

/// Returns the role of a profile; `None` if it assumes none, or with a web identity.
fn role(profile: &ProfileSection) -> Option<ProfileRole> {
    let arn = profile.word("role_arn").filter(|_| profile.get("web_identity_token_file").is_none())?;
    let seconds = profile.word("duration_seconds").and_then(|seconds| seconds.parse().ok());
    Some(ProfileRole {
        arn: arn.to_owned(),
        session_name: profile.get("role_session_name").map(str::to_owned),
        external_id: profile.get("external_id").map(str::to_owned),
        duration: seconds.map(Duration::from_secs),
        mfa_serial: profile.word("mfa_serial").map(str::to_owned),
    })
}

/// Returns the profile with which a role is assumed, or the `Err` of a source that is no profile.
fn source_profile<'profile>(
    name: &str,
    profile: &'profile ProfileSection,
) -> Result<Result<&'profile str, ProfileSource>, Failure> {
    let invalid = |problem: &str, hint: &str| {
        Failure::credentials(format!("the profile `{name}` has {problem}")).hint(hint)
    };
    Ok(Err(match (profile.get("source_profile"), profile.get("credential_source")) {
        (Some(source), None) => return Ok(Ok(source)),
        (None, Some("Environment")) => ProfileSource::Environment,
        (None, Some("EcsContainer")) => ProfileSource::Container,
        (None, Some("Ec2InstanceMetadata")) => ProfileSource::Instance,
        (None, Some(other)) => {
            let problem = format!("an unknown credential_source: `{other}`");
            return Err(invalid(&problem, "use Environment, EcsContainer or Ec2InstanceMetadata"));
        }
        (Some(_), Some(_)) => {
            return Err(invalid("both source_profile and credential_source", "remove one of them"));
        }
        (None, None) => {
            return Err(invalid(
                "a role_arn, but neither source_profile nor credential_source",
                "set source_profile to the profile whose credentials assume the role",
            ));
        }
    }))
}

/// Returns the source profile of `name`, unless it does not exist or leads into a loop.
fn checked<'shared>(
    shared: &'shared SharedConfig,
    name: &str,
    source: &str,
    visited: &[&str],
) -> Result<&'shared ProfileSection, Failure> {
    let Some(profile) = shared.profile(source) else {
        let problem = format!("the source_profile `{source}` of the profile `{name}` does not exist");
        return Err(
            Failure::credentials(problem).hint("list the profiles with `aws configure list-profiles`")
        );
    };
    // A profile may be its own source if it has keys.
    if visited.contains(&source) && (source != name || !has_keys(profile)) {
        let way = visited.join(" → ");
        let problem = format!("the source_profile of the profile `{name}` leads in a loop: {way} → {source}");
        return Err(Failure::credentials(problem).hint("let the loop end in a profile with keys"));
    }
    Ok(profile)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::of_profile;
    use crate::aws::credentials::profile_source::ProfileSource;
    use crate::aws::credentials::shared_config::SharedConfig;

    const KEYS: &str = "aws_access_key_id = AKIA\naws_secret_access_key = s\n";

    fn shared(config: &str) -> SharedConfig {
        SharedConfig::parse((config.as_bytes(), PathBuf::new()), (b"", PathBuf::new())).expect("a file")
    }

    #[test]
    fn roles_are_assumed_from_their_source_on() {
        let config = format!(
            "[profile a]\nrole_arn = A # prod\nsource_profile = b\nduration_seconds = 7200\n\
             [profile b]\nrole_arn = B\nsource_profile = c d\n[profile 'c d']\nrole_arn = C\n{KEYS}"
        );
        let chain = of_profile(&shared(&config), "a", None).expect("a chain").expect("credentials");
        let roles: Vec<_> = chain.roles.iter().map(|role| (&*role.arn, role.duration)).collect();
        assert_eq!(roles, [("B", None), ("A", Some(std::time::Duration::from_hours(2)))]);
        assert!(matches!(chain.source, ProfileSource::Keys { .. }));
    }

    #[test]
    fn settings_without_credentials_are_rejected() {
        for (config, expected) in [
            ("role_arn = A", "neither source_profile nor credential_source"),
            ("role_arn = A\nsource_profile = a", "in a loop: a → a"),
            ("role_arn = A\nsource_profile = b\n[profile b]\nrole_arn = B\nsource_profile = a", "a → b → a"),
            ("role_arn = A\nsource_profile = x", "`x` of the profile `a` does not exist"),
            ("role_arn = A\nsource_profile = b\n[profile b]\nregion = x", "`b` has no credentials"),
            ("role_arn = A\nsource_profile = a\ncredential_source = Environment", "both source_profile"),
            ("role_arn = A\ncredential_source = environment", "unknown credential_source: `environment`"),
            ("sso_account_id = 1\nsso_session = s", "the sso-session `s`, which does not exist"),
            ("sso_account_id = 1\nsso_region = r", "`a` has no sso_role_name"),
            ("aws_access_key_id = x", "half an access key"),
            ("login_session = x", "aws login"),
        ] {
            let failure = of_profile(&shared(&format!("[profile a]\n{config}\n")), "a", None);
            let text = failure.expect_err(config).to_string();
            assert!(text.contains(expected) && text.contains("hint:"), "{text}");
        }
    }

    #[test]
    fn profile_without_credentials_has_no_source() {
        let shared = shared("[profile a]\nregion = x\n");
        for name in ["a", "b"] {
            assert!(of_profile(&shared, name, None).expect("no mistake").is_none());
        }
    }
}
