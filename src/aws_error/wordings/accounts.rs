//! Accounts with problems: not signed up, not verified, blocked, suspended.

use super::WordingRow;
use crate::aws_error::ErrorMeaning;

pub(super) const ROWS: &[WordingRow] = &[
    WordingRow {
        services: &[],
        functions: &[],
        codes: &["OptInRequired"],
        words: &["needs a subscription for the service"],
        meaning: ErrorMeaning::OptInRequired,
        remedy: "",
        source: "docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html (OptInRequired)",
    },
    WordingRow {
        services: &[],
        functions: &[],
        codes: &[],
        words: &[
            "needs a subscription for the service",
            "account is currently blocked",
            "account has been blocked",
            "account has been suspended",
            "account is suspended",
            "account is closed",
            "account has been closed",
            "problem with your aws account",
            "payment instrument",
            "not signed up for the amazon s3 service",
            "request for accessing resources in this region is being validated",
        ],
        meaning: ErrorMeaning::AccountProblem,
        remedy: "",
        source: "docs.aws.amazon.com/ec2/latest/devguide/ec2-api-errorcodes.html (Blocked, PendingVerification); docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (AccountProblem, NotSignedUp)",
    },
];
