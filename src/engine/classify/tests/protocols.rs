//! Tests of errors as AWS sends them, in every protocol.

use super::{CATALOG, answer, status};
use crate::aws::client::CallError;
use crate::engine::classify::{RegionState, classify};
use crate::model::protocol::decode_error;
use crate::run::{DeniedBy, Status};

/// A response as sent by AWS: service, status, headers, body.
type Wire = (&'static str, u16, &'static [(&'static str, &'static str)], &'static str);

fn from_wire((service, status, headers, body): Wire) -> CallError {
    let service = CATALOG.service(service).expect("loads").expect("exists");
    let fault = decode_error(&service, status, headers, body.as_bytes());
    CallError { status: Some(status), ..answer(&fault.code, &fault.message) }
}

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
