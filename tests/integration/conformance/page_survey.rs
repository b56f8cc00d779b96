//! All operations of the catalog, looked through for answers that come in pages: by other means than those
//! that build the catalog, so that what these do not know is found.
//!
//! `round_trip` has every operation that pages answer in three pages.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aws_auto_inventory::aws::client::watched_for_more;
use aws_auto_inventory::model::catalog::{Catalog, Function, Member, Origin, Service, ShapeKind, Structure};
use regex_lite::Regex;
use serde_json::Value;

use crate::sandbox::{botocore_source, read_maybe_compressed};

/// Names of request members that take a place to continue from.
const STARTS: &str = "(?i)token|marker|cursor|iterator|startfrom|^start|starting|exclusivestart|offset|pagenumber|^page$|position|\
    continuation|lastevaluated|last.*key|^next|next$|bookmark|after$|^after|since";

/// Names of response members that report that more follows.
const CONTINUES: &str =
    "(?i)truncated|hasmore|^more|more$|^next|lastevaluated|continuation|token|marker|cursor|total";

/// Operations whose members only sound like pages: service, operation, and what they are (documentation in
/// botocore's models).
const NO_PAGES: &[(&str, &str, &str)] = &[
    ("appconfigdata", "GetLatestConfiguration", "the token of the next poll"),
    ("bedrock-agentcore", "GetPaymentInstrumentBalance", "a token is money here"),
    ("bedrock-agentcore", "GetResourceOauth2Token", "tokens are credentials"),
    ("bedrock-agentcore", "GetWorkloadAccessTokenForJWT", "tokens are credentials"),
    ("bedrock-agentcore-control", "GetTokenVault", "a vault of tokens"),
    ("cloudcontrol", "GetResourceRequestStatus", "the token of the request that is asked about"),
    ("cognito-identity", "GetOpenIdTokenForDeveloperIdentity", "a token is a credential"),
    ("cognito-idp", "GetDerivedToken", "tokens are credentials"),
    ("dynamodbstreams", "GetRecords", "a stream that has no end: the next iterator is always there"),
    ("emr-containers", "GetManagedEndpointSessionCredentials", "tokens are credentials"),
    ("iotsitewise", "GetCaptureData", "video of a span of time, which a scan does not call"),
    ("keyspacesstreams", "GetRecords", "a stream that has no end: the next iterator is always there"),
    ("kinesis", "GetRecords", "a stream that has no end: the next iterator is always there"),
    ("license-manager", "GetAccessToken", "tokens are credentials"),
    ("neptunedata", "GetPropertygraphStream", "a stream of changes that has no end"),
    ("neptunedata", "GetSparqlStream", "a stream of changes that has no end"),
    (
        "pinpoint",
        "GetJourneyExecutionActivityMetrics",
        "no answer has the token; the time is that of the metrics",
    ),
    ("pinpoint", "GetJourneyExecutionMetrics", "no answer has the token; the time is that of the metrics"),
    (
        "pinpoint",
        "GetJourneyRunExecutionActivityMetrics",
        "no answer has the token; the time is that of the metrics",
    ),
    ("pinpoint", "GetJourneyRunExecutionMetrics", "no answer has the token; the time is that of the metrics"),
    ("qconnect", "GetNextMessage", "one message of a conversation, which a scan does not call"),
    ("route53globalresolver", "GetAccessToken", "tokens are credentials"),
    ("s3", "GetObject", "a delete marker"),
    ("s3", "HeadObject", "a delete marker"),
    ("s3control", "DescribeMultiRegionAccessPointOperation", "the token of the request that is asked about"),
    ("servicecatalog", "DescribePortfolioShareStatus", "the token of the request that is asked about"),
    ("sso", "GetRoleCredentials", "tokens are credentials"),
    ("sso-admin", "DescribeTrustedTokenIssuer", "an issuer of tokens"),
    ("sts", "GetDelegatedAccessToken", "tokens are credentials"),
    ("sts", "GetFederationToken", "tokens are credentials"),
    ("sts", "GetScopedCredentials", "tokens are credentials"),
    ("sts", "GetSessionToken", "tokens are credentials"),
    ("waf", "GetChangeTokenStatus", "the token of a change"),
    ("waf-regional", "GetChangeTokenStatus", "the token of a change"),
    ("workmail", "GetPersonalAccessTokenMetadata", "tokens are credentials"),
];

/// Operations that take a token which none of their answers has: service, operation, and the text of the model.
const TOKENS_NOBODY_GIVES: &[(&str, &str, &str)] = &[
    ("apigateway", "GetTags", "not currently supported"),
    ("forecastquery", "QueryForecast", "the answer has the forecast alone"),
    ("forecastquery", "QueryWhatIfForecast", "the answer has the forecast alone"),
    ("greengrass", "GetLoggerDefinitionVersion", "the answer has the definition alone"),
    ("neptunedata", "GetLoaderJobStatus", "pages of the errors, whose number the free-form answer has"),
    ("qconnect", "GetRecommendations", "a chunk of a recommendation"),
    ("workdocs", "GetDocumentPath", "not supported"),
    ("workdocs", "GetFolderPath", "not supported"),
];

/// What the guard at the end of an answer watches although no pagination reads it: service, operation, member. No
/// request takes these tokens, and these flags have no token beside them.
const WATCHED: &[(&str, &str, &str)] = &[
    ("cloudfront", "ListDistributionsByConnectionFunction", "DistributionList.IsTruncated"),
    ("cloudfront", "ListDistributionsByConnectionMode", "DistributionList.IsTruncated"),
    ("cloudfront", "ListDistributionsByTrustStore", "DistributionList.IsTruncated"),
    ("cloudfront", "ListInvalidationsForDistributionTenant", "InvalidationList.IsTruncated"),
    ("cloudfront", "ListOriginAccessControls", "OriginAccessControlList.IsTruncated"),
    ("cloudsearchdomain", "Search", "hits.cursor"),
    ("codeconnections", "ListRepositorySyncDefinitions", "NextToken"),
    ("codestar-connections", "ListRepositorySyncDefinitions", "NextToken"),
    ("directconnect", "DescribeConnectionsOnInterconnect", "nextToken"),
    ("fms", "GetComplianceDetail", "PolicyComplianceDetail.EvaluationLimitExceeded"),
    ("greengrass", "GetCoreDefinitionVersion", "NextToken"),
    ("guardduty", "GetFindingsStatistics", "NextToken"),
    ("iotsitewise", "GetCaptureData", "nextToken"),
    ("iottwinmaker", "GetEntity", "areAllComponentsReturned"),
    ("mediaconvert", "GetJobsQueryResults", "NextToken"),
    ("qapps", "ListQAppSessionData", "nextToken"),
    ("qconnect", "GetNextMessage", "nextMessageToken"),
    ("resource-explorer-2", "Search", "Count.Complete"),
    ("servicecatalog", "ListProvisioningArtifacts", "NextPageToken"),
    ("ssm", "GetAutomationExecution", "AutomationExecution.StepExecutionsTruncated"),
    ("support", "GetAttachmentUploadLinks", "nextIndex"),
    ("wellarchitected", "GetLensReview", "LensReview.NextToken"),
    ("wellarchitected", "GetReviewTemplateLensReview", "LensReview.NextToken"),
];

/// Page sizes that are not the model's maximum: service, operation, size, and the maximum. All but those without
/// a maximum are smaller because of the documentation of the limit in botocore's model.
const DOCUMENTED_SIZES: &[(&str, &str, Option<u32>, Option<i64>)] = &[
    ("acm-pca", "ListCertificateAuthorities", Some(100), Some(1000)),
    ("backup", "ListBackupJobSummaries", Some(500), Some(1000)),
    ("backup", "ListCopyJobSummaries", Some(500), Some(1000)),
    ("backup", "ListRestoreJobSummaries", Some(500), Some(1000)),
    ("backup", "ListScanJobSummaries", Some(500), Some(1000)),
    ("bedrock", "ListAutomatedReasoningPolicyBuildWorkflows", Some(100), Some(1000)),
    ("bedrock", "ListAutomatedReasoningPolicyTestResults", Some(100), Some(1000)),
    ("bedrock-agentcore-control", "ListBrowsers", Some(50), Some(100)),
    ("bedrock-agentcore-control", "ListMemories", Some(50), Some(100)),
    ("chime-sdk-media-pipelines", "ListMediaCapturePipelines", Some(99), Some(100)),
    ("chime-sdk-media-pipelines", "ListMediaPipelines", Some(99), Some(100)),
    ("cloudcontrol", "ListResources", None, Some(100)),
    ("compute-optimizer", "GetEnrollmentStatusesForOrganization", Some(100), Some(1000)),
    ("config", "ListTagsForResource", Some(50), Some(100)),
    ("connect", "ListDataTablePrimaryValues", Some(100), Some(1000)),
    ("ec2", "DescribeInstances", Some(1000), None),
    ("ec2", "DescribeSnapshots", Some(1000), None),
    ("ec2", "DescribeVolumes", Some(1000), None),
    ("emr", "DescribeReleaseLabel", None, Some(100)),
    ("glue", "ListCrawls", Some(100), Some(1000)),
    ("kendra", "Query", Some(100), None),
    ("kms", "ListAliases", Some(100), Some(1000)),
    ("kms", "ListGrants", Some(100), Some(1000)),
    ("kms", "ListResourceTags", Some(50), Some(1000)),
    ("kms", "ListRetirableGrants", Some(100), Some(1000)),
    ("odb", "ListOdbPeeringConnections", Some(100), Some(1000)),
    ("resourcegroupstaggingapi", "GetComplianceSummary", Some(100), Some(1000)),
    ("s3", "ListBuckets", Some(1000), None),
    ("s3control", "ListMultiRegionAccessPoints", None, Some(1000)),
    ("servicecatalog-appregistry", "ListApplications", Some(25), Some(100)),
    ("servicecatalog-appregistry", "ListAssociatedAttributeGroups", Some(25), Some(100)),
    ("servicecatalog-appregistry", "ListAssociatedResources", Some(25), Some(100)),
    ("servicecatalog-appregistry", "ListAttributeGroups", Some(25), Some(100)),
    ("servicecatalog-appregistry", "ListAttributeGroupsForApplication", Some(25), Some(100)),
    ("sqs", "ListDeadLetterSourceQueues", Some(1000), None),
    ("sqs", "ListQueues", Some(1000), None),
    ("taxsettings", "ListTaxRegistrations", Some(100), Some(1000)),
    ("transfer", "ListFileTransferResults", Some(10), Some(1000)),
];

#[test]
fn function_resembling_pages_is_paginated_or_reviewed() {
    let (starts, continues) = (regex(STARTS), regex(CONTINUES));
    let mut candidates = BTreeSet::new();
    for function in functions().filter(|function| function.operation().pagination.is_none()) {
        let inputs = requests(&function, |service, member| {
            is_scalar(service, member) && starts.is_match(&member.name)
        });
        if !inputs.is_empty() && !continuations(&function, &continues).is_empty() {
            candidates.insert(name(&function));
        }
    }
    compare(
        "no pages",
        &candidates,
        NO_PAGES.iter().map(|(service, operation, _)| named(service, operation)),
    );
}

#[test]
fn a_token_that_no_answer_gives_is_reviewed() {
    let token = regex("(?i)(next.*|page|pagination|continuation)token$|^marker$|^position$|^page$");
    let continues = regex(CONTINUES);
    let mut candidates = BTreeSet::new();
    for function in functions().filter(|function| function.operation().pagination.is_none()) {
        let inputs =
            requests(&function, |service, member| is_scalar(service, member) && token.is_match(&member.name));
        if !inputs.is_empty() && continuations(&function, &continues).is_empty() {
            candidates.insert(name(&function));
        }
    }
    let rows = TOKENS_NOBODY_GIVES.iter().map(|(service, operation, _)| named(service, operation));
    compare("tokens that nobody gives", &candidates, rows);
}

#[test]
fn the_guard_watches_what_no_pagination_reads() {
    let mut watched = BTreeSet::new();
    for function in functions() {
        let pagination = function.operation().pagination.as_ref();
        let is_read = |path: &aws_auto_inventory::model::catalog::MemberPath| {
            pagination.is_some_and(|pagination| {
                let mut read = pagination.output_tokens.iter().chain(&pagination.more_results);
                read.any(|token| token.offers(path))
            })
        };
        let paths = watched_for_more(&function);
        watched.extend(
            paths.iter().filter(|path| !is_read(path)).map(|path| format!("{} {path}", name(&function))),
        );
    }
    let rows =
        WATCHED.iter().map(|(service, operation, path)| format!("{} {path}", named(service, operation)));
    compare("watched", &watched, rows);
}

#[test]
fn every_flag_of_every_pagination_is_watched() {
    for function in functions() {
        let Some(pagination) = &function.operation().pagination else { continue };
        let watched = watched_for_more(&function);
        if let Some(flag) = &pagination.more_results {
            assert!(watched.contains(flag), "{}: {flag} is not watched", name(&function));
        }
    }
}

#[test]
fn page_sizes_are_the_models_unless_the_documentation_says_less() {
    let mut found = BTreeSet::new();
    for function in functions() {
        let service = function.service();
        let Some(pagination) = &function.operation().pagination else { continue };
        let Some(limit) = pagination.limit_key.as_deref() else { continue };
        let member = service.input(function.operation()).and_then(|input| input.member(limit));
        let most = match member.map(|(_, member)| service.kind(member.reference.shape)) {
            Some(ShapeKind::Integer { max } | ShapeKind::Long { max }) => *max,
            _ => None,
        };
        let most = most.filter(|most| (2..=1000).contains(most));
        if pagination.page_size.map(i64::from) != most {
            found.insert(format!("{} {:?} {most:?}", name(&function), pagination.page_size));
        }
    }
    let rows = DOCUMENTED_SIZES
        .iter()
        .map(|(service, operation, size, most)| format!("{} {size:?} {most:?}", named(service, operation)));
    compare("page sizes", &found, rows);
}

/// A list without a size ends after its first page there, and reports no more.
#[test]
fn function_needing_page_size_is_called_with_one() {
    let needs_a_size = regex(
        r"(?i)(must|need to|have to) (set|specify|include|provide) \W*(max_?\w*|limit|page_?size)\W[^.]*token",
    );
    let mut models: BTreeMap<String, Value> = BTreeMap::new();
    let mut found = BTreeSet::new();
    for function in functions() {
        let service = function.service();
        let model = models.entry(service.name.to_string()).or_insert_with(|| {
            let data = botocore_source().join("botocore/data").join(&*service.name);
            let text = read_maybe_compressed(&data.join(&*service.api_version), "service-2.json");
            serde_json::from_str(&text).expect("a model")
        });
        let operation = &model["operations"][&*function.operation().name];
        let input = &model["shapes"][operation["input"]["shape"].as_str().unwrap_or_default()]["members"];
        let members = input.as_object().into_iter().flatten().map(|(_, member)| member);
        let says_so = std::iter::once(operation).chain(members).any(|documented| {
            let text = documented["documentation"].as_str().unwrap_or_default();
            // What the pattern needs, before the pattern: most texts have nothing of it.
            (text.contains("oken") && ["must", "need to", "have to"].iter().any(|word| text.contains(word)))
                && needs_a_size.is_match(&text.replace("<code>", "").replace("</code>", ""))
        });
        if says_so {
            let size = function.operation().pagination.as_ref().and_then(|pagination| pagination.page_size);
            assert!(size.is_some(), "{} gives no token without a size", name(&function));
            found.insert(name(&function));
        }
    }
    assert!(found.contains("sqs ListQueues"), "{found:?}");
}

#[test]
fn the_page_of_conformance_counts_how_pages_were_found() {
    let mut counts: BTreeMap<Option<Origin>, usize> = BTreeMap::new();
    for function in functions() {
        *counts
            .entry(function.operation().pagination.as_ref().map(|pagination| pagination.origin))
            .or_default() += 1;
    }
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/conformance.md");
    let page = std::fs::read_to_string(page).expect("the page of conformance");
    let mut rows = Vec::new();
    for origin in Origin::ALL {
        let how = match origin {
            Origin::Paginator => "a paginator of botocore",
            Origin::TokenPair => "a token in the response that the request accepts",
            Origin::MarkerSet => "a flag, and markers of the next item",
            Origin::LastItem => "a flag, and the last item of the page",
            Origin::RepeatedToken => "a token in every response, repeated at the end",
            Origin::Number => "the number of the page or of its first item",
        };
        rows.push(format!("| {how} | {} |", counts.get(&Some(origin)).copied().unwrap_or_default()));
    }
    rows.push(format!("| members with names like pagination, reviewed | {} |", NO_PAGES.len()));
    rows.push(format!("| a token that no response has, reviewed | {} |", TOKENS_NOBODY_GIVES.len()));
    let others = counts[&None] - NO_PAGES.len() - TOKENS_NOBODY_GIVES.len();
    rows.push(format!("| a single response | {others} |"));
    rows.retain(|row| !page.lines().any(|line| line.starts_with(row)));
    assert!(rows.is_empty(), "docs/conformance.md should have these rows:\n{}", rows.join("\n"));
}

fn functions() -> impl Iterator<Item = Function> {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    let services: Vec<_> = catalog
        .entries()
        .iter()
        .map(|entry| Arc::new(catalog.read(entry).expect("a readable service")))
        .collect();
    services.into_iter().flat_map(|service| Function::all(&service).collect::<Vec<_>>())
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern")
}

fn name(function: &Function) -> String {
    named(&function.service().name, &function.operation().name)
}

fn named(service: &str, operation: &str) -> String {
    format!("{service} {operation}")
}

/// Fails for what is found and has no row, and for rows of what is not found.
fn compare(what: &str, found: &BTreeSet<String>, rows: impl Iterator<Item = String>) {
    let rows: BTreeSet<String> = rows.collect();
    let unreviewed: Vec<_> = found.difference(&rows).collect();
    let stale: Vec<_> = rows.difference(found).collect();
    assert!(
        unreviewed.is_empty() && stale.is_empty(),
        "{what}: without a row {unreviewed:?}; stale {stale:?}"
    );
}

fn requests(function: &Function, is_wanted: impl Fn(&Service, &Member) -> bool) -> Vec<String> {
    let service = function.service();
    let members = service.input(function.operation()).into_iter().flat_map(|input| &input.members);
    members.filter(|member| is_wanted(service, member)).map(|member| member.name.to_string()).collect()
}

/// The members of an answer, and of its structures, that sound as if more followed.
fn continuations(function: &Function, continues: &Regex) -> Vec<String> {
    let service = function.service();
    let Some(output) = service.output(function.operation()) else { return Vec::new() };
    let of = |structure: &Structure| -> Vec<String> {
        let sounds = |member: &&Member| {
            let kind = service.kind(member.reference.shape);
            (is_scalar(service, member) || matches!(kind, ShapeKind::Boolean))
                && continues.is_match(&member.name)
        };
        structure.members.iter().filter(sounds).map(|member| member.name.to_string()).collect()
    };
    let mut found = of(output);
    for member in &output.members {
        if let ShapeKind::Structure(inner) = service.kind(member.reference.shape) {
            found.extend(of(inner));
        }
    }
    found
}

fn is_scalar(service: &Service, member: &Member) -> bool {
    matches!(
        service.kind(member.reference.shape),
        ShapeKind::String | ShapeKind::Integer { .. } | ShapeKind::Long { .. } | ShapeKind::Map(_)
    )
}
