//! The event of `CloudTrail` that made a change, or the reason why it is unknown.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::plan::spec::{EVENT_DAYS, MOST_EVENTS};

/// The event that made a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeEvent {
    /// The ARN of the caller, or else the name of the user, or of the service that acted.
    pub principal: String,
    /// The ARN of the role, if the caller was a role session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The operation: `RunInstances`.
    pub event: String,
    /// The service that was called: `ec2.amazonaws.com`.
    pub source: String,
    /// When it was called.
    pub time: DateTime<Utc>,
}

/// Why nothing is known about who made a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownWho {
    /// CloudTrail has no such event.
    NoEvent,
    /// CloudTrail has more events of the resource than were read.
    MoreEvents,
    /// More resources changed than are looked up.
    BeyondLimit,
    /// The runs are older than CloudTrail's history.
    TooOld,
    /// The lookup was denied.
    Denied,
    /// The lookup failed, or was not sent.
    Failed,
    /// The resource has no name that can be looked up.
    NoName,
}

impl UnknownWho {
    /// Returns the reason as text.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::NoEvent => "no event in CloudTrail".to_owned(),
            Self::MoreEvents => format!("not among the last {MOST_EVENTS} events in CloudTrail"),
            Self::BeyondLimit => "not looked up, see --who-limit".to_owned(),
            Self::TooOld => format!("not looked up, CloudTrail keeps {EVENT_DAYS} days"),
            Self::Denied => "cloudtrail:LookupEvents is denied".to_owned(),
            Self::Failed => "the lookup failed".to_owned(),
            Self::NoName => "not looked up, its name is unknown".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::UnknownWho;

    #[test]
    fn words_of_json_are_those_of_the_documentation() {
        for (reason, word) in [(UnknownWho::NoEvent, "no_event"), (UnknownWho::TooOld, "too_old")] {
            assert_eq!(serde_json::to_value(reason).expect("JSON"), word);
        }
        assert_eq!(UnknownWho::TooOld.text(), "not looked up, CloudTrail keeps 90 days");
    }
}
