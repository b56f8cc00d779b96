//! Token buckets, as AWS limits its APIs
//! (docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html).

use std::collections::HashMap;
use std::time::Instant;

use super::fault::QuotaScope;
use crate::names::AccountId;
use crate::simulator::fault::Site;

/// The key of a token bucket: rule, account, region, service, and an operation or all.
type BucketKey = (usize, AccountId, String, String, Option<String>);

/// The size, refill rate and scope of token buckets.
#[derive(Clone, Copy, Debug)]
pub(super) struct BucketSize {
    /// Tokens in a full bucket.
    pub(super) burst: f64,
    /// Tokens that are added per second.
    pub(super) rate: f64,
    pub(super) per: QuotaScope,
}

/// The token buckets of a scenario; each is full initially.
#[derive(Debug, Default)]
pub(super) struct Buckets(HashMap<BucketKey, TokenBucket>);

#[derive(Debug)]
struct TokenBucket {
    tokens: f64,
    filled: Instant,
}

impl Buckets {
    /// Takes a token out of the bucket of a request; returns `false` if the bucket is empty.
    pub(super) fn take(&mut self, rule: usize, site: &Site<'_>, allowance: BucketSize, now: Instant) -> bool {
        let BucketSize { burst, rate, per } = allowance;
        let operation = (per == QuotaScope::Operation).then(|| site.operation.to_owned());
        let key = (rule, site.account.clone(), site.region.to_owned(), site.service.to_owned(), operation);
        let bucket = self.0.entry(key).or_insert(TokenBucket { tokens: burst, filled: now });
        let refill = now.duration_since(bucket.filled).as_secs_f64() * rate;
        bucket.tokens = (bucket.tokens + refill).min(burst);
        bucket.filled = now;
        let enough = bucket.tokens >= 1.0;
        if enough {
            bucket.tokens -= 1.0;
        }
        enough
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use serde_json::Map;

    use super::{BucketSize, Buckets, QuotaScope};
    use crate::names::AccountId;
    use crate::simulator::fault::Site;

    #[test]
    fn a_quota_lets_through_its_burst_and_then_its_rate() {
        let (mut buckets, start) = (Buckets::default(), Instant::now());
        let mut answered = |account: &str, operation: &str, per, second| {
            let (account, allowance) = (AccountId::new(account), BucketSize { burst: 3.0, rate: 2.0, per });
            let (region, service) = ("eu-west-1", "ec2");
            let parameters = &Map::new();
            let role_session = true;
            let site =
                Site { account: &account, region, service, operation, role_session, count: 1, parameters };
            (0..5).filter(|_| buckets.take(0, &site, allowance, start + Duration::from_secs(second))).count()
        };
        let (one, other) = ("123456789012", "210987654321");
        assert_eq!(answered(one, "DescribeVpcs", QuotaScope::Service, 0), 3);
        assert_eq!(answered(one, "DescribeSubnets", QuotaScope::Service, 0), 0, "they share a quota");
        assert_eq!(answered(one, "DescribeSubnets", QuotaScope::Service, 1), 2);
        assert_eq!(
            answered(one, "DescribeVpcs", QuotaScope::Service, 60),
            3,
            "no more than the burst is saved"
        );
        assert_eq!(answered(other, "DescribeVpcs", QuotaScope::Service, 60), 3, "accounts share nothing");
        assert_eq!(answered(one, "DescribeVpcs", QuotaScope::Operation, 0), 3);
        assert_eq!(answered(one, "DescribeSubnets", QuotaScope::Operation, 0), 3);
    }
}
