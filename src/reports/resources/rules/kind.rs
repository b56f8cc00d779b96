//! The kind of resource that a function returns: the noun in its name, in the singular.

use crate::model::catalog::function_name;

/// Functions whose name has another noun than the other functions for the same resource: service, function, kind.
const RENAMED: &[(&str, &str, &str)] = &[
    ("accessanalyzer", "list_access_preview_findings", "access_preview_finding"),
    ("apprunner", "list_services_for_auto_scaling_configuration", "service"),
    ("connect", "list_phone_numbers_v2", "phone_number"),
    // The names of domains; the other functions call them domains.
    ("es", "list_domain_names", "domain"),
    ("es", "describe_elasticsearch_domain", "domain"),
    ("es", "describe_elasticsearch_domains", "domain"),
    ("opensearch", "list_domain_names", "domain"),
    // The plural of this noun is written in the middle: hours_of_operations.
    ("connect", "describe_hours_of_operation", "hours_of_operation"),
    ("connect", "list_hours_of_operations", "hours_of_operation"),
    ("connect", "search_hours_of_operations", "hours_of_operation"),
    ("cognito-idp", "describe_managed_login_branding_by_client", "managed_login_branding"),
    ("cognito-idp", "get_identity_provider_by_identifier", "identity_provider"),
    ("datasync", "describe_location_fsx_windows", "location_fsx_windows"),
    ("dynamodb", "list_tags_of_resource", "tag"),
    ("servicecatalog", "describe_product_as_admin", "product"),
    ("servicecatalog", "search_products_as_admin", "product"),
    ("ses", "describe_active_receipt_rule_set", "receipt_rule_set"),
];

/// Nouns with a version that are not the resources of the version before: in Security Hub, `connectors_v2` belong
/// to another product.
const SECOND_PRODUCT: &str = "securityhub";

/// Returns the kind of a function: `instance` for `describe_instances`.
pub(crate) fn of_function(service: &str, function: &str) -> String {
    let renamed = RENAMED.iter().find(|(of, name, _)| *of == service && *name == function);
    if let Some((_, _, kind)) = renamed {
        return (*kind).to_owned();
    }
    let (noun, version) = split_version(noun(function));
    let version = version.filter(|_| service == SECOND_PRODUCT);
    singular(selected(noun)) + version.unwrap_or_default()
}

/// Returns whether a function returns several resources, by its name.
pub(in crate::reports::resources) fn returns_several(function: &str) -> bool {
    let (noun, _) = split_version(noun(function));
    let noun = selected(noun);
    // `batch_get_collection` returns several collections.
    ["list_", "batch_"].iter().any(|start| function.starts_with(start)) || singular(noun) != noun
}

/// Returns the kind of the elements of a response member: `metric_alarm` for `MetricAlarms`.
pub(in crate::reports::resources) fn of_member(member: &str) -> String {
    let name = function_name(member);
    let kind =
        singular(["_list", "_set"].iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(&name));
    // `UserDetailList` has users, and `StreamNames` streams.
    let extent = ["_detail", "_summary", "_name", "_arn"].iter().find_map(|extent| kind.strip_suffix(extent));
    extent.map(str::to_owned).unwrap_or(kind)
}

/// Words before the selection of resources in a function's name:
/// `list_hosted_zones_by_name`, `list_policies_for_target`.
const SELECTIONS: &[&str] = &["_by_", "_for_", "_in_", "_with_"];

/// What is deleted is no resource like the others.
const DELETED: &str = "_in_recycle_bin";

/// Returns a function's name without its verb.
fn noun(function: &str) -> &str {
    let name = ["batch_", "admin_"].iter().find_map(|prefix| function.strip_prefix(prefix));
    let name = name.unwrap_or(function);
    name.split_once('_').map_or(name, |(_, noun)| noun)
}

/// Returns a noun without how its resources are selected. Only a plural is selected from: in
/// `get_parameters_for_import`, as well as in `list_tags_for_resource`.
fn selected(noun: &str) -> &str {
    if noun.ends_with(DELETED) {
        return noun;
    }
    let head = SELECTIONS.iter().filter_map(|word| noun.find(word)).min().map(|end| &noun[..end]);
    head.filter(|head| !head.is_empty() && singular(head) != **head).unwrap_or(noun)
}

/// Splits the version of an API from a noun: `clusters_v2` are clusters.
fn split_version(noun: &str) -> (&str, Option<&str>) {
    match noun.rsplit_once("_v") {
        Some((head, version)) if !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit()) => {
            (head, noun.get(head.len()..))
        }
        _ => (noun, None),
    }
}

/// Returns the singular of a noun, with the rules that AWS's function names need.
fn singular(noun: &str) -> String {
    /// Irregular plurals.
    const OTHERS: &[(&str, &str)] = &[
        ("aliases", "alias"),
        ("statuses", "status"),
        ("buses", "bus"),
        ("lenses", "lens"),
        ("canvases", "canvas"),
        ("atlases", "atlas"),
        ("caches", "cache"),
        ("indices", "index"),
        ("vertices", "vertex"),
        ("analyses", "analysis"),
        ("series", "series"),
        ("ephemeris", "ephemeris"),
        ("ephemerides", "ephemeris"),
        ("movies", "movie"),
        ("cookies", "cookie"),
        ("data", "data"),
        ("metadata", "metadata"),
    ];
    /// Singular nouns that end in s.
    const SINGULAR: &[&str] = &[
        "alias", "status", "bus", "lens", "canvas", "atlas", "analysis", "basis", "dns", "https", "sms",
        "aws", "kms", "tls", "sns", "sqs", "ecs", "eks", "rds", "efs", "nfs", "zfs", "hdfs", "iops", "chaos",
        "previous", "redis", "axis",
    ];
    if let Some(deleted) = noun.strip_suffix(DELETED) {
        return singular(deleted) + DELETED;
    }
    if let Some((others, one)) = OTHERS.iter().find(|(others, _)| noun.ends_with(others)) {
        return format!("{}{one}", &noun[..noun.len() - others.len()]);
    }
    let last = noun.rsplit('_').next().unwrap_or(noun);
    let stem = match noun.strip_suffix('s') {
        None => return noun.to_owned(),
        Some(_) if SINGULAR.contains(&last) || last.ends_with("ss") || last.ends_with("us") => {
            return noun.to_owned();
        }
        Some(stem) => stem,
    };
    if let Some(stem) = stem.strip_suffix("ie") {
        return format!("{stem}y");
    }
    let has_es = ["sse", "xe", "che", "she"].iter().any(|ending| stem.ends_with(ending));
    if has_es { stem[..stem.len() - 1].to_owned() } else { stem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{of_function, of_member, returns_several};

    #[test]
    fn a_function_asks_for_the_noun_in_its_name() {
        for (function, kind) in [
            ("describe_instances", "instance"),
            ("list_policies", "policy"),
            ("describe_addresses", "address"),
            ("list_aliases", "alias"),
            ("describe_db_instances", "db_instance"),
            ("list_queues", "queue"),
            ("get_public_access_block", "public_access_block"),
            ("batch_get_projects", "project"),
            ("describe_instance_status", "instance_status"),
            ("describe_caches", "cache"),
            ("list_databases", "database"),
            ("list_branches", "branch"),
            ("list_indexes", "index"),
            ("get_alias", "alias"),
            ("get_lens", "lens"),
            ("list_lenses", "lens"),
            ("list_event_buses", "event_bus"),
            ("describe_event_bus", "event_bus"),
            ("get_rest_apis", "rest_api"),
            ("get_apis", "api"),
            ("list_memberships", "membership"),
            ("get_static_ips", "static_ip"),
            ("list_hsms", "hsm"),
            ("list_human_task_uis", "human_task_ui"),
            ("list_clusters_v2", "cluster"),
            ("list_hosted_zones_by_name", "hosted_zone"),
            ("list_policies_for_target", "policy"),
            ("list_volumes_in_recycle_bin", "volume_in_recycle_bin"),
            ("list_analyses", "analysis"),
        ] {
            assert_eq!(of_function("any", function), kind, "{function}");
        }
    }

    #[test]
    fn kind_depends_on_service_for_few() {
        assert_eq!(of_function("securityhub", "list_connectors_v2"), "connector_v2");
        assert_eq!(
            of_function("opensearch", "list_domain_names"),
            of_function("opensearch", "describe_domain")
        );
    }

    #[test]
    fn a_member_is_named_like_what_is_in_it() {
        assert_eq!(of_member("MetricAlarms"), "metric_alarm");
        assert_eq!(of_member("UserDetailList"), "user");
        assert_eq!(of_member("StreamNames"), of_member("StreamSummaries"));
        assert_eq!(of_member("Instances"), "instance");
    }

    #[test]
    fn a_plural_asks_for_several() {
        assert!(returns_several("describe_vpcs") && returns_several("list_tags_for_resource"));
        assert!(returns_several("batch_get_collection"));
        assert!(!returns_several("get_bucket_tagging") && !returns_several("describe_table"));
    }
}
