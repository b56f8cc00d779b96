//! The real jq: for expected results past the program's own code, and to compare filters with.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use std::thread;

use serde_json::Value;
use tempfile::NamedTempFile;

/// What jq puts out for a filter and an input, with its exit code and messages.
#[track_caller]
pub(crate) fn jq(filter: &str, input: &Value) -> Output {
    let mut file = NamedTempFile::new().expect("a file");
    file.write_all(filter.as_bytes()).expect("a filter");
    let mut jq = command()
        .args(["--compact-output", "--from-file"])
        .arg(file.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("there is no jq ({error}): {WHERE}"));
    let mut stdin = jq.stdin.take().expect("standard input");
    let text = input.to_string();
    // A filter that does not compile leaves its input unread.
    let writer = thread::spawn(move || stdin.write_all(text.as_bytes()).ok());
    let output = jq.wait_with_output().expect("jq's output");
    writer.join().expect("a thread");
    output
}

const WHERE: &str = "run `tests/run`, which installs Debian's package jq, or name one in SCAN_TEST_JQ";

fn command() -> Command {
    let mut command = Command::new(std::env::var_os("SCAN_TEST_JQ").unwrap_or_else(|| "jq".into()));
    // No environment of the tests', and times as they are in UTC.
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("TZ", "UTC");
    command
}

/// The version that jq reports.
#[track_caller]
pub(crate) fn version() -> String {
    let output = command().arg("--version").output();
    let output = output.unwrap_or_else(|error| panic!("there is no jq ({error}): {WHERE}"));
    String::from_utf8(output.stdout).expect("UTF-8").trim().to_owned()
}

/// The values that jq has put out.
#[track_caller]
pub(crate) fn values(output: &Output) -> Vec<Value> {
    serde_json::Deserializer::from_slice(&output.stdout)
        .into_iter()
        .map(|value| value.expect("JSON"))
        .collect()
}

/// All outputs of the filter for this input.
#[track_caller]
pub(crate) fn evaluate(filter: &str, input: &Value) -> Vec<Value> {
    let output = jq(filter, input);
    assert!(output.status.success(), "{filter}: {}", String::from_utf8_lossy(&output.stderr));
    values(&output)
}

#[test]
fn a_filter_gives_all_its_outputs() {
    let input = serde_json::json!({"Names": ["a", "b"]});
    assert_eq!(evaluate(".Names[]", &input), ["a", "b"]);
}
