//! The buckets of an account: listed once, then written below the region of each bucket.
//!
//! S3 returns the buckets of the whole account from every region. With `MaxBuckets` it paginates and returns each
//! bucket's region (`docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html`).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::context::AccountContext;
use super::page_reader::{ReadSettings, gather};
use super::result_collector::{Collector, WantedMember};
use crate::aws::client::CallError;
use crate::model::catalog::Function;
use crate::names::{InvalidRegion, Region, RegionName};
use crate::plan::PlannedCall;
use crate::plan::redaction::RedactionCounts;

/// All buckets of an account, by region.
pub(super) struct BucketListing {
    by_region: BTreeMap<Region, Vec<Value>>,
    /// The other members of the response: the owner.
    rest: Map<String, Value>,
    pub(super) pages: u32,
    pub(super) attempts: u32,
    pub(super) truncated: bool,
    /// The error that truncated the list; the pages before it are kept.
    pub(super) failure: Option<CallError>,
    pub(super) cleaned: RedactionCounts,
}

impl BucketListing {
    /// Lists the buckets with requests to `region`. A bucket whose region cannot be determined is written below
    /// `fallback`.
    pub(super) async fn list(
        account: &AccountContext,
        call: &PlannedCall,
        region: &Region,
        fallback: &Region,
    ) -> Result<Self, CallError> {
        let entry = &call.entry;
        let sink = &account.shared.engine.sink;
        let collector = Collector::new(
            &entry.function,
            WantedMember::Filtered,
            entry.max_items,
            sink.scratch(),
            sink.layout().depth(),
        );
        let reading = ReadSettings {
            function: &entry.function,
            region: region.clone(),
            parameters: entry.filled_parameters(account.placeholders(region)),
            paginate: entry.paginate,
            keeps_original: false,
        };
        let gathered = gather(account, reading, collector, None)
            .await
            .map_err(|error| account.shared.cannot_store(&error))?;
        let failure = match gathered.failure {
            Some(error) if gathered.pages == 0 => return Err(error),
            failure => failure,
        };
        let (pages, attempts, truncated) = (gathered.pages, gathered.attempts, gathered.more);
        let cleaned = gathered.cleaned;
        let mut rest = gathered.collected.into_answer().unwrap_or_default();
        let buckets = match rest.remove("Buckets") {
            Some(Value::Array(buckets)) => buckets,
            _ => Vec::new(),
        };
        let mut by_region: BTreeMap<Region, Vec<Value>> = BTreeMap::new();
        for bucket in buckets {
            let name = bucket["Name"].as_str().unwrap_or_default();
            let named = bucket.get("BucketRegion").and_then(Value::as_str);
            let home = match named.and_then(|named| Region::parse(named).inspect_err(warn_of(name)).ok()) {
                Some(home) => home,
                None => location(account, &entry.function, region, fallback, name).await,
            };
            by_region.entry(home).or_default().push(bucket);
        }
        Ok(Self { by_region, rest, pages, attempts, truncated, failure, cleaned })
    }

    /// Returns the response with the buckets of `region` only, and the number of these buckets.
    pub(super) fn answer(&self, region: &Region) -> (Map<String, Value>, u64) {
        let buckets = self.by_region.get(region).cloned().unwrap_or_default();
        let count = buckets.len() as u64;
        let mut answer = Map::new();
        answer.insert("Buckets".to_owned(), Value::Array(buckets));
        answer.extend(self.rest.clone());
        (answer, count)
    }

    /// Returns the number of buckets per region that is not scanned.
    pub(super) fn in_unscanned_regions(&self, scanned: &[&Region]) -> BTreeMap<Region, u64> {
        self.by_region
            .iter()
            .filter(|(region, _)| !scanned.contains(region))
            .map(|(region, buckets)| (region.clone(), buckets.len() as u64))
            .collect()
    }
}

/// Returns the region of a bucket, or `fallback` if the look-up fails.
async fn location(
    account: &AccountContext,
    list_buckets: &Function,
    region: &Region,
    fallback: &Region,
    bucket: &str,
) -> Region {
    location_of(account, list_buckets, region, bucket).await.unwrap_or_else(|| fallback.clone())
}

/// Looks up the region of a bucket with a request to `region`. `function` is any function of S3.
pub(super) async fn location_of(
    account: &AccountContext,
    function: &Function,
    region: &Region,
    bucket: &str,
) -> Option<Region> {
    let function = Function::find(function.service(), "get_bucket_location")?;
    let parameters = Map::from_iter([("Bucket".to_owned(), json!(bucket))]);
    match account.client.page(&function, region, &parameters).await {
        Ok(answer) => {
            bucket_region(answer.members.get("LocationConstraint")).inspect_err(warn_of(bucket)).ok()
        }
        Err(error) => {
            tracing::warn!(target: "scan::calls", account = %account.account.id, %bucket, "cannot look up the bucket's region: {error}");
            None
        }
    }
}

/// Returns the region of a location constraint: none means us-east-1, and `EU` is the old name of eu-west-1
/// (`docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html`).
fn bucket_region(constraint: Option<&Value>) -> Result<Region, InvalidRegion> {
    const VIRGINIA: RegionName = RegionName::new("us-east-1");
    const IRELAND: RegionName = RegionName::new("eu-west-1");
    match constraint.and_then(Value::as_str) {
        None | Some("") => Ok(VIRGINIA.region()),
        Some("EU") => Ok(IRELAND.region()),
        Some(region) => Region::parse(region),
    }
}

/// Logs that the region of a bucket is invalid and not used, since it would become part of a host name.
fn warn_of(bucket: &str) -> impl FnOnce(&InvalidRegion) {
    move |error| tracing::warn!(target: "scan::calls", %bucket, "invalid bucket region: {error}")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::bucket_region;

    /// The oldest region has no location constraint, and the second one an old name.
    #[test]
    fn bucket_region_maps_missing_and_old_constraints() {
        let region = |constraint: Value| bucket_region(Some(&constraint)).map(String::from);
        assert_eq!(region(Value::Null).as_deref(), Ok("us-east-1"));
        assert_eq!(region(json!("EU")).as_deref(), Ok("eu-west-1"));
        assert_eq!(region(json!("eu-north-1")).as_deref(), Ok("eu-north-1"));
        assert!(region(json!("evil.example/#")).is_err());
    }
}
