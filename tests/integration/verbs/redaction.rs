//! No secret is where it does not belong: not in results, ledger, log, manifest or on the terminal.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use aws_auto_inventory::simulator::world::Amounts;
use aws_auto_inventory::simulator::{SEEDED_SECRETS, World};
use serde_json::{Value, json};

use crate::faults::crash::run_of;
use crate::sandbox::{Finished, Loopback, Reply, Sandbox, Simulated, Tree};

/// Calls whose answers hold everything that the simulated accounts have in the wrong place.
fn spec() -> Value {
    json!([
        {"service": "ec2", "function": "describe_instances", "result_key": "Reservations", "each": [
            {"over": ".Reservations[].Instances[].InstanceId", "function": "describe_instance_attribute",
             "parameters": {"InstanceId": "{.}", "Attribute": "userData"}}
        ]},
        {"service": "lambda", "function": "list_functions", "result_key": "Functions", "each": [
            {"over": ".Functions[].FunctionName", "function": "get_function",
             "parameters": {"FunctionName": "{.}"}}
        ]},
        {"service": "cloudformation", "function": "describe_stacks",
         "result_key": ".Stacks[] | {StackName, Parameters}"}
    ])
}

/// A scan of the demonstration's organization, with all that it prints and leaves.
struct Demo {
    tree: Tree,
    run: Finished,
    sandbox: Sandbox,
}

/// The scan that everybody gets.
static REDACTED: LazyLock<Demo> = LazyLock::new(|| Demo::scan(&[]));

impl Demo {
    #[track_caller]
    fn scan(arguments: &[&str]) -> Self {
        let sandbox = Sandbox::new().spec(&spec());
        let regions = ["-r", "eu-central-1"];
        let command = ["demo", "-s", "spec.json", "-l", "trace"].into_iter().chain(arguments.iter().copied());
        let run = sandbox.run(command.chain(regions));
        let tree = Tree::open(&sandbox.path("output"), "organization-");
        Self { tree, run, sandbox }
    }

    /// Which of the seeded secrets are anywhere in what the run has left or printed.
    fn leaks(&self) -> BTreeSet<&'static str> {
        let mut texts: Vec<String> = self.tree.texts().into_iter().map(|(_, text)| text).collect();
        texts.extend([self.run.stdout.clone(), self.run.stderr.clone()]);
        SEEDED_SECRETS.into_iter().filter(|secret| texts.iter().any(|text| text.contains(secret))).collect()
    }

    fn sum(&self, field: &str) -> u64 {
        self.tree.ledger.iter().filter_map(|line| line[field].as_u64()).sum()
    }
}

#[test]
fn nothing_that_a_run_leaves_holds_a_secret() {
    let demo = &*REDACTED;
    assert_eq!(demo.leaks(), BTreeSet::new());
    assert!(demo.sum("redacted") > 100 && demo.sum("secrets") > 0);
    assert_eq!(demo.tree.manifest["totals"]["redacted"], demo.sum("redacted"));
    assert_eq!(demo.tree.manifest["totals"]["secrets"], demo.sum("secrets"));
    demo.run.stdout_contains(&format!("{} sensitive values are redacted", demo.sum("redacted")));
    demo.run.stdout_contains(&format!("{} values in free text look like secrets", demo.sum("secrets")));
}

#[test]
fn the_log_says_where_a_secret_is_and_not_which() {
    let demo = &*REDACTED;
    let log = std::fs::read_to_string(demo.sandbox.path(&run_of(&demo.sandbox)).join("scan.log")).unwrap();
    let warning = log.lines().find(|line| line.contains("looks like a secret")).expect("a warning");
    for part in [
        "WARN",
        "service=ec2",
        "function=\"describe_instances\"",
        "path=\".Reservations[].Instances[].Tags[].Value\"",
        "kind=\"aws access key id\"",
    ] {
        assert!(warning.contains(part), "{part} is not in {warning}");
    }
}

/// With `--no-redact`, the values are in the results, and manifest and log record it.
#[test]
fn no_redact_keeps_values_and_is_recorded() {
    let demo = Demo::scan(&["--no-redact"]);
    assert_eq!(demo.leaks(), BTreeSet::from(SEEDED_SECRETS), "not every secret was there to be found");
    assert_eq!(demo.sum("redacted"), 0);
    assert!(demo.sum("secrets") > 0, "secrets are reported all the same");
    assert_eq!(demo.tree.manifest["settings"]["redact"], false);
    let log = std::fs::read_to_string(demo.sandbox.path(&run_of(&demo.sandbox)).join("scan.log")).unwrap();
    assert!(log.contains("--no-redact: results contain sensitive values"));
}

/// A path of the user's is redacted before filters and child calls see its values.
#[test]
fn user_path_is_redacted_before_filters_and_children() {
    let paths =
        ["--redact", "lambda:list_functions:.Functions[].FunctionName", "--redact", ".Stacks[].StackName"];
    let demo = Demo::scan(&paths);
    demo.run.expect_exit(0);
    assert_eq!(demo.tree.manifest["settings"]["redact_paths"], json!([paths[1], paths[3]]));
    let (mut functions, mut children, mut stacks) = (0, 0, 0);
    for file in demo.tree.result_files() {
        let mut parts = file.split('/');
        let mut next = || parts.next().unwrap();
        let (account, region, service) = (next(), next(), next().trim_end_matches(".json"));
        let result = demo.tree.result(account, region, service);
        if service == "lambda" {
            for function in result["list_functions"].as_array().unwrap() {
                assert_eq!(function["FunctionName"], "[redacted]");
                functions += 1;
            }
            // The children were called with the names, which are theirs to show.
            for child in result["get_function"].as_array().unwrap() {
                assert_eq!(child["item"], "[redacted]");
                assert_ne!(child["result"]["Configuration"]["FunctionName"], "[redacted]");
                children += 1;
            }
        }
        if service == "cloudformation" {
            for stack in result["describe_stacks"].as_array().unwrap() {
                assert_eq!(stack["StackName"], "[redacted]");
                assert_eq!(stack["Parameters"][0]["ParameterKey"], "Stage");
                stacks += 1;
            }
        }
    }
    assert!(functions > 0 && children == functions && stacks > 0, "{functions} {children} {stacks}");
}

#[test]
fn a_wrong_path_or_allowance_stops_the_scan_before_it_begins() {
    let sandbox = Sandbox::new().spec(&spec());
    for (arguments, message) in [
        (["--redact", ".Function[].FunctionName"], "matches nothing in the responses of any function"),
        (["--redact", "lambda:list_functions:.Functions[].Name"], "did you mean"),
        (["--allow", "secretsmanager:get_secret_value"], "only bulk data can"),
        (["--allow", "s3:list_buckets"], "scans call it anyway"),
    ] {
        let run = sandbox.run(["-s", "lambda"].into_iter().chain(arguments));
        run.expect_exit(2).stderr_contains(message);
    }
    assert!(!sandbox.path("output").exists());
}

/// What a server quotes of a request that it does not like the signature of.
fn quoting(status: u16, content_type: &str, body: &str) -> Reply {
    let body = body.replace("ID", KEY[0]).replace("SECRET", KEY[1]).replace("TOKEN", KEY[2]);
    Reply::new(status).header("content-type", content_type).header("x-amzn-requestid", KEY[2]).body(body)
}

/// An access key id, a secret key and a session token.
const KEY: [&str; 3] = [
    "ASIAQ3EGTNPRDVXK2MWL",
    "pL0ver/Xm3kestrel+Qzt9heron",
    "IQoJb3JpZ2luX2VjEHoaCXVzLWVhc3QtMSJIMEYCIQDplover=",
];

fn with_keys(aws: &Loopback) -> Sandbox {
    let sandbox = Sandbox::new().aws(&format!("http://{}", aws.address()), KEY[0], KEY[1]);
    sandbox.env("AWS_SESSION_TOKEN", KEY[2]).env("AWS_MAX_ATTEMPTS", "1")
}

/// A server that repeats our keys gets them into no file and on no terminal.
#[test]
fn keys_repeated_by_server_are_not_written() {
    let caller = "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/a</Arn>\
        <UserId>AIDA</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";
    let quoted = "{\"__type\": \"InvalidSignatureException\", \"message\": \"The Canonical String should have been \
        'GET\\n/\\nx-amz-security-token:TOKEN\\n', Credential=ID/20261128/us-east-1; the key is SECRET, the token \
        was TOKEN\"}";
    let aws = Loopback::answering([
        Reply::ok(caller).header("content-type", "text/xml"),
        quoting(403, "application/x-amz-json-1.0", quoted),
    ]);
    let spec = json!([{"service": "dynamodb", "function": "list_tables"}, {"service": "sqs", "function": "list_queues"}]);
    let sandbox = with_keys(&aws).spec(&spec);
    let run = sandbox.run(["-s", "spec.json", "-r", "us-east-1", "-l", "trace"]);
    run.expect_exit(4);
    let tree = Tree::open(&sandbox.path("output"), "");
    let message = tree.ledger[0]["message"].as_str().expect("a message");
    assert!(message.contains("x-amz-security-token:[redacted]"), "{message}");
    let mut texts: Vec<String> = tree.texts().into_iter().map(|(_, text)| text).collect();
    texts.extend([run.stdout.clone(), run.stderr.clone()]);
    for key in KEY {
        assert!(texts.iter().all(|text| !text.contains(key)), "{key}");
    }
}

#[test]
fn nor_does_one_that_repeats_them_before_the_run_begins() {
    let quoted = "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>x-amz-security-token:TOKEN of ID, \
        signed with SECRET</Message></Error><RequestId>TOKEN</RequestId></ErrorResponse>";
    let unreadable = "SECRET TOKEN ID";
    for (content_type, body) in [("text/xml", quoted), ("text/plain", unreadable)] {
        let aws = Loopback::answering([quoting(403, content_type, body)]);
        let spec = json!([{"service": "dynamodb", "function": "list_tables"}]);
        let run = with_keys(&aws).spec(&spec).run(["-s", "spec.json", "-r", "us-east-1", "-l", "trace"]);
        run.expect_exit(3).stderr_contains("[redacted]");
        for key in KEY {
            assert!(!run.stderr.contains(key) && !run.stdout.contains(key), "{}", run.report());
        }
    }
}

#[test]
fn the_address_of_a_spec_is_nowhere_with_what_lets_in() {
    let aws = Simulated::new(World::sized(1, 1, Amounts::default()));
    let web = Loopback::answering([Reply::ok("[{\"service\": \"sqs\", \"function\": \"list_queues\"}]")]);
    let sandbox = aws.sandbox();
    let address = format!("http://{}/s.json", web.address());
    let signed = format!("{address}?X-Amz-Expires=900&X-Amz-Signature=plover001");
    let run = sandbox.run(["-s", &signed, "-r", "us-east-1", "-l", "trace"]);
    run.expect_exit(0);
    assert!(web.only().target.contains("X-Amz-Signature=plover001"), "the server has to have it");
    let tree = Tree::open(&sandbox.path("output"), "");
    assert_eq!(tree.manifest["spec"]["source"], format!("{address}?[redacted]"));
    let texts =
        tree.texts().into_iter().map(|(_, text)| text).chain([run.stdout.clone(), run.stderr.clone()]);
    texts.for_each(|text| assert!(!text.contains("plover001"), "{text}"));

    for address in [
        "HTTPS://me:plover002@host/",
        "https:/me:plover002@host",
        "ftp://me:plover002@host/a",
        "https://me:plo/ver002@host/",
    ] {
        let run = Sandbox::new().run(["-s", address, "-r", "us-east-1"]);
        run.expect_exit(2);
        assert!(!run.stderr.contains("ver002") && !run.stdout.contains("ver002"), "{}", run.report());
    }
}
