//! One cause of failure with all of its calls, and its description in words.

use std::fmt::{Display, Write as _};

use serde::Serialize;

use crate::names::{AccountId, FunctionName, ServiceName};
use crate::run::{CallRecord, DeniedBy, Status};
use crate::util::plural::plural;

/// The most names listed in a sentence.
const NAMED: usize = 5;

/// The subject of a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CauseSubject {
    /// Accounts in which no session could be opened; none of their calls was sent.
    Session,
    /// Accounts that were suspended or closed while the run was interrupted.
    Account,
    /// Regions: calls fail there, whatever their service.
    Region,
    /// Services.
    Service,
}

/// Calls that failed for the same cause.
#[derive(Clone, Debug, Serialize)]
pub struct CauseGroup {
    /// The subject of the cause.
    pub subject: CauseSubject,
    /// The status of the calls.
    pub status: Status,
    /// The kind of policy that denied the calls, if AWS reports it.
    pub denied_by: Option<DeniedBy>,
    /// The error codes.
    pub codes: Vec<String>,
    /// The services of the calls.
    pub services: Vec<ServiceName>,
    /// The functions of the calls, each with its service. The summary names only an example: an account without a
    /// session has all functions of the spec.
    #[serde(skip)]
    pub functions: Vec<(ServiceName, FunctionName)>,
    /// The regions of the calls, or `global`.
    pub regions: Vec<String>,
    /// The accounts of the calls.
    pub accounts: Vec<AccountId>,
    /// How many calls have this cause.
    pub calls: u64,
    /// How many items of child calls failed for this cause.
    pub failed_items: u64,
    /// How many of the calls were not sent, because their outcome was inferred.
    pub not_sent: u64,
    /// Hints that apply to all of the calls.
    pub hints: Vec<String>,
    /// The ledger line of one of the calls.
    pub example: Box<CallRecord>,
}

impl CauseGroup {
    /// Returns one sentence with the cause and how many calls it affects where.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{}: {}", self.cause(), self.extent())
    }

    /// Returns the cause in words.
    #[must_use]
    pub fn cause(&self) -> String {
        match self.subject {
            CauseSubject::Session => match &self.example.role {
                Some(role) => format!("cannot assume role {role} in {}", self.in_accounts()),
                None => format!("no session in {}", self.in_accounts()),
            },
            CauseSubject::Account => {
                format!("{} suspended or closed since the run started", self.in_accounts())
            }
            CauseSubject::Region => format!("{} {}", listed(&self.regions, "region"), self.outcome()),
            CauseSubject::Service => {
                let services = listed(&self.services, "service");
                let place = match self.regions.as_slice() {
                    [only] if only != super::GLOBAL => format!(" in {only}"),
                    _ => String::new(),
                };
                format!("{services}{place} {}{}", self.outcome(), self.code_words())
            }
        }
    }

    /// Returns how many calls are affected, in how many accounts and regions.
    #[must_use]
    pub fn extent(&self) -> String {
        let calls = plural(self.calls, "call");
        let items = match self.failed_items {
            0 => String::new(),
            items => format!(" for {}", plural(items, "item")),
        };
        let mut text = match self.subject {
            CauseSubject::Session | CauseSubject::Account => {
                return format!("{calls} {}{}", status_word(self.status), self.code_words());
            }
            CauseSubject::Region | CauseSubject::Service => {
                format!("{calls}{items} in {}", self.in_accounts())
            }
        };
        if self.subject == CauseSubject::Service && self.regions.len() > 1 {
            text += ", ";
            text += &plural(self.regions.len(), "region");
        }
        if self.not_sent > 0 {
            // Writing into a String cannot fail.
            let _ = write!(text, " ({} not sent)", self.not_sent);
        }
        text
    }

    /// Returns lines with the accounts, regions and services that the title does not name.
    #[must_use]
    pub fn places(&self) -> Vec<String> {
        let mut places = Vec::new();
        if self.accounts.len() > 1 {
            places.push(format!("accounts: {}", listed(&self.accounts, "")));
        }
        let has_regions = self.subject == CauseSubject::Service && self.regions.len() > 1;
        if has_regions || self.subject == CauseSubject::Region && self.regions.len() > NAMED {
            places.push(format!("regions: {}", listed(&self.regions, "")));
        }
        if self.subject == CauseSubject::Region {
            places.push(format!("services: {}", listed(&self.services, "")));
        }
        places
    }

    /// Returns the error message of the example call.
    #[must_use]
    pub fn message(&self) -> Option<String> {
        let message = self.example.message.as_deref()?;
        let CallRecord { function, account, region, service, .. } = &*self.example;
        Some(match self.subject {
            CauseSubject::Session | CauseSubject::Account if self.accounts.len() == 1 => message.to_owned(),
            CauseSubject::Session | CauseSubject::Account => format!("for example: {message}"),
            _ if self.calls == 1 && self.failed_items <= 1 => format!("{function}: {message}"),
            _ if self.services.len() == 1 => {
                format!("for example {function} in {account} {region}: {message}")
            }
            _ => format!("for example {service} {function} in {account} {region}: {message}"),
        })
    }

    fn in_accounts(&self) -> String {
        match self.accounts.as_slice() {
            [only] => format!("account {only}"),
            many => plural(many.len(), "account"),
        }
    }

    fn outcome(&self) -> String {
        let status = status_word(self.status);
        let by = match self.denied_by {
            Some(DeniedBy::Iam) => " by an identity policy",
            Some(DeniedBy::Scp) => " by a service control policy",
            Some(DeniedBy::SessionPolicy) => " by the session policy",
            Some(DeniedBy::Boundary) => " by a permissions boundary",
            Some(DeniedBy::ResourcePolicy) => " by a resource-based policy",
            Some(DeniedBy::Unknown) | None => "",
        };
        format!("{status}{by}")
    }

    fn code_words(&self) -> String {
        match self.codes.as_slice() {
            [] => String::new(),
            codes => format!(" ({})", listed(codes, "code")),
        }
    }
}

/// Returns a status in words.
fn status_word(status: Status) -> String {
    status.as_str().replace('_', " ")
}

/// Joins names for a sentence; lists only the first few of many: `a, b and 3 more regions`.
pub(in crate::reports::summary) fn listed(names: &[impl Display], noun: &str) -> String {
    let text = |names: &[_]| names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if names.len() <= NAMED {
        return text(names);
    }
    let more = names.len() - NAMED;
    let noun =
        if noun.is_empty() { String::new() } else { format!(" {}", crate::util::plural::form(more, noun)) };
    format!("{} and {more} more{noun}", text(&names[..NAMED]))
}
