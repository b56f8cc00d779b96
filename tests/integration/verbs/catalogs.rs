//! Installing, choosing and comparing catalogs.

use std::fs;
use std::io::{Cursor, Write as _};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::sandbox::{Loopback, Reply, Sandbox, identity, newer_botocore};

/// Returns a wheel of a newer botocore, and its SHA-256 hash.
fn wheel() -> (Vec<u8>, String) {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let data = newer_botocore().into_iter().map(|(name, text)| (format!("botocore/data/{name}"), text));
    let version = ("botocore/__init__.py".to_owned(), "__version__ = '99.0.0'\n".to_owned());
    for (name, text) in data.chain([version]) {
        archive.start_file(name, SimpleFileOptions::default()).expect("an entry");
        archive.write_all(text.as_bytes()).expect("written");
    }
    let bytes = archive.finish().expect("a wheel").into_inner();
    let hash: Vec<String> = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    (bytes, hash.concat())
}

/// Returns an index with one wheel of this hash, and a sandbox whose pip uses it.
fn with_index(wheel: Vec<u8>, hash: &str) -> (Loopback, Sandbox) {
    let name = "botocore-99.0.0-py3-none-any.whl";
    let older = json!({"filename": "botocore-1.2.3-py3-none-any.whl", "url": "older", "hashes": {}});
    let newest = json!({"filename": name, "url": format!("/files/{name}"), "hashes": {"sha256": hash}});
    let page = json!({"meta": {"api-version": "1.0"}, "name": "botocore", "files": [older, newest]});
    let index = Loopback::answering([Reply::ok(page.to_string()), Reply::ok(wheel)]);
    let sandbox = Sandbox::new().env("PIP_INDEX_URL", format!("http://{}/simple", index.address()));
    (index, sandbox)
}

/// The newest wheel of pip's index becomes a catalog, which runs use after it was chosen, and not before.
#[test]
fn update_installs_catalog_that_use_selects() {
    let (wheel, hash) = wheel();
    let (index, sandbox) = with_index(wheel, &hash);
    sandbox
        .run(["catalog", "update"])
        .expect_exit(0)
        .stdout_contains("aws-auto-inventory/catalogs/99.0.0.catalog: ")
        .stdout_contains("2 functions added (1 of them not called)")
        .stdout_contains("retired services: ")
        .stdout_contains(" accessanalyzer, ");
    let targets: Vec<String> = index.received().into_iter().map(|request| request.target).collect();
    assert_eq!(targets, ["/simple/botocore/", "/files/botocore-99.0.0-py3-none-any.whl"]);
    let lists_things = || sandbox.run(["services", "sts"]).expect_exit(0).stdout.contains("list_things");
    assert!(!lists_things());
    sandbox
        .run(["catalog", "list"])
        .expect_exit(0)
        .stdout_contains("* built-in (")
        .stdout_contains("\n  99.0.0");

    sandbox.run(["catalog", "use", "99.0.0"]).expect_exit(0);
    assert!(lists_things());
    sandbox.run(["catalog", "list"]).expect_exit(0).stdout_contains("* 99.0.0");
    sandbox
        .run(["catalog", "diff", "99.0.0", "--from", "built-in"])
        .expect_exit(0)
        .stdout_contains("+ sts get_scoped_thing  not called (not reviewed")
        .stdout_contains("+ sts list_things\n")
        .stdout_contains("- accessanalyzer ");
    let spec = json!([{"service": "sts", "function": "get_caller_identity"}]).to_string();
    let aws = Loopback::answering([identity()]);
    let url = format!("http://{}", aws.address());
    let sandbox = sandbox.file("spec.json", &spec).aws(&url, "AKIDEXAMPLE", "secret");
    sandbox.run(["-s", "spec.json", "-r", "us-east-1", "--run-name", "run"]).expect_exit(0);
    let manifest = fs::read_to_string(sandbox.path("output/run/manifest.json")).expect("a manifest");
    let manifest: Value = serde_json::from_str(&manifest).expect("JSON");
    assert_eq!(manifest["catalog_version"], "99.0.0");

    sandbox.run(["catalog", "use", "built-in"]).expect_exit(0);
    assert!(!sandbox.run(["services", "sts"]).expect_exit(0).stdout.contains("list_things"));
}

#[test]
fn installed_version_is_not_fetched_again() {
    let (wheel, hash) = wheel();
    let (_index, sandbox) = with_index(wheel, &hash);
    sandbox.run(["catalog", "update", "--use"]).expect_exit(0).stdout_contains("use 99.0.0");
    let (index, _) = with_index(Vec::new(), &hash);
    let url = format!("http://{}/simple", index.address());
    sandbox
        .run(["catalog", "update", "--index-url", &url])
        .expect_exit(0)
        .stdout_contains("99.0.0 is installed already");
    assert_eq!(index.received().len(), 1);
}

/// A file with another hash than the index names is not used.
#[test]
fn wheel_with_wrong_hash_is_refused() {
    let (wheel, _) = wheel();
    let (_index, sandbox) = with_index(wheel, &"0".repeat(64));
    sandbox
        .run(["catalog", "update"])
        .expect_exit(2)
        .stderr_contains("is not the file that the index names")
        .stderr_is_for_people();
    assert!(!sandbox.path(".local").exists());
}

/// Writes the data of a newer botocore into a folder, with some text replaced by another.
fn write_data(sandbox: &Sandbox, folder: &str, replaced: (&str, &str)) {
    for (name, text) in newer_botocore() {
        let file = sandbox.path(folder).join(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, if replaced.0.is_empty() { text } else { text.replace(replaced.0, replaced.1) })
            .expect("a file");
    }
}

/// Endpoint rules and partitions decide where signed requests are sent.
#[test]
fn catalog_that_leads_to_other_hosts_is_refused() {
    for (replaced, place) in [
        (("https://sts.amazonaws.com", "https://sts.evil.example"), "the endpoint of sts leads to"),
        (("\"amazonaws.com\"", "\"evil.example\""), "a partition leads to `evil.example`"),
    ] {
        let sandbox = Sandbox::new();
        write_data(&sandbox, "data", replaced);
        let run = sandbox.run(["catalog", "update", "--from", "data"]);
        run.expect_exit(2).stderr_contains(place).stderr_contains("no host of AWS");
        assert!(!sandbox.path(".local").exists());
    }
}

#[test]
fn data_of_aws_cli_becomes_a_catalog() {
    let sandbox = Sandbox::new();
    write_data(&sandbox, "v2/dist/awscli/botocore/data", ("", ""));
    let sandbox = sandbox.file("v2/dist/aws", "");
    let path = sandbox.path("v2/dist");
    let sandbox = sandbox.env("PATH", path.to_str().expect("a path"));
    // The bundle of the AWS CLI has no version of botocore.
    sandbox
        .run(["catalog", "update", "--from-aws-cli"])
        .expect_exit(0)
        .stdout_contains("2 functions added")
        .stdout_contains("scan catalog use unknown-");
}

#[test]
fn catalog_that_is_not_installed_is_named() {
    let sandbox = Sandbox::new();
    sandbox
        .run(["catalog", "use", "1.2.3"])
        .expect_exit(2)
        .stderr_contains("no catalog `1.2.3` is installed");
    let chosen = ".local/share/aws-auto-inventory/catalogs";
    fs::create_dir_all(sandbox.path(chosen)).expect("a folder");
    let sandbox = sandbox.file(&format!("{chosen}/chosen"), "1.2.3");
    sandbox.run(["services"]).expect_exit(2).stderr_contains("scan catalog use built-in");
}
