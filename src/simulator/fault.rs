//! Faults: what goes wrong in the simulated AWS, decided request by request.

use std::fmt;
use std::time::Duration;

use super::refusal::Refusal;
use crate::names::AccountId;

/// A request, as a fault sees it.
#[derive(Clone, Copy, Debug)]
pub struct Site<'request> {
    /// The account whose credentials signed it.
    pub account: &'request AccountId,
    /// The region in its signature.
    pub region: &'request str,
    /// boto3's name of the service.
    pub service: &'request str,
    /// The operation: `DescribeInstances`.
    pub operation: &'request str,
    /// How often this operation has been asked for in this account and region, this time included.
    pub count: u64,
}

/// What happens to a request instead of, or before, its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// The answer comes late.
    Delay(Duration),
    /// The service answers with an error.
    Refuse(Refusal),
}

/// Decides which requests meet which fault.
pub trait Faults: Send + Sync + 'static {
    /// What happens to a request; `None` when nothing does.
    fn behaviour(&self, site: &Site<'_>) -> Option<Behaviour>;
}

impl<F> Faults for F
where
    F: Fn(&Site<'_>) -> Option<Behaviour> + Send + Sync + 'static,
{
    fn behaviour(&self, site: &Site<'_>) -> Option<Behaviour> {
        self(site)
    }
}

impl fmt::Debug for dyn Faults {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Faults")
    }
}
