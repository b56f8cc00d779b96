//! One exchange: from a request to the answer that the simulated AWS gives.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};

use super::assume_role;
use super::credentials::{Identity, KeyError};
use super::empty;
use super::fault::{Behaviour, Faults, Site};
use super::front_door;
use super::models::Models;
use super::paging;
use super::refusal::Refusal;
use super::reply::Reply;
use super::request::Request;
use super::request::authorization::Authorization;
use super::resources::{self, Call, Place};
use super::routes::RouteId;
use super::stamp::{self, Stamps, StandIn};
use super::traffic::{Key, Traffic};
use super::wire::{Message, encode_answer, encode_error};
use super::world::World;
use super::world::seed::Seed;
use crate::catalog::Service;

/// Everything that the exchanges of a simulator share.
#[derive(Debug)]
pub(super) struct State {
    pub(super) world: World,
    pub(super) models: Arc<Models>,
    pub(super) traffic: Traffic,
    pub(super) stamps: Stamps,
    pub(super) faults: Option<Box<dyn Faults>>,
    /// How long every answer takes.
    pub(super) latency: Duration,
    pub(super) answered: AtomicU64,
}

/// What is called.
enum Called {
    /// An operation of the catalog.
    Operation(RouteId),
    /// `sts:AssumeRole`, which is not in the catalog.
    AssumeRole,
}

/// How traffic counts `AssumeRole`.
pub(super) const ASSUME_ROLE: u32 = u32::MAX;

/// Answers a request.
pub(super) async fn answer(state: &State, request: &Request) -> Message {
    let number = state.answered.fetch_add(1, Ordering::Relaxed);
    let request_id = Seed::of(&["request"]).with(usize::try_from(number).unwrap_or_default()).uuid();
    if !state.latency.is_zero() {
        tokio::time::sleep(state.latency).await;
    }
    let authorization = match request.authorization() {
        Ok(authorization) => authorization,
        Err(refusal) => return front_door::refuse(request, &refusal, &request_id),
    };
    let called = if assume_role::is_meant(request) {
        Called::AssumeRole
    } else {
        match state.models.routes.find(&request.head(&authorization)) {
            Some(route) => Called::Operation(route),
            None => return front_door::refuse(request, &front_door::unknown_operation(), &request_id),
        }
    };
    let service = match &called {
        Called::Operation(route) => state.models.service(*route),
        Called::AssumeRole => state.models.sts(),
    };
    let service = match service {
        Ok(service) => service,
        Err(refusal) => return front_door::refuse(request, &refusal, &request_id),
    };
    let asked = Asked { state, request, authorization, called, service, request_id: &request_id };
    match asked.answer().await {
        Ok(message) => message,
        Err(refusal) => encode_error(service, &refusal, &request_id),
    }
}

/// A request whose operation is known.
struct Asked<'request> {
    state: &'request State,
    request: &'request Request,
    authorization: Authorization<'request>,
    called: Called,
    service: &'request Arc<Service>,
    request_id: &'request str,
}

impl Asked<'_> {
    async fn answer(&self) -> Result<Message, Refusal> {
        let identity = self.identity()?;
        match self.fault(&identity) {
            Some(Behaviour::Delay(delay)) => tokio::time::sleep(delay).await,
            Some(Behaviour::Refuse(refusal)) => return Err(refusal),
            None => {}
        }
        match &self.called {
            Called::AssumeRole => {
                assume_role::answer(&self.state.world, self.service, &identity, self.request, self.request_id)
            }
            Called::Operation(route) => self.operate(&identity, *route),
        }
    }

    /// Who asks. What is not signed is asked in the management account.
    fn identity(&self) -> Result<Identity<'_>, Refusal> {
        let world = &self.state.world;
        match self.authorization {
            Authorization::Signed(scope) => {
                let token = self.request.session_token();
                Identity::find(world, scope.access_key, token, SystemTime::now()).map_err(|error| match error
                {
                    KeyError::Unknown => Refusal::unknown_key(self.service),
                    KeyError::Expired => Refusal::expired(self.service),
                })
            }
            Authorization::None | Authorization::Bearer if self.may_be_unsigned() => {
                Identity::find(world, super::credentials::ACCESS_KEY, None, SystemTime::now())
                    .map_err(|_| Refusal::unknown_key(self.service))
            }
            Authorization::None | Authorization::Bearer => Err(Refusal::unsigned(self.service)),
        }
    }

    fn may_be_unsigned(&self) -> bool {
        use crate::catalog::Signing::{Bearer, Unsigned};
        match &self.called {
            Called::Operation(route) => self
                .service
                .operation(&self.state.models.routes.route(*route).function)
                .is_some_and(|operation| matches!(self.service.signing(operation), Bearer | Unsigned)),
            Called::AssumeRole => false,
        }
    }

    fn region(&self) -> &str {
        self.authorization.scope().map_or("", |scope| scope.region)
    }

    /// Counts the request and asks what goes wrong with it.
    fn fault(&self, identity: &Identity<'_>) -> Option<Behaviour> {
        let (operation, name) = match &self.called {
            Called::Operation(route) => {
                (route.index(), self.service.operation(&self.state.models.routes.route(*route).function))
            }
            Called::AssumeRole => (ASSUME_ROLE, None),
        };
        let account = self.state.world.index(identity.account.id.as_str()).unwrap_or_default();
        let key = Key {
            account: u32::try_from(account).unwrap_or(u32::MAX),
            region: self.state.traffic.region(self.region()),
            operation,
        };
        let count = self.state.traffic.count(key);
        self.state.faults.as_ref()?.behaviour(&Site {
            account: &identity.account.id,
            region: self.region(),
            service: &self.service.name,
            operation: name.map_or("AssumeRole", |operation| &operation.name),
            count,
        })
    }

    /// Carries out an operation of the catalog.
    fn operate(&self, identity: &Identity<'_>, id: RouteId) -> Result<Message, Refusal> {
        let route = self.state.models.routes.route(id);
        let operation = self
            .service
            .operation(&route.function)
            .ok_or_else(|| Refusal::internal("the route leads to no operation"))?;
        self.check_permission(identity, &operation.name)?;
        let input = &self.request.members(self.service, operation, &route.template);
        let make = |place: Place<'_>, request_id: &str| {
            let (world, service) = (&self.state.world, &**self.service);
            let members = members(&Call { world, place, identity, service, operation, input })?;
            encode_answer(service, operation, &members, request_id)
                .map_err(|error| Refusal::internal(format!("{}: {error}", operation.name)))
        };
        let (account, region) = (identity.account, self.region());
        if stamp::is_possible(account, &self.service.name, operation, input) {
            return self.state.stamps.answer((id, input), (account, region, self.request_id), || {
                let StandIn { account, region } = &StandIn::of(account, region);
                make(Place { account, region }, stamp::REQUEST)
            });
        }
        make(Place { account, region }, self.request_id)
    }

    fn check_permission(&self, identity: &Identity<'_>, operation: &str) -> Result<(), Refusal> {
        let service = self.service;
        // STS and services with one endpoint answer wherever they are asked.
        let anywhere = service.global || &*service.name == "sts" || self.region().is_empty();
        if !anywhere && !identity.account.has_region(self.region()) {
            return Err(Refusal::unknown_key(service));
        }
        if self.state.world.is_denied(&identity.account.id, &service.name) {
            let who = format!(
                "User: {} is not authorized to perform: {}:{operation}",
                identity.arn(),
                service.signing_name
            );
            let why = "with an explicit deny in a service control policy";
            return Err(Refusal::denied(service, format!("{who} {why}")));
        }
        Ok(())
    }
}

/// The members of an answer, cut to a page.
pub(super) fn members(call: &Call<'_>) -> Result<Map<String, Value>, Refusal> {
    match resources::answer(call) {
        None => Ok(empty::members(call.service, call.operation)),
        Some(Ok(Reply::Members(members))) => Ok(members),
        Some(Ok(Reply::List(list))) => {
            paging::page(call.service, call.operation, call.input, list, call.world.page_size)
        }
        Some(Err(refusal)) => Err(refusal),
    }
}
