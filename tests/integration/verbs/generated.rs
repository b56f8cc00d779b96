//! What the program makes of its command line, models and formats: completions, manual pages, schema,
//! version.

use std::fs;

use serde_json::Value;

use crate::sandbox::{Sandbox, interpreter, program};

/// The verbs that `--help` shows.
pub(super) fn verbs() -> Vec<String> {
    let help = Sandbox::new().run(["--help"]).stdout;
    let commands = help.split_once("Commands:\n").expect("verbs").1.split_once("\n\n").expect("an end").0;
    let verbs = commands.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    verbs.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

#[test]
fn every_verb_has_a_manual_page() {
    let sandbox = Sandbox::new();
    sandbox.run(["man", "pages/man1"]).expect_exit(0);
    let page =
        |name: &str| fs::read_to_string(sandbox.path(&format!("pages/man1/{name}.1"))).expect("a page");
    assert!(page("scan").contains("organization\\-scan"), "{}", page("scan"));
    for verb in verbs().iter().filter(|verb| *verb != "help") {
        assert!(page(&format!("scan-{verb}")).contains(".SH DESCRIPTION"), "{verb}");
    }
}

#[test]
fn completions_and_pages_have_the_name_of_the_package() {
    let sandbox = Sandbox::new();
    std::os::unix::fs::symlink(program(), sandbox.path("aws-auto-inventory")).expect("a link");
    let run = sandbox.shell("./aws-auto-inventory completions bash && ./aws-auto-inventory man pages");
    run.expect_exit(0).stdout_contains("-F _clap_complete_aws_auto_inventory aws-auto-inventory");
    let page = fs::read_to_string(sandbox.path("pages/aws-auto-inventory-plan.1")).expect("a page");
    assert!(page.contains("aws\\-auto\\-inventory plan"), "{page}");
    assert!(!sandbox.path("pages/scan.1").exists());
}

#[test]
fn the_schema_of_specs_is_a_schema_that_the_samples_fit() {
    let sandbox = Sandbox::new();
    let run = sandbox.shell("scan schema > schema.json");
    run.expect_exit(0);
    let schema: Value =
        serde_json::from_slice(&fs::read(sandbox.path("schema.json")).expect("a file")).expect("JSON");
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let sandbox = sandbox
        .file("right.json", r#"[{"service": "sqs", "function": "list_queues"}]"#)
        .file("wrong.json", r#"[{"service": "sqs", "functoin": "list_queues"}]"#);
    let calls = &schema["$defs"]["functions"]["allOf"];
    let of_queues = calls
        .as_array()
        .expect("rules")
        .iter()
        .find(|rule| rule["if"]["properties"]["service"]["const"] == "sqs");
    let functions = &of_queues.expect("a rule for sqs")["then"]["properties"]["function"]["anyOf"][0]["enum"];
    assert!(functions.as_array().expect("names").contains(&"list_queues".into()), "{functions}");
    let sandbox = sandbox.file("service.json", r#"[{"service": "sqss", "function": "list_queues"}]"#);
    let check = "-m check_jsonschema --schemafile schema.json";
    let unknown = sandbox.shell(&format!("{} {check} service.json", interpreter().display()));
    unknown.expect_exit(1).stdout_contains("sqss");
    sandbox.shell(&format!("{} {check} right.json", interpreter().display())).expect_exit(0);
    let wrong = sandbox.shell(&format!("{} {check} wrong.json", interpreter().display()));
    wrong.expect_exit(1).stdout_contains("functoin");
}

#[test]
fn the_version_says_which_models_it_calls_by() {
    let run = Sandbox::new().run(["--version"]);
    run.expect_exit(0);
    let botocore = include_str!("../../botocore-source.txt");
    let version = run.stdout.trim().rsplit(' ').next().expect("a version");
    assert!(run.stdout.starts_with(concat!(
        "scan ",
        env!("CARGO_PKG_VERSION"),
        ", with the API models of botocore "
    )));
    assert!(botocore.contains(version), "{version}");
}

#[test]
fn lists_of_the_catalog_are_printed_as_json() {
    let sandbox = Sandbox::new();
    let document = |arguments: &[&str]| -> Value {
        let run = sandbox.run([arguments, &["--format", "json"]].concat());
        run.expect_exit(0);
        serde_json::from_str(&run.stdout).expect("JSON")
    };
    let services = document(&["services"]);
    let queues =
        services.as_array().expect("a list").iter().find(|service| service["name"] == "sqs").expect("sqs");
    assert_eq!(
        (&queues["full_name"], &queues["scope"]),
        (&"Amazon Simple Queue Service".into(), &"regional".into())
    );
    let functions = document(&["services", "sts"]);
    let token = functions
        .as_array()
        .expect("a list")
        .iter()
        .find(|function| function["name"] == "get_delegated_access_token");
    let token = token.expect("the function");
    assert_eq!(token["required_parameters"], serde_json::json!(["TradeInToken"]));
    assert!(token["not_called"].as_str().expect("a reason").contains("credential"), "{token}");
    let catalogs = document(&["catalog", "list"]);
    assert_eq!((&catalogs[0]["name"], &catalogs[0]["in_use"]), (&"built-in".into(), &true.into()));
}
