//! Options that do nothing beside the others are refused before anything is sent or written.

use std::collections::BTreeSet;

use super::generated::verbs;
use crate::sandbox::{Listener, Sandbox};

/// Lines whose last option does nothing in them.
const REFUSED: &[&str] = &[
    "-s inventory -r eu-west-1 --exclude-accounts 111111111111",
    "-s inventory -r eu-west-1 --ou Root/X",
    "-s inventory -r eu-west-1 --exclude-ou Root/X",
    "-s inventory -r eu-west-1 --no-recursive-ou",
    "-s inventory -r eu-west-1 --account-tag a=b",
    "-s inventory -r eu-west-1 --include-management",
    "-s inventory -r eu-west-1 --skip-management",
    "-s inventory -r eu-west-1 --role-name Auditor",
    "-s inventory -r eu-west-1 --role-path /x/",
    "-s inventory -r eu-west-1 --role-arn-template arn:aws:iam::{account}:role/x",
    "-s inventory -r eu-west-1 --via-role arn:aws:iam::111111111111:role/x",
    "-s inventory -r eu-west-1 --external-id x-1",
    "-s inventory -r eu-west-1 --source-identity alice",
    "-s inventory -r eu-west-1 --session-tag a=b",
    "-s inventory -r eu-west-1 --duration 1h",
    "-s inventory -r eu-west-1 --role-session-name nightly",
    "-s inventory -r eu-west-1 --session-policy none",
    "-s inventory -r eu-west-1 --sso-session corp",
    "-s inventory -r eu-west-1 --mfa-code 123456",
    "plan -s inventory --role-name Auditor",
    "check -s inventory --via-role arn:aws:iam::111111111111:role/x",
    "policy -s inventory --role-name Auditor",
    "policy -s inventory --role-path /x/",
    "policy -s inventory --role-arn-template arn:aws:iam::{account}:role/x",
    "policy -s inventory --via-role arn:aws:iam::111111111111:role/x",
    "policy -s inventory --external-id x-1",
    "policy -s inventory --source-identity alice",
    "policy -s inventory --session-tag a=b",
    "policy -s inventory --duration 1h",
    "policy -s inventory --principal arn:aws:iam::111111111111:role/x",
    "policy -s inventory --organization-id o-exampleorgid",
    "policy -s inventory --by-unit",
    "policy -s inventory --by-tag",
    "policy -s inventory --accounts-file accounts.txt",
    "policy -s inventory --permission-set --role-name Auditor",
    "accept output/monday --force",
    "history --force",
    "history --store x.db --output-dir output",
    "links output/monday --format json --limit 3",
    "links output/monday --foreign --limit 3",
    "links output/monday --depth 2",
    "export output/monday --format ndjson --single",
    "export output/monday --format sqlite --tag-column Env",
    "export output/monday --format parquet --run-name x",
    "export output/monday --format parquet --ddl athena",
    "diff output/monday output/monday --who-limit 3",
    "diff output/monday output/monday --dry-run",
    "diff output/monday output/monday --profile x",
    "diff output/monday output/monday --notify-dry-run",
    "diff output/monday output/monday --notify-topic arn:aws:sns:eu-west-1:111111111111:t",
    "diff output/monday output/monday --output-dir output",
    "report output/monday --output-dir output",
    "reconcile output/monday --offline --print-spec",
    "reconcile output/monday --print-spec --spec more.json",
    "reconcile output/monday --offline --profile x",
    "reconcile output/monday --print-spec --profile x",
    "reconcile output/monday --print-spec --format json",
    "spec s3 --depth 2",
    "-s inventory -r eu-west-1 --shard 1/2",
    "-s inventory -r eu-west-1 --shard-count 2",
    "-s inventory --s3-single-writer",
    "-s inventory --s3-expected-bucket-owner 111111111111",
    "-s inventory --s3-sse-kms-key-id alias/x",
    "-s inventory -o s3://example-bucket --keep 3",
    "-s inventory -o s3://example-bucket --history",
    "catalog update --from-aws-cli --from x",
    "demo --counts counts",
    "policy --trust --principal 111111111111 --regions eu-west-1",
    "policy --trust --principal 111111111111 --scan inventory",
    "catalog update --version 1.0.0 --from x",
    "catalog update --index-url https://example.com --from-aws-cli",
];

/// Options that do something in every line that has them: they choose, limit, show, or are refused by name where they
/// cannot.
const EFFECTIVE: &[&str] = &[
    "--accepted-gaps",
    "--accounts",
    "--accounts-file",
    "--allow",
    "--allow-overlap",
    "--allow-unreviewed",
    "--ask-everything",
    "--catalog",
    "--color",
    "--concurrency",
    "--concurrent-regions",
    "--concurrent-services",
    "--config",
    "--deep",
    "--dry-run",
    "--exclude-regions",
    "--expect-account",
    "--format",
    "--help",
    "--json",
    "--layout",
    "--log-format",
    "--log-level",
    "--max-response-size",
    "--max-retries",
    "--mfa-serial",
    "--no-config",
    "--no-progress",
    "--no-redact",
    "--organization-scan",
    "--output",
    "--output-dir",
    "--profile",
    "--profiles-file",
    "--quiet",
    "--redact",
    "--regions",
    "--retry-delay",
    "--run-name",
    "--scan",
    "--sso-permission-set",
    "--summary",
    "--trust-env-file",
    "--verbose",
    "--version",
    "demo --scenario",
    "demo --size",
    "demo --sso",
    "plan --counts",
    "policy --cloudformation",
    "policy --explain",
    "policy --partition",
    "policy --permission-set",
    "policy --terraform",
    "policy --trust",
    "policy --management",
    "resume --retry-failed",
    "accept --reason",
    "accept --until",
    "merge --partial",
    "export --force",
    "export --into",
    "diff --account",
    "diff --fail-on",
    "diff --ignore",
    "diff --kind",
    "diff --no-default-ignore",
    "diff --notify",
    "diff --region",
    "diff --service",
    "diff --type",
    "diff --who",
    "policy --who",
    "report --trends",
    "query --jq",
    "query --tables",
    "history --html",
    "history --store",
    "history add --store",
    "links --dangling",
    "links --foreign",
    "reconcile --offline",
    "reconcile --with",
    "report --force",
    "spec --all",
    "catalog build --from",
    "catalog build --strict",
    "catalog diff --from",
    "catalog update --use",
    "catalog update --index-url",
    "catalog update --version",
];

/// Returns the options in the help of a verb, each with the verb before it.
fn options(verb: &str) -> BTreeSet<String> {
    let help = Sandbox::new().run(verb.split_whitespace().chain(["--help"])).stdout;
    let below =
        help.split_once("Commands:\n").filter(|_| !verb.is_empty()).map_or("", |(_, commands)| commands);
    let below = below.lines().take_while(|line| line.starts_with("  "));
    let below: Vec<String> = below
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(|name| format!("{verb} {name}"))
        .collect();
    let lines = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
    let names =
        lines.filter_map(|line| line.split([' ', ',', '[', '=', '.']).find(|word| word.starts_with("--")));
    let names = names.map(|name| format!("{verb} {name}").trim_start().to_owned());
    names.chain(below.iter().flat_map(|verb| options(verb))).collect()
}

fn last_option(line: &str) -> &str {
    line.split(' ').rfind(|word| word.starts_with("--")).expect("an option")
}

#[test]
fn every_option_was_reviewed() {
    let refused = REFUSED.iter().map(|line| {
        let verb: Vec<&str> =
            line.split(' ').take_while(|word| word.chars().all(char::is_alphabetic)).collect();
        format!("{} {}", verb.join(" "), last_option(line)).trim_start().to_owned()
    });
    let effective = EFFECTIVE.iter().map(|option| (*option).to_owned());
    let reviewed: BTreeSet<String> = refused.chain(effective).collect();
    let is_reviewed = |option: &String| {
        // A verb's option that has an effect in a scan has it in the verb, too.
        let name = option.rsplit(' ').next().unwrap_or_default();
        reviewed.contains(option) || reviewed.contains(name)
    };
    let unreviewed: Vec<String> = verbs()
        .iter()
        .map(String::as_str)
        .chain([""])
        .flat_map(options)
        .filter(|option| !is_reviewed(option))
        .collect();
    assert!(unreviewed.is_empty(), "{unreviewed:#?}");
}

#[test]
fn options_that_do_nothing_are_refused() {
    let listener = Listener::new();
    let sandbox = Sandbox::new().file("accounts.txt", "111111111111\n").file("a.json", "[]").aws(
        &listener.url(),
        "AKIAEXAMPLE",
        "example",
    );
    let run = sandbox.run(["demo", "-s", "sample/services/sqs", "--run-name", "monday", "--quiet"]);
    run.expect_exit(0);
    let mut accepted = Vec::new();
    for line in REFUSED {
        let run = sandbox.run(line.split(' '));
        run.stderr_is_for_people();
        if run.code() != Some(2) || !run.stderr.contains(last_option(line)) {
            accepted.push(run.report());
        }
    }
    assert!(accepted.is_empty(), "{}", accepted.join("\n"));
    assert_eq!(listener.connections(), 0, "AWS was called");
}

#[test]
fn options_of_the_environment_may_be_for_other_lines() {
    let sandbox =
        Sandbox::new().env("SCAN_ROLE_NAME", "Auditor").file("scan.toml", "external-id = \"x-1\"\n");
    let run = sandbox.run(["config", "--format", "json", "--", "-s", "inventory"]);
    run.expect_exit(0).stdout_contains("Auditor");
    let listener = Listener::new();
    let sandbox = sandbox.aws(&listener.url(), "AKIAEXAMPLE", "example");
    let run = sandbox.run(["plan", "-s", "sample/services/sqs", "-r", "eu-west-1", "--max-retries", "0"]);
    assert!(!run.stderr.contains("does nothing"), "{}", run.report());
    assert!(listener.connections() > 0, "{}", run.report());
}
