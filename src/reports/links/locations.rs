//! Where a resource would be that a reference names.

use indexmap::IndexSet;

use super::forms::TextForm;
use super::own_hosts::named_in_host;
use super::references::ResourceReference;
use super::source::LinkSource;
use crate::arn::Arn;
use crate::reports::members::squashed;

/// An account and a region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ResourceLocation {
    /// The account; empty if it may be any.
    pub(super) account: String,
    /// The region; `None` if there is none, or if it may be any.
    pub(super) region: Option<String>,
}

/// Members beside a reference that name the owner of what it refers to, in lower case: `UserId` beside the ID of a
/// security group.
const OWNERS: [&str; 7] =
    ["accountid", "awsaccountid", "groupownerid", "ownerid", "resourceownerid", "userid", "vpcownerid"];

/// Labels of hosts in Amazon's domain, and the kinds of resources with such hosts; all others are named by their
/// address.
///
/// Source: the user guides of Elastic Load Balancing: `name.region.elb`, and for network load balancers
/// `name.elb.region`.
const LABELS: [(&str, &[KindName]); 1] = [("elb", &[("elb", "load_balancer"), ("elbv2", "load_balancer")])];

/// Domains that AWS gives to resources of one kind.
///
/// Sources: the developer guides of Amazon CloudFront, AWS Elastic Beanstalk and AWS Global Accelerator.
const DOMAINS: [(&str, &[KindName]); 3] = [
    (".awsglobalaccelerator.com", &[("globalaccelerator", "accelerator")]),
    (".cloudfront.net", &[("cloudfront", "distribution")]),
    (".elasticbeanstalk.com", &[("elasticbeanstalk", "environment")]),
];

/// A kind: service and name.
type KindName = (&'static str, &'static str);

impl ResourceLocation {
    /// Returns the location in an ARN.
    pub(super) fn of_arn(arn: &Arn<'_>) -> Self {
        let region = Some(arn.region.to_owned()).filter(|region| !region.is_empty());
        Self { account: arn.account.to_owned(), region }
    }

    /// Returns the location of a resource that is named by its ID: that of the owner beside it, else that of the
    /// resource that refers to it.
    pub(super) fn of_id(resource: &LinkSource, reference: &ResourceReference<'_>) -> Self {
        let siblings = reference.siblings.into_iter().flatten();
        let texts = siblings.filter_map(|(name, value)| Some((squashed(name), value.as_str()?)));
        let beside: Vec<(String, &str)> = texts.collect();
        let find = |names: &[&str]| beside.iter().find(|(name, _)| names.contains(&name.as_str()));
        let owner = find(&OWNERS).map(|(_, owner)| *owner);
        let owner = owner.filter(|owner| TextForm::of(owner) == TextForm::Account);
        let owner = owner.or(resource.owner_account.as_deref());
        let region = find(&["region", "awsregion"]).map_or(resource.region.as_str(), |(_, region)| *region);
        Self { account: owner.unwrap_or(&resource.account).to_owned(), region: Some(region.to_owned()) }
    }

    /// Returns the kinds of resources that can have a host, and the region in it, in any account. `regions` are those of
    /// the run.
    pub(super) fn of_host(host: &str, regions: &IndexSet<String>) -> Option<(&'static [KindName], Self)> {
        let of_domain = DOMAINS.iter().find(|(domain, _)| host.ends_with(domain));
        let has_label =
            |label: &str| host.ends_with(".amazonaws.com") && host.split('.').any(|part| part == label);
        let of_label = || LABELS.iter().find(|(label, _)| has_label(label));
        let kinds = of_domain.or_else(of_label).map(|(_, kinds)| *kinds);
        let kinds = kinds.or_else(|| named_in_host(host).map(|(_, kinds)| kinds))?;
        let region = host.split('.').find(|label| regions.contains(*label));
        Some((kinds, Self { account: String::new(), region: region.map(str::to_owned) }))
    }
}

#[cfg(test)]
mod tests {
    use super::ResourceLocation;

    fn of_host(host: &str) -> Option<(usize, Option<String>)> {
        let regions = ["eu-west-1", "global"].map(str::to_owned).into();
        ResourceLocation::of_host(host, &regions).map(|(kinds, location)| (kinds.len(), location.region))
    }

    #[test]
    fn hosts_say_the_kind_and_the_region() {
        let region = Some("eu-west-1".to_owned());
        assert_eq!(of_host("web-1.eu-west-1.elb.amazonaws.com"), Some((2, region.clone())));
        assert_eq!(of_host("net-1.elb.eu-west-1.amazonaws.com"), Some((2, region.clone())));
        assert_eq!(of_host("logs.s3-website-eu-west-1.amazonaws.com"), Some((1, None)));
        assert_eq!(of_host("a1.execute-api.eu-west-1.amazonaws.com"), Some((2, region)));
        assert_eq!(of_host("d111.cloudfront.net"), Some((1, None)));
        assert_eq!(of_host("db-1.abc.eu-west-1.rds.amazonaws.com"), None, "proxies have such hosts as well");
        assert_eq!(of_host("www.example.com"), None);
    }
}
