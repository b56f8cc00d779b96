//! The role settings of one account that differ from those of the run.

use serde::{Deserialize, Serialize};

use super::role_settings::{RoleSettings, check_role_arn, parse_role_arn};
use crate::error::Failure;
use crate::names::AccountId;

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
    /// Validates the settings against AWS's rules.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Usage`](crate::error::FailureKind) that names the value and the rule, also for the ARN of a
    /// role in another account.
    pub fn check(&self, account: &AccountId) -> Result<(), Failure> {
        if let Some(arn) = &self.role_arn {
            if !self.role_names.is_empty() {
                return Err(Failure::usage("both the name and the ARN of the role are given"));
            }
            let (owner, _) = parse_role_arn(arn)?;
            if owner != *account {
                return Err(Failure::usage(format!("the role {arn} belongs to another account")));
            }
        }
        if let Some(arn) = &self.via_role {
            check_role_arn(arn)?;
        }
        let defaults = RoleSettings::default();
        let (first, others) = self.role_names.split_first().unzip();
        let settings = RoleSettings {
            role_name: first.cloned().unwrap_or(defaults.role_name),
            fallback_role_names: others.unwrap_or_default().to_vec(),
            external_id: self.external_id.clone(),
            session_name: self.session_name.clone().unwrap_or(defaults.session_name),
            ..RoleSettings::default()
        };
        settings.check()
    }
}

#[cfg(test)]
mod tests {
    use super::{AccountId, RoleOverride};

    #[track_caller]
    fn expect_invalid(settings: &RoleOverride, expected: &str) {
        let failure = settings.check(&AccountId::new("111111111111")).expect_err("a mistake");
        assert!(failure.to_string().contains(expected), "{failure}");
    }

    #[test]
    fn settings_of_an_account_follow_the_rules_of_aws() {
        let arn = |account: &str| Some(format!("arn:aws:iam::{account}:role/audit/Reader"));
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let right = RoleOverride {
            role_arn: arn("111111111111"),
            via_role: arn("222222222222"),
            external_id: Some("x-1".to_owned()),
            ..RoleOverride::default()
        };
        right.check(&AccountId::new("111111111111")).expect("usable settings");
        expect_invalid(
            &RoleOverride { role_arn: arn("222222222222"), ..RoleOverride::default() },
            "another account",
        );
        expect_invalid(
            &RoleOverride { role_names: names(&["A"]), ..right.clone() },
            "both the name and the ARN",
        );
        expect_invalid(
            &RoleOverride { role_names: names(&["A", "a/b"]), ..RoleOverride::default() },
            "`a/b`",
        );
        expect_invalid(
            &RoleOverride { session_name: Some("x".to_owned()), ..right.clone() },
            "the session name `x`",
        );
        expect_invalid(
            &RoleOverride { via_role: Some("Hub".to_owned()), ..right },
            "invalid role ARN: `Hub`",
        );
    }
}
