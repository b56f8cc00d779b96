//! Access keys in a JSON file, in the format of AWS Inventory's profiles:
//!
//! ```json
//! {"name": "audit", "aws_access_key_id": "…", "aws_secret_access_key": "…",
//!  "aws_session_token": {"RoleArn": "arn:…", "RoleSessionName": "…"}, "aws_region": "eu-west-1"}
//! ```
//!
//! `aws_session_token` is a token, or a role that is assumed with the keys, or absent. The file contains one such
//! object, a list of them, or an object of names and profiles.
//!
//! Secrets are wiped from memory when they are dropped. Error messages repeat only the names of profiles and
//! members from the file: a secret may be in the wrong place.

mod credentials;
mod token;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::IgnoredAny;
use zeroize::Zeroizing;

use self::token::{SecretText, SessionTokenValue};
use crate::error::Failure;
use crate::util::suggest::did_you_mean;
use crate::util::system::owner_only::is_open_to_others;

/// The maximum size of such a file: it may be a pipe, or a device without an end.
const MAX_FILE_SIZE: u64 = 16 * 1024 * 1024;

/// A profile of the file.
#[derive(Clone, Debug)]
pub struct FileProfile {
    /// The name of the profile; its number in the file if it has none.
    name: String,
    file: PathBuf,
    access_key_id: SecretText,
    secret_access_key: SecretText,
    session: SessionTokenValue,
    region: Option<String>,
}

impl FileProfile {
    /// Returns the name of the profile.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the name and the file of the profile for messages.
    pub(super) fn place(&self) -> String {
        format!("`{}` of {}", self.name, self.file.display())
    }

    /// Reads the profiles of a file; with names, only these, in this order. Also returns whether other users of
    /// the machine can read the file.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Usage`](crate::error::FailureKind) for a file that cannot be read, has another format, or
    /// lacks one of the named profiles.
    pub fn read(file: &Path, names: &[String]) -> Result<(Vec<Self>, bool), Failure> {
        let unusable = || Failure::usage(format!("--profiles-file {}", file.display()));
        let opened = File::open(file).map_err(|cause| unusable().with_source(cause))?;
        let metadata = opened.metadata().map_err(|cause| unusable().with_source(cause))?;
        // With the full capacity, so that the buffer is never reallocated and no copy of a secret remains.
        let size = usize::try_from(metadata.len().min(MAX_FILE_SIZE)).unwrap_or_default();
        let mut text = Zeroizing::new(Vec::with_capacity(size + 1));
        let read = opened
            .take(MAX_FILE_SIZE)
            .read_to_end(&mut text)
            .map_err(|cause| unusable().with_source(cause))?;
        if read as u64 == MAX_FILE_SIZE {
            return Err(unusable().with_source(std::io::Error::other("the file is too large")));
        }
        let profiles = parse(&text, file)?;
        Ok((choose(profiles, names, file)?, is_open_to_others(&metadata)))
    }
}

fn choose(
    mut profiles: Vec<FileProfile>,
    names: &[String],
    file: &Path,
) -> Result<Vec<FileProfile>, Failure> {
    if names.is_empty() {
        return Ok(profiles);
    }
    let take = |name: &String| {
        let Some(index) = profiles.iter().position(|profile| profile.name == *name) else {
            let nearest = did_you_mean(name, profiles.iter().map(FileProfile::name));
            return Err(Failure::usage(format!("no profile `{name}` in {}{nearest}", file.display())));
        };
        Ok(profiles.swap_remove(index))
    };
    names.iter().map(take).collect()
}

fn parse(text: &[u8], file: &Path) -> Result<Vec<FileProfile>, Failure> {
    let place = file.display();
    let written: Vec<(Option<String>, WrittenProfile)> = if text.trim_ascii_start().starts_with(b"[") {
        let list: Vec<WrittenProfile> = read(text, file)?;
        list.into_iter().map(|written| (None, written)).collect()
    } else {
        // Reads only whether the keys exist, so that no secret is copied before its place is known.
        let keys: ProfileKeys = read(text, file)?;
        if keys.aws_access_key_id.is_some() || keys.aws_secret_access_key.is_some() {
            vec![(None, read(text, file)?)]
        } else {
            let named: BTreeMap<String, WrittenProfile> = read(text, file)?;
            named.into_iter().map(|(name, written)| (Some(name), written)).collect()
        }
    };
    if written.is_empty() {
        return Err(Failure::usage(format!("no profile in {place}")));
    }
    let profiles = written.into_iter().enumerate();
    let profiles: Vec<FileProfile> = profiles
        .map(|(index, (name, written))| written.check(index, name, file))
        .collect::<Result<_, _>>()?;
    for (index, profile) in profiles.iter().enumerate() {
        if profiles[..index].iter().any(|other| other.name == profile.name) {
            return Err(Failure::usage(format!("duplicate profile in {place}: `{}`", profile.name)));
        }
    }
    Ok(profiles)
}

/// Parses the file with errors that do not repeat values: serde's messages do, and the value may be a secret.
fn read<'text, T: Deserialize<'text>>(text: &'text [u8], file: &Path) -> Result<T, Failure> {
    serde_json::from_slice(text).map_err(|error| {
        let (place, line, column) = (file.display(), error.line(), error.column());
        let what = if error.is_data() { "invalid profile" } else { "invalid JSON" };
        Failure::usage(format!("{place}, line {line}, column {column}: {what}")).hint(
            "write a profile as an object with the strings aws_access_key_id and aws_secret_access_key, and \
             optionally name, aws_region, and aws_session_token: a string, or {\"RoleArn\": \"…\", \
             \"RoleSessionName\": \"…\"}",
        )
    })
}

/// The keys that distinguish a profile from an object of profiles.
#[derive(Deserialize)]
struct ProfileKeys {
    aws_access_key_id: Option<IgnoredAny>,
    aws_secret_access_key: Option<IgnoredAny>,
}

/// A profile as it is in the file. Unknown members are ignored.
#[derive(Deserialize)]
struct WrittenProfile {
    name: Option<String>,
    aws_access_key_id: Option<SecretText>,
    aws_secret_access_key: Option<SecretText>,
    #[serde(default)]
    aws_session_token: SessionTokenValue,
    aws_region: Option<String>,
}

impl WrittenProfile {
    fn check(self, index: usize, name: Option<String>, file: &Path) -> Result<FileProfile, Failure> {
        let name = name.or(self.name).unwrap_or_else(|| (index + 1).to_string());
        let required = |member: &str, value: Option<SecretText>| {
            value.filter(|value| !value.is_empty()).ok_or_else(|| {
                Failure::usage(format!("{}: the profile `{name}` has no {member}", file.display()))
            })
        };
        Ok(FileProfile {
            access_key_id: required("aws_access_key_id", self.aws_access_key_id)?,
            secret_access_key: required("aws_secret_access_key", self.aws_secret_access_key)?,
            session: self.aws_session_token,
            region: self.aws_region.filter(|region| !region.is_empty()),
            file: file.to_owned(),
            name,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{FileProfile, SessionTokenValue, choose, parse};

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/secret";
    const TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLETOKEN";

    fn profiles(text: &str) -> Result<Vec<FileProfile>, crate::error::Failure> {
        parse(text.as_bytes(), Path::new("profiles.json"))
    }

    fn keys(more: &str) -> String {
        format!(r#"{{"aws_access_key_id": "AKIAX", "aws_secret_access_key": "{SECRET}"{more}}}"#)
    }

    #[test]
    fn one_profile_a_list_and_an_object_of_names_are_read() {
        let names = |text: &str| -> Vec<String> {
            profiles(text).expect("profiles").iter().map(|profile| profile.name.clone()).collect()
        };
        assert_eq!(names(&keys("")), ["1"]);
        assert_eq!(names(&keys(r#", "name": "audit""#)), ["audit"]);
        assert_eq!(names(&format!("[{}, {}]", keys(""), keys(r#", "name": "b""#))), ["1", "b"]);
        assert_eq!(names(&format!(r#"{{"b": {}, "a": {}}}"#, keys(""), keys(""))), ["a", "b"]);
    }

    #[test]
    fn the_session_token_is_a_token_or_a_role_or_nothing() {
        let session = |value: &str| {
            let text = keys(&format!(r#", "aws_session_token": {value}"#));
            profiles(&text).expect("a profile").remove(0).session
        };
        let role = r#"{"RoleArn": "arn:aws:iam::111111111111:role/Audit", "RoleSessionName": "inventory"}"#;
        for value in [role.to_owned(), serde_json::json!(role).to_string()] {
            let SessionTokenValue::Role { arn, session_name } = session(&value) else {
                panic!("no role: {value}")
            };
            assert_eq!((&*arn, &*session_name), ("arn:aws:iam::111111111111:role/Audit", "inventory"));
        }
        assert!(
            matches!(session(&format!("{TOKEN:?}")), SessionTokenValue::Token(token) if token.reveal() == TOKEN)
        );
        assert!(matches!(session("null"), SessionTokenValue::None));
        assert!(matches!(session(r#""""#), SessionTokenValue::None));
    }

    #[test]
    fn mistakes_are_told_without_what_may_be_a_secret() {
        for (text, expected) in [
            ("[]", "no profile in profiles.json"),
            ("{", "profiles.json, line 1, column 1: invalid JSON"),
            (&format!("[{SECRET:?}]"), "invalid profile"),
            (&format!(r#"{{"x": {SECRET:?}}}"#), "invalid profile"),
            (r#"{"aws_access_key_id": "AKIAX"}"#, "the profile `1` has no aws_secret_access_key"),
            (&format!(r#"{{"aws_secret_access_key": {SECRET:?}}}"#), "`1` has no aws_access_key_id"),
            (&keys(&format!(r#", "aws_session_token": {{"Role": {TOKEN:?}}}"#)), "invalid profile"),
            (&keys(&format!(r#", "aws_session_token": [{TOKEN:?}]"#)), "invalid profile"),
            (&format!("[{0}, {0}]", keys(r#", "name": "a""#)), "duplicate profile in profiles.json: `a`"),
        ] {
            let message = profiles(text).expect_err("a mistake").to_string();
            assert!(message.contains(expected), "{message}");
            assert!(!message.contains(SECRET) && !message.contains(TOKEN), "{message}");
        }
    }

    #[test]
    fn profiles_are_chosen_by_name() {
        let all =
            || profiles(&format!(r#"{{"audit": {}, "shop": {}}}"#, keys(""), keys(""))).expect("profiles");
        let named = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            choose(all(), &names, Path::new("profiles.json"))
        };
        assert_eq!(named(&["shop"]).expect("a profile")[0].name(), "shop");
        assert_eq!(named(&[]).expect("all").len(), 2);
        let message = named(&["audi"]).expect_err("no profile").to_string();
        assert_eq!(message, "no profile `audi` in profiles.json; did you mean `audit`?");
    }

    #[test]
    fn no_secret_is_printed() {
        let text = keys(&format!(r#", "aws_session_token": {TOKEN:?}"#));
        let printed = format!("{:#?}", profiles(&text).expect("a profile"));
        assert!(
            !printed.contains(SECRET) && !printed.contains(TOKEN) && !printed.contains("AKIAX"),
            "{printed}"
        );
    }
}
