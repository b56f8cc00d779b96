//! Services that are not there: not in the region, not any more, or never switched on in the account.

use super::{Classification, ServiceAnswer};
use crate::engine::status::Status;

const CODES: &[&str] = &[
    "AWSOrganizationsNotInUseException",
    "EndOfSupportException",
    "GoneException",
    "InvalidAction",
    "MethodNotAllowed",
    "NoSuchEntityInRegion",
    "NotSupportedException",
    "OperationNotSupportedException",
    "ServiceUnavailableInRegionException",
    "SubscriptionRequiredException",
    "UnknownOperationException",
    "UnsupportedOperation",
    "UnsupportedOperationException",
];

/// Services that AWS has ended, or does not offer in a region, say so in the message and not in the code.
const WORDS: &[&str] = &[
    "end of support",
    "has been discontinued",
    "is not supported in this region",
    "no longer available",
    "no longer supported",
    "not available in this region",
];

/// Services that an account has to switch on before there is anything to list, and what they answer
/// until then. Some take the code of a refusal for it, so that the words decide.
const NOT_SWITCHED_ON: &[(&str, &str)] = &[
    ("AccessDeniedException", "macie is not enabled"),
    ("AccessDeniedException", "audit manager setup"),
    ("InvalidAccessException", "is not subscribed to aws security hub"),
    ("ResourceNotFoundException", "subscription does not exist"),
];

pub(super) fn classify(answer: &ServiceAnswer<'_>) -> Option<Classification> {
    (CODES.contains(&answer.code) || answer.says(WORDS)).then(|| Status::NotAvailable.into())
}

pub(super) fn not_switched_on(answer: &ServiceAnswer<'_>) -> Option<Classification> {
    let is_one = |(code, words): &(&str, &str)| answer.code == *code && answer.message.contains(words);
    NOT_SWITCHED_ON.iter().any(is_one).then(|| Status::NotAvailable.into())
}
