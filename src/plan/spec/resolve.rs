//! Resolves the names in a spec to operations of the catalog.

use std::sync::Arc;

use super::entry::SkipReason;
use super::retired;
use crate::error::Failure;
use crate::model::catalog::read_only::{self, READ_VERBS};
use crate::model::catalog::{Catalog, CatalogError, Function, Service, function_name};
use crate::util::suggest::{did_you_mean, did_you_mean_function};

/// Methods of boto3's clients that send no request (`botocore/client.py`, `botocore/signers.py`).
const HELPERS: [&str; 8] = [
    "can_paginate",
    "close",
    "generate_db_auth_token",
    "generate_presigned_post",
    "generate_presigned_url",
    "get_available_subresources",
    "get_paginator",
    "get_waiter",
];

/// The result of resolving a service and a function of a spec.
pub(super) enum Resolved {
    /// An operation that may be called.
    Call(Function),
    /// A function that is skipped.
    Skipped {
        /// The function in snake case.
        function: String,
        reason: SkipReason,
    },
    /// A name that is not known.
    Unknown(UnknownName),
}

/// A name in a spec that does not exist.
pub(super) enum UnknownName {
    /// There is no such service.
    Service(String),
    /// The service has no such function.
    Function(Arc<Service>, String),
}

impl UnknownName {
    /// Returns the error message, with the nearest names. It is only built when it is shown, because comparing a
    /// name with all others takes time.
    pub(super) fn message(&self, catalog: &Catalog) -> String {
        match self {
            Self::Service(service) => no_such_service(catalog, service),
            Self::Function(service, function) => unknown_function(service, function),
        }
    }
}

/// Resolves `function` of `service`. Functions are accepted in the spellings of boto3, the API and the AWS CLI:
/// `list_buckets`, `ListBuckets`, `list-buckets`.
pub(super) fn resolve(catalog: &Catalog, service: &str, function: &str) -> Result<Resolved, CatalogError> {
    let function = snake_case(function);
    let model = catalog.service(service)?;
    if HELPERS.contains(&&*function) {
        return Ok(Resolved::Skipped { function, reason: SkipReason::Helper });
    }
    let Some(model) = model else {
        return Ok(match retired::service(service) {
            Some(reason) => Resolved::Skipped { function, reason },
            None => Resolved::Unknown(UnknownName::Service(service.to_owned())),
        });
    };
    let Some(found) = Function::find(&model, &function) else {
        return Ok(match skipped_function(&model, &function) {
            Some(reason) => Resolved::Skipped { function, reason },
            None => Resolved::Unknown(UnknownName::Function(model, function)),
        });
    };
    Ok(match catalog.denial(&found) {
        Some(denial) => Resolved::Skipped { function, reason: SkipReason::Denied(denial) },
        None => Resolved::Call(found),
    })
}

fn snake_case(function: &str) -> String {
    let function = function.trim();
    if function.contains(|letter: char| letter.is_ascii_uppercase()) {
        function_name(function)
    } else {
        function.replace('-', "_")
    }
}

/// Returns why a function that is not in the catalog is skipped instead of reported as an error.
fn skipped_function(service: &Service, function: &str) -> Option<SkipReason> {
    let retired = || retired::function(&service.name, function);
    read_only::not_admitted(&service.name)
        .find(|(operation, _)| function_name(operation) == function)
        .map(|(_, effect)| SkipReason::NotARead(effect))
        .or_else(|| if reads(function) { retired() } else { None })
}

/// Returns the failure for a command that was given the name of a service that does not exist.
#[must_use]
pub fn unknown_service(catalog: &Catalog, service: &str) -> Failure {
    Failure::usage(no_such_service(catalog, service))
}

fn no_such_service(catalog: &Catalog, service: &str) -> String {
    let names = catalog.entries().iter().map(|entry| entry.name.as_str());
    format!("unknown service `{service}`{}", did_you_mean(service, names))
}

fn unknown_function(service: &Service, function: &str) -> String {
    let names = service.operations.iter().map(|operation| &*operation.function);
    if reads(function) || nearly_reads(function) {
        return format!(
            "{} has no function `{function}`{}",
            service.name,
            did_you_mean_function(function, names)
        );
    }
    format!(
        "`{function}` is not a read operation; scan only calls read operations: functions that start \
         with list, describe, get, batch_get, search and similar verbs"
    )
}

/// Returns whether a function's name starts with a read verb.
fn reads(function: &str) -> bool {
    READ_VERBS.iter().any(|verb| {
        function
            .strip_prefix(function_name(verb).as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    })
}

/// Returns whether a function's name starts with a typo of one of the long verbs. The short verbs have real
/// neighbours: `put` and `set` are not typos of `get`.
fn nearly_reads(function: &str) -> bool {
    let verb = function.split('_').next().unwrap_or_default();
    // Comparing longer words takes time, and they are not typos of any of these.
    if verb.len() > 16 {
        return false;
    }
    let near = |right, distance| strsim::damerau_levenshtein(verb, right) <= distance;
    near("describe", 3) || near("list", 1) || near("search", 1) || near("lookup", 1)
}

#[cfg(test)]
mod tests {
    use super::{Resolved, resolve};
    use crate::model::catalog::Catalog;

    /// Returns the result of resolving the names: the function that is called, or the message.
    fn outcome(service: &str, function: &str) -> String {
        let catalog = Catalog::embedded().expect("a catalog");
        match resolve(&catalog, service, function).expect("a catalog in order") {
            Resolved::Call(function) => function.name().to_owned(),
            Resolved::Skipped { function, reason, .. } => format!("{function} skipped: {reason}"),
            Resolved::Unknown(name) => name.message(&catalog),
        }
    }

    #[test]
    fn functions_are_read_in_three_spellings() {
        for function in ["list_buckets", "ListBuckets", "list-buckets", " list_buckets "] {
            assert_eq!(outcome("s3", function), "list_buckets");
        }
        assert_eq!(outcome("s3", "ListObjectsV2"), "list_objects_v2");
    }

    #[test]
    fn wrong_names_are_told_the_nearest() {
        assert_eq!(
            outcome("ec2", "describe_instance"),
            "ec2 has no function `describe_instance`; did you mean `describe_instances`?"
        );
        assert_eq!(
            outcome("ec2", "descirbe_vpcs"),
            "ec2 has no function `descirbe_vpcs`; did you mean `describe_vpcs`?"
        );
        assert_eq!(outcome("EC2", "describe_instances"), "unknown service `EC2`; did you mean `ec2`?");
        assert!(outcome("dynamo", "list_tables").contains("did you mean `dynamodb`"));
    }

    #[test]
    fn write_operations_are_refused() {
        for function in ["delete_bucket", "DeleteBucket", "put_bucket_acl", "create_bucket"] {
            assert!(outcome("s3", function).contains("scan only calls read operations"), "{function}");
        }
        assert!(outcome("sqs", "set_queue_attributes").contains("scan only calls read operations"));
    }

    #[test]
    fn helpers_and_retired_functions_are_skipped() {
        for (service, function, reason) in [
            ("s3", "get_paginator", "a helper method of boto3, not an API call"),
            ("alexaforbusiness", "get_device", "AWS has retired the service"),
            ("alexaforbusiness", "get_waiter", "a helper method of boto3, not an API call"),
            ("chime", "list_meetings", "AWS has retired the function"),
            ("sdb", "list_domains", "the service only supports the outdated signature version 2"),
            ("waf", "get_change_token", "not a read operation: it creates a token for a change"),
            ("sts", "get_session_token", "excluded from inventories: credential: AWS credentials"),
        ] {
            assert_eq!(outcome(service, function), format!("{function} skipped: {reason}"));
        }
    }
}
