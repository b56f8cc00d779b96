//! The caller identity, as `sts:GetCallerIdentity` reports it.

use serde::{Deserialize, Serialize};

use crate::arn::Arn;
use crate::names::{AccountId, Partition, RegionName};

/// The identity behind the base credentials, as `sts:GetCallerIdentity` reports it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// The account that the credentials belong to.
    pub account: AccountId,
    /// The user, role session or root: `arn:aws:sts::123456789012:assumed-role/Admin/me`.
    pub arn: String,
    /// The unique ID of the user or session.
    pub user_id: String,
    /// The partition of the ARN.
    pub partition: Partition,
}

impl Caller {
    /// Creates the identity that a manifest records; `None` when the text is not an ARN.
    #[must_use]
    pub fn from_arn(account: AccountId, arn: &str) -> Option<Self> {
        let partition = Arn::parse(arn)?.partition();
        Some(Self { account, arn: arn.to_owned(), user_id: String::new(), partition })
    }

    /// Returns whether the credentials belong to a role session, so that further sessions are chained and last at
    /// most an hour (AWS IAM user guide, "Role chaining").
    #[must_use]
    pub fn is_role_session(&self) -> bool {
        Arn::parse(&self.arn).is_some_and(|arn| arn.assumed_role_name().is_some())
    }
}

/// The regions of the global services of each partition (`implicitGlobalRegion` in botocore's `partitions.json`).
const HOME_REGIONS: &[(&str, RegionName)] = &[
    ("aws", RegionName::new("us-east-1")),
    ("aws-cn", RegionName::new("cn-northwest-1")),
    ("aws-eusc", RegionName::new("eusc-de-east-1")),
    ("aws-iso", RegionName::new("us-iso-east-1")),
    ("aws-iso-b", RegionName::new("us-isob-east-1")),
    ("aws-iso-e", RegionName::new("eu-isoe-west-1")),
    ("aws-iso-f", RegionName::new("us-isof-south-1")),
    ("aws-us-gov", RegionName::new("us-gov-west-1")),
];

/// Returns the region of a partition's global services; `None` for a partition that is newer than the list.
pub(crate) fn home_region(partition: &Partition) -> Option<RegionName> {
    HOME_REGIONS.iter().find(|(name, _)| *name == partition.as_str()).map(|(_, region)| *region)
}

#[cfg(test)]
mod tests {
    use super::{Caller, home_region};
    use crate::arn::Arn;
    use crate::names::{AccountId, Partition, RegionName};

    fn caller(arn: &str) -> Caller {
        Caller {
            account: AccountId::new("123456789012"),
            arn: arn.to_owned(),
            user_id: "AIDAEXAMPLE".to_owned(),
            partition: Arn::parse(arn).expect("an ARN").partition(),
        }
    }

    #[test]
    fn a_role_session_is_told_from_a_user() {
        assert!(caller("arn:aws:sts::123456789012:assumed-role/Admin/me").is_role_session());
        assert!(!caller("arn:aws:iam::123456789012:user/assumed-role/me").is_role_session());
    }

    #[test]
    fn a_partition_has_a_home_region() {
        let home = |name| home_region(&Partition::new(name)).map(RegionName::as_str);
        assert_eq!(home("aws-cn"), Some("cn-northwest-1"));
        assert_eq!(home("aws-moon"), None);
    }
}
