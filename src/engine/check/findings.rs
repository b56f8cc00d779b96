//! What the check found in one account.

use serde::{Deserialize, Serialize};

use crate::names::{AccountId, FunctionName, Region, ServiceName};
use crate::run::{DeniedBy, Status};

/// What was found in one account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountFindings {
    /// Its id.
    pub id: AccountId,
    /// Its name.
    pub name: Option<String>,
    /// The ARN of the role that is assumed; none where base credentials are used.
    pub role: Option<String>,
    /// Whether it could be entered.
    pub entered: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub refusal: Option<CheckDenial>,
    /// The regions in which it would be scanned.
    pub regions: Vec<Region>,
    /// Whether these were named or looked up; else they are those that every account has.
    pub regions_known: bool,
    /// One call of each service.
    pub services: Vec<ServiceFinding>,
}

/// What AWS said when it refused a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckDenial {
    /// The error's code; none when no answer came.
    pub code: Option<String>,
    /// What it says.
    pub message: String,
    /// AWS's id of the request.
    pub request_id: Option<String>,
    /// What to look at, likeliest first.
    pub hints: Vec<String>,
}

/// What became of one call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceFinding {
    /// The service.
    pub service: ServiceName,
    /// The function that was called.
    pub function: FunctionName,
    /// The region, or `global`.
    pub region: String,
    /// `ok` for any answer, else what the ledger would say.
    pub status: Status,
    /// What refused it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub denied_by: Option<DeniedBy>,
    /// The error's code.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub code: Option<String>,
    /// What happened.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message: Option<String>,
    /// AWS's id of the request that failed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub request_id: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub hint: Option<String>,
    /// The IAM action that was denied.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub action: Option<String>,
}

impl AccountFindings {
    /// Whether a scan would have no gap here, as far as was tried.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.entered && self.services.iter().all(|service| !service.status.is_failure())
    }
}
