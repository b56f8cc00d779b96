//! Classifies errors: the status in the ledger, and the kind of policy that denied a call.
//!
//! [`crate::aws_error`] decides the meaning of an error by itself. This module adds what depends on the call:
//! whether the region can be disabled, whether not found means that nothing is configured ([`configuration`]), and
//! whether the call was about an item of a list ([`item`]).

mod configuration;
mod configurations;
mod denial;
mod item;

pub use configuration::{MissingThing, not_found_means};

use crate::aws::client::{CallError, CallErrorKind};
use crate::aws_error::{ErrorMeaning, decide, fold};
use crate::plan::redaction::without_secrets;
use crate::run::{CallRecord, DeniedBy, Status};
use item::not_found_by_words;
use serde_json::{Map, Value};

/// The knowledge about the region of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegionState {
    /// The account has the region: AWS returned it, or it cannot be disabled.
    Enabled,
    /// An opt-in region that the user has given and that was not looked up.
    Unknown,
}

/// The classification of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Classification {
    /// The status in the ledger.
    pub status: Status,
    /// The kind of policy that denied the call, if the status is `denied`.
    pub denied_by: Option<DeniedBy>,
}

impl From<Status> for Classification {
    fn from(status: Status) -> Self {
        Self { status, denied_by: None }
    }
}

/// Classifies `error` for the inventory.
#[must_use]
pub fn classify(error: &CallError, region: RegionState) -> Classification {
    match error.kind {
        CallErrorKind::Service => response(error, region),
        // Includes host names that do not resolve: their meaning is decided later, with the responses of other calls
        // ([`super::missing_names`]).
        CallErrorKind::Connection | CallErrorKind::Timeout => Status::Unreachable.into(),
        CallErrorKind::Credentials => Status::Expired.into(),
        // Endpoint rules reject only invalid configuration or parameters: an unsupported variant, an invalid ARN.
        CallErrorKind::Endpoint
        | CallErrorKind::Request
        | CallErrorKind::Answer
        | CallErrorKind::Pagination => Status::Failed.into(),
    }
}

/// Classifies `error` of a call with these parameters: if a resource in the parameters is not found, the call has
/// failed, and if a default resource that the parameters do not contain is not found, the result is empty.
#[must_use]
pub(super) fn classify_sent(
    error: &CallError,
    region: RegionState,
    parameters: &Map<String, Value>,
) -> Classification {
    let classification = classify(error, region);
    let is_not_found = || decide(&error.response()).meaning == ErrorMeaning::NotFound;
    match classification.status {
        Status::Empty if is_not_found() && is_given(error, parameters) => Status::Failed.into(),
        Status::Failed
            if error.kind == CallErrorKind::Service
                && parameters.is_empty()
                && is_not_found()
                && is_a_default(error) =>
        {
            Status::Empty.into()
        }
        _ => classification,
    }
}

/// Classifies `error` of a call for an item of a list: if the item is not found, it was deleted after it was listed.
#[must_use]
pub(super) fn classify_item(
    error: &CallError,
    region: RegionState,
    parameters: &Map<String, Value>,
) -> Classification {
    let classification = classify_sent(error, region, parameters);
    if error.kind != CallErrorKind::Service || classification.status != Status::Failed {
        return classification;
    }
    match decide(&error.response()).meaning {
        ErrorMeaning::NotFound if is_given(error, parameters) => Status::Vanished.into(),
        // In a child call, the parent resource existed a moment ago.
        ErrorMeaning::NotFound if is_about_configuration(error) => Status::Empty.into(),
        ErrorMeaning::NotFound => Status::Vanished.into(),
        ErrorMeaning::Failure if not_found_by_words(&fold(&error.message), parameters) => {
            Status::Vanished.into()
        }
        _ => classification,
    }
}

/// Classifies the error response of a service.
fn response(error: &CallError, region: RegionState) -> Classification {
    let response = error.response();
    let status = match (decide(&response).meaning, region) {
        (ErrorMeaning::Denied, _) => {
            return Classification {
                status: Status::Denied,
                denied_by: Some(denial::by(&fold(&error.message))),
            };
        }
        // A region that is not enabled does not know the account's keys. Deactivated keys and closed accounts get
        // the same error in every region.
        (
            ErrorMeaning::UnknownKey | ErrorMeaning::OptInRequired | ErrorMeaning::RegionDisabled,
            RegionState::Unknown,
        ) => Status::RegionDisabled,
        (ErrorMeaning::Expired | ErrorMeaning::UnknownKey, _) => Status::Expired,
        (ErrorMeaning::Throttled, _) => Status::Throttled,
        (ErrorMeaning::NotEnabled, _) => Status::NotEnabled,
        (ErrorMeaning::NotAvailable, _) => Status::NotAvailable,
        (ErrorMeaning::NothingConfigured, _) => Status::Empty,
        (ErrorMeaning::NotFound, _) if not_found(error) == Some(MissingThing::Configuration) => Status::Empty,
        (
            ErrorMeaning::NotFound
            | ErrorMeaning::Transient
            | ErrorMeaning::Failure
            | ErrorMeaning::AccountProblem
            | ErrorMeaning::OptInRequired
            | ErrorMeaning::RegionDisabled,
            _,
        ) => Status::Failed,
    };
    status.into()
}

/// Returns what is not found, according to function, code and message.
fn not_found(error: &CallError) -> Option<MissingThing> {
    let function = error.function.as_ref()?;
    let code = error.code.as_deref().unwrap_or_default();
    Some(not_found_means(function, code, &fold(&error.message)))
}

/// Returns whether the function returns a configuration, and the code may mean that there is none.
fn is_about_configuration(error: &CallError) -> bool {
    let Some(function) = &error.function else { return false };
    not_found_means(function, error.code.as_deref().unwrap_or_default(), "") == MissingThing::Configuration
}

/// Returns whether the code means that a resource in the parameters is not found.
fn is_given(error: &CallError, parameters: &Map<String, Value>) -> bool {
    configuration::is_given(error.code.as_deref().unwrap_or_default(), parameters)
}

/// Returns whether the code means that a default resource is not found, which is not in the parameters.
fn is_a_default(error: &CallError) -> bool {
    let code = error.code.as_deref().unwrap_or_default();
    error.function.as_ref().is_some_and(|function| configuration::is_a_default(function, code))
}

/// Records the failure of a call: the error, and its status in the ledger.
pub fn record_failure(record: &mut CallRecord, error: &CallError, region: RegionState) {
    record_classified(record, error, classify(error, region));
}

/// Records the failure of a call whose classification is known already.
pub(super) fn record_classified(record: &mut CallRecord, error: &CallError, meaning: Classification) {
    record.status = meaning.status;
    record.denied_by = meaning.denied_by;
    record.code.clone_from(&error.code);
    record.message = Some(without_secrets(&error.message));
    record.missing_host = error.missing_host.as_ref().map(|missing| missing.of);
    record.request_id.clone_from(&error.request_id);
    record.attempts += error.attempts;
    record.inferred = error.inferred.is_some();
    record.inferred_from = error.inferred;
}

#[cfg(test)]
mod tests;
