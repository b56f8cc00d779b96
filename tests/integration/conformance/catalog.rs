//! The catalog that the program carries is the one that it builds from botocore's data.

use std::fs;

use crate::sandbox::{Sandbox, botocore_source};

#[test]
fn the_embedded_catalog_is_what_the_pinned_botocore_gives() {
    let data = botocore_source().join("botocore/data");
    let sandbox = Sandbox::new();
    let run = sandbox.run(["catalog", "build", "--from", &data.to_string_lossy(), "-o", "new.catalog"]);
    run.expect_exit(0).stdout_contains("7807 functions of 409 services from botocore 1.43.11");
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
