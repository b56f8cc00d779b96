//! The detection of global services: one endpoint for a whole partition instead of one per region.

use super::parameters::Parameters;
use super::partitions::{PartitionData, Partitions};
use super::rules::RuleSet;

/// Returns whether all regions of the partition resolve to the same URL.
///
/// `fixed` contains parameters with a fixed value, such as an operation's static context. A rule set that returns
/// no endpoint for these parameters is not global.
#[must_use]
pub fn is_global(
    rule_set: &RuleSet,
    partitions: &Partitions,
    partition: &PartitionData,
    fixed: &Parameters,
) -> bool {
    let url = |region: &str| {
        let mut parameters = fixed.clone();
        parameters.set("Region", region);
        rule_set.resolve(&parameters, partitions).ok().map(|endpoint| endpoint.url)
    };
    let Some(first) = url(partition.implicit_global_region.as_str()) else {
        return false;
    };
    let others = partition.regions.iter().filter(|region| **region != partition.implicit_global_region);
    let mut others = others.map(|region| url(region.as_str())).peekable();
    if others.peek().is_some() {
        return others.all(|other| other.as_ref() == Some(&first));
    }
    // The only region of a partition is compared with a possible future region.
    let future = format!("{}9", partition.implicit_global_region);
    url(&future).as_ref() == Some(&first)
}

#[cfg(test)]
mod tests {
    use super::super::samples::{partitions, rule_set};
    use super::{Parameters, is_global};

    const PARAMETERS: &str = r#"{"Region": {"type": "String"}, "ControlPlane": {"type": "Boolean", "required": true, "default": false}}"#;

    #[test]
    fn a_service_is_global_where_its_regions_share_a_url() {
        let rules = rule_set(
            PARAMETERS,
            r#"[
                {"conditions": [
                    {"fn": "aws.partition", "argv": [{"ref": "Region"}], "assign": "partition"},
                    {"fn": "stringEquals",
                     "argv": [{"fn": "getAttr", "argv": [{"ref": "partition"}, "name"]}, "aws"]}],
                 "endpoint": {"url": "https://iam.amazonaws.com"}},
                {"endpoint": {"url": "https://iam.{Region}.amazonaws.com.cn"}}
            ]"#,
        );
        let partitions = partitions();
        let global_in: Vec<_> = partitions
            .iter()
            .filter(|partition| is_global(&rules, &partitions, partition, &Parameters::new()))
            .map(|partition| partition.name.as_str())
            .collect();
        assert_eq!(global_in, ["aws"]);
    }

    #[test]
    fn a_fixed_parameter_can_make_the_difference() {
        let rules = rule_set(
            PARAMETERS,
            r#"[
                {"conditions": [{"fn": "booleanEquals", "argv": [{"ref": "ControlPlane"}, true]}],
                 "endpoint": {"url": "https://control.amazonaws.com"}},
                {"endpoint": {"url": "https://{Region}.amazonaws.com"}}
            ]"#,
        );
        let partitions = partitions();
        let partition = partitions.of_region("eu-west-1");
        assert!(!is_global(&rules, &partitions, partition, &Parameters::new()));
        assert!(is_global(&rules, &partitions, partition, &Parameters::new().with("ControlPlane", true)));
    }

    #[test]
    fn rules_without_an_endpoint_are_not_global() {
        let rules = rule_set(PARAMETERS, r#"[{"error": "ControlPlane is required"}]"#);
        let partitions = partitions();
        assert!(!is_global(&rules, &partitions, partitions.of_region("eu-west-1"), &Parameters::new()));
    }
}
