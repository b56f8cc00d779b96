//! Accounts without a session, or without any call to make: every planned call of such an account is reported with
//! the reason.

use std::sync::Arc;

use super::call_outcome::skipped_records;
use super::calls_without_region;
use super::claimed_calls::ClaimedCalls;
use super::context::{EngineError, RunContext};
use super::event::Event;
use super::unit_files::{UnitFiles, pending_units};
use crate::aws::client::InferredFrom;
use crate::aws::credentials::{AccountAccess, SessionError};
use crate::aws_error::ErrorMeaning;
use crate::names::Region;
use crate::plan::PlannedAccount;
use crate::plan::redaction::without_secrets;
use crate::run::{CallRecord, DeniedBy, Status};
use crate::util::defect::{Defect, REPORT, contain};

/// The reason why an account cannot be scanned, as recorded for its calls.
pub(super) struct AccountInaccessible {
    /// The source of an inferred failure; `None` if the failure was not inferred.
    from: Option<InferredFrom>,
    /// The name of the role that cannot be assumed.
    role: Option<String>,
    status: Status,
    code: Option<String>,
    message: String,
    request_id: Option<String>,
    hint: Option<String>,
}

impl AccountInaccessible {
    /// Returns the reason for an account whose role cannot be assumed.
    pub(super) fn session(error: &SessionError) -> Self {
        let service_error = error.error();
        Self {
            from: Some(InferredFrom::Session),
            role: error.access().and_then(AccountAccess::role_name).map(str::to_owned),
            status: match service_error.meaning() {
                Some(ErrorMeaning::Denied) => Status::Denied,
                Some(ErrorMeaning::Expired) => Status::Expired,
                Some(ErrorMeaning::Throttled) => Status::Throttled,
                _ => Status::Failed,
            },
            code: service_error.code().map(str::to_owned),
            message: without_secrets(&error.to_string()),
            request_id: service_error.request_id().map(str::to_owned),
            hint: (!error.hints().is_empty()).then(|| error.hints().join("\n")),
        }
    }

    /// Returns the reason for an account that was active when the run started, and no longer is.
    pub(super) fn closed(why: &str) -> Self {
        Self {
            from: Some(InferredFrom::Account),
            role: None,
            status: Status::Failed,
            code: None,
            message: format!("{why}; it was active when the run started"),
            request_id: None,
            hint: None,
        }
    }

    /// Returns the reason for a call, or an account, whose scan has panicked.
    pub(super) fn defect(defect: &Defect) -> Self {
        Self {
            from: None,
            role: None,
            status: Status::Failed,
            code: None,
            message: defect.to_string(),
            request_id: None,
            hint: Some(REPORT.to_owned()),
        }
    }
}

/// Reports every pending call of an account as failed, because the account cannot be scanned.
pub(super) async fn refuse(
    shared: Arc<RunContext>,
    account: PlannedAccount,
    refusal: AccountInaccessible,
) -> Result<(), EngineError> {
    tracing::warn!(target: "scan::accounts", account = %account.id, "{}", refusal.message);
    report_all(shared, account, Some(refusal), &ClaimedCalls::default()).await
}

/// Reports the calls of an account that are not reported yet as failed, because its scan has panicked.
pub(super) async fn give_up(
    shared: Arc<RunContext>,
    account: PlannedAccount,
    defect: &Defect,
    claimed: &ClaimedCalls,
) -> Result<(), EngineError> {
    tracing::error!(target: "scan::accounts", account = %account.id, "{defect}");
    report_all(shared, account, Some(AccountInaccessible::defect(defect)), claimed).await
}

/// Reports every call of an account in which no call is made, without opening a session.
pub(super) async fn pass_over(shared: Arc<RunContext>, account: PlannedAccount) -> Result<(), EngineError> {
    report_all(shared, account, None, &ClaimedCalls::default()).await
}

async fn report_all(
    shared: Arc<RunContext>,
    account: PlannedAccount,
    refusal: Option<AccountInaccessible>,
    claimed: &ClaimedCalls,
) -> Result<(), EngineError> {
    let engine = &shared.engine;
    let is_announced = claimed.regions.get().is_some();
    let regions = match claimed.regions.get() {
        Some(regions) => regions.clone(),
        None => contain(expected_regions(&shared, &account)).await.unwrap_or_default(),
    };
    let units = pending_units(engine, &account, &regions);
    let regionless = calls_without_region::records(engine, &account, &regions);
    let calls = engine.plan.count_calls(units.iter().flat_map(|unit| &unit.pending));
    let calls = calls + regionless.len() as u64;
    if !is_announced {
        shared.report(Event::AccountStarted { account: account.id.clone(), calls }).await;
    }
    let regionless = claimed.claim(regionless);
    if !regionless.is_empty() {
        shared.report_calls(regionless).await;
    }
    for unit in units {
        let place = unit.unit.place.as_str();
        let calls = unit.pending.iter().map(|index| &engine.plan.calls[*index]);
        let records = calls.flat_map(|call| skipped_records(account.id.clone(), place, call));
        // A call that is not made in the account anyway has not failed.
        let records = records.map(|record| match &refusal {
            Some(refusal) => refused(record, refusal),
            None => record,
        });
        let records = claimed.claim(records.collect());
        if records.is_empty() {
            continue;
        }
        let files = UnitFiles::new(engine, &account, &unit);
        for call in &unit.pending {
            files.take(&engine.plan, *call, Vec::new()).map_err(EngineError::Output)?;
        }
        match files.write(&shared, &account, &unit.unit.place).await {
            Ok(_) => {}
            // The unit has no results, so nothing is missing from its files.
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

/// Returns the record of a failed call; the record of a call that is not made anyway stays unchanged.
pub(super) fn refused(record: CallRecord, refusal: &AccountInaccessible) -> CallRecord {
    if record.message.is_some() {
        return record;
    }
    CallRecord {
        inferred: refusal.from.is_some(),
        inferred_from: refusal.from,
        role: refusal.role.clone(),
        status: refusal.status,
        denied_by: (refusal.status == Status::Denied).then_some(DeniedBy::Unknown),
        code: refusal.code.clone(),
        message: Some(refusal.message.clone()),
        request_id: refusal.request_id.clone(),
        hint: refusal.hint.clone(),
        ..record
    }
}

/// Returns the likely regions of an account without a session: those of the caller's account.
async fn expected_regions(shared: &RunContext, account: &PlannedAccount) -> Vec<Region> {
    let engine = &shared.engine;
    if !engine.plan.needs_regions() {
        return Vec::new();
    }
    let caller = engine.sessions.caller();
    let client = engine.client.account(&caller.account, engine.sessions.provider(&caller.account));
    let client = client.admitted_by(shared.traffic.account(&caller.account));
    engine.regions.expect(&client, engine.plan.regions_of(account)).await
}
