//! The resources that a witness reports, in one form for all witnesses.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::arn::Arn;
use crate::plan::spec::Witness;

/// A resource as a witness reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Witnessed {
    pub(super) witness: Witness,
    pub(super) account: String,
    /// The region, or `global`.
    pub(super) region: String,
    /// CloudFormation's or AWS Config's name of its type.
    pub(super) cloudformation_type: Option<String>,
    /// The witness's own name of its type, if it has one.
    pub(super) own_type: Option<String>,
    pub(super) arn: Option<String>,
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) created: Option<DateTime<Utc>>,
    pub(super) reported: Option<DateTime<Utc>>,
}

/// The region of resources without one.
pub(super) const GLOBAL: &str = "global";

impl Witnessed {
    /// Reads an item of a response of a witness; `account` and `place` are those that were called. Returns `None` for an
    /// item that is no existing resource.
    pub(super) fn read(witness: Witness, item: &Value, account: &str, place: &str) -> Option<Self> {
        let text = |name: &str| item[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        let time = |name: &str| {
            let time = DateTime::parse_from_rfc3339(item[name].as_str()?).ok()?;
            Some(time.to_utc())
        };
        let none = Self {
            witness,
            account: account.to_owned(),
            region: place.to_owned(),
            cloudformation_type: None,
            own_type: None,
            arn: None,
            id: None,
            name: None,
            created: None,
            reported: None,
        };
        match witness {
            Witness::Config => {
                // "ResourceDeleted", "ResourceDeletedNotRecorded" (botocore's model, `ConfigurationItemStatus`).
                let status = item["configurationItemStatus"].as_str().unwrap_or_default();
                (!status.starts_with("ResourceDeleted")).then_some(())?;
                let (id, arn) = (text("resourceId"), text("arn"));
                (id.is_some() || arn.is_some()).then(|| Self {
                    account: text("accountId").unwrap_or(none.account),
                    region: text("awsRegion").unwrap_or(none.region),
                    cloudformation_type: text("resourceType"),
                    // Some resources have an ID in place of the ARN.
                    arn: arn.filter(|arn| Arn::parse(arn).is_some()),
                    id,
                    name: text("resourceName"),
                    created: time("resourceCreationTime"),
                    reported: time("configurationItemCaptureTime"),
                    ..none
                })
            }
            Witness::ResourceExplorer => {
                let arn = text("Arn")?;
                Some(Self {
                    account: text("OwningAccountId").unwrap_or(none.account),
                    region: text("Region").unwrap_or(none.region),
                    cloudformation_type: text("CfnResourceType"),
                    own_type: text("ResourceType"),
                    arn: Some(arn),
                    reported: time("LastReportedAt"),
                    ..none
                })
            }
            Witness::Tagging => {
                let arn = text("ResourceARN")?;
                let parts = Arn::parse(&arn)?;
                let part = |part: &str, other: String| if part.is_empty() { other } else { part.to_owned() };
                let (account, region) = (part(parts.account, none.account), part(parts.region, none.region));
                Some(Self { account, region, arn: Some(arn), ..none })
            }
            Witness::Bill => None,
        }
    }

    /// Returns whether it may be newer than a time: it was created after it, or the witness does not report when, and
    /// last looked at it after that time.
    pub(super) fn may_be_newer_than(&self, time: DateTime<Utc>) -> bool {
        self.created.or(self.reported).is_some_and(|seen| seen > time)
    }

    /// Returns the witness's name of its type, or what stands for it.
    pub(super) fn shown_type(&self) -> String {
        let of_arn = || {
            let arn = Arn::parse(self.arn.as_deref()?)?;
            let (service, prefix) = arn_shape(&arn);
            Some(if prefix.is_empty() { service.to_owned() } else { format!("{service}:{prefix}") })
        };
        let known = self.cloudformation_type.clone().or_else(|| self.own_type.clone());
        known.or_else(of_arn).unwrap_or_else(|| "unknown".to_owned())
    }
}

/// Returns the service and the kind of resource in an ARN; the kind is empty for ARNs with only a name, such as those of
/// buckets.
pub(super) fn arn_shape<'text>(arn: &Arn<'text>) -> (&'text str, &'text str) {
    let resource = arn.resource.trim_start_matches('/');
    let prefix = resource.split_once(['/', ':']).map_or("", |(prefix, _)| prefix);
    (arn.service, prefix)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use serde_json::{Value, json};

    use super::{Witness, Witnessed};

    fn read(witness: Witness, item: &Value) -> Option<Witnessed> {
        Witnessed::read(witness, item, "111111111111", "eu-west-1")
    }

    fn time(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    #[test]
    fn deleted_resources_of_config_are_no_resources() {
        let item = |status: &str| json!({"resourceId": "i-1", "resourceType": "AWS::EC2::Instance", "configurationItemStatus": status});
        assert!(read(Witness::Config, &item("OK")).is_some());
        assert_eq!(read(Witness::Config, &item("ResourceDeleted")), None);
        assert_eq!(read(Witness::Config, &item("ResourceDeletedNotRecorded")), None);
    }

    #[test]
    fn tagged_resource_without_account_belongs_to_called_one() {
        let bucket =
            read(Witness::Tagging, &json!({"ResourceARN": "arn:aws:s3:::logs"})).expect("a resource");
        assert_eq!((&*bucket.account, &*bucket.region), ("111111111111", "eu-west-1"));
        assert_eq!(bucket.shown_type(), "s3");
    }

    /// A witness looks at old resources again, so the time of creation counts if it is known.
    #[test]
    fn creation_decides_before_last_report() {
        let run = time("2026-11-30T02:00:00Z");
        let item = |created: Value| {
            let later = "2026-11-30T03:00:00.000Z";
            json!({"resourceId": "i-1", "resourceCreationTime": created, "configurationItemCaptureTime": later})
        };
        let is_newer =
            |created| read(Witness::Config, &item(created)).expect("a resource").may_be_newer_than(run);
        assert!(is_newer(json!("2026-11-30T02:30:00.000Z")) && is_newer(Value::Null));
        assert!(!is_newer(json!("2026-11-29T02:30:00.000Z")));
    }
}
