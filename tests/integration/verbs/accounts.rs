//! Which accounts of an organization are scanned, and what is recorded about the others.

use std::collections::BTreeSet;

use aws_auto_inventory::simulator::{Behaviour, SimulatedError, Site, World};
use serde_json::{Value, json};

use crate::sandbox::{Finished, Moto, Sandbox, Simulated, Tree};

const MANAGEMENT: &str = "104205104205";
const NETWORK: &str = "205518740093";
const SHOP: &str = "310055471926";
const SHOP_STAGING: &str = "416620593301";
const SUSPENDED: &str = "598371140026";
const PRODUCTION: [&str; 4] = ["310055471926", "327714509938", "344601228857", "350988127746"];
const STAGING: [&str; 3] = ["416620593301", "423358811694", "431175926608"];

/// A call that every account can answer, in one place.
fn spec() -> Value {
    json!([{"service": "iam", "function": "list_account_aliases"}])
}

/// The simulated company, and a sandbox that scans it.
fn company() -> (Simulated, Sandbox) {
    let aws = Simulated::new(World::demo());
    let sandbox = aws.sandbox().spec(&spec());
    (aws, sandbox)
}

fn scan(sandbox: &Sandbox, arguments: &[&str]) -> Finished {
    sandbox.run([&["-s", "spec.json"], arguments].concat())
}

/// Scans the organization with these filters.
fn scan_organization(sandbox: &Sandbox, filters: &[&str]) -> Finished {
    scan(sandbox, &[&["--organization-scan"], filters].concat())
}

/// The accounts that the one run in the sandbox called.
fn asked(sandbox: &Sandbox) -> BTreeSet<String> {
    let tree = Tree::open(&sandbox.path("output"), "");
    let accounts: BTreeSet<String> =
        tree.ledger.iter().filter_map(|line| line["account"].as_str()).map(str::to_owned).collect();
    let selected = tree.accounts.iter().filter(|account| account["selected"] == true);
    let selected: BTreeSet<String> =
        selected.filter_map(|account| account["id"].as_str()).map(str::to_owned).collect();
    assert_eq!(accounts, selected, "accounts.json and the ledger differ");
    accounts
}

#[track_caller]
fn expect_accounts(filters: &[&str], expected: &[&str]) {
    let (_aws, sandbox) = company();
    let run = scan_organization(&sandbox, filters);
    assert!(run.stderr.is_empty(), "{}", run.report());
    assert_eq!(asked(&sandbox), expected.iter().map(ToString::to_string).collect(), "{filters:?}");
}

/// Ends the test unless the run is refused with this text before any account is entered.
#[track_caller]
fn expect_refusal(filters: &[&str], texts: &[&str]) {
    let (aws, sandbox) = company();
    let run = scan_organization(&sandbox, filters);
    run.expect_exit(2).stderr_is_one_paragraph();
    for text in texts {
        run.stderr_contains(text);
    }
    let requests = aws.requests();
    let entered =
        requests.keys().any(|(_, _, service, operation)| service == "iam" || operation == "AssumeRole");
    assert!(!entered, "an account was entered: {requests:?}");
    assert!(!sandbox.path("output").exists(), "a folder was made");
}

#[test]
fn accounts_can_be_named_and_left_out() {
    expect_accounts(&["--accounts", SHOP, NETWORK], &[SHOP, NETWORK]);
    let excluded = ["--accounts", SHOP, NETWORK, "--exclude-accounts", NETWORK];
    expect_accounts(&excluded, &[SHOP]);
}

#[test]
fn a_unit_stands_for_the_accounts_in_it_and_below_it() {
    let both: Vec<&str> = PRODUCTION.into_iter().chain(STAGING).collect();
    expect_accounts(&["--ou", "Root/Workloads"], &both);
    expect_accounts(&["--ou", "Workloads/Production"], &PRODUCTION);
    expect_accounts(&["--ou", "ou-h3rn-3a7c2d9e"], &PRODUCTION);
    expect_accounts(&["--ou", "Workloads", "--exclude-ou", "Workloads/Staging"], &PRODUCTION);
    // Directly below the root are the management account and a suspended one.
    expect_accounts(&["--ou", "r-h3rn", "--no-recursive-ou"], &[MANAGEMENT]);
}

#[test]
fn account_tags_are_ored_per_key_and_anded_between_keys() {
    expect_accounts(&["--account-tag", "owner=shop"], &[SHOP]);
    let two = ["--account-tag", "owner=shop", "--account-tag", "owner=shop-staging"];
    expect_accounts(&two, &[SHOP, SHOP_STAGING]);
    let narrowed = [&two[..], &["--ou", "Workloads/Staging"]].concat();
    expect_accounts(&narrowed, &[SHOP_STAGING]);
}

#[test]
fn the_management_account_can_be_added_and_left_out() {
    expect_accounts(
        &["--ou", "Workloads/Production", "--include-management"],
        &[&[MANAGEMENT], &PRODUCTION[..]].concat(),
    );
    expect_accounts(&["--accounts", MANAGEMENT, SHOP, "--skip-management"], &[SHOP]);
}

#[test]
fn unknown_account_or_unit_suggests_nearest_name() {
    expect_refusal(&["--accounts", "310055471927"], &["310055471927 is not in the organization", SHOP]);
    expect_refusal(&["--exclude-accounts", "310055471927"], &["--exclude-accounts: account 310055471927"]);
    expect_refusal(
        &["--ou", "Root/Workloads/Prodution"],
        &["no unit `Prodution` in Root/Workloads; did you mean `Production`?", "Production, Staging"],
    );
    expect_refusal(&["--ou", "ou-h3rn-zzzzzzzz"], &["no unit ou-h3rn-zzzzzzzz in the organization"]);
    expect_refusal(&["--ou", "r-none"], &["the organization's root is r-h3rn"]);
    expect_refusal(&["--account-tag", "owner=shoop"], &["has the tag", "did you mean `shop`"]);
    expect_refusal(&["--account-tag", "ownr=shop"], &["did you mean `owner`?"]);
}

#[test]
fn a_filter_that_leaves_nothing_is_refused() {
    expect_refusal(&["--ou", "Workloads", "--no-recursive-ou"], &["no account is in --ou Workloads"]);
    expect_refusal(&["--accounts", SUSPENDED], &["no account to scan", "1 × the account is suspended"]);
    expect_refusal(
        &["--accounts", SHOP, "--ou", "Sandbox"],
        &["no account to scan", "excluded by --accounts"],
    );
}

#[test]
fn organizations_is_asked_for_no_more_than_the_filters_need() {
    // A plan has no details of accounts.
    let asked_of = |filters: &[&str]| -> Vec<(String, u64)> {
        let (aws, sandbox) = company();
        let plan = ["plan", "-s", "spec.json", "--organization-scan", "-r", "us-east-1"];
        sandbox.run([&plan, filters].concat()).expect_exit(0);
        let requests = aws.requests().into_iter();
        requests
            .filter(|((_, _, service, _), _)| service == "organizations")
            .map(|((_, _, _, operation), count)| (operation, count))
            .filter(|(operation, _)| !matches!(&**operation, "DescribeOrganization" | "ListAccounts"))
            .collect()
    };
    assert_eq!(asked_of(&["--accounts", SHOP]), []);
    assert_eq!(asked_of(&["--ou", "ou-h3rn-3a7c2d9e"]), [("DescribeOrganizationalUnit".to_owned(), 1)]);
    let by_path = [("ListOrganizationalUnitsForParent".to_owned(), 2), ("ListRoots".to_owned(), 1)];
    assert_eq!(asked_of(&["--ou", "Workloads/Production", "Workloads/Staging"]), by_path);
    // Tags of accounts that another filter excludes do not matter.
    let tags = asked_of(&["--accounts", SHOP, SHOP_STAGING, "--account-tag", "owner=shop"]);
    assert_eq!(tags, [("ListTagsForResource".to_owned(), 2)]);
}

/// The list of accounts gives the reason why an account is not scanned, and the outcome of the others.
#[test]
fn account_list_gives_reason_and_outcome_of_each() {
    let (_aws, sandbox) = company();
    scan_organization(&sandbox, &["--exclude-ou", "Workloads", "--exclude-accounts", NETWORK]).expect_exit(4);
    let tree = Tree::open(&sandbox.path("output"), "organization-");
    let account = |id: &str| tree.accounts.iter().find(|account| account["id"] == *id).expect("an account");
    let told = |id: &str| {
        let account = account(id);
        ["selected", "excluded_by", "reason", "outcome"].map(|field| account[field].clone())
    };
    let (none, excluded_by) = (Value::Null, |by: &str| json!(format!("excluded by {by}")));
    assert_eq!(told(SHOP), [json!(false), json!("exclude_ou"), excluded_by("--exclude-ou"), none.clone()]);
    let excluded = [json!(false), json!("exclude_accounts"), excluded_by("--exclude-accounts"), none.clone()];
    assert_eq!(told(NETWORK), excluded);
    let suspended = json!("the account is suspended");
    assert_eq!(told(SUSPENDED), [json!(false), none.clone(), suspended, none.clone()]);
    assert_eq!(told(MANAGEMENT), [json!(true), none.clone(), none.clone(), json!("complete")]);
    // Its role refuses everybody.
    assert_eq!(told("515230977148"), [json!(true), none.clone(), none.clone(), json!("not_entered")]);
    let filters = &tree.manifest["settings"]["account_filters"];
    assert_eq!(*filters, json!(["--exclude-accounts 205518740093", "--exclude-ou Workloads"]));
}

#[test]
fn a_plan_is_about_the_accounts_that_are_chosen() {
    let (_aws, sandbox) = company();
    let run = sandbox.run([
        "plan",
        "-s",
        "spec.json",
        "--organization-scan",
        "--ou",
        "Workloads/Production",
        "--json",
    ]);
    run.expect_exit(0);
    let plan: Value = serde_json::from_str(&run.stdout).expect("a document");
    assert_eq!((&plan["accounts"]["found"], &plan["accounts"]["to_scan"]), (&json!(15), &json!(4)));
    let reasons = plan["accounts"]["not_scanned"].as_array().expect("a list").iter();
    assert!(reasons.clone().any(|account| account["reason"] == "excluded by --ou"), "{plan}");
}

#[test]
fn a_resumed_run_keeps_to_the_accounts_that_were_chosen() {
    let (aws, sandbox) = company();
    scan_organization(&sandbox, &["--account-tag", "owner=shop"]).expect_exit(0);
    let run = Tree::open(&sandbox.path("output"), "organization-");
    let folder =
        std::fs::read_dir(sandbox.path("output")).expect("results").next().expect("a run").expect("a run");
    // As a process leaves it that was killed before its first call ended.
    let manifest = json!(run.manifest).to_string().replace("\"finished\"", "\"running\"");
    std::fs::write(folder.path().join("manifest.json"), manifest).expect("a manifest");
    std::fs::write(folder.path().join("ledger.ndjson"), "").expect("a ledger");
    let before = aws.requests();
    sandbox.run(["resume".as_ref(), folder.path().as_os_str()]).expect_exit(0);
    assert_eq!(asked(&sandbox), BTreeSet::from([SHOP.to_owned()]));
    assert_eq!(Tree::open(&sandbox.path("output"), "organization-").accounts, run.accounts);
    let tags = |requests: &crate::sandbox::simulated::Requests| -> u64 {
        requests
            .iter()
            .filter(|((.., operation), _)| operation == "ListTagsForResource")
            .map(|(_, count)| count)
            .sum()
    };
    assert_eq!(tags(&before), tags(&aws.requests()), "the filters were asked again");
}

#[test]
fn named_accounts_are_entered_without_asking_the_organization() {
    let (aws, sandbox) = company();
    let run = scan(&sandbox, &["--accounts", SHOP, NETWORK]);
    run.expect_exit(0).stdout_contains("Scanning 2 of 2 accounts");
    assert_eq!(asked(&sandbox), BTreeSet::from([SHOP.to_owned(), NETWORK.to_owned()]));
    let requests = aws.requests();
    assert!(!requests.keys().any(|(_, _, service, _)| service == "organizations"), "{requests:?}");
    let tree = Tree::open(&sandbox.path("output"), "2");
    assert_eq!(tree.manifest["settings"]["role_name"], "OrganizationAccountAccessRole");
    assert_eq!(tree.manifest["organization"], Value::Null);
}

#[test]
fn a_file_of_accounts_is_read_also_from_standard_input() {
    let listed = json!({"Accounts": [{"Id": SHOP, "Name": "shop", "Status": "ACTIVE"},
                                     {"Id": SUSPENDED, "Name": "old", "Status": "SUSPENDED"}]});
    let (_aws, sandbox) = company();
    let sandbox = sandbox.file("accounts.json", &listed.to_string());
    let run = sandbox.shell("scan -s spec.json --accounts-file - < accounts.json");
    run.expect_exit(0).stdout_contains("Scanning 1 of 2 accounts");
    assert_eq!(asked(&sandbox), BTreeSet::from([SHOP.to_owned()]));
    let tree = Tree::open(&sandbox.path("output"), "2");
    assert_eq!(tree.accounts[0]["folder"], format!("{SHOP}-shop"));
    let run = sandbox.shell("scan -s - --accounts-file - < accounts.json");
    run.expect_exit(2).stderr_contains("standard input cannot be both");
}

#[test]
fn tags_that_may_not_be_read_end_the_run_and_leave_a_way_out() {
    let (aws, sandbox) = company();
    aws.fault(|site: &Site<'_>| {
        let denied = || SimulatedError::new(400, "AccessDeniedException", "You don't have permissions.");
        (site.operation == "ListTagsForResource").then(|| Behaviour::Refuse(denied()))
    });
    let run = scan_organization(&sandbox, &["--account-tag", "owner=shop"]);
    run.expect_exit(3).stderr_is_one_paragraph();
    run.stderr_contains("is not allowed to call organizations:ListTagsForResource")
        .stderr_contains("with --accounts");
}

/// A sandbox in the large organization of moto.
fn in_moto() -> Sandbox {
    let moto = Moto::shared();
    let user = &moto.organization;
    Sandbox::new()
        .aws(&moto.endpoint, &user.access_key_id, &user.secret_access_key)
        .spec(&json!([{"service": "sqs", "function": "list_queues"}]))
}

#[test]
fn tags_are_those_that_moto_has() {
    let sandbox = in_moto();
    let tags = ["--account-tag", "resources=many", "--account-tag", "resources=none"];
    scan_organization(&sandbox, &[&tags[..], &["-r", "us-east-1"]].concat()).expect_exit(0);
    let accounts = &Moto::shared().organization.accounts;
    let wanted = accounts.iter().filter(|its| ["Many", "Untouched"].contains(&&*its.name));
    assert_eq!(asked(&sandbox), wanted.map(|its| its.id.clone()).collect());
}

/// Units are found as well where the list of accounts does not contain them.
/// moto's list of accounts has no place in the tree, so that it has to be walked.
#[test]
fn units_are_found_by_walking_tree() {
    let user = &Moto::shared().organization;
    let sandbox = in_moto();
    let run = scan_organization(&sandbox, &["--ou", "Root/Workloads", "-r", "us-east-1"]);
    run.expect_exit(0);
    let of_name =
        |name: &str| user.accounts.iter().find(|its| its.name == name).expect("an account").id.clone();
    let members = ["Audit", "Log Archive", "Data/Lake: prod \\ 50%", "Many", "Untouched"].map(of_name);
    assert_eq!(asked(&sandbox), members.into());
    let run = scan_organization(&sandbox, &["--ou", "Root/Worklods", "-r", "us-east-1"]);
    run.expect_exit(2).stderr_contains("did you mean `Workloads`?");
}
