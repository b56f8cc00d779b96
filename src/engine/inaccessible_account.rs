//! Accounts that cannot be entered, or have nothing to be called: every call that is planned for them is told with the
//! reason.

use std::sync::Arc;

use super::call_outcome::skipped_records;
use super::calls_without_region;
use super::claimed_calls::ClaimedCalls;
use super::context::{EngineError, RunContext};
use super::event::Event;
use super::unit_files::{pending_units, write_unit};
use crate::aws::client::InferredFrom;
use crate::aws::credentials::SessionError;
use crate::aws_error::ErrorMeaning;
use crate::names::Region;
use crate::plan::PlannedAccount;
use crate::plan::redaction::without_secrets;
use crate::run::{CallRecord, DeniedBy, Status};
use crate::util::defect::{Defect, REPORT, contain};

/// Why an account cannot be entered, as its calls tell it.
pub(super) struct AccountInaccessible {
    /// What it was concluded from, where it was concluded.
    from: Option<InferredFrom>,
    status: Status,
    code: Option<String>,
    message: String,
    request_id: Option<String>,
    hint: Option<String>,
}

impl AccountInaccessible {
    /// There is no session in the account.
    pub(super) fn session(error: &SessionError) -> Self {
        let answer = error.error();
        Self {
            from: Some(InferredFrom::Session),
            status: match answer.meaning() {
                Some(ErrorMeaning::Denied) => Status::Denied,
                Some(ErrorMeaning::Expired) => Status::Expired,
                Some(ErrorMeaning::Throttled) => Status::Throttled,
                _ => Status::Failed,
            },
            code: answer.code().map(str::to_owned),
            message: without_secrets(&error.to_string()),
            request_id: answer.request_id().map(str::to_owned),
            hint: (!error.hints().is_empty()).then(|| error.hints().join("\n")),
        }
    }

    /// The account was there when the run was planned.
    pub(super) fn closed(why: &str) -> Self {
        Self {
            from: Some(InferredFrom::Account),
            status: Status::Failed,
            code: None,
            message: format!("{why}; when the run began, it was active"),
            request_id: None,
            hint: None,
        }
    }

    /// The scan of the call, or of the account, has panicked.
    pub(super) fn defect(defect: &Defect) -> Self {
        Self {
            from: None,
            status: Status::Failed,
            code: None,
            message: defect.to_string(),
            request_id: None,
            hint: Some(REPORT.to_owned()),
        }
    }
}

/// Tells every call of an account that is still to be asked that the account cannot be entered.
pub(super) async fn refuse(
    shared: Arc<RunContext>,
    account: PlannedAccount,
    refusal: AccountInaccessible,
) -> Result<(), EngineError> {
    tracing::warn!(target: "scan::accounts", account = %account.id, "{}", refusal.message);
    report_all(shared, account, Some(refusal), &ClaimedCalls::default()).await
}

/// Tells the calls of an account that have no line yet that its scan has panicked.
pub(super) async fn give_up(
    shared: Arc<RunContext>,
    account: PlannedAccount,
    defect: &Defect,
    told: &ClaimedCalls,
) -> Result<(), EngineError> {
    tracing::error!(target: "scan::accounts", account = %account.id, "{defect}");
    report_all(shared, account, Some(AccountInaccessible::defect(defect)), told).await
}

/// Tells every call of an account in which none is made, without entering it.
pub(super) async fn pass_over(shared: Arc<RunContext>, account: PlannedAccount) -> Result<(), EngineError> {
    report_all(shared, account, None, &ClaimedCalls::default()).await
}

async fn report_all(
    shared: Arc<RunContext>,
    account: PlannedAccount,
    refusal: Option<AccountInaccessible>,
    told: &ClaimedCalls,
) -> Result<(), EngineError> {
    let engine = &shared.engine;
    let is_announced = told.regions.get().is_some();
    let regions = match told.regions.get() {
        Some(regions) => regions.clone(),
        None => contain(expected_regions(&shared)).await.unwrap_or_default(),
    };
    let units = pending_units(engine, &account, &regions);
    let regionless = calls_without_region::records(engine, &account, &regions);
    let calls = engine.plan.count_calls(units.iter().flat_map(|unit| &unit.pending));
    let calls = calls + regionless.len() as u64;
    if !is_announced {
        shared.report(Event::AccountStarted { account: account.id.clone(), calls }).await;
    }
    let regionless = told.claim(regionless);
    if !regionless.is_empty() {
        shared.report_calls(regionless).await;
    }
    for unit in units {
        let place = unit.unit.place.as_str();
        let calls = unit.pending.iter().map(|index| &engine.plan.calls[*index]);
        let records = calls.flat_map(|call| skipped_records(account.id.clone(), place, call));
        // What is not called there anyway is not refused.
        let records = records.map(|record| match &refusal {
            Some(refusal) => refused(record, refusal),
            None => record,
        });
        let records = told.claim(records.collect());
        if records.is_empty() {
            continue;
        }
        match write_unit(&shared, &account, unit, Vec::new()).await {
            Ok(_) => {}
            // There is nothing in its files that could be missing.
            Err(EngineError::Defect(defect)) => {
                tracing::error!(target: "scan::accounts", account = %account.id, "{defect}");
            }
            Err(error) => return Err(error),
        }
        shared.report_calls(records).await;
    }
    shared.report(Event::AccountFinished { account: account.id.clone() }).await;
    Ok(())
}

/// The record of a call that is refused, unless it is not called there anyway.
pub(super) fn refused(record: CallRecord, refusal: &AccountInaccessible) -> CallRecord {
    if record.message.is_some() {
        return record;
    }
    CallRecord {
        inferred: refusal.from.is_some(),
        inferred_from: refusal.from,
        status: refusal.status,
        denied_by: (refusal.status == Status::Denied).then_some(DeniedBy::Unknown),
        code: refusal.code.clone(),
        message: Some(refusal.message.clone()),
        request_id: refusal.request_id.clone(),
        hint: refusal.hint.clone(),
        ..record
    }
}

/// The regions that an account which cannot be asked most likely has: those of the caller's.
async fn expected_regions(shared: &RunContext) -> Vec<Region> {
    let engine = &shared.engine;
    if !engine.plan.needs_regions() {
        return Vec::new();
    }
    let caller = engine.sessions.caller();
    let client = engine.client.account(&caller.account, engine.sessions.provider(&caller.account));
    let client = client.admitted_by(shared.traffic.account(&caller.account));
    engine.regions.expect(&client, &engine.plan.regions).await
}
