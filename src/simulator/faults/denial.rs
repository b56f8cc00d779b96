//! AWS's wordings of missing permissions
//! (docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).

use crate::model::catalog::{Protocol, Service};
use crate::plan::policy::actions;
use crate::simulator::credentials::SimulatedCaller;
use crate::simulator::error_response::SimulatedError;
use crate::simulator::scenario::Policy;

/// Returns the denial of an operation by a policy. It is explicit if the policy denies the action, and implicit if
/// the policy does not allow it.
pub(in crate::simulator) fn refusal(
    service: &Service,
    identity: &SimulatedCaller<'_>,
    operation: &str,
    by: Policy,
    explicit: bool,
) -> SimulatedError {
    refusal_of(service, identity, &action(service, operation), by, explicit)
}

/// Returns the denial of an action by a policy.
pub(in crate::simulator) fn refusal_of(
    service: &Service,
    identity: &SimulatedCaller<'_>,
    action: &str,
    by: Policy,
    explicit: bool,
) -> SimulatedError {
    let who = identity.arn();
    let (article, policy) = match by {
        Policy::Iam => ("an", "identity-based policy"),
        Policy::Scp => ("a", "service control policy"),
        Policy::SessionPolicy => ("a", "session policy"),
        Policy::Boundary => ("a", "permissions boundary"),
        Policy::ResourcePolicy => ("a", "resource-based policy"),
    };
    let why = if explicit {
        format!("with an explicit deny in {article} {policy}")
    } else {
        format!("because no {policy} allows the {action} action")
    };
    let mut message = format!("User: {who} is not authorized to perform: {action} {why}");
    if service.protocol == Protocol::Ec2 {
        message.insert_str(0, "You are not authorized to perform this operation. ");
    }
    SimulatedError::denied(service, message)
}

/// Returns the IAM action of an operation, derived from its name if the operation is not in the catalog.
fn action(service: &Service, operation: &str) -> String {
    let known = service.operations.iter().find(|known| *known.name == *operation);
    let action = known.and_then(|operation| actions(service, operation).into_iter().next());
    action.map_or_else(|| format!("{}:{operation}", service.signing_name), |action| action.to_string())
}
