//! Tests of the sections of both files. The comparison with botocore is an integration test.

use std::path::PathBuf;

use super::{SharedConfig, without_comment};

fn parse(config: &str, credentials: &str) -> SharedConfig {
    let files = (PathBuf::from("config"), PathBuf::from("credentials"));
    SharedConfig::parse((config.as_bytes(), files.0), (credentials.as_bytes(), files.1)).expect("two files")
}

#[test]
fn names_of_profiles_may_be_quoted_and_odd_sections_are_ignored() {
    let config = "[profile \"My Mac\"]\nregion = a\n[profile Someone's]\n[x]\n[profile a b]\n[sso-session 'My Corp']\n\
                  sso_region = b\n[services local]\ns3 =\n  endpoint_url = c\n";
    let shared = parse(config, "[My Account]\naws_access_key_id = x\n[profile y]\n");
    let names: Vec<_> = shared.profiles().map(|(name, _)| name).collect();
    assert_eq!(names, ["My Account", "My Mac", "profile y"]);
    assert!(shared.sso_session("My Corp").is_some_and(|section| section["sso_region"].text() == Some("b")));
    assert_eq!(shared.services().map(|(name, _)| name).collect::<Vec<_>>(), ["local"]);
}

#[test]
fn credentials_file_overrides_options_of_config_file() {
    let shared = parse("[profile a]\nregion = x\nb = 1\n", "[a]\nregion = y # z\n");
    let profile = shared.profile("a").expect("a profile");
    assert_eq!((profile.get("region"), profile.word("region")), (Some("y # z"), Some("y")));
    assert_eq!(profile.options().count(), 2);
}

/// The last of `[default]` and `[profile default]` counts, as a whole.
#[test]
fn last_section_of_default_profile_counts() {
    let shared = parse("[profile default]\na = 1\nb = 1\n[default]\na = 2\n", "");
    let profile = shared.profile("default").expect("a profile");
    assert_eq!((profile.get("a"), profile.get("b")), (Some("2"), None));
}

#[test]
fn rejected_file_is_named_with_its_line() {
    let shared = SharedConfig::parse(
        (b"", PathBuf::from("/home/me/.aws/config")),
        (b"[a]\nkey", PathBuf::from("/home/me/.aws/credentials")),
    );
    let text = shared.expect_err("an error").to_string();
    assert!(text.contains("/home/me/.aws/credentials, line 2: neither a section"), "{text}");
}

#[test]
fn comment_behind_word_is_removed_only_after_blank() {
    for (value, expected) in [("a # b", "a"), ("a#b", "a#b"), ("a ; b # c", "a"), ("a", "a"), ("a\t#", "a")] {
        assert_eq!(without_comment(value), expected);
    }
}

/// No value of a file is printed, which may be a secret.
#[test]
fn debug_output_has_no_values() {
    let text = format!("{:?}", parse("", "[a]\naws_secret_access_key = hunter2\n"));
    assert!(text.contains("aws_secret_access_key") && !text.contains("hunter2"), "{text}");
}
