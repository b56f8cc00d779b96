//! Answers in several pages: the client has to request the next one with the tokens of the last, and all
//! that the pages hold has to be in the result.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use aws_auto_inventory::aws::client::{next_tokens, watched_for_more};
use aws_auto_inventory::engine::{Collected, Collector, WantedMember};
use aws_auto_inventory::model::catalog::{
    Function, Location, MemberPath, NextPage, Origin, Pagination, Service, ShapeId, ShapeKind, Structure,
};
use serde_json::{Map, Value, json};

use super::botocore::Botocore;
use super::difference::difference;
use super::exchange::{Exchange, members};
use super::lane::Lane;
use super::random::Random;
use super::survey::{Report, seed};
use super::values::{Fill, Values};

/// How many pages an answer has.
const PAGES: usize = 3;

/// Lists and maps, or structures with some, that every page repeats: service, operation and path. The
/// result has those of the first page.
const SAME_ON_EVERY_PAGE: &[(&str, &str, &str)] = &[
    ("arc-region-switch", "GetPlanExecution", "generatedReportDetails"),
    ("arc-region-switch", "GetPlanExecution", "plan"),
    ("athena", "GetQueryResults", "ResultSet.ResultSetMetadata"),
    ("budgets", "DescribeBudgetPerformanceHistory", "BudgetPerformanceHistory.CostFilters"),
    ("budgets", "DescribeBudgetPerformanceHistory", "BudgetPerformanceHistory.FilterExpression"),
    ("ce", "GetCostAndUsage", "GroupDefinitions"),
    ("ce", "GetCostAndUsageComparisons", "TotalCostAndUsage"),
    ("ce", "GetCostAndUsageWithResources", "GroupDefinitions"),
    ("cloudformation", "DescribeChangeSet", "Capabilities"),
    ("cloudformation", "DescribeChangeSet", "NotificationARNs"),
    ("cloudformation", "DescribeChangeSet", "Parameters"),
    ("cloudformation", "DescribeChangeSet", "RollbackConfiguration"),
    ("cloudformation", "DescribeChangeSet", "Tags"),
    ("cloudsearchdomain", "Search", "facets"),
    ("cloudsearchdomain", "Search", "stats"),
    ("datazone", "SearchListings", "aggregates"),
    ("devops-guru", "GetCostEstimation", "ResourceCollection"),
    ("dynamodb", "Query", "ConsumedCapacity"),
    ("dynamodb", "Scan", "ConsumedCapacity"),
    ("dynamodbstreams", "DescribeStream", "StreamDescription.KeySchema"),
    ("ecr", "DescribeImageScanFindings", "imageScanFindings.findingSeverityCounts"),
    ("ecr", "GetLifecyclePolicyPreview", "summary"),
    ("emr", "DescribeReleaseLabel", "AvailableOSReleases"),
    ("firehose", "DescribeDeliveryStream", "DeliveryStreamDescription.Source"),
    ("internetmonitor", "GetQueryResults", "Fields"),
    ("kendra", "GetSnapshots", "SnapshotsDataHeader"),
    ("kendra", "Query", "FacetResults"),
    ("kendra", "Query", "FeaturedResultsItems"),
    ("kendra", "Query", "SpellCorrectedQueries"),
    ("kendra", "Query", "Warnings"),
    ("kinesis", "DescribeStream", "StreamDescription.EnhancedMonitoring"),
    ("migrationhubstrategy", "GetServerDetails", "serverDetail"),
    ("mturk", "ListReviewPolicyResultsForHIT", "AssignmentReviewPolicy"),
    ("mturk", "ListReviewPolicyResultsForHIT", "HITReviewPolicy"),
    ("pi", "DescribeDimensionKeys", "PartitionKeys"),
    ("redshift-data", "GetStatementResult", "ColumnMetadata"),
    ("redshift-data", "GetStatementResultV2", "ColumnMetadata"),
    ("rekognition", "GetSegmentDetection", "AudioMetadata"),
    ("rekognition", "GetSegmentDetection", "SelectedSegmentTypes"),
    ("rekognition", "GetSegmentDetection", "VideoMetadata"),
    ("route53-recovery-readiness", "GetReadinessCheckStatus", "Messages"),
    ("sagemaker", "DescribeEdgeDeploymentPlan", "ModelConfigs"),
    ("servicecatalog", "DescribeProvisionedProductPlan", "ProvisionedProductPlanDetails"),
    ("servicecatalog", "DescribeRecord", "RecordDetail"),
    ("servicecatalog", "SearchProducts", "ProductViewAggregations"),
    ("servicecatalog-appregistry", "GetAssociatedResource", "options"),
    ("snowball", "ListServiceVersions", "DependentServices"),
    ("timestream-query", "Query", "ColumnInfo"),
    ("timestream-query", "Query", "QueryInsightsResponse"),
];

/// What boto3's paginators make of pages and ours do not: service, operation, path and why. Lists and maps
/// that boto3 omits, or takes from the first page alone, stand in the catalog as joined beside the
/// results.
const DIFFERENT_FROM_BOTO3: &[(&str, &str, &str, &str)] = &[
    ("apigateway", "GetUsage", "items", "boto3 keeps the first page's map"),
    (
        "budgets",
        "DescribeBudgetPerformanceHistory",
        "BudgetPerformanceHistory",
        "boto3 keeps the first page's structure",
    ),
    ("devicefarm", "GetOfferingStatus", "current", "boto3 keeps the first page's map"),
    ("devicefarm", "GetOfferingStatus", "nextPeriod", "boto3 keeps the first page's map"),
    ("devicefarm", "ListUniqueProblems", "uniqueProblems", "boto3 keeps the first page's map"),
    ("devops-guru", "ListAnomalousLogGroups", "InsightId", "boto3 repeats the id, page after page"),
    ("ecr", "DescribeReplicationBackfillResults", "destination", "boto3 leaves the structure out"),
    ("ecr", "DescribeReplicationBackfillResults", "progress", "boto3 leaves the structure out"),
    ("kinesis", "DescribeStream", "StreamDescription.StreamModeDetails", "boto3 leaves the structure out"),
    ("marketplace-discovery", "SearchFacets", "listingFacets", "boto3 keeps the first page's map"),
    (
        "networkmanager",
        "GetNetworkRoutes",
        "CoreNetworkNetworkFunctionGroup",
        "boto3 leaves the structure out",
    ),
    ("networkmanager", "GetNetworkRoutes", "CoreNetworkSegmentEdge", "boto3 leaves the structure out"),
    ("securityhub", "ListExposuresByRemediationV2", "Resource", "boto3 leaves the structure out"),
    ("securityhub", "ListExposuresByRemediationV2", "Trait", "boto3 leaves the structure out"),
    ("taxsettings", "ListTaxExemptions", "taxExemptionDetailsMap", "boto3 keeps the first page's map"),
];

/// The rows of the first table that some operation has needed.
static NEEDED: Mutex<BTreeSet<usize>> = Mutex::new(BTreeSet::new());

/// Has every operation of a service that pages answer in three pages, and looks for all of them in the
/// result.
pub(super) fn survey(lane: &mut Lane, service: &Arc<Service>, report: &mut Report) {
    let mut values = Values::new(service, Random::new(seed(&service.name)));
    for function in Function::all(service) {
        let Some(pagination) = &function.operation().pagination else {
            continue;
        };
        report.operations += 1;
        let outcome = read_all(lane, &function, pagination, &mut values)
            .and_then(|pages| holds_everything(&function, pagination, &pages, &merged(&function, &pages)));
        report.count(&function, outcome);
    }
}

/// Compares what the pages of a service's operations come to with what boto3 makes of the same pages.
pub(super) fn compare(lane: &Lane, botocore: &mut Botocore, service: &Arc<Service>, report: &mut Report) {
    let mut values = Values::new(service, Random::new(seed(&service.name)));
    for function in Function::all(service) {
        let pagination = function.operation().pagination.as_ref();
        let Some(pagination) = pagination.filter(|pagination| pagination.origin == Origin::Paginator) else {
            continue;
        };
        report.operations += 1;
        let outcome = read_all(lane, &function, pagination, &mut values).and_then(|pages| {
            let mut theirs =
                botocore.merge(&function, &pages).map_err(|error| format!("botocore: {error}"))?;
            let mut ours = merged(&function, &pages);
            for path in different(&function, pagination) {
                remove(&mut ours, &path);
                remove(&mut theirs, &path);
            }
            difference(&ours, &theirs)
                .map_or(Ok(()), |difference| Err(format!("botocore differs: {difference}")))
        });
        report.count(&function, outcome);
    }
}

/// Fails for a row of the first table that has no effect, after all operations have been looked at.
pub(super) fn assert_that_no_row_is_stale() {
    let needed = NEEDED.lock().expect("no thread panics with it");
    let stale: Vec<_> =
        SAME_ON_EVERY_PAGE.iter().enumerate().filter(|(row, _)| !needed.contains(row)).collect();
    assert!(stale.is_empty(), "no operation needs {stale:?}");
}

/// Reads three made-up pages through the client, and gives back their members.
fn read_all(
    lane: &Lane,
    function: &Function,
    pagination: &Pagination,
    values: &mut Values<'_>,
) -> Result<Vec<Value>, String> {
    let mut pages: Vec<_> = (0..PAGES).map(|_| members(function, values, Fill::Full)).collect();
    for (index, page) in pages.iter_mut().enumerate() {
        let number = index + 1;
        // A token that nothing takes ends in an error, which has separate tests.
        for path in watched_for_more(function) {
            set(function, page, &path.to_string(), None, values);
        }
        turn(function, pagination, page, (number < PAGES).then_some(number), values);
    }
    count_all(function, pagination, &mut pages, values);
    let mut exchanges = Vec::new();
    for (index, page) in pages.into_iter().enumerate() {
        let exchange = Exchange::of(function, page, values)?;
        let more = next_tokens(pagination, &exchange.expected).is_some();
        if pagination.turning == NextPage::Tokens && more != (index + 1 < PAGES) {
            return Err(format!("page {} has no fitting tokens: {:?}", index + 1, exchange.expected));
        }
        exchanges.push(exchange);
    }
    let messages = exchanges.iter().map(|exchange| exchange.message.clone()).collect();
    let answers = lane.all_pages(function, messages).map_err(|error| format!("client: {error}"))?;
    if answers.len() != PAGES {
        return Err(format!("{} pages were read instead of {PAGES}", answers.len()));
    }
    for (page, (answer, exchange)) in answers.into_iter().zip(&exchanges).enumerate() {
        let expected = Value::Object(exchange.expected.clone());
        if let Some(difference) = difference(&Value::Object(answer.members), &expected) {
            return Err(format!("page {}: {difference}", page + 1));
        }
    }
    for (request, exchange) in lane.requests().iter().skip(1).zip(&exchanges) {
        for token in next_tokens(pagination, &exchange.expected).into_iter().flatten().flatten() {
            if let Value::String(token) = token
                && !request.contains(&token)
            {
                return Err(format!("the token {token} is not in the request {request}"));
            }
        }
    }
    Ok(exchanges.into_iter().map(|exchange| Value::Object(exchange.expected)).collect())
}

/// The whole result, as it goes into a file.
fn merged(function: &Function, pages: &[Value]) -> Value {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut collector = Collector::new(function, WantedMember::Whole, None, folder.path(), 0);
    for page in pages {
        collector.page(page.as_object().cloned().expect("an object")).expect("takes a page");
    }
    match collector.finish() {
        Collected::Answer(answer) => Value::Object(answer),
        Collected::Result(result) => {
            let mut written = Vec::new();
            result.write_to(&mut written, 0).expect("writes");
            serde_json::from_slice(&written).expect("JSON")
        }
    }
}

/// Whether all items of all pages are in the result, of every list and map of the answer.
fn holds_everything(
    function: &Function,
    pagination: &Pagination,
    pages: &[Value],
    merged: &Value,
) -> Result<(), String> {
    for names in lists(function) {
        let path = MemberPath::members(&names.iter().map(String::as_str).collect::<Vec<_>>());
        if pagination.output_tokens.contains(&path) {
            continue;
        }
        let at = |value: &Value| -> Value {
            value.as_object().and_then(|members| path.find_in(members)).cloned().unwrap_or_default()
        };
        let found = at(merged);
        let of_pages: Vec<Value> = pages.iter().map(at).filter(|value| !value.is_null()).collect();
        if pagination.result_keys.contains(&path) && of_pages.iter().all(Value::is_array) {
            let all: Vec<Value> = of_pages.iter().filter_map(Value::as_array).flatten().cloned().collect();
            if !of_pages.is_empty() && found != Value::Array(all) {
                return Err(format!("{path} of the pages is not all in the result: {found}"));
            }
        } else if let Some(row) = same_on_every_page(function, &path) {
            NEEDED.lock().expect("no thread panics with it").insert(row);
        } else if let Some(lost) = of_pages.iter().find(|page| !contains(&found, page)) {
            return Err(format!("{path} lacks {lost}: it has {found}"));
        }
    }
    for text in pagination.result_keys.iter().filter_map(MemberPath::top_level) {
        let texts = pages.iter().filter_map(|page| page[text].as_str());
        if let Some(lost) =
            texts.into_iter().find(|page| !merged[text].as_str().unwrap_or_default().contains(page))
        {
            return Err(format!("{text} lacks {lost}"));
        }
    }
    Ok(())
}

fn same_on_every_page(function: &Function, path: &MemberPath) -> Option<usize> {
    let (service, operation) = (&*function.service().name, &*function.operation().name);
    SAME_ON_EVERY_PAGE.iter().position(|(of, reads, same)| {
        (*of, *reads) == (service, operation) && path.starts_with(&MemberPath::parse(same).expect("a path"))
    })
}

/// Whether a merged value has everything that a page's has.
fn contains(merged: &Value, page: &Value) -> bool {
    match (merged, page) {
        (Value::Array(merged), Value::Array(page)) => page.iter().all(|item| merged.contains(item)),
        (Value::Object(merged), Value::Object(page)) => page.iter().all(|(key, value)| {
            merged.get(key).is_some_and(|merged| merged == value || contains(merged, value))
        }),
        // Of two pages that have another text or number for a key of a map, one wins.
        _ => !merged.is_null(),
    }
}

/// The lists and maps of an answer, at the top and in its structures.
fn lists(function: &Function) -> Vec<Vec<String>> {
    let (service, operation) = (function.service(), function.operation());
    let mut found = Vec::new();
    if let Some(output) = service.output(operation) {
        find_lists(service, output, &mut Vec::new(), &mut Vec::new(), &mut found);
    }
    found
}

fn find_lists(
    service: &Service,
    structure: &Structure,
    names: &mut Vec<String>,
    entered: &mut Vec<ShapeId>,
    found: &mut Vec<Vec<String>>,
) {
    for member in structure.members.iter().filter(|member| member.location == Location::Body) {
        names.push(member.name.to_string());
        match service.kind(member.reference.shape) {
            ShapeKind::List(_) | ShapeKind::Map(_) => found.push(names.clone()),
            ShapeKind::Structure(inner) if names.len() < 5 && !entered.contains(&member.reference.shape) => {
                entered.push(member.reference.shape);
                find_lists(service, inner, names, entered, found);
                entered.pop();
            }
            _ => {}
        }
        names.pop();
    }
}

/// The paths at which a merged answer may differ from boto3's.
fn different(function: &Function, pagination: &Pagination) -> Vec<String> {
    let (service, operation) = (&*function.service().name, &*function.operation().name);
    let rows = DIFFERENT_FROM_BOTO3.iter().filter(|(of, reads, _, _)| (*of, *reads) == (service, operation));
    let joined = pagination.joined_keys.iter().map(ToString::to_string);
    rows.map(|(_, _, path, _)| (*path).to_owned()).chain(joined).collect()
}

/// Removes what is at a path, and structures that have nothing else.
fn remove(value: &mut Value, path: &str) {
    let Some(members) = value.as_object_mut() else { return };
    match path.split_once('.') {
        None => drop(members.shift_remove(path)),
        Some((first, rest)) => {
            if let Some(inner) = members.get_mut(first) {
                remove(inner, rest);
                if inner.as_object().is_some_and(Map::is_empty) {
                    members.shift_remove(first);
                }
            }
        }
    }
}

/// Gives a page the tokens of the next one, or ends the answer.
fn turn(
    function: &Function,
    pagination: &Pagination,
    members: &mut Map<String, Value>,
    next: Option<usize>,
    values: &mut Values<'_>,
) {
    // The last page of a log has the token that it was requested with.
    let next = match pagination.turning {
        NextPage::RepeatedToken => Some(next.unwrap_or(PAGES - 1)),
        _ => next,
    };
    for path in &pagination.output_tokens {
        let path = path.to_string();
        for alternative in path.split("||").map(str::trim) {
            match next {
                Some(page) => set(function, members, alternative, Some(&|kind| token(kind, page)), values),
                // What a flag decides needs no token to be missing, and the last item is no token then.
                None if pagination.more_results.is_some() && alternative.contains("[-1]") => {}
                None => set(function, members, alternative, None, values),
            }
        }
    }
    if let Some(path) = &pagination.more_results {
        set(function, members, &path.to_string(), Some(&|_| json!(next.is_some())), values);
    }
}

/// Adds to each page the number of items of all of them, where that decides.
fn count_all(
    function: &Function,
    pagination: &Pagination,
    pages: &mut [Map<String, Value>],
    values: &mut Values<'_>,
) {
    let (NextPage::PageNumber { total } | NextPage::ItemOffset { total }) = &pagination.turning else {
        return;
    };
    let items = |page: &Map<String, Value>| {
        pagination.result_keys[0].find_in(page).and_then(Value::as_array).map_or(0, Vec::len)
    };
    let all: usize = pages.iter().map(items).sum();
    for page in pages {
        set(function, page, &total.to_string(), Some(&|_| json!(all)), values);
    }
}

fn token(kind: &ShapeKind, page: usize) -> Value {
    match kind {
        // Not the number with which a request may start.
        ShapeKind::Integer { .. } | ShapeKind::Long { .. } => json!(100 * page),
        _ => json!(format!("token-{page}")),
    }
}

/// Sets the value at a path such as `List.Items[-1].Key`, or removes what is there.
fn set(
    function: &Function,
    members: &mut Map<String, Value>,
    path: &str,
    value: Option<&dyn Fn(&ShapeKind) -> Value>,
    values: &mut Values<'_>,
) {
    let (service, operation) = (function.service(), function.operation());
    let steps: Vec<&str> = path.split('.').collect();
    if let Some(output) = service.output(operation) {
        set_in(service, output, members, &steps, value, values);
    }
}

fn set_in(
    service: &Service,
    structure: &Structure,
    members: &mut Map<String, Value>,
    steps: &[&str],
    value: Option<&dyn Fn(&ShapeKind) -> Value>,
    values: &mut Values<'_>,
) {
    let Some((step, rest)) = steps.split_first() else {
        return;
    };
    let name = step.strip_suffix("[-1]").unwrap_or(step);
    let Some((_, member)) = structure.member(name) else {
        return;
    };
    let kind = service.kind(member.reference.shape);
    let Some(value) = value else {
        match (kind, members.get_mut(name)) {
            (ShapeKind::Structure(inner), Some(Value::Object(nested))) if !rest.is_empty() => {
                set_in(service, inner, nested, rest, None, values);
            }
            _ => drop(members.remove(name)),
        }
        return;
    };
    match kind {
        ShapeKind::List(list) => {
            let item = match service.structure(list.member.shape) {
                Some(inner) => {
                    let mut item = Map::new();
                    set_in(service, inner, &mut item, rest, Some(value), values);
                    Value::Object(item)
                }
                None => value(service.kind(list.member.shape)),
            };
            members.insert(name.to_owned(), json!([item]));
        }
        ShapeKind::Structure(inner) if !rest.is_empty() => {
            let nested = members.entry(name).or_insert_with(|| json!({}));
            if let Value::Object(nested) = nested {
                set_in(service, inner, nested, rest, Some(value), values);
            }
        }
        ShapeKind::Structure(_) | ShapeKind::Map(_) => {
            let full = values.top_level(&member.reference, Fill::Full).unwrap_or_default();
            members.insert(name.to_owned(), full);
        }
        _ => {
            members.insert(name.to_owned(), value(kind));
        }
    }
}
