//! AWS's partitions and their regions (`partitions.json` in botocore's data).

use std::collections::HashMap;
use std::fmt;

use regex_lite::Regex;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::error::EndpointError;
use crate::names::{Partition, Region, RegionPattern};

/// All partitions; the first one is the default.
#[derive(Clone, Debug)]
pub struct Partitions {
    /// Never empty.
    partitions: Vec<PartitionData>,
    /// The partition of every listed region.
    by_region: HashMap<Box<str>, usize>,
}

/// One partition: a group of regions with its own accounts and host names.
#[derive(Clone, Debug)]
pub struct PartitionData {
    /// The partition's name, which is also the second part of ARNs.
    pub name: Partition,
    /// The suffix of host names.
    pub dns_suffix: Box<str>,
    /// The suffix of dual-stack host names, which also have IPv6 addresses.
    pub dual_stack_dns_suffix: Box<str>,
    /// The signing region of requests to services with a single endpoint.
    pub implicit_global_region: Region,
    /// Whether the partition's services have FIPS endpoints.
    pub supports_fips: bool,
    /// Whether the partition's services have dual-stack endpoints.
    pub supports_dual_stack: bool,
    /// The regions, sorted by name, without pseudo regions such as `aws-global`.
    pub regions: Vec<Region>,
    /// The pattern of the partition's region names, which also matches future regions.
    pattern: Regex,
}

impl PartitionData {
    /// Returns whether a region of the partition matches.
    #[must_use]
    pub fn has(&self, pattern: &RegionPattern) -> bool {
        self.regions.iter().any(|region| pattern.matches(region))
    }
}

/// The error of a name that is not a region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRegion {
    /// The unknown name.
    pub name: String,
    /// The regions with the most similar names, the best first.
    pub similar: Vec<Region>,
}

impl fmt::Display for UnknownRegion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.contains('*') {
            return write!(formatter, "`{}` does not match any AWS region", self.name);
        }
        write!(formatter, "`{}` is not an AWS region", self.name)?;
        for (index, region) in self.similar.iter().enumerate() {
            write!(formatter, "{}`{region}`", if index == 0 { "; did you mean " } else { " or " })?;
        }
        if !self.similar.is_empty() {
            formatter.write_str("?")?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownRegion {}

#[derive(Deserialize)]
struct PartitionsDocument {
    partitions: Vec<PartitionDocument>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PartitionDocument {
    id: String,
    outputs: OutputsDocument,
    region_regex: String,
    regions: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OutputsDocument {
    dns_suffix: Box<str>,
    dual_stack_dns_suffix: Box<str>,
    implicit_global_region: String,
    #[serde(rename = "supportsFIPS")]
    supports_fips: bool,
    supports_dual_stack: bool,
}

impl Partitions {
    /// Parses `partitions.json`.
    pub fn parse(json: &str) -> Result<Self, EndpointError> {
        let malformed = |problem: String| EndpointError::MalformedPartitions(problem);
        let document: PartitionsDocument =
            serde_json::from_str(json).map_err(|error| malformed(error.to_string()))?;
        if document.partitions.is_empty() {
            return Err(malformed("the list is empty".to_owned()));
        }
        let mut by_region = HashMap::new();
        let mut partitions = Vec::with_capacity(document.partitions.len());
        for (index, partition) in document.partitions.into_iter().enumerate() {
            let pattern = Regex::new(&partition.region_regex)
                .map_err(|error| malformed(format!("pattern of partition `{}`: {error}", partition.id)))?;
            for region in partition.regions.keys() {
                by_region.insert(region.as_str().into(), index);
            }
            let pseudo_region = format!("{}-global", partition.id);
            let names = partition.regions.into_iter().map(|(name, _description)| name);
            let names = names.filter(|name| *name != pseudo_region);
            let mut regions: Vec<Region> =
                names
                    .map(|name| Region::parse(&name))
                    .collect::<Result<_, _>>()
                    .map_err(|error| malformed(format!("partition `{}`: {error}", partition.id)))?;
            regions.sort();
            partitions.push(PartitionData {
                name: Partition::new(partition.id),
                dns_suffix: partition.outputs.dns_suffix,
                dual_stack_dns_suffix: partition.outputs.dual_stack_dns_suffix,
                implicit_global_region: Region::parse(&partition.outputs.implicit_global_region)
                    .map_err(|error| malformed(error.to_string()))?,
                supports_fips: partition.outputs.supports_fips,
                supports_dual_stack: partition.outputs.supports_dual_stack,
                regions,
                pattern,
            });
        }
        Ok(Self { partitions, by_region })
    }

    /// Returns the partition of a region: the one that lists it, else the one whose pattern matches, else the
    /// default partition.
    #[must_use]
    pub fn of_region(&self, region: &str) -> &PartitionData {
        let listed = self.by_region.get(region).map(|index| &self.partitions[*index]);
        listed
            .or_else(|| self.partitions.iter().find(|partition| partition.pattern.is_match(region)))
            .unwrap_or(&self.partitions[0])
    }

    /// Returns the partition with this name.
    #[must_use]
    pub fn named(&self, name: &Partition) -> Option<&PartitionData> {
        self.partitions.iter().find(|partition| partition.name == *name)
    }

    /// Returns all partitions, the default one first.
    pub fn iter(&self) -> impl Iterator<Item = &PartitionData> {
        self.partitions.iter()
    }

    /// Parses the name of a region, or a pattern of names, in user input.
    ///
    /// Only listed regions are accepted, and patterns that match one: `eu-wset-1` has the form of a region of the
    /// partition `aws`.
    pub fn region(&self, name: &str) -> Result<RegionPattern, UnknownRegion> {
        let lowercase = name.trim().to_ascii_lowercase();
        match RegionPattern::parse(&lowercase) {
            Ok(pattern) if self.iter().any(|partition| partition.has(&pattern)) => Ok(pattern),
            _ => Err(UnknownRegion { name: name.to_owned(), similar: self.similar(&lowercase) }),
        }
    }

    /// Returns the three most similar names among those that differ by few letters.
    fn similar(&self, name: &str) -> Vec<Region> {
        let mut candidates: Vec<_> = self
            .iter()
            .flat_map(|partition| &partition.regions)
            .map(|region| (strsim::damerau_levenshtein(name, region.as_str()), region))
            .filter(|(distance, _)| *distance <= 3)
            .collect();
        candidates.sort();
        candidates.into_iter().take(3).map(|(_, region)| region.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::partitions;
    use super::Partitions;
    use crate::names::{Partition, Region};

    #[test]
    fn a_region_belongs_to_the_partition_that_lists_it() {
        let partitions = partitions();
        let china = partitions.of_region("cn-north-1");
        assert_eq!((china.name.as_str(), &*china.dns_suffix), ("aws-cn", "amazonaws.com.cn"));
        assert_eq!(partitions.of_region("aws-cn-global").name.as_str(), "aws-cn");
    }

    #[test]
    fn a_region_of_the_future_is_recognised_by_its_name() {
        assert_eq!(partitions().of_region("cn-south-7").name.as_str(), "aws-cn");
        assert_eq!(partitions().of_region("eu-west-99").name.as_str(), "aws");
    }

    #[test]
    fn anything_else_belongs_to_the_default_partition() {
        assert_eq!(partitions().of_region("moon-base-1").name.as_str(), "aws");
        assert_eq!(partitions().of_region("").name.as_str(), "aws");
    }

    #[test]
    fn pseudo_regions_are_not_among_the_regions_of_a_partition() {
        let partitions = partitions();
        let china = partitions.named(&Partition::new("aws-cn")).expect("a partition");
        assert_eq!(china.regions, [Region::new("cn-north-1"), Region::new("cn-northwest-1")]);
        assert!(partitions.region("aws-global").is_err());
    }

    #[test]
    fn a_wrong_region_is_answered_with_the_nearest_right_ones() {
        let partitions = partitions();
        assert_eq!(partitions.region(" EU-West-1 "), Ok(Region::new("eu-west-1").into()));
        let error = partitions.region("eu-wset-1").expect_err("not a region");
        assert_eq!(error.similar.first(), Some(&Region::new("eu-west-1")));
        assert!(error.to_string().starts_with("`eu-wset-1` is not an AWS region; did you mean `eu-west-1`"));
        let error = partitions.region("frankfurt").expect_err("not a region");
        assert_eq!(error.to_string(), "`frankfurt` is not an AWS region");
    }

    #[test]
    fn a_pattern_has_to_match_a_region() {
        let partitions = partitions();
        assert_eq!(partitions.region("EU-*").expect("a pattern").as_str(), "eu-*");
        let error = partitions.region("eu_*").expect_err("no region has an underscore");
        assert_eq!(error.to_string(), "`eu_*` does not match any AWS region");
        assert!(partitions.region("europe-*").is_err());
    }

    #[test]
    fn a_file_without_partitions_is_refused() {
        assert!(Partitions::parse(r#"{"partitions": []}"#).is_err());
        assert!(Partitions::parse("{}").is_err());
    }
}
