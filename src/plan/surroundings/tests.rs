//! Tests which accounts of an organization an entry is called in.

use super::Surroundings;
use crate::model::catalog::Catalog;
use crate::names::AccountId;
use crate::plan::spec::{ScanSpec, SpecEntry};

const MANAGEMENT: &str = "111111111111";
const SECURITY: &str = "222222222222";
const MEMBER: &str = "333333333333";

pub(in crate::plan) fn entries(spec: &str) -> Vec<SpecEntry> {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    ScanSpec::parse(spec, "test", &catalog).expect("a spec").entries
}

pub(in crate::plan) fn entry(service: &str, function: &str) -> Vec<SpecEntry> {
    entries(&format!(r#"[{{"service": "{service}", "function": "{function}"}}]"#))
}

/// Returns an organization whose management account scans all three accounts; security is the delegated
/// administrator of GuardDuty and Config.
fn organization() -> Surroundings {
    let administrator = || vec![AccountId::new(SECURITY)];
    Surroundings {
        caller: Some(AccountId::new(MANAGEMENT)),
        is_organization: true,
        is_alone: false,
        management: Some(AccountId::new(MANAGEMENT)),
        scanned: [MANAGEMENT, SECURITY, MEMBER].map(AccountId::new).into(),
        delegated: [
            ("config-multiaccountsetup.amazonaws.com".to_owned(), administrator()),
            ("guardduty.amazonaws.com".to_owned(), administrator()),
        ]
        .into(),
    }
}

/// Returns the accounts in which the first entry is called, by the first digit; or why it is called in none.
fn called(surroundings: &Surroundings, entries: &[SpecEntry]) -> Result<String, String> {
    let (calls, skipped) = surroundings.calls(entries);
    let Some(call) = calls.first() else { return Err(skipped[0].reason.clone()) };
    let accounts = surroundings.scanned.iter().filter(|account| call.is_called_in(account));
    Ok(accounts.map(|account| account.as_str()[..1].to_owned()).collect())
}

#[test]
fn organization_calls_run_in_management_account() {
    let organization = organization();
    for (service, function, expected) in [
        ("ec2", "describe_vpcs", "123"),
        ("organizations", "describe_organization", "123"),
        ("organizations", "list_roots", "1"),
        ("guardduty", "list_organization_admin_accounts", "1"),
        ("guardduty", "get_organization_statistics", "2"),
        // Each account has its own rules.
        ("config", "describe_organization_config_rules", "12"),
        // Security Hub has no delegated administrator: the management account may be the administrator
        // itself.
        ("securityhub", "list_configuration_policies", "1"),
    ] {
        assert_eq!(called(&organization, &entry(service, function)).as_deref(), Ok(expected), "{function}");
    }
}

#[test]
fn a_delegated_administrator_that_scans_calls_what_it_may() {
    let scanner = Surroundings { caller: Some(AccountId::new(SECURITY)), ..organization() };
    for (service, function, expected) in [
        ("organizations", "list_roots", "2"),
        ("guardduty", "get_organization_statistics", "2"),
        ("guardduty", "list_organization_admin_accounts", "1"),
        // The account is the administrator of other services.
        ("sso-admin", "list_instances", "123"),
        ("health", "describe_events_for_organization", "1"),
    ] {
        assert_eq!(called(&scanner, &entry(service, function)).as_deref(), Ok(expected), "{function}");
    }
    let alone = Surroundings { scanned: [SECURITY, MEMBER].map(AccountId::new).into(), ..scanner };
    assert_eq!(called(&alone, &entry("organizations", "list_roots")).as_deref(), Ok("2"));
    let nowhere = called(&alone, &entry("guardduty", "list_organization_admin_accounts"));
    let reason = nowhere.expect_err("no account may");
    assert!(reason.contains("only the management account 111111111111 may call it"), "{reason}");
}

/// Without the management account, one ledger line stands for all its calls.
#[test]
fn unscanned_management_account_gets_one_skipped_line() {
    let members = Surroundings { scanned: [SECURITY, MEMBER].map(AccountId::new).into(), ..organization() };
    let spec = entries(
        r#"[{"service": "organizations", "function": "list_roots", "each": [
            {"over": ".Roots[].Id", "function": "list_accounts_for_parent", "parameters": {"ParentId": "{.}"}}]}]"#,
    );
    let (calls, skipped) = members.calls(&spec);
    assert!(calls.is_empty());
    let functions: Vec<&str> = skipped.iter().map(|line| &*line.function).collect();
    assert_eq!(functions, ["list_roots", "list_accounts_for_parent"]);
    assert!(skipped.iter().all(|line| line.account.is_none()));
    let hint = skipped[0].hint.as_deref().unwrap_or_default();
    assert!(hint.contains("--include-management"), "{hint}");
}

#[test]
fn accounts_that_are_scanned_alone_are_asked_as_they_are() {
    let alone = Surroundings {
        caller: Some(AccountId::new(MEMBER)),
        is_alone: true,
        scanned: [AccountId::new(MEMBER)].into(),
        ..Surroundings::default()
    };
    assert_eq!(called(&alone, &entry("organizations", "list_roots")).as_deref(), Ok("3"));
}

/// Among named accounts, the caller's is used where the management account is not known.
#[test]
fn caller_is_tried_among_named_accounts() {
    let named = Surroundings {
        caller: Some(AccountId::new(MEMBER)),
        scanned: [SECURITY, MEMBER].map(AccountId::new).into(),
        ..Surroundings::default()
    };
    assert_eq!(called(&named, &entry("organizations", "list_roots")).as_deref(), Ok("3"));
    let known = Surroundings { management: Some(AccountId::new(SECURITY)), ..named.clone() };
    assert_eq!(called(&known, &entry("organizations", "list_roots")).as_deref(), Ok("2"));
    let others = Surroundings { scanned: [AccountId::new(SECURITY)].into(), ..named };
    assert!(called(&others, &entry("organizations", "list_roots")).is_err());
}

#[test]
fn an_entry_says_where_it_is_called() {
    let spec = |accounts: &str| {
        entries(&format!(
            r#"[{{"service": "organizations", "function": "list_roots", "accounts": {accounts}}}]"#
        ))
    };
    let organization = organization();
    assert_eq!(called(&organization, &spec(r#""management""#)).as_deref(), Ok("1"));
    assert_eq!(called(&organization, &spec(r#""delegated:guardduty.amazonaws.com""#)).as_deref(), Ok("2"));
    let ids = spec(r#"["333333333333", "444444444444"]"#);
    assert_eq!(called(&organization, &ids).as_deref(), Ok("3"), "the spec knows better than the catalog");
    let (_, skipped) = organization.calls(&ids);
    assert_eq!(skipped[0].account.as_ref().map(AccountId::as_str), Some("444444444444"));
    let nowhere = called(&organization, &spec(r#""delegated:fms.amazonaws.com""#)).expect_err("no account");
    assert!(nowhere.ends_with("and there are none"), "{nowhere}");
}
