//! The role settings of one account that differ from those of the run.

use serde::{Deserialize, Serialize};

/// The role settings of one account that differ from those of the run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleOverride {
    /// The names of the roles to try, in order; empty for those of the run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub role_names: Vec<String>,
    /// The ARN of the role, instead of names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_arn: Option<String>,
    /// The external ID that the role's trust policy requires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// The session's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_name: Option<String>,
    /// The ARN of a role to assume first, with the credentials of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via_role: Option<String>,
}

impl RoleOverride {
    /// Returns whether all settings are those of the run.
    pub(crate) fn is_none(&self) -> bool {
        *self == Self::default()
    }
}
