use super::codes::CODES;
use super::wordings::TABLES;
use super::{ErrorMeaning, ErrorResponse, Retry, decide, retry};

fn meaning(service: &str, code: &str, message: &str) -> ErrorMeaning {
    decide(&ErrorResponse { service, code, message, ..ErrorResponse::default() }).meaning
}

fn response<'error>(code: &'error str, message: &'error str, status: u16) -> ErrorResponse<'error> {
    ErrorResponse { code, message, status: Some(status), ..ErrorResponse::default() }
}

#[test]
fn no_code_has_two_meanings() {
    for pair in CODES.windows(2) {
        assert!(pair[0].0 < pair[1].0, "{} and {} are not in order, or are the same", pair[0].0, pair[1].0);
    }
    for row in TABLES.iter().copied().flatten() {
        assert!(
            !(row.services.is_empty() && row.words.is_empty()),
            "a wording of all services without words is a second meaning of {:?}",
            row.codes
        );
        assert!(!row.source.is_empty(), "{:?} has no source", row.words);
    }
    for (code, _, source) in CODES {
        assert!(!source.is_empty(), "{code} has no source");
    }
}

#[test]
fn words_of_the_tables_are_folded() {
    for row in TABLES.iter().copied().flatten() {
        for words in row.words {
            let words = words.strip_prefix('=').unwrap_or(words);
            assert_eq!(super::fold(words), *words, "no message can contain this");
        }
    }
}

#[test]
fn every_row_decides_what_it_says_and_is_hidden_by_none() {
    for row in TABLES.iter().copied().flatten() {
        let service = row.services.first().copied().unwrap_or("sqs");
        let function = row.functions.first().copied().unwrap_or("list_everything");
        let code = row.codes.first().copied().unwrap_or("AccessDeniedException");
        for words in if row.words.is_empty() { &["no"][..] } else { row.words } {
            let whole = words.strip_prefix('=');
            let message = whole.map_or_else(|| format!("Sorry: {words} here."), str::to_owned);
            let decision =
                decide(&ErrorResponse { service, function, code, message: &message, status: None });
            assert_eq!(decision.meaning, row.meaning, "{service} {code}: {message}");
        }
    }
}

#[test]
fn a_policy_that_is_named_is_never_anything_else() {
    let denial = "User: arn:aws:sts::123456789012:assumed-role/Audit/scan is not authorized to perform: \
                  macie2:ListFindings on resource: * ";
    for reason in [
        "because no identity-based policy allows the macie2:ListFindings action",
        "with an explicit deny in a service control policy",
        "; note that Macie is not enabled in this account",
        "(Your organization must first enable trusted access with AWS Account Management.)",
    ] {
        for code in ["AccessDeniedException", "ValidationException", "ResourceNotFoundException"] {
            assert_eq!(
                meaning("macie2", code, &format!("{denial}{reason}")),
                ErrorMeaning::Denied,
                "{reason}"
            );
        }
    }
}

#[test]
fn throttled_requests_are_retried() {
    for (code, message, status) in [
        ("429", "Too Many Requests", 429),
        ("SomethingNew", "", 429),
        ("ActivityLimitExceeded", "no", 429),
        ("AccessDeniedException", "", 429),
        ("509", "", 509),
        ("Throttled", "no", 400),
        ("ThrottlingException.TooMany", "no", 400),
        ("TooManyRequestsFault", "no", 400),
        ("Client.RequestLimitExceeded", "Request limit exceeded.", 503),
        ("InternalFailure", "Rate exceeded", 400),
        ("ServerException", "Too many requests, please try again", 400),
        ("ServiceUnavailable", "Please reduce your request rate.", 503),
        ("ValidationException", "Rate exceeded", 400),
        ("LimitExceededException", "Rate exceeded for logs", 400),
        ("LimitExceededException", "", 400),
    ] {
        let response = response(code, message, status);
        assert_eq!(decide(&response).meaning, ErrorMeaning::Throttled, "{code}@{status}: {message}");
        assert_eq!(retry(&response), Some(Retry::Throttled), "{code}@{status}: {message}");
    }
}

/// A quota of resources is no throttling, but retried as boto3 does.
#[test]
fn resource_quota_is_retried_but_no_throttling() {
    let message = "You have reached the maximum number of resources that can be created.";
    let response = response("LimitExceededException", message, 400);
    assert_eq!(decide(&response).meaning, ErrorMeaning::Failure);
    assert_eq!(retry(&response), Some(Retry::Throttled));
}

#[test]
fn service_failure_is_retried_and_other_errors_are_not() {
    for (code, status) in [
        ("InternalFailure", 500),
        ("InternalServerException", 400),
        ("ServiceUnavailable", 400),
        ("RequestTimeout", 400),
        ("RequestTimeoutException", 408),
        ("SomethingNew", 502),
        ("504", 504),
        ("ReplicatedWriteConflictException", 409),
        ("BadDigest", 400),
        ("IDPCommunicationError", 400),
    ] {
        assert_eq!(retry(&response(code, "", status)), Some(Retry::Transient), "{code}@{status}");
    }
    for code in
        ["AccessDenied", "ValidationException", "ResourceNotFoundException", "ExpiredToken", "InvalidAction"]
    {
        assert_eq!(retry(&response(code, "", 400)), None, "{code}");
    }
}

/// A disabled key or another disabled feature does not mean that the service is not enabled.
#[test]
fn disabled_key_does_not_mean_service_not_enabled() {
    for (service, code, message) in [
        ("s3", "KMS.DisabledException", "The KMS key arn:aws:kms:eu-west-1:1:key/a is not enabled."),
        ("kms", "DisabledException", "arn:aws:kms:us-east-1:111111111111:key/k is disabled."),
        ("dynamodb", "ValidationException", "Streams are not enabled for this table."),
        ("ec2", "InvalidParameterValue", "DNS hostnames must be enabled"),
        ("rds", "InvalidParameterCombination", "Performance Insights is not enabled on the instance"),
        ("iam", "AccessDenied", "MFA is not enabled for this account"),
    ] {
        let meaning = meaning(service, code, message);
        assert!(
            matches!(meaning, ErrorMeaning::Failure | ErrorMeaning::Denied),
            "{code}: {message}: {meaning:?}"
        );
    }
}
