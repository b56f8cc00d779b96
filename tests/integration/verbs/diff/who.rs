//! `scan diff --who`: who made the changes, as CloudTrail knows it.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use aws_auto_inventory::simulator::World;
use serde_json::{Value, json};

use super::{ACCOUNT, REGION, Two, copy, folder_of, read};
use crate::sandbox::{Finished, Sandbox, Simulated};

/// The account in which the role may not look up events.
const DENIED: &str = "509984416235";

/// Changes what an account has in one place of the new run: a list in a result file.
#[track_caller]
fn edit(
    two: &Two,
    account: &str,
    place: &str,
    [service, function]: [&str; 2],
    change: impl FnOnce(&mut Vec<Value>),
) {
    let path: PathBuf = folder_of(&two.new_run(), account).join(place).join(format!("{service}.json"));
    let mut file = read(&path);
    change(file[function].as_array_mut().expect("a list"));
    fs::write(path, file.to_string()).expect("writes");
}

/// Changes functions of the new run: one is removed, two are changed, and one is added.
#[track_caller]
fn change_functions(two: &Two) {
    edit(two, ACCOUNT, REGION, ["lambda", "list_functions"], |functions| {
        let removed = functions.remove(0);
        functions[0]["MemorySize"] = json!(4711);
        functions[1]["MemorySize"] = json!(4711);
        let added = removed.to_string().replace("shop-staging-checkout", "shop-staging-returns");
        functions.push(serde_json::from_str(&added).expect("JSON"));
    });
}

/// Two runs of the demonstration with changes in two accounts and a global service.
fn changed() -> &'static Two {
    static CHANGED: OnceLock<Two> = OnceLock::new();
    CHANGED.get_or_init(|| {
        let two = Two::same("inventory", &["-r", "us-west-2"]);
        change_functions(&two);
        edit(&two, ACCOUNT, "global", ["iam", "list_roles"], |roles| {
            let is_it = |role: &&mut Value| role["RoleName"] == "shop-staging-catalog-role";
            roles.iter_mut().find(is_it).expect("the role")["Description"] = json!("changed");
        });
        edit(&two, DENIED, "us-west-2", ["lambda", "list_functions"], |functions| {
            functions[0]["MemorySize"] = json!(4711);
        });
        two
    })
}

/// Two runs of a simulated organization whose requests are counted, with changed functions.
fn counted() -> (Simulated, Two) {
    let aws = Simulated::new(World::demo());
    let sandbox = aws.sandbox();
    let scan = ["-s", "lambda", "--organization-scan", "-r", REGION, "-o", "output", "--run-name", "old"];
    sandbox.run(scan).expect_exit(4);
    copy(&sandbox.path("output/old"), &sandbox.path("output/new"));
    let two = Two { sandbox };
    change_functions(&two);
    (aws, two)
}

/// The number of lookups that were sent.
fn lookups(aws: &Simulated) -> u64 {
    let requests = aws.requests();
    requests.iter().filter(|((.., operation), _)| operation == "LookupEvents").map(|(_, count)| count).sum()
}

/// Who made each change: principal, role and event, or the reason why that is unknown.
#[track_caller]
fn who(diff: &Finished) -> BTreeMap<String, Value> {
    diff.expect_exit(0);
    let document: Value = serde_json::from_str(&diff.stdout).expect("one document of JSON");
    let changes = document["changes"].as_array().expect("changes");
    let who = |change: &Value| match &change["who"] {
        Value::Null => change["who_unknown"].clone(),
        events => {
            assert_eq!((events.as_array().map(Vec::len), &change["who_unknown"]), (Some(1), &Value::Null));
            json!([events[0]["principal"], events[0]["role"], events[0]["event"], events[0]["source"]])
        }
    };
    changes.iter().map(|change| (change["name"].as_str().expect("a name").to_owned(), who(change))).collect()
}

/// The creator is the first successful caller, the changer the last one that did not only read. Events of the same name
/// in other accounts and regions do not count.
#[test]
fn planted_callers_are_found_and_nothing_else() {
    let arn = |resource: &str| format!("arn:aws:{}", resource.replace("::", &format!("::{ACCOUNT}:")));
    let lambda = "lambda.amazonaws.com";
    let expected = json!({
        "shop-staging-returns": [arn("sts::assumed-role/Developer/anna"), arn("iam::role/Developer"),
            "CreateFunction20150331", lambda],
        "shop-staging-catalog": [arn("iam::user/ben"), null, "UpdateFunctionConfiguration20150331v2", lambda],
        "shop-staging-checkout": ["cloudformation.amazonaws.com", null, "DeleteFunction20150331", lambda],
        "shop-staging-orders": "no_event",
        "shop-staging-catalog-role": [arn("sts::assumed-role/Administrator/dora"), arn("iam::role/Administrator"),
            "UpdateRole", "iam.amazonaws.com"],
        "anna-checkout": "denied",
    });
    let found = who(&changed().diff(&["--who", "--format", "json"]));
    assert_eq!(json!(found), expected);
}

#[test]
fn who_is_in_every_format() {
    for format in ["text", "markdown", "html", "mail"] {
        let diff = changed().diff(&["--who", "--format", format]);
        diff.expect_exit(0)
            .stdout_contains(&format!("by arn:aws:iam::{ACCOUNT}:user/ben (UpdateFunctionConfiguration20150331v2, 20"))
            .stdout_contains("by unknown: no event in CloudTrail")
            .stdout_contains("by unknown: cloudtrail:LookupEvents is denied")
            .stdout_contains("allow cloudtrail:LookupEvents in the policies of role OrganizationAccountAccessRole in account 509984416235");
    }
}

/// Neither records of events nor files remain.
#[test]
fn nothing_is_stored_except_who() {
    let two = Two::same("lambda", &["--accounts", ACCOUNT, "-r", REGION]);
    change_functions(&two);
    let scratch = two.sandbox.path("scratch");
    fs::create_dir(&scratch).expect("a folder");
    let two = Two { sandbox: two.sandbox.env("TMPDIR", scratch.to_str().expect("a path")) };
    let diff = two.diff(&["--who", "--format", "json"]);
    assert_eq!(who(&diff).len(), 4);
    assert!(
        !diff.stdout.contains("eventVersion") && !diff.stdout.contains("CloudTrailEvent"),
        "{}",
        diff.report()
    );
    assert_eq!(fs::read_dir(scratch).expect("a folder").count(), 0);
}

#[test]
fn lookups_are_limited_and_dry_run_sends_nothing() {
    let (aws, two) = counted();
    let before = aws.requests();
    let dry = two.diff(&["--who", "--dry-run"]);
    dry.expect_exit(0)
        .stderr_contains("CloudTrail: 4 lookups in 1 account, at most 8 requests of LookupEvents")
        .stderr_contains(&format!("{ACCOUNT} {REGION}: 4 lookups, at most 8 requests"));
    assert!(!dry.stdout.contains("by unknown:"), "{}", dry.report());
    assert_eq!(aws.requests(), before);
    let limited = two.diff(&["--who", "--who-limit", "2", "--format", "json"]);
    limited.stderr_contains("at most 4 requests of LookupEvents");
    limited.stderr_contains("2 more changed resources are beyond --who-limit");
    let unknown = who(&limited).into_values().filter(|who| who == "beyond_limit").count();
    // The second resource is known by its ARN only, which is the second name.
    assert_eq!((unknown, lookups(&aws)), (2, 3));
}

#[test]
fn runs_older_than_the_events_are_not_looked_up() {
    let (aws, two) = counted();
    for run in ["old", "new"] {
        let path = two.sandbox.path("output").join(run).join("manifest.json");
        let mut manifest = read(&path);
        manifest["started"] = json!("2020-01-01T00:00:00Z");
        manifest["finished"] = json!("2020-01-01T00:10:00Z");
        fs::write(path, manifest.to_string()).expect("writes");
    }
    let before = aws.requests();
    let diff = two.diff(&["--who", "--format", "json"]);
    diff.stderr_contains("nothing is looked up");
    assert!(who(&diff).values().all(|who| who == "too_old"));
    assert_eq!(aws.requests(), before);
}

/// The comparison does not need the lookups.
#[test]
fn wrong_credentials_do_not_fail_the_comparison() {
    let (aws, two) = counted();
    let sandbox: Sandbox = two.sandbox.aws(&aws.url(), "AKIAIOSFODNN7EXAMPLE", "wrong");
    let diff = Two { sandbox }.diff(&["--who", "--format", "json"]);
    assert!(who(&diff).values().all(|who| who == "failed"), "{}", diff.report());
    diff.stdout_contains("CloudTrail: ");
}
