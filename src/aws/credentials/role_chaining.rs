//! Role chaining: an intermediate role that is assumed first with the base credentials.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use aws_config::SdkConfig;
use aws_credential_types::provider::SharedCredentialsProvider;

use super::access_list::{AccessList, AccessSource};
use super::assume_role::AssumeRoleContext;
use super::base_identity::BaseIdentity;
use super::role_settings::{RoleSettings, parse_role_arn};
use super::sts_client::sts_client;
use crate::error::Failure;

impl BaseIdentity {
    /// Assumes a role and returns its identity. The session is renewed with these credentials. The role's account
    /// replaces the account of the base credentials; sessions opened from it last at most one hour.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Usage`](crate::error::FailureKind) when `role_arn` is not the ARN of a role; a
    /// [`FailureKind::Credentials`](crate::error::FailureKind) when the role cannot be assumed.
    pub async fn via(
        &self,
        role_arn: &str,
        session_name: &str,
        source_identity: Option<&str>,
    ) -> Result<Self, Failure> {
        let config = self.chained(role_arn, session_name, source_identity)?;
        self.of_session(config).await
    }

    /// Returns the configuration with the credentials of a role's sessions, which are not opened yet.
    pub(super) fn chained(
        &self,
        role_arn: &str,
        session_name: &str,
        source_identity: Option<&str>,
    ) -> Result<SdkConfig, Failure> {
        let (account, role_name) = parse_role_arn(role_arn)?;
        let mut settings = RoleSettings {
            role_name: role_name.to_owned(),
            session_name: session_name.to_owned(),
            source_identity: source_identity.map(str::to_owned),
            ..RoleSettings::default()
        };
        settings.check()?;
        // The only account is that of the role.
        settings.arn_template = Some(role_arn.to_owned());
        let context = AssumeRoleContext {
            sts: sts_client(self.config()),
            settings,
            tags: Vec::new(),
            caller: self.caller().clone(),
            form: AtomicUsize::new(0),
            via: HashMap::new(),
        };
        let source = Arc::new(AccessList::new(AccessSource::Role(Box::new(context)))).provider(&account);
        let config = self.config().clone().into_builder();
        Ok(config.credentials_provider(SharedCredentialsProvider::new(source)).build())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use aws_credential_types::provider::ProvideCredentials as _;

    use crate::aws::credentials::fake::{FakeAws, assumed_role, caller_identity, query_error};
    use crate::aws::credentials::{AccountSessions, BaseIdentity, RoleSettings};
    use crate::error::FailureKind;
    use crate::names::AccountId;

    const HUB: &str = "arn:aws:iam::999999999999:role/audit/Hub";

    /// Creates a fake STS that returns the role's caller identity once a session was opened.
    fn sts() -> FakeAws {
        let opened = std::sync::atomic::AtomicUsize::new(0);
        FakeAws::new(move |request| {
            if request.body.contains("Action=AssumeRole") {
                let count = opened.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
                return (200, assumed_role(&format!("ASIA{count}"), "2026-11-18T13:06:40Z"));
            }
            if opened.load(std::sync::atomic::Ordering::Relaxed) == 0 {
                return (200, caller_identity("111111111111", "arn:aws:iam::111111111111:user/me"));
            }
            (200, caller_identity("999999999999", "arn:aws:sts::999999999999:assumed-role/Hub/s"))
        })
    }

    /// All calls are sent with the intermediate role, and members' roles are assumed from it.
    #[tokio::test]
    async fn role_chaining_uses_intermediate_role_for_all_calls() {
        let fake = sts();
        let base = BaseIdentity::from_config(fake.config("eu-west-1")).await.expect("a base identity");
        let hub = base.via(HUB, "scan", Some("alice")).await.expect("the role's identity");
        assert_eq!(hub.caller().account.as_str(), "999999999999");
        assert!(fake.sent()[1].body.contains("SourceIdentity=alice"), "{}", fake.sent()[1].body);
        let long = RoleSettings { duration: Some(Duration::from_hours(4)), ..RoleSettings::default() };
        let sessions = AccountSessions::new(&hub, long).expect("usable settings");
        let own = sessions.open(&AccountId::new("999999999999")).await.expect("the role's own session");
        assert_eq!(own.provide_credentials().await.expect("credentials").access_key_id(), "ASIA1");
        sessions.open(&AccountId::new("222222222222")).await.expect("a session");
        let last = fake.sent().pop().expect("a request").body;
        assert!(last.contains("DurationSeconds=3600"), "a chained session lasts an hour: {last}");
    }

    #[tokio::test]
    async fn the_session_is_renewed_with_the_base_credentials() {
        let fake = sts();
        let base = BaseIdentity::from_config(fake.config("eu-west-1")).await.expect("a base identity");
        let hub = base.via(HUB, "scan", None).await.expect("the role's identity");
        let provider = hub.config().credentials_provider().expect("a provider");
        assert_eq!(provider.provide_credentials().await.expect("credentials").access_key_id(), "ASIA1");
        fake.time.advance(Duration::from_hours(3));
        assert_eq!(provider.provide_credentials().await.expect("credentials").access_key_id(), "ASIA2");
    }

    #[tokio::test]
    async fn a_role_that_cannot_be_assumed_says_why_and_what_to_do() {
        let fake = FakeAws::new(|request| {
            if request.body.contains("Action=AssumeRole") {
                return (403, query_error("AccessDenied", "not authorized to perform: sts:AssumeRole"));
            }
            (200, caller_identity("111111111111", "arn:aws:iam::111111111111:user/me"))
        });
        let base = BaseIdentity::from_config(fake.config("eu-west-1")).await.expect("a base identity");
        let failure = base.via(HUB, "scan", None).await.expect_err("an error");
        assert_eq!(failure.kind(), FailureKind::Credentials);
        let text = failure.to_string();
        for expected in [HUB, "AccessDenied", "trust policy"] {
            assert!(text.contains(expected), "{expected} is missing in {text}");
        }
        let failure = base.via("Hub", "scan", None).await.expect_err("no ARN");
        assert_eq!(failure.kind(), FailureKind::Usage);
    }
}
