//! Faults: what goes wrong in the simulated AWS, decided request by request.

use std::fmt;
use std::time::Duration;

use serde_json::{Map, Value};

use super::error_response::SimulatedError;
use super::scenario::Fault;
use crate::names::AccountId;

/// A request, as a fault sees it.
#[derive(Clone, Copy, Debug)]
pub struct Site<'request> {
    /// The account whose credentials signed it; for `AssumeRole`, the account of the role.
    pub account: &'request AccountId,
    /// The region in its signature.
    pub region: &'request str,
    /// boto3's name of the service.
    pub service: &'request str,
    /// The operation: `DescribeInstances`.
    pub operation: &'request str,
    /// Whether a role session signed it, and not the base credentials.
    pub role_session: bool,
    /// How often this operation has been asked for in this account and region, this time included.
    pub count: u64,
}

/// What happens to a request instead of, or before, its answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Behaviour {
    /// The answer comes late.
    Delay(Duration),
    /// The service answers with an error.
    Refuse(SimulatedError),
    /// The service answers with these members, whatever there is in the simulated world.
    Answer(Map<String, Value>),
    /// It meets a fault that depends on the service, or that happens to the answer.
    Meet(Fault),
    /// One after the other.
    Several(Vec<Behaviour>),
}

/// Decides which requests meet which fault.
pub trait Faults: Send + Sync + 'static {
    /// What happens to a request; `None` when nothing does.
    fn behaviour(&self, site: &Site<'_>) -> Option<Behaviour>;

    /// Whether some requests meet a fault before they reach the simulator at all.
    fn has_detours(&self) -> bool {
        false
    }

    /// The fault that a request meets on its way ([`Fault::is_on_the_way`]).
    fn detour(&self, _: &Site<'_>) -> Option<Fault> {
        None
    }
}

impl<F> Faults for F
where
    F: Fn(&Site<'_>) -> Option<Behaviour> + Send + Sync + 'static,
{
    fn behaviour(&self, site: &Site<'_>) -> Option<Behaviour> {
        self(site)
    }
}

impl Behaviour {
    /// The single behaviours, in their order.
    pub(super) fn in_order(self) -> Vec<Self> {
        match self {
            Self::Several(several) => several.into_iter().flat_map(Self::in_order).collect(),
            single => vec![single],
        }
    }
}

impl fmt::Debug for dyn Faults {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Faults")
    }
}
