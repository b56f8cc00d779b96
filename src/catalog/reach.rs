//! Reach: whether an answer is about a region, the account, or the account's buckets.
//!
//! What answers the same in every region is asked once, so that no resource appears seventeen
//! times because seventeen regions were asked for.

use serde::Serialize;

use super::function::Function;
use crate::names::{Region, RegionName};

/// What a function's answer is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// One region: asked in each.
    Regional,
    /// The whole account: asked once and filed under `global`.
    Global,
    /// The account's buckets: asked once, each bucket filed under its own region.
    Buckets,
}

/// Operations that answer for the whole account although their endpoints have regions.
const ACCOUNT_WIDE: &[(&str, &str, &str)] = &[
    ("arc-region-switch", "GetPlan", "a static context parameter chooses the control plane"),
    ("arc-region-switch", "ListPlans", "a static context parameter chooses the control plane"),
    ("arc-region-switch", "ListRoute53HealthChecks", "a static context parameter chooses the control plane"),
    ("arc-region-switch", "ListTagsForResource", "a static context parameter chooses the control plane"),
    ("ecr-public", "*", "public registries belong to the account"),
    ("globalaccelerator", "*", "accelerators are global; their API is in one region"),
    ("health", "*", "one active endpoint serves the partition"),
    ("pricing", "*", "price lists are the same from every endpoint"),
    ("route53domains", "*", "domains are global; their API is in one region"),
    ("sts", "GetAccessKeyInfo", "an access key belongs to an account"),
    ("sts", "GetCallerIdentity", "an identity belongs to an account"),
];

/// Services whose single API is not in the partition's global region: service and region
/// (`docs.aws.amazon.com/general/latest/gr/global_accelerator.html`).
const HOMES: &[(&str, RegionName)] = &[("globalaccelerator", RegionName::new("us-west-2"))];

/// The region to ask when the answer is about the whole account and the service's single API has
/// a region of its own; `None` means the partition's global region.
#[must_use]
pub fn home(function: &Function) -> Option<Region> {
    let service = &*function.service().name;
    HOMES.iter().find(|(name, _)| *name == service).map(|(_, region)| region.region())
}

/// What the answer of `function` is about.
#[must_use]
pub fn reach(function: &Function) -> Reach {
    let (service, operation) = (&*function.service().name, &*function.operation().name);
    let account_wide =
        ACCOUNT_WIDE.iter().any(|(name, wide, _)| *name == service && (*wide == "*" || *wide == operation));
    if (service, operation) == ("s3", "ListBuckets") {
        Reach::Buckets
    } else if account_wide || function.service().global {
        Reach::Global
    } else {
        Reach::Regional
    }
}

#[cfg(test)]
mod tests {
    use super::{Reach, reach};
    use crate::catalog::{Catalog, Function};

    #[test]
    fn buckets_are_listed_once_and_regional_answers_everywhere() {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        for (service, name, expected) in [
            ("s3", "list_buckets", Reach::Buckets),
            ("s3", "get_bucket_location", Reach::Regional),
            ("ec2", "describe_instances", Reach::Regional),
            ("iam", "list_roles", Reach::Global),
            ("route53", "list_hosted_zones", Reach::Global),
            ("cloudfront", "list_distributions", Reach::Global),
            ("organizations", "list_accounts", Reach::Global),
            ("sts", "get_caller_identity", Reach::Global),
        ] {
            let service = catalog.service(service).expect("loads").expect("exists");
            let function = Function::find(&service, name).expect("exists");
            assert_eq!(reach(&function), expected, "{function}");
        }
    }
}
