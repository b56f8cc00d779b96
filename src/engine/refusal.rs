//! Accounts that cannot be entered, or have nothing to be called: every call that is planned for them is told with the
//! reason.

use std::sync::Arc;

use super::call_scan::skipped_records;
use super::event::Event;
use super::record::CallRecord;
use super::regionless;
use super::run::{EngineError, Shared};
use super::status::{DeniedBy, Status};
use super::unit_files::{pending_units, write_unit};
use crate::aws_error::Meaning;
use crate::client::InferredFrom;
use crate::identity::SessionError;
use crate::names::Region;
use crate::plan::PlannedAccount;
use crate::redaction::without_secrets;

/// Why an account cannot be entered, as its calls tell it.
pub(super) struct Refusal {
    from: InferredFrom,
    status: Status,
    code: Option<String>,
    message: String,
    request_id: Option<String>,
    hint: Option<String>,
}

impl Refusal {
    /// There is no session in the account.
    pub(super) fn session(error: &SessionError) -> Self {
        let answer = error.error();
        Self {
            from: InferredFrom::Session,
            status: match answer.meaning() {
                Some(Meaning::Denied) => Status::Denied,
                Some(Meaning::Expired) => Status::Expired,
                Some(Meaning::Throttled) => Status::Throttled,
                _ => Status::Failed,
            },
            code: answer.code().map(str::to_owned),
            message: without_secrets(&error.to_string()),
            request_id: answer.request_id().map(str::to_owned),
            hint: (!error.hints().is_empty()).then(|| error.hints().join("\n")),
        }
    }

    /// The account was there when the run was planned.
    pub(super) fn gone(why: &str) -> Self {
        Self {
            from: InferredFrom::Account,
            status: Status::Failed,
            code: None,
            message: format!("{why}; when the run began, it was active"),
            request_id: None,
            hint: None,
        }
    }
}

/// Tells every call of an account that is still to be asked that the account cannot be entered.
pub(super) async fn refuse(
    shared: Arc<Shared>,
    account: PlannedAccount,
    refusal: Refusal,
) -> Result<(), EngineError> {
    tracing::warn!(account = %account.id, "{}", refusal.message);
    tell_all(shared, account, Some(refusal)).await
}

/// Tells every call of an account in which none is made, without entering it.
pub(super) async fn pass_over(shared: Arc<Shared>, account: PlannedAccount) -> Result<(), EngineError> {
    tell_all(shared, account, None).await
}

async fn tell_all(
    shared: Arc<Shared>,
    account: PlannedAccount,
    refusal: Option<Refusal>,
) -> Result<(), EngineError> {
    let engine = &shared.engine;
    let regions = expected_regions(&shared).await;
    let units = pending_units(engine, &account, &regions);
    let regionless = regionless::records(engine, &account, &regions);
    let calls = engine.plan.count_calls(units.iter().flat_map(|unit| &unit.pending));
    let calls = calls + regionless.len() as u64;
    shared.tell(Event::AccountStarted { account: account.id.clone(), calls }).await;
    if !regionless.is_empty() {
        shared.tell_calls(regionless).await;
    }
    for unit in units {
        let place = unit.unit.place.as_str();
        let calls = unit.pending.iter().map(|index| &engine.plan.calls[*index]);
        let records = calls.flat_map(|call| skipped_records(account.id.clone(), place, call));
        // What is not called there anyway is not refused.
        let records = records.map(|record| match &refusal {
            Some(refusal) if record.message.is_none() => refused(record, refusal),
            _ => record,
        });
        let records = records.collect();
        write_unit(&shared, &account, unit, Vec::new()).await?;
        shared.tell_calls(records).await;
    }
    shared.tell(Event::AccountFinished { account: account.id.clone() }).await;
    Ok(())
}

fn refused(record: CallRecord, refusal: &Refusal) -> CallRecord {
    CallRecord {
        inferred: true,
        inferred_from: Some(refusal.from),
        status: refusal.status,
        by: (refusal.status == Status::Denied).then_some(DeniedBy::Unknown),
        code: refusal.code.clone(),
        message: Some(refusal.message.clone()),
        request_id: refusal.request_id.clone(),
        hint: refusal.hint.clone(),
        ..record
    }
}

/// The regions that an account which cannot be asked most likely has: those of the caller's.
async fn expected_regions(shared: &Shared) -> Vec<Region> {
    let engine = &shared.engine;
    if !engine.plan.needs_regions() {
        return Vec::new();
    }
    let caller = engine.sessions.caller();
    let client = engine.client.account(&caller.account, engine.sessions.provider(&caller.account));
    let client = client.admitted_by(shared.traffic.account(&caller.account));
    engine.regions.expect(&client, &engine.plan.regions).await
}
