//! Functions of a newer catalog that this program has not reviewed.

use std::fs;

use serde_json::json;

use crate::sandbox::{Loopback, Sandbox, identity, newer_botocore};

/// Returns AWS, and a sandbox with the catalog `newer.catalog` and a spec that calls its two new functions.
fn with_newer_catalog() -> (Loopback, Sandbox) {
    let aws = Loopback::answering([identity()]);
    let sandbox =
        Sandbox::new().aws(&format!("http://{}", aws.address()), "AKIDEXAMPLE", "secret").spec(&json!([
            {"service": "sts", "function": "get_scoped_thing"},
            {"service": "sts", "function": "list_things"},
        ]));
    for (name, text) in newer_botocore() {
        let file = sandbox.path("data").join(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, text).expect("a file");
    }
    sandbox.run(["catalog", "build", "--from", "data", "-o", "newer.catalog"]).expect_exit(0);
    (aws, sandbox)
}

const PLAN: [&str; 6] = ["plan", "--catalog", "newer.catalog", "-r", "us-east-1", "-s"];

/// A function that the program does not know and that returns credentials is called only if the user names it.
#[test]
fn unreviewed_function_is_called_only_if_allowed() {
    let (_aws, sandbox) = with_newer_catalog();
    let run = sandbox.run(PLAN.into_iter().chain(["spec.json"]));
    run.expect_exit(0)
        .stdout_contains("sts get_scoped_thing: excluded from inventories: not reviewed")
        .stdout_contains("only with --allow-unreviewed");
    assert!(!run.stdout.contains("list_things"), "{}", run.report());
    let allow = ["spec.json", "--allow-unreviewed", "sts:get_scoped_thing"];
    let run = sandbox.run(PLAN.into_iter().chain(allow));
    assert!(!run.expect_exit(0).stdout.contains("Not called"), "{}", run.report());
}

/// Generated specs include no unreviewed function, and the number of these is printed.
#[test]
fn generated_specs_count_unreviewed_functions() {
    let (_aws, sandbox) = with_newer_catalog();
    for spec in [&["all"][..], &["deep"], &["spec.json", "--deep"]] {
        let run = sandbox.run(PLAN.iter().chain(spec));
        run.expect_exit(0).stdout_contains("not reviewed: 2 functions of this catalog");
    }
    let catalog = ["--catalog", "newer.catalog"];
    for generated in [["spec", "--all"], ["spec", "--deep"]] {
        let services = (generated[1] == "--deep").then_some("sts");
        let run = sandbox.run(generated.into_iter().chain(services).chain(catalog));
        run.expect_exit(0).stderr_contains("not reviewed: 2 functions of this catalog");
        assert!(run.stdout.contains("get_caller_identity"), "{}", run.report());
        assert!(!run.stdout.contains("_thing"), "{}", run.report());
    }
}
