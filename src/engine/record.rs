//! The record of one planned call: what became of it, and all that is needed to judge it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::classify::{RegionState, classify};
use super::status::{DeniedBy, Status};
use crate::client::CallError;
use crate::names::{AccountId, FunctionName, Region, ServiceName};
use crate::redaction::{Cleaned, without_secrets};

/// A line of the ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallRecord {
    /// The account; `*` where an entry was skipped for the whole run.
    pub account: AccountId,
    /// The region, `global`, or `*` where an entry was skipped for the whole run.
    pub region: String,
    /// The service.
    pub service: ServiceName,
    /// The function.
    pub function: FunctionName,
    /// The result's key in the result file.
    pub name: String,
    /// What became of it.
    pub status: Status,
    /// What refused it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub by: Option<DeniedBy>,
    /// What ended a truncated answer too early; absent where the spec did.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ended_by: Option<Status>,
    /// Not asked: what is said here was concluded from what happened before, such as an account
    /// that could not be entered.
    #[serde(skip_serializing_if = "is_false", default)]
    pub inferred: bool,
    /// How often a request was sent, retries included.
    pub attempts: u32,
    /// How many pages were read.
    pub pages: u32,
    /// How many items were found.
    pub items: u64,
    /// From the first request to the last answer.
    pub milliseconds: u64,
    /// The service's error code.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub code: Option<String>,
    /// What happened.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message: Option<String>,
    /// AWS's id of the request that failed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub request_id: Option<String>,
    /// What to do about it, a sentence to a line.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub hint: Option<String>,
    /// The item of a child call that this line is about; lines for all items have none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub item: Option<Value>,
    /// Items of a child call that have nothing of what was asked for: buckets without tags.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub absent: u64,
    /// Values that were redacted because of where they stand.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub redacted: u64,
    /// Places in free text that look like a secret; the log says where.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub secrets: u64,
    /// Buckets in regions that this run does not scan: region and number.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub left_out: BTreeMap<Region, u64>,
}

/// Stands for all accounts and all regions.
const ALL: &str = "*";

impl CallRecord {
    /// The record of an entry that is not called in the whole run.
    #[must_use]
    pub fn of_the_run(service: &str, function: &str, message: String) -> Self {
        let record = Self::new(&AccountId::new(ALL), ALL, service, function, function);
        Self { message: Some(message), ..record }
    }

    /// Whether it is about an entry that is not called in the whole run.
    #[must_use]
    pub fn is_about_the_run(&self) -> bool {
        self.region == ALL
    }

    /// The record of a call that has not been asked.
    #[must_use]
    pub fn new(account: &AccountId, region: &str, service: &str, function: &str, name: &str) -> Self {
        Self {
            account: account.clone(),
            region: region.to_owned(),
            service: ServiceName::new(service),
            function: FunctionName::new(function),
            name: name.to_owned(),
            status: Status::Skipped,
            by: None,
            ended_by: None,
            inferred: false,
            attempts: 0,
            pages: 0,
            items: 0,
            milliseconds: 0,
            code: None,
            message: None,
            request_id: None,
            hint: None,
            item: None,
            absent: 0,
            redacted: 0,
            secrets: 0,
            left_out: BTreeMap::new(),
        }
    }

    /// Counts what redaction has changed.
    pub(super) fn note(&mut self, cleaned: &Cleaned) {
        self.redacted += cleaned.redacted;
        self.secrets += cleaned.count();
    }

    /// Whether the inventory has a gap here: the call failed, or a later page of it did.
    #[must_use]
    pub fn is_gap(&self) -> bool {
        self.status.is_failure() || self.ended_by.is_some()
    }

    /// Whether credentials that hold no longer ended it.
    #[must_use]
    pub fn is_expired(&self) -> bool {
        [Some(self.status), self.ended_by].contains(&Some(Status::Expired))
    }

    /// Takes over what an error says; its classification becomes the status.
    pub fn fail(&mut self, error: &CallError, region: RegionState) {
        let meaning = classify(error, region);
        self.status = meaning.status;
        self.by = meaning.by;
        self.code.clone_from(&error.code);
        self.message = Some(without_secrets(&error.message));
        self.request_id.clone_from(&error.request_id);
        self.attempts += error.attempts;
        self.inferred = error.inferred;
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
