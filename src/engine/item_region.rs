//! The regions of the items of a regional child call of a global call.
//!
//! A distribution refers to a bucket by name, an accelerator to a load balancer by ARN: an item with a region is
//! called in that region only, an item without a region in every region.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::account_state::AccountState;
use super::bucket_listing::location_of;
use crate::arn::Arn;
use crate::names::Region;
use crate::plan::spec::Child;
use crate::plan::{PlannedCall, RegionScope};

/// The region of an item, relative to the current region.
pub(super) enum ItemRegion {
    /// The item belongs to the current region.
    Here,
    /// The item belongs to another region that is scanned, or is reported as not scanned by another region.
    Other,
    /// The item belongs to a region that is not scanned; returned in one region only.
    NotScanned(Region),
}

/// The regions in which a child call is made.
pub(super) struct ItemRegions<'scan> {
    account: &'scan AccountState,
    scanned: Vec<&'scan Region>,
    takes_bucket: bool,
}

impl<'scan> ItemRegions<'scan> {
    pub(super) fn of(account: &'scan AccountState, call: &'scan PlannedCall, child: &Child) -> Self {
        let scanned = call.regions_among(&account.context.regions).collect();
        let service = child.function.service();
        let input = service.input(child.function.operation());
        let takes_bucket =
            &*service.name == "s3" && input.is_some_and(|input| input.member(BUCKET).is_some());
        Self { account, scanned, takes_bucket }
    }

    /// Returns the region of an item of `child`, relative to `place`.
    pub(super) async fn of_item(&self, child: &Child, item: &Value, place: &RegionScope) -> ItemRegion {
        let RegionScope::Region(here) = place else { return ItemRegion::Here };
        // Invalid parameters fail when the call is sent.
        let values = self.account.context.placeholders(here);
        let Ok(parameters) = child.parameters(item, values) else { return ItemRegion::Here };
        let is_first = self.scanned.first() == Some(&here);
        if self.takes_bucket {
            return match self.bucket_region(child, &parameters, here).await {
                Some(region) => self.seen_from(here, region, is_first),
                None if is_first => ItemRegion::Here,
                None => ItemRegion::Other,
            };
        }
        match arn_region(&child.function.service().signing_name, &parameters) {
            Some(region) => self.seen_from(here, region, is_first),
            None => ItemRegion::Here,
        }
    }

    fn seen_from(&self, here: &Region, region: Region, is_first: bool) -> ItemRegion {
        if region == *here {
            ItemRegion::Here
        } else if is_first && !self.scanned.contains(&&region) {
            ItemRegion::NotScanned(region)
        } else {
            ItemRegion::Other
        }
    }

    /// Returns the region of the bucket in the parameters; every bucket is looked up once per account.
    async fn bucket_region(
        &self,
        child: &Child,
        parameters: &Map<String, Value>,
        here: &Region,
    ) -> Option<Region> {
        let bucket = parameters.get(BUCKET)?.as_str()?;
        let known = {
            let mut regions = self.account.bucket_regions.lock().await;
            Arc::clone(regions.entry(bucket.to_owned()).or_default())
        };
        known.get_or_init(|| location_of(&self.account.context, &child.function, here, bucket)).await.clone()
    }
}

const BUCKET: &str = "Bucket";

/// Returns the region of the service's own ARNs among the parameters, if it is the same for all of them. ARNs of
/// other services are ignored: a backup may be in another region than its source.
fn arn_region(service: &str, parameters: &Map<String, Value>) -> Option<Region> {
    let mut found: Option<&str> = None;
    for value in parameters.values() {
        let texts = match value {
            Value::String(text) => std::slice::from_ref(text).iter().map(String::as_str).collect::<Vec<_>>(),
            Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
            _ => continue,
        };
        for text in texts {
            let Some(region) = region_of_arn(service, text) else { continue };
            match found {
                Some(other) if other != region => return None,
                _ => found = Some(region),
            }
        }
    }
    found.and_then(|name| Region::parse(name).ok())
}

/// Returns the region of an ARN of `service`: `eu-west-1` for `arn:aws:acm:eu-west-1:123456789012:certificate/…`.
fn region_of_arn<'text>(service: &str, text: &'text str) -> Option<&'text str> {
    let arn = Arn::parse(text).filter(|arn| arn.service == service && !arn.region.is_empty())?;
    Some(arn.region)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::arn_region;

    fn region(service: &str, parameters: &Value) -> Option<String> {
        arn_region(service, parameters.as_object().expect("an object")).map(|region| region.to_string())
    }

    #[test]
    fn the_arn_of_a_services_own_resource_names_its_region() {
        let certificate = "arn:aws:acm:us-east-1:123456789012:certificate/1";
        assert_eq!(region("acm", &json!({"CertificateArn": certificate})).as_deref(), Some("us-east-1"));
        let balancer = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/a/1";
        assert_eq!(
            region("elasticloadbalancing", &json!({"LoadBalancerArns": [balancer]})).as_deref(),
            Some("eu-west-1")
        );
    }

    #[test]
    fn other_arns_and_names_belong_everywhere() {
        let queue = "arn:aws:sqs:eu-west-1:123456789012:q";
        assert_eq!(region("backup", &json!({"ResourceArn": queue})), None);
        assert_eq!(region("sqs", &json!({"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/1/q"})), None);
        assert_eq!(region("iam", &json!({"PolicyArn": "arn:aws:iam::123456789012:policy/p"})), None);
        let other = "arn:aws:sqs:us-east-1:123456789012:q";
        assert_eq!(region("sqs", &json!({"Arns": [queue, other]})), None, "not in one region");
    }
}
