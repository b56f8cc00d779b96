//! The main job: a scan of a whole organization writes what boto3 would answer, everywhere.

use serde_json::{Value, json};

use crate::sandbox::{Account, Expected, Finished, Moto, Sandbox, Tree};

/// The regions that the seeded accounts have resources in.
pub(crate) const REGIONS: [&str; 2] = ["us-east-1", "eu-central-1"];

/// A scan that ended, with what it left.
pub(crate) struct Scan {
    pub(crate) tree: Tree,
    pub(crate) run: Finished,
    /// Has the tree in it.
    _sandbox: Sandbox,
}

/// Runs `scan` over moto's organization with the spec, and compares everything it leaves with boto3's answers.
#[track_caller]
pub(crate) fn scan_and_compare(spec: &Value) -> Scan {
    compare_accounts(spec, |_| true)
}

/// Runs `scan` over the accounts of moto's organization without many resources, and compares everything it leaves with
/// boto3's answers.
#[track_caller]
pub(crate) fn scan_small_accounts_and_compare(spec: &Value) -> Scan {
    compare_accounts(spec, |account| account.name != "Many")
}

#[track_caller]
fn compare_accounts(spec: &Value, is_chosen: impl Fn(&Account) -> bool) -> Scan {
    let moto = Moto::shared();
    let user = &moto.organization;
    let sandbox = Sandbox::new().spec(spec).aws(&moto.endpoint, &user.access_key_id, &user.secret_access_key);
    let regions = REGIONS.join(",");
    // moto resets a connection now and then; what it cannot answer at all is soon given up.
    let retries = ["--max-retries", "3", "--retry-delay", "0.05"];
    // boto3 redacts nothing.
    let arguments = ["-s", "spec.json", "--organization-scan", "-r", &regions, "-o", "output", "--no-redact"];
    let active: Vec<&Account> = user.accounts.iter().filter(|account| account.state == "ACTIVE").collect();
    let accounts: Vec<&str> =
        active.iter().filter(|account| is_chosen(account)).map(|account| &*account.id).collect();
    let chosen = accounts.join(",");
    let choice = if accounts.len() == active.len() { vec![] } else { vec!["--accounts", &chosen] };
    let run = sandbox.run(arguments.into_iter().chain(retries).chain(choice));
    let tree = Tree::open(&sandbox.path("output"), "organization-");
    let expected = Expected::of(moto, spec, &accounts, &REGIONS, &tree);
    expected.compare_exit(&run);
    expected.compare(&tree, &run);
    #[cfg(unix)]
    tree.expect_private();
    Scan { tree, run, _sandbox: sandbox }
}

#[test]
fn every_account_region_and_service_equals_what_boto3_answers() {
    let spec = json!([
        {"service": "s3", "function": "list_buckets", "result_key": "Buckets"},
        {"service": "ec2", "function": "describe_instances", "result_key": "Reservations"},
        {"service": "ec2", "function": "describe_volumes", "result_key": "Volumes"},
        {"service": "ec2", "function": "describe_security_groups"},
        {"service": "ec2", "function": "describe_images", "parameters": {"Owners": ["self"]}},
        {"service": "ec2", "function": "describe_snapshots", "parameters": {"OwnerIds": ["self"]}},
        {"service": "dynamodb", "function": "list_tables", "result_key": "TableNames"},
        {"service": "elbv2", "function": "describe_load_balancers", "result_key": "LoadBalancers"},
        {"service": "elbv2", "function": "describe_target_groups"},
        {"service": "iam", "function": "list_roles", "result_key": "Roles"},
        {"service": "iam", "function": "list_users"},
        {"service": "iam", "function": "get_account_authorization_details"},
        {"service": "iam", "function": "get_account_summary"},
        {"service": "lambda", "function": "list_functions", "result_key": "Functions"},
        {"service": "organizations", "function": "describe_organization"},
        {"service": "sqs", "function": "list_queues", "result_key": "QueueUrls"},
        {"service": "sns", "function": "list_topics", "result_key": "Topics"},
        {"service": "sns", "function": "list_subscriptions"},
        {"service": "rds", "function": "describe_db_instances", "result_key": "DBInstances"},
        {"service": "ecs", "function": "list_clusters", "result_key": "clusterArns"},
        {"service": "ecs", "function": "list_task_definitions"},
        {"service": "eks", "function": "list_clusters"},
        {"service": "kms", "function": "list_keys", "result_key": "Keys"},
        {"service": "kms", "function": "list_aliases"},
        {"service": "route53", "function": "list_hosted_zones", "result_key": "HostedZones"},
        {"service": "cloudformation", "function": "describe_stacks", "result_key": "Stacks"},
        {"service": "cloudformation", "function": "list_stacks"},
    ]);
    let Scan { tree, run, .. } = &scan_and_compare(&spec);
    let organization = &Moto::shared().organization;
    let active = organization.accounts.iter().filter(|account| account.state == "ACTIVE");
    assert_eq!(tree.account_ids(), active.map(|account| account.id.clone()).collect());
    run.stdout_contains(&organization.management_account);
}

/// Calls that answer for the organization are sent in the management account.
/// Unlike AWS, moto answers members as well, so that boto3's answers are no comparison here.
#[test]
fn organization_calls_are_sent_in_management_account() {
    let moto = Moto::shared();
    let user = &moto.organization;
    let spec = json!([
        {"service": "organizations", "function": "list_accounts", "result_key": "Accounts"},
        {"service": "organizations", "function": "list_roots", "result_key": "Roots"},
    ]);
    let sandbox =
        Sandbox::new().spec(&spec).aws(&moto.endpoint, &user.access_key_id, &user.secret_access_key);
    let arguments = ["-s", "spec.json", "--organization-scan", "-r", "us-east-1", "-o", "output"];
    sandbox.run(arguments).expect_exit(0);
    let tree = Tree::open(&sandbox.path("output"), "organization-");
    let found = tree.result(&user.management_account, "global", "organizations");
    let accounts = found["list_accounts"].as_array().expect("a list").len();
    assert_eq!(accounts, user.accounts.len());
    for line in &tree.ledger {
        let expected = if line["account"] == *user.management_account { "ok" } else { "skipped" };
        assert_eq!(line["status"], expected, "{line}");
    }
}

#[test]
fn each_account_answers_for_itself() {
    let spec = json!([{"service": "sts", "function": "get_caller_identity", "result_key": ".Account"}]);
    let Scan { tree, .. } = &scan_and_compare(&spec);
    for account in tree.account_ids() {
        let found = tree.result(&account, "global", "sts");
        assert_eq!(found, json!({"get_caller_identity": [account]}), "credentials of another account");
    }
}

#[test]
fn a_filter_sees_all_pages_at_once() {
    let spec = json!([
        {"service": "ec2", "function": "describe_instances",
         "result_key": ".Reservations | map(.Instances | length) | add"},
        {"service": "dynamodb", "function": "list_tables", "result_key": ".TableNames | length"},
    ]);
    scan_and_compare(&spec);
}

#[test]
fn the_same_function_twice_keeps_both_results() {
    let spec = json!([
        {"service": "ec2", "function": "describe_instances",
         "parameters": {"Filters": [{"Name": "instance-state-name", "Values": ["running"]}]}},
        {"service": "ec2", "function": "describe_instances",
         "parameters": {"Filters": [{"Name": "instance-state-name", "Values": ["stopped"]}]}},
        {"service": "ec2", "function": "describe_instances", "name": "all", "result_key": "Reservations"},
    ]);
    scan_and_compare(&spec);
}

#[test]
fn child_calls_are_made_for_every_item_in_its_own_region() {
    let spec = json!([
        {"service": "dynamodb", "function": "list_tables", "result_key": "TableNames", "each": [
            {"over": ".TableNames[]", "function": "describe_table", "parameters": {"TableName": "{.}"},
             "result_key": "Table"},
        ]},
        {"service": "s3", "function": "list_buckets", "result_key": "Buckets", "each": [
            {"over": ".Buckets[]", "function": "get_bucket_versioning", "parameters": {"Bucket": "{.Name}"}},
        ]},
    ]);
    scan_and_compare(&spec);
}

#[test]
fn accounts_that_are_not_scanned_are_listed_with_the_reason() {
    let Scan { tree, .. } =
        &scan_and_compare(&json!([{"service": "sqs", "function": "list_queues", "result_key": "QueueUrls"}]));
    let organization = &Moto::shared().organization;
    assert_eq!(tree.accounts.len(), organization.accounts.len());
    for account in &organization.accounts {
        let listed: Vec<&Value> = tree.accounts.iter().filter(|listed| listed["id"] == *account.id).collect();
        let [listed] = listed[..] else { panic!("{}: {listed:?}", account.id) };
        assert_eq!(listed["name"], *account.name);
        let mentioned = listed.to_string().to_lowercase().contains("suspended");
        assert_eq!(mentioned, account.state == "SUSPENDED", "{listed}");
    }
}

#[test]
fn the_manifest_tells_what_was_run_by_whom() {
    let spec = json!([{"service": "sqs", "function": "list_queues", "result_key": "QueueUrls"}]);
    let Scan { tree, .. } = &scan_and_compare(&spec);
    let manifest = &tree.manifest;
    let user = &Moto::shared().organization;
    assert_eq!(manifest["format_version"], 2);
    assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest["state"], "finished");
    assert_eq!(manifest["caller"]["account"], *user.management_account);
    assert_eq!(manifest["spec"]["document"], spec);
    assert!(!manifest.to_string().contains(&user.secret_access_key), "the manifest has a secret");
}
