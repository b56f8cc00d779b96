//! One account: session, regions, units.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::SystemTime;

use futures_util::{StreamExt, stream};
use tokio::sync::OnceCell;
use tokio::task::JoinSet;

use super::bucket_listing::BucketListing;
use super::call_result::CallResult;
use super::call_scan::{CallScan, NamedResult, Outcome};
use super::classify::{RegionState, classify};
use super::event::Event;
use super::record::CallRecord;
use super::run::{Engine, EngineError, Shared};
use super::status::{DeniedBy, Status};
use crate::catalog::Reach;
use crate::client::{AccountClient, Answer, CallError, Pages};
use crate::identity::SessionError;
use crate::names::{Region, ServiceName};
use crate::plan::{Place, PlannedAccount, Unit};

/// The scan of one account.
pub(super) struct AccountScan {
    pub(super) shared: Arc<Shared>,
    pub(super) account: PlannedAccount,
    pub(super) client: AccountClient,
    pub(super) regions: Vec<Region>,
    /// Lists of buckets, asked once and filed by region; the key is the call's index in the plan.
    pub(super) buckets: HashMap<usize, OnceCell<Result<BucketListing, CallError>>>,
}

impl AccountScan {
    /// Scans `account` from its session to its last call.
    pub(super) async fn run(shared: Arc<Shared>, account: PlannedAccount) -> Result<(), EngineError> {
        let engine = &shared.engine;
        let credentials = match engine.sessions.open(&account.id).await {
            Ok(credentials) => credentials,
            Err(error) => {
                refuse(&shared, &account, &error).await;
                return Ok(());
            }
        };
        let client = engine.client.account(&account.id, credentials);
        let regions = if engine.plan.needs_regions() {
            engine.regions.find(&client, &engine.plan.regions).await
        } else {
            Vec::new()
        };
        let buckets = engine
            .plan
            .calls
            .iter()
            .enumerate()
            .filter(|(_, call)| call.reach == Reach::Buckets)
            .map(|(index, _)| (index, OnceCell::new()))
            .collect();
        let scan = Arc::new(Self { shared, account, client, regions, buckets });
        scan.units().await
    }

    /// The next page, asked within the global limit. A session that expired in mid-run is renewed
    /// once and the page asked again, so that no call is lost to it.
    pub(super) async fn next_page(&self, pages: &mut Pages) -> Result<Option<Answer>, CallError> {
        let began = SystemTime::now();
        let first = {
            let _permit = self.shared.gate.enter().await;
            pages.next().await
        };
        match first {
            Err(error) if classify(&error, RegionState::Enabled).status == Status::Expired => {
                self.shared.engine.sessions.refused(&self.account.id, began);
                let _permit = self.shared.gate.enter().await;
                pages.next().await.map(|answer| {
                    answer.map(|answer| Answer { attempts: answer.attempts + error.attempts, ..answer })
                })
            }
            outcome => outcome,
        }
    }

    /// What is known of the region that a place stands for.
    pub(super) fn region_state(&self, place: &Place) -> RegionState {
        let engine = &self.shared.engine;
        match place {
            Place::Region(region) if !engine.regions.is_certain(region, &engine.plan.regions) => {
                RegionState::Unknown
            }
            _ => RegionState::Enabled,
        }
    }

    /// The name of the role that the account is scanned with; `None` for the caller's own account.
    pub(super) fn role(&self) -> Option<&str> {
        self.shared.engine.sessions.role_name(&self.account.id)
    }

    /// Works through the units: some regions at once, and of each some services at once.
    async fn units(self: Arc<Self>) -> Result<(), EngineError> {
        let units = self.shared.engine.plan.units(&self.regions);
        let calls = self.shared.engine.plan.count_calls(&units);
        let account = self.account.id.clone();
        let regions = self.regions.len();
        tracing::info!(account = %account, regions, calls, "account entered");
        self.shared.tell(Event::AccountStarted { account: account.clone(), calls }).await;

        let limits = self.shared.engine.limits;
        let mut places: Vec<Vec<Unit>> = Vec::new();
        for unit in units {
            match places.last_mut() {
                Some(place) if place[0].place == unit.place => place.push(unit),
                _ => places.push(vec![unit]),
            }
        }
        let mut places = stream::iter(places)
            .map(|units| Arc::clone(&self).place(units, limits.services.max(1)))
            .buffer_unordered(limits.regions.max(1));
        while let Some(outcome) = places.next().await {
            outcome?;
        }
        tracing::info!(account = %account, "account done");
        self.shared.tell(Event::AccountFinished { account }).await;
        Ok(())
    }

    async fn place(self: Arc<Self>, units: Vec<Unit>, at_once: usize) -> Result<(), EngineError> {
        // A task per unit lets all processors decode; dropping the set ends them with the run.
        let mut tasks = JoinSet::new();
        let mut units = units.into_iter();
        loop {
            while tasks.len() < at_once
                && !self.shared.stop.is_requested()
                && let Some(unit) = units.next()
            {
                tasks.spawn(Arc::clone(&self).unit(unit));
            }
            match tasks.join_next().await {
                Some(Ok(outcome)) => outcome?,
                Some(Err(died)) => return Err(EngineError::Task(died.to_string())),
                None => return Ok(()),
            }
        }
    }

    /// Asks all calls of a unit, writes its file, then tells what became of them: a call that is
    /// told to be done is safe on disk.
    async fn unit(self: Arc<Self>, unit: Unit) -> Result<(), EngineError> {
        let limits = self.shared.engine.limits;
        let ended: Vec<Outcome> = stream::iter(unit.calls.iter().copied())
            .map(|index| CallScan::run(&self, &unit.place, index))
            .buffered(limits.calls.max(1))
            .collect()
            .await;
        let mut records = Vec::new();
        let mut files: Vec<(ServiceName, Vec<(String, CallResult)>)> = Vec::new();
        for outcome in ended {
            records.extend(outcome.records);
            for NamedResult { service, name, result } in outcome.results {
                match files.iter_mut().find(|(file, _)| *file == service) {
                    Some((_, results)) => results.push((name, result)),
                    None => files.push((service, vec![(name, result)])),
                }
            }
        }
        if !files.is_empty() {
            let scan = Arc::clone(&self);
            let write = move || {
                let sink = &scan.shared.engine.sink;
                files.into_iter().try_for_each(|(service, results)| {
                    sink.write(&scan.account, &unit.place, &service, results)
                })
            };
            tokio::task::spawn_blocking(write)
                .await
                .map_err(|died| EngineError::Task(died.to_string()))?
                .map_err(EngineError::Output)?;
        }
        for record in records {
            self.shared.tell(Event::Call(Box::new(record))).await;
        }
        Ok(())
    }
}

/// The regions that an account which cannot be asked most likely has: those of the caller's.
async fn expected_regions(engine: &Engine) -> Vec<Region> {
    if !engine.plan.needs_regions() {
        return Vec::new();
    }
    let caller = engine.sessions.caller();
    let client = engine.client.account(&caller.account, engine.sessions.provider(&caller.account));
    engine.regions.expect(&client, &engine.plan.regions).await
}

/// An account without a session: every call it was planned to have is told with the reason.
async fn refuse(shared: &Shared, account: &PlannedAccount, error: &SessionError) {
    let engine = &shared.engine;
    let regions = expected_regions(engine).await;
    let units = engine.plan.units(&regions);
    let calls = engine.plan.count_calls(&units);
    tracing::warn!(account = %account.id, "{error}");
    shared.tell(Event::AccountStarted { account: account.id.clone(), calls }).await;
    for unit in &units {
        for (name, function) in unit.calls.iter().flat_map(|index| engine.plan.calls[*index].functions()) {
            let service = &function.service().name;
            let mut record =
                CallRecord::new(&account.id, unit.place.as_str(), service, function.name(), name);
            record.inferred = true;
            let answer = error.error();
            record.status = match (answer.is_denied(), answer.is_expired()) {
                (true, _) => Status::Denied,
                (_, true) => Status::Expired,
                _ => Status::Failed,
            };
            record.by = answer.is_denied().then_some(DeniedBy::Unknown);
            record.code = answer.code().map(str::to_owned);
            record.message = Some(error.to_string());
            record.request_id = answer.request_id().map(str::to_owned);
            record.hint = (!error.hints().is_empty()).then(|| error.hints().join("\n"));
            shared.tell(Event::Call(Box::new(record))).await;
        }
    }
    shared.tell(Event::AccountFinished { account: account.id.clone() }).await;
}
