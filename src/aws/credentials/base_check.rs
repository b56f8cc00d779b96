//! Checks during a run whether the base credentials are still valid.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_credential_types::provider::ProvideCredentials as _;
use tokio::sync::Mutex;

use super::base_identity::{BaseIdentity, get_caller_identity};
use super::troubleshooting;
use crate::error::Failure;

/// The time that a verdict stays valid: calls that fail together share one check.
const VERDICT_LIFETIME: Duration = Duration::from_secs(10);

/// Calls `sts:GetCallerIdentity` with the base credentials when an error suggests that they are not valid. The token
/// of a user of IAM Identity Center is checked with the access portal instead.
#[derive(Debug)]
pub(super) struct BaseCheck {
    base: BaseIdentity,
    last: Mutex<Option<BaseVerdict>>,
}

#[derive(Debug)]
struct BaseVerdict {
    at: SystemTime,
    outcome: Result<(), Arc<Failure>>,
}

impl BaseCheck {
    pub(super) fn new(base: BaseIdentity) -> Self {
        Self { base, last: Mutex::default() }
    }

    /// Returns an error when AWS no longer accepts the base credentials or their source returns none, even after
    /// they were reloaded. A network error is not a verdict.
    pub(super) async fn call_sts(&self) -> Result<(), Arc<Failure>> {
        let time = self.base.config().time_source().unwrap_or_default();
        let mut last = self.last.lock().await;
        let now = time.now();
        if let Some(verdict) = &*last
            && (verdict.outcome.is_err() || now < verdict.at + VERDICT_LIFETIME)
        {
            return verdict.outcome.clone();
        }
        let outcome = self.check_now(now).await.map_err(Arc::new);
        *last = Some(BaseVerdict { at: time.now(), outcome: outcome.clone() });
        outcome
    }

    async fn check_now(&self, now: SystemTime) -> Result<(), Failure> {
        if let Some(sets) = self.base.access_list().and_then(|access| access.permission_sets()) {
            return sets.check().await;
        }
        let cache = self.base.cache();
        cache.forget_before(now);
        if let Err(error) = cache.provide_credentials().await {
            return Err(troubleshooting::no_credentials(error, self.base.profiles()));
        }
        match get_caller_identity(self.base.config()).await {
            Err(error) if error.is_expired() || error.is_unknown_key() => {
                Err(troubleshooting::not_recognised(
                    error,
                    self.base.region().as_str(),
                    true,
                    self.base.profiles(),
                ))
            }
            Ok(_) | Err(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU16, Ordering};

    use super::{BaseCheck, VERDICT_LIFETIME};
    use crate::aws::credentials::BaseIdentity;
    use crate::aws::credentials::fake::{FakeAws, caller_identity, query_error};
    use crate::error::FailureKind;

    /// Creates a fake AWS that returns the caller identity until another status is stored.
    async fn check() -> (BaseCheck, FakeAws, Arc<AtomicU16>) {
        let status = Arc::new(AtomicU16::new(200));
        let current_status = status.clone();
        let fake = FakeAws::new(move |_| match current_status.load(Ordering::Relaxed) {
            200 => (200, caller_identity("111111111111", "arn:aws:iam::111111111111:user/me")),
            403 => {
                (403, query_error("ExpiredToken", "The security token included in the request is expired"))
            }
            status => (status, query_error("InternalFailure", "")),
        });
        let base = BaseIdentity::from_config(fake.config("eu-west-1")).await.expect("a base identity");
        (BaseCheck::new(base), fake, status)
    }

    #[tokio::test]
    async fn expired_base_credentials_are_told_with_what_to_do() {
        let (check, _, status) = check().await;
        check.call_sts().await.expect("they are valid");
        status.store(403, Ordering::Relaxed);
        check.call_sts().await.expect("checked a moment ago");
        let (check, _, status) = self::check().await;
        status.store(403, Ordering::Relaxed);
        let failure = check.call_sts().await.expect_err("they are expired");
        assert_eq!(failure.kind(), FailureKind::Credentials);
        assert!(failure.to_string().contains("aws sso login"), "{failure}");
    }

    #[tokio::test]
    async fn an_answer_stands_for_a_while() {
        let (check, fake, _) = check().await;
        for _ in 0..3 {
            check.call_sts().await.expect("they are valid");
        }
        // One at the start, and one for all three.
        assert_eq!(fake.sent().len(), 2);
        fake.time.advance(VERDICT_LIFETIME);
        check.call_sts().await.expect("they are valid");
        assert_eq!(fake.sent().len(), 3);
    }

    #[tokio::test]
    async fn a_service_that_fails_proves_nothing() {
        let (check, _, status) = check().await;
        status.store(500, Ordering::Relaxed);
        check.call_sts().await.expect("no response reports them as expired");
    }
}
