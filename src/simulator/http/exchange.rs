//! One exchange: from a request to the response of the simulated AWS.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};

use super::front_end;
use super::request::SimulatedRequest;
use super::request::authorization::Authorization;
use crate::model::catalog::{CallScope, Function, Operation, Service, home, reach};
use crate::names::RegionName;
use crate::plan::policy::actions;
use crate::simulator::credentials::{KeyError, Principal, SimulatedCaller};
use crate::simulator::error_response::SimulatedError;
use crate::simulator::fault::{Behaviour, Faults, Site};
use crate::simulator::faults::{self, Delivered, ErrorContext, denial};
use crate::simulator::models::Models;
use crate::simulator::page_cache::{self, Stamps, StandIn};
use crate::simulator::paging::{self, PageTurning, Sheet};
use crate::simulator::request_counters::{OperationKey, RequestCounters};
use crate::simulator::resources::{self, AccountRegion, SimulatedCall};
use crate::simulator::response::SimulatedResponse;
use crate::simulator::routes::RouteId;
use crate::simulator::scenario::{Fault, Policy};
use crate::simulator::session_policy::{MissingPermission, Sessions};
use crate::simulator::wire::{Message, encode_answer, encode_error};
use crate::simulator::world::seed::Seed;
use crate::simulator::world::{SimulatedAccount, World};
use crate::simulator::{assume_role, empty_response};

/// The state that all exchanges of a simulator share.
#[derive(Debug)]
pub(in crate::simulator) struct ExchangeState {
    pub(in crate::simulator) world: World,
    pub(in crate::simulator) models: Arc<Models>,
    pub(in crate::simulator) traffic: RequestCounters,
    pub(in crate::simulator) stamps: Stamps,
    pub(in crate::simulator) faults: Option<Box<dyn Faults>>,
    /// The latency of every response.
    pub(in crate::simulator) latency: Duration,
    pub(in crate::simulator) answered: AtomicU64,
    pub(in crate::simulator) sessions: Sessions,
}

/// The called operation.
enum Called {
    /// An operation of the catalog.
    Operation(RouteId),
    /// `sts:AssumeRole`, which is not in the catalog.
    AssumeRole,
}

/// The operation number of `AssumeRole` in the request counters.
pub(in crate::simulator) const ASSUME_ROLE: u32 = u32::MAX;

/// Returns the response to a request.
pub(in crate::simulator) async fn answer(state: &ExchangeState, request: &SimulatedRequest) -> Delivered {
    let number = state.answered.fetch_add(1, Ordering::Relaxed);
    let request_id = Seed::of(&["request"]).with(usize::try_from(number).unwrap_or_default()).uuid();
    if !state.latency.is_zero() {
        tokio::time::sleep(state.latency).await;
    }
    match RoutedRequest::new(state, request, &request_id) {
        Ok(routed) => routed.answer().await,
        Err(refusal) => front_end::refuse(request, &refusal, &request_id).into(),
    }
}

/// Returns the fault that a request meets before it reaches the simulator, and counts the request if there is one.
pub(in crate::simulator) fn detour(state: &ExchangeState, request: &SimulatedRequest) -> Option<Fault> {
    let routed = RoutedRequest::new(state, request, "").ok()?;
    let identity = routed.identity().ok()?;
    let key = routed.key(&identity);
    let fault = state.faults.as_ref()?.detour(&routed.site(&identity, state.traffic.next(key)))?;
    state.traffic.count(key);
    Some(fault)
}

/// A request whose operation is known.
struct RoutedRequest<'request> {
    state: &'request ExchangeState,
    request: &'request SimulatedRequest,
    authorization: Authorization<'request>,
    called: Called,
    service: &'request Arc<Service>,
    request_id: &'request str,
    /// The parameters, parsed at the first use.
    parameters: OnceLock<Map<String, Value>>,
}

impl<'request> RoutedRequest<'request> {
    fn new(
        state: &'request ExchangeState,
        request: &'request SimulatedRequest,
        request_id: &'request str,
    ) -> Result<Self, SimulatedError> {
        let authorization = request.authorization()?;
        let called = if assume_role::is_assume_role(request) {
            Called::AssumeRole
        } else {
            let route = state.models.routes.find(&request.head(&authorization));
            Called::Operation(route.ok_or_else(front_end::unknown_operation)?)
        };
        let service = match &called {
            Called::Operation(route) => state.models.service(*route),
            Called::AssumeRole => state.models.sts(),
        }?;
        Ok(Self { state, request, authorization, called, service, request_id, parameters: OnceLock::new() })
    }

    async fn answer(&self) -> Delivered {
        let identity = match self.identity() {
            Ok(identity) => identity,
            Err(refusal) => return encode_error(self.service, &refusal, self.request_id).into(),
        };
        let mut met = None;
        for behaviour in self.behaviours(&identity) {
            match behaviour {
                Behaviour::Delay(delay) => tokio::time::sleep(delay).await,
                Behaviour::Refuse(refusal) => {
                    return encode_error(self.service, &refusal, self.request_id).into();
                }
                Behaviour::Answer(members) => return self.message_of(&members).into(),
                Behaviour::Meet(fault) => met = Some(fault),
                Behaviour::Several(_) => {}
            }
        }
        let message = self
            .carry_out(&identity, met.as_ref())
            .unwrap_or_else(|refusal| encode_error(self.service, &refusal, self.request_id));
        match met {
            Some(fault) => faults::deliver(message, &fault),
            None => message.into(),
        }
    }

    /// Returns a response with these members, or an error if they do not fit the output of the operation.
    fn message_of(&self, members: &Map<String, Value>) -> Message {
        let operation = self.operation();
        let message =
            operation.map(|operation| encode_answer(self.service, operation, members, self.request_id));
        match message {
            Some(Ok(message)) => message,
            _ => encode_error(self.service, &front_end::unknown_operation(), self.request_id),
        }
    }

    fn carry_out(
        &self,
        identity: &SimulatedCaller<'_>,
        fault: Option<&Fault>,
    ) -> Result<Message, SimulatedError> {
        let Self { service, request, .. } = self;
        if let Some(fault) = fault {
            let operation = self.operation_name();
            let circumstances = ErrorContext { service, operation, identity, request };
            if let Some(refusal) = faults::refusal(fault, &circumstances) {
                return Err(refusal);
            }
        }
        match &self.called {
            Called::AssumeRole => assume_role::answer(
                &self.state.world,
                &self.state.sessions,
                service,
                identity,
                request,
                self.request_id,
            ),
            Called::Operation(route) => self.operate(identity, *route, PageTurning::under(fault)),
        }
    }

    /// Returns the caller. Unsigned requests count as requests of the management account.
    fn identity(&self) -> Result<SimulatedCaller<'_>, SimulatedError> {
        let world = &self.state.world;
        match self.authorization {
            Authorization::Signed(scope) => {
                let token = self.request.session_token();
                SimulatedCaller::find(world, scope.access_key, token, SystemTime::now()).map_err(|error| {
                    match error {
                        KeyError::Unknown => SimulatedError::unknown_key(self.service),
                        KeyError::Expired => SimulatedError::expired(self.service),
                    }
                })
            }
            Authorization::None | Authorization::Bearer if self.may_be_unsigned() => SimulatedCaller::find(
                world,
                crate::simulator::credentials::ACCESS_KEY,
                None,
                SystemTime::now(),
            )
            .map_err(|_| SimulatedError::unknown_key(self.service)),
            Authorization::None | Authorization::Bearer => Err(SimulatedError::unsigned(self.service)),
        }
    }

    fn may_be_unsigned(&self) -> bool {
        use crate::model::catalog::Signing::{Bearer, Unsigned};
        self.operation().is_some_and(|operation| matches!(self.service.signing(operation), Bearer | Unsigned))
    }

    fn region(&self) -> &str {
        self.authorization.scope().map_or("", |scope| scope.region)
    }

    /// Returns the operation of the catalog.
    fn operation(&self) -> Option<&Operation> {
        match &self.called {
            Called::Operation(route) => {
                self.service.operation(&self.state.models.routes.route(*route).function)
            }
            Called::AssumeRole => None,
        }
    }

    /// Returns the operation's name in the API.
    fn operation_name(&self) -> &str {
        self.operation().map_or("AssumeRole", |operation| &operation.name)
    }

    /// Returns the parameters, by their names in boto3.
    fn parameters(&self) -> &Map<String, Value> {
        self.parameters.get_or_init(|| match (&self.called, self.operation()) {
            (Called::Operation(route), Some(operation)) => {
                let template = &self.state.models.routes.route(*route).template;
                self.request.members(self.service, operation, template)
            }
            _ => Map::new(),
        })
    }

    /// Returns the account that the request is about.
    fn account<'world>(&'world self, identity: &SimulatedCaller<'world>) -> &'world SimulatedAccount {
        match &self.called {
            Called::AssumeRole => assume_role::account(&self.state.world, self.request),
            Called::Operation(_) if &*self.service.name == "sso" => {
                let id = self.parameters().get("accountId").and_then(Value::as_str);
                id.and_then(|id| self.state.world.account(id))
            }
            Called::Operation(_) => None,
        }
        .unwrap_or(identity.account)
    }

    /// Returns the key of the request's counter.
    fn key(&self, identity: &SimulatedCaller<'_>) -> OperationKey {
        let account = self.state.world.index(self.account(identity).id.as_str()).unwrap_or_default();
        OperationKey {
            account: u32::try_from(account).unwrap_or(u32::MAX),
            region: self.state.traffic.region(self.region()),
            operation: match &self.called {
                Called::Operation(route) => route.index(),
                Called::AssumeRole => ASSUME_ROLE,
            },
        }
    }

    fn site<'site>(&'site self, identity: &SimulatedCaller<'site>, count: u64) -> Site<'site> {
        Site {
            account: &self.account(identity).id,
            region: self.region(),
            service: &self.service.name,
            operation: self.operation_name(),
            role_session: !identity.is_user(),
            count,
            parameters: self.parameters(),
        }
    }

    /// Counts the request and returns the faults that it meets.
    fn behaviours(&self, identity: &SimulatedCaller<'_>) -> Vec<Behaviour> {
        let count = self.state.traffic.count(self.key(identity));
        let faults = self.state.faults.as_ref();
        let behaviour = faults.and_then(|faults| faults.behaviour(&self.site(identity, count)));
        behaviour.map(Behaviour::in_order).unwrap_or_default()
    }

    /// Runs an operation of the catalog.
    fn operate(
        &self,
        identity: &SimulatedCaller<'_>,
        id: RouteId,
        turning: PageTurning,
    ) -> Result<Message, SimulatedError> {
        let operation =
            self.operation().ok_or_else(|| SimulatedError::internal("the route leads to no operation"))?;
        self.check_permission(identity, operation)?;
        let input = self.parameters();
        let make = |place: AccountRegion<'_>, request_id: &str| {
            let (world, service) = (&self.state.world, &**self.service);
            let members =
                members(&SimulatedCall { world, place, identity, service, operation, input }, turning)?;
            encode_answer(service, operation, &members, request_id)
                .map_err(|error| SimulatedError::internal(format!("{}: {error}", operation.name)))
        };
        let (account, region) = (identity.account, self.region());
        if turning == PageTurning::Usual
            && page_cache::is_possible(account, &self.service.name, operation, input)
        {
            return self.state.stamps.answer((id, input), (account, region, self.request_id), || {
                let StandIn { account, region } = &StandIn::of(account, region);
                make(AccountRegion { account, region }, page_cache::REQUEST)
            });
        }
        make(AccountRegion { account, region }, self.request_id)
    }

    fn check_permission(
        &self,
        identity: &SimulatedCaller<'_>,
        operation: &Operation,
    ) -> Result<(), SimulatedError> {
        let service = self.service;
        // STS and services with one global endpoint respond in every region.
        let is_at_home = Function::find(service, &operation.function).is_some_and(|function| {
            let home = home(&function, &RegionName::new("us-east-1").region());
            reach(&function) == CallScope::Global && home.as_str() == self.region()
        });
        let anywhere = service.global || &*service.name == "sts" || self.region().is_empty() || is_at_home;
        if !anywhere && !identity.account.has_region(self.region()) {
            return Err(SimulatedError::unknown_key(service));
        }
        if self.state.world.is_denied(&identity.account.id, &service.name) {
            return Err(denial::refusal(service, identity, &operation.name, Policy::Scp, true));
        }
        self.check_session_policy(identity, operation)
    }

    /// Checks the session policy. `sts:GetCallerIdentity` needs no permission
    /// (<https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>).
    fn check_session_policy(
        &self,
        identity: &SimulatedCaller<'_>,
        operation: &Operation,
    ) -> Result<(), SimulatedError> {
        let Principal::Session { policy: Some(policy), .. } = &identity.principal else { return Ok(()) };
        let service = self.service;
        if (&*service.name, &*operation.name) == ("sts", "GetCallerIdentity") {
            return Ok(());
        }
        let Some(policy) = self.state.sessions.policy(policy) else {
            return Err(SimulatedError::unknown_key(service));
        };
        for action in actions(service, operation) {
            if let Some(lack) = policy.lacks(action.as_str()) {
                let explicit = lack == MissingPermission::Denied;
                let by = Policy::SessionPolicy;
                return Err(denial::refusal_of(service, identity, action.as_str(), by, explicit));
            }
        }
        Ok(())
    }
}

/// Returns the members of one page of a response.
pub(in crate::simulator) fn members(
    call: &SimulatedCall<'_>,
    turning: PageTurning,
) -> Result<Map<String, Value>, SimulatedError> {
    match resources::answer(call) {
        None => Ok(empty_response::members(call.service, call.operation)),
        Some(Ok(SimulatedResponse::Members(members))) => Ok(members),
        Some(Ok(SimulatedResponse::List(list))) => {
            let list = Sheet { list, largest: call.world.page_size, turning };
            paging::page(call.service, call.operation, call.input, list)
        }
        Some(Err(refusal)) => Err(refusal),
    }
}
