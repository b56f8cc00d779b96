//! The record of one planned call: its outcome, and everything needed to assess it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::status::{DeniedBy, Status};
use crate::aws::client::{HostOf, InferredFrom};
use crate::names::{AccountId, FunctionName, Region, ServiceName};
use crate::plan::redaction::RedactionCounts;

/// The hint for a call whose outcome was inferred.
pub const ASK_EVERYTHING_HINT: &str = "use --ask-everything to send the call anyway";

/// A line of the ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallRecord {
    /// The account; `*` if an entry was skipped for the whole run.
    pub account: AccountId,
    /// The region, `global`, or `*` if an entry was skipped for the whole run.
    pub region: String,
    /// The service.
    pub service: ServiceName,
    /// The function.
    pub function: FunctionName,
    /// The result's key in the result file.
    pub name: String,
    /// The outcome.
    pub status: Status,
    /// The policy that denied the call.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub denied_by: Option<DeniedBy>,
    /// The IAM actions that the call lacks, as its hint names them.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub denied_actions: Vec<String>,
    /// The failure that truncated a response; absent if the spec limited it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub truncated_by: Option<Status>,
    /// Whether the call was not sent and its outcome was inferred from earlier ones, such as from an account
    /// whose role could not be assumed.
    #[serde(skip_serializing_if = "is_false", default)]
    pub inferred: bool,
    /// The source of the inference: present if, and only if, `inferred` is set.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub inferred_from: Option<InferredFrom>,
    /// The name of the role that could not be assumed, if that is why there is no session.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub role: Option<String>,
    /// The number of requests that were sent, including retries.
    pub attempts: u32,
    /// The number of pages that were read.
    pub pages: u32,
    /// The number of items that were found.
    pub items: u64,
    /// The length of the result in its file, in bytes; 0 if the call has no result.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub bytes: u64,
    /// The time from the first request to the last response.
    pub duration_ms: u64,
    /// The service's error code.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub code: Option<String>,
    /// The error message.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message: Option<String>,
    /// The kind of host (service, resource, configured endpoint or proxy) whose name does not exist, if that is
    /// why the connection failed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub missing_host: Option<HostOf>,
    /// AWS's id of the request that failed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub request_id: Option<String>,
    /// Hints for the user, one sentence per line.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub hint: Option<String>,
    /// The item of a child call that this line is about; lines for all items have none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub item: Option<Value>,
    /// Items of a child call without the requested configuration: buckets without tags.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub items_not_configured: u64,
    /// Items of a child call that were denied or failed; each has its own line.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub failed_items: u64,
    /// Items of a child call that were deleted between the list and the call; each has its own line.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub vanished: u64,
    /// The number of values that were redacted because of their path.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub redacted: u64,
    /// The number of places in free text that look like a secret; the log lists them.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub secrets: u64,
    /// Buckets in regions that this run does not scan: region and number.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub buckets_in_unscanned_regions: BTreeMap<Region, u64>,
}

/// The placeholder for all accounts and all regions.
const ALL: &str = "*";

impl CallRecord {
    /// Returns the record of an entry that is skipped for the whole run.
    #[must_use]
    pub fn of_the_run(service: &str, function: &str, message: String) -> Self {
        let record = Self::new(&AccountId::new(ALL), ALL, service, function, function);
        Self { message: Some(message), ..record }
    }

    /// Returns whether the record is about an entry that is skipped for the whole run.
    #[must_use]
    pub fn is_about_the_run(&self) -> bool {
        self.region == ALL
    }

    /// Returns a record for a call that has not been sent.
    #[must_use]
    pub fn new(account: &AccountId, region: &str, service: &str, function: &str, name: &str) -> Self {
        Self {
            account: account.clone(),
            region: region.to_owned(),
            service: ServiceName::new(service),
            function: FunctionName::new(function),
            name: name.to_owned(),
            status: Status::Skipped,
            denied_by: None,
            denied_actions: Vec::new(),
            truncated_by: None,
            inferred: false,
            inferred_from: None,
            role: None,
            attempts: 0,
            pages: 0,
            items: 0,
            bytes: 0,
            duration_ms: 0,
            code: None,
            message: None,
            missing_host: None,
            request_id: None,
            hint: None,
            item: None,
            items_not_configured: 0,
            failed_items: 0,
            vanished: 0,
            redacted: 0,
            secrets: 0,
            buckets_in_unscanned_regions: BTreeMap::new(),
        }
    }

    /// Adds the counts of redaction.
    pub(crate) fn note(&mut self, cleaned: &RedactionCounts) {
        self.redacted += cleaned.redacted;
        self.secrets += cleaned.count();
    }

    /// Returns whether the record is about a call of the plan: one function in one account and region. The other
    /// records are about an item of such a call, or about an entry that is skipped for the whole run.
    #[must_use]
    pub fn is_call(&self) -> bool {
        self.item.is_none() && !self.is_about_the_run()
    }

    /// Returns whether the inventory has a gap here: the call failed, a later page of it did, or some of its
    /// items.
    #[must_use]
    pub fn is_gap(&self) -> bool {
        self.status.is_failure() || self.truncated_by.is_some() || self.failed_items > 0
    }

    /// Returns whether the record stands for an account without a session: none of the account's calls was sent.
    #[must_use]
    pub fn is_without_session(&self) -> bool {
        matches!(self.inferred_from, Some(InferredFrom::Session | InferredFrom::Account))
    }

    /// Returns whether expired credentials ended the call.
    #[must_use]
    pub fn is_expired(&self) -> bool {
        [Some(self.status), self.truncated_by].contains(&Some(Status::Expired))
    }

    /// Turns a failure into a truncation: pages were read before it.
    pub(crate) fn cut_off(&mut self) {
        self.truncated_by = Some(if self.status.is_failure() { self.status } else { Status::Failed });
        self.status = Status::Truncated;
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CallRecord;
    use crate::aws::client::InferredFrom;

    /// Parses a line as it is written in a ledger.
    fn line(more: &serde_json::Value) -> CallRecord {
        let mut line = json!({
            "account": "111111111111", "region": "eu-west-1", "service": "sqs", "function": "list_queues",
            "name": "list_queues", "status": "denied", "attempts": 0, "pages": 0, "items": 0, "duration_ms": 0,
        });
        let members = line.as_object_mut().expect("an object");
        members.extend(more.as_object().expect("an object").clone());
        serde_json::from_value(line).expect("a line of the ledger")
    }

    #[test]
    fn a_line_says_what_it_was_inferred_from() {
        for (word, from) in [
            ("session", InferredFrom::Session),
            ("account", InferredFrom::Account),
            ("endpoint", InferredFrom::Endpoint),
            ("region", InferredFrom::Region),
        ] {
            let line = line(&json!({"inferred": true, "inferred_from": word}));
            assert_eq!(line.inferred_from, Some(from));
            assert_eq!(serde_json::to_value(&line).expect("JSON")["inferred_from"], word);
        }
        assert_eq!(line(&json!({})).inferred_from, None);
    }

    #[test]
    fn an_account_is_without_session_only_where_the_session_failed() {
        let is_without =
            |from: &str| line(&json!({"inferred": true, "inferred_from": from})).is_without_session();
        assert!(is_without("session") && is_without("account"));
        assert!(!is_without("endpoint") && !is_without("region"));
        assert!(!line(&json!({})).is_without_session());
    }

    #[test]
    fn a_call_with_failed_items_is_a_gap() {
        assert!(!line(&json!({"status": "truncated"})).is_gap());
        assert!(line(&json!({"status": "truncated", "failed_items": 2})).is_gap());
    }

    #[test]
    fn lines_about_items_and_about_the_run_are_no_calls() {
        assert!(line(&json!({})).is_call());
        assert!(!line(&json!({"item": "orders"})).is_call());
        assert!(!line(&json!({"account": "*", "region": "*"})).is_call());
    }
}
