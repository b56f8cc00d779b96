//! Regions of an account that a service control policy denies.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::region_deny_exemptions::is_exempt;
use crate::aws::client::{CallError, CallErrorKind, InferredFrom};
use crate::engine::classify::{RegionState, classify};
use crate::model::catalog::{CallScope, Function, reach};
use crate::names::{AccountId, Region};
use crate::run::{DeniedBy, Status};
use crate::util::plural::plural;

/// The number of services that have to be denied in a region and to respond in another region of the account.
const SERVICES: usize = 3;

/// The circuit breaker for regions of one account that a service control policy denies.
///
/// It opens for a region if no call has succeeded there and services are denied that respond in other regions of
/// the account: then the policy denies the region, and not a list of services. Requests that were in flight when
/// the evidence was complete have to end first, as one of them may succeed. Actions that such policies commonly
/// exempt are always sent, and are no evidence.
#[derive(Debug)]
pub(in crate::engine) struct Denials {
    account: AccountId,
    state: Mutex<DenialsState>,
}

#[derive(Debug, Default)]
struct DenialsState {
    /// The services that have responded in some region.
    answering: HashSet<Box<str>>,
    regions: HashMap<Region, RegionRecord>,
    /// The number of requests that were sent.
    departures: u64,
}

#[derive(Debug, Default)]
struct RegionRecord {
    denials: u32,
    /// The services that were denied.
    services: BTreeSet<Box<str>>,
    first: Option<CallError>,
    /// Whether a service has responded in the region.
    answers: bool,
    /// The numbers of the requests in flight.
    in_flight: BTreeSet<u64>,
    /// The number of the last request that had been sent when the evidence was complete.
    complete_at: Option<u64>,
    logged: bool,
}

/// The evidence of an outcome about its region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Evidence {
    Denied,
    Answered,
    Nothing,
}

impl Denials {
    pub(in crate::engine) fn new(account: &AccountId) -> Self {
        Self { account: account.clone(), state: Mutex::default() }
    }

    /// Returns whether a call is evidence about its region, and its outcome can be inferred from other calls.
    pub(in crate::engine) fn concern(function: &Function) -> bool {
        reach(function) == CallScope::Regional
            && !is_exempt(&function.service().signing_name, &function.operation().name)
    }

    /// Returns the inferred error of a call in the region, if the breaker is open.
    pub(in crate::engine) fn refusal(&self, region: &Region) -> Option<CallError> {
        let mut state = self.state();
        let state = &mut *state;
        let denied = state.regions.get_mut(region)?;
        let complete_at = denied.complete_at?;
        if denied.answers || denied.in_flight.first().is_some_and(|number| *number <= complete_at) {
            return None;
        }
        let first = denied.first.as_ref()?;
        let message = format!(
            "not sent: a service control policy denied all {} in {region} so far, to services that respond in \
             other regions of the account ({}); first error: {}",
            plural(denied.denials, "call"),
            listed(&denied.services, &state.answering),
            first.message
        );
        if !denied.logged {
            denied.logged = true;
            tracing::warn!(target: "scan::breakers", account = %self.account, %region, "skipping the region: {message}");
        }
        let refusal = CallError::new(CallErrorKind::Service, message);
        let inferred = Some(InferredFrom::Region);
        Some(CallError { inferred, code: first.code.clone(), status: first.status, ..refusal })
    }

    /// Records that a request is sent. Returns its number for [`Self::ended`].
    pub(in crate::engine) fn depart(&self, region: &Region) -> u64 {
        let mut state = self.state();
        state.departures += 1;
        let number = state.departures;
        state.regions.entry(region.clone()).or_default().in_flight.insert(number);
        number
    }

    /// Records that a request has ended, with all its attempts.
    pub(in crate::engine) fn ended(&self, region: &Region, number: u64) {
        if let Some(here) = self.state().regions.get_mut(region) {
            here.in_flight.remove(&number);
        }
    }

    /// Records the outcome of an attempt.
    pub(in crate::engine) fn arrived(&self, region: &Region, service: &str, outcome: Result<(), &CallError>) {
        let mut state = self.state();
        let DenialsState { answering, regions, departures } = &mut *state;
        let here = regions.entry(region.clone()).or_default();
        match (evidence(outcome), outcome) {
            (Evidence::Denied, Err(error)) => {
                here.denials += 1;
                here.services.insert(service.into());
                here.first.get_or_insert_with(|| error.clone());
            }
            (Evidence::Answered, _) => {
                here.answers = true;
                if here.logged {
                    tracing::warn!(target: "scan::breakers", account = %self.account, %region, service, "a service responded in the skipped region");
                }
                answering.insert(service.into());
            }
            _ => return,
        }
        // A response in one region may complete the evidence for other regions.
        for here in regions.values_mut().filter(|here| here.complete_at.is_none() && !here.answers) {
            let elsewhere = here.services.iter().filter(|service| answering.contains(*service));
            if elsewhere.count() >= SERVICES {
                here.complete_at = Some(*departures);
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, DenialsState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn listed(denied: &BTreeSet<Box<str>>, answering: &HashSet<Box<str>>) -> String {
    const ENOUGH: usize = 5;
    let mut names: Vec<&str> =
        denied.iter().filter(|service| answering.contains(*service)).map(|service| &**service).collect();
    if names.len() > ENOUGH {
        names.truncate(ENOUGH);
        names.push("…");
    }
    names.join(", ")
}

fn evidence(outcome: Result<(), &CallError>) -> Evidence {
    let Err(error) = outcome else { return Evidence::Answered };
    if error.kind != CallErrorKind::Service {
        return Evidence::Nothing;
    }
    let meaning = classify(error, RegionState::Enabled);
    match meaning.status {
        Status::Denied if meaning.denied_by == Some(DeniedBy::Scp) => Evidence::Denied,
        Status::Throttled | Status::Expired | Status::RegionDisabled => Evidence::Nothing,
        Status::Failed if error.status.is_none_or(|status| status >= 500) => Evidence::Nothing,
        _ => Evidence::Answered,
    }
}

#[cfg(test)]
mod tests {
    use super::{Denials, SERVICES};
    use crate::aws::client::{CallError, CallErrorKind, InferredFrom};
    use crate::model::catalog::{Catalog, Function};
    use crate::names::{AccountId, Region};

    const HERE: &str = "ap-south-2";
    const HOME: &str = "eu-west-1";

    fn denials() -> Denials {
        Denials::new(&AccountId::new("123456789012"))
    }

    fn scp() -> CallError {
        let message = "User: arn:aws:sts::123456789012:assumed-role/Audit/scan is not authorized to perform: \
                       sqs:ListQueues with an explicit deny in a service control policy";
        CallError {
            code: Some("AccessDenied".to_owned()),
            status: Some(403),
            ..CallError::new(CallErrorKind::Service, message)
        }
    }

    fn iam() -> CallError {
        CallError { message: "no identity-based policy allows it".to_owned(), ..scp() }
    }

    fn call(denials: &Denials, region: &str, service: &str, outcome: Result<(), &CallError>) {
        let region = Region::new(region);
        let number = denials.depart(&region);
        denials.arrived(&region, service, outcome);
        denials.ended(&region, number);
    }

    fn is_open(denials: &Denials, region: &str) -> bool {
        denials.refusal(&Region::new(region)).is_some()
    }

    const SERVICE_NAMES: [&str; SERVICES] = ["ec2", "rds", "sqs"];

    fn call_all(denials: &Denials, region: &str, outcome: Result<(), &CallError>) {
        for service in SERVICE_NAMES {
            call(denials, region, service, outcome);
        }
    }

    /// A region is given up when services are denied in it that respond elsewhere.
    #[test]
    fn region_is_given_up_when_services_are_denied_only_there() {
        let denials = denials();
        for service in SERVICE_NAMES {
            assert!(!is_open(&denials, HERE));
            call(&denials, HERE, service, Err(&scp()));
            call(&denials, HOME, service, Ok(()));
        }
        let refusal = denials.refusal(&Region::new(HERE)).expect("a conclusion");
        assert_eq!(refusal.inferred, Some(InferredFrom::Region));
        assert_eq!(refusal.code.as_deref(), Some("AccessDenied"));
        for part in ["all 3 calls in ap-south-2", "(ec2, rds, sqs)", "first error: User: arn:aws:sts::123"] {
            assert!(refusal.message.contains(part), "{refusal}");
        }
        assert!(!is_open(&denials, HOME));
    }

    /// Services that are denied everywhere are no evidence about the region.
    #[test]
    fn services_denied_everywhere_do_not_deny_region() {
        let denials = denials();
        for service in ["amplify", "appflow", "apprunner", "appstream", "appsync"] {
            for region in [HERE, HOME] {
                call(&denials, region, service, Err(&scp()));
            }
        }
        call(&denials, HOME, "sqs", Ok(()));
        assert!(!is_open(&denials, HERE));
    }

    #[test]
    fn the_order_in_which_regions_answer_does_not_matter() {
        let denials = denials();
        call_all(&denials, HERE, Err(&scp()));
        assert!(!is_open(&denials, HERE));
        call_all(&denials, HOME, Ok(()));
        assert!(is_open(&denials, HERE));
    }

    #[test]
    fn one_answer_is_enough_to_ask_everything() {
        for answer in [Ok(()), Err(iam())] {
            let denials = denials();
            call_all(&denials, HOME, Ok(()));
            call(&denials, HERE, "sns", answer.as_ref().copied());
            call_all(&denials, HERE, Err(&scp()));
            assert!(!is_open(&denials, HERE));
        }
    }

    /// Requests that were in progress are waited for, and those that were sent later are not.
    #[test]
    fn breaker_waits_only_for_requests_sent_before() {
        let denials = denials();
        let here = Region::new(HERE);
        let early = denials.depart(&here);
        call_all(&denials, HOME, Ok(()));
        call_all(&denials, HERE, Err(&scp()));
        assert!(!is_open(&denials, HERE), "one request may still succeed");
        let _late = denials.depart(&here);
        let throttled = CallError { code: Some("ThrottlingException".to_owned()), ..iam() };
        denials.arrived(&here, "lambda", Err(&throttled));
        assert!(!is_open(&denials, HERE), "it will be retried");
        denials.arrived(&here, "lambda", Err(&scp()));
        denials.ended(&here, early);
        assert!(is_open(&denials, HERE));
    }

    #[test]
    fn throttling_and_lost_connections_are_no_evidence() {
        let denials = denials();
        call_all(&denials, HOME, Ok(()));
        call_all(&denials, HERE, Err(&scp()));
        let throttled = CallError { code: Some("ThrottlingException".to_owned()), ..iam() };
        let broken = CallError { status: Some(503), code: Some("InternalError".to_owned()), ..scp() };
        let broken = CallError { message: "try again".to_owned(), ..broken };
        for error in [throttled, broken, CallError::new(CallErrorKind::Timeout, "no answer")] {
            call(&denials, HERE, "sns", Err(&error));
        }
        assert!(is_open(&denials, HERE));
    }

    #[test]
    fn account_wide_and_exempt_calls_are_never_inferred() {
        let catalog = Catalog::embedded().expect("the embedded catalog");
        for (service, function, expected) in [
            ("sqs", "list_queues", true),
            ("ec2", "describe_instances", true),
            ("ec2", "describe_transit_gateways", false),
            ("kms", "list_keys", false),
            ("iam", "list_users", false),
            ("s3", "list_buckets", false),
            ("s3", "get_bucket_tagging", false),
            ("resourcegroupstaggingapi", "get_resources", false),
        ] {
            let known = catalog.service(service).expect("a readable catalog").expect("a service");
            let function = Function::find(&known, function).expect("a function");
            assert_eq!(Denials::concern(&function), expected, "{function}");
        }
    }
}
