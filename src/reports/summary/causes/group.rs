//! A cause, with all calls that failed of it, and how that is said.

use std::fmt::{Display, Write as _};

use serde::Serialize;

use crate::names::{AccountId, ServiceName};
use crate::run::{CallRecord, DeniedBy, Status};
use crate::util::plural::plural;

/// How many names a sentence takes.
const NAMED: usize = 5;

/// What a cause is about.
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

/// Calls that failed of the same cause.
#[derive(Clone, Debug, Serialize)]
pub struct CauseGroup {
    /// What the cause is about.
    pub subject: CauseSubject,
    /// What became of the calls.
    pub status: Status,
    /// What refused them.
    pub denied_by: Option<DeniedBy>,
    /// The error codes.
    pub codes: Vec<String>,
    /// The services of the calls.
    pub services: Vec<ServiceName>,
    /// Their regions, or `global`.
    pub regions: Vec<String>,
    /// Their accounts.
    pub accounts: Vec<AccountId>,
    /// How many calls.
    pub calls: u64,
    /// How many items of child calls among them failed.
    pub failed_items: u64,
    /// How many of the calls were not sent, because what they come to could be inferred.
    pub not_sent: u64,
    /// What to do about it, for all of them.
    pub hints: Vec<String>,
    /// One of them: its line in the ledger.
    pub example: Box<CallRecord>,
}

impl CauseGroup {
    /// What has happened, where, and to how many calls, in one sentence.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{}: {}", self.cause(), self.extent())
    }

    /// What has happened.
    #[must_use]
    pub fn cause(&self) -> String {
        match self.subject {
            CauseSubject::Session => match self.role() {
                Some(role) => format!("cannot assume role {role} in {}", self.in_accounts()),
                None => format!("no session in {}", self.in_accounts()),
            },
            CauseSubject::Account => {
                format!("{} suspended or closed since the run began", self.in_accounts())
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

    /// How many calls, in how many accounts and regions.
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

    /// The accounts and regions by their names, as far as the title does not have them.
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

    /// What AWS said, of one call.
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

    /// The role whose session could not be opened, by its name.
    fn role(&self) -> Option<&str> {
        let arn = self.example.message.as_deref()?.strip_prefix("cannot assume ")?;
        let (_, path) = arn.split(": ").next()?.split_once(":role/")?;
        path.rsplit('/').next()
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
            Some(DeniedBy::ResourcePolicy) => " by the resource's own policy",
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

/// A status in words.
fn status_word(status: Status) -> String {
    status.as_str().replace('_', " ")
}

/// Names in a sentence; of many, the first few: `a, b and 3 more regions`.
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
