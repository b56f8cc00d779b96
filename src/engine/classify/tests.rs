use std::sync::LazyLock;

use serde_json::json;

use super::{RegionState, classify, classify_item, classify_sent};
use crate::aws::client::{CallError, CallErrorKind};
use crate::model::catalog::{Catalog, Function};
use crate::model::protocol::decode_error;
use crate::run::{DeniedBy, Status};

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

/// An item of a list is absent or has vanished; a resource that a spec names is missing.
#[test]
#[expect(clippy::too_many_lines, reason = "a table of functions and what not found means for each")]
fn missing_item_is_absent_or_vanished_or_failed() {
    for (service, function, code, message, parameters, top, child) in [
        (
            "sqs",
            "get_queue_attributes",
            "AWS.SimpleQueueService.NonExistentQueue",
            "The specified queue does not exist.",
            json!({"QueueUrl": "https://sqs/1/a"}),
            Status::Failed,
            Status::Vanished,
        ),
        (
            "s3",
            "get_bucket_tagging",
            "NoSuchBucket",
            "The specified bucket does not exist",
            json!({"Bucket": "logs"}),
            Status::Failed,
            Status::Vanished,
        ),
        (
            "s3",
            "get_bucket_tagging",
            "NoSuchTagSet",
            "The TagSet does not exist",
            json!({"Bucket": "logs"}),
            Status::Empty,
            Status::Empty,
        ),
        (
            "dynamodb",
            "describe_table",
            "ResourceNotFoundException",
            "Requested resource not found: Table: orders not found",
            json!({"TableName": "orders"}),
            Status::Failed,
            Status::Vanished,
        ),
        (
            "lambda",
            "get_policy",
            "ResourceNotFoundException",
            "The resource you requested does not exist.",
            json!({"FunctionName": "pay"}),
            Status::Empty,
            Status::Empty,
        ),
        (
            "lambda",
            "get_policy",
            "ResourceNotFoundException",
            "Function not found: arn:aws:lambda:eu-west-1:123456789012:function:pay",
            json!({"FunctionName": "pay"}),
            Status::Failed,
            Status::Empty,
        ),
        (
            "ecr",
            "get_repository_policy",
            "RepositoryPolicyNotFoundException",
            "Repository policy does not exist",
            json!({"repositoryName": "app"}),
            Status::Empty,
            Status::Empty,
        ),
        (
            "ecr",
            "get_repository_policy",
            "RepositoryNotFoundException",
            "The repository with name 'app' does not exist",
            json!({"repositoryName": "app"}),
            Status::Failed,
            Status::Vanished,
        ),
        (
            "iam",
            "get_user_policy",
            "NoSuchEntity",
            "The user with name alice cannot be found.",
            json!({"UserName": "alice", "PolicyName": "p"}),
            Status::Failed,
            Status::Vanished,
        ),
        (
            "iam",
            "get_login_profile",
            "NoSuchEntity",
            "Login Profile for User alice cannot be found.",
            json!({"UserName": "alice"}),
            Status::Empty,
            Status::Empty,
        ),
        (
            "iam",
            "get_account_password_policy",
            "NoSuchEntity",
            "The Password Policy with domain name 123456789012 cannot be found.",
            json!({}),
            Status::Empty,
            Status::Empty,
        ),
        (
            "cloudformation",
            "describe_stack_resources",
            "ValidationError",
            "Stack with id orders does not exist",
            json!({"StackName": "orders"}),
            Status::Failed,
            Status::Vanished,
        ),
        (
            "elasticbeanstalk",
            "describe_environment_resources",
            "InvalidParameterValue",
            "No Environment found for EnvironmentName = 'web'.",
            json!({"EnvironmentName": "web"}),
            Status::Failed,
            Status::Vanished,
        ),
        (
            "elasticbeanstalk",
            "describe_environment_resources",
            "InvalidParameterValue",
            "The role for the export does not exist",
            json!({"EnvironmentName": "web"}),
            Status::Failed,
            Status::Failed,
        ),
        (
            "ec2",
            "describe_instance_attribute",
            "InvalidInstanceID.NotFound",
            "The instance ID 'i-1' does not exist",
            json!({"InstanceId": "i-1", "Attribute": "userData"}),
            Status::Failed,
            Status::Vanished,
        ),
        (
            "ec2",
            "describe_image_attribute",
            "InvalidAMIID.Unavailable",
            "The image ID 'ami-1' is no longer available",
            json!({"ImageId": "ami-1", "Attribute": "launchPermission"}),
            Status::Failed,
            Status::Vanished,
        ),
        // Without a parameter, the function uses the default cluster, which may not exist.
        (
            "ecs",
            "list_services",
            "ClusterNotFoundException",
            "Cluster not found.",
            json!({"cluster": "web"}),
            Status::Failed,
            Status::Vanished,
        ),
        (
            "ecs",
            "list_tasks",
            "ClusterNotFoundException",
            "Cluster not found.",
            json!({"serviceName": "shop"}),
            Status::Failed,
            Status::Vanished,
        ),
        (
            "ecs",
            "list_tasks",
            "ClusterNotFoundException",
            "Cluster not found.",
            json!({}),
            Status::Empty,
            Status::Empty,
        ),
        (
            "glue",
            "get_table",
            "AccessDeniedException",
            "Access denied",
            json!({"Name": "t"}),
            Status::Denied,
            Status::Denied,
        ),
    ] {
        let error = of(service, function, answer(code, message));
        let parameters = parameters.as_object().cloned().unwrap_or_default();
        let sent = classify_sent(&error, RegionState::Enabled, &parameters);
        assert_eq!(sent.status, top, "{service} {function} {code}: {message}");
        let item = classify_item(&error, RegionState::Enabled, &parameters);
        assert_eq!(item.status, child, "{service} {function} {code}: {message}");
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

/// A response as sent by AWS: service, status, headers, body.
type Wire = (&'static str, u16, &'static [(&'static str, &'static str)], &'static str);

fn from_wire((service, status, headers, body): Wire) -> CallError {
    let service = CATALOG.service(service).expect("loads").expect("exists");
    let fault = decode_error(&service, status, headers, body.as_bytes());
    CallError { status: Some(status), ..answer(&fault.code, &fault.message) }
}

static CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| Catalog::embedded().expect("the embedded catalog opens"));

#[test]
fn refusals_of_all_protocols_are_understood() {
    let denied: [(Wire, DeniedBy); 8] = [
        (
            (
                "ec2",
                403,
                &[],
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>UnauthorizedOperation\
                 </Code><Message>You are not authorized to perform this operation. User: \
                 arn:aws:sts::123456789012:assumed-role/Audit/scan is not authorized to perform: \
                 ec2:DescribeInstances with an explicit deny in a service control policy</Message></Error></Errors>\
                 <RequestID>4a1c7b0d-0000-4e5b-8a2c-111111111111</RequestID></Response>",
            ),
            DeniedBy::Scp,
        ),
        (
            (
                "ec2",
                403,
                &[],
                "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized to \
                 perform this operation. Encoded authorization failure message: AbCdEf</Message></Error></Errors>\
                 <RequestID>x</RequestID></Response>",
            ),
            DeniedBy::Unknown,
        ),
        (
            (
                "rds",
                403,
                &[],
                "<ErrorResponse xmlns=\"http://rds.amazonaws.com/doc/2014-10-31/\"><Error><Type>Sender</Type>\
                 <Code>AccessDenied</Code><Message>User: arn:aws:sts::123456789012:assumed-role/Audit/scan is not \
                 authorized to perform: rds:DescribeDBInstances on resource: \
                 arn:aws:rds:eu-west-1:123456789012:db:* because no permissions boundary allows the \
                 rds:DescribeDBInstances action</Message></Error><RequestId>x</RequestId></ErrorResponse>",
            ),
            DeniedBy::Boundary,
        ),
        (
            (
                "dynamodb",
                400,
                &[],
                "{\"__type\":\"com.amazon.coral.service#AccessDeniedException\",\"Message\":\"User: \
                 arn:aws:sts::123456789012:assumed-role/Audit/scan is not authorized to perform: \
                 dynamodb:ListTables on resource: arn:aws:dynamodb:eu-west-1:123456789012:table/* because no \
                 session policy allows the dynamodb:ListTables action\"}",
            ),
            DeniedBy::SessionPolicy,
        ),
        (
            (
                "lambda",
                403,
                &[(
                    "x-amzn-errortype",
                    "AccessDeniedException:http://internal.amazon.com/coral/com.amazon.coral/",
                )],
                "{\"Message\":\"User: arn:aws:sts::123456789012:assumed-role/Audit/scan is not authorized to \
                 perform: lambda:ListFunctions on resource: * because no identity-based policy allows the \
                 lambda:ListFunctions action\"}",
            ),
            DeniedBy::Iam,
        ),
        (
            ("apigateway", 403, &[("x-amzn-errortype", "ForbiddenException")], "{\"message\":null}"),
            DeniedBy::Unknown,
        ),
        (
            (
                "s3",
                403,
                &[],
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied\
                 </Message><RequestId>A</RequestId><HostId>B</HostId></Error>",
            ),
            DeniedBy::Unknown,
        ),
        (("kms", 403, &[], ""), DeniedBy::Unknown),
    ];
    for (wire, by) in denied {
        let outcome = classify(&from_wire(wire), RegionState::Enabled);
        assert_eq!((outcome.status, outcome.denied_by), (Status::Denied, Some(by)), "{wire:?}");
    }
}

/// All other errors of services are classified in every protocol.
#[test]
fn classify_reads_remaining_errors_in_all_protocols() {
    let answers: [(Wire, Status); 12] = [
        (
            (
                "ec2",
                503,
                &[],
                "<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>Request limit exceeded.</Message>\
                 </Error></Errors><RequestID>x</RequestID></Response>",
            ),
            Status::Throttled,
        ),
        (
            (
                "iam",
                400,
                &[],
                "<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender</Type>\
                 <Code>Throttling</Code><Message>Rate exceeded</Message></Error><RequestId>x</RequestId>\
                 </ErrorResponse>",
            ),
            Status::Throttled,
        ),
        (
            ("ssm", 400, &[], "{\"__type\":\"ThrottlingException\",\"message\":\"Rate exceeded\"}"),
            Status::Throttled,
        ),
        (
            (
                "lambda",
                429,
                &[("x-amzn-errortype", "TooManyRequestsException")],
                "{\"Reason\":\"CallerRateLimitExceeded\",\"Type\":\"User\",\"message\":\"Rate exceeded\"}",
            ),
            Status::Throttled,
        ),
        (
            (
                "s3",
                503,
                &[],
                "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>",
            ),
            Status::Throttled,
        ),
        (("eks", 429, &[], "<html><body>Too many requests</body></html>"), Status::Throttled),
        (
            (
                "sqs",
                400,
                &[],
                "{\"__type\":\"com.amazonaws.sqs#ExpiredToken\",\"message\":\"The security token included in the \
                 request is expired\"}",
            ),
            Status::Expired,
        ),
        (
            (
                "s3",
                400,
                &[],
                "<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message>\
                 <Token-0>t</Token-0></Error>",
            ),
            Status::Expired,
        ),
        (
            (
                "route53",
                400,
                &[],
                "<ErrorResponse xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><Error><Type>Sender</Type>\
                 <Code>ExpiredToken</Code><Message>expired</Message></Error><RequestId>x</RequestId></ErrorResponse>",
            ),
            Status::Expired,
        ),
        (
            (
                "s3",
                404,
                &[],
                "<Error><Code>NoSuchTagSet</Code><Message>The TagSet does not exist</Message></Error>",
            ),
            Status::Empty,
        ),
        (
            ("dynamodb", 400, &[], "{\"__type\":\"com.amazon.coral.service#UnknownOperationException\"}"),
            Status::NotAvailable,
        ),
        (("kms", 502, &[], "<html><body>Bad gateway</body></html>"), Status::Failed),
    ];
    for (wire, expected) in answers {
        assert_eq!(status(&from_wire(wire)), expected, "{wire:?}");
    }
}
