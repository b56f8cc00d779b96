//! Composes the ARN of a resource whose response does not contain it.

use serde_json::{Map, Value};

use super::super::origin::ItemOrigin;
use crate::plan::redaction::is_redacted;

/// Composes an ARN from its format, such as `arn:{partition}:ec2:{region}:{owner}:volume/{id}`. Returns `None` if the
/// item lacks a part: an ARN with a wrong part would be that of another resource.
pub(super) fn compose(
    format: &str,
    origin: &ItemOrigin<'_>,
    owner: &str,
    id: Option<&str>,
    members: Option<&Map<String, Value>>,
) -> Option<String> {
    let mut arn = String::with_capacity(format.len() + 32);
    let mut rest = format;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        arn.push_str(before);
        let value = match name {
            "partition" => origin.partition,
            "region" => origin.region?,
            "owner" => owner,
            "id" => id?,
            "parent" => origin.parent?,
            member => members?.get(member)?.as_str()?,
        };
        if value.is_empty() || is_redacted(value) {
            return None;
        }
        // The name of a parameter in a path starts with the slash that separates it: `parameter/app/url`.
        let is_path = arn.ends_with('/') && value.starts_with('/');
        arn.push_str(if is_path { &value[1..] } else { value });
        rest = after;
    }
    arn.push_str(rest);
    Some(arn)
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::compose;
    use crate::reports::resources::origin::ItemOrigin;

    const VOLUME: &str = "arn:{partition}:ec2:{region}:{owner}:volume/{id}";

    fn origin(region: Option<&'static str>) -> ItemOrigin<'static> {
        ItemOrigin { partition: "aws-cn", region, account: "111111111111", parent: None }
    }

    #[test]
    fn arn_has_partition_region_and_owner() {
        let arn = compose(VOLUME, &origin(Some("cn-north-1")), "222222222222", Some("vol-1"), None);
        assert_eq!(arn.as_deref(), Some("arn:aws-cn:ec2:cn-north-1:222222222222:volume/vol-1"));
    }

    #[test]
    fn missing_part_makes_no_arn() {
        assert_eq!(compose(VOLUME, &origin(None), "1", Some("vol-1"), None), None);
        assert_eq!(compose(VOLUME, &origin(Some("r")), "1", None, None), None);
        let stage = "arn:{partition}:apigateway:{region}::/restapis/{parent}/stages/{id}";
        assert_eq!(compose(stage, &origin(Some("r")), "1", Some("prod"), None), None);
    }

    #[test]
    fn members_fill_formats() {
        let members = json!({"Cluster": "k8s"}).as_object().cloned().unwrap_or_else(Map::new);
        let format = "arn:aws:eks:r:1:cluster/{Cluster}/x";
        let arn = compose(format, &origin(None), "1", None, Some(&members));
        assert_eq!(arn.as_deref(), Some("arn:aws:eks:r:1:cluster/k8s/x"));
        assert_eq!(compose(format, &origin(None), "1", None, None), None);
    }

    #[test]
    fn path_is_not_separated_twice() {
        let format = "arn:aws:ssm:r:1:parameter/{id}";
        let arn = |id| compose(format, &origin(None), "1", Some(id), None);
        assert_eq!(arn("/app/url").as_deref(), Some("arn:aws:ssm:r:1:parameter/app/url"));
        assert_eq!(arn("url").as_deref(), Some("arn:aws:ssm:r:1:parameter/url"));
    }
}
