//! The scope of responses: a region, the account, or the account's buckets.
//!
//! A function that returns the same in every region is called once, so that a resource does not appear seventeen
//! times in a scan of seventeen regions.

use serde::Serialize;

use super::account_wide::account_wide;
use super::function::Function;
use crate::names::{Region, RegionName};

/// The scope of a function's response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CallScope {
    /// One region: called in each.
    Regional,
    /// The whole account: called once, results are stored under `global`.
    Global,
    /// The account's buckets: called once, each bucket is stored under its region.
    Buckets,
}

/// The global region of the `aws` partition, the only partition with regions in the table.
const AWS: &str = "us-east-1";

/// Returns the region to call for an account-wide function: the only region of the API if it has one, else the
/// partition's global region.
#[must_use]
pub fn home(function: &Function, global_region: &Region) -> Region {
    let home = account_wide(function).and_then(|row| row.home).filter(|_| global_region.as_str() == AWS);
    home.map_or_else(|| global_region.clone(), RegionName::region)
}

/// Returns the scope of a function's response.
#[must_use]
pub fn reach(function: &Function) -> CallScope {
    let (service, operation) = (&*function.service().name, &*function.operation().name);
    if (service, operation) == ("s3", "ListBuckets") {
        CallScope::Buckets
    } else if account_wide(function).is_some() || function.service().global {
        CallScope::Global
    } else {
        CallScope::Regional
    }
}

#[cfg(test)]
mod tests {
    use super::{CallScope, home, reach};
    use crate::model::catalog::{Catalog, Function};
    use crate::names::Region;

    #[test]
    fn buckets_are_listed_once_and_regional_answers_everywhere() {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        for (service, name, expected) in [
            ("s3", "list_buckets", CallScope::Buckets),
            ("s3", "get_bucket_location", CallScope::Regional),
            ("ec2", "describe_instances", CallScope::Regional),
            ("iam", "list_roles", CallScope::Global),
            ("route53", "list_hosted_zones", CallScope::Global),
            ("cloudfront", "list_distributions", CallScope::Global),
            ("organizations", "list_accounts", CallScope::Global),
            ("sts", "get_caller_identity", CallScope::Global),
            ("directconnect", "describe_direct_connect_gateways", CallScope::Global),
            ("directconnect", "describe_virtual_interfaces", CallScope::Regional),
            ("s3control", "get_public_access_block", CallScope::Global),
            ("s3control", "list_access_points", CallScope::Regional),
            ("lightsail", "get_domains", CallScope::Global),
            ("lightsail", "get_instances", CallScope::Regional),
        ] {
            let service = catalog.service(service).expect("loads").expect("exists");
            let function = Function::find(&service, name).expect("exists");
            assert_eq!(reach(&function), expected, "{function}");
        }
    }

    #[test]
    fn an_api_with_a_region_of_its_own_is_called_there() {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        for (service, name, partition, expected) in [
            ("devicefarm", "list_projects", "us-east-1", "us-west-2"),
            ("chatbot", "list_microsoft_teams_channel_configurations", "us-east-1", "us-west-2"),
            ("cur", "describe_report_definitions", "us-east-1", "us-east-1"),
            ("cur", "describe_report_definitions", "cn-northwest-1", "cn-northwest-1"),
            ("globalaccelerator", "list_accelerators", "us-gov-west-1", "us-gov-west-1"),
            ("route53globalresolver", "list_global_resolvers", "us-east-1", "us-east-2"),
        ] {
            let service = catalog.service(service).expect("loads").expect("exists");
            let function = Function::find(&service, name).expect("exists");
            let home = home(&function, &Region::new(partition));
            assert_eq!((reach(&function), home.as_str()), (CallScope::Global, expected), "{function}");
        }
    }
}
