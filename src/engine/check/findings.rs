//! The findings of the check in one account.

use serde::{Deserialize, Serialize};

use crate::names::{AccountId, FunctionName, Region, ServiceName};
use crate::run::{DeniedBy, Status};

/// The findings in one account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountFindings {
    /// The account's id.
    pub id: AccountId,
    /// The account's name.
    pub name: Option<String>,
    /// The ARN of the role that is assumed; `None` if base credentials are used.
    pub role: Option<String>,
    /// The permission set that is used; the permission sets that were tried if none is assigned.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub permission_set: Option<String>,
    /// Whether there are credentials for the account: the role was assumed, or base credentials are used.
    pub entered: bool,
    /// The error, if the role could not be assumed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub refusal: Option<CheckDenial>,
    /// The regions in which a scan would call the account.
    pub regions: Vec<Region>,
    /// Whether the regions were given or looked up; otherwise they are the default regions of every account.
    pub regions_known: bool,
    /// The outcome of one call to each service.
    pub services: Vec<ServiceFinding>,
}

/// The permission sets of the check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckedPermissionSets {
    /// The names, in the order in which they are tried in each account.
    pub names: Vec<String>,
    /// The policies of the permission set that is used in the caller's account; `None` if it may not read them.
    pub policies: Option<Vec<String>>,
}

/// The error that AWS returned when the role was assumed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckDenial {
    /// The error code; `None` if there was no response.
    pub code: Option<String>,
    /// The error message.
    pub message: String,
    /// The request id of the response.
    pub request_id: Option<String>,
    /// What to check, the likeliest cause first.
    pub hints: Vec<String>,
}

/// The outcome of one call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceFinding {
    /// The service.
    pub service: ServiceName,
    /// The function that was called.
    pub function: FunctionName,
    /// The region, or `global`.
    pub region: String,
    /// `ok` for every successful response, otherwise the status as in the ledger.
    pub status: Status,
    /// The kind of policy that denied the call.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub denied_by: Option<DeniedBy>,
    /// The error's code.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub code: Option<String>,
    /// The error message.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message: Option<String>,
    /// The request id of the failed request.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub request_id: Option<String>,
    /// The hint for the error.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub hint: Option<String>,
    /// The IAM action that was denied.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub action: Option<String>,
}

impl AccountFindings {
    /// Returns whether every check of this account passed.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.entered && self.services.iter().all(|service| !service.status.is_failure())
    }
}
