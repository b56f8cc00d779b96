//! The settings of the shared config and credentials files that the program reads itself.

use std::path::PathBuf;

use aws_types::os_shim_internal::{Env, Fs};

use super::shared_config::{ProfileSection, SharedConfig, shell_word};
use crate::error::Failure;

/// The variables that name a profile, as in botocore (`BOTOCORE_DEFAUT_SESSION_VARIABLES`).
const VARIABLES: [&str; 2] = ["AWS_DEFAULT_PROFILE", "AWS_PROFILE"];

/// The profiles of `~/.aws/config` and `~/.aws/credentials`, and the selected profile.
#[derive(Debug, Default)]
pub(super) struct Profiles {
    shared: SharedConfig,
    /// The profile that an option or a variable names.
    selected: Option<String>,
    /// Whether the profile was named on the command line, so that no other source is used.
    requested: bool,
    /// The place of the profile in a separate file for messages, if it comes from one.
    in_file: Option<String>,
}

/// Returns the names of all profiles, sorted.
///
/// # Errors
///
/// A [`FailureKind::Credentials`](crate::error::FailureKind) for a file that cannot be read.
pub(crate) async fn profile_names() -> Result<Vec<String>, Failure> {
    let shared = SharedConfig::load(&Fs::real(), &Env::real()).await?;
    Ok(shared.profiles().map(|(name, _)| name.to_owned()).collect())
}

impl Profiles {
    /// Reads the files; `requested` is the profile that was named on the command line.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Usage`](crate::error::FailureKind) for a profile that does not exist, and for variables that
    /// name different profiles; a [`FailureKind::Credentials`](crate::error::FailureKind) for a file that cannot be
    /// read.
    pub(super) async fn load(requested: Option<&str>) -> Result<Self, Failure> {
        Self::read(&Fs::real(), &Env::real(), requested).await
    }

    /// Creates the profile of a separate file, with its place for messages.
    pub(super) fn in_file(name: &str, place: String) -> Self {
        Self { selected: Some(name.to_owned()), requested: true, in_file: Some(place), ..Self::default() }
    }

    /// Returns the place of the profile in a separate file, if it comes from one.
    pub(super) fn place_in_file(&self) -> Option<&str> {
        self.in_file.as_deref()
    }

    async fn read(fs: &Fs, env: &Env, requested: Option<&str>) -> Result<Self, Failure> {
        let shared = SharedConfig::load(fs, env).await?;
        let (selected, source) = match requested {
            Some(name) => (Some(name.to_owned()), "--profile"),
            None => of_variables(env)?,
        };
        if let Some(name) = &selected
            && shared.profile(name).is_none()
        {
            return Err(unknown(name, source, shared.profiles().map(|(name, _)| name)));
        }
        Ok(Self { shared, selected, requested: requested.is_some(), in_file: None })
    }

    /// Returns the files that the profiles were read from.
    pub(super) fn shared(&self) -> &SharedConfig {
        &self.shared
    }

    /// Returns the name of the selected profile, `default` if no other was selected.
    pub(super) fn selected(&self) -> &str {
        self.selected.as_deref().unwrap_or("default")
    }

    /// Returns whether the profile was named on the command line, so that no other source of credentials is used.
    pub(super) fn is_requested(&self) -> bool {
        self.requested
    }

    /// Returns whether the selected profile exists.
    pub(super) fn is_defined(&self) -> bool {
        self.profile().is_some()
    }

    /// Returns whether the selected profile signs in through IAM Identity Center.
    pub(super) fn uses_sso(&self) -> bool {
        ["sso_session", "sso_start_url"].iter().any(|option| self.word(option).is_some())
    }

    /// Returns the certificate bundle of the profile (`ca_bundle`, as in the AWS CLI).
    pub(super) fn ca_bundle(&self) -> Option<PathBuf> {
        let path = self.profile().and_then(|profile| profile.get("ca_bundle"));
        path.filter(|path| !path.is_empty()).map(PathBuf::from)
    }

    /// Returns the endpoints that any profile configures for all services (`endpoint_url`).
    pub(super) fn endpoints(&self) -> Vec<String> {
        self.values("endpoint_url")
    }

    /// Returns the endpoints of instance metadata services that any profile configures.
    pub(super) fn metadata_services(&self) -> Vec<String> {
        self.values("ec2_metadata_service_endpoint")
    }

    /// Returns the values of an option in all profiles.
    fn values(&self, option: &str) -> Vec<String> {
        self.shared.profiles().filter_map(|(_, profile)| profile.word(option)).map(str::to_owned).collect()
    }

    /// Returns an option of the selected profile whose value is one word.
    pub(super) fn word(&self, option: &str) -> Option<&str> {
        self.profile().and_then(|profile| profile.word(option))
    }

    fn profile(&self) -> Option<&ProfileSection> {
        self.shared.profile(self.selected())
    }
}

/// Returns the profile that the environment names, and the variable.
fn of_variables(env: &Env) -> Result<(Option<String>, &'static str), Failure> {
    let [first, second] = VARIABLES.map(|name| env.get(name).ok());
    let [first_name, second_name] = VARIABLES;
    match (first, second) {
        (Some(first), Some(second)) if first != second => Err(Failure::usage(format!(
            "{first_name} and {second_name} name different profiles: `{first}` and `{second}`"
        ))
        .hint(format!("unset {first_name}, or name the profile with --profile"))),
        (Some(first), _) => Ok((Some(first), first_name)),
        (None, second) => Ok((second, second_name)),
    }
}

fn unknown<'name>(name: &str, source: &str, known: impl Iterator<Item = &'name str>) -> Failure {
    if name.is_empty() {
        return Failure::usage(format!("{source} names an empty profile"))
            .hint(format!("unset {source}, or set it to the name of a profile"));
    }
    let known: Vec<&str> = known.collect();
    let problem = format!("{source}: no profile `{name}` in the AWS config and credentials files");
    let failure = Failure::usage(problem);
    let nearest = known
        .iter()
        .copied()
        .max_by(|a, b| strsim::jaro_winkler(name, a).total_cmp(&strsim::jaro_winkler(name, b)));
    match nearest {
        Some(nearest) if strsim::jaro_winkler(name, nearest) > 0.8 => {
            failure.hint(format!("did you mean `{nearest}`?"))
        }
        Some(_) => failure.hint("list the profiles with `aws configure list-profiles`"),
        None => failure.hint(format!(
            "create a profile with `aws configure --profile {}`: none is configured",
            shell_word(name)
        )),
    }
}

#[cfg(test)]
impl Profiles {
    /// Parses the profiles of a config file with this text, with `requested` named on the command line.
    pub(super) async fn of(config: &str, requested: Option<&str>) -> Result<Self, Failure> {
        let env = Env::from_slice(&[("HOME", "/home/me")]);
        Self::read(&Fs::from_slice(&[("/home/me/.aws/config", config)]), &env, requested).await
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use aws_types::os_shim_internal::{Env, Fs};

    use super::Profiles;

    #[tokio::test]
    async fn an_unknown_profile_brings_the_nearest_one() {
        let unknown = async |config, name| {
            let failure = Profiles::of(config, Some(name)).await.expect_err("an unknown profile");
            failure.to_string()
        };
        let text = unknown("[default]\n[profile production]\nregion = eu-west-1", "prodution").await;
        assert!(text.contains("did you mean `production`?"), "{text}");
        assert!(unknown("[default]\nregion = eu-west-1", "x").await.contains("list-profiles"));
        assert!(unknown("", "x").await.contains("aws configure --profile x"));
    }

    #[tokio::test]
    async fn variables_of_profile_are_those_of_botocore() {
        let selected = async |variables: &[(&str, &str)]| {
            let env = Env::from_slice(&[&[("HOME", "/home/me")], variables].concat());
            let fs = Fs::from_slice(&[("/home/me/.aws/config", "[profile a]\n[profile b]\n")]);
            let profiles = Profiles::read(&fs, &env, None).await;
            profiles.map(|profiles| profiles.selected().to_owned()).map_err(|failure| failure.to_string())
        };
        assert_eq!(selected(&[("AWS_DEFAULT_PROFILE", "a")]).await.as_deref(), Ok("a"));
        assert_eq!(selected(&[("AWS_PROFILE", "b")]).await.as_deref(), Ok("b"));
        assert_eq!(selected(&[("AWS_PROFILE", "b"), ("AWS_DEFAULT_PROFILE", "b")]).await.as_deref(), Ok("b"));
        for (variables, expected) in [
            (
                &[("AWS_PROFILE", "b"), ("AWS_DEFAULT_PROFILE", "a")][..],
                "name different profiles: `a` and `b`",
            ),
            (&[("AWS_PROFILE", "")], "AWS_PROFILE names an empty profile"),
            (&[("AWS_DEFAULT_PROFILE", "c")], "AWS_DEFAULT_PROFILE: no profile `c`"),
            (&[("AWS_PROFILE", "default")], "AWS_PROFILE: no profile `default`"),
        ] {
            let text = selected(variables).await.expect_err(expected);
            assert!(text.contains(expected), "{text}");
        }
    }

    #[tokio::test]
    async fn without_any_profile_the_default_one_counts() {
        let profiles = Profiles::of("", None).await.expect("no files are no error");
        assert_eq!(profiles.selected(), "default");
        assert!(!profiles.is_defined());
        assert_eq!(profiles.ca_bundle(), None);
    }

    #[tokio::test]
    async fn a_profile_names_its_certificates_and_its_sign_in() {
        let config = "[profile work]\nsso_session = corporate\nca_bundle = /etc/work.pem";
        let profiles = Profiles::of(config, Some("work")).await.expect("a profile");
        assert!(profiles.uses_sso());
        assert_eq!(profiles.ca_bundle(), Some(PathBuf::from("/etc/work.pem")));
    }
}
