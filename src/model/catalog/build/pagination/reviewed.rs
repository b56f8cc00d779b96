//! What the models do not say about pages. Every row is about one operation and says where it is from;
//! "model" is the documentation in botocore's `service-2.json`.

use super::PaginatedOperation;
use crate::model::catalog::{MemberPath, ShapeKind};

/// An operation that counts pages or items instead of handing out tokens.
pub(super) struct Numbered {
    pub(super) service: &'static str,
    pub(super) operation: &'static str,
    /// The request member that takes the number.
    pub(super) input: &'static str,
    pub(super) counts_pages: bool,
    /// Where the answer says how many items there are.
    pub(super) total: &'static str,
    pub(super) result: &'static str,
    pub(super) limit: &'static str,
}

/// Model, `PageNumber` and `TotalNumberOfResults`; `start` and `hits.found`.
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

/// Operations whose answers always lead to a next one: they read a stream to which records are added, and the
/// iterator of a shard ends with the shard alone (model, `NextShardIterator`). One answer is what there is at
/// the moment.
const WITHOUT_END: &[(&str, &str)] =
    &[("dynamodbstreams", "GetRecords"), ("keyspacesstreams", "GetRecords"), ("kinesis", "GetRecords")];

/// Service, operation, path, and what the list or map (or all in the structure) is about: the whole
/// answer, so that every page says the same.
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
    ("datazone", "SearchListings", "aggregates", "all that was found (model)"),
    ("devops-guru", "GetCostEstimation", "ResourceCollection", "what is estimated (model)"),
    ("dynamodb", "Query", "ConsumedCapacity", "what a request has used (model)"),
    ("dynamodb", "Scan", "ConsumedCapacity", "what a request has used (model)"),
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
    ("servicecatalog", "SearchProducts", "ProductViewAggregations", "all that was found (model)"),
    ("snowball", "ListServiceVersions", "DependentServices", "the request (model)"),
    ("timestream-query", "Query", "ColumnInfo", "the columns (model)"),
    ("timestream-query", "Query", "QueryInsightsResponse", "the query (model)"),
];

/// Service, operation and path of results that may be the same on several pages: each different one is
/// kept once.
const BESIDE: &[(&str, &str, &str)] = &[
    // Model: the DNS targets of the VPC, beside the domains that come in pages.
    ("apprunner", "DescribeCustomDomains", "VpcDNSTargets"),
    // Model: the names of merged datasets, beside the records that come in pages.
    ("cognito-sync", "ListRecords", "MergedDatasetNames"),
];

/// Service, operation and member of results that are no list: a text for each page.
const TEXTS: &[(&str, &str, &str)] = &[
    // Model: "Details about the attack … in JSON format".
    ("fms", "GetProtectionStatus", "Data"),
];

/// Numbers that count the items of one page, and so are no part of the answer: model of `cloudfront`
/// (`Quantity`), `mturk` (`NumResults`), `ce` (`ReturnSize`).
const PAGE_COUNTS: [&str; 3] = ["NumResults", "Quantity", "ReturnSize"];

/// Page sizes that neither the model's maximum nor the text of the limit gives: service, operation, size, source.
const SIZES: &[(&str, &str, u32, &str)] = &[
    ("connect", "ListDataTablePrimaryValues", 100, "model, text of the operation"),
    // Small quotas hold for requests without `MaxResults`.
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
    // Buckets come in pages, and with their regions, only when a number of them is asked for.
    ("s3", "ListBuckets", 1000, "docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html"),
    // "You must set `MaxResults` to receive a value for `NextToken`"; up to 1,000 (model, text of the operation).
    ("sqs", "ListDeadLetterSourceQueues", 1000, "model, text of the operation"),
    ("sqs", "ListQueues", 1000, "model, text of the operation"),
    ("taxsettings", "ListTaxRegistrations", 100, "model, text of the operation"),
];

/// Whether the answers of an operation have no last page.
pub(super) fn has_no_end(subject: &PaginatedOperation<'_>) -> bool {
    WITHOUT_END.iter().any(|(service, operation)| is_about(subject, service, operation))
}

/// Whether every page says the same at this path.
pub(super) fn is_echo(subject: &PaginatedOperation<'_>, path: &MemberPath) -> bool {
    ECHOED
        .iter()
        .filter(|(service, operation, _, _)| is_about(subject, service, operation))
        .filter_map(|(_, _, echoed, _)| MemberPath::parse(echoed).ok())
        .any(|echoed| path.starts_with(&echoed))
}

/// Whether what stands at this path of the results is kept once for all pages.
pub(super) fn is_beside(subject: &PaginatedOperation<'_>, path: &MemberPath) -> bool {
    BESIDE
        .iter()
        .filter(|(service, operation, _)| is_about(subject, service, operation))
        .any(|(_, _, beside)| path.top_level() == Some(beside))
}

/// The member with the results of an answer that has no list.
pub(super) fn text_of_results(subject: &PaginatedOperation<'_>) -> Option<MemberPath> {
    let (_, _, member) =
        TEXTS.iter().find(|(service, operation, _)| is_about(subject, service, operation))?;
    subject.output.member(member).map(|(_, member)| MemberPath::member(&member.name))
}

/// Whether a member of this name counts the items of one page.
pub(super) fn counts_a_page(subject: &PaginatedOperation<'_>, name: &str) -> bool {
    let is_number = || {
        let kind = subject.output.member(name).and_then(|(_, member)| subject.kind(member));
        // Below the top only CloudFront has one, and it is a number there.
        kind.is_none_or(|kind| matches!(kind, ShapeKind::Integer { .. } | ShapeKind::Long { .. }))
    };
    PAGE_COUNTS.contains(&name) && is_number()
}

/// The size of a page that has a row.
pub(super) fn page_size(subject: &PaginatedOperation<'_>) -> Option<u32> {
    let row = SIZES.iter().find(|(service, operation, _, _)| is_about(subject, service, operation))?;
    Some(row.2)
}

fn is_about(subject: &PaginatedOperation<'_>, service: &str, operation: &str) -> bool {
    (subject.service, subject.operation) == (service, operation)
}
