//! A cache of credentials, which are loaded once, shared by all callers and renewed before they expire.

use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, SharedCredentialsProvider, future};
use aws_smithy_async::time::SharedTimeSource;

use super::credential_form;
use crate::error::chain;
use crate::util::own_keys;

/// Credentials are renewed at least this long before they expire …
const MARGIN: Duration = Duration::from_mins(5);

/// … and up to this much earlier, each provider at its own point, so that the sessions of a
/// thousand accounts do not all fall due in the same second.
const SPREAD: Duration = Duration::from_mins(5);

/// The time until the next attempt to renew credentials that are due but could not be renewed.
const POSTPONEMENT: Duration = Duration::from_mins(1);

/// A cache around a credentials provider.
///
/// It replaces the SDK's `LazyCache` for three reasons: that one keeps 64 providers and then evicts at random,
/// where an organization has thousands of accounts; when a load fails, it drops credentials that are valid for
/// minutes more, and lets every waiting caller retry one after the other; and it has no way to invalidate a
/// session that AWS has rejected before its expiry.
pub(super) struct CredentialsCache {
    source: SharedCredentialsProvider,
    time: SharedTimeSource,
    /// A number between 0 and 1: the point within [`SPREAD`] at which this provider renews.
    turn: f64,
    current: RwLock<Option<CachedCredentials>>,
    /// The lock held during a load, with the failure of the last load.
    loading: tokio::sync::Mutex<Option<CachedFailure>>,
}

#[derive(Clone)]
struct CachedCredentials {
    credentials: Credentials,
    loaded_at: SystemTime,
    /// `None` for credentials that do not expire.
    due_at: Option<SystemTime>,
}

struct CachedFailure {
    at: SystemTime,
    error: SharedError,
}

impl CredentialsCache {
    /// Creates a cache around `source`; `name` determines its point of renewal within [`SPREAD`].
    pub(super) fn new(source: SharedCredentialsProvider, time: SharedTimeSource, name: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        let turn = f64::from(u16::try_from(hasher.finish() % 1000).unwrap_or_default()) / 1000.0;
        Self { source, time, turn, current: RwLock::default(), loading: tokio::sync::Mutex::default() }
    }

    /// Returns the cache as a provider for the SDK; all providers of one cache share its credentials.
    pub(super) fn provider(self: &Arc<Self>) -> SharedCredentialsProvider {
        let shared: Arc<dyn ProvideCredentials> = self.clone();
        SharedCredentialsProvider::new(shared)
    }

    /// Drops credentials that were loaded before `moment`. Credentials loaded later are not the ones that AWS
    /// rejected.
    pub(super) fn forget_before(&self, moment: SystemTime) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.as_ref().is_some_and(|held| held.loaded_at <= moment) {
            *current = None;
        }
    }

    fn held(&self) -> Option<CachedCredentials> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn hold(&self, held: CachedCredentials) -> Credentials {
        own_keys::remember(&held.credentials);
        let credentials = held.credentials.clone();
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(held);
        credentials
    }

    async fn credentials(&self) -> provider::Result {
        let requested_at = self.time.now();
        let held = self.held();
        if let Some(held) = &held
            && !held.is_due(requested_at)
        {
            return Ok(held.credentials.clone());
        }
        let usable = held.filter(|held| held.is_valid(requested_at));
        let mut last_failure = match &usable {
            Some(held) => {
                let Ok(guard) = self.loading.try_lock() else {
                    // Another caller is renewing them; they are still valid until then.
                    return Ok(held.credentials.clone());
                };
                guard
            }
            None => self.loading.lock().await,
        };
        if let Some(held) = self.held().filter(|held| !held.is_due(requested_at)) {
            return Ok(held.credentials);
        }
        // Callers that waited for a failed load share its failure; later callers may retry.
        if usable.is_none()
            && let Some(failure) = last_failure.as_ref().filter(|failure| failure.at >= requested_at)
        {
            return Err(failure.error.duplicate());
        }
        let loaded = self.source.provide_credentials().await;
        let loaded = loaded.and_then(|credentials| {
            credential_form::trimmed(credentials, "its source")
                .map_err(CredentialsError::invalid_configuration)
        });
        match (loaded, usable) {
            (Ok(credentials), _) => {
                *last_failure = None;
                Ok(self.hold(self.schedule(credentials)))
            }
            (Err(error), Some(held)) => {
                tracing::warn!(target: "scan::credentials", error = %chain(&error), "cannot renew the credentials; the current ones are still valid");
                Ok(self.hold(CachedCredentials { due_at: Some(self.time.now() + POSTPONEMENT), ..held }))
            }
            (Err(error), None) => {
                let error = SharedError(Arc::new(error));
                let again = error.duplicate();
                *last_failure = Some(CachedFailure { at: self.time.now(), error });
                Err(again)
            }
        }
    }

    fn schedule(&self, credentials: Credentials) -> CachedCredentials {
        let loaded_at = self.time.now();
        let due_at = credentials.expiry().map(|expiry| {
            let lifetime = expiry.duration_since(loaded_at).unwrap_or_default();
            // Short-lived credentials must not be renewed on every use.
            expiry - (MARGIN + SPREAD.mul_f64(self.turn)).min(lifetime / 4)
        });
        CachedCredentials { credentials, loaded_at, due_at }
    }
}

impl CachedCredentials {
    fn is_due(&self, now: SystemTime) -> bool {
        self.due_at.is_some_and(|due_at| now >= due_at)
    }

    fn is_valid(&self, now: SystemTime) -> bool {
        self.credentials.expiry().is_none_or(|expiry| now < expiry)
    }
}

impl ProvideCredentials for CredentialsCache {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.credentials())
    }
}

impl fmt::Debug for CredentialsCache {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("CredentialsCache").finish_non_exhaustive()
    }
}

/// A failure shared by all callers that waited for the credentials.
#[derive(Clone, Debug, thiserror::Error)]
#[error(transparent)]
struct SharedError(Arc<CredentialsError>);

impl SharedError {
    /// Returns the failure for one more caller, in the same category as the original.
    fn duplicate(&self) -> CredentialsError {
        match &*self.0 {
            CredentialsError::CredentialsNotLoaded(_) => CredentialsError::not_loaded(self.clone()),
            CredentialsError::InvalidConfiguration(_) => {
                CredentialsError::invalid_configuration(self.clone())
            }
            CredentialsError::ProviderTimedOut(details) => {
                CredentialsError::provider_timed_out(details.timeout_duration())
            }
            _ => CredentialsError::provider_error(self.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::{Duration, SystemTime};

    use aws_credential_types::Credentials;
    use aws_credential_types::credential_fn::provide_credentials_fn;
    use aws_credential_types::provider::error::CredentialsError;
    use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};
    use aws_smithy_async::test_util::ManualTimeSource;
    use aws_smithy_async::time::SharedTimeSource;

    use super::CredentialsCache;

    const MINUTE: Duration = Duration::from_mins(1);

    /// Creates a cache whose first load returns credentials for an hour and whose later loads fail.
    fn loads_once(time: &ManualTimeSource, loads: &Arc<AtomicUsize>) -> CredentialsCache {
        let start = SystemTime::UNIX_EPOCH;
        let loads = loads.clone();
        let source = provide_credentials_fn(move || {
            let load = loads.fetch_add(1, Ordering::Relaxed);
            async move {
                match load {
                    0 => Ok(Credentials::new("first", "secret", None, Some(start + 60 * MINUTE), "test")),
                    _ => Err(CredentialsError::provider_error("no network")),
                }
            }
        });
        CredentialsCache::new(
            SharedCredentialsProvider::new(source),
            SharedTimeSource::new(time.clone()),
            "123456789012",
        )
    }

    #[tokio::test]
    async fn credentials_that_cannot_be_renewed_are_used_to_their_end() {
        let time = ManualTimeSource::new(SystemTime::UNIX_EPOCH);
        let loads = Arc::default();
        let cache = loads_once(&time, &loads);
        cache.provide_credentials().await.expect("the first load");
        time.set_time(SystemTime::UNIX_EPOCH + 57 * MINUTE);
        for _ in 0..10 {
            assert_eq!(cache.provide_credentials().await.expect("the old ones").access_key_id(), "first");
        }
        assert_eq!(loads.load(Ordering::Relaxed), 2, "one attempt a minute is enough");
        time.set_time(SystemTime::UNIX_EPOCH + 61 * MINUTE);
        cache.provide_credentials().await.expect_err("they have expired");
    }

    #[tokio::test]
    async fn short_lived_credentials_are_not_renewed_on_every_use() {
        let time = ManualTimeSource::new(SystemTime::UNIX_EPOCH + 52 * MINUTE);
        let loads = Arc::default();
        let cache = loads_once(&time, &loads);
        for _ in 0..3 {
            cache.provide_credentials().await.expect("credentials for eight minutes");
        }
        assert_eq!(loads.load(Ordering::Relaxed), 1);
    }
}
