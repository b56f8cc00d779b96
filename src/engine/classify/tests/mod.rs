//! Tests of the meaning of errors.

mod missing_items;
mod protocols;

use std::sync::LazyLock;

use super::{RegionState, classify};
use crate::aws::client::{CallError, CallErrorKind};
use crate::model::catalog::{Catalog, Function};
use crate::run::{DeniedBy, Status};

static CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| Catalog::embedded().expect("the embedded catalog opens"));

fn answer(code: &str, message: &str) -> CallError {
    CallError { code: Some(code.to_owned()), ..CallError::new(CallErrorKind::Service, message) }
}

/// Returns the error as the response to a function.
fn of(service: &str, function: &str, error: CallError) -> CallError {
    let service = CATALOG.service(service).expect("loads").expect("exists");
    CallError { function: Function::find(&service, function).map(Box::new), ..error }
}

fn status(error: &CallError) -> Status {
    classify(error, RegionState::Enabled).status
}

#[test]
fn denials_name_who_refused() {
    let who = "User: arn:aws:sts::123456789012:assumed-role/Audit/scan is not authorized to perform: ";
    for (reason, by) in [
        ("ec2:DescribeInstances with an explicit deny in a service control policy", DeniedBy::Scp),
        (
            "ec2:DescribeInstances because no service control policy allows the ec2:DescribeInstances action",
            DeniedBy::Scp,
        ),
        (
            "sqs:ListQueues because no session policy allows the sqs:ListQueues action",
            DeniedBy::SessionPolicy,
        ),
        ("sqs:ListQueues with an explicit deny in a session policy", DeniedBy::SessionPolicy),
        (
            "sqs:ListQueues because no permissions boundary allows the sqs:ListQueues action",
            DeniedBy::Boundary,
        ),
        (
            "kms:DescribeKey because no resource-based policy allows the kms:DescribeKey action",
            DeniedBy::ResourcePolicy,
        ),
        ("s3:ListBucket with an explicit deny in a resource control policy", DeniedBy::ResourcePolicy),
        ("s3:ListBucket with an explicit deny in a VPC endpoint policy", DeniedBy::ResourcePolicy),
        ("iam:ListUsers because no identity-based policy allows the iam:ListUsers action", DeniedBy::Iam),
        ("iam:ListUsers with an explicit deny in an identity-based policy", DeniedBy::Iam),
        ("iam:ListUsers", DeniedBy::Iam),
    ] {
        let outcome = classify(&answer("AccessDenied", &format!("{who}{reason}")), RegionState::Enabled);
        assert_eq!((outcome.status, outcome.denied_by), (Status::Denied, Some(by)), "{reason}");
    }
    let silent = classify(&answer("AccessDenied", "Access Denied"), RegionState::Enabled);
    assert_eq!(silent.denied_by, Some(DeniedBy::Unknown));
}

#[test]
fn each_code_has_its_meaning() {
    for (code, message, expected) in [
        ("OptInRequired", "You are not subscribed to this service.", Status::Failed),
        ("PendingVerification", "Your request is being validated.", Status::Failed),
        ("ExpiredToken", "The security token included in the request is expired", Status::Expired),
        ("RequestExpired", "Request has expired.", Status::Expired),
        ("ThrottlingException", "Rate exceeded", Status::Throttled),
        ("RequestLimitExceeded", "Request limit exceeded.", Status::Throttled),
        ("ServiceUnavailable", "Please reduce your request rate.", Status::Throttled),
        ("ServiceUnavailable", "Service is unable to handle request.", Status::Failed),
        ("UnauthorizedOperation", "You are not authorized to perform this operation.", Status::Denied),
        ("ForbiddenException", "", Status::Denied),
        ("UnknownOperationException", "", Status::NotAvailable),
        ("InvalidAction", "The action DescribeX is not valid for this web service.", Status::NotAvailable),
        ("BadRequestException", "This feature is no longer available.", Status::NotAvailable),
        ("SomethingNew", "AWS OpsWorks Stacks has reached End of Support", Status::NotAvailable),
        ("SubscriptionRequiredException", "Premium Support Subscription is required", Status::NotEnabled),
        ("NoSuchTagSet", "The TagSet does not exist", Status::Empty),
        ("ValidationException", "1 validation error detected", Status::Failed),
        ("", "", Status::Failed),
    ] {
        assert_eq!(status(&answer(code, message)), expected, "{code}: {message}");
    }
}

#[test]
fn a_service_that_is_not_enabled_is_no_denial() {
    for (service, function, code, message) in [
        ("macie2", "list_findings", "AccessDeniedException", "Macie is not enabled."),
        ("macie2", "list_findings", "AccessDeniedException", "Macie isn\u{2019}t enabled."),
        (
            "auditmanager",
            "list_controls",
            "AccessDeniedException",
            "Please complete AWS Audit Manager setup from home page to enable this action in this account.",
        ),
        (
            "securityhub",
            "get_findings",
            "InvalidAccessException",
            "Account 123456789012 is not subscribed to AWS Security Hub",
        ),
        ("shield", "describe_subscription", "ResourceNotFoundException", "The subscription does not exist."),
    ] {
        let error = of(service, function, answer(code, message));
        assert_eq!(status(&error), Status::NotEnabled, "{code}: {message}");
    }
    let denied = "User: arn:aws:iam::123456789012:user/a is not authorized to perform: macie2:ListFindings";
    let denied = of("macie2", "list_findings", answer("AccessDeniedException", denied));
    assert_eq!(status(&denied), Status::Denied);
}

#[test]
fn only_a_region_that_may_be_disabled_is_called_disabled() {
    for (code, message) in [
        (
            "OptInRequired",
            "You are not subscribed to this service. Please go to http://aws.amazon.com to subscribe.",
        ),
        ("OptInRequired", "The AWS Access Key Id needs a subscription for the service"),
        ("RegionDisabledException", "STS is not activated in this region"),
    ] {
        let error = answer(code, message);
        assert_eq!(
            classify(&error, RegionState::Unknown).status,
            Status::RegionDisabled,
            "{code}: {message}"
        );
        assert_eq!(classify(&error, RegionState::Enabled).status, Status::Failed, "{code}: {message}");
    }
}

/// An unknown key means a disabled region only where the region may be disabled.
#[test]
fn unknown_key_means_disabled_region_unless_enabled() {
    for code in ["UnrecognizedClientException", "InvalidClientTokenId", "AuthFailure"] {
        let error = answer(code, "The security token included in the request is invalid.");
        assert_eq!(classify(&error, RegionState::Unknown).status, Status::RegionDisabled, "{code}");
        assert_eq!(classify(&error, RegionState::Enabled).status, Status::Expired, "{code}");
    }
}

#[test]
fn no_connection_is_never_an_absence_by_itself() {
    for cause in [
        "io error: dns error: failed to lookup address information: Name or service not known",
        "io error: dns error: failed to lookup address information: Temporary failure in name resolution",
        "tcp connect error: Connection refused",
        "invalid peer certificate: certificate not valid for name",
    ] {
        let error = CallError::new(CallErrorKind::Connection, cause);
        assert_eq!(status(&error), Status::Unreachable, "{cause}");
    }
    assert_eq!(status(&CallError::new(CallErrorKind::Timeout, "timed out")), Status::Unreachable);
}

#[test]
fn a_wrong_configuration_is_a_failure_and_no_absence() {
    let message = "FIPS is enabled but this partition does not support FIPS";
    assert_eq!(status(&CallError::new(CallErrorKind::Endpoint, message)), Status::Failed);
}
