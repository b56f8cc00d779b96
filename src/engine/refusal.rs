//! Accounts that cannot be entered: every call that is planned for them is told with the reason.

use std::sync::Arc;

use super::event::Event;
use super::record::CallRecord;
use super::run::{EngineError, Shared};
use super::status::{DeniedBy, Status};
use super::unit_files::{pending_units, write_unit};
use crate::identity::SessionError;
use crate::names::Region;
use crate::plan::PlannedAccount;
use crate::redaction::without_secrets;

/// Why an account cannot be entered, as its calls tell it.
pub(super) struct Refusal {
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
            status: match (answer.is_denied(), answer.is_expired()) {
                (true, _) => Status::Denied,
                (_, true) => Status::Expired,
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
    let engine = &shared.engine;
    let regions = expected_regions(&shared).await;
    let units = pending_units(engine, &account, &regions);
    let calls = engine.plan.count_calls(units.iter().flat_map(|unit| &unit.pending));
    tracing::warn!(account = %account.id, "{}", refusal.message);
    shared.tell(Event::AccountStarted { account: account.id.clone(), calls }).await;
    for unit in units {
        let place = unit.unit.place.as_str();
        let functions = unit.pending.iter().flat_map(|index| engine.plan.calls[*index].functions());
        let records = functions
            .map(|(name, function)| {
                let service = &function.service().name;
                let record = CallRecord::new(&account.id, place, service, function.name(), name);
                refused(record, &refusal)
            })
            .collect();
        write_unit(&shared, &account, unit, Vec::new()).await?;
        shared.tell_calls(records).await;
    }
    shared.tell(Event::AccountFinished { account: account.id.clone() }).await;
    Ok(())
}

fn refused(record: CallRecord, refusal: &Refusal) -> CallRecord {
    CallRecord {
        inferred: true,
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
