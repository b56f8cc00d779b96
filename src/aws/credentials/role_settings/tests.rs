use std::collections::HashMap;
use std::time::Duration;

use super::{RoleOverride, RoleSettings, parse_role_arn};
use crate::error::FailureKind;
use crate::names::{AccountId, Partition};

#[track_caller]
fn expect_invalid(settings: &RoleSettings, expected: &str) {
    let failure = settings.check().expect_err("a setting that AWS would reject");
    assert_eq!(failure.kind(), FailureKind::Usage);
    assert!(failure.to_string().contains(expected), "{failure}");
}

#[test]
fn the_defaults_are_what_organizations_creates() {
    let settings = RoleSettings::default();
    settings.check().expect("usable defaults");
    assert_eq!(
        settings.arns(&Partition::new("aws"), &AccountId::new("123456789012")),
        ["arn:aws:iam::123456789012:role/OrganizationAccountAccessRole"]
    );
}

#[test]
fn the_arn_follows_partition_and_path() {
    let settings = RoleSettings {
        role_name: "Audit".to_owned(),
        role_path: "/security/read/".to_owned(),
        ..RoleSettings::default()
    };
    let arn =
        |partition| settings.arns(&Partition::new(partition), &AccountId::new("123456789012")).remove(0);
    assert_eq!(arn("aws-cn"), "arn:aws-cn:iam::123456789012:role/security/read/Audit");
    assert_eq!(arn("aws-us-gov"), "arn:aws-us-gov:iam::123456789012:role/security/read/Audit");
}

#[test]
fn every_part_is_held_against_the_rules_of_aws() {
    let defaults = RoleSettings::default();
    expect_invalid(
        &RoleSettings { role_name: "arn:aws:iam::1:role/x".to_owned(), ..defaults.clone() },
        "invalid role name",
    );
    expect_invalid(&RoleSettings { role_name: "a b".to_owned(), ..defaults.clone() }, "it contains ' '");
    expect_invalid(&RoleSettings { role_path: "team/".to_owned(), ..defaults.clone() }, "invalid role path");
    expect_invalid(
        &RoleSettings { session_name: "x".to_owned(), ..defaults.clone() },
        "the session name `x` is not valid: it has 1 character",
    );
    expect_invalid(
        &RoleSettings { external_id: Some("ü1".to_owned()), ..defaults.clone() },
        "the external ID `ü1`",
    );
    expect_invalid(
        &RoleSettings { duration: Some(Duration::from_mins(1)), ..defaults.clone() },
        "invalid duration of a role session: 60 seconds",
    );
    let tags = |tags: &[(&str, &str)]| {
        let tags = tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        RoleSettings { tags: tags.collect(), ..defaults.clone() }
    };
    expect_invalid(&tags(&[("", "v")]), "session tag");
    expect_invalid(&tags(&[("aws:x", "v")]), "session tag: `aws:x`");
    expect_invalid(&tags(&[("team", "a;b")]), "session tag: `team`");
    expect_invalid(&tags(&[("team", "a"), ("Team", "b")]), "duplicate session tag");
    for template in ["arn:aws:iam::123456789012:role/x", "arn:{partition}:iam::{account}:role/", "{account}"]
    {
        let settings = RoleSettings { arn_template: Some(template.to_owned()), ..defaults.clone() };
        expect_invalid(&settings, "invalid template of a role ARN");
    }
}

#[test]
fn a_template_takes_the_place_of_name_and_path() {
    let settings = RoleSettings {
        arn_template: Some("arn:{partition}:iam::{account}:role/audit/Reader".to_owned()),
        ..RoleSettings::default()
    };
    settings.check().expect("a usable template");
    assert_eq!(
        settings.arns(&Partition::new("aws-cn"), &AccountId::new("123456789012")),
        ["arn:aws-cn:iam::123456789012:role/audit/Reader"]
    );
}

#[test]
fn names_are_tried_in_their_order_unless_an_account_has_its_own() {
    let own = |account: &str, own: RoleOverride| (AccountId::new(account), own);
    let arn = "arn:aws:iam::222222222222:role/other/Path".to_owned();
    let settings = RoleSettings {
        role_name: "First".to_owned(),
        fallback_role_names: vec!["Second".to_owned()],
        role_path: "/audit/".to_owned(),
        overrides: HashMap::from([
            own(
                "111111111111",
                RoleOverride { role_names: vec!["Mine".to_owned()], ..RoleOverride::default() },
            ),
            own("222222222222", RoleOverride { role_arn: Some(arn.clone()), ..RoleOverride::default() }),
            own(
                "333333333333",
                RoleOverride { external_id: Some("x-3".to_owned()), ..RoleOverride::default() },
            ),
        ]),
        external_id: Some("x-0".to_owned()),
        ..RoleSettings::default()
    };
    settings.check().expect("usable settings");
    let arns = |account: &str| settings.arns(&Partition::new("aws"), &AccountId::new(account));
    assert_eq!(arns("111111111111"), ["arn:aws:iam::111111111111:role/audit/Mine"]);
    assert_eq!(arns("222222222222"), [arn]);
    let first_and_second =
        ["First", "Second"].map(|name| format!("arn:aws:iam::333333333333:role/audit/{name}"));
    assert_eq!(arns("333333333333"), first_and_second);
    assert_eq!(settings.external_id(&AccountId::new("333333333333")), Some("x-3"));
    assert_eq!(settings.external_id(&AccountId::new("111111111111")), Some("x-0"));
    let template = Some("arn:{partition}:iam::{account}:role/x".to_owned());
    expect_invalid(&RoleSettings { arn_template: template, ..settings }, "several names of roles");
}

#[test]
fn parse_role_arn_returns_account_and_name() {
    let parsed = parse_role_arn("arn:aws:iam::999999999999:role/audit/Hub").expect("an ARN");
    assert_eq!(parsed, (AccountId::new("999999999999"), "Hub"));
    for other in ["arn:aws:iam::1:role/x", "arn:aws:iam::999999999999:user/x", "Hub", ""] {
        assert!(parse_role_arn(other).is_err(), "{other}");
    }
}

#[track_caller]
fn expect_invalid_override(settings: &RoleOverride, expected: &str) {
    let failure =
        RoleSettings::check_override(settings, &AccountId::new("111111111111")).expect_err("a mistake");
    assert!(failure.to_string().contains(expected), "{failure}");
}

#[test]
fn settings_of_an_account_follow_the_rules_of_aws() {
    let arn = |account: &str| Some(format!("arn:aws:iam::{account}:role/audit/Reader"));
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let right = RoleOverride {
        role_arn: arn("111111111111"),
        via_role: arn("222222222222"),
        external_id: Some("x-1".to_owned()),
        ..RoleOverride::default()
    };
    RoleSettings::check_override(&right, &AccountId::new("111111111111")).expect("usable settings");
    expect_invalid_override(
        &RoleOverride { role_arn: arn("222222222222"), ..RoleOverride::default() },
        "another account",
    );
    expect_invalid_override(
        &RoleOverride { role_names: names(&["A"]), ..right.clone() },
        "both the name and the ARN",
    );
    expect_invalid_override(
        &RoleOverride { role_names: names(&["A", "a/b"]), ..RoleOverride::default() },
        "`a/b`",
    );
    expect_invalid_override(
        &RoleOverride { session_name: Some("x".to_owned()), ..right.clone() },
        "the session name `x`",
    );
    expect_invalid_override(
        &RoleOverride { via_role: Some("Hub".to_owned()), ..right },
        "invalid role ARN: `Hub`",
    );
}
