//! `scan.toml`, the variables of options, and `scan config`.

use serde_json::Value;

use crate::sandbox::{Finished, Sandbox};

/// Runs `scan runs`, whose error names the folder that it lists.
fn listed(sandbox: &Sandbox, options: &[&str]) -> Finished {
    sandbox.run([&["runs"], options].concat())
}

#[test]
fn options_of_the_file_are_in_force_and_reported() {
    let sandbox = Sandbox::new().file("scan.toml", "output-dir = \"nights\"\n[export]\nformat = \"csv\"\n");
    let run = listed(&sandbox, &[]);
    run.expect_exit(2).stderr_contains("Read scan.toml: output-dir\n").stderr_contains("runs in nights");
    run.stderr_contains("hint: --output-dir was set by scan.toml:1");
    let run = sandbox.env("SCAN_OUTPUT_DIR", "of-variable").run(["runs"]);
    run.expect_exit(2).stderr_contains("runs in of-variable");
    run.stderr_contains("--output-dir was set by variable SCAN_OUTPUT_DIR");
}

#[test]
fn required_option_may_come_from_the_file() {
    let sandbox = Sandbox::new().file("scan.toml", "[export]\nformat = \"csv\"\n");
    sandbox.run(["export", "--no-config"]).expect_exit(2).stderr_contains("--format <FORMAT>");
    sandbox.run(["export"]).expect_exit(2).stderr_contains("output: No such file");
}

#[test]
fn file_of_another_directory_is_read_if_named() {
    let sandbox = Sandbox::new().file("my.toml", "output-dir = \"/no/such/folder\"\n");
    let named = listed(&sandbox, &["--config", "my.toml"]);
    named.expect_exit(2).stderr_contains("Read my.toml: output-dir").stderr_contains("/no/such/folder");
    listed(&sandbox, &[]).expect_exit(2).stderr_contains("runs in output:");
    listed(&sandbox, &["--config", "missing.toml"])
        .expect_exit(2)
        .stderr_contains("cannot read missing.toml: No such");
    let sandbox = sandbox.env("SCAN_CONFIG", "my.toml");
    listed(&sandbox, &[]).expect_exit(2).stderr_contains("/no/such/folder");
    listed(&sandbox, &["--no-config"]).expect_exit(2).stderr_contains("runs in output:");
}

#[test]
fn found_file_does_not_lead_out_of_its_directory() {
    for setting in [
        "output-dir = \"/tmp\"",
        "output-dir = \"../x\"",
        "[run]\nscan = \"https://example.com/s.json\"",
        "catalog = \"c\"",
    ] {
        let sandbox = Sandbox::new().file("scan.toml", setting);
        let run = listed(&sandbox, &[]);
        run.expect_exit(2).stderr_contains("leads out of this folder").stderr_contains("--config scan.toml");
        assert!(!listed(&sandbox, &["--config", "scan.toml"]).stderr.contains("leads out"), "{setting}");
    }
}

#[cfg(unix)]
#[test]
fn found_file_that_others_can_write_is_an_error() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::{PermissionsExt, symlink};

    let sandbox = Sandbox::new().file("scan.toml", "output-dir = \"nights\"\n");
    for mode in [0o664, 0o646] {
        set_permissions(sandbox.path("scan.toml"), Permissions::from_mode(mode)).expect("a mode");
        let run = listed(&sandbox, &[]);
        run.expect_exit(2)
            .stderr_contains("another user owns this file or can write it")
            .stderr_contains("chmod go-w");
        listed(&sandbox, &["--config", "scan.toml"]).stderr_contains("runs in nights");
        listed(&sandbox, &["--no-config"]).stderr_contains("runs in output");
    }
    set_permissions(sandbox.path("scan.toml"), Permissions::from_mode(0o644)).expect("a mode");
    listed(&sandbox, &[]).stderr_contains("runs in nights");
    // A link to a file that is private is as good as the file.
    std::fs::rename(sandbox.path("scan.toml"), sandbox.path("own.toml")).expect("moves");
    symlink("own.toml", sandbox.path("scan.toml")).expect("a link");
    listed(&sandbox, &[]).stderr_contains("runs in nights");
}

#[test]
fn pipe_in_place_of_the_file_is_an_error() {
    let run = Sandbox::new().shell("mkfifo pipe && scan runs --config pipe");
    run.expect_exit(2).stderr_contains("cannot read pipe: not a regular file");
}

#[test]
fn help_needs_no_valid_file() {
    let sandbox = Sandbox::new().file("scan.toml", "keep = \n");
    sandbox.run(["export", "--help"]).expect_exit(0).stdout_contains("Usage: scan export");
    sandbox.run(["--version"]).expect_exit(0);
    sandbox.run(["services", "s3"]).expect_exit(2).stderr_contains("scan.toml:1: ");
}

#[test]
fn nearly_right_variable_is_noted_and_others_are_not() {
    let sandbox = Sandbox::new().env("SCAN_CONCURENCY", "1").env("SCAN_TARGET_HOST", "x");
    let run = sandbox.run(["services", "s3"]);
    run.expect_exit(0);
    assert_eq!(
        run.stderr,
        "note: SCAN_CONCURENCY is ignored: no option is named `concurency`; did you mean `concurrency`?\n"
    );
}

#[test]
fn config_prints_values_and_their_layers_and_no_secret() {
    let sandbox = Sandbox::new()
        .file("scan.toml", "organization-scan = true\n[run]\nkeep = 3\nlog-level = \"debug\"\n")
        .env("SCAN_KEEP", "5")
        .env("SCAN_MFA_CODE", "123456")
        .env("SCAN_ORGANIZATION_SCAN", "false");
    let run = sandbox.run(["config", "--format", "json", "--", "-s", "s3"]);
    run.expect_exit(0);
    let document: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let option = |name: &str| {
        let options = document["options"].as_array().expect("a list");
        let option = options.iter().find(|option| option["name"] == name).expect(name);
        format!("{} {} {}", option["values"], option["layer"], option["place"]).replace('"', "")
    };
    assert_eq!((&document["command"], &document["config_file"]), (&"scan".into(), &"scan.toml".into()));
    assert_eq!(option("scan"), "[s3] command_line null");
    assert_eq!(option("keep"), "[5] variable SCAN_KEEP");
    assert_eq!(option("organization-scan"), "[false] variable SCAN_ORGANIZATION_SCAN");
    assert_eq!(option("log-level"), "[debug] file scan.toml:4");
    assert_eq!(option("concurrency"), "[256] default null");
    assert_eq!(option("mfa-code"), "[(hidden)] variable SCAN_MFA_CODE");
    assert!(!format!("{}{}", run.stdout, run.stderr).contains("123456"));
}

#[test]
fn env_file_takes_variables_of_options_within_its_directory() {
    let sandbox =
        Sandbox::new().file(".env", "SCAN_OUTPUT_DIR=nights\nSCAN_CONFIG=my.toml\nSCAN_OUTPUT=/tmp/x\n");
    let run = listed(&sandbox, &[]);
    run.expect_exit(2).stderr_contains("runs in nights");
    run.stderr_contains(
        "Read .env: SCAN_OUTPUT_DIR; ignored without --trust-env-file: SCAN_CONFIG, SCAN_OUTPUT\n",
    );
}
