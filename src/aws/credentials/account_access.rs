//! A way into an account: the source of the credentials that its requests are signed with.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::arn::Arn;

/// A way into an account, other than with the base credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountAccess {
    /// A role that is assumed with the base credentials, by its ARN.
    Role(String),
    /// A permission set of IAM Identity Center, by its name.
    PermissionSet(String),
}

impl AccountAccess {
    /// Returns the ARN of the role; `None` for a permission set, whose role has another name in each account.
    #[must_use]
    pub fn role_arn(&self) -> Option<&str> {
        match self {
            Self::Role(arn) => Some(arn),
            Self::PermissionSet(_) => None,
        }
    }

    /// Returns the name of the permission set; `None` for a role.
    #[must_use]
    pub fn permission_set(&self) -> Option<&str> {
        match self {
            Self::Role(_) => None,
            Self::PermissionSet(name) => Some(name),
        }
    }

    /// Returns the name of the role, without its path.
    #[must_use]
    pub fn role_name(&self) -> Option<&str> {
        Arn::parse(self.role_arn()?)?.role_name()
    }
}

/// Formats the kind of access and its name: `role Audit`.
impl fmt::Display for AccountAccess {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Role(arn) => write!(formatter, "role {}", self.role_name().unwrap_or(arn)),
            Self::PermissionSet(name) => write!(formatter, "permission set {name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::AccountAccess;

    #[test]
    fn role_is_named_without_its_path() {
        let role = AccountAccess::Role("arn:aws:iam::111111111111:role/team/Audit".to_owned());
        assert_eq!(role.to_string(), "role Audit");
    }

    #[test]
    fn permission_set_has_no_role_of_its_name() {
        let set = AccountAccess::PermissionSet("ReadOnlyAccess".to_owned());
        assert_eq!(set.to_string(), "permission set ReadOnlyAccess");
        assert_eq!((set.role_arn(), set.role_name()), (None, None));
    }
}
