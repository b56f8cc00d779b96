//! A request limiter without limits, the default of a client.

use std::sync::Arc;

use aws_smithy_runtime::client::retries::TokenBucket;
use tokio::time::Instant;

use super::error::CallError;
use super::request_limiter::{
    AcquirePermit, FirstAttemptTimeout, OutgoingCall, Permit, RequestLimiter, RequestSlot,
};
use super::retry_quota::RetryQuota;
use crate::names::AccountId;

/// A limiter with one lane for all requests, which is always free. The retry quota belongs to the account.
#[derive(Debug)]
pub(super) struct OpenWay(Arc<OpenLane>);

#[derive(Debug)]
struct OpenLane(RetryQuota);

impl OpenWay {
    pub(super) fn new(account: &AccountId) -> Self {
        Self(Arc::new(OpenLane(RetryQuota::new(account.to_string(), TokenBucket::default()))))
    }
}

impl RequestLimiter for OpenWay {
    fn lane(&self, _: &OutgoingCall<'_>) -> Arc<dyn RequestSlot> {
        self.0.clone()
    }
}

impl RequestSlot for OpenLane {
    fn refusal(&self) -> Option<CallError> {
        None
    }

    fn turn(&self) -> AcquirePermit {
        Box::pin(std::future::ready(Box::new(()) as Permit))
    }

    fn depart(&self) -> Result<(), CallError> {
        Ok(())
    }

    fn is_dead(&self) -> bool {
        false
    }

    fn patience(&self) -> Option<FirstAttemptTimeout> {
        None
    }

    fn arrived(&self, _: Instant, _: Result<(), &CallError>) {}

    fn retry_quota(&self) -> &RetryQuota {
        &self.0
    }
}
