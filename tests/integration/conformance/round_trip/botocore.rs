//! botocore as a second reader of the same bytes, in a Python process beside the test.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use aws_auto_inventory::model::catalog::Function;
use aws_auto_inventory::simulator::wire::Message;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::sandbox::python;

/// A running Python process; it ends when its standard input does.
pub(super) struct Botocore {
    process: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Botocore {
    /// Runs one of the scripts that answer questions.
    pub(super) fn start(script: &str) -> Self {
        let mut process = python(script, &[])
            // botocore gives moments in seconds since 1970 in the machine's own time zone.
            .env("TZ", "UTC")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python starts");
        let questions = process.stdin.take();
        let answers = BufReader::new(process.stdout.take().expect("a pipe"));
        Self { process, questions, answers }
    }

    /// What boto3 would hand out for the message.
    pub(super) fn parse(&mut self, function: &Function, message: &Message) -> Result<Value, String> {
        let question = json!({
            "service": function.service().name,
            "operation": function.operation().name,
            "status": message.status,
            "headers": message.headers,
            "body": STANDARD.encode(&message.body),
        });
        self.ask(&question)
    }

    /// What boto3's paginator would make of the pages.
    pub(super) fn merge(&mut self, function: &Function, pages: &[Value]) -> Result<Value, String> {
        let (service, operation) = (&function.service().name, &function.operation().name);
        self.ask(&json!({"service": service, "operation": operation, "pages": pages}))
    }

    fn ask(&mut self, question: &Value) -> Result<Value, String> {
        let pipe = self.questions.as_mut().expect("open until the end");
        writeln!(pipe, "{question}").and_then(|()| pipe.flush()).expect("Python reads");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("Python writes");
        let mut answer: Value = serde_json::from_str(&line).map_err(|error| format!("{error}: {line}"))?;
        match answer["error"].as_str() {
            Some(error) => Err(error.to_owned()),
            None => Ok(answer["answer"].take()),
        }
    }
}

impl Drop for Botocore {
    fn drop(&mut self) {
        self.questions = None;
        let _ = self.process.wait();
    }
}
