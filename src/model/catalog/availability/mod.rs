//! The availability of services in regions according to AWS's data, for interpreting host names that do not exist.
//!
//! The data are in `service_regions.txt`, which `tests/moto/service_regions.py` generates; a test compares the
//! two. The availability of a service that is newer than the data is unknown everywhere.

use std::collections::HashMap;
use std::sync::OnceLock;

const DATA: &str = include_str!("service_regions.txt");

/// Services that are in every region of every partition regardless of the data: AWS opens each region with them.
const EVERYWHERE: &[&str] = &[
    "autoscaling",
    "cloudformation",
    "cloudtrail",
    "cloudwatch",
    "config",
    "dynamodb",
    "ec2",
    "elb",
    "elbv2",
    "events",
    "iam",
    "kms",
    "lambda",
    "logs",
    "organizations",
    "rds",
    "route53",
    "s3",
    "s3control",
    "sns",
    "sqs",
    "ssm",
    "sts",
];

/// The availability of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Availability {
    /// AWS's data list the service there, or it is in every region.
    Offered,
    /// AWS's data list the service only elsewhere.
    NotOffered,
    /// AWS's data do not contain the service.
    Unknown,
}

/// The regions of a service in a partition.
#[derive(Clone, Copy, Debug)]
enum ServiceRegions {
    All,
    Only(&'static str),
    AllBut(&'static str),
    Unknown,
}

#[derive(Debug, Default)]
struct EndpointsData {
    partition_of: HashMap<&'static str, &'static str>,
    services: HashMap<&'static str, Vec<(&'static str, ServiceRegions)>>,
}

/// Returns whether a service is offered in a region. `known_region` is a region of the same partition, which
/// identifies the partition where the region is newer than the data.
#[must_use]
pub fn availability(service: &str, region: &str, known_region: &str) -> Availability {
    let data = data();
    let is_known = data.partition_of.contains_key(region);
    match regions(data, service, if is_known { region } else { known_region }) {
        Ok(ServiceRegions::All) => Availability::Offered,
        Ok(ServiceRegions::Only(regions)) => offered(is_known && names(regions, region)),
        Ok(ServiceRegions::AllBut(regions)) => offered(is_known && !names(regions, region)),
        Ok(ServiceRegions::Unknown) => Availability::Unknown,
        Err(availability) => availability,
    }
}

/// Returns whether a service is offered in the partition of a region.
#[must_use]
pub fn availability_in_partition(service: &str, region: &str) -> Availability {
    match regions(data(), service, region) {
        Ok(ServiceRegions::Unknown) => Availability::Unknown,
        Ok(_) => Availability::Offered,
        Err(availability) => availability,
    }
}

/// Returns the regions of a service in the partition of a region, or its availability if there are none.
fn regions(data: &EndpointsData, service: &str, region: &str) -> Result<ServiceRegions, Availability> {
    if EVERYWHERE.contains(&service) {
        return Ok(ServiceRegions::All);
    }
    let partition = data.partition_of.get(region).ok_or(Availability::Unknown)?;
    let partitions = data.services.get(service).ok_or(Availability::Unknown)?;
    let here = partitions.iter().find(|(name, _)| name == partition);
    here.map(|(_, regions)| *regions).ok_or(Availability::NotOffered)
}

fn offered(is_offered: bool) -> Availability {
    if is_offered { Availability::Offered } else { Availability::NotOffered }
}

fn names(regions: &str, region: &str) -> bool {
    regions.split(',').any(|name| name == region)
}

fn data() -> &'static EndpointsData {
    static PARSED: OnceLock<EndpointsData> = OnceLock::new();
    PARSED.get_or_init(|| parse(DATA))
}

fn parse(text: &'static str) -> EndpointsData {
    let mut data = EndpointsData::default();
    for line in text.lines() {
        let mut words = line.split_ascii_whitespace();
        let service = words.next().unwrap_or_default();
        let partitions = words.filter_map(|word| word.split_once(':'));
        if service != "#" {
            data.services.insert(
                service,
                partitions.map(|(partition, regions)| (partition, parse_regions(regions))).collect(),
            );
            continue;
        }
        for (partition, regions) in partitions {
            data.partition_of.extend(regions.split(',').map(|region| (region, partition)));
        }
    }
    data
}

fn parse_regions(text: &'static str) -> ServiceRegions {
    match text {
        "*" => ServiceRegions::All,
        "?" => ServiceRegions::Unknown,
        text => text.strip_prefix('!').map_or(ServiceRegions::Only(text), ServiceRegions::AllBut),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Availability, EVERYWHERE, ServiceRegions, availability, availability_in_partition, data};
    use crate::model::catalog::Catalog;

    /// Services without any source. Their missing host names are never treated as unavailability, so that each
    /// service here causes gaps where it is not offered: look for a source before adding one. Neither `endpoints.json`
    /// nor the parameters of Systems Manager nor CloudFormation's types contain them. Endpoint rules are no source:
    /// they have a pattern for every region, also those of `agent-discovery`, which name three.
    const WITHOUT_DATA: &[&str] = &[
        "abuse-signal",
        "agent-discovery",
        "apiportal",
        "backupsearch",
        "bcm-recommended-actions",
        "bedrock-agent-runtime",
        "bedrock-data-automation-runtime",
        "cloudfront-keyvaluestore",
        "cloudsearchdomain",
        "cloudwatchomni",
        "codeguru-security",
        "continuum",
        "ds-data",
        "endusermessaging",
        "freetier",
        "iam-toolbox",
        "keyspacesstreams",
        "marketplace-deployment",
        "marketplace-discovery",
        "marketplace-reporting",
        "migrationhub-config",
        "neptunedata",
        "opensearchmemory",
        "partnercentral-benefits",
        "partnercentral-marketing",
        "partnercentral-revenue-measurement",
        "payments",
        "sagemakertrainingsessionruntime",
        "signer-data",
    ];

    #[test]
    fn a_service_is_offered_where_the_data_list_it() {
        for (service, region, expected) in [
            ("apprunner", "eu-west-1", Availability::Offered),
            ("apprunner", "eu-north-1", Availability::NotOffered),
            ("codebuild", "ca-west-1", Availability::NotOffered),
            ("codebuild", "eu-north-1", Availability::Offered),
            ("workspaces", "us-gov-east-1", Availability::Offered),
            ("apprunner", "us-gov-west-1", Availability::NotOffered),
            ("sqs", "eu-north-1", Availability::Offered),
            ("iam", "eu-isoe-west-1", Availability::Offered),
            ("codeguru-security", "eu-west-1", Availability::Unknown),
            ("a-service-of-tomorrow", "eu-west-1", Availability::Unknown),
        ] {
            assert_eq!(availability(service, region, "us-east-1"), expected, "{service} in {region}");
        }
    }

    /// A region that is newer than the data has the services that every region has.
    #[test]
    fn availability_in_newer_region_is_that_of_every_region() {
        for (service, expected) in [
            ("ec2", Availability::Offered),
            ("acm", Availability::Offered),
            ("apprunner", Availability::NotOffered),
            ("codeguru-security", Availability::Unknown),
        ] {
            assert_eq!(availability(service, "eu-west-99", "us-east-1"), expected, "{service}");
        }
    }

    #[test]
    fn a_service_is_in_a_partition_when_it_is_in_one_of_its_regions() {
        for (service, region, expected) in [
            ("cloudfront", "us-east-1", Availability::Offered),
            ("cloudfront", "us-gov-west-1", Availability::NotOffered),
            ("devicefarm", "us-east-1", Availability::Offered),
            ("codeguru-security", "us-east-1", Availability::Unknown),
        ] {
            assert_eq!(availability_in_partition(service, region), expected, "{service} beside {region}");
        }
    }

    #[test]
    fn universal_services_are_absent_from_no_region() {
        assert!(EVERYWHERE.is_sorted());
        let (data, catalog) = (data(), Catalog::embedded().expect("the embedded catalog opens"));
        for service in EVERYWHERE {
            assert!(catalog.service(service).expect("loads").is_some(), "{service}");
            let partitions = data.services.get(service).map(Vec::as_slice).unwrap_or_default();
            let is_everywhere = |partition: &str| {
                partitions
                    .iter()
                    .any(|(name, regions)| *name == partition && matches!(regions, ServiceRegions::All))
            };
            // The list of S3 Control's endpoints ends with the regions of 2024; S3 Control is in each region of
            // S3.
            assert!(is_everywhere("aws") || *service == "s3control", "{service}");
            for region in data.partition_of.keys() {
                assert_eq!(
                    availability(service, region, region),
                    Availability::Offered,
                    "{service} {region}"
                );
            }
        }
    }

    /// Every service of the catalog has data, or is in the list of services without any.
    #[test]
    fn availability_covers_every_service_of_catalog() {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        let services: BTreeSet<&str> = catalog.entries().iter().map(|entry| &*entry.name).collect();
        let without: Vec<&str> =
            services.iter().copied().filter(|service| !data().services.contains_key(service)).collect();
        assert_eq!(without, WITHOUT_DATA);
    }
}
