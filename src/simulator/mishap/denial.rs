//! How AWS words that permission is missing
//! (docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).

use crate::catalog::{Protocol, Service};
use crate::simulator::credentials::Identity;
use crate::simulator::refusal::Refusal;
use crate::simulator::scenario::Policy;

/// The refusal of an operation by a policy. One that forbids the action is explicit; one that
/// does not allow it is not.
pub(in crate::simulator) fn refusal(
    service: &Service,
    identity: &Identity<'_>,
    operation: &str,
    by: Policy,
    explicit: bool,
) -> Refusal {
    let (who, action) = (identity.arn(), action(service, operation));
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
    Refusal::denied(service, message)
}

/// The action as policies name it, as far as the names of operations tell.
fn action(service: &Service, operation: &str) -> String {
    match (&*service.name, operation) {
        ("s3", "ListBuckets") => "s3:ListAllMyBuckets".to_owned(),
        _ => format!("{}:{operation}", service.signing_name),
    }
}
