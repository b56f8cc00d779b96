//! Wordings of IAM for denials by a policy.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html

/// Wordings that name a policy. A message with one of them is never treated as a service that is not enabled.
const POLICIES: &[&str] = &[
    "with an explicit deny",
    "no identity-based policy allows",
    "no resource-based policy allows",
    "no session policy allows",
    "no permissions boundary allows",
    "no service control policy allows",
    "no resource control policy allows",
    "no vpc endpoint policy allows",
];

/// The wording before the action that is not allowed.
const NOT_AUTHORIZED: &str = "not authorized to perform";

/// Returns whether a folded message names a policy, or an action that the caller is not authorized for.
pub(super) fn is_named(message: &str) -> bool {
    POLICIES.iter().any(|words| message.contains(words)) || names_an_action(message).is_some()
}

/// Returns the action in a message of IAM: `… is not authorized to perform: rds:DescribeDBInstances …`.
///
/// Services use the same wording without an action for features that they do not offer to an account.
#[must_use]
pub fn names_an_action(message: &str) -> Option<&str> {
    let start = message.to_ascii_lowercase().find(NOT_AUTHORIZED)? + NOT_AUTHORIZED.len();
    let word = message.get(start..)?.trim_start_matches([':', ' ']).split([' ', ',']).next()?;
    let (service, name) = word.split_once(':')?;
    let is_word = |text: &str| {
        !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
    };
    (is_word(service) && is_word(name)).then_some(word)
}
