//! The permissions that operations need, compared with AWS's Service Authorization Reference.

use std::collections::{BTreeMap, BTreeSet};

use aws_auto_inventory::model::catalog::{Catalog, read_only};
use aws_auto_inventory::names::Partition;
use aws_auto_inventory::plan::policy::{actions, needs, prefix, session_forms, unasked};
use aws_auto_inventory::plan::spec::{BUILT_IN, ScanSpec};
use aws_auto_inventory::plan::{PlannedCall, RegionChoice};

use crate::sandbox::ask_python;

/// Access levels by prefix and action, in lower case as IAM compares them.
type Reference = BTreeMap<String, BTreeMap<String, String>>;

/// Operations whose action the reference does not have, and why that is so; `*` stands for all of a
/// service.
const NOT_IN_THE_REFERENCE: &[(&str, &[&str], &str)] = &[
    ("applicationcostprofiler", &["*"], "the service has ended"),
    ("cloudfront", &["ListDistributionsByOwnedResource"], "not in the reference yet"),
    ("cloudhsm", &["*"], "CloudHSM Classic has ended, and its permissions had these names"),
    ("cloudwatch", &["DescribeAlarmContributors"], "not in the reference yet"),
    (
        "connect",
        &[
            "DescribeTestCase",
            "GetTestCaseExecutionSummary",
            "ListChildHoursOfOperations",
            "ListTestCaseExecutionRecords",
            "ListTestCaseExecutions",
            "ListTestCases",
            "SearchTestCases",
        ],
        "not in the reference yet",
    ),
    ("connectparticipant", &["*"], "participants bring a token of their own, which no policy speaks about"),
    (
        "deadline",
        &[
            "BatchGetJob",
            "BatchGetSession",
            "BatchGetSessionAction",
            "BatchGetStep",
            "BatchGetTask",
            "BatchGetWorker",
        ],
        "the reference has the action without Batch, which stands beside it",
    ),
    (
        "geo-maps",
        &["GetGlyphs", "GetSprites", "GetStyleDescriptor"],
        "asked without permission, or with an API key",
    ),
    (
        "glue",
        &["BatchGetDataQualityResult"],
        "the reference has the action without Batch, which stands beside it",
    ),
    (
        "glue",
        &[
            "GetMaterializedViewRefreshTaskRun",
            "ListDataQualityStatisticAnnotations",
            "ListDataQualityStatistics",
            "ListMaterializedViewRefreshTaskRuns",
        ],
        "not in the reference yet",
    ),
    ("iotthingsgraph", &["*"], "the service has ended, and its permissions had these names"),
    ("lakeformation", &["GetTemporaryDataLocationCredentials"], "not in the reference yet, and never called"),
    ("lexv2-models", &["ListBotAnalyzerHistory"], "not in the reference yet"),
    (
        "mediaconnect",
        &[
            "BatchGetRouterInput",
            "BatchGetRouterNetworkInterface",
            "BatchGetRouterOutput",
            "ListTagsForGlobalResource",
        ],
        "the reference has a likely action, which stands beside it",
    ),
    ("mediaconvert", &["GetJobsQueryResults"], "not in the reference yet"),
    ("mediatailor", &["GetFunction", "ListFunctions"], "not in the reference yet"),
    ("rds", &["DescribeServerlessV2PlatformVersions"], "not in the reference yet"),
    ("redshift-data", &["GetStatementResultV2"], "not in the reference, and never called"),
    ("resource-explorer-2", &["ListResources"], "the reference has a likely action, which stands beside it"),
];

/// Operations that are newer than the reference.
const NOT_YET: &str = include_str!("permissions/not_yet.txt");

/// Returns service and operations of each row.
fn rows(table: &str) -> impl Iterator<Item = (&str, BTreeSet<&str>)> {
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once(' '))
        .map(|(service, names)| (service, names.split(' ').collect()))
}

fn reference() -> Reference {
    let text = ask_python("reference.py", "");
    let written: Reference = serde_json::from_str(&text).expect("the reference");
    let lower = |actions: BTreeMap<String, String>| {
        actions.into_iter().map(|(name, level)| (name.to_ascii_lowercase(), level)).collect()
    };
    written.into_iter().map(|(prefix, actions)| (prefix.to_ascii_lowercase(), lower(actions))).collect()
}

fn level<'reference>(reference: &'reference Reference, action: &str) -> Option<&'reference str> {
    let action = action.to_ascii_lowercase();
    let (prefix, name) = action.split_once(':').expect("an action");
    reference.get(prefix)?.get(name).map(String::as_str)
}

#[test]
fn every_operation_of_the_catalog_needs_actions_that_exist() {
    let (reference, catalog) = (reference(), Catalog::embedded().expect("a catalog"));
    assert!(reference.len() > 400, "{} prefixes", reference.len());
    let not_yet: BTreeMap<&str, BTreeSet<&str>> = rows(NOT_YET).collect();
    let (mut unknown, mut excused) = (Vec::new(), BTreeSet::new());
    let (mut needless, mut listed) = (Vec::new(), 0);
    for entry in catalog.entries() {
        let service = catalog.read(entry).expect("loads");
        for operation in &service.operations {
            let needed = actions(&service, operation);
            let missing: Vec<String> = needed
                .iter()
                .filter(|action| level(&reference, action.as_str()).is_none())
                .map(ToString::to_string)
                .collect();
            let is_meant = |name: &&str| **name == *operation.name || *name == "*";
            let excuse = NOT_IN_THE_REFERENCE.iter().position(|(name, operations, _)| {
                **name == *service.name && operations.iter().any(&is_meant)
            });
            let is_listed = not_yet.get(&*service.name).is_some_and(|names| names.contains(&*operation.name));
            match (missing.is_empty(), excuse) {
                (true, _) if is_listed => needless.push(format!("{} {}", service.name, operation.name)),
                (true, _) => {}
                (false, None) if is_listed => listed += 1,
                (false, Some(row)) => drop(excused.insert((row, operation.name.to_string()))),
                (false, None) => unknown.push(format!("{} {}: {missing:?}", service.name, operation.name)),
            }
        }
    }
    assert!(unknown.is_empty(), "not in the reference:\n{}", unknown.join("\n"));
    assert!(needless.is_empty(), "these need no row in not_yet.txt any more: {needless:?}");
    assert_eq!(listed, not_yet.values().map(BTreeSet::len).sum::<usize>(), "rows of not_yet.txt");
    for (row, (service, operations, why)) in NOT_IN_THE_REFERENCE.iter().enumerate() {
        assert!(why.len() > 10, "{service}: why?");
        for operation in *operations {
            let mut of_row = excused.iter().filter(|(other, _)| *other == row);
            let is_needed = of_row.any(|(_, name)| name == operation || *operation == "*");
            assert!(is_needed, "{service} {operation} needs no exception any more");
        }
    }
}

/// Actions of reads that the reference does not call reads: its word for them, and why they are needed.
const NOT_READ_LEVEL: &[(&str, &str, &str)] = &[
    ("appfabric:BatchGetUserAccessTasks", "Write", "results of tasks, which another operation starts"),
    ("bcm-pricing-calculator:ListTagsForResource", "Tagging", "lists tags"),
    ("billing:GetResourcePolicy", "Permissions management", "a policy"),
    ("cloudwatch:SearchPrincipals", "Write", "searches users and groups"),
    (
        "ds:AccessDSData",
        "Permissions management",
        "opens the directory's own reads, which need theirs as well",
    ),
    // The action of all three operations of the management API; the other two are not in the catalog.
    ("execute-api:ManageConnections", "Write", "the only action of an API with one read"),
    ("glue:DescribeConnectionType", "Permissions management", "a kind of connection"),
    ("glue:DescribeEntity", "Permissions management", "fields of a connection's entity"),
    ("glue:ListConnectionTypes", "Permissions management", "kinds of connections"),
    ("glue:ListEntities", "Permissions management", "entities of a connection"),
    ("iot:GetConnection", "Write", "the state of a connection"),
    ("iot:ListSubscriptions", "Write", "topics of a client"),
    ("kafka-cluster:Connect", "Write", "a connection to a cluster, without which none of its reads works"),
    ("quicksight:DescribeKnowledgeBasePermissions", "Permissions management", "a list of permissions"),
    ("quicksight:DescribeSpacePermissions", "Permissions management", "a list of permissions"),
    ("quicksight:DescribeTopicPermissions", "Permissions management", "a list of permissions"),
    ("route53globalresolver:ListTagsForResource", "Write", "lists tags"),
    ("ssm-sap:GetResourcePermission", "Permissions management", "a policy"),
];

#[test]
fn callable_operations_need_read_permissions_only() {
    let (reference, catalog) = (reference(), Catalog::embedded().expect("a catalog"));
    let mut found = BTreeSet::new();
    for entry in catalog.entries() {
        let service = catalog.read(entry).expect("loads");
        for operation in &service.operations {
            if read_only::denial(&service.name, &operation.name).is_some() {
                continue;
            }
            for action in actions(&service, operation) {
                let level = level(&reference, action.as_str()).unwrap_or("Read");
                if !matches!(level, "Read" | "List") {
                    found.insert(format!("{action} {level}"));
                }
            }
        }
    }
    let expected: BTreeSet<String> =
        NOT_READ_LEVEL.iter().map(|(action, level, _)| format!("{action} {level}")).collect();
    assert_eq!(found, expected);
}

#[test]
fn the_stars_of_session_policies_stand_for_what_is_asked_alone() {
    let (reference, catalog) = (reference(), Catalog::embedded().expect("a catalog"));
    // Together they are too long to be named one by one.
    let mut specs: Vec<String> = BUILT_IN.iter().map(|spec| spec.text.to_owned()).collect();
    specs.extend((1..=SERVICES.len()).map(|count| calls_of(&catalog, &SERVICES[..count])));
    let mut stars = 0;
    for text in &specs {
        let spec = ScanSpec::parse(text, "a spec", &catalog).expect("a spec");
        let calls: Vec<PlannedCall> = PlannedCall::all(spec.entries);
        let needs = needs(&catalog, &calls, &RegionChoice::Given(Vec::new())).expect("a catalog");
        let wanted: BTreeSet<String> =
            needs.iter().map(|need| need.action.as_str().to_ascii_lowercase()).collect();
        let forms = session_forms(&catalog, &needs, &Partition::new("aws")).expect("a catalog");
        let Some(document) = forms[0].document.as_deref().filter(|_| forms[0].managed.is_none()) else {
            continue;
        };
        let document: serde_json::Value = serde_json::from_str(document).expect("JSON");
        let patterns = document["Statement"][0]["Action"].as_array().expect("actions");
        for pattern in patterns.iter().filter_map(|pattern| pattern.as_str()?.strip_suffix('*')) {
            stars += 1;
            let (prefix, beginning) = pattern.split_once(':').expect("an action");
            let beginning = beginning.to_ascii_lowercase();
            for (name, _) in reference[prefix].iter().filter(|(name, _)| name.starts_with(&beginning)) {
                let action = format!("{prefix}:{name}");
                assert!(wanted.contains(&action), "{pattern}* allows {action}, which nothing asks for");
            }
        }
    }
    assert!(stars > 5, "only {stars} stars were looked at");
}

/// An action of the reference that is named like a read is needed, or known to be needed by nothing.
/// A star may cover names that start with a read verb: every such name has to be known.
#[test]
fn read_action_in_reference_is_needed_or_reviewed() {
    let (reference, catalog) = (reference(), Catalog::embedded().expect("a catalog"));
    let (mut known, mut prefixes) = (BTreeSet::new(), BTreeSet::new());
    known.extend(unasked().map(|action| action.as_str().to_ascii_lowercase()));
    for entry in catalog.entries() {
        let service = catalog.read(entry).expect("loads");
        prefixes.insert(prefix(&service).to_ascii_lowercase());
        for operation in &service.operations {
            known.extend(
                actions(&service, operation).iter().map(|action| action.as_str().to_ascii_lowercase()),
            );
        }
    }
    let verbs = read_only::READ_VERBS.map(str::to_ascii_lowercase);
    let missing: Vec<String> = prefixes
        .iter()
        .filter_map(|prefix| Some((prefix, reference.get(prefix)?)))
        .flat_map(|(prefix, names)| names.keys().map(move |name| (name, format!("{prefix}:{name}"))))
        .filter(|(name, action)| verbs.iter().any(|verb| name.starts_with(verb)) && !known.contains(action))
        .map(|(_, action)| action)
        .collect();
    assert!(missing.is_empty(), "these belong into src/plan/policy/actions/unasked.txt: {missing:#?}");
}

/// Services whose calls together come to a policy that is too long without stars, and then with them.
const SERVICES: [&str; 12] = [
    "iam",
    "rds",
    "elasticache",
    "redshift",
    "autoscaling",
    "route53",
    "kms",
    "elbv2",
    "dms",
    "connect",
    "s3",
    "ec2",
];

/// A spec with all that these services have.
fn calls_of(catalog: &Catalog, services: &[&str]) -> String {
    let calls: Vec<serde_json::Value> = services
        .iter()
        .flat_map(|name| {
            let service = catalog.service(name).expect("loads").expect("exists");
            aws_auto_inventory::plan::spec::calls_for(catalog, &service)
        })
        .collect();
    serde_json::Value::Array(calls).to_string()
}
