//! The regions that an account has enabled.
//!
//! Asked of EC2, then of the account API, then assumed to be those that every account has: a
//! denied look-up must not end an account.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use tokio::sync::OnceCell;

use crate::catalog::{Catalog, Function};
use crate::client::endpoint::Partitions;
use crate::client::{AccountClient, CallError};
use crate::names::{Partition, Region};
use crate::plan::RegionChoice;

/// The regions of the `aws` partition that need no opt-in
/// (docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html).
pub const ENABLED_BY_DEFAULT: [&str; 17] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// Finds the regions of accounts in one partition.
pub struct RegionFinder {
    catalog: Arc<Catalog>,
    partitions: Arc<Partitions>,
    partition: Partition,
    /// Where to ask.
    home: Region,
    /// The regions of the caller's own account.
    callers: OnceCell<Enabled>,
}

/// The regions that an account has enabled.
struct Enabled {
    regions: Vec<Region>,
    /// Whether AWS told them; otherwise they are those that every account has.
    known: bool,
}

impl RegionFinder {
    /// Finds regions of `partition`, asking in `home`.
    #[must_use]
    pub fn new(
        catalog: Arc<Catalog>,
        partitions: Arc<Partitions>,
        partition: Partition,
        home: Region,
    ) -> Self {
        Self { catalog, partitions, partition, home, callers: OnceCell::new() }
    }

    /// The regions to ask in an account; looks nothing up when the user has named them.
    pub async fn find(&self, client: &AccountClient, choice: &RegionChoice) -> Vec<Region> {
        match choice {
            RegionChoice::Given(regions) => regions.clone(),
            RegionChoice::Enabled { .. } => choice.choose(&self.enabled(client).await.regions),
        }
    }

    /// As [`Self::find`]; says as well whether they were named or AWS told them.
    pub async fn look_up(&self, client: &AccountClient, choice: &RegionChoice) -> (Vec<Region>, bool) {
        match choice {
            RegionChoice::Given(regions) => (regions.clone(), true),
            RegionChoice::Enabled { .. } => {
                let enabled = self.enabled(client).await;
                (choice.choose(&enabled.regions), enabled.known)
            }
        }
    }

    /// The regions to expect in an account that cannot be asked: those of the account that
    /// `caller` belongs to, looked up once.
    pub async fn expect(&self, caller: &AccountClient, choice: &RegionChoice) -> Vec<Region> {
        match choice {
            RegionChoice::Given(regions) => regions.clone(),
            RegionChoice::Enabled { .. } => {
                choice.choose(&self.callers.get_or_init(|| self.enabled(caller)).await.regions)
            }
        }
    }

    /// Whether AWS told the regions that are to be expected, once they have been looked up.
    #[must_use]
    pub fn knows_what_to_expect(&self) -> bool {
        self.callers.get().is_some_and(|callers| callers.known)
    }

    /// Asks a region who the caller is, which every region answers without any permission
    /// (<https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>); whether AWS answers.
    pub async fn answers(&self, client: &AccountClient, region: &Region) -> bool {
        let service = self.catalog.service("sts").ok().flatten();
        let service = service.filter(|sts| client.shows_region(sts));
        let Some(function) = service.and_then(|sts| Function::find(&sts, "get_caller_identity")) else {
            return false;
        };
        match client.page(&function, region, &Map::new()).await {
            Ok(_) => true,
            Err(error) => {
                tracing::info!(account = %client.account(), %region, "sts GetCallerIdentity: {error}");
                error.is_from_aws()
            }
        }
    }

    /// Whether accounts certainly have a region that is to be asked: because it was looked up, or
    /// because it cannot be switched off.
    #[must_use]
    pub fn is_certain(&self, region: &Region, choice: &RegionChoice) -> bool {
        matches!(choice, RegionChoice::Enabled { .. })
            || self.partition.as_str() != "aws"
            || ENABLED_BY_DEFAULT.contains(&region.as_str())
    }

    async fn enabled(&self, client: &AccountClient) -> Enabled {
        match self.ask_ec2(client).await {
            Ok(regions) if !regions.is_empty() => return Enabled { regions, known: true },
            Ok(_) => {}
            Err(error) => tracing::info!(account = %client.account(), "ec2 DescribeRegions: {error}"),
        }
        match self.ask_account(client).await {
            Ok(regions) if !regions.is_empty() => return Enabled { regions, known: true },
            Ok(_) => {}
            Err(error) => tracing::info!(account = %client.account(), "account ListRegions: {error}"),
        }
        tracing::warn!(
            account = %client.account(),
            "the enabled regions cannot be looked up (ec2:DescribeRegions, account:ListRegions); \
             asking those that every account has"
        );
        Enabled { regions: self.defaults(), known: false }
    }

    async fn ask_ec2(&self, client: &AccountClient) -> Result<Vec<Region>, CallError> {
        let members = self.ask(client, "ec2", "describe_regions", Map::new()).await?;
        Ok(self.names(&members, "RegionName"))
    }

    async fn ask_account(&self, client: &AccountClient) -> Result<Vec<Region>, CallError> {
        let enabled = json!(["ENABLED", "ENABLED_BY_DEFAULT"]);
        let parameters = Map::from_iter([("RegionOptStatusContains".to_owned(), enabled)]);
        let members = self.ask(client, "account", "list_regions", parameters).await?;
        Ok(self.names(&members, "RegionName"))
    }

    /// All pages of a look-up; their lists joined under `Regions`.
    async fn ask(
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

    /// The names of regions that are enabled and belong to the partition, sorted.
    fn names(&self, regions: &[Value], key: &str) -> Vec<Region> {
        let mut names: Vec<_> = regions
            .iter()
            .filter(|region| region["OptInStatus"] != "not-opted-in")
            .filter_map(|region| region[key].as_str())
            .map(Region::new)
            // By the look of the name, so that a region newer than the catalog is not lost.
            .filter(|region| self.partitions.of_region(region.as_str()).name == self.partition)
            .collect();
        names.sort();
        names.dedup();
        names
    }

    fn defaults(&self) -> Vec<Region> {
        if self.partition.as_str() == "aws" {
            ENABLED_BY_DEFAULT.into_iter().map(Region::new).collect()
        } else {
            self.partitions.named(&self.partition).map_or_else(Vec::new, |data| data.regions.clone())
        }
    }
}
