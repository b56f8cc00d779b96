//! `scan policy`: documents and templates that IAM, CloudFormation and Terraform take.

use serde_json::{Value, json};

use crate::sandbox::{Sandbox, ask_python};

const PRINCIPAL: &str = "arn:aws:iam::111111111111:role/Scanner";

#[track_caller]
fn policy(arguments: &[&str]) -> String {
    let run = Sandbox::new().run(["policy"].iter().chain(arguments));
    run.expect_exit(0);
    run.stdout
}

#[track_caller]
fn document(arguments: &[&str]) -> Value {
    serde_json::from_str(&policy(arguments)).expect("standard output is JSON and nothing else")
}

#[test]
fn the_policy_of_several_specs_allows_what_each_of_them_needs() {
    let policy = document(&["-s", "s3_buckets", "-s", "running_ec2", "-r", "us-east-1"]);
    let actions = &policy["Statement"][0]["Action"];
    assert_eq!(*actions, json!(["ec2:DescribeInstances", "s3:GetBucketLocation", "s3:ListAllMyBuckets"]));
    assert_eq!(policy["Version"], "2012-10-17");
}

#[test]
fn policy_without_regions_allows_region_lookup() {
    let policy = document(&["-s", "running_ec2"]);
    let expected = json!(["account:ListRegions", "ec2:DescribeInstances", "ec2:DescribeRegions"]);
    assert_eq!(policy["Statement"][0]["Action"], expected);
}

#[test]
fn every_template_passes_cfn_lint() {
    for options in [
        &["-s", "inventory"][..],
        &["-s", "s3_buckets", "--principal", PRINCIPAL, "--role-name", "Reader", "--role-path", "/audit/"],
        &[
            "-s",
            "each/iam",
            "--external-id",
            "x-1",
            "--organization-id",
            "o-exampleorgid",
            "--duration",
            "12h",
        ],
        &["-s", "each/s3", "--session-tag", "team=audit", "--source-identity", "alice"],
    ] {
        let text = policy(&["--cloudformation"].iter().chain(options).copied().collect::<Vec<_>>());
        let template: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(template["Resources"]["InventoryRole"]["Type"], "AWS::IAM::Role");
        assert_eq!(ask_python("lint.py", &text), "", "{options:?}");
    }
}

/// In the template for everything, cfn-lint reports nothing but actions that it does not know.
#[test]
fn cfn_lint_objects_only_to_unknown_actions() {
    let text = policy(&["--cloudformation", "-s", "all"]);
    let findings = ask_python("lint.py", &text);
    let others: Vec<&str> = findings.lines().filter(|line| !line.starts_with("W3037 ")).collect();
    assert!(others.is_empty(), "{others:#?}");
    assert!(text.matches("AWS::IAM::ManagedPolicy").count() > 1);
}

#[test]
fn cfn_lint_finds_what_is_wrong_with_a_template() {
    let text = policy(&["--cloudformation", "-s", "s3_buckets"]).replace("RoleName", "RolName");
    assert!(ask_python("lint.py", &text).contains("RolName"));
}

#[test]
fn the_terraform_configuration_is_hcl_with_the_same_policies() {
    let options = ["-s", "each/iam", "--principal", PRINCIPAL, "--external-id", "x-1", "--duration", "2h"];
    let text = policy(&["--terraform"].iter().chain(&options).copied().collect::<Vec<_>>());
    let parsed: Value = serde_json::from_str(&ask_python("terraform.py", &text)).expect("JSON");
    let shown = parsed.to_string();
    for expected in ["aws_iam_role", "aws_iam_policy", "aws_iam_role_policy_attachment", "jsonencode"] {
        assert!(shown.contains(expected), "{expected} is missing in {shown}");
    }
    let policy = document(&["-s", "each/iam"]);
    let actions = policy["Statement"][0]["Action"].as_array().expect("actions").clone();
    assert!(actions.iter().all(|action| text.contains(&action.to_string())), "{text}");
    assert!(text.contains("max_session_duration = 7200") && text.contains(PRINCIPAL), "{text}");
    let asks = self::policy(&["--terraform", "-s", "s3_buckets"]);
    assert!(asks.contains("variable \"caller_arn\"") && asks.contains("\"AWS\": var.caller_arn"), "{asks}");
    ask_python("terraform.py", &asks);
}

#[test]
fn the_two_halves_of_the_way_in_name_the_same_role_and_actions() {
    let options =
        ["--role-name", "Reader", "--session-tag", "team=audit", "--organization-id", "o-exampleorgid"];
    let of = |kind: &[&str]| document(&kind.iter().chain(&options).copied().collect::<Vec<_>>());
    let trust = of(&["--trust", "--principal", "111111111111"]);
    let caller = of(&["--management", "-s", "s3_buckets", "-r", "us-east-1", "--by-unit"]);
    assert_eq!(trust["Statement"][0]["Principal"]["AWS"], "arn:aws:iam::111111111111:root");
    assert_eq!(trust["Statement"][0]["Action"], json!(["sts:AssumeRole", "sts:TagSession"]));
    assert_eq!(trust["Statement"][0]["Condition"]["StringEquals"]["aws:PrincipalOrgID"], "o-exampleorgid");
    assert_eq!(caller["Statement"][1]["Resource"], "arn:aws:iam::*:role/Reader");
    assert_eq!(caller["Statement"][1]["Action"], trust["Statement"][0]["Action"]);
    let find = caller["Statement"][0]["Action"].to_string();
    assert!(find.contains("organizations:ListAccountsForParent") && !find.contains("ListTagsForResource"));
    assert_eq!(caller["Statement"][2]["Action"], json!(["s3:GetBucketLocation", "s3:ListAllMyBuckets"]));
}

/// A policy that is too long becomes several, and standard error reports it.
#[test]
fn oversized_policy_is_split_and_reported() {
    let run = Sandbox::new().run(["policy", "-s", "all"]);
    run.expect_exit(0).stderr_contains("6144 characters");
    let policies: Vec<Value> = serde_json::from_str(&run.stdout).expect("a list of policies");
    assert!(policies.len() > 1);
    for policy in &policies {
        assert!(policy.to_string().len() <= 6144, "{}", policy.to_string().len());
    }
}

#[test]
fn an_explanation_names_call_and_reason_of_every_action() {
    let run = Sandbox::new().run(["policy", "-s", "each/s3", "--explain"]);
    run.expect_exit(0);
    for expected in [
        ["s3:ListAllMyBuckets", "s3 list_buckets", "a call of the spec"],
        ["s3:GetEncryptionConfiguration", "s3 get_bucket_encryption", "a call for each item"],
        ["s3:GetBucketLocation", "s3 get_bucket_location", "to find a bucket's region"],
        ["ec2:DescribeRegions", "ec2 describe_regions", "to find the account's regions"],
    ] {
        let shows = |line: &&str| expected.iter().all(|text| line.contains(text));
        assert!(run.stdout.lines().any(|line| shows(&line)), "{expected:?} is missing in\n{}", run.stdout);
    }
    run.stderr_contains("the session policy has");
}

#[test]
fn policy_error_names_missing_option() {
    for (arguments, expected) in [
        (&["policy"][..], "missing --scan: a policy needs a spec"),
        (&["policy", "--trust"], "--principal"),
        (&["policy", "--trust", "--principal", "me"], "neither the ARN of a role or user"),
        (
            &["policy", "--trust", "--principal", "arn:aws:sts::111111111111:assumed-role/Admin/me"],
            "arn:aws:iam::111111111111:role/Admin",
        ),
        (&["policy", "--management", "--organization-id", "o-1"], "not an organization ID"),
        (&["policy", "-s", "s3", "--partition", "aws-mars"], "`aws-mars` is not a partition"),
        (&["policy", "-s", "s3", "--trust", "--explain"], "cannot be used with"),
        (&["policy", "-s", "s3", "--by-unit"], "--management"),
    ] {
        let run = Sandbox::new().run(arguments);
        run.expect_exit(2).stderr_contains(expected).stderr_is_one_paragraph();
        assert_eq!(run.stdout, "", "{arguments:?}");
    }
}
