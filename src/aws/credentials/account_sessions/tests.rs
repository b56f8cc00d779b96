use std::time::Duration;

use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};
use aws_smithy_types::retry::RetryConfig;
use chrono::{DateTime, SecondsFormat, Utc};
use futures_util::future::join_all;

use super::AccountSessions;
use crate::aws::credentials::fake::{
    FakeAws, REQUEST_ID, SECRET, Sent, assumed_role, caller_identity, query_error,
};
use crate::aws::credentials::{AccountAccess, BaseIdentity, RoleSettings, SessionError, SessionPolicy};
use crate::names::AccountId;

const HOUR: Duration = Duration::from_hours(1);

/// Creates a fake STS of a management account whose sessions last an hour; the access key counts them.
fn sts(partition: &'static str) -> FakeAws {
    let clock = FakeAws::new(|_| unreachable!("only its clock is used")).time;
    let now = clock.clone();
    let opened = std::sync::atomic::AtomicUsize::new(0);
    let mut fake = FakeAws::new(move |request| {
        if request.body.contains("Action=GetCallerIdentity") {
            let arn = format!("arn:{partition}:iam::111111111111:user/me");
            return (200, caller_identity("111111111111", &arn));
        }
        let count = opened.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        let now = std::time::UNIX_EPOCH + Duration::from_secs_f64(now.seconds_since_unix_epoch());
        let end: DateTime<Utc> = (now + HOUR).into();
        (200, assumed_role(&format!("ASIA{count}"), &end.to_rfc3339_opts(SecondsFormat::Secs, true)))
    });
    fake.time = clock;
    fake
}

async fn sessions(fake: &FakeAws, region: &'static str, settings: RoleSettings) -> AccountSessions {
    let base = BaseIdentity::from_config(fake.config(region)).await.expect("a base identity");
    AccountSessions::new(&base, settings).expect("usable settings")
}

async fn key(provider: &SharedCredentialsProvider) -> String {
    provider.provide_credentials().await.expect("credentials").access_key_id().to_owned()
}

fn assume_role_calls(fake: &FakeAws) -> Vec<Sent> {
    fake.sent().into_iter().filter(|sent| sent.body.contains("Action=AssumeRole")).collect()
}

#[tokio::test]
async fn sts_endpoint_follows_region_and_partition_of_caller() {
    for (partition, region, host) in [
        ("aws", "us-east-1", "https://sts.us-east-1.amazonaws.com/"),
        ("aws-cn", "cn-north-1", "https://sts.cn-north-1.amazonaws.com.cn/"),
        ("aws-us-gov", "us-gov-west-1", "https://sts.us-gov-west-1.amazonaws.com/"),
    ] {
        let fake = sts(partition);
        let sessions = sessions(&fake, region, RoleSettings::default()).await;
        sessions.open(&AccountId::new("222222222222")).await.expect("a session");
        let call = assume_role_calls(&fake).remove(0);
        assert_eq!(call.uri, host);
        let arn = format!(
            "RoleArn=arn%3A{partition}%3Aiam%3A%3A222222222222%3Arole%2FOrganizationAccountAccessRole"
        );
        assert!(call.body.contains(&arn), "{}", call.body);
    }
}

#[tokio::test]
async fn all_settings_of_the_role_reach_sts() {
    let fake = sts("aws");
    let settings = RoleSettings {
        external_id: Some("secret-handshake".to_owned()),
        duration: Some(HOUR * 2),
        session_policies: vec![SessionPolicy {
            document: Some("{}".to_owned()),
            managed: vec!["arn:{partition}:iam::{account}:policy/Own".to_owned()],
        }],
        source_identity: Some("alice".to_owned()),
        tags: vec![("team".to_owned(), "audit".to_owned())],
        ..RoleSettings::default()
    };
    sessions(&fake, "eu-west-1", settings)
        .await
        .open(&AccountId::new("222222222222"))
        .await
        .expect("a session");
    let body = assume_role_calls(&fake).remove(0).body;
    for expected in [
        "RoleSessionName=aws-auto-inventory",
        "ExternalId=secret-handshake",
        "DurationSeconds=7200",
        "Policy=%7B%7D",
        "PolicyArns.member.1.arn=arn%3Aaws%3Aiam%3A%3A222222222222%3Apolicy%2FOwn",
        "SourceIdentity=alice",
        "Tags.member.1.Key=team",
    ] {
        assert!(body.contains(expected), "{expected} is missing in {body}");
    }
}

#[tokio::test]
async fn the_callers_own_account_is_entered_with_the_base_credentials() {
    let fake = sts("aws");
    let sessions = sessions(&fake, "eu-west-1", RoleSettings::default()).await;
    let own = sessions.open(&AccountId::new("111111111111")).await.expect("the base credentials");
    assert_eq!(key(&own).await, "AKIDBASE");
    assert!(assume_role_calls(&fake).is_empty());
}

#[tokio::test]
async fn concurrent_callers_share_one_session_of_their_account() {
    let fake = sts("aws");
    let sessions = sessions(&fake, "eu-west-1", RoleSettings::default()).await;
    let accounts = ["222222222222", "333333333333"].map(AccountId::new);
    let providers: Vec<_> = (0..50).map(|index| sessions.provider(&accounts[index % 2])).collect();
    let keys = join_all(providers.iter().map(key)).await;
    assert_eq!(assume_role_calls(&fake).len(), 2);
    assert_eq!(keys[0], keys[48]);
    assert_ne!(keys[0], keys[1]);
}

#[tokio::test(start_paused = true)]
async fn sessions_are_opened_however_many_sts_fails_for_at_once() {
    let tried = std::sync::Mutex::new(std::collections::HashSet::new());
    let good = sts("aws");
    let healthy = good.clone();
    let mut fake = FakeAws::new(move |request| {
        let is_first = request.body.contains("Action=AssumeRole")
            && tried.lock().expect("no test panicked here").insert(request.body.clone());
        if is_first {
            (503, query_error("ServiceUnavailable", "try again"))
        } else {
            healthy.respond(request)
        }
    });
    fake.time = good.time.clone();
    let retries = RetryConfig::standard().with_max_attempts(2);
    let config = fake.config("eu-west-1").into_builder().retry_config(retries).build();
    let base = BaseIdentity::from_config(config).await.expect("a base identity");
    let sessions = AccountSessions::new(&base, RoleSettings::default()).expect("usable settings");
    let accounts: Vec<AccountId> =
        (0..400).map(|number| AccountId::new(format!("{:012}", 222_222_222_222_u64 + number))).collect();
    let opened = join_all(accounts.iter().map(|account| sessions.open(account))).await;
    let errors: Vec<String> =
        opened.into_iter().filter_map(Result::err).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
}

#[tokio::test]
async fn a_session_is_renewed_minutes_before_it_ends() {
    let fake = sts("aws");
    let sessions = sessions(&fake, "eu-west-1", RoleSettings::default()).await;
    let provider = sessions.provider(&AccountId::new("222222222222"));
    assert_eq!(key(&provider).await, "ASIA1");
    fake.time.advance(Duration::from_mins(49));
    assert_eq!(key(&provider).await, "ASIA1");
    fake.time.advance(Duration::from_mins(6));
    assert_eq!(key(&provider).await, "ASIA2");
}

#[tokio::test]
async fn a_session_that_aws_refused_is_replaced_once() {
    let fake = sts("aws");
    let sessions = sessions(&fake, "eu-west-1", RoleSettings::default()).await;
    let account = AccountId::new("222222222222");
    let provider = sessions.provider(&account);
    assert_eq!(key(&provider).await, "ASIA1");
    let call_started = fake.time.advance(Duration::from_secs(1));
    fake.time.advance(Duration::from_secs(1));
    for _ in 0..3 {
        sessions.refused(&account, call_started);
        assert_eq!(key(&provider).await, "ASIA2");
    }
}

#[tokio::test]
async fn a_session_is_dropped_with_its_last_user() {
    let fake = sts("aws");
    let sessions = sessions(&fake, "eu-west-1", RoleSettings::default()).await;
    let account = AccountId::new("222222222222");
    drop(sessions.open(&account).await.expect("a session"));
    assert_eq!(key(&sessions.provider(&account)).await, "ASIA2");
}

#[tokio::test]
async fn white_space_around_key_of_session_is_removed() {
    let fake = FakeAws::new(move |request| {
        if request.body.contains("Action=GetCallerIdentity") {
            return (200, caller_identity("111111111111", "arn:aws:iam::111111111111:user/me"));
        }
        (200, assumed_role("\n  ASIA1\n ", "2099-01-01T00:00:00Z"))
    });
    let sessions = sessions(&fake, "eu-west-1", RoleSettings::default()).await;
    let provider = sessions.open(&AccountId::new("222222222222")).await.expect("a session");
    assert_eq!(key(&provider).await, "ASIA1");
}

/// A session whose key is not valid in a header is refused, and nothing is signed with it.
#[tokio::test]
async fn session_with_invalid_key_is_refused_and_signs_nothing() {
    for key in ["ASIA&#10;x-evil: 1", "ASIA&#13;x", "ASIA 1", "ASIA&#233;"] {
        let fake = FakeAws::new(move |request| {
            if request.body.contains("Action=GetCallerIdentity") {
                return (200, caller_identity("111111111111", "arn:aws:iam::111111111111:user/me"));
            }
            (200, assumed_role(key, "2099-01-01T00:00:00Z"))
        });
        let sessions = sessions(&fake, "eu-west-1", RoleSettings::default()).await;
        let error = sessions.open(&AccountId::new("222222222222")).await.expect_err(key).to_string();
        assert!(error.contains("invalid credentials: the access key ID of the session contains"), "{error}");
    }
}

async fn refused_with(code: &'static str, message: &'static str) -> SessionError {
    let fake = FakeAws::new(move |request| {
        if request.body.contains("Action=GetCallerIdentity") {
            return (200, caller_identity("111111111111", "arn:aws:iam::111111111111:user/me"));
        }
        (403, query_error(code, message))
    });
    let sessions = sessions(&fake, "eu-west-1", RoleSettings::default()).await;
    let account = AccountId::new("222222222222");
    let attempts = join_all((0..20).map(|_| sessions.open(&account))).await;
    assert_eq!(assume_role_calls(&fake).len(), 1, "all waiting callers share the error");
    attempts.into_iter().last().expect("twenty attempts").expect_err("an error")
}

#[tokio::test]
async fn a_denied_role_names_the_three_usual_causes() {
    let error =
        refused_with("AccessDenied", "User: arn:aws:iam::111111111111:user/me is not authorized").await;
    assert_eq!(error.error().code(), Some("AccessDenied"));
    assert_eq!(error.error().request_id(), Some(REQUEST_ID));
    assert_eq!(
        error.access().and_then(AccountAccess::role_arn),
        Some("arn:aws:iam::222222222222:role/OrganizationAccountAccessRole")
    );
    let hints = error.hints().join("\n");
    for expected in ["--role-name", "trust policy", "sts:AssumeRole on arn:aws:iam::222222222222"] {
        assert!(hints.contains(expected), "{expected} is missing in {hints}");
    }
}

#[tokio::test]
async fn other_refusals_bring_their_own_hint() {
    let denied = refused_with("AccessDenied", "… with an explicit deny in a service control policy").await;
    assert!(denied.hints()[0].contains("service control policy"), "{:?}", denied.hints());
    for (message, expected) in [
        (
            "… with an explicit deny in a resource control policy",
            "from the resource control policy that denies",
        ),
        (
            "… because no service control policy allows the sts:AssumeRole action",
            "let the service control policy",
        ),
        ("… because no VPC endpoint policy allows the sts:AssumeRole action", "let the VPC endpoint policy"),
        ("Roles may not be assumed by root accounts.", "the root user cannot assume roles"),
    ] {
        let denied = refused_with("AccessDenied", message).await;
        assert!(denied.hints()[0].contains(expected) && denied.hints().len() == 1, "{:?}", denied.hints());
    }
    let expired = refused_with("ExpiredToken", "The security token included in the request is expired").await;
    assert!(expired.hints()[0].contains("aws sso login"), "{:?}", expired.hints());
    let long =
        refused_with("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration").await;
    assert!(long.hints()[0].contains("shorter"), "{:?}", long.hints());
}

/// Creates a fake STS that accepts session policies up to a number of characters.
fn narrow_sts(length: usize) -> FakeAws {
    FakeAws::new(move |request| {
        if request.body.contains("Action=GetCallerIdentity") {
            return (200, caller_identity("111111111111", "arn:aws:iam::111111111111:user/me"));
        }
        let policy = request.body.split('&').find_map(|field| field.strip_prefix("Policy="));
        if policy.is_some_and(|policy| policy.len() > length) {
            return (400, query_error("PackedPolicyTooLarge", "Packed policy consumes 120%"));
        }
        (200, assumed_role("ASIA", "2099-01-01T00:00:00Z"))
    })
}

fn forms() -> RoleSettings {
    let form = |document: &str| SessionPolicy { document: Some(document.to_owned()), managed: vec![] };
    RoleSettings { session_policies: vec![form("aaaa"), form("bb"), form("c")], ..RoleSettings::default() }
}

/// A session policy that is too large is replaced by the next form, for all accounts.
#[tokio::test]
async fn oversized_session_policy_falls_back_for_all_accounts() {
    let fake = narrow_sts(2);
    let sessions = sessions(&fake, "eu-west-1", forms()).await;
    for account in ["222222222222", "333333333333"] {
        sessions.open(&AccountId::new(account)).await.expect("a session");
    }
    let sent: Vec<String> = assume_role_calls(&fake).into_iter().map(|sent| sent.body).collect();
    let sent_with = |index: usize, policy: &str| sent[index].ends_with(&format!("&Policy={policy}"));
    assert_eq!(sent.len(), 3, "{sent:?}");
    assert!(sent_with(0, "aaaa") && sent_with(1, "bb") && sent_with(2, "bb"), "{sent:?}");
}

#[tokio::test]
async fn without_a_form_that_is_small_enough_there_is_no_session() {
    let fake = narrow_sts(0);
    let sessions = sessions(&fake, "eu-west-1", forms()).await;
    let error = sessions.open(&AccountId::new("222222222222")).await.expect_err("an error");
    assert_eq!(error.error().code(), Some("PackedPolicyTooLarge"));
    assert!(error.hints()[0].contains("--session-tag"), "{:?}", error.hints());
    assert_eq!(assume_role_calls(&fake).len(), 3);
}

#[tokio::test]
async fn no_secret_reaches_a_debug_print() {
    let fake = sts("aws");
    let base = BaseIdentity::from_config(fake.config("eu-west-1")).await.expect("a base identity");
    let sessions = AccountSessions::new(&base, RoleSettings::default()).expect("usable settings");
    let provider = sessions.open(&AccountId::new("222222222222")).await.expect("a session");
    let printed = format!("{base:?} {sessions:?} {provider:?} {:#?}", provider.provide_credentials().await);
    for secret in [SECRET, "session-secret", "session-token"] {
        assert!(!printed.contains(secret), "{secret} is in {printed}");
    }
}
