//! The kind of resource that a function returns: the noun in its name, in the singular.

use crate::model::catalog::function_name;

/// Returns the kind of a function: `instance` for `describe_instances`.
pub(crate) fn of_function(function: &str) -> String {
    singular(noun(function))
}

/// Returns whether a function returns several resources, by its name.
pub(in crate::reports::resources) fn returns_several(function: &str) -> bool {
    function.starts_with("list_") || singular(noun(function)) != noun(function)
}

/// Returns the kind of the elements of a response member: `metric_alarm` for `MetricAlarms`.
pub(in crate::reports::resources) fn of_member(member: &str) -> String {
    let name = function_name(member);
    singular(["_list", "_set"].iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(&name))
}

/// Returns a function's name without its verb.
fn noun(function: &str) -> &str {
    let name = ["batch_", "admin_"].iter().find_map(|prefix| function.strip_prefix(prefix));
    let name = name.unwrap_or(function);
    name.split_once('_').map_or(name, |(_, noun)| noun)
}

/// Returns the singular of a noun, with the rules that AWS's function names need.
fn singular(noun: &str) -> String {
    /// Irregular plurals.
    const OTHERS: &[(&str, &str)] = &[
        ("aliases", "alias"),
        ("statuses", "status"),
        ("caches", "cache"),
        ("indices", "index"),
        ("vertices", "vertex"),
        ("analyses", "analysis"),
        ("series", "series"),
        ("movies", "movie"),
    ];
    /// Endings of singular nouns that end in s.
    const SINGULAR: &[&str] = &["ss", "us", "is", "dns", "https", "sms", "aws", "kms", "tls", "ips"];
    if let Some((others, one)) = OTHERS.iter().find(|(others, _)| noun.ends_with(others)) {
        return format!("{}{one}", &noun[..noun.len() - others.len()]);
    }
    let stem = match noun.strip_suffix('s') {
        None => return noun.to_owned(),
        Some(_) if SINGULAR.iter().any(|ending| noun.ends_with(ending)) => return noun.to_owned(),
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
        ] {
            assert_eq!(of_function(function), kind, "{function}");
        }
    }

    #[test]
    fn a_member_is_named_like_what_is_in_it() {
        assert_eq!(of_member("MetricAlarms"), "metric_alarm");
        assert_eq!(of_member("UserDetailList"), "user_detail");
        assert_eq!(of_member("Instances"), "instance");
    }

    #[test]
    fn a_plural_asks_for_several() {
        assert!(returns_several("describe_vpcs") && returns_several("list_tags_for_resource"));
        assert!(!returns_several("get_bucket_tagging") && !returns_several("describe_table"));
    }
}
