//! Parsing of Amazon Resource Names.

use std::fmt;

use crate::names::{AccountId, Partition};

/// The parts of an Amazon Resource Name: `arn:partition:service:region:account:resource`.
///
/// Source: "Amazon Resource Names (ARNs)" in the AWS IAM User Guide. The resource may contain colons and
/// slashes; region and account may be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arn<'text> {
    /// The partition: `aws`, `aws-cn`.
    pub partition: &'text str,
    /// The service: `iam`.
    pub service: &'text str,
    /// The region; empty for global services.
    pub region: &'text str,
    /// The account ID; empty for resources without one, such as buckets.
    pub account: &'text str,
    /// The resource, with the resource type as a prefix where it has one: `role/audit/Reader`.
    pub resource: &'text str,
}

impl<'text> Arn<'text> {
    /// Parses an ARN. Returns `None` for any other text.
    #[must_use]
    pub fn parse(text: &'text str) -> Option<Self> {
        let mut parts = text.strip_prefix("arn:")?.splitn(5, ':');
        let mut next = || parts.next();
        let (partition, service, region, account, resource) = (next()?, next()?, next()?, next()?, next()?);
        let is_complete = !partition.is_empty() && !service.is_empty() && !resource.is_empty();
        is_complete.then_some(Self { partition, service, region, account, resource })
    }

    /// Returns the partition.
    #[must_use]
    pub fn partition(&self) -> Partition {
        Partition::new(self.partition)
    }

    /// Returns the account, if the ARN has a valid account ID.
    #[must_use]
    pub fn account_id(&self) -> Option<AccountId> {
        AccountId::parse(self.account)
    }

    /// Returns the name of an IAM role without its path; `None` for other resources.
    #[must_use]
    pub fn role_name(&self) -> Option<&'text str> {
        let name = self.resource.strip_prefix("role/")?.rsplit('/').next()?;
        (self.service == "iam" && self.region.is_empty() && !name.is_empty()).then_some(name)
    }

    /// Returns the name of the role that a session was opened with (`assumed-role/<role>/<session>`); `None` for
    /// other resources.
    #[must_use]
    pub fn assumed_role_name(&self) -> Option<&'text str> {
        self.resource.strip_prefix("assumed-role/")?.split('/').next()
    }
}

impl fmt::Display for Arn<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { partition, service, region, account, resource } = self;
        write!(formatter, "arn:{partition}:{service}:{region}:{account}:{resource}")
    }
}

#[cfg(test)]
mod tests {
    use super::Arn;
    use crate::names::AccountId;

    #[test]
    fn parse_reads_all_parts() {
        let arn = Arn::parse("arn:aws-cn:sns:cn-north-1:111111111111:topic:a/b").expect("an ARN");
        assert_eq!(arn.partition().as_str(), "aws-cn");
        assert_eq!((arn.service, arn.region), ("sns", "cn-north-1"));
        assert_eq!(arn.account_id(), Some(AccountId::new("111111111111")));
        assert_eq!(arn.resource, "topic:a/b");
        assert_eq!(arn.to_string(), "arn:aws-cn:sns:cn-north-1:111111111111:topic:a/b");
        assert_eq!(Arn::parse("arn:aws:s3:::bucket").expect("an ARN").account_id(), None);
    }

    #[test]
    fn parse_refuses_other_texts() {
        for text in ["", "arn:aws", "arn:aws:s3:::", "arn::s3:::bucket", "urn:aws:s3:::bucket"] {
            assert_eq!(Arn::parse(text), None, "{text}");
        }
    }

    #[test]
    fn role_name_is_without_its_path() {
        let role = |text| Arn::parse(text).and_then(|arn| arn.role_name());
        assert_eq!(role("arn:aws:iam::999999999999:role/audit/Hub"), Some("Hub"));
        assert_eq!(role("arn:aws:iam::999999999999:user/Hub"), None);
        assert_eq!(role("arn:aws:iam::999999999999:role/"), None);
        let session = Arn::parse("arn:aws:sts::999999999999:assumed-role/Hub/me").expect("an ARN");
        assert_eq!((session.role_name(), session.assumed_role_name()), (None, Some("Hub")));
    }
}
