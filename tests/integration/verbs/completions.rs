//! Completions: the scripts for shells, and what the program completes for them.

use std::os::unix::fs::symlink;

use crate::sandbox::{Sandbox, program};

/// Returns a folder with the program in its path, and a file with profiles.
fn empty_sandbox(config: &str) -> Sandbox {
    let sandbox = Sandbox::new().file("config", config);
    std::fs::create_dir(sandbox.path("bin")).expect("a folder");
    symlink(program(), sandbox.path("bin/scan")).expect("a link");
    let path = format!("{}:/usr/bin:/bin", sandbox.path("bin").display());
    let config = sandbox.path("config").display().to_string();
    sandbox.env("PATH", path).env("AWS_CONFIG_FILE", config)
}

/// Returns a folder with a run.
fn sandbox() -> Sandbox {
    let sandbox = empty_sandbox("[default]\n[profile audit]\n[profile auditors]\n");
    let demo = sandbox.run(["demo", "-s", "sample/services/sqs", "--run-name", "monday", "--quiet"]);
    demo.expect_exit(0);
    sandbox
}

/// Returns what the program offers to fish for the last word of a line, without the descriptions.
fn offers(sandbox: &Sandbox, words: &str) -> Vec<String> {
    let run = sandbox.shell(&format!("_SCAN_COMPLETE=fish bin/scan -- scan {words}"));
    run.expect_exit(0);
    assert_eq!(run.stderr, "", "{words}");
    run.stdout.lines().filter_map(|line| line.split('\t').next()).map(str::to_owned).collect()
}

#[test]
fn verbs_and_options_are_completed() {
    let sandbox = sandbox();
    assert_eq!(offers(&sandbox, "re"), ["resume", "reconcile", "report"]);
    let options = offers(&sandbox, "export --f");
    assert!(options.starts_with(&["--format".to_owned(), "--force".to_owned()]), "{options:?}");
    assert_eq!(offers(&sandbox, "export --format x"), ["xlsx"]);
}

#[test]
fn runs_specs_services_regions_and_profiles_are_completed() {
    let sandbox = sandbox();
    assert_eq!(offers(&sandbox, "report output/"), ["output/latest", "output/monday"]);
    assert_eq!(offers(&sandbox, "diff output/monday output/m"), ["output/monday"]);
    assert_eq!(offers(&sandbox, "--profile aud"), ["audit", "auditors"]);
    assert_eq!(offers(&sandbox, "-s sample/services/sq"), ["sample/services/sqs"]);
    assert_eq!(offers(&sandbox, "plan -s conf"), ["config"], "a file");
    assert_eq!(
        offers(&sandbox, "-r eu-west-1,eu-west-2,eu-south-"),
        ["eu-west-1,eu-west-2,eu-south-1", "eu-west-1,eu-west-2,eu-south-2"]
    );
    assert_eq!(offers(&sandbox, "services dynamodb"), ["dynamodb", "dynamodbstreams"]);
    assert_eq!(offers(&sandbox, "spec sqs dynamodbs"), ["dynamodbstreams"]);
}

#[test]
fn nothing_is_completed_where_nothing_can_be_read() {
    let sandbox = empty_sandbox("[broken").file("output", "no folder");
    assert!(offers(&sandbox, "--profile ''").is_empty());
    assert!(offers(&sandbox, "report nothing/like/this").is_empty());
}

#[test]
fn bash_completes_with_the_program() {
    let line = ". <(scan completions bash)\n\
                complete() { COMP_WORDS=(\"$@\"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); \
                _clap_complete_scan scan \"${COMP_WORDS[COMP_CWORD]}\" ''; echo \"${COMPREPLY[@]}\"; }\n\
                complete scan rec\ncomplete scan report output/m\ncomplete scan --profile audito";
    let sandbox = sandbox().file("script", line);
    let run = sandbox.shell("bash ./script");
    run.expect_exit(0);
    assert_eq!(run.stdout, "reconcile\noutput/monday\nauditors\n", "{}", run.stderr);
}

#[test]
fn scripts_of_all_shells_ask_the_program() {
    for (shell, asks) in [
        ("bash", "_SCAN_COMPLETE=\"bash\""),
        ("elvish", "_SCAN_COMPLETE=\"elvish\""),
        ("fish", "_SCAN_COMPLETE=fish scan"),
        ("powershell", "_SCAN_COMPLETE"),
        ("zsh", "_SCAN_COMPLETE=\"zsh\""),
    ] {
        Sandbox::new().run(["completions", shell]).expect_exit(0).stdout_contains(asks);
    }
}

#[test]
fn unknown_shell_is_an_error() {
    let run = Sandbox::new().shell("_SCAN_COMPLETE=tcsh scan -- scan re");
    run.expect_exit(1).stderr_contains("unknown shell `tcsh`");
}
