//! Names in the arguments of `scan policy`: the partition, the organization, and the role of a template.

use crate::app::job::read_partitions;
use crate::error::Failure;
use crate::model::catalog::Catalog;
use crate::names::Partition;

/// Returns the partition with this name.
pub(super) fn partition(name: &str, catalog: &Catalog) -> Result<Partition, Failure> {
    let partitions = read_partitions(catalog)?;
    let partition = Partition::new(name);
    match partitions.named(&partition) {
        Some(_) => Ok(partition),
        None => Err(Failure::usage(format!("--partition: `{name}` is not a partition"))
            .hint("use aws, aws-cn or aws-us-gov")),
    }
}

/// Checks the pattern of botocore's `OrganizationId` (`organizations/2016-11-28`).
pub(super) fn check_organization(id: &str) -> Result<(), Failure> {
    let is_id = id.strip_prefix("o-").is_some_and(|rest| {
        (10..=32).contains(&rest.len())
            && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    });
    if is_id {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "--organization-id: `{id}` is not an organization ID, such as o-exampleorgid"
    ))
    .hint("run `aws organizations describe-organization` to see yours"))
}

/// Returns path and name of the role in an ARN template.
pub(super) fn path_of(template: &str) -> (String, String) {
    let resource = template.split_once(":role").map_or("/", |(_, resource)| resource);
    let (path, name) = resource.rsplit_once('/').unwrap_or_default();
    (format!("{path}/"), name.to_owned())
}
