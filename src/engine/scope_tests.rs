//! Tests of the scope of calls: regional child calls of global calls, and calls in some accounts only.

use serde_json::{Value, json};

use super::fake::{FakeOutcome, FakeRequest, FakeRun, Finished};
use crate::names::AccountId;
use crate::plan::Surroundings;
use crate::run::{CallRecord, Status};

const REGIONS: [&str; 2] = ["eu-central-1", "eu-west-1"];

/// Returns a spec with the account's id, and regional S3 Control child calls for it.
fn access_points() -> Value {
    json!([{"service": "sts", "function": "get_caller_identity", "each": [
        {"over": ".Account", "service": "s3control", "function": "list_access_points",
         "parameters": {"AccountId": "{.}"}}]}])
}

fn answer(request: &FakeRequest) -> FakeOutcome {
    match &*request.service {
        "s3" => FakeOutcome::ok("<ListAccessPointsResult><AccessPointList/></ListAccessPointsResult>"),
        "sqs" => FakeOutcome::ok(r#"{"QueueUrls": ["a"]}"#),
        "organizations" => FakeOutcome::ok(r#"{"Roots": []}"#),
        _ => FakeOutcome::ok("{}"),
    }
}

async fn run(spec: Value) -> Finished {
    FakeRun { regions: REGIONS.to_vec(), ..FakeRun::new(answer, spec) }.finish().await
}

/// Returns region, function and status of each record, sorted.
fn lines(run: &Finished) -> Vec<String> {
    let line = |record: &CallRecord| format!("{} {} {}", record.region, record.function, record.status);
    let mut lines: Vec<String> = run.records.iter().map(line).collect();
    lines.sort();
    lines
}

/// Returns region and service of each request, sorted.
fn requests(run: &Finished) -> Vec<String> {
    let mut requests: Vec<String> =
        run.requests.iter().map(|(_, request)| format!("{} {}", request.region, request.service)).collect();
    requests.sort();
    requests
}

/// A regional child of a global call is called in every region, and its result is in that region's folder.
#[tokio::test(start_paused = true)]
async fn regional_child_of_global_call_runs_in_every_region() {
    let run = run(access_points()).await;
    assert_eq!(
        lines(&run),
        [
            "eu-central-1 list_access_points ok",
            "eu-west-1 list_access_points ok",
            "global get_caller_identity ok"
        ]
    );
    // The fake AWS answers GetCallerIdentity itself.
    assert_eq!(requests(&run), ["eu-central-1 s3", "eu-west-1 s3"]);
    assert_eq!(
        run.files,
        [
            "000000000001/eu-central-1/s3control: list_access_points",
            "000000000001/eu-west-1/s3control: list_access_points",
            "000000000001/global/sts: get_caller_identity"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn deeper_children_stay_in_the_region_of_the_one_above() {
    let spec = json!([{"service": "sts", "function": "get_caller_identity", "each": [
        {"over": ".Account", "service": "organizations", "function": "describe_account",
         "parameters": {"AccountId": "{.}"}, "each": [
            {"over": ".Account.Id", "service": "sqs", "function": "list_queues",
             "parameters": {"QueueNamePrefix": "{.}"}, "each": [
                {"over": ".QueueUrls[]", "service": "iam", "function": "get_role",
                 "parameters": {"RoleName": "{.}"}}]}]}]}]);
    let answer = |request: &FakeRequest| match &*request.service {
        "organizations" => FakeOutcome::ok(r#"{"Account": {"Id": "123456789012"}}"#),
        "iam" => FakeOutcome::ok("<GetRoleResponse><GetRoleResult><Role/></GetRoleResult></GetRoleResponse>"),
        _ => FakeOutcome::ok(r#"{"QueueUrls": ["a"]}"#),
    };
    let run = FakeRun { regions: REGIONS.to_vec(), ..FakeRun::new(answer, spec) }.finish().await;
    assert_eq!(
        lines(&run),
        [
            "eu-central-1 get_role ok",
            "eu-central-1 list_queues ok",
            "eu-west-1 get_role ok",
            "eu-west-1 list_queues ok",
            "global describe_account ok",
            "global get_caller_identity ok"
        ]
    );
    let organizations = run.requests.iter().filter(|(_, request)| request.service == "organizations").count();
    assert_eq!(organizations, 1, "global calls are made once");
}

#[tokio::test(start_paused = true)]
async fn a_global_child_of_a_regional_call_is_filed_with_its_item() {
    let spec = json!([{"service": "sqs", "function": "list_queues", "each": [
        {"over": ".QueueUrls[]", "service": "iam", "function": "get_role",
         "parameters": {"RoleName": "{.}"}}]}]);
    let answer = |request: &FakeRequest| match &*request.service {
        "iam" => FakeOutcome::ok("<GetRoleResponse><GetRoleResult><Role/></GetRoleResult></GetRoleResponse>"),
        _ => FakeOutcome::ok(r#"{"QueueUrls": ["a", "b"]}"#),
    };
    let run = FakeRun { regions: REGIONS.to_vec(), ..FakeRun::new(answer, spec) }.finish().await;
    assert_eq!(run.files[0], "000000000001/eu-central-1/iam: get_role");
    assert_eq!(run.requests_in("us-east-1"), 4, "once for each item, in the partition's global region");
}

#[tokio::test(start_paused = true)]
async fn without_the_items_every_region_says_so() {
    let spec = json!([{"service": "iam", "function": "list_roles", "each": [
        {"over": ".Roles[].RoleName", "service": "sqs", "function": "list_queues",
         "parameters": {"QueueNamePrefix": "{.}"}}]}]);
    let denied = |_: &FakeRequest| {
        let body =
            "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>";
        FakeOutcome { outcome: Ok((403, body.to_owned())), ..FakeOutcome::ok("") }
    };
    let run = FakeRun { regions: REGIONS.to_vec(), ..FakeRun::new(denied, spec) }.finish().await;
    assert_eq!(
        lines(&run),
        ["eu-central-1 list_queues skipped", "eu-west-1 list_queues skipped", "global list_roles denied"]
    );
    let message = run.in_region("eu-west-1")[0].message.clone().unwrap_or_default();
    assert!(message.contains("its list was denied"), "{message}");
}

#[tokio::test(start_paused = true)]
async fn an_entrys_regions_restrict_its_regional_children() {
    let mut spec = access_points();
    spec[0]["regions"] = json!(["eu-west-1"]);
    assert_eq!(requests(&run(spec).await), ["eu-west-1 s3"]);
}

/// An item that names its region is called there, and reported where that region is not scanned.
#[tokio::test(start_paused = true)]
async fn item_with_region_is_called_in_that_region_only() {
    let spec = json!([{"service": "cloudfront", "function": "list_distributions", "each": [
        {"over": ".DistributionList.Items[].ViewerCertificate.ACMCertificateArn", "service": "acm",
         "function": "describe_certificate", "parameters": {"CertificateArn": "{.}"}}]}]);
    let answer = |request: &FakeRequest| match &*request.service {
        "cloudfront" => {
            let arn = |region| {
                format!(
                    "<DistributionSummary><ViewerCertificate><ACMCertificateArn>arn:aws:acm:{region}:1:certificate/1\
                     </ACMCertificateArn></ViewerCertificate></DistributionSummary>"
                )
            };
            FakeOutcome::ok(format!(
                "<DistributionList><Items>{}{}</Items></DistributionList>",
                arn("eu-west-1"),
                arn("us-east-1")
            ))
        }
        _ => FakeOutcome::ok(r#"{"Certificate": {}}"#),
    };
    let run = FakeRun { regions: REGIONS.to_vec(), ..FakeRun::new(answer, spec) }.finish().await;
    assert_eq!(requests(&run), ["eu-west-1 acm", "us-east-1 cloudfront"]);
    let elsewhere: Vec<&CallRecord> = run.records.iter().filter(|record| record.item.is_some()).collect();
    assert_eq!(elsewhere.len(), 1, "{elsewhere:?}");
    assert_eq!((elsewhere[0].status, &*elsewhere[0].region), (Status::Skipped, "eu-central-1"));
    assert_eq!(elsewhere[0].message.as_deref(), Some("it is in us-east-1, which is not scanned"));
}

#[tokio::test(start_paused = true)]
async fn buckets_of_a_global_call_are_asked_in_their_own_regions() {
    let spec = json!([{"service": "iam", "function": "list_users", "each": [
        {"over": ".Users[].UserName", "service": "s3", "function": "get_bucket_policy_status",
         "parameters": {"Bucket": "{.}"}}]}]);
    let answer = |request: &FakeRequest| match (&*request.service, &*request.path) {
        ("iam", _) => FakeOutcome::ok(
            "<ListUsersResponse><ListUsersResult><Users><member><UserName>here</UserName></member>\
             <member><UserName>there</UserName></member></Users></ListUsersResult></ListUsersResponse>",
        ),
        (_, path) if path.contains("location") => {
            let region =
                if path.contains("here") && !path.contains("there") { "eu-west-1" } else { "us-west-2" };
            FakeOutcome::ok(format!("<LocationConstraint>{region}</LocationConstraint>"))
        }
        _ => FakeOutcome::ok("<PolicyStatus><IsPublic>false</IsPublic></PolicyStatus>"),
    };
    let run = FakeRun { regions: REGIONS.to_vec(), ..FakeRun::new(answer, spec) }.finish().await;
    let regions: Vec<&str> = run
        .requests
        .iter()
        .filter(|(_, request)| request.path.contains("policyStatus"))
        .map(|(_, request)| &*request.region)
        .collect();
    assert_eq!(regions, ["eu-west-1"]);
    let looked_up = run.requests.iter().filter(|(_, request)| request.path.contains("location")).count();
    assert_eq!(looked_up, 2, "each bucket once");
    let reported = run.records.iter().filter(|record| record.item.is_some()).count();
    assert_eq!(reported, 1, "of the one in a region that is not scanned");
}

#[tokio::test(start_paused = true)]
async fn resume_finds_items_again_and_keeps_global_line() {
    let first = run(access_points()).await;
    let kept = first.records.iter().filter(|record| record.region != "eu-west-1").cloned().collect();
    let again =
        FakeRun { regions: REGIONS.to_vec(), earlier: Some(kept), ..FakeRun::new(answer, access_points()) };
    let again = again.finish().await;
    assert_eq!(lines(&again), ["eu-west-1 list_access_points ok"]);
    assert_eq!(requests(&again), ["eu-west-1 s3"]);
    assert_eq!(again.records[0].attempts, 2, "the request for the items counts as well");
}

#[tokio::test(start_paused = true)]
async fn regions_are_asked_again_when_the_global_line_is_missing() {
    let first = run(access_points()).await;
    let kept = first.records.iter().filter(|record| record.region != "global").cloned().collect();
    let again =
        FakeRun { regions: REGIONS.to_vec(), earlier: Some(kept), ..FakeRun::new(answer, access_points()) };
    assert_eq!(lines(&again.finish().await).len(), 3);
}

/// Returns an organization of three accounts, scanned from the second one, which is the management account.
fn organization() -> Surroundings {
    let id = |number: u32| AccountId::new(format!("{number:012}"));
    Surroundings {
        caller: Some(id(2)),
        is_organization: true,
        management: Some(id(2)),
        scanned: [id(1), id(2), id(3)].into(),
        delegated: [("guardduty.amazonaws.com".to_owned(), vec![id(3)])].into(),
        ..Surroundings::default()
    }
}

async fn run_in_organization(spec: Value) -> Finished {
    let run = FakeRun { accounts: 3, surroundings: Some(organization()), ..FakeRun::new(answer, spec) };
    run.finish().await
}

/// Returns account, function and status of each record, sorted.
fn by_account(run: &Finished) -> Vec<String> {
    let line = |record: &CallRecord| {
        format!("{} {} {}", &record.account.as_str()[11..], record.function, record.status)
    };
    let mut lines: Vec<String> = run.records.iter().map(line).collect();
    lines.sort();
    lines
}

/// A call that answers for the organization is sent once, and skipped in the other accounts.
#[tokio::test(start_paused = true)]
async fn organization_call_runs_once_and_is_skipped_elsewhere() {
    let spec = json!([{"service": "organizations", "function": "list_roots", "each": [
        {"over": ".Roots[].Id", "function": "list_accounts_for_parent", "parameters": {"ParentId": "{.}"}}]}]);
    let run = run_in_organization(spec).await;
    assert_eq!(
        by_account(&run),
        [
            "1 list_accounts_for_parent skipped",
            "1 list_roots skipped",
            "2 list_accounts_for_parent empty",
            "2 list_roots empty",
            "3 list_accounts_for_parent skipped",
            "3 list_roots skipped",
        ]
    );
    assert!(run.requests.iter().all(|(_, request)| request.account == "000000000002"), "{:?}", run.requests);
    assert!(run.records.iter().all(|record| !record.is_gap()));
    let skipped = run.records.iter().find(|record| record.status == Status::Skipped).expect("a line");
    let message = skipped.message.as_deref().unwrap_or_default();
    assert!(message.contains("only called in the management account 000000000002"), "{message}");
}

#[tokio::test(start_paused = true)]
async fn a_child_that_only_some_accounts_may_call_is_skipped_alone() {
    let spec = json!([{"service": "guardduty", "function": "list_detectors", "each": [
        {"over": ".DetectorIds[]", "function": "describe_organization_configuration",
         "parameters": {"DetectorId": "{.}"}}]}]);
    let answer = |request: &FakeRequest| {
        if request.path.contains("admin") {
            FakeOutcome::ok("{}")
        } else {
            FakeOutcome::ok(r#"{"detectorIds": ["d"]}"#)
        }
    };
    let run = FakeRun { accounts: 3, surroundings: Some(organization()), ..FakeRun::new(answer, spec) };
    let run = run.finish().await;
    assert_eq!(
        by_account(&run),
        [
            "1 describe_organization_configuration skipped",
            "1 list_detectors ok",
            "2 describe_organization_configuration skipped",
            "2 list_detectors ok",
            "3 describe_organization_configuration ok",
            "3 list_detectors ok",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn an_entry_may_name_its_accounts() {
    for (accounts, expected) in [
        (json!("management"), "000000000002"),
        (json!("delegated:guardduty.amazonaws.com"), "000000000003"),
        (json!(["000000000001"]), "000000000001"),
    ] {
        let spec = json!([{"service": "sqs", "function": "list_queues", "accounts": accounts}]);
        let run = run_in_organization(spec).await;
        assert_eq!(run.records.len(), 3);
        assert!(run.requests.iter().all(|(_, request)| request.account == expected), "{:?}", run.requests);
        assert_eq!(run.requests.len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn trails_are_described_in_their_home_region() {
    let spec = json!([{"service": "cloudtrail", "function": "describe_trails"}]);
    let run = run(spec).await;
    assert!(
        run.requests.iter().all(|(_, request)| request.body == r#"{"includeShadowTrails":false}"#),
        "{:?}",
        run.requests
    );
}
