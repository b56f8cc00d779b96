//! From the names in a spec to the operation they mean.

use std::sync::Arc;

use super::entry::SkipReason;
use super::retired;
use crate::error::Failure;
use crate::model::catalog::read_only::{self, READ_VERBS};
use crate::model::catalog::{Catalog, CatalogError, Function, Service, function_name};
use crate::util::suggest::{did_you_mean, did_you_mean_function};

/// Methods of boto3's clients that call nothing (`botocore/client.py`, `botocore/signers.py`).
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

/// What a service and a function of a spec are.
pub(super) enum Resolved {
    /// An operation that may be called.
    Call(Function),
    /// Something to leave out.
    Skipped {
        /// The function in snake case.
        function: String,
        reason: SkipReason,
    },
    /// Nothing that is known.
    Unknown(UnknownName),
}

/// A name in a spec that nothing has.
pub(super) enum UnknownName {
    /// There is no such service.
    Service(String),
    /// The service has no such function.
    Function(Arc<Service>, String),
}

impl UnknownName {
    /// What to say of it, with the nearest names. Made only when it is shown: to compare a name with all
    /// others takes time.
    pub(super) fn message(&self, catalog: &Catalog) -> String {
        match self {
            Self::Service(service) => no_such_service(catalog, service),
            Self::Function(service, function) => unknown_function(service, function),
        }
    }
}

/// Finds what `function` of `service` means. Functions are read as boto3, the API and the AWS CLI
/// write them: `list_buckets`, `ListBuckets`, `list-buckets`.
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

/// Why a function that the catalog does not have is left out instead of being an error.
fn skipped_function(service: &Service, function: &str) -> Option<SkipReason> {
    let gone = || retired::function(&service.name, function);
    read_only::not_admitted(&service.name)
        .find(|(operation, _)| function_name(operation) == function)
        .map(|(_, effect)| SkipReason::NotARead(effect))
        .or_else(|| if reads(function) { gone() } else { None })
}

/// The failure of a command that was given the name of a service that there is not.
#[must_use]
pub fn unknown_service(catalog: &Catalog, service: &str) -> Failure {
    Failure::usage(no_such_service(catalog, service))
}

fn no_such_service(catalog: &Catalog, service: &str) -> String {
    let names = catalog.entries().iter().map(|entry| entry.name.as_str());
    format!("no service `{service}` with reading functions is known{}", did_you_mean(service, names))
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
        "`{function}` does not read, and scan only reads: it calls functions that begin with list, \
         describe, get, batch_get, search and the like"
    )
}

/// Whether a function's name begins with a verb of reading.
fn reads(function: &str) -> bool {
    READ_VERBS.iter().any(|verb| {
        function
            .strip_prefix(function_name(verb).as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    })
}

/// Whether it begins with a slip for one of the long verbs. The short ones have real neighbours:
/// `put` and `set` are no slips for `get`.
fn nearly_reads(function: &str) -> bool {
    let verb = function.split('_').next().unwrap_or_default();
    // To compare longer words takes time, and they are no slip for any of these.
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

    /// What became of the names: the function that is called, or the message.
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
        assert_eq!(
            outcome("EC2", "describe_instances"),
            "no service `EC2` with reading functions is known; did you mean `ec2`?"
        );
        assert!(outcome("dynamo", "list_tables").contains("did you mean `dynamodb`"));
    }

    #[test]
    fn write_operations_are_refused() {
        for function in ["delete_bucket", "DeleteBucket", "put_bucket_acl", "create_bucket"] {
            assert!(outcome("s3", function).contains("scan only reads"), "{function}");
        }
        assert!(outcome("sqs", "set_queue_attributes").contains("scan only reads"));
    }

    #[test]
    fn helpers_and_retired_functions_are_skipped() {
        for (service, function, reason) in [
            ("s3", "get_paginator", "a helper of boto3, which calls nothing"),
            ("alexaforbusiness", "get_device", "AWS has retired the service"),
            ("alexaforbusiness", "get_waiter", "a helper of boto3, which calls nothing"),
            ("chime", "list_meetings", "AWS has retired the function"),
            ("sdb", "list_domains", "the service wants requests signed with the outdated version 2"),
            ("waf", "get_change_token", "named like a read, but it creates a token for a change"),
            ("sts", "get_session_token", "not for an inventory: credential: AWS credentials"),
        ] {
            assert_eq!(outcome(service, function), format!("{function} skipped: {reason}"));
        }
    }
}
