//! The rate-limit keys of one account, each with a token bucket and a retry quota.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::{Instant, sleep};

use super::pace::Pace;
use super::quota::{RequestQuota, quota_of};
use crate::aws::client::{RetryPolicy, RetryQuota};
use crate::model::catalog::Function;
use crate::names::{AccountId, Region};

/// The keys of an account that are in use. They live as long as the account is scanned; an idle key whose state
/// equals that of a new key is dropped earlier.
#[derive(Debug)]
pub(in crate::engine) struct AccountKeys {
    account: AccountId,
    retries: RetryPolicy,
    /// How many times AWS's quotas the account has.
    quota_factor: u32,
    by_name: Mutex<HashMap<String, Arc<KeyLimit>>>,
}

/// The rate limit and the retry quota of one key.
#[derive(Debug)]
pub(in crate::engine) struct KeyLimit {
    /// Held by the next request to be sent; all other requests of the key queue for it.
    next: tokio::sync::Mutex<()>,
    pace: Mutex<Pace>,
    retry_quota: RetryQuota,
}

impl AccountKeys {
    /// Creates an empty set of keys whose retries follow `retries`. The account has `quota_factor` times AWS's quotas.
    pub(in crate::engine) fn new(account: &AccountId, retries: RetryPolicy, quota_factor: u32) -> Self {
        Self { account: account.clone(), retries, quota_factor, by_name: Mutex::default() }
    }

    /// Returns the key of a function in a region.
    pub(in crate::engine) fn key(&self, region: &Region, function: &Function) -> Arc<KeyLimit> {
        let quota = quota_of(function);
        let name = format!("{region}/{}", quota.key(&function.service().name, &function.operation().name));
        let mut keys = self.by_name.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = keys.get(&name) {
            return Arc::clone(key);
        }
        if keys.len() == keys.capacity() {
            let now = Instant::now();
            keys.retain(|_, key| Arc::strong_count(key) > 1 || !key.pace().is_fresh(now));
        }
        let retry_quota = self.retries.full_quota(format!("{}/{name}", self.account));
        let key = Arc::new(KeyLimit::new(quota.times(self.quota_factor), retry_quota));
        keys.insert(name, Arc::clone(&key));
        key
    }
}

impl KeyLimit {
    pub(in crate::engine) fn new(quota: RequestQuota, retry_quota: RetryQuota) -> Self {
        let pace = Mutex::new(Pace::new(quota, Instant::now()));
        Self { next: tokio::sync::Mutex::default(), pace, retry_quota }
    }

    /// Waits until a request of this key may be sent, in the order of arrival.
    pub(in crate::engine) async fn wait(&self) {
        let _next = self.next.lock().await;
        loop {
            let taken = self.pace().take(Instant::now());
            match taken {
                Ok(()) => return,
                Err(wait) => sleep(wait).await,
            }
        }
    }

    /// Records that a request that was sent at `sent` has been throttled.
    pub(in crate::engine) fn throttled(&self, sent: Instant) {
        self.pace().throttled(sent, Instant::now());
    }

    /// Records that a request that was sent at `sent` got a response.
    pub(in crate::engine) fn answered(&self, sent: Instant) {
        self.pace().answered(sent, Instant::now());
    }

    /// Returns the retry quota of the key.
    pub(in crate::engine) fn retry_quota(&self) -> &RetryQuota {
        &self.retry_quota
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, LazyLock};
    use std::time::Duration;

    use futures_util::future::join_all;
    use tokio::time::Instant;

    use super::{AccountKeys, KeyLimit};
    use crate::aws::client::RetryPolicy;
    use crate::model::catalog::{Catalog, Function};
    use crate::names::{AccountId, Region};

    static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().expect("a catalog"));

    /// Returns the key of a function, by its name in boto3.
    fn key(keys: &AccountKeys, region: &Region, service: &str, function: &str) -> Arc<KeyLimit> {
        let service = CATALOG.service(service).expect("loads").expect("a service");
        keys.key(region, &Function::find(&service, function).expect("a function"))
    }

    fn keys() -> AccountKeys {
        keys_of(1)
    }

    fn keys_of(quota_factor: u32) -> AccountKeys {
        AccountKeys::new(&AccountId::new("123456789012"), RetryPolicy::default(), quota_factor)
    }

    /// Returns the times at which 25 requests of a key are sent, in the order of their arrival.
    async fn times_of_25(keys: &AccountKeys) -> Vec<Duration> {
        let key = key(keys, &Region::new("us-east-1"), "route53", "list_hosted_zones");
        let started = Instant::now();
        let waits = (0..25).map(|_| async {
            key.wait().await;
            started.elapsed()
        });
        join_all(waits).await
    }

    #[tokio::test(start_paused = true)]
    async fn larger_quotas_of_an_account_count() {
        let times = times_of_25(&keys_of(2)).await;
        // Burst of ten, then ten per second.
        assert!(
            times[24] >= Duration::from_millis(1500) && times[24] < Duration::from_millis(1600),
            "{times:?}"
        );
    }

    /// The requests of a key are sent in the order of their arrival, at its rate.
    #[tokio::test(start_paused = true)]
    async fn rate_limit_keeps_order_of_arrival() {
        let times = times_of_25(&keys()).await;
        assert!(times.is_sorted(), "{times:?}");
        // Burst of five, then five per second.
        assert!(times[24] >= Duration::from_secs(4) && times[24] < Duration::from_millis(4100), "{times:?}");
    }

    #[test]
    fn operations_share_a_key_or_have_their_own_as_the_quota_says() {
        let keys = keys();
        let region = Region::new("eu-west-1");
        let same = |one, other| {
            Arc::ptr_eq(&key(&keys, &region, "lambda", one), &key(&keys, &region, "lambda", other))
        };
        assert!(same("list_functions", "list_layers"));
        assert!(!same("list_functions", "get_function"));
        let instances = key(&keys, &region, "ec2", "describe_instances");
        assert!(!Arc::ptr_eq(&instances, &key(&keys, &region, "ec2", "describe_volumes")));
        assert!(!Arc::ptr_eq(
            &instances,
            &key(&keys, &Region::new("eu-west-2"), "ec2", "describe_instances")
        ));
        assert!(Arc::ptr_eq(&instances, &key(&keys, &region, "ec2", "describe_instances")));
    }

    /// Returns one of 2,600 regions.
    fn region(index: u32) -> Region {
        let letter = char::from(b'a' + u8::try_from(index / 100).expect("few regions"));
        Region::new(format!("a{letter}-region-{}", index % 100))
    }

    #[tokio::test(start_paused = true)]
    async fn keys_that_are_idle_make_room_for_others() {
        let keys = keys();
        for index in 0..1_000 {
            key(&keys, &region(index), "sqs", "list_queues").wait().await;
            // Long enough for the token bucket to refill.
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        let kept = keys.by_name.lock().expect("no test panicked here").len();
        assert!(kept < 10, "{kept} keys are kept");
    }

    #[tokio::test(start_paused = true)]
    async fn a_throttled_key_is_remembered() {
        let keys = keys();
        let home = Region::new("eu-west-1");
        key(&keys, &home, "sqs", "list_queues").throttled(Instant::now());
        for index in 0..100 {
            key(&keys, &region(index), "sqs", "list_queues");
        }
        assert!(key(&keys, &home, "sqs", "list_queues").pace().take(Instant::now()).is_err());
    }
}
