//! The regions that an account has enabled.
//!
//! They are looked up with EC2, then with the Account Management API; if both fail, the default regions are
//! assumed, since a denied look-up must not fail the whole account.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use tokio::sync::OnceCell;

use crate::aws::client::{AccountClient, CallError};
use crate::model::catalog::{Catalog, Function};
use crate::model::endpoint::Partitions;
use crate::names::{Partition, Region, RegionName};
use crate::plan::RegionChoice;

/// The regions of the `aws` partition that need no opt-in
/// (docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html).
pub const ENABLED_BY_DEFAULT: [RegionName; 17] = [
    RegionName::new("ap-northeast-1"),
    RegionName::new("ap-northeast-2"),
    RegionName::new("ap-northeast-3"),
    RegionName::new("ap-south-1"),
    RegionName::new("ap-southeast-1"),
    RegionName::new("ap-southeast-2"),
    RegionName::new("ca-central-1"),
    RegionName::new("eu-central-1"),
    RegionName::new("eu-north-1"),
    RegionName::new("eu-west-1"),
    RegionName::new("eu-west-2"),
    RegionName::new("eu-west-3"),
    RegionName::new("sa-east-1"),
    RegionName::new("us-east-1"),
    RegionName::new("us-east-2"),
    RegionName::new("us-west-1"),
    RegionName::new("us-west-2"),
];

/// Finds the regions of accounts in one partition.
pub struct RegionFinder {
    catalog: Arc<Catalog>,
    partitions: Arc<Partitions>,
    partition: Partition,
    /// The region that the requests are sent to.
    home: Region,
    /// The regions of the caller's own account.
    callers: OnceCell<Enabled>,
}

/// The regions that an account has enabled.
struct Enabled {
    regions: Vec<Region>,
    /// Whether AWS returned them; otherwise they are the default regions.
    known: bool,
}

impl RegionFinder {
    /// Creates a finder of the regions of `partition` that sends its requests to `home`.
    #[must_use]
    pub fn new(
        catalog: Arc<Catalog>,
        partitions: Arc<Partitions>,
        partition: Partition,
        home: Region,
    ) -> Self {
        Self { catalog, partitions, partition, home, callers: OnceCell::new() }
    }

    /// Returns the regions to scan in an account; sends no request if the user has given them.
    pub async fn find(&self, client: &AccountClient, choice: &RegionChoice) -> Vec<Region> {
        match choice {
            RegionChoice::Given(regions) => regions.clone(),
            RegionChoice::Enabled { .. } => choice.choose(&self.enabled(client).await.regions),
        }
    }

    /// Returns the regions like [`Self::find`], and whether they were given or returned by AWS.
    pub async fn look_up(&self, client: &AccountClient, choice: &RegionChoice) -> (Vec<Region>, bool) {
        match choice {
            RegionChoice::Given(regions) => (regions.clone(), true),
            RegionChoice::Enabled { .. } => {
                let enabled = self.enabled(client).await;
                (choice.choose(&enabled.regions), enabled.known)
            }
        }
    }

    /// Returns the expected regions of an account whose regions cannot be looked up: those of the account of
    /// `caller`, which are looked up once.
    pub async fn expect(&self, caller: &AccountClient, choice: &RegionChoice) -> Vec<Region> {
        match choice {
            RegionChoice::Given(regions) => regions.clone(),
            RegionChoice::Enabled { .. } => {
                choice.choose(&self.callers.get_or_init(|| self.enabled(caller)).await.regions)
            }
        }
    }

    /// Returns whether the expected regions were looked up and returned by AWS.
    #[must_use]
    pub fn knows_what_to_expect(&self) -> bool {
        self.callers.get().is_some_and(|callers| callers.known)
    }

    /// Returns whether AWS responds in a region. It sends `sts:GetCallerIdentity`, which needs no permission
    /// (<https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>).
    pub async fn answers(&self, client: &AccountClient, region: &Region) -> bool {
        let service = self.catalog.service("sts").ok().flatten();
        let service = service.filter(|sts| client.shows_region(sts));
        let Some(function) = service.and_then(|sts| Function::find(&sts, "get_caller_identity")) else {
            return false;
        };
        match client.page(&function, region, &Map::new()).await {
            Ok(_) => true,
            Err(error) => {
                tracing::info!(target: "scan::regions", account = %client.account(), %region, "sts GetCallerIdentity: {error}");
                error.is_from_aws()
            }
        }
    }

    /// Returns whether accounts certainly have a scanned region: because it was looked up, or because it cannot be disabled.
    #[must_use]
    pub fn is_certain(&self, region: &Region, choice: &RegionChoice) -> bool {
        !choice.names(region)
            || self.partition.as_str() != "aws"
            || ENABLED_BY_DEFAULT.iter().any(|name| name.as_str() == region.as_str())
    }

    async fn enabled(&self, client: &AccountClient) -> Enabled {
        match self.call_ec2(client).await {
            Ok(regions) if !regions.is_empty() => return Enabled { regions, known: true },
            Ok(_) => {}
            Err(error) => {
                tracing::info!(target: "scan::regions", account = %client.account(), "ec2 DescribeRegions: {error}");
            }
        }
        match self.call_account(client).await {
            Ok(regions) if !regions.is_empty() => return Enabled { regions, known: true },
            Ok(_) => {}
            Err(error) => {
                tracing::info!(target: "scan::regions", account = %client.account(), "account ListRegions: {error}");
            }
        }
        tracing::warn!(
            target: "scan::regions", account = %client.account(),
            "cannot look up the enabled regions (ec2:DescribeRegions, account:ListRegions); \
             scanning the default regions"
        );
        Enabled { regions: self.defaults(), known: false }
    }

    async fn call_ec2(&self, client: &AccountClient) -> Result<Vec<Region>, CallError> {
        let members = self.fetch(client, "ec2", "describe_regions", Map::new()).await?;
        Ok(self.names(&members, "RegionName"))
    }

    async fn call_account(&self, client: &AccountClient) -> Result<Vec<Region>, CallError> {
        let enabled = json!(["ENABLED", "ENABLED_BY_DEFAULT"]);
        let parameters = Map::from_iter([("RegionOptStatusContains".to_owned(), enabled)]);
        let members = self.fetch(client, "account", "list_regions", parameters).await?;
        Ok(self.names(&members, "RegionName"))
    }

    /// Fetches all pages of a look-up and joins their `Regions` lists.
    async fn fetch(
        &self,
        client: &AccountClient,
        service: &str,
        function: &str,
        parameters: Map<String, Value>,
    ) -> Result<Vec<Value>, CallError> {
        let service = self.catalog.service(service).ok().flatten();
        let Some(function) = service.and_then(|service| Function::find(&service, function)) else {
            return Ok(Vec::new());
        };
        let mut pages = client.pages(&function, &self.home, parameters);
        let mut regions = Vec::new();
        while let Some(mut answer) = pages.next().await? {
            if let Some(Value::Array(more)) = answer.members.remove("Regions") {
                regions.extend(more);
            }
        }
        Ok(regions)
    }

    /// Returns the names of the enabled regions of the partition, sorted.
    fn names(&self, regions: &[Value], key: &str) -> Vec<Region> {
        let mut names: Vec<_> = regions
            .iter()
            .filter(|region| region["OptInStatus"] != "not-opted-in")
            .filter_map(|region| region[key].as_str())
            .filter_map(|name| {
                // An invalid name would become part of a host name.
                Region::parse(name)
                    .inspect_err(
                        |error| tracing::warn!(target: "scan::regions", "invalid region in the response: {error}"),
                    )
                    .ok()
            })
            // Matched by the pattern of the name, so that a region newer than the catalog is kept.
            .filter(|region| self.partitions.of_region(region.as_str()).name == self.partition)
            .collect();
        names.sort();
        names.dedup();
        names
    }

    fn defaults(&self) -> Vec<Region> {
        if self.partition.as_str() == "aws" {
            ENABLED_BY_DEFAULT.into_iter().map(Region::from).collect()
        } else {
            self.partitions.named(&self.partition).map_or_else(Vec::new, |data| data.regions.clone())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::RegionFinder;
    use crate::model::catalog::Catalog;
    use crate::model::endpoint::Partitions;
    use crate::names::{Partition, Region};

    #[test]
    fn listed_region_outside_partition_is_skipped() {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        let partitions = Partitions::parse(catalog.partitions()).expect("readable partitions");
        let finder = RegionFinder::new(
            Arc::new(catalog),
            Arc::new(partitions),
            Partition::new("aws"),
            Region::new("us-east-1"),
        );
        let listed = [
            json!({"RegionName": "eu-west-1", "OptInStatus": "opt-in-not-required"}),
            json!({"RegionName": "evil.example/#", "OptInStatus": "opted-in"}),
            json!({"RegionName": "a@169.254.169.254/", "OptInStatus": "opted-in"}),
            json!({"RegionName": "us-east-1\n", "OptInStatus": "opted-in"}),
            json!({"RegionName": "", "OptInStatus": "opted-in"}),
            json!({"RegionName": 7}),
            json!({"RegionName": "af-south-1", "OptInStatus": "not-opted-in"}),
            json!({"RegionName": "cn-north-1", "OptInStatus": "opted-in"}),
            json!({"RegionName": "eu-west-1", "OptInStatus": "opted-in"}),
            // Newer than the catalog.
            json!({"RegionName": "nz-north-1", "OptInStatus": "opted-in"}),
        ];
        let names = finder.names(&listed, "RegionName");
        assert_eq!(names, [Region::new("eu-west-1"), Region::new("nz-north-1")]);
    }
}
