use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_credential_types::Token;
use aws_credential_types::provider::token::SharedTokenProvider;
use serde_json::json;

use super::IdentityCenter;
use crate::aws::credentials::fake::{FakeAws, Sent, caller_identity};
use crate::aws::credentials::{AccountSessions, BaseIdentity, RoleSettings};
use crate::error::{Failure, FailureKind};
use crate::names::AccountId;

const TOKEN: &str = "token-of-the-user";

fn center(fake: &FakeAws, sets: &[&str]) -> IdentityCenter {
    let token = SharedTokenProvider::new(Token::new(TOKEN, None));
    let config = fake.config("eu-west-1").into_builder().token_provider(token).build();
    let sets = sets.iter().map(|name| (*name).to_owned()).collect();
    IdentityCenter::from_config(config, sets).expect("a token")
}

fn error(status: u16, code: &str, message: &str) -> (u16, String) {
    (status, json!({"__type": code, "message": message}).to_string())
}

fn credentials(key: &str) -> (u16, String) {
    let keys = json!({"accessKeyId": key, "secretAccessKey": "session-secret", "sessionToken": "session-token",
                      "expiration": 1_795_003_600_000_u64});
    (200, json!({"roleCredentials": keys}).to_string())
}

/// Creates a fake of the portal and of STS, in which `respond` handles requests for credentials.
fn portal(respond: impl Fn(&Sent) -> (u16, String) + Send + Sync + 'static) -> FakeAws {
    FakeAws::new(move |request| {
        if request.uri.contains("/federation/credentials") {
            return respond(request);
        }
        if request.uri.contains("/assignment/roles") {
            let assigned = json!([{"roleName": "Billing", "accountId": "111111111111"}]);
            return (200, json!({"roleList": assigned}).to_string());
        }
        let arn = "arn:aws:sts::111111111111:assumed-role/AWSReservedSSO_Audit_0123456789abcdef/alice";
        (200, caller_identity("111111111111", arn))
    })
}

async fn identify(fake: &FakeAws, sets: &[&str], accounts: &[&str]) -> Result<BaseIdentity, Failure> {
    let accounts: Vec<AccountId> = accounts.iter().copied().map(AccountId::new).collect();
    center(fake, sets).identify(&accounts).await
}

#[tokio::test]
async fn all_pages_of_assigned_accounts_are_read() {
    let fake = FakeAws::new(|request| {
        let account =
            |id: &str| json!({"accountId": id, "accountName": "shop", "emailAddress": "a@example.com"});
        let page = if request.uri.contains("next_token=second") {
            json!({"accountList": [account("111111111111")]})
        } else {
            json!({"accountList": [account("222222222222"), account("111111111111")], "nextToken": "second"})
        };
        (200, page.to_string())
    });
    let accounts = center(&fake, &["Audit"]).accounts().await.expect("accounts");
    let ids: Vec<&str> = accounts.iter().map(|account| account.id.as_str()).collect();
    assert_eq!(ids, ["111111111111", "222222222222"]);
    assert_eq!(accounts[0].name.as_deref(), Some("shop"));
    let first = &fake.sent()[0].uri;
    assert!(first.starts_with("https://portal.sso.eu-west-1.amazonaws.com/assignment/accounts"), "{first}");
}

#[tokio::test]
async fn page_token_that_repeats_is_an_error() {
    let fake = FakeAws::new(|_| (200, json!({"accountList": [], "nextToken": "again"}).to_string()));
    let failure = center(&fake, &["Audit"]).accounts().await.expect_err("an endless list");
    assert!(failure.to_string().contains("same page token twice"), "{failure}");
}

#[tokio::test]
async fn next_permission_set_is_tried_after_a_denial_only() {
    let denied = portal(|request| {
        if request.uri.contains("role_name=Audit") {
            error(403, "ForbiddenException", "No access")
        } else {
            credentials("ASIAREADONLY")
        }
    });
    let identity = identify(&denied, &["Audit", "ReadOnly"], &["111111111111"]).await.expect("an identity");
    let sessions = AccountSessions::new(&identity, RoleSettings::default()).expect("sessions");
    let account = AccountId::new("111111111111");
    let used = sessions.choice(&account).map(|access| access.to_string());
    assert_eq!(used.as_deref(), Some("permission set ReadOnly"));
    let throttled = portal(|request| {
        if request.uri.contains("role_name=Audit") {
            error(429, "TooManyRequestsException", "HTTP 429 Unknown Code")
        } else {
            credentials("ASIAREADONLY")
        }
    });
    let failure =
        identify(&throttled, &["Audit", "ReadOnly"], &["111111111111"]).await.expect_err("an error");
    assert!(failure.to_string().contains("TooManyRequestsException"), "{failure}");
    assert!(throttled.sent().iter().all(|sent| !sent.uri.contains("role_name=ReadOnly")));
}

#[tokio::test]
async fn used_permission_set_is_not_chosen_again() {
    let is_assigned = Arc::new(AtomicBool::new(false));
    let assigned = Arc::clone(&is_assigned);
    let fake = portal(move |request| {
        let is_first = request.uri.contains("role_name=Audit");
        if is_first && !assigned.load(Ordering::Relaxed) {
            error(403, "ForbiddenException", "No access")
        } else {
            credentials("ASIASESSION")
        }
    });
    let identity = identify(&fake, &["Audit", "ReadOnly"], &["111111111111"]).await.expect("an identity");
    is_assigned.store(true, Ordering::Relaxed);
    let sessions = AccountSessions::new(&identity, RoleSettings::default()).expect("sessions");
    sessions.open(&AccountId::new("111111111111")).await.expect("a session");
    let last = fake.sent().pop().expect("a request").uri;
    assert!(last.contains("role_name=ReadOnly"), "{last}");
}

#[tokio::test]
async fn rejected_token_is_no_missing_assignment() {
    let fake = portal(|_| error(401, "UnauthorizedException", "Session token not found or invalid"));
    let failure = identify(&fake, &["Audit"], &["111111111111"]).await.expect_err("an error");
    assert_eq!(failure.kind(), FailureKind::Credentials);
    let text = failure.to_string();
    assert!(text.contains("Session token not found or invalid") && text.contains("aws sso login"), "{text}");
    assert!(!text.contains(TOKEN), "{text}");
}

#[tokio::test]
async fn account_of_the_caller_is_the_first_with_an_assignment() {
    let fake = portal(|request| {
        if request.uri.contains("account_id=111111111111") {
            credentials("ASIASESSION")
        } else {
            error(403, "ForbiddenException", "No access")
        }
    });
    let identity = identify(&fake, &["Audit"], &["222222222222", "111111111111"]).await.expect("an identity");
    assert_eq!(identity.caller().account.as_str(), "111111111111");
    assert!(identity.uses_permission_sets());
    let failure =
        identify(&fake, &["Audit"], &["222222222222"]).await.expect_err("no assignment").to_string();
    assert!(failure.contains("--sso-permission-set: Billing"), "{failure}");
}
