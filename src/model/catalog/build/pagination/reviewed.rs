//! Reviewed tables of pagination facts that the models do not contain. Every row is about one operation and has a
//! source; "model" is the documentation in botocore's `service-2.json`.

use super::PaginatedOperation;
use crate::model::catalog::{MemberPath, ShapeKind};

/// An operation that counts pages or items instead of returning tokens.
pub(super) struct Numbered {
    pub(super) service: &'static str,
    pub(super) operation: &'static str,
    /// The request member that takes the number.
    pub(super) input: &'static str,
    pub(super) counts_pages: bool,
    /// The response member with the number of items.
    pub(super) total: &'static str,
    pub(super) result: &'static str,
    pub(super) limit: &'static str,
}

/// The operations that count (model, `PageNumber` and `TotalNumberOfResults`; `start` and `hits.found`).
pub(super) const NUMBERED: [Numbered; 2] = [
    Numbered {
        service: "kendra",
        operation: "Query",
        input: "PageNumber",
        counts_pages: true,
        total: "TotalNumberOfResults",
        result: "ResultItems",
        limit: "PageSize",
    },
    Numbered {
        service: "cloudsearchdomain",
        operation: "Search",
        input: "start",
        counts_pages: false,
        total: "hits.found",
        result: "hits.hit",
        limit: "size",
    },
];

/// Operations whose responses always have a next page: they read a stream that grows, and the iterator of a shard
/// ends only with the shard (model, `NextShardIterator`). One response contains the current records.
const WITHOUT_END: &[(&str, &str)] =
    &[("dynamodbstreams", "GetRecords"), ("keyspacesstreams", "GetRecords"), ("kinesis", "GetRecords")];

/// Lists and maps that are the same on every page: service, operation, path, and the subject of the list or map
/// (or of everything in the structure), which is the whole response.
const ECHOED: &[(&str, &str, &str, &str)] = &[
    ("arc-region-switch", "GetPlanExecution", "generatedReportDetails", "the execution (model)"),
    ("arc-region-switch", "GetPlanExecution", "plan", "the plan (model)"),
    ("athena", "GetQueryResults", "ResultSet.ResultSetMetadata", "the columns (model)"),
    (
        "budgets",
        "DescribeBudgetPerformanceHistory",
        "BudgetPerformanceHistory.CostFilters",
        "the budget (model)",
    ),
    (
        "budgets",
        "DescribeBudgetPerformanceHistory",
        "BudgetPerformanceHistory.FilterExpression",
        "the budget (model)",
    ),
    ("ce", "GetCostAndUsage", "GroupDefinitions", "the request (model)"),
    ("ce", "GetCostAndUsageWithResources", "GroupDefinitions", "the request (model)"),
    ("ce", "GetCostAndUsageComparisons", "TotalCostAndUsage", "the sum over all pages (model)"),
    ("cloudformation", "DescribeChangeSet", "Capabilities", "the change set (model)"),
    ("cloudformation", "DescribeChangeSet", "NotificationARNs", "the change set (model)"),
    ("cloudformation", "DescribeChangeSet", "Parameters", "the change set (model)"),
    ("cloudformation", "DescribeChangeSet", "RollbackConfiguration", "the change set (model)"),
    ("cloudformation", "DescribeChangeSet", "Tags", "the change set (model)"),
    ("datazone", "SearchListings", "aggregates", "all results (model)"),
    ("devops-guru", "GetCostEstimation", "ResourceCollection", "the estimate (model)"),
    ("dynamodb", "Query", "ConsumedCapacity", "the capacity used by a request (model)"),
    ("dynamodb", "Scan", "ConsumedCapacity", "the capacity used by a request (model)"),
    ("dynamodbstreams", "DescribeStream", "StreamDescription.KeySchema", "the table (model)"),
    ("ecr", "DescribeImageScanFindings", "imageScanFindings.findingSeverityCounts", "all findings (model)"),
    ("ecr", "GetLifecyclePolicyPreview", "summary", "all images (model)"),
    ("emr", "DescribeReleaseLabel", "AvailableOSReleases", "the release (model)"),
    ("firehose", "DescribeDeliveryStream", "DeliveryStreamDescription.Source", "the stream (model)"),
    ("internetmonitor", "GetQueryResults", "Fields", "the columns (model)"),
    ("kendra", "GetSnapshots", "SnapshotsDataHeader", "the columns (model)"),
    ("kinesis", "DescribeStream", "StreamDescription.EnhancedMonitoring", "the stream (model)"),
    ("migrationhubstrategy", "GetServerDetails", "serverDetail", "the server (model)"),
    ("mturk", "ListReviewPolicyResultsForHIT", "AssignmentReviewPolicy", "the HIT (model)"),
    ("mturk", "ListReviewPolicyResultsForHIT", "HITReviewPolicy", "the HIT (model)"),
    ("pi", "DescribeDimensionKeys", "PartitionKeys", "the columns (model)"),
    ("redshift-data", "GetStatementResult", "ColumnMetadata", "the columns (model)"),
    ("redshift-data", "GetStatementResultV2", "ColumnMetadata", "the columns (model)"),
    ("rekognition", "GetSegmentDetection", "AudioMetadata", "the video (model)"),
    ("rekognition", "GetSegmentDetection", "SelectedSegmentTypes", "the request (model)"),
    ("rekognition", "GetSegmentDetection", "VideoMetadata", "the video (model)"),
    ("route53-recovery-readiness", "GetReadinessCheckStatus", "Messages", "the readiness check (model)"),
    ("sagemaker", "DescribeEdgeDeploymentPlan", "ModelConfigs", "the plan (model)"),
    ("servicecatalog", "DescribeProvisionedProductPlan", "ProvisionedProductPlanDetails", "the plan (model)"),
    ("servicecatalog", "DescribeRecord", "RecordDetail", "the record (model)"),
    ("servicecatalog-appregistry", "GetAssociatedResource", "options", "the request (model)"),
    ("servicecatalog", "SearchProducts", "ProductViewAggregations", "all results (model)"),
    ("snowball", "ListServiceVersions", "DependentServices", "the request (model)"),
    ("timestream-query", "Query", "ColumnInfo", "the columns (model)"),
    ("timestream-query", "Query", "QueryInsightsResponse", "the query (model)"),
];

/// Results that may be repeated on several pages, as service, operation and path: each distinct one is kept once.
const BESIDE: &[(&str, &str, &str)] = &[
    // Model: the DNS targets of the VPC, beside the domains that come in pages.
    ("apprunner", "DescribeCustomDomains", "VpcDNSTargets"),
    // Model: the names of merged datasets, beside the records that come in pages.
    ("cognito-sync", "ListRecords", "MergedDatasetNames"),
];

/// Results that are not lists but one text per page: service, operation and member.
const TEXTS: &[(&str, &str, &str)] = &[
    // Model: "Details about the attack … in JSON format".
    ("fms", "GetProtectionStatus", "Data"),
];

/// Numbers that count the items of one page, and so are not part of the merged response: model of `cloudfront`
/// (`Quantity`), `mturk` (`NumResults`), `ce` (`ReturnSize`).
const PAGE_COUNTS: [&str; 3] = ["NumResults", "Quantity", "ReturnSize"];

/// Page sizes that are neither the model's maximum nor in the documentation of the limit: service, operation,
/// size, source.
const SIZES: &[(&str, &str, u32, &str)] = &[
    ("connect", "ListDataTablePrimaryValues", 100, "model, text of the operation"),
    // Small quotas apply to requests without `MaxResults`.
    ("ec2", "DescribeInstances", 1000, "docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html"),
    (
        "ec2",
        "DescribeNetworkInterfaces",
        1000,
        "docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html",
    ),
    (
        "ec2",
        "DescribeSecurityGroups",
        1000,
        "docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html",
    ),
    ("ec2", "DescribeSnapshots", 1000, "docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html"),
    ("ec2", "DescribeVolumes", 1000, "docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html"),
    ("kendra", "Query", 100, "model, PageSize"),
    // Buckets are paginated, and have their regions, only when a page size is requested.
    ("s3", "ListBuckets", 1000, "docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html"),
    // "You must set `MaxResults` to receive a value for `NextToken`"; up to 1,000 (model, text of the operation).
    ("sqs", "ListDeadLetterSourceQueues", 1000, "model, text of the operation"),
    ("sqs", "ListQueues", 1000, "model, text of the operation"),
    ("taxsettings", "ListTaxRegistrations", 100, "model, text of the operation"),
];

/// Returns whether the responses of an operation have no last page.
pub(super) fn has_no_end(subject: &PaginatedOperation<'_>) -> bool {
    WITHOUT_END.iter().any(|(service, operation)| is_about(subject, service, operation))
}

/// Returns whether the value at this path is the same on every page.
pub(super) fn is_echo(subject: &PaginatedOperation<'_>, path: &MemberPath) -> bool {
    ECHOED
        .iter()
        .filter(|(service, operation, _, _)| is_about(subject, service, operation))
        .filter_map(|(_, _, echoed, _)| MemberPath::parse(echoed).ok())
        .any(|echoed| path.starts_with(&echoed))
}

/// Returns whether repeated results at this path are kept once.
pub(super) fn is_beside(subject: &PaginatedOperation<'_>, path: &MemberPath) -> bool {
    BESIDE
        .iter()
        .filter(|(service, operation, _)| is_about(subject, service, operation))
        .any(|(_, _, beside)| path.top_level() == Some(beside))
}

/// Returns the member with the results of a response without a list.
pub(super) fn text_of_results(subject: &PaginatedOperation<'_>) -> Option<MemberPath> {
    let (_, _, member) =
        TEXTS.iter().find(|(service, operation, _)| is_about(subject, service, operation))?;
    subject.output.member(member).map(|(_, member)| MemberPath::member(&member.name))
}

/// Returns whether a member of this name counts the items of one page.
pub(super) fn counts_a_page(subject: &PaginatedOperation<'_>, name: &str) -> bool {
    let is_number = || {
        let kind = subject.output.member(name).and_then(|(_, member)| subject.kind(member));
        // Below the top, only CloudFront has one, and it is a number there.
        kind.is_none_or(|kind| matches!(kind, ShapeKind::Integer { .. } | ShapeKind::Long { .. }))
    };
    PAGE_COUNTS.contains(&name) && is_number()
}

/// Returns the page size of an operation with a row.
pub(super) fn page_size(subject: &PaginatedOperation<'_>) -> Option<u32> {
    let row = SIZES.iter().find(|(service, operation, _, _)| is_about(subject, service, operation))?;
    Some(row.2)
}

fn is_about(subject: &PaginatedOperation<'_>, service: &str, operation: &str) -> bool {
    (subject.service, subject.operation) == (service, operation)
}
