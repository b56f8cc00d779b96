//! What a scenario leads to, call by call, worked out from its rules alone.

use aws_auto_inventory::names::AccountId;
use aws_auto_inventory::simulator::scenario::{Fault, FaultRule, Policy};
use aws_auto_inventory::simulator::{Scenario, Site};
use serde_json::{Map, Value};

use super::Place;

/// So many requests are never sent: what still goes wrong then goes wrong for ever.
const LATE: u64 = 1_000_000;

/// Where STS is called for sessions.
const HOME: &str = "us-east-1";
const MANAGEMENT: &str = "100000000000";

/// The codes by which AWS reports that it does not know a key.
const UNKNOWN_KEY: [&str; 3] = ["InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure"];

/// The expected content of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    status: String,
    by: Option<&'static str>,
    ended_by: Option<&'static str>,
    /// The account vanishes at some moment, after which its keys are unknown.
    may_vanish: bool,
    /// Some bodies come whole and cannot be read, which no other attempt is made for.
    may_be_unreadable: bool,
}

impl Verdict {
    pub(super) fn of(status: &str) -> Self {
        Self {
            status: status.to_owned(),
            by: None,
            ended_by: None,
            may_vanish: false,
            may_be_unreadable: false,
        }
    }

    /// The same, where bodies may come whole and not be readable.
    pub(super) fn or_unreadable(self) -> Self {
        Self { may_be_unreadable: true, ..self }
    }

    fn denied(by: &'static str) -> Self {
        Self { by: Some(by), ..Self::of("denied") }
    }

    fn truncated(ended_by: &'static str) -> Self {
        Self { ended_by: Some(ended_by), ..Self::of("truncated") }
    }

    /// Whether a line of the ledger agrees.
    pub(super) fn accepts(&self, line: &Value) -> bool {
        // A session of an account that was removed cannot be renewed, whichever answer reports it first.
        let unknown = line["code"].as_str().is_some_and(|code| UNKNOWN_KEY.contains(&code));
        let vanished = unknown || line["status"] == "expired" || line["truncated_by"] == "expired";
        let same = line["status"] == *self.status
            && line["denied_by"].as_str() == self.by
            && line["truncated_by"].as_str() == self.ended_by;
        let failed = line["status"] == "failed" || line["truncated_by"] == "failed";
        let unreadable = failed
            && line["code"].is_null()
            && line["message"].as_str().is_some_and(|message| message.contains("the response "));
        same || self.may_vanish && vanished || self.may_be_unreadable && unreadable
    }
}

/// Knows the end of every call.
pub(super) struct Oracle<'scenario>(&'scenario Scenario);

impl<'scenario> Oracle<'scenario> {
    pub(super) fn new(scenario: &'scenario Scenario) -> Self {
        Self(scenario)
    }

    /// What becomes of a call, of which `truth` is the line in an undisturbed run.
    pub(super) fn verdict(&self, place: &Place, truth: &Value) -> Verdict {
        let (account, region, service, function) = place;
        let account = AccountId::new(account);
        let role_session = account.as_str() != MANAGEMENT;
        let session = Site {
            account: &account,
            region: HOME,
            service: "sts",
            operation: "AssumeRole",
            role_session: false,
            count: LATE,
            parameters: &Map::new(),
        };
        if role_session
            && let Some(Fault::Deny { .. }) = self.lasting(&session).next().map(|rule| &rule.fault)
        {
            // STS does not report what refuses a role.
            return Verdict::denied("unknown");
        }
        let operation = operation(function);
        let call = Site { region, service, operation: &operation, role_session, ..session };
        let may_vanish = self.lasting(&call).any(|rule| matches!(rule.fault, Fault::Vanish { .. }));
        let pages = truth["pages"].as_u64().unwrap_or_default();
        let end = self.lasting(&call).find_map(|rule| end(&rule.fault, pages)).flatten();
        let unharmed = || Verdict::of(truth["status"].as_str().expect("a status"));
        // Rules that hold for the first requests only, too.
        let may_be_unreadable = [1, 2, 3, LATE].into_iter().any(|count| {
            let call = Site { count, ..call };
            self.0.rules_for(&call).any(|rule| is_unreadable(&rule.fault))
        });
        Verdict { may_vanish, may_be_unreadable, ..end.unwrap_or_else(unharmed) }
    }

    /// The rules that choose every request, those on the way to the service first.
    fn lasting(&self, site: &Site<'_>) -> impl Iterator<Item = &'scenario FaultRule> {
        let lasts = |rule: &&FaultRule| rule.matches.probability.is_none();
        let (mut rules, inside): (Vec<_>, Vec<_>) =
            self.0.rules_for(site).filter(lasts).partition(|rule| rule.fault.is_on_the_way());
        rules.extend(inside);
        rules.into_iter()
    }
}

/// Whether a fault makes bodies that come whole and cannot be read.
fn is_unreadable(fault: &Fault) -> bool {
    match fault {
        Fault::Truncate { .. } => true,
        Fault::Garbage { status, .. } => *status < 300,
        _ => false,
    }
}

/// How a call ends that meets the fault at every request; the inner `None` is unharmed, the outer means
/// that later rules decide.
#[expect(clippy::option_option, reason = "a fault that does no harm still keeps others away")]
fn end(fault: &Fault, pages: u64) -> Option<Option<Verdict>> {
    let verdict = match fault {
        // A quota that fills again delays and no more.
        Fault::Throttle { rate, .. } if *rate >= 1.0 || pages < 2 => return None,
        Fault::Delay { .. } | Fault::Vanish { .. } => return None,
        Fault::Drip { .. } | Fault::EmptyPages { .. } | Fault::ClockSkew { .. } => return Some(None),
        Fault::Throttle { .. } => Verdict::truncated("throttled"),
        Fault::RepeatToken {} => Verdict::truncated("failed"),
        // The services of this run are in every region, so that a missing name proves nothing.
        Fault::RefuseConnection {}
        | Fault::DnsFailure {}
        | Fault::TlsFailure {}
        | Fault::Reset { .. }
        | Fault::HalfClose { .. } => Verdict::of("unreachable"),
        Fault::NotAvailable {} => Verdict::of("not_available"),
        Fault::RegionDisabled {} => Verdict::of("region_disabled"),
        Fault::ExpiredToken { .. } => Verdict::of("expired"),
        Fault::Error { .. } | Fault::Truncate { .. } | Fault::Garbage { .. } | Fault::Redirect { .. } => {
            Verdict::of("failed")
        }
        Fault::Deny { by, .. } => Verdict::denied(match by {
            Policy::Iam => "iam",
            Policy::Scp => "scp",
            Policy::SessionPolicy => "session_policy",
            Policy::Boundary => "boundary",
            Policy::ResourcePolicy => "resource_policy",
        }),
    };
    Some(Some(verdict))
}

/// The operation of one of the functions: `describe_db_instances` is `DescribeDBInstances`.
fn operation(function: &str) -> String {
    function
        .split('_')
        .map(|word| match word {
            "db" => "DB".to_owned(),
            word => word[..1].to_uppercase() + &word[1..],
        })
        .collect()
}
