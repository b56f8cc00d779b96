//! Faults of the simulated AWS, decided for each request.

use std::fmt;
use std::time::Duration;

use serde_json::{Map, Value};

use super::error_response::SimulatedError;
use super::scenario::Fault;
use crate::names::AccountId;

/// The properties of a request by which faults are chosen.
#[derive(Clone, Copy, Debug)]
pub struct Site<'request> {
    /// The account whose credentials signed it; for `AssumeRole`, the account of the role.
    pub account: &'request AccountId,
    /// The region in its signature.
    pub region: &'request str,
    /// The service name in boto3.
    pub service: &'request str,
    /// The operation: `DescribeInstances`.
    pub operation: &'request str,
    /// Whether the request was signed by a role session, and not by the base credentials.
    pub role_session: bool,
    /// The number of requests of this operation in this account and region, including this one.
    pub count: u64,
    /// The parameters, by their names in boto3; none of `AssumeRole`.
    pub parameters: &'request Map<String, Value>,
}

/// The behaviour of the simulator instead of, or before, a response.
#[derive(Clone, Debug, PartialEq)]
pub enum Behaviour {
    /// Delays the response.
    Delay(Duration),
    /// Returns an error.
    Refuse(SimulatedError),
    /// Returns these members, independent of the simulated world.
    Answer(Map<String, Value>),
    /// Applies a fault that depends on the service or changes the response.
    Meet(Fault),
    /// Applies several behaviours in this order.
    Several(Vec<Behaviour>),
}

/// Decides which requests meet which fault.
pub trait Faults: Send + Sync + 'static {
    /// Returns the behaviour for a request; `None` for a normal response.
    fn behaviour(&self, site: &Site<'_>) -> Option<Behaviour>;

    /// Returns whether some requests meet a fault before they reach the simulator.
    fn has_detours(&self) -> bool {
        false
    }

    /// Returns the fault that a request meets before it reaches the simulator ([`Fault::is_on_the_way`]).
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
    /// Returns the single behaviours in their order.
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
