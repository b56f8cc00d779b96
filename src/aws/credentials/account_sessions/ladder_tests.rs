//! Several roles, and accounts with separate settings.

use std::collections::HashMap;

use aws_credential_types::provider::ProvideCredentials as _;

use super::AccountSessions;
use crate::aws::credentials::fake::{FakeAws, assumed_role, caller_identity, query_error};
use crate::aws::credentials::{AccountAccess, BaseIdentity, RoleOverride, RoleSettings};
use crate::names::AccountId;

/// The time at which sessions end: hours after the clock of the fake.
const END: &str = "2026-11-18T13:06:40Z";

/// Creates a fake STS that denies roles whose name starts with `Denied`, and counts its sessions in the access key.
fn sts() -> FakeAws {
    let opened = std::sync::atomic::AtomicUsize::new(0);
    FakeAws::new(move |request| {
        if request.body.contains("Action=GetCallerIdentity") {
            return (200, caller_identity("111111111111", "arn:aws:iam::111111111111:user/me"));
        }
        if request.body.contains("role%2FDenied") {
            return (403, query_error("AccessDenied", "not authorized to perform: sts:AssumeRole"));
        }
        let count = opened.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        (200, assumed_role(&format!("ASIA{count}"), END))
    })
}

async fn sessions(fake: &FakeAws, settings: RoleSettings) -> AccountSessions {
    let base = BaseIdentity::from_config(fake.config("eu-west-1")).await.expect("a base identity");
    AccountSessions::new(&base, settings).expect("usable settings")
}

/// The bodies of the requests that open sessions.
fn requests(fake: &FakeAws) -> Vec<String> {
    let sent = fake.sent().into_iter().map(|sent| sent.body);
    sent.filter(|body| body.contains("Action=AssumeRole")).collect()
}

fn ladder(names: &[&str]) -> RoleSettings {
    let mut names = names.iter().map(|name| (*name).to_owned());
    RoleSettings {
        role_name: names.next().expect("a name"),
        fallback_role_names: names.collect(),
        ..RoleSettings::default()
    }
}

fn own(account: &str, own: RoleOverride) -> HashMap<AccountId, RoleOverride> {
    HashMap::from([(AccountId::new(account), own)])
}

#[tokio::test]
async fn roles_are_tried_in_order_and_the_open_one_is_kept() {
    let fake = sts();
    let sessions = sessions(&fake, ladder(&["DeniedOne", "DeniedTwo", "Open", "Later"])).await;
    let account = AccountId::new("222222222222");
    let provider = sessions.open(&account).await.expect("a session");
    assert_eq!(requests(&fake).len(), 3, "one request for each failed step");
    let arn = "arn:aws:iam::222222222222:role/Open".to_owned();
    assert_eq!(sessions.access(&account), Some(AccountAccess::Role(arn)));
    fake.time.advance(std::time::Duration::from_hours(1_000_000));
    provider.provide_credentials().await.expect("a renewed session");
    assert_eq!(requests(&fake).len(), 4, "the renewal tries the open role alone");
}

#[tokio::test]
async fn a_failure_other_than_a_denial_ends_the_ladder() {
    let fake = FakeAws::new(|request| {
        if request.body.contains("Action=GetCallerIdentity") {
            return (200, caller_identity("111111111111", "arn:aws:iam::111111111111:user/me"));
        }
        (403, query_error("RegionDisabledException", "STS is not activated in this region"))
    });
    let sessions = sessions(&fake, ladder(&["One", "Two"])).await;
    sessions.open(&AccountId::new("222222222222")).await.expect_err("no session");
    assert!(requests(&fake).iter().all(|body| body.contains("role%2FOne")));
}

#[tokio::test]
async fn settings_of_an_account_reach_sts_for_it_alone() {
    let fake = sts();
    let overrides = own(
        "222222222222",
        RoleOverride {
            role_names: vec!["Mine".to_owned()],
            external_id: Some("x-2".to_owned()),
            session_name: Some("nightly".to_owned()),
            ..RoleOverride::default()
        },
    );
    let settings = RoleSettings { overrides, external_id: Some("x-0".to_owned()), ..ladder(&["Open"]) };
    let sessions = sessions(&fake, settings).await;
    for account in ["222222222222", "333333333333"] {
        sessions.open(&AccountId::new(account)).await.expect("a session");
    }
    let [own, other] = &*requests(&fake) else { panic!("two sessions") };
    for expected in ["role%2FMine", "ExternalId=x-2", "RoleSessionName=nightly"] {
        assert!(own.contains(expected), "{expected} is missing in {own}");
    }
    for expected in ["role%2FOpen", "ExternalId=x-0", "RoleSessionName=aws-auto-inventory"] {
        assert!(other.contains(expected), "{expected} is missing in {other}");
    }
}

#[tokio::test]
async fn role_of_an_account_is_assumed_from_its_hub() {
    let fake = sts();
    let hub = Some("arn:aws:iam::999999999999:role/Hub".to_owned());
    let overrides = own("222222222222", RoleOverride { via_role: hub, ..RoleOverride::default() });
    let sessions = sessions(&fake, RoleSettings { overrides, ..ladder(&["Open"]) }).await;
    for account in ["222222222222", "333333333333"] {
        sessions.open(&AccountId::new(account)).await.expect("a session");
    }
    let sent = fake.sent();
    let keys: Vec<&str> = sent.iter().map(|sent| key(&sent.authorization)).collect();
    assert_eq!(keys, ["AKIDBASE", "AKIDBASE", "ASIA1", "AKIDBASE"], "identity, hub, role from the hub, role");
}

#[tokio::test]
async fn denied_hub_is_named_with_its_hints() {
    let fake = sts();
    let hub = Some("arn:aws:iam::999999999999:role/DeniedHub".to_owned());
    let overrides = own("222222222222", RoleOverride { via_role: hub, ..RoleOverride::default() });
    let sessions = sessions(&fake, RoleSettings { overrides, ..ladder(&["Open"]) }).await;
    let error = sessions.open(&AccountId::new("222222222222")).await.expect_err("a denied hub");
    let text = format!("{error} {}", error.hints().join(" "));
    assert!(text.contains("cannot assume arn:aws:iam::999999999999:role/DeniedHub"), "{text}");
    assert!(text.contains("trust policy"), "{text}");
}

/// The access key in the header of a signed request.
fn key(authorization: &str) -> &str {
    let (_, rest) = authorization.split_once("Credential=").expect("a signed request");
    rest.split('/').next().unwrap_or_default()
}
