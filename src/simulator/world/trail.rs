//! The events of `CloudTrail` in a simulated organization.

use crate::names::{AccountId, Region};

/// What `CloudTrail` knows about a world.
#[derive(Clone, Debug, Default)]
pub struct SimulatedTrail {
    /// All events, in the order in which they happened.
    pub events: Vec<PlantedEvent>,
    /// The accounts in which the role may not look up events.
    pub denied: Vec<AccountId>,
}

/// A request that `CloudTrail` has recorded.
#[derive(Clone, Debug)]
pub struct PlantedEvent {
    /// The account.
    pub account: AccountId,
    /// The region.
    pub region: Region,
    /// The name of the resource.
    pub resource: &'static str,
    /// The service that was called: `lambda.amazonaws.com`.
    pub source: &'static str,
    /// The name of the event: `RunInstances`. Those that start with `Get` only read.
    pub name: &'static str,
    /// The caller: `user/ben`, `role/Developer/anna` for a session of a role, or `service/` and the name of a service.
    pub caller: &'static str,
    /// Whether the request succeeded.
    pub succeeded: bool,
}
