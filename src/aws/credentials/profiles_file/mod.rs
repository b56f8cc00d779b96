//! Access keys in a JSON file, in the form that AWS Inventory keeps its profiles in:
//!
//! ```json
//! {"name": "audit", "aws_access_key_id": "…", "aws_secret_access_key": "…",
//!  "aws_session_token": {"RoleArn": "arn:…", "RoleSessionName": "…"}, "aws_region": "eu-west-1"}
//! ```
//!
//! `aws_session_token` is a token, or a role that is assumed with the keys, or absent. The file holds one
//! such object, a list of them, or an object of names and profiles.
//!
//! Secrets are wiped from memory when nobody needs them any more. No error repeats what stands in the
//! file beyond names of profiles and members: a secret may stand in a wrong place.

mod credentials;
mod token;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::IgnoredAny;
use zeroize::Zeroizing;

use self::token::{SecretText, SessionTokenValue};
use crate::error::Failure;
use crate::util::suggest::did_you_mean;

/// How large such a file may be: it may be a pipe, or a device that never ends.
const LARGEST: u64 = 16 * 1024 * 1024;

/// A profile of the file.
#[derive(Clone, Debug)]
pub struct FileProfile {
    /// Its name; one that has none is called by its number.
    name: String,
    file: PathBuf,
    access_key_id: SecretText,
    secret_access_key: SecretText,
    session: SessionTokenValue,
    region: Option<String>,
}

impl FileProfile {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it stands, for people.
    pub(super) fn place(&self) -> String {
        format!("`{}` of {}", self.name, self.file.display())
    }

    /// Reads the profiles of a file; with names, only these, in this order. Says as well whether other
    /// users of the machine can read the file.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Usage`](crate::error::FailureKind) for a file that cannot be read, has another
    /// form, or lacks a profile that was named.
    pub fn read(file: &Path, names: &[String]) -> Result<(Vec<Self>, bool), Failure> {
        let unusable = || Failure::usage(format!("--profiles-file {}", file.display()));
        let opened = File::open(file).map_err(|cause| unusable().with_source(cause))?;
        let metadata = opened.metadata().map_err(|cause| unusable().with_source(cause))?;
        // With room for all of it, so that no grown-out-of copy stays behind.
        let size = usize::try_from(metadata.len().min(LARGEST)).unwrap_or_default();
        let mut text = Zeroizing::new(Vec::with_capacity(size + 1));
        let read =
            opened.take(LARGEST).read_to_end(&mut text).map_err(|cause| unusable().with_source(cause))?;
        if read as u64 == LARGEST {
            return Err(unusable().with_source(std::io::Error::other("it is too large")));
        }
        let profiles = parse(&text, file)?;
        Ok((choose(profiles, names, file)?, is_open_to_others(&metadata)))
    }
}

#[cfg(unix)]
fn is_open_to_others(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    metadata.mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_: &fs::Metadata) -> bool {
    false
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
            return Err(Failure::usage(format!("{} has no profile `{name}`{nearest}", file.display())));
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
        // Only whether they are there, so that no secret is copied before it is known where it belongs.
        let keys: ProfileKeys = read(text, file)?;
        if keys.aws_access_key_id.is_some() || keys.aws_secret_access_key.is_some() {
            vec![(None, read(text, file)?)]
        } else {
            let named: BTreeMap<String, WrittenProfile> = read(text, file)?;
            named.into_iter().map(|(name, written)| (Some(name), written)).collect()
        }
    };
    if written.is_empty() {
        return Err(Failure::usage(format!("{place} holds no profile")));
    }
    let profiles = written.into_iter().enumerate();
    let profiles: Vec<FileProfile> = profiles
        .map(|(index, (name, written))| written.check(index, name, file))
        .collect::<Result<_, _>>()?;
    for (index, profile) in profiles.iter().enumerate() {
        if profiles[..index].iter().any(|other| other.name == profile.name) {
            return Err(Failure::usage(format!("{place} has two profiles `{}`", profile.name)));
        }
    }
    Ok(profiles)
}

/// serde's own words for what is wrong repeat the value, which may be a secret.
fn read<'text, T: Deserialize<'text>>(text: &'text [u8], file: &Path) -> Result<T, Failure> {
    serde_json::from_slice(text).map_err(|error| {
        let (place, line, column) = (file.display(), error.line(), error.column());
        let what = if error.is_data() { "this is not the form of a profile" } else { "this is no JSON" };
        Failure::usage(format!("{place}, line {line}, column {column}: {what}")).hint(
            "a profile is an object with the texts aws_access_key_id and aws_secret_access_key, and may have \
             name, aws_region, and aws_session_token: a text, or {\"RoleArn\": \"…\", \"RoleSessionName\": \"…\"}",
        )
    })
}

/// Tells a profile from an object of profiles.
#[derive(Deserialize)]
struct ProfileKeys {
    aws_access_key_id: Option<IgnoredAny>,
    aws_secret_access_key: Option<IgnoredAny>,
}

/// A profile as it is written. Members that this program does not know are left alone.
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
        let needed = |member: &str, value: Option<SecretText>| {
            value.filter(|value| !value.is_empty()).ok_or_else(|| {
                Failure::usage(format!("{}: the profile `{name}` has no {member}", file.display()))
            })
        };
        Ok(FileProfile {
            access_key_id: needed("aws_access_key_id", self.aws_access_key_id)?,
            secret_access_key: needed("aws_secret_access_key", self.aws_secret_access_key)?,
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
            ("[]", "profiles.json holds no profile"),
            ("{", "profiles.json, line 1, column 1: this is no JSON"),
            (&format!("[{SECRET:?}]"), "this is not the form of a profile"),
            (&format!(r#"{{"x": {SECRET:?}}}"#), "this is not the form of a profile"),
            (r#"{"aws_access_key_id": "AKIAX"}"#, "the profile `1` has no aws_secret_access_key"),
            (&format!(r#"{{"aws_secret_access_key": {SECRET:?}}}"#), "`1` has no aws_access_key_id"),
            (&keys(&format!(r#", "aws_session_token": {{"Role": {TOKEN:?}}}"#)), "this is not the form"),
            (&keys(&format!(r#", "aws_session_token": [{TOKEN:?}]"#)), "this is not the form"),
            (&format!("[{0}, {0}]", keys(r#", "name": "a""#)), "two profiles `a`"),
        ] {
            let told = profiles(text).expect_err("a mistake").to_string();
            assert!(told.contains(expected), "{told}");
            assert!(!told.contains(SECRET) && !told.contains(TOKEN), "{told}");
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
        let told = named(&["audi"]).expect_err("no profile").to_string();
        assert_eq!(told, "profiles.json has no profile `audi`; did you mean `audit`?");
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
