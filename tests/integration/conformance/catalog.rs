//! The catalog that the program carries is the one that it builds from botocore's data.

use std::fs;
use std::os::unix::fs::symlink;

use crate::sandbox::{Sandbox, botocore_source};

#[test]
fn the_embedded_catalog_is_what_the_pinned_botocore_gives() {
    let data = botocore_source().join("botocore/data");
    let sandbox = Sandbox::new();
    let run =
        sandbox.run(["catalog", "build", "--from", &data.to_string_lossy(), "-o", "new.catalog", "--strict"]);
    run.expect_exit(0).stdout_contains("8545 functions of 428 services from botocore 1.44.8");
    let built = fs::read(sandbox.path("new.catalog")).expect("the new catalog");
    let embedded = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/src/model/catalog/botocore.catalog"));
    assert!(
        built == embedded.expect("the embedded catalog"),
        "src/model/catalog/botocore.catalog is out of date: build it again with `scan catalog build`"
    );
    sandbox
        .run(["services", "s3", "--catalog", "new.catalog"])
        .expect_exit(0)
        .stdout_contains("list_buckets");
}

#[test]
fn a_file_that_is_no_catalog_is_named() {
    let sandbox = Sandbox::new().file("broken.catalog", "not a catalog");
    let run = sandbox.run(["services", "--catalog", "broken.catalog"]);
    run.expect_exit(2).stderr_contains("broken.catalog").stderr_contains("not a catalog file");
}

#[test]
fn build_names_skipped_services_and_fails_with_strict() {
    // So many services are needed to train the dictionary of a catalog.
    const KNOWN: [&str; 12] =
        ["acm", "dynamodb", "ecr", "ecs", "efs", "eks", "kms", "logs", "route53", "sns", "sqs", "ssm"];
    let (source, sandbox) = (botocore_source().join("botocore/data"), Sandbox::new());
    let data = sandbox.path("data");
    fs::create_dir(&data).expect("a folder");
    for name in KNOWN.iter().chain(&["partitions.json", "sdb"]) {
        symlink(source.join(name), data.join(name)).expect("a link");
    }
    for (service, metadata) in [
        ("new-protocol", r#""protocol": "smithy-rpc-v2-new", "signatureVersion": "v4""#),
        ("sigv4a-only", r#""protocol": "json", "signatureVersion": "v4", "auth": ["aws.auth#sigv4a"]"#),
    ] {
        let folder = data.join(service).join("2026-11-30");
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("service-2.json"), format!(r#"{{"metadata": {{{metadata}}}}}"#))
            .expect("a model");
        fs::write(folder.join("endpoint-rule-set-1.json"), "{}").expect("rules");
    }
    let build = ["catalog", "build", "--from", "data", "-o", "new.catalog"];
    let protocol = "which cannot be called:\n  new-protocol (protocol smithy-rpc-v2-new)\n";
    let signature = "  sigv4a-only (signature aws.auth#sigv4a)\n";

    let run = sandbox.run(build.iter().chain(&["--strict"]));
    run.expect_exit(2)
        .stderr_contains(&format!("data has 2 services, {protocol}{signature}"))
        .stderr_contains("without --strict");
    assert!(!sandbox.path("new.catalog").exists());
    let run = sandbox.run(build);
    run.expect_exit(0)
        .stdout_contains("of 12 services")
        .stderr_contains(&format!("skipped 3 services, {protocol}  sdb (signature v2)\n{signature}"));
}
