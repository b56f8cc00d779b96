//! The organizational units and the tags of accounts: how they are found, and where they are to be seen.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use aws_auto_inventory::simulator::{Behaviour, SimulatedError, Site, World};
use serde_json::{Map, Value, json};

use crate::sandbox::{Answer, Finished, Moto, Question, Sandbox, Simulated, Tree};

const MANAGEMENT: &str = "104205104205";
const SHOP: &str = "310055471926";
const SCAN: [&str; 5] = ["-s", "spec.json", "--organization-scan", "--run-name", "run"];

/// The simulated company, and a sandbox whose spec has one call.
fn company() -> (Simulated, Sandbox) {
    let aws = Simulated::new(World::demo());
    let sandbox = aws.sandbox().spec(&json!([{"service": "iam", "function": "list_account_aliases"}]));
    (aws, sandbox)
}

/// Denies these operations from now on.
fn deny(aws: &Simulated, operations: &'static [&'static str]) {
    aws.fault(move |site: &Site<'_>| {
        let denied = || SimulatedError::new(400, "AccessDeniedException", "You don't have permissions.");
        operations.contains(&site.operation).then(|| Behaviour::Refuse(denied()))
    });
}

/// The accounts that a run lists, by ID.
#[track_caller]
fn accounts(run: &Path) -> BTreeMap<String, Value> {
    let text = fs::read_to_string(run.join("accounts.json")).expect("a list of accounts");
    let accounts: Vec<Value> = serde_json::from_str(&text).expect("JSON");
    accounts.into_iter().map(|account| (account["id"].as_str().expect("an ID").to_owned(), account)).collect()
}

/// The names of the units of an account.
fn units(account: &Value) -> Vec<&str> {
    let units = account["ou_path"].as_array().expect("units").iter();
    units.map(|unit| unit["name"].as_str().expect("a name")).collect()
}

#[track_caller]
fn scan(sandbox: &Sandbox, more: &[&str]) -> Finished {
    sandbox.run([&SCAN, more].concat())
}

#[test]
fn accounts_have_units_from_root_down_and_tags() {
    let (_aws, sandbox) = company();
    let run = scan(&sandbox, &[]);
    assert!(run.stderr.is_empty(), "{}", run.report());
    let accounts = accounts(&sandbox.path("output/run"));
    assert_eq!(units(&accounts[MANAGEMENT]), ["Root"]);
    assert_eq!(units(&accounts[SHOP]), ["Root", "Workloads", "Production"]);
    let ids: Vec<&Value> =
        accounts[SHOP]["ou_path"].as_array().expect("units").iter().map(|unit| &unit["id"]).collect();
    assert_eq!(ids, ["r-h3rn", "ou-h3rn-2a7c2d9e", "ou-h3rn-3a7c2d9e"]);
    assert_eq!(accounts[SHOP]["tags"]["owner"], "shop");
    assert!(accounts.values().all(|account| account["tags"].is_object()), "{accounts:#?}");
}

/// With ten thousand accounts, requests for each account would take longer than the scan.
#[test]
fn details_need_few_requests_for_any_number_of_accounts() {
    let (aws, sandbox) = company();
    scan(&sandbox, &[]);
    let requests = aws.requests();
    let count = |wanted: &str| -> u64 {
        requests.iter().filter(|((.., operation), _)| operation == wanted).map(|(_, count)| count).sum()
    };
    let of = ["ListRoots", "ListOrganizationalUnitsForParent", "GetResources"].map(count);
    // Of the units, only the root and Workloads have units below them.
    assert_eq!(of, [1, 2, 1]);
    assert_eq!(["ListAccountsForParent", "ListTagsForResource", "ListParents"].map(count), [0, 0, 0]);
}

/// Denied details are unknown: one warning, an entry in the manifest, and null instead of empty.
#[test]
fn denied_tags_do_not_end_the_run_and_are_reported_once() {
    let (aws, sandbox) = company();
    deny(&aws, &["GetResources", "ListTagsForResource"]);
    let run = scan(&sandbox, &["--accounts", SHOP]);
    run.expect_exit(0);
    let warning =
        "the tags of the accounts are unknown; they need tag:GetResources, organizations:ListTagsForResource";
    assert_eq!(run.stderr.matches(warning).count(), 1, "{}", run.report());
    let accounts = accounts(&sandbox.path("output/run"));
    assert!(accounts.values().all(|account| account["tags"].is_null()), "{accounts:#?}");
    assert_eq!(units(&accounts[SHOP]), ["Root", "Workloads", "Production"]);
    let manifest: Value =
        serde_json::from_str(&fs::read_to_string(sandbox.path("output/run/manifest.json")).expect("a file"))
            .expect("JSON");
    let [detail] = &manifest["unknown_account_details"].as_array().expect("a list")[..] else {
        panic!("{manifest:#}")
    };
    assert_eq!(detail["field"], "tags");
    assert_eq!(detail["actions"], json!(["tag:GetResources", "organizations:ListTagsForResource"]));
    assert!(
        detail["message"].as_str().is_some_and(|cause| cause.contains("AccessDeniedException")),
        "{detail}"
    );
}

#[test]
fn denied_units_are_unknown_while_tags_are_known() {
    let (aws, sandbox) = company();
    deny(&aws, &["ListOrganizationalUnitsForParent"]);
    let run = scan(&sandbox, &["--accounts", SHOP]);
    run.expect_exit(0).stderr_contains("the organizational units of the accounts are unknown");
    let accounts = accounts(&sandbox.path("output/run"));
    assert!(accounts.values().all(|account| account["ou_path"].is_null()), "{accounts:#?}");
    assert_eq!(accounts[SHOP]["tags"]["owner"], "shop");
}

#[test]
fn secret_in_tag_of_account_is_redacted() {
    let (aws, sandbox) = company();
    aws.fault(|site: &Site<'_>| {
        let arn = format!("arn:aws:organizations::{MANAGEMENT}:account/o-bh1h3r0n5x/{SHOP}");
        let tags = json!([{"Key": "note", "Value": "AKIAQWERTYUIOPASDFGH"}]);
        let tagged = json!({"ResourceTagMappingList": [{"ResourceARN": arn, "Tags": tags}]});
        let members: Map<String, Value> = tagged.as_object().expect("members").clone();
        (site.operation == "GetResources").then(|| Behaviour::Answer(members))
    });
    scan(&sandbox, &["--accounts", SHOP]);
    assert_eq!(accounts(&sandbox.path("output/run"))[SHOP]["tags"]["note"], "[redacted]");
    scan(&sandbox, &["--accounts", SHOP, "--no-redact"]);
    assert_eq!(accounts(&sandbox.path("output/run-2"))[SHOP]["tags"]["note"], "AKIAQWERTYUIOPASDFGH");
}

/// A resumed run keeps the details that it was started with.
#[test]
fn resumed_run_takes_over_details() {
    let (aws, sandbox) = company();
    scan(&sandbox, &["--accounts", SHOP]).expect_exit(0);
    let folder = sandbox.path("output/run");
    let before = accounts(&folder);
    // As a process leaves it that was killed before its first call ended.
    let manifest = fs::read_to_string(folder.join("manifest.json")).expect("a manifest");
    fs::write(folder.join("manifest.json"), manifest.replace("\"finished\"", "\"running\"")).expect("writes");
    fs::write(folder.join("ledger.ndjson"), "").expect("writes");
    deny(&aws, &["GetResources", "ListTagsForResource", "ListRoots"]);
    let run = sandbox.run(["resume", "output/run"]);
    run.expect_exit(0);
    assert!(!run.stderr.contains("unknown"), "{}", run.report());
    assert_eq!(accounts(&folder), before);
}

/// A run that is killed may end before the details were found, and has that in its manifest.
#[test]
fn resumed_run_looks_up_missing_details() {
    let (_aws, sandbox) = company();
    scan(&sandbox, &["--accounts", SHOP]).expect_exit(0);
    let folder = sandbox.path("output/run");
    let before = accounts(&folder);
    let edit = |file: &str, change: &dyn Fn(&mut Value)| {
        let path = folder.join(file);
        let mut content: Value =
            serde_json::from_str(&fs::read_to_string(&path).expect("a file")).expect("JSON");
        change(&mut content);
        fs::write(path, content.to_string()).expect("writes");
    };
    edit("manifest.json", &|manifest| {
        manifest["state"] = "running".into();
        let unknown = |field: &str| json!({"field": field, "actions": [], "message": "the run ended"});
        manifest["unknown_account_details"] = ["ou_path", "tags"].map(unknown).into();
    });
    edit("accounts.json", &|accounts| {
        for account in accounts.as_array_mut().expect("accounts") {
            (account["ou_path"], account["tags"]) = (Value::Null, Value::Null);
        }
    });
    fs::write(folder.join("ledger.ndjson"), "").expect("writes");
    sandbox.run(["resume", "output/run"]).expect_exit(0);
    assert_eq!(accounts(&folder), before);
    let manifest = fs::read_to_string(folder.join("manifest.json")).expect("a manifest");
    assert!(!manifest.contains("unknown_account_details"), "{manifest}");
}

/// Each shard looks up the tags of its accounts where that takes a request for each; the merged run has all.
#[test]
fn merged_shards_have_details_of_all_accounts() {
    let (aws, sandbox) = company();
    deny(&aws, &["GetResources"]);
    for shard in ["1/2", "2/2"] {
        sandbox.run([&SCAN[..], &["-o", "shards", "--shard", shard]].concat());
    }
    sandbox.run(["merge", "shards/run", "-o", "whole"]).expect_exit(0);
    let whole = accounts(&sandbox.path("whole"));
    for account in whole.values().filter(|account| account["selected"] == true) {
        assert!(account["tags"]["owner"].is_string() && account["ou_path"].is_array(), "{account:#}");
    }
    let asked: u64 = aws
        .requests()
        .iter()
        .filter(|((.., operation), _)| operation == "ListTagsForResource")
        .map(|(_, count)| count)
        .sum();
    let scanned = whole.values().filter(|account| account["selected"] == true).count();
    assert_eq!(asked, scanned as u64, "each account is looked up by one shard");
}

#[test]
fn resources_are_grouped_by_unit_and_by_tag_of_account() {
    let sandbox = Sandbox::new();
    sandbox.run(["demo", "-s", "s3", "-r", "eu-central-1", "-o", "output", "--run-name", "run"]);
    let rows = |query: &str| -> Vec<Value> {
        let run = sandbox.run(["query", "output/run", query, "--format", "json"]);
        serde_json::from_str(&run.stdout).expect("rows")
    };
    let by_unit = rows(
        "SELECT account_ou, resources, accounts FROM resources_per_ou WHERE account_ou LIKE '%/Production'",
    );
    let [production] = &by_unit[..] else { panic!("{by_unit:?}") };
    assert_eq!(production["account_ou"], "Root/Workloads/Production");
    assert_eq!(production["accounts"], 4);
    let of_unit = rows(
        "SELECT count(*) AS resources FROM resources JOIN accounts USING (account) \
        WHERE accounts.ou_path = 'Root/Workloads/Production' \
        AND accounts.ou_ids = 'r-h3rn/ou-h3rn-2a7c2d9e/ou-h3rn-3a7c2d9e'",
    );
    assert_eq!(of_unit[0]["resources"], production["resources"]);
    let by_tag = |table: &str| {
        rows(&format!(
            "SELECT account_tags ->> 'owner' AS owner, count(*) AS found FROM {table} GROUP BY owner"
        ))
    };
    let owners = by_tag("s3_bucket");
    assert!(owners.iter().any(|row| row["owner"] == "shop"), "{owners:?}");
    assert_eq!(owners, by_tag("resources"));
    let tags =
        rows("SELECT tags ->> 'owner' AS owner, email FROM accounts WHERE account_name = 'shop-production'");
    assert_eq!(tags, [json!({"owner": "shop", "email": "aws+shop@blue-heron.example"})]);
}

/// What boto3 answers to a function of Organizations for an account or a unit.
fn question(account: &str, function: &str, parameters: Value) -> Question {
    Question {
        account: account.to_owned(),
        region: "us-east-1".to_owned(),
        service: "organizations".to_owned(),
        function: function.to_owned(),
        parameters,
    }
}

/// The answer to one question, if it is no error.
fn ask(moto: &Moto, function: &str, parameters: Value) -> Value {
    let answers = moto.truth(&[question(&moto.organization.management_account, function, parameters)]);
    match answers.into_iter().next().expect("an answer") {
        Answer::Answer(answer) => answer,
        Answer::Error(code) => panic!("{function}: {code}"),
    }
}

/// moto's list of accounts has no paths, and its tagging API no accounts.
#[test]
fn details_equal_those_that_boto3_finds() {
    let moto = Moto::shared();
    let user = &moto.organization;
    let sandbox = Sandbox::new()
        .aws(&moto.endpoint, &user.access_key_id, &user.secret_access_key)
        .spec(&json!([{"service": "sqs", "function": "list_queues"}]));
    scan(&sandbox, &["-r", "us-east-1"]).expect_exit(0);
    let tree = Tree::open(&sandbox.path("output"), "run");
    for name in ["master", "Audit", "Log Archive", "Many", "Closed 7"] {
        let account = tree.accounts.iter().find(|account| account["name"] == name).expect("an account");
        let mut child = account["id"].as_str().expect("an ID").to_owned();
        let mut expected = Vec::new();
        loop {
            let parents = ask(moto, "list_parents", json!({"ChildId": child}));
            let parent = &parents["Parents"][0];
            child = parent["Id"].as_str().expect("an ID").to_owned();
            if parent["Type"] == "ROOT" {
                expected.insert(0, json!({"id": child, "name": "Root"}));
                break;
            }
            let unit = ask(moto, "describe_organizational_unit", json!({"OrganizationalUnitId": child}));
            expected.insert(0, json!({"id": child, "name": unit["OrganizationalUnit"]["Name"]}));
        }
        assert_eq!(account["ou_path"], json!(expected), "{name}");
        if account["selected"] == true {
            let tags = ask(moto, "list_tags_for_resource", json!({"ResourceId": account["id"]}));
            let tags = tags["Tags"].as_array().expect("tags").iter();
            let tags: Map<String, Value> = tags
                .map(|tag| (tag["Key"].as_str().expect("a key").to_owned(), tag["Value"].clone()))
                .collect();
            assert_eq!(account["tags"], Value::Object(tags), "{name}");
        }
    }
    let nested = tree.accounts.iter().find(|account| account["name"] == "Log Archive").expect("an account");
    assert_eq!(units(nested), ["Root", "Workloads", "Logs / EU"]);
}
