//! The scan of one account: session, regions, units.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;

use aws_credential_types::provider::SharedCredentialsProvider;
use futures_util::{StreamExt, stream};
use tokio::sync::OnceCell;
use tokio::task::JoinSet;

use super::account_state::{AccountState, BucketRegions};
use super::call_outcome::{CallOutcome, skipped_records};
use super::claimed_calls::ClaimedCalls;
use super::context::{AccountContext, Engine, EngineError, RunContext};
use super::event::Event;
use super::inaccessible_account::{AccountInaccessible, give_up, pass_over, refuse, refused};
use super::limits::WaitingRequest;
use super::missing_names::{may_be_absent, resolve};
use super::unit_files::{PendingUnit, UnitFiles, died, pending_units};
use super::{call_task, calls_without_region};
use crate::aws::credentials::SessionError;
use crate::model::catalog::CallScope;
use crate::names::Region;
use crate::plan::{PlannedAccount, RegionChoice, RegionScope};
use crate::run::{CallRecord, Status};
use crate::util::defect::{Defect, contain};

/// The scan of one account.
pub(super) struct AccountScan {
    state: AccountState,
    claimed: Arc<ClaimedCalls>,
}

impl AccountScan {
    /// Scans `account` from its session to its last call. A panic fails only the part in which it occurs: a call,
    /// a unit, or the rest of the account.
    pub(super) async fn run(shared: Arc<RunContext>, account: PlannedAccount) -> Result<(), EngineError> {
        let claimed = Arc::new(ClaimedCalls::default());
        match contain(Self::scan(Arc::clone(&shared), account.clone(), Arc::clone(&claimed))).await {
            Ok(outcome) => outcome,
            Err(defect) => give_up(shared, account, &defect, &claimed).await,
        }
    }

    async fn scan(
        shared: Arc<RunContext>,
        account: PlannedAccount,
        claimed: Arc<ClaimedCalls>,
    ) -> Result<(), EngineError> {
        let engine = &shared.engine;
        if is_settled(engine, &account) {
            shared.report(Event::AccountStarted { account: account.id.clone(), calls: 0 }).await;
            shared.report(Event::AccountFinished { account: account.id }).await;
            return Ok(());
        }
        if !engine.plan.is_called_in(&account.id) {
            return pass_over(shared, account).await;
        }
        if let Some(why) = engine.recorded.missing_reason(&account.id) {
            let refusal = AccountInaccessible::closed(why);
            return refuse(shared, account, refusal).await;
        }
        let credentials = match open(&shared, &account).await {
            Ok(credentials) => credentials,
            // It is not known whether the role can be assumed; a resumed run will try.
            Err(_) if shared.stop.is_requested() => return Ok(()),
            Err(error) => return refuse(shared, account, AccountInaccessible::session(&error)).await,
        };
        let traffic = shared.traffic.account(&account.id);
        let client = engine.client.account(&account.id, credentials).admitted_by(traffic);
        let regions = if engine.plan.needs_regions() {
            engine.regions.find(&client, engine.plan.regions_of(&account)).await
        } else {
            Vec::new()
        };
        let calls = engine.plan.calls.iter().enumerate();
        let buckets = calls
            .filter(|(_, call)| call.reach == CallScope::Buckets)
            .map(|(index, _)| (index, OnceCell::new()))
            .collect();
        let spread = engine.plan.calls.iter().filter_map(|call| call.spread.as_ref());
        let sources = spread.map(|spread| (spread.source, OnceCell::new())).collect();
        let bucket_regions = BucketRegions::default();
        let context = AccountContext { shared, account, client, regions };
        let state = AccountState { context, buckets, sources, bucket_regions };
        Arc::new(Self { state, claimed }).units().await
    }

    /// Scans the units: several regions concurrently, and several services of each region.
    async fn units(self: Arc<Self>) -> Result<(), EngineError> {
        let units = pending_units(
            &self.state.context.shared.engine,
            &self.state.context.account,
            &self.state.context.regions,
        );
        let regionless = calls_without_region::records(
            &self.state.context.shared.engine,
            &self.state.context.account,
            &self.state.context.regions,
        );
        let calls =
            self.state.context.shared.engine.plan.count_calls(units.iter().flat_map(|unit| &unit.pending));
        let calls = calls + regionless.len() as u64;
        let account = self.state.context.account.id.clone();
        let regions = self.state.context.regions.len();
        tracing::info!(target: "scan::accounts", account = %account, regions, calls, "account scan started");
        self.state.context.shared.report(Event::AccountStarted { account: account.clone(), calls }).await;
        let _ = self.claimed.regions.set(self.state.context.regions.clone());
        if !regionless.is_empty() {
            self.report_planned_calls(regionless).await;
        }

        let limits = self.state.context.shared.engine.limits;
        let mut places: Vec<Vec<PendingUnit>> = Vec::new();
        for unit in units {
            match places.last_mut() {
                Some(place) if place[0].unit.place == unit.unit.place => place.push(unit),
                _ => places.push(vec![unit]),
            }
        }
        let mut places = stream::iter(places)
            .map(|units| Arc::clone(&self).place(units, limits.services.max(1)))
            .buffer_unordered(limits.regions.max(1));
        while let Some(outcome) = places.next().await {
            outcome?;
        }
        tracing::info!(target: "scan::accounts", account = %account, "account scan finished");
        self.state.context.shared.report(Event::AccountFinished { account }).await;
        Ok(())
    }

    async fn place(self: Arc<Self>, units: Vec<PendingUnit>, at_once: usize) -> Result<(), EngineError> {
        // With a task per unit, all processors decode responses; dropping the set cancels the tasks with the run.
        let mut tasks = JoinSet::new();
        let mut undecided = Vec::new();
        let RunContext { traffic, stop, .. } = &*self.state.context.shared;
        let ready = stream::iter(units).then(async |unit| (unit, traffic.start_unit().await));
        let mut ready = pin!(ready);
        loop {
            tokio::select! {
                Some((unit, waiting)) = ready.next(), if tasks.len() < at_once && !stop.is_requested() => {
                    tasks.spawn(Arc::clone(&self).start(unit, waiting));
                }
                Some(outcome) = tasks.join_next() => undecided.extend(outcome.map_err(died)??),
                else => break,
            }
        }
        self.decide(undecided).await;
        Ok(())
    }

    /// Starts a unit. It counts as a waiting request until its own requests do, or wait for their rate limit.
    async fn start(
        self: Arc<Self>,
        unit: PendingUnit,
        waiting: WaitingRequest,
    ) -> Result<Option<Vec<CallRecord>>, EngineError> {
        let (mut running, mut waiting) = (pin!(self.unit(unit)), Some(waiting));
        poll_fn(move |context| {
            let polled = running.as_mut().poll(context);
            waiting.take();
            polled
        })
        .await
    }

    /// Decides what unresolved host names mean in a region whose calls have all ended, and reports the records
    /// that waited for the decision.
    async fn decide(&self, undecided: Vec<Vec<CallRecord>>) {
        let engine = &self.state.context.shared.engine;
        for mut records in undecided {
            for record in records.iter().filter(|record| self.is_undecided(record)) {
                // A resumed run will repeat these calls.
                if self.state.context.shared.stop.is_requested() {
                    return;
                }
                let region = if record.region == RegionScope::Global.as_str() {
                    engine.plan.global_region.clone()
                } else {
                    let Ok(region) = Region::parse(&record.region) else { continue };
                    region
                };
                self.state
                    .context
                    .shared
                    .probes
                    .look_up(&engine.regions, &self.state.context.client, &region)
                    .await;
            }
            self.flush_batch(&mut records);
            self.report_planned_calls(records).await;
        }
    }

    /// Returns whether a call's service may be unavailable in the region, and no other response has proved it yet.
    fn is_undecided(&self, record: &CallRecord) -> bool {
        may_be_absent(record, &self.state.context.shared.engine.plan.global_region) && {
            let mut settled = [record.clone()];
            self.flush_batch(&mut settled);
            settled[0].status == Status::Unreachable
        }
    }

    /// Decides what unresolved host names mean from the responses so far.
    fn flush_batch(&self, records: &mut [CallRecord]) {
        let answers = self.state.context.shared.traffic.answers();
        resolve(records, &self.state.context.shared.engine.plan.global_region, |service, region| {
            answers.prove_absence(service, region)
        });
    }

    /// Scans a unit; if that panics, every call of the unit is reported with the panic.
    async fn unit(self: Arc<Self>, unit: PendingUnit) -> Result<Option<Vec<CallRecord>>, EngineError> {
        let (place, pending) = (unit.unit.place.clone(), unit.pending.clone());
        let defect = match contain(self.calls(unit)).await {
            Ok(Err(EngineError::Defect(defect))) | Err(defect) => defect,
            Ok(outcome) => return outcome,
        };
        self.report_planned_calls(self.lost(&place, &pending, &defect)).await;
        Ok(None)
    }

    /// Runs the calls of a unit, writes its files, then reports the calls: a call is reported after its result is
    /// on disk. Returns the records unreported if one of them depends on the responses of other services in the
    /// region.
    async fn calls(&self, unit: PendingUnit) -> Result<Option<Vec<CallRecord>>, EngineError> {
        let AccountContext { shared, account, .. } = &self.state.context;
        let limits = shared.engine.limits;
        let files = UnitFiles::new(&shared.engine, account, &unit);
        let ended: Vec<CallOutcome> = stream::iter(unit.pending.iter().copied())
            .map(|index| self.call(&unit.unit.place, index, &files))
            .buffered(limits.calls.max(1))
            .collect()
            .await;
        shared.check_storage()?;
        let (mut records, mut finished) = (Vec::new(), Vec::new());
        for (index, outcome) in unit.pending.iter().zip(ended) {
            let call = &shared.engine.plan.calls[*index];
            if call.keeps_items() && !outcome.records.is_empty() {
                finished.push(*index);
            }
            records.extend(outcome.records);
        }
        // No call was sent: the run is being stopped.
        if records.is_empty() {
            return Ok(None);
        }
        let place = unit.unit.place;
        let sizes = files.write(shared, account, &place).await?;
        for record in records.iter_mut().filter(|record| record.item.is_none()) {
            let result = (record.service.clone(), record.name.clone());
            record.bytes = sizes.get(&result).copied().unwrap_or_default();
        }
        let undecided = if records.iter().any(|record| self.is_undecided(record)) {
            Some(records)
        } else {
            self.flush_batch(&mut records);
            self.report_planned_calls(records).await;
            None
        };
        if !finished.is_empty() {
            shared.engine.sink.remove_items(account, &place, &finished).map_err(EngineError::Output)?;
        }
        Ok(undecided)
    }

    /// Runs one call of a unit, and passes its results to the unit's files.
    async fn call(&self, place: &RegionScope, index: usize, files: &UnitFiles) -> CallOutcome {
        let mut outcome = match contain(call_task::run(&self.state, place, index, files)).await {
            Ok(outcome) => outcome,
            Err(defect) => {
                CallOutcome { records: self.lost(place, &[index], &defect), ..CallOutcome::default() }
            }
        };
        let shared = &self.state.context.shared;
        if let Err(error) = files.take(&shared.engine.plan, index, std::mem::take(&mut outcome.results)) {
            // The run ends with this error.
            let _ = shared.cannot_store(&error);
        }
        outcome
    }

    /// Returns the records of calls whose scan has panicked.
    fn lost(&self, place: &RegionScope, calls: &[usize], defect: &Defect) -> Vec<CallRecord> {
        tracing::error!(target: "scan::accounts", account = %self.state.context.account.id, %place, "{defect}");
        let refusal = AccountInaccessible::defect(defect);
        let calls = calls.iter().map(|index| &self.state.context.shared.engine.plan.calls[*index]);
        let records = calls
            .flat_map(|call| skipped_records(self.state.context.account.id.clone(), place.as_str(), call));
        records.map(|record| refused(record, &refusal)).collect()
    }

    /// Reports the calls that have not been reported yet.
    async fn report_planned_calls(&self, records: Vec<CallRecord>) {
        self.state.context.shared.report_calls(self.claimed.claim(records)).await;
    }
}

/// Opens a session in the account. Retries once if the error points to the base credentials and these are valid
/// again.
async fn open(
    shared: &RunContext,
    account: &PlannedAccount,
) -> Result<SharedCredentialsProvider, SessionError> {
    let sessions = &shared.engine.sessions;
    match shared.traffic.session(sessions.open(&account.id)).await {
        Err(error) if error.doubts_the_base() && shared.base_credentials_valid(&account.id).await => {
            shared.traffic.session(sessions.open(&account.id)).await
        }
        outcome => outcome,
    }
}

/// Returns whether all calls of an account are recorded already, as far as that can be decided without looking up
/// its regions.
fn is_settled(engine: &Engine, account: &PlannedAccount) -> bool {
    let regions = match engine.plan.regions_of(account) {
        RegionChoice::Given(regions) => regions.as_slice(),
        RegionChoice::Enabled { .. } if !engine.plan.needs_regions() => &[],
        RegionChoice::Enabled { .. } => return false,
    };
    engine.recorded.is_resumed() && pending_units(engine, account, regions).is_empty()
}
