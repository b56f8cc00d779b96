//! Actions that policies which deny regions commonly exempt.

/// The IAM prefixes and actions that AWS Control Tower's region deny policy exempts, as far as they belong to
/// regional calls; `*` means the whole service, and a prefix of actions ends in `*`
/// (docs.aws.amazon.com/controltower/latest/controlreference/primary-region-deny-policy.html). S3 is exempt as a
/// whole, since its exempt actions are not named like its operations.
pub const EXEMPT: &[(&str, &str)] = &[
    ("access-analyzer", "*"),
    ("account", "*"),
    ("acm", "*"),
    ("artifact", "*"),
    ("aws-marketplace", "*"),
    ("billing", "*"),
    ("billingconductor", "*"),
    ("budgets", "*"),
    ("ce", "*"),
    ("chatbot", "*"),
    ("chime", "*"),
    ("cloudfront", "*"),
    ("cloudtrail", "LookupEvents"),
    ("compute-optimizer", "*"),
    ("config", "*"),
    ("cur", "*"),
    ("devicefarm", "*"),
    ("directconnect", "*"),
    ("ec2", "DescribeRegions"),
    ("ec2", "DescribeTransitGateways"),
    ("ec2", "DescribeVpnGateways"),
    ("ecr-public", "*"),
    ("fms", "*"),
    ("freetier", "*"),
    ("globalaccelerator", "*"),
    ("health", "*"),
    ("iam", "*"),
    ("invoicing", "*"),
    ("kms", "*"),
    ("license-manager", "ListReceivedLicenses"),
    ("lightsail", "Get*"),
    ("networkmanager", "*"),
    ("notifications", "*"),
    ("notifications-contacts", "*"),
    ("organizations", "*"),
    ("pricing", "*"),
    ("quicksight", "DescribeAccountSubscription"),
    ("resource-explorer-2", "*"),
    ("route53", "*"),
    ("route53-recovery-cluster", "*"),
    ("route53-recovery-control-config", "*"),
    ("route53-recovery-readiness", "*"),
    ("route53domains", "*"),
    ("s3", "*"),
    ("savingsplans", "*"),
    ("shield", "*"),
    ("sso", "*"),
    ("sts", "*"),
    ("support", "*"),
    ("supportapp", "*"),
    ("sustainability", "*"),
    ("tagging", "GetResources"),
    ("tax", "*"),
    ("trustedadvisor", "*"),
    ("waf", "*"),
    ("waf-regional", "*"),
    ("wafv2", "*"),
];

/// Returns whether policies that deny regions commonly exempt this action; the prefix is the signing name of the
/// service.
pub(super) fn is_exempt(prefix: &str, action: &str) -> bool {
    EXEMPT.iter().any(|(service, exempt)| {
        *service == prefix
            && match exempt.strip_suffix('*') {
                Some(start) => action.starts_with(start),
                None => action == *exempt,
            }
    })
}

#[cfg(test)]
mod tests {
    use super::{EXEMPT, is_exempt};

    #[test]
    fn services_and_actions_are_told_apart() {
        assert!(is_exempt("kms", "ListKeys"));
        assert!(is_exempt("ec2", "DescribeTransitGateways"));
        assert!(!is_exempt("ec2", "DescribeInstances"));
        assert!(is_exempt("lightsail", "GetInstances"));
        assert!(!is_exempt("rds", "DescribeDBInstances"));
        assert!(EXEMPT.is_sorted());
    }
}
