//! From an error to the ledger's status: what it means for the inventory, and who refused.
//!
//! What an error means by itself, [`crate::aws_error`] decides. Here comes what depends on the call: whether the
//! region can be disabled, whether not found means that nothing is configured ([`configuration`]), and
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

/// What is known of the region that was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegionState {
    /// The account has it: AWS said so, or nobody can switch it off.
    Enabled,
    /// An opt-in region that somebody named, and nobody looked up.
    Unknown,
}

/// What an error means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Classification {
    /// The status in the ledger.
    pub status: Status,
    /// What refused, when the status is `denied`.
    pub denied_by: Option<DeniedBy>,
}

impl From<Status> for Classification {
    fn from(status: Status) -> Self {
        Self { status, denied_by: None }
    }
}

/// What `error` means for the inventory, in a region of which so much is known.
#[must_use]
pub fn classify(error: &CallError, region: RegionState) -> Classification {
    match error.kind {
        CallErrorKind::Service => response(error, region),
        // Also where a host name does not exist: what that means is decided where more is known
        // ([`super::absence`]).
        CallErrorKind::Connection | CallErrorKind::Timeout => Status::Unreachable.into(),
        CallErrorKind::Credentials => Status::Expired.into(),
        // The rules refuse only what is configured or asked wrongly: the wrong variant, a wrong ARN.
        CallErrorKind::Endpoint
        | CallErrorKind::Request
        | CallErrorKind::Answer
        | CallErrorKind::Pagination => Status::Failed.into(),
    }
}

/// What `error` means where these parameters were given: what they name by themselves and is not there is no
/// configuration that nobody has made, and a default that nobody has made is no gap.
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

/// What `error` means where an item of a list was asked for with these parameters: what is not found was
/// deleted meanwhile.
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
        // In a child call the parent was there a moment ago.
        ErrorMeaning::NotFound if is_about_configuration(error) => Status::Empty.into(),
        ErrorMeaning::NotFound => Status::Vanished.into(),
        ErrorMeaning::Failure if not_found_by_words(&fold(&error.message), parameters) => {
            Status::Vanished.into()
        }
        _ => classification,
    }
}

/// What the response of a service means.
fn response(error: &CallError, region: RegionState) -> Classification {
    let response = error.response();
    let status = match (decide(&response).meaning, region) {
        (ErrorMeaning::Denied, _) => {
            return Classification {
                status: Status::Denied,
                denied_by: Some(denial::by(&fold(&error.message))),
            };
        }
        // A region that is not enabled does not know the account's keys. Keys that were deactivated, and
        // accounts that were closed, are answered the same everywhere.
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

/// What is not there, as far as function, code and message say.
fn not_found(error: &CallError) -> Option<MissingThing> {
    let function = error.function.as_ref()?;
    let code = error.code.as_deref().unwrap_or_default();
    Some(not_found_means(function, code, &fold(&error.message)))
}

/// Whether the function asks for a configuration, and the code may mean that there is none.
fn is_about_configuration(error: &CallError) -> bool {
    let Some(function) = &error.function else { return false };
    not_found_means(function, error.code.as_deref().unwrap_or_default(), "") == MissingThing::Configuration
}

/// Whether the code says that something is missing which the parameters name.
fn is_given(error: &CallError, parameters: &Map<String, Value>) -> bool {
    configuration::is_given(error.code.as_deref().unwrap_or_default(), parameters)
}

/// Whether the code says that something is missing which nobody has named.
fn is_a_default(error: &CallError) -> bool {
    let code = error.code.as_deref().unwrap_or_default();
    error.function.as_ref().is_some_and(|function| configuration::is_a_default(function, code))
}

/// Records the failure of a call: what the error says, and the status that it stands for.
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
