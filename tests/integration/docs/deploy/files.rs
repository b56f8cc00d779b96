//! The files, and their contents.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::tools;

/// A file of `docs/deploy`.
pub(super) fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/deploy").join(name)
}

#[track_caller]
pub(super) fn text(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("docs/deploy/{name}: {error}"))
}

/// The names of all files that users copy.
pub(super) fn all() -> Vec<String> {
    let mut names = Vec::new();
    let mut waiting = vec![path("")];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name = path.strip_prefix(self::path("")).expect("below it");
                names.push(name.display().to_string());
            }
        }
    }
    assert!(names.len() > 6, "{names:?}");
    names
}

/// The documents of a YAML file.
#[track_caller]
pub(super) fn documents(name: &str) -> Vec<Value> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/deploy/as_json.py");
    let output = tools::python().arg(script).arg(path(name)).output().expect("the script runs");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// The words between two texts, without quotation marks and line continuations; what the shell or systemd
/// would put in is put in.
#[track_caller]
pub(super) fn words_after(text: &str, start: &str, end: &str) -> Vec<String> {
    let rest = text.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n") + "\n";
    let (_, rest) = rest.split_once(start).unwrap_or_else(|| panic!("no {start:?}"));
    let (command, _) = rest.split_once(end).unwrap_or_else(|| panic!("no {end:?} after {start:?}"));
    let values = [
        ("$SHARD", "1/4"),
        ("$RUN_NAME", "github-1-1"),
        ("s3://$BUCKET/github", "s3://inventory/github"),
        ("${KMS_KEY:+--s3-sse-kms-key-id \"$KMS_KEY\"}", "--s3-sse-kms-key-id alias/inventory"),
        ("${SCAN_KMS_KEY:+--s3-sse-kms-key-id \"$SCAN_KMS_KEY\"}", "--s3-sse-kms-key-id alias/inventory"),
        ("$SCAN_DESTINATION", "s3://inventory/scans"),
        ("$DESTINATION", "s3://inventory/scans"),
        ("$SCAN_BUCKET_OWNER", "111111111111"),
        ("$BUCKET_OWNER", "111111111111"),
        ("$OWNER", "111111111111"),
        ("$SCAN_SPEC", "inventory"),
        ("$SPEC", "inventory"),
        ("$shard", "1/4"),
        ("$run", "organization-1"),
        ("%S", "."),
        ("\"", ""),
        ("\\\n", ""),
        (">>$GITHUB_STEP_SUMMARY", ""),
    ];
    let command = values.iter().fold(command.to_owned(), |text, (name, value)| text.replace(name, value));
    command.split_whitespace().map(str::to_owned).collect()
}

/// The command of a template's container, with the values that parameters could have.
#[track_caller]
pub(super) fn command_of_template(template: &Value) -> Vec<String> {
    let resources = &template["Resources"];
    let batch = &resources["JobDefinition"]["Properties"]["ContainerProperties"]["Command"];
    let task = &resources["TaskDefinition"]["Properties"]["ContainerDefinitions"][0]["Command"];
    let command = batch.as_array().or(task.as_array()).expect("a command");
    command.iter().map(value).collect()
}

/// A value of a template.
#[track_caller]
fn value(value: &Value) -> String {
    if let Some(text) = value.as_str() {
        return text.to_owned();
    }
    if let Some(name) = value["Ref"].as_str() {
        return of_parameter(name).to_owned();
    }
    if let Some(text) = value["Fn::Sub"].as_str() {
        let names = ["Bucket", "Prefix"];
        return names
            .iter()
            .fold(text.to_owned(), |text, name| text.replace(&format!("${{{name}}}"), of_parameter(name)));
    }
    self::value(&value["Fn::If"][1])
}

#[track_caller]
fn of_parameter(name: &str) -> &'static str {
    match name {
        "Spec" | "Prefix" => "inventory",
        "RoleName" => "OrganizationAccountAccessRole",
        "Bucket" => "example-inventory",
        "KmsKeyArn" => "arn:aws:kms:eu-central-1:111111111111:key/0",
        "AWS::AccountId" => "111111111111",
        other => panic!("the test knows no value for {other}"),
    }
}

/// The statements of a role's own policies.
#[track_caller]
pub(super) fn statements(template: &Value, role: &str) -> Vec<Value> {
    let policies = template["Resources"][role]["Properties"]["Policies"].as_array().expect("policies");
    let statements = policies
        .iter()
        .flat_map(|policy| policy["PolicyDocument"]["Statement"].as_array().expect("statements").iter());
    // Those that stand under a condition are the second of three: what, then, else.
    statements.map(|statement| statement["Fn::If"].get(1).unwrap_or(statement).clone()).collect()
}

/// Ends the test unless a unit has these sections, and settings in them.
#[track_caller]
pub(super) fn expect_unit(unit: &str, sections: &[&str]) {
    let mut found = Vec::new();
    for line in unit.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(section) = line.strip_prefix('[') {
            found.push(section.strip_suffix(']').expect("a section"));
        } else {
            let (name, _) = line.split_once('=').unwrap_or_else(|| panic!("no setting: {line}"));
            assert!(name.chars().all(char::is_alphanumeric) && !found.is_empty(), "{line}");
        }
    }
    assert_eq!(found, sections);
}

/// The value of a unit's setting.
#[track_caller]
pub(super) fn setting<'unit>(unit: &'unit str, name: &str) -> &'unit str {
    let value = unit.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    value.unwrap_or_else(|| panic!("no {name}"))
}
