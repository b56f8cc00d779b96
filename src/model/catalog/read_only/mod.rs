//! The read-only rules: the operations that the catalog contains, and the deny list of those that a scan does not
//! call.
//!
//! Two gates, both needed. The first decides what is in the catalog at all: the verb of the name and the HTTP
//! method must both be those of a read. The second is the reviewed table in `deny_list`: reads whose response is a
//! credential, a secret or bulk data, which an inventory should not contain, and the few operations that change
//! something despite their name.
//!
//! The models' `"readonly": true` is not used: it is set for 2,370 of 8,563 reads and also for
//! `StopQueryWorkloadInsightsTopContributors`.

mod deny_list;

use std::fmt;

use serde::Serialize;

use deny_list::{DENIED, NOT_ADMITTED, SIGNING_NAMES};

/// The reasons why an operation of the catalog is not called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DenialKind {
    /// The response is a credential, or a URL that works as one.
    Credential,
    /// The response is a secret.
    Secret,
    /// The response is data, not inventory.
    BulkData,
    /// The operation does more than read: it creates, starts or sends something, or is billed.
    Effect,
    /// The operation is newer than this program, and its name or response resembles one of the kinds above.
    Unreviewed,
}

/// An entry of the deny list, with its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadRefusal {
    /// The kind of the response or of the effect.
    pub kind: DenialKind,
    /// The reason, for messages.
    pub reason: &'static str,
}

impl fmt::Display for ReadRefusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            DenialKind::Credential => "credential",
            DenialKind::Secret => "secret",
            DenialKind::BulkData => "bulk data",
            DenialKind::Effect => "more than a read",
            DenialKind::Unreviewed => "not reviewed",
        };
        write!(formatter, "{kind}: {}", self.reason)
    }
}

/// The verbs of read operations.
pub const READ_VERBS: [&str; 12] = [
    "AdminGet",
    "AdminList",
    "BatchDescribe",
    "BatchGet",
    "Describe",
    "Get",
    "Head",
    "List",
    "Lookup",
    "Query",
    "Scan",
    "Search",
];

/// Returns whether the catalog contains an operation: it reads.
#[must_use]
pub fn is_admitted(service: &str, operation: &str, method: &str) -> bool {
    let reads = READ_VERBS.iter().any(|verb| begins_with_word(operation, verb));
    // Most reads of the RPC protocols are POST requests; PUT, PATCH and DELETE never are reads.
    let fetches = matches!(method, "GET" | "HEAD" | "POST");
    reads && fetches && !NOT_ADMITTED.iter().any(|(name, denied, _)| (*name, *denied) == (service, operation))
}

/// Returns the reason why a scan does not call an operation of the catalog; `None` when it may.
#[must_use]
pub fn denial(service: &str, operation: &str) -> Option<ReadRefusal> {
    DENIED
        .iter()
        .find(|(name, denied, _, _)| (*name, *denied) == (service, operation))
        .map(|&(_, _, kind, reason)| ReadRefusal { kind, reason })
}

/// Returns the operations of a service that are named like reads but not admitted, with their effects.
pub fn not_admitted(service: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    NOT_ADMITTED
        .iter()
        .filter(move |(name, _, _)| *name == service)
        .map(|&(_, operation, effect)| (operation, effect))
}

fn signing_name(service: &'static str) -> &'static str {
    SIGNING_NAMES.iter().find(|(name, _)| *name == service).map_or(service, |(_, signing_name)| signing_name)
}

/// Returns the signing name of a service of the tables.
#[cfg(test)]
pub(super) fn signing_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    let services =
        DENIED.iter().map(|(service, ..)| *service).chain(NOT_ADMITTED.iter().map(|(service, ..)| *service));
    services.map(|service| (service, signing_name(service)))
}

/// Returns the services with operations that are not admitted, whose requests have this signing name.
pub(super) fn signing_for(name: &str) -> impl Iterator<Item = &'static str> {
    NOT_ADMITTED.iter().map(|&(service, ..)| service).filter(move |service| signing_name(service) == name)
}

/// Returns the reason why an operation of this name is not called in a service with the signing name of a service
/// of the table: AWS identifies the service by the signature, not by its name in a catalog.
pub(super) fn denial_by_signature(name: &str, operation: &str) -> Option<ReadRefusal> {
    DENIED
        .iter()
        .find(|(service, denied, ..)| *denied == operation && signing_name(service) == name)
        .map(|&(_, _, kind, reason)| ReadRefusal { kind, reason })
}

/// Returns the rows of the deny list: service and operation.
pub fn denied_operations() -> impl Iterator<Item = (&'static str, &'static str)> {
    DENIED.iter().map(|&(service, operation, _, _)| (service, operation))
}

/// Returns whether `operation` is `verb`, or starts with `verb` and another word.
fn begins_with_word(operation: &str, verb: &str) -> bool {
    operation
        .strip_prefix(verb)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(|next: char| next.is_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::{DENIED, DenialKind, denial, is_admitted};

    #[test]
    fn admits_reads_and_nothing_that_changes() {
        for operation in ["ListBuckets", "DescribeInstances", "HeadBucket", "Query", "BatchGetImage"] {
            assert!(is_admitted("any", operation, "POST"), "{operation}");
        }
        for operation in ["DeleteBucket", "PutObject", "Gettysburg", "StartQuery", "Listen", "CreateList"] {
            assert!(!is_admitted("any", operation, "POST"), "{operation}");
        }
    }

    #[test]
    fn a_name_alone_is_not_trusted() {
        assert!(!is_admitted("any", "GetThing", "DELETE"));
        assert!(!is_admitted("any", "GetThing", "PUT"));
        assert!(!is_admitted("cognito-identity", "GetId", "POST"));
    }

    #[test]
    fn credentials_are_denied() {
        let denial = denial("sts", "GetSessionToken").expect("a denied read");
        assert_eq!(denial.kind, DenialKind::Credential);
        assert_eq!(denial.to_string(), "credential: AWS credentials");
    }

    #[test]
    fn every_denied_operation_is_a_read() {
        for (service, operation, _, _) in DENIED {
            assert!(is_admitted(service, operation, "POST"), "{service}:{operation}");
        }
    }
}
