//! Runs in every account the first steps that a scan would run.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::{StreamExt, stream};

use super::findings::{AccountFindings, CheckDenial, ServiceFinding};
use crate::aws::client::{AccountClient, AwsClient};
use crate::aws::credentials::{AccountAccess, AccountSessions};
use crate::engine::enabled_regions::RegionFinder;
use crate::engine::{Limits, RegionState, add_hint, may_be_absent, record_failure, region_of, resolve};
use crate::names::{AccountId, Region};
use crate::plan::{Plan, PlannedAccount, PlannedCall, RegionScope, added_parameters};
use crate::run::{CallRecord, Status};

/// Accounts that are checked concurrently: their sessions share the STS quota of the caller's account.
const ACCOUNTS: usize = 32;

/// Services of one account that are called concurrently.
const SERVICES: usize = 8;

/// The check of a plan, with the components that a scan uses.
pub struct Preflight {
    /// The plan of the scan.
    pub plan: Plan,
    /// The client that sends the requests.
    pub client: AwsClient,
    /// The sessions of the accounts.
    pub sessions: Arc<AccountSessions>,
    /// Looks up the regions of an account.
    pub regions: RegionFinder,
    /// The region to call in accounts that have enabled it.
    pub home: Region,
    /// The concurrency limits, which are those of the scan at most.
    pub limits: Limits,
}

impl Preflight {
    /// Checks every account of the plan; the findings are in the plan's order.
    pub async fn run(&self) -> Vec<AccountFindings> {
        let accounts = stream::iter(&self.plan.accounts);
        accounts
            .map(|account| self.account(account))
            .buffered(ACCOUNTS.min(self.limits.accounts).max(1))
            .collect()
            .await
    }

    async fn account(&self, account: &PlannedAccount) -> AccountFindings {
        let role = match self.sessions.access(&account.id) {
            Some(AccountAccess::Role(arn)) => Some(arn),
            Some(AccountAccess::PermissionSet(_)) | None => None,
        };
        let mut findings = AccountFindings {
            id: account.id.clone(),
            name: account.name.clone(),
            role,
            permission_set: None,
            entered: false,
            refusal: None,
            regions: Vec::new(),
            regions_known: false,
            services: Vec::new(),
        };
        let credentials = match self.sessions.open(&account.id).await {
            Ok(credentials) => credentials,
            Err(error) => {
                let service_error = error.error();
                findings.permission_set =
                    error.access().and_then(AccountAccess::permission_set).map(str::to_owned);
                findings.refusal = Some(CheckDenial {
                    code: service_error.code().map(str::to_owned),
                    message: service_error.message().to_owned(),
                    request_id: service_error.request_id().map(str::to_owned),
                    hints: error.hints().to_vec(),
                });
                return findings;
            }
        };
        findings.entered = true;
        let access = self.sessions.access(&account.id);
        findings.permission_set = access.as_ref().and_then(AccountAccess::permission_set).map(str::to_owned);
        let client = self.client.account(&account.id, credentials);
        findings.regions_known = true;
        // As in a scan: if no call is regional, no permission to look up the regions is needed.
        if self.plan.needs_regions() {
            (findings.regions, findings.regions_known) =
                self.regions.look_up(&client, self.plan.regions_of(account)).await;
        }
        let calls: Vec<_> = self.calls(&account.id, &findings.regions).collect();
        let tried = stream::iter(calls).map(|(call, place)| self.service(account, &client, call, place));
        let mut tried: Vec<(CallRecord, &PlannedCall)> =
            tried.buffered(SERVICES.min(self.limits.services).max(1)).collect().await;
        self.conclude(&client, &mut tried).await;
        findings.services = tried.into_iter().map(|(record, _)| finding(record)).collect();
        findings
    }

    /// Decides whether unresolvable host names mean a missing service, from the other responses, as a scan does.
    async fn conclude(&self, client: &AccountClient, tried: &mut [(CallRecord, &PlannedCall)]) {
        let mut answered: BTreeSet<(String, String)> = BTreeSet::new();
        for (record, call) in tried.iter() {
            let has_answered = record.status == Status::Ok || record.request_id.is_some();
            if has_answered && client.shows_region(call.entry.function.service()) {
                answered.insert((record.region.clone(), record.service.to_string()));
            }
        }
        for (record, _) in tried.iter().filter(|(record, _)| may_be_absent(record, &self.plan.global_region))
        {
            let is_global = record.region == RegionScope::Global.as_str();
            let named =
                if is_global { Ok(self.plan.global_region.clone()) } else { Region::parse(&record.region) };
            let Ok(region) = named else { continue };
            let is_known = answered.iter().any(|(place, _)| *place == record.region);
            if !is_known && self.regions.answers(client, &region).await {
                answered.insert((record.region.clone(), "sts".to_owned()));
            }
        }
        let records = tried.iter_mut().map(|(record, _)| record);
        resolve(records, &self.plan.global_region, |service, region| {
            let is_here = |place: &str| region.is_none_or(|region| place == region.as_str());
            answered.iter().any(|(place, other)| is_here(place) && other != service)
        });
    }

    /// Returns the first call of each service in an account, and the region to send it to.
    fn calls<'check>(
        &'check self,
        account: &'check AccountId,
        regions: &'check [Region],
    ) -> impl Iterator<Item = (&'check PlannedCall, RegionScope)> {
        let mut seen = BTreeSet::new();
        // Child calls need the items of another call first.
        let calls = self.plan.calls.iter().filter(|call| !call.is_for_items() && call.is_called_in(account));
        calls.filter_map(move |call| {
            let home = regions.iter().filter(|region| **region == self.home);
            let mut regions = home.chain(regions).cloned().map(RegionScope::Region);
            let place = Some(RegionScope::Global).filter(|place| call.is_asked_in(place));
            let place = place.or_else(|| regions.find(|place| call.is_asked_in(place)))?;
            seen.insert(call.service()).then_some((call, place))
        })
    }

    /// Sends a call and reads its first page.
    async fn service<'check>(
        &'check self,
        account: &PlannedAccount,
        client: &AccountClient,
        call: &'check PlannedCall,
        place: RegionScope,
    ) -> (CallRecord, &'check PlannedCall) {
        let function = &call.entry.function;
        let region = region_of(function, &place, &self.plan.global_region);
        let service = &function.service().name;
        let mut record =
            CallRecord::new(&account.id, place.as_str(), service, function.name(), &call.entry.name);
        let values = self.plan.placeholders(&account.id, &region);
        let mut parameters = call.entry.filled_parameters(values);
        added_parameters(function, &mut parameters);
        let mut pages = client.pages(function, &region, parameters);
        match pages.next().await {
            Ok(_) => record.status = Status::Ok,
            Err(error) => {
                let state = match &place {
                    RegionScope::Region(region)
                        if !self.regions.is_certain(region, self.plan.regions_of(account)) =>
                    {
                        RegionState::Unknown
                    }
                    _ => RegionState::Enabled,
                };
                record_failure(&mut record, &error, state);
                add_hint(&mut record, function, self.sessions.access(&account.id).as_ref());
            }
        }
        (record, call)
    }
}

fn finding(record: CallRecord) -> ServiceFinding {
    let action = (!record.denied_actions.is_empty()).then(|| record.denied_actions.join(" and "));
    ServiceFinding {
        service: record.service,
        function: record.function,
        region: record.region,
        status: record.status,
        denied_by: record.denied_by,
        code: record.code,
        message: record.message,
        request_id: record.request_id,
        hint: record.hint,
        action,
    }
}
