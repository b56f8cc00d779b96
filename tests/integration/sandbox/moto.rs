//! A moto server with an organization in it, and boto3's answers from it.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A running server. It ends with its standard input, so also when the test dies without cleaning up.
pub(crate) struct Moto {
    /// Where it answers.
    pub(crate) endpoint: String,
    /// What the server was filled with.
    pub(crate) organization: Organization,
    process: Child,
    _lifeline: ChildStdin,
}

/// What the seeding script made.
#[derive(Clone, Default, Deserialize, Serialize)]
pub(crate) struct Organization {
    /// The account that the credentials belong to.
    pub(crate) management_account: String,
    /// Credentials of a user in the management account.
    pub(crate) access_key_id: String,
    /// The secret that belongs to them.
    pub(crate) secret_access_key: String,
    /// The regions that have resources.
    pub(crate) regions: Vec<String>,
    /// All accounts, the closed ones too.
    pub(crate) accounts: Vec<Account>,
    /// More users of the management account, where there are some.
    #[serde(default)]
    pub(crate) users: std::collections::BTreeMap<String, User>,
}

/// One account of the organization.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct Account {
    /// Twelve digits.
    pub(crate) id: String,
    /// Its name in the organization.
    pub(crate) name: String,
    /// `ACTIVE` or `SUSPENDED`.
    pub(crate) state: String,
}

/// An access key.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct User {
    /// The public half.
    pub(crate) access_key_id: String,
    /// The secret half.
    pub(crate) secret_access_key: String,
}

/// An API call that boto3 shall make.
#[derive(Clone, Serialize)]
pub(crate) struct Question {
    /// In which account.
    pub(crate) account: String,
    /// In which region.
    pub(crate) region: String,
    /// boto3's name of the service.
    pub(crate) service: String,
    /// boto3's name of the function.
    pub(crate) function: String,
    /// Its parameters, an object.
    pub(crate) parameters: Value,
}

/// boto3's answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Answer {
    /// The merged pages.
    Answer(Value),
    /// The code of the service's error, empty where it has none.
    Error(String),
}

impl Question {
    /// Whether the other one calls the same function in the same account and region.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let place = |question: &Self| {
            [&question.account, &question.region, &question.service, &question.function].map(String::clone)
        };
        place(self) == place(other)
    }
}

impl Moto {
    /// The server with the large organization, shared by all tests, which therefore only read from it.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<Moto> = OnceLock::new();
        SHARED.get_or_init(|| Self::seeded("seed.py"))
    }

    /// The server with a small organization in which IAM denies some things, shared as well.
    pub(crate) fn guarded() -> &'static Self {
        static GUARDED: OnceLock<Moto> = OnceLock::new();
        GUARDED.get_or_init(|| Self::seeded("guarded.py"))
    }

    /// A separate server without anything in it.
    pub(crate) fn empty() -> Self {
        let mut process = python("server.py", &[])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let lifeline = process.stdin.take().expect("piped");
        let mut port = String::new();
        let mut output = BufReader::new(process.stdout.take().expect("piped"));
        output.read_line(&mut port).expect("the server tells its port");
        assert!(!port.is_empty(), "the moto server did not start; its messages are above");
        let endpoint = format!("http://127.0.0.1:{}", port.trim());
        Self { endpoint, organization: Organization::default(), process, _lifeline: lifeline }
    }

    fn seeded(script: &str) -> Self {
        Self::seeded_with(script, &Value::Null)
    }

    /// A separate server that a script fills, which reads this from its standard input.
    pub(crate) fn seeded_with(script: &str, request: &Value) -> Self {
        let mut moto = Self::empty();
        let mut child = python(script, &[&moto.endpoint])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the script runs");
        let mut input = child.stdin.take().expect("piped");
        // A script that needs nothing may have ended already.
        let _ = input.write_all(request.to_string().as_bytes());
        drop(input);
        let seeded = child.wait_with_output().expect("the script ends");
        assert!(seeded.status.success(), "{script} failed; its messages are above");
        moto.organization = serde_json::from_slice(&seeded.stdout).expect("the script's answer");
        moto
    }

    /// What a script answers that is given the server's address and these arguments.
    #[track_caller]
    pub(crate) fn ask(&self, script: &str, arguments: &[&str]) -> Value {
        let arguments = [&[self.endpoint.as_str()], arguments].concat();
        let asked = python(script, &arguments).stderr(Stdio::inherit()).output().expect("the script runs");
        assert!(asked.status.success(), "{script} failed; its messages are above");
        serde_json::from_slice(&asked.stdout).expect("the script's answer")
    }

    /// What boto3 answers to each of the questions.
    #[track_caller]
    pub(crate) fn truth(&self, questions: &[Question]) -> Vec<Answer> {
        if questions.is_empty() {
            return Vec::new();
        }
        let request = serde_json::json!({"organization": self.organization, "questions": questions});
        let mut child = python("truth.py", &[&self.endpoint])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the script starts");
        let mut input = child.stdin.take().expect("piped");
        input.write_all(request.to_string().as_bytes()).expect("the script reads its questions");
        drop(input);
        let output = child.wait_with_output().expect("the script ends");
        assert!(output.status.success(), "truth.py failed; its messages are above");
        let answers: Vec<Answer> = serde_json::from_slice(&output.stdout).expect("the script's answers");
        assert_eq!(answers.len(), questions.len());
        answers
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What a script of `tests/iam` answers to a text on its standard input.
#[track_caller]
pub(crate) fn ask_python(script: &str, input: &str) -> String {
    answer_of(python(&format!("../iam/{script}"), &[]), script, input)
}

/// What a program in Python answers to a text on its standard input.
#[track_caller]
pub(crate) fn python_text(program: &str, input: &str) -> String {
    let mut command = Command::new(interpreter());
    command.args(["-c", program]);
    answer_of(command, "the program", input)
}

/// What a command answers to a text on its standard input.
#[track_caller]
pub(crate) fn answer_of(mut command: Command, name: &str, input: &str) -> String {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the script starts");
    let mut stdin = child.stdin.take().expect("piped");
    stdin.write_all(input.as_bytes()).expect("the script reads");
    drop(stdin);
    let output = child.wait_with_output().expect("the script ends");
    assert!(output.status.success(), "{name} failed; its messages are above");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The Python that `tests/run` has prepared.
pub(crate) fn interpreter() -> OsString {
    std::env::var_os("SCAN_TEST_PYTHON")
        .expect("SCAN_TEST_PYTHON is not set: run the tests by `tests/run`, which prepares boto3 and moto")
}

/// A script of `tests/moto`, run by the interpreter that has boto3 and moto.
pub(crate) fn python(script: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(interpreter());
    command.arg("-B").arg(Path::new(super::MOTO_SCRIPTS).join(script)).args(arguments);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AWS_")) {
        command.env_remove(name);
    }
    command
}
