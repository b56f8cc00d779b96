//! The shared config and credentials files of the AWS CLI, as botocore reads them.
//!
//! The SDK has its own parser, which accepts other files than the AWS CLI and finds other profiles in them. Which
//! account a profile leads to must not depend on that, so the files are read here, and the SDK gets the result
//! ([`sdk_settings`](SharedConfig::sdk_settings)).

mod files;
mod ini;
mod python_text;
mod sdk_settings;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use aws_types::os_shim_internal::{Env, Fs};

pub(super) use self::files::{expanded_path, read_file};
pub use self::ini::{IniSection, IniValue};
pub(super) use self::python_text::{shell_word, words};
use crate::error::Failure;

/// Parses the sections of a file in the syntax of Python's `configparser`, which pip's files have too.
///
/// # Errors
///
/// Returns the first line that Python rejects, with the reason, and without its value.
pub(crate) fn parse_ini(file: &[u8]) -> Result<Vec<(String, IniSection)>, String> {
    ini::parse(file).map_err(|error| error.to_string())
}

/// The name of the profile in the settings for the SDK.
pub(super) const SDK_PROFILE: &str = "default";

/// The profiles and the other sections of both files that matter to credentials.
#[derive(Clone, Debug, Default)]
pub struct SharedConfig {
    profiles: BTreeMap<String, ProfileSection>,
    sso_sessions: BTreeMap<String, IniSection>,
    services: BTreeMap<String, IniSection>,
    config_file: PathBuf,
    credentials_file: PathBuf,
}

/// The options of a profile in both files.
#[derive(Clone, Debug, Default)]
pub struct ProfileSection {
    pub(super) config: IniSection,
    pub(super) credentials: IniSection,
}

impl ProfileSection {
    /// Returns the text of an option; the credentials file takes precedence (`botocore.session.full_config`).
    #[must_use]
    pub fn get(&self, option: &str) -> Option<&str> {
        let value = self.credentials.get(option).or_else(|| self.config.get(option));
        value.and_then(IniValue::text)
    }

    /// Returns the text of an option whose value is one word, without a comment behind it.
    ///
    /// botocore takes the comment for a part of the value, so that a key or a region with one works nowhere. In the
    /// AWS SDKs it is a comment (AWS SDKs and Tools Reference Guide, "Format of the config file").
    #[must_use]
    pub fn word(&self, option: &str) -> Option<&str> {
        self.get(option).map(without_comment)
    }

    /// Returns all options, those of the credentials file instead of those of the config file.
    pub fn options(&self) -> impl Iterator<Item = (&str, &IniValue)> {
        let in_config = self.config.iter().filter(|(option, _)| !self.credentials.contains_key(*option));
        in_config.chain(&self.credentials).map(|(option, value)| (option.as_str(), value))
    }
}

impl IniValue {
    /// Returns the value if it is a text.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Nested(_) => None,
        }
    }
}

/// Removes a comment behind a value that is one word.
pub(super) fn without_comment(value: &str) -> &str {
    let comment = value.match_indices(['#', ';']).map(|(start, _)| start);
    let mut comment = comment.filter(|start| value[..*start].ends_with([' ', '\t']));
    comment.next().map_or(value, |start| &value[..start]).trim_end()
}

impl SharedConfig {
    /// Reads both files, `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE` instead of those in `~/.aws`. A file that
    /// does not exist is empty.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Credentials`](crate::error::FailureKind) with file and line for a file that botocore
    /// rejects, and for one that cannot be read.
    pub(super) async fn load(fs: &Fs, env: &Env) -> Result<Self, Failure> {
        let config_file = files::config_file(env);
        let credentials_file = files::credentials_file(env);
        let config = files::read_file(fs, &config_file).await?;
        let credentials = files::read_file(fs, &credentials_file).await?;
        Self::parse((&config, config_file), (&credentials, credentials_file))
    }

    /// Parses the contents of the config and the credentials file. The paths are for messages.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Credentials`](crate::error::FailureKind) with file and line for contents that the AWS CLI cannot
    /// read.
    pub fn parse(config: (&[u8], PathBuf), credentials: (&[u8], PathBuf)) -> Result<Self, Failure> {
        let (config_sections, keys) =
            (sections(config.0, &config.1)?, sections(credentials.0, &credentials.1)?);
        let mut shared = Self { config_file: config.1, credentials_file: credentials.1, ..Self::default() };
        for (name, section) in config_sections {
            // The conditions and their order are those of `botocore.configloader.build_profile_map`.
            let sections = match &*name {
                _ if name.starts_with("profile") => None,
                _ if name.starts_with("sso-session") => Some(&mut shared.sso_sessions),
                _ if name.starts_with("services") => Some(&mut shared.services),
                "default" => None,
                _ => continue,
            };
            let second_word = || {
                let [_, word] = <[String; 2]>::try_from(words(&name)?).ok()?;
                Some(word)
            };
            let Some(name) = (if name == "default" { Some(name) } else { second_word() }) else { continue };
            match sections {
                Some(sections) => drop(sections.insert(name, section)),
                None => drop(
                    shared
                        .profiles
                        .insert(name, ProfileSection { config: section, ..ProfileSection::default() }),
                ),
            }
        }
        for (name, section) in keys {
            shared.profiles.entry(name).or_default().credentials = section;
        }
        Ok(shared)
    }

    /// Returns a profile.
    #[must_use]
    pub fn profile(&self, name: &str) -> Option<&ProfileSection> {
        self.profiles.get(name)
    }

    /// Returns all profiles, sorted by name.
    pub fn profiles(&self) -> impl Iterator<Item = (&str, &ProfileSection)> {
        self.profiles.iter().map(|(name, profile)| (name.as_str(), profile))
    }

    /// Returns the sections `[sso-session NAME]` of the config file, sorted by name.
    pub fn sso_sessions(&self) -> impl Iterator<Item = (&str, &IniSection)> {
        self.sso_sessions.iter().map(|(name, section)| (name.as_str(), section))
    }

    /// Returns a section `[sso-session NAME]` of the config file.
    #[must_use]
    pub fn sso_session(&self, name: &str) -> Option<&IniSection> {
        self.sso_sessions.get(name)
    }

    /// Returns the sections `[services NAME]` of the config file, sorted by name.
    pub fn services(&self) -> impl Iterator<Item = (&str, &IniSection)> {
        self.services.iter().map(|(name, section)| (name.as_str(), section))
    }

    /// Returns the file whose section has an option, for messages.
    pub(super) fn file_of(&self, is_credentials_file: bool) -> std::path::Display<'_> {
        if is_credentials_file { self.credentials_file.display() } else { self.config_file.display() }
    }
}

/// Parses the sections of a file. The path is for messages.
///
/// # Errors
///
/// As [`SharedConfig::parse`].
pub(super) fn sections(content: &[u8], file: &Path) -> Result<Vec<(String, IniSection)>, Failure> {
    ini::parse(content).map_err(|error| {
        Failure::credentials(format!("{}, {error}", file.display()))
            .hint("fix the line: the AWS CLI rejects the whole file because of it as well")
    })
}

#[cfg(test)]
mod tests;
