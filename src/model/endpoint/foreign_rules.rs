//! Endpoint rules that lead to hosts that are not AWS's.
//!
//! Requests are only sent to hosts that [`crate::model::hosts`] accepts, whatever the rules contain. This check finds
//! rules of another origin before a catalog is installed.

use serde_json::Value;

use super::partitions::Partitions;
use crate::model::hosts::is_aws_domain;

/// Returns a host, or its template, to which endpoint rules lead and that is not AWS's; `None` if there is none.
#[must_use]
pub fn foreign_host(rules: &str) -> Option<String> {
    let rules: Value = serde_json::from_str(rules).ok()?;
    find(&rules)
}

/// Returns a suffix of host names of a partition that is not AWS's; `None` if there is none.
#[must_use]
pub fn foreign_suffix(partitions: &Partitions) -> Option<String> {
    let mut suffixes =
        partitions.iter().flat_map(|partition| [&partition.dns_suffix, &partition.dual_stack_dns_suffix]);
    suffixes.find(|suffix| !is_aws_domain(suffix)).map(ToString::to_string)
}

fn find(rules: &Value) -> Option<String> {
    match rules {
        Value::Object(members) => {
            let url = members.get("endpoint").and_then(|endpoint| endpoint.get("url"));
            let template = url.and_then(Value::as_str).filter(|template| !leads_to_aws(template));
            template.map(str::to_owned).or_else(|| members.values().find_map(find))
        }
        Value::Array(elements) => elements.iter().find_map(find),
        _ => None,
    }
}

/// Returns whether a template of a URL leads to a host of AWS, or to the endpoint that the user has configured.
fn leads_to_aws(template: &str) -> bool {
    /// The parts of the configured endpoint (`parseURL` of the parameter `Endpoint`).
    const CONFIGURED: [&str; 2] = ["{Endpoint}", "{url#"];
    /// DynamoDB on this machine (`botocore/data/dynamodb`, region `local`).
    const LOCAL: &str = "http://localhost:8000";
    if template == LOCAL || CONFIGURED.iter().any(|start| template.starts_with(start)) {
        return true;
    }
    let Some(host) = template.strip_prefix("https://") else { return false };
    let end = end_of_host(host);
    let host = &host[..end];
    match host.rsplit_once('}') {
        Some((before, "")) => {
            before.ends_with("#dnsSuffix")
                || before.ends_with("#dualStackDnsSuffix")
                || before.ends_with("{url#authority")
                || before.ends_with("{url#path")
        }
        Some((_, suffix)) => suffix.starts_with('.') && is_aws_domain(&suffix[1..]),
        None => is_aws_domain(host),
    }
}

/// Returns the end of the host of a URL without its scheme, in which placeholders may have slashes.
fn end_of_host(rest: &str) -> usize {
    let mut depth = 0_u32;
    for (index, letter) in rest.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '/' | '?' | '#' | ':' if depth == 0 => return index,
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{foreign_host, foreign_suffix};
    use crate::model::catalog::Catalog;
    use crate::model::endpoint::Partitions;

    fn foreign(url: &str) -> Option<String> {
        let rule = json!({"conditions": [], "type": "endpoint", "endpoint": {"url": url}});
        foreign_host(&json!({"rules": [{"type": "tree", "rules": [rule]}]}).to_string())
    }

    #[test]
    fn rules_of_embedded_catalog_lead_to_aws() {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        for entry in catalog.entries() {
            let service = catalog.read(entry).expect("a readable service");
            assert_eq!(foreign_host(&service.endpoint_rules), None, "{}", entry.name);
        }
        let partitions = Partitions::parse(catalog.partitions()).expect("partitions");
        assert_eq!(foreign_suffix(&partitions), None);
    }

    #[test]
    fn rules_that_lead_elsewhere_are_found() {
        for url in [
            "https://evil.example",
            "https://sqs.{Region}.evil.example",
            "https://sqs.{Region}.amazonaws.com.evil.example",
            "https://sqs.{Region}evilamazonaws.com",
            "https://{Region}",
            "http://sqs.{Region}.amazonaws.com",
            "https://evil.example/{PartitionResult#dnsSuffix}",
            "https://evil.example:443",
        ] {
            assert_eq!(foreign(url).as_deref(), Some(url));
        }
        for url in [
            "https://sqs.{Region}.{PartitionResult#dnsSuffix}",
            "https://sqs.{Region}.amazonaws.com/v2",
            "https://iam.amazonaws.com",
            "{url#scheme}://{Bucket}.{url#authority}{url#path}",
        ] {
            assert_eq!(foreign(url), None, "{url}");
        }
    }

    #[test]
    fn foreign_partition_is_found() {
        let partitions = json!({"version": "1.1", "partitions": [{"id": "aws", "regionRegex": "^x$", "regions": {},
            "outputs": {"name": "aws", "dnsSuffix": "evil.example", "dualStackDnsSuffix": "api.aws",
                "implicitGlobalRegion": "us-east-1", "supportsFIPS": true, "supportsDualStack": true}}]});
        let partitions = Partitions::parse(&partitions.to_string()).expect("partitions");
        assert_eq!(foreign_suffix(&partitions).as_deref(), Some("evil.example"));
    }
}
