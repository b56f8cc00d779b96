//! The rate limit of one key: a token bucket that starts with AWS's quota and adapts to throttling.

use std::time::Duration;

use tokio::time::Instant;

use super::quota::RequestQuota;

/// The factor by which throttling reduces the rate of a key.
const SLOW_DOWN: f64 = 0.5;

/// The factor by which the rate of a key grows for each second without throttling.
const SPEED_UP: f64 = 1.1;

/// The time after a change of the rate before it grows again.
const SETTLING: Duration = Duration::from_secs(1);

/// The minimum rate in requests per second: with a lower one, the limiter would not notice a recovery.
const SLOWEST: f64 = 0.2;

/// The token bucket of one key. The time is a parameter so that tests can control it.
#[derive(Debug)]
pub(super) struct Pace {
    quota: RequestQuota,
    rate: f64,
    tokens: f64,
    filled: Instant,
    /// When the rate was last reduced.
    slowed: Instant,
    /// When the rate was last changed.
    changed: Instant,
}

impl Pace {
    pub(super) fn new(quota: RequestQuota, now: Instant) -> Self {
        let tokens = f64::from(quota.burst);
        Self { quota, rate: f64::from(quota.rate), tokens, filled: now, slowed: now, changed: now }
    }

    /// Takes a token. If there is none, returns the time to wait for it as an error.
    pub(super) fn take(&mut self, now: Instant) -> Result<(), Duration> {
        self.fill(now);
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return Ok(());
        }
        // A nanosecond more, so that rounding does not cause a second wait.
        Err(Duration::from_secs_f64((1.0 - self.tokens) / self.rate) + Duration::from_nanos(1))
    }

    /// Records that a request that was sent at `sent` has been throttled. A request that was sent before the last
    /// reduction of the rate is no information about the new rate and is ignored.
    pub(super) fn throttled(&mut self, sent: Instant, now: Instant) {
        if sent < self.slowed {
            return;
        }
        self.fill(now);
        self.rate = (self.rate * SLOW_DOWN).max(SLOWEST.min(f64::from(self.quota.rate)));
        // The bucket on AWS's side is empty.
        self.tokens = 0.0;
        (self.slowed, self.changed) = (now, now);
    }

    /// Records that a request that was sent at `sent` got a response.
    pub(super) fn answered(&mut self, sent: Instant, now: Instant) {
        let fastest = f64::from(self.quota.rate);
        if self.rate < fastest && sent >= self.slowed && now >= self.changed + SETTLING {
            self.fill(now);
            self.rate = (self.rate * SPEED_UP).min(fastest);
            self.changed = now;
        }
    }

    /// Returns whether the bucket has the state of a new one.
    pub(super) fn is_fresh(&mut self, now: Instant) -> bool {
        self.fill(now);
        let RequestQuota { rate, burst, .. } = self.quota;
        self.rate >= f64::from(rate) && self.tokens >= f64::from(burst)
    }

    fn fill(&mut self, now: Instant) {
        let elapsed = now.saturating_duration_since(self.filled).as_secs_f64();
        self.tokens = (self.tokens + elapsed * self.rate).min(f64::from(self.quota.burst));
        self.filled = now;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::super::quota::{QuotaShare, RequestQuota};
    use super::Pace;

    const QUOTA: RequestQuota = RequestQuota {
        service: "any",
        operations: &[],
        share: QuotaShare::Service,
        rate: 20,
        burst: 4,
        source: "",
    };

    /// Returns how many requests are sent within `period` from `now` on, each as early as possible.
    fn sent_within(pace: &mut Pace, now: &mut Instant, period: Duration) -> u32 {
        let end = *now + period;
        let mut sent = 0;
        while *now < end {
            match pace.take(*now) {
                Ok(()) => sent += 1,
                Err(wait) => *now += wait,
            }
        }
        sent
    }

    #[test]
    fn a_burst_goes_at_once_and_the_rest_at_the_quotas_rate() {
        let mut now = Instant::now();
        let mut pace = Pace::new(QUOTA, now);
        assert_eq!((0..10).filter(|_| pace.take(now).is_ok()).count(), 4);
        let sent = sent_within(&mut pace, &mut now, Duration::from_secs(10));
        assert!((199..=201).contains(&sent), "{sent}");
    }

    #[test]
    fn throttling_halves_the_rate_once_for_all_that_was_under_way() {
        let mut now = Instant::now();
        let mut pace = Pace::new(QUOTA, now);
        let sent = now;
        now += Duration::from_millis(50);
        for _ in 0..4 {
            pace.throttled(sent, now);
        }
        let sent = sent_within(&mut pace, &mut now, Duration::from_secs(10));
        assert!((99..=101).contains(&sent), "{sent}");
    }

    #[test]
    fn answers_speed_it_up_step_by_step_to_the_quota_and_no_further() {
        let mut now = Instant::now();
        let mut pace = Pace::new(QUOTA, now);
        for _ in 0..20 {
            now += Duration::from_millis(1);
            pace.throttled(now, now);
        }
        assert_eq!(sent_within(&mut pace, &mut now, Duration::from_secs(11)), 2, "the slowest rate");
        let mut seconds = 0;
        while !pace.is_fresh(now) {
            now += Duration::from_secs(1);
            pace.answered(now, now);
            seconds += 1;
        }
        assert!((48..=51).contains(&seconds), "{seconds}");
        for _ in 0..100 {
            now += Duration::from_secs(1);
            pace.answered(now, now);
        }
        let sent = sent_within(&mut pace, &mut now, Duration::from_secs(10));
        assert!((203..=205).contains(&sent), "{sent}");
    }

    #[test]
    fn a_key_that_aws_holds_at_one_a_second_is_rarely_throttled() {
        let mut now = Instant::now();
        let mut pace = Pace::new(QUOTA, now);
        // AWS's bucket: one per second, with a burst of one.
        let (mut tokens, mut filled) = (1.0_f64, now);
        let (mut answered, mut throttled) = (0_u32, 0_u32);
        while answered < 300 {
            if let Err(wait) = pace.take(now) {
                now += wait;
                continue;
            }
            tokens = (tokens + (now - filled).as_secs_f64()).min(1.0);
            filled = now;
            if tokens >= 1.0 {
                tokens -= 1.0;
                answered += 1;
                pace.answered(now, now);
            } else {
                throttled += 1;
                pace.throttled(now, now);
            }
        }
        assert!(throttled < answered / 4, "{throttled} of {answered}");
    }
}
