//! The calls of the witnesses that a run is compared with: AWS's own indexes of resources, and the bill.

use chrono::{DateTime, Days, Utc};
use serde_json::{Value, json};

use crate::names::AccountId;

/// A source of AWS that knows resources independently of the services that list them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Witness {
    /// AWS Config: the resources in configuration aggregators.
    Config,
    /// AWS Resource Explorer: the resources in the indexes of the accounts.
    ResourceExplorer,
    /// The Resource Groups Tagging API: resources that have or had tags.
    Tagging,
    /// AWS Cost Explorer: services and regions that cost something. Requests are billed.
    Bill,
}

/// The period of the bill before a run, in days.
const BILLED_DAYS: u64 = 30;

/// The result of a call of Cost Explorer by service, and of one by region.
pub const COST_BY_SERVICE: &str = "cost_by_service";
/// The result of the call by region.
pub const COST_BY_REGION: &str = "cost_by_region";

impl Witness {
    /// All witnesses. Those that know when a resource was created are first.
    pub const ALL: [Self; 4] = [Self::Config, Self::ResourceExplorer, Self::Tagging, Self::Bill];

    /// Returns the name on the command line and in results.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::ResourceExplorer => "resource-explorer",
            Self::Tagging => "tagging",
            Self::Bill => "bill",
        }
    }

    /// Returns AWS's name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Config => "AWS Config",
            Self::ResourceExplorer => "Resource Explorer",
            Self::Tagging => "Resource Groups Tagging API",
            Self::Bill => "Cost Explorer",
        }
    }

    /// Returns the service, as boto3 names it.
    #[must_use]
    pub fn service(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::ResourceExplorer => "resource-explorer-2",
            Self::Tagging => "resourcegroupstaggingapi",
            Self::Bill => "ce",
        }
    }

    /// Returns the function whose items are the resources that the witness reports.
    #[must_use]
    pub fn function(self) -> &'static str {
        match self {
            Self::Config => "batch_get_aggregate_resource_config",
            Self::ResourceExplorer => "list_resources",
            Self::Tagging => "get_resources",
            Self::Bill => "get_cost_and_usage",
        }
    }

    /// Returns the calls, in the form of a spec. `payers` are the accounts in which Cost Explorer is called, `started`
    /// is the start of the run.
    fn calls(self, payers: &[AccountId], started: DateTime<Utc>) -> Vec<Value> {
        match self {
            Self::Config => vec![config()],
            Self::ResourceExplorer => vec![resource_explorer()],
            Self::Tagging => vec![json!({
                "service": self.service(), "function": self.function(), "result_key": "ResourceTagMappingList",
            })],
            // Cost Explorer groups by at most two dimensions (docs.aws.amazon.com/aws-cost-management/latest/
            // APIReference/API_GetCostAndUsage.html, "GroupBy"), so that accounts, services and regions need two calls.
            Self::Bill if payers.is_empty() => Vec::new(),
            Self::Bill => [(COST_BY_SERVICE, "SERVICE"), (COST_BY_REGION, "REGION")]
                .map(|(name, dimension)| cost(name, dimension, payers, started))
                .into(),
        }
    }
}

/// Returns the spec that calls some witnesses. `payers` are the accounts in which Cost Explorer is called: one pays for
/// an organization. `started` is the start of the run that the witnesses are compared with.
#[must_use]
pub fn witness_spec(witnesses: &[Witness], payers: &[AccountId], started: DateTime<Utc>) -> Value {
    let calls: Vec<Value> = witnesses.iter().flat_map(|witness| witness.calls(payers, started)).collect();
    json!({"version": 1, "description": "The witnesses of an inventory", "calls": calls})
}

/// Returns the calls of Resource Explorer: the resources of each index that no other index contains. An aggregator has
/// the resources of all regions of an account, which the other indexes replicate to it (botocore's model, `GetIndex`:
/// `Type` and `ReplicatingTo`). Without a view, the default view of the region is used. An aggregator may also have views
/// of an organization or an organizational unit (botocore's model, `View`: `Scope`), which know the resources of accounts
/// that cannot be called.
fn resource_explorer() -> Value {
    json!({
        "service": "resource-explorer-2",
        "function": "get_index",
        "each": [
            {
                "over": ". | select(.State != \"DELETED\" and .State != \"DELETING\") \
                    | select(.Type == \"AGGREGATOR\" or (.ReplicatingTo | length) == 0) | .Arn | values",
                "function": "list_resources",
                "result_key": "Resources",
            },
            {
                "over": ". | select(.State != \"DELETED\" and .State != \"DELETING\") \
                    | select(.Type == \"AGGREGATOR\") | .Arn | values",
                "function": "list_views",
                "result_key": "Views",
                "each": [{
                    "over": ".Views[]",
                    "function": "get_view",
                    "parameters": {"ViewArn": "{.}"},
                    "each": [{
                        "name": "list_resources_of_organization",
                        "over": ".View | select((.Scope // \"\") | contains(\":organizations:\")) | .ViewArn | values",
                        "function": "list_resources",
                        "parameters": {"ViewArn": "{.}"},
                        "result_key": "Resources",
                    }],
                }],
            },
        ],
    })
}

/// Returns the calls of AWS Config: aggregators, the types in each, the resources of each type, and their ARNs and times
/// of creation, of up to 100 resources at once (botocore's model, `ResourceIdentifiersList`). `SelectAggregateResourceConfig`
/// would need fewer calls, but its name is not that of a read operation, and the catalog has only those.
fn config() -> Value {
    json!({
        "service": "config",
        "function": "describe_configuration_aggregators",
        "result_key": "ConfigurationAggregators",
        "each": [{
            "over": ".ConfigurationAggregators[].ConfigurationAggregatorName",
            "function": "get_aggregate_discovered_resource_counts",
            "parameters": {"ConfigurationAggregatorName": "{.}", "GroupByKey": "RESOURCE_TYPE"},
            "result_key": "GroupedResourceCounts",
            "each": [{
                "over": ".GroupedResourceCounts[] | {aggregator: $item, type: .GroupName}",
                "function": "list_aggregate_discovered_resources",
                "parameters": {"ConfigurationAggregatorName": "{.aggregator}", "ResourceType": "{.type}"},
                "result_key": "ResourceIdentifiers",
                "each": [{
                    "over": ".ResourceIdentifiers[] | {aggregator: $item.aggregator, resource: .}",
                    "batch": 100,
                    "function": "batch_get_aggregate_resource_config",
                    "parameters": {
                        "ConfigurationAggregatorName": "{.aggregator}", "ResourceIdentifiers": "{.resource}",
                    },
                    "result_key": ".BaseConfigurationItems[] | {arn, accountId, awsRegion, resourceType, resourceId, \
                        resourceName, resourceCreationTime, configurationItemCaptureTime, configurationItemStatus}",
                }],
            }],
        }],
    })
}

fn cost(name: &str, dimension: &str, payers: &[AccountId], started: DateTime<Utc>) -> Value {
    let day = |time: DateTime<Utc>| time.format("%Y-%m-%d").to_string();
    let first = started.checked_sub_days(Days::new(BILLED_DAYS)).unwrap_or(started);
    let payers: Vec<&str> = payers.iter().map(AccountId::as_str).collect();
    json!({
        "name": name,
        "service": "ce",
        "function": "get_cost_and_usage",
        "parameters": {
            "TimePeriod": {"Start": day(first), "End": day(started)},
            "Granularity": "MONTHLY",
            "Metrics": ["UnblendedCost"],
            "GroupBy": [
                {"Type": "DIMENSION", "Key": "LINKED_ACCOUNT"}, {"Type": "DIMENSION", "Key": dimension},
            ],
        },
        "result_key": "ResultsByTime",
        "accounts": payers,
    })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::{Witness, witness_spec};
    use crate::model::catalog::Catalog;
    use crate::names::AccountId;
    use crate::plan::spec::ScanSpec;

    fn functions(payers: &[AccountId]) -> Vec<String> {
        let catalog = Catalog::embedded().expect("a catalog");
        let spec = witness_spec(&Witness::ALL, payers, DateTime::UNIX_EPOCH).to_string();
        let spec = ScanSpec::parse(&spec, "witnesses", &catalog).unwrap_or_else(|error| panic!("{error}"));
        assert!(spec.skipped.is_empty() && spec.notices.is_empty(), "{:?}", spec.notices);
        spec.entries.iter().map(|entry| entry.function.to_string()).collect()
    }

    #[test]
    fn spec_of_all_witnesses_loads() {
        assert_eq!(functions(&[AccountId::new("111111111111")]).len(), 5);
    }

    #[test]
    fn bill_is_not_called_without_payer() {
        assert_eq!(functions(&[]).len(), 3);
    }
}
