//! The settings of the shared config and credentials files that the program reads itself.

use std::borrow::Cow;
use std::path::PathBuf;

use aws_config::profile::{self, ProfileSet};
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_types::os_shim_internal::{Env, Fs};

use crate::error::Failure;

/// The profiles of `~/.aws/config` and `~/.aws/credentials`, and the selected profile.
#[derive(Debug, Default)]
pub(super) struct Profiles {
    set: Option<ProfileSet>,
    /// Whether the profile was named on the command line, so that no other source is used.
    requested: bool,
    /// The profile of a separate file, if it comes from one.
    in_file: Option<InFile>,
}

/// A profile of a separate file.
#[derive(Debug)]
struct InFile {
    name: String,
    /// Name and file, for messages.
    place: String,
}

impl Profiles {
    /// Reads the files; `requested` is the profile that was named on the command line.
    pub(super) async fn load(requested: Option<&str>) -> Result<Self, Failure> {
        Self::read(&Fs::real(), &Env::real(), requested).await
    }

    /// Creates the profile of a separate file, with its place for messages.
    pub(super) fn in_file(name: &str, place: String) -> Self {
        Self { set: None, requested: true, in_file: Some(InFile { name: name.to_owned(), place }) }
    }

    /// Returns the place of the profile in a separate file, if it comes from one.
    pub(super) fn place_in_file(&self) -> Option<&str> {
        self.in_file.as_ref().map(|profile| &*profile.place)
    }

    async fn read(fs: &Fs, env: &Env, requested: Option<&str>) -> Result<Self, Failure> {
        let selected = requested.map(|name| Cow::Owned(name.to_owned()));
        let set = profile::load(fs, env, &EnvConfigFiles::default(), selected).await.map_err(|error| {
            Failure::credentials("cannot read the AWS config or credentials file").with_source(error)
        })?;
        if let Some(name) = requested
            && set.get_profile(name).is_none()
        {
            return Err(unknown(name, set.profiles()));
        }
        Ok(Self { set: Some(set), requested: requested.is_some(), in_file: None })
    }

    /// Returns the name of the selected profile, `default` if no other was selected.
    pub(super) fn selected(&self) -> &str {
        let selected = || self.set.as_ref().map_or("default", ProfileSet::selected_profile);
        self.in_file.as_ref().map_or_else(selected, |profile| &*profile.name)
    }

    /// Returns whether the profile was named on the command line, so that no other source of credentials is used.
    pub(super) fn is_requested(&self) -> bool {
        self.requested
    }

    /// Returns whether the selected profile exists.
    pub(super) fn is_defined(&self) -> bool {
        self.set.as_ref().is_some_and(|set| set.get_profile(set.selected_profile()).is_some())
    }

    /// Returns whether the selected profile signs in through IAM Identity Center.
    pub(super) fn uses_sso(&self) -> bool {
        ["sso_session", "sso_start_url"].iter().any(|key| self.get(key).is_some())
    }

    /// Returns the certificate bundle of the profile (`ca_bundle`, as in the AWS CLI).
    pub(super) fn ca_bundle(&self) -> Option<PathBuf> {
        self.get("ca_bundle").filter(|path| !path.is_empty()).map(PathBuf::from)
    }

    /// Returns the endpoints that any profile configures for all services (`endpoint_url`).
    pub(super) fn endpoints(&self) -> Vec<String> {
        self.values("endpoint_url")
    }

    /// Returns the endpoints of instance metadata services that any profile configures.
    pub(super) fn metadata_services(&self) -> Vec<String> {
        self.values("ec2_metadata_service_endpoint")
    }

    /// Returns the values of a key in all profiles.
    fn values(&self, key: &str) -> Vec<String> {
        let Some(set) = &self.set else { return Vec::new() };
        let profiles = set.profiles().filter_map(|name| set.get_profile(name));
        profiles.filter_map(|profile| profile.get(key)).map(str::to_owned).collect()
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.set.as_ref().and_then(|set| set.get(key))
    }
}

fn unknown<'name>(name: &str, known: impl Iterator<Item = &'name str>) -> Failure {
    let known: Vec<&str> = known.collect();
    let failure = Failure::usage(format!("no profile `{name}` in the AWS config and credentials files"));
    let nearest = known
        .iter()
        .copied()
        .max_by(|a, b| strsim::jaro_winkler(name, a).total_cmp(&strsim::jaro_winkler(name, b)));
    match nearest {
        Some(nearest) if strsim::jaro_winkler(name, nearest) > 0.8 => {
            failure.hint(format!("did you mean `{nearest}`?"))
        }
        Some(_) => failure.hint("list the profiles with `aws configure list-profiles`"),
        None => failure
            .hint(format!("create a profile with `aws configure --profile {name}`: none is configured")),
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
