//! Reach: whether an answer is about a region, the account, or the account's buckets.
//!
//! What answers the same in every region is asked once, so that no resource appears seventeen
//! times because seventeen regions were asked for.

use serde::Serialize;

use super::function::Function;

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

/// Operations of regional services that answer for the whole account.
const ACCOUNT_WIDE: &[(&str, &str, &str)] = &[
    ("account", "*", "account settings belong to no region"),
    ("health", "*", "one active endpoint serves the partition"),
    ("pricing", "*", "price lists are the same from every endpoint"),
    ("sts", "GetAccessKeyInfo", "an access key belongs to an account"),
    ("sts", "GetCallerIdentity", "an identity belongs to an account"),
];

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
