//! What the tests run the program in: a separate folder and environment, and servers to talk to.

mod caller;
mod children;
mod difference;
mod expected;
mod files;
mod finished;
pub(crate) mod jq;
mod listener;
mod loopback;
mod moto;
mod newer_botocore;
pub(crate) mod outcome;
mod running;
pub(crate) mod sign_in;
pub(crate) mod simulated;
mod sources;
mod terminal;
mod tree;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use flate2::read::GzDecoder;
use serde_json::Value;
use tempfile::TempDir;

pub(crate) use self::caller::Caller;
pub(crate) use self::children::select;
pub(crate) use self::difference::first_difference;
pub(crate) use self::expected::Expected;
pub(crate) use self::files::files_of;
pub(crate) use self::finished::Finished;
pub(crate) use self::listener::Listener;
pub(crate) use self::loopback::{Loopback, Received, Reply, identity};
pub(crate) use self::moto::{
    Account, Answer, Moto, Question, answer_of, ask_python, interpreter, python, python_text,
};
pub(crate) use self::newer_botocore::newer_botocore;
pub(crate) use self::outcome::{Ledger, RunOutcome};
pub(crate) use self::running::{Bell, Running};
pub(crate) use self::simulated::Simulated;
pub(crate) use self::sources::{files_below, parsed, root, rust_files};
pub(crate) use self::terminal::on_terminal;
pub(crate) use self::tree::Tree;

/// The unpacked source distribution of botocore, for its suites and models.
pub(crate) fn botocore_source() -> PathBuf {
    std::env::var_os("BOTOCORE_SOURCE")
        .map(PathBuf::from)
        .expect("BOTOCORE_SOURCE names no source distribution of botocore: run `tests/run`, which fetches it")
}

/// A file of botocore's, which may be compressed, as some of its distributions have it.
pub(crate) fn read_maybe_compressed(folder: &Path, file: &str) -> String {
    let plain = folder.join(file);
    if plain.exists() {
        return fs::read_to_string(&plain).unwrap_or_else(|error| panic!("{}: {error}", plain.display()));
    }
    let compressed = folder.join(format!("{file}.gz"));
    fs::File::open(&compressed)
        .and_then(|file| std::io::read_to_string(GzDecoder::new(file)))
        .unwrap_or_else(|error| panic!("{}: {error}", compressed.display()))
}

/// Where the scripts are that fill and question moto, and question botocore.
const MOTO_SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/moto");

/// How long a run may take; what takes longer waits for something that never comes.
const LONGEST_RUN: Duration = Duration::from_mins(20);

/// A folder that is the program's home and working directory, and the environment it sees.
pub(crate) struct Sandbox {
    folder: TempDir,
    environment: BTreeMap<String, String>,
}

impl Sandbox {
    /// An empty folder, and an environment without a trace of the caller's AWS configuration.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let home = folder.path().to_str().expect("a folder name in UTF-8").to_owned();
        let path = std::env::var("PATH").unwrap_or_default();
        let environment = [
            ("PATH", path.as_str()),
            ("HOME", home.as_str()),
            // Nothing here may look for credentials on the network.
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ];
        let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Self { folder, environment }
    }

    /// Sets an environment variable.
    pub(crate) fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.insert(name.to_owned(), value.into());
        self
    }

    /// Lets the program talk to this address only, with these static credentials.
    pub(crate) fn aws(self, endpoint: &str, access_key_id: &str, secret_access_key: &str) -> Self {
        self.env("AWS_ENDPOINT_URL", endpoint)
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", access_key_id)
            .env("AWS_SECRET_ACCESS_KEY", secret_access_key)
    }

    /// Writes a file into the folder.
    #[track_caller]
    pub(crate) fn file(self, name: &str, content: &str) -> Self {
        std::fs::write(self.folder.path().join(name), content).expect("a file in the sandbox");
        self
    }

    /// Writes the scan spec `spec.json`.
    #[track_caller]
    pub(crate) fn spec(self, spec: &Value) -> Self {
        self.file("spec.json", &spec.to_string())
    }

    /// The path of a file in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the program to its end.
    #[track_caller]
    pub(crate) fn run<Argument: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = Argument>,
    ) -> Finished {
        let mut command = Command::new(program());
        command.args(arguments);
        self.run_to_its_end(command)
    }

    /// Starts the program and lets it run. The bell rings for everything that it was given to.
    #[track_caller]
    pub(crate) fn start<Argument: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = Argument>,
        bell: Bell,
    ) -> Running {
        let mut command = Command::new(program());
        command.args(arguments);
        let (child, line) = self.spawn(command);
        Running::new(child, line, bell)
    }

    /// Runs a line of shell, in which `scan` is the program.
    #[track_caller]
    pub(crate) fn shell(&self, line: &str) -> Finished {
        let mut command = Command::new("sh");
        let scan = program().display().to_string().replace('\'', r"'\''");
        command.arg("-c").arg(format!("scan() {{ '{scan}' \"$@\"; }}\n{line}"));
        self.run_to_its_end(command)
    }

    #[track_caller]
    fn run_to_its_end(&self, command: Command) -> Finished {
        let (child, line) = self.spawn(command);
        wait_for(child, line)
    }

    #[track_caller]
    fn spawn(&self, mut command: Command) -> (Child, String) {
        command.current_dir(self.folder.path());
        let line = format!("{command:?}");
        command.env_clear().envs(&self.environment);
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        (child.expect("the program starts"), line)
    }
}

/// The program that cargo built for these tests, or the one that `SCAN_BINARY` names, such as a released one.
pub(crate) fn program() -> PathBuf {
    std::env::var_os("SCAN_BINARY").map_or_else(|| env!("CARGO_BIN_EXE_scan").into(), PathBuf::from)
}

/// Collects what the program writes until it ends, and ends it when it takes too long.
#[track_caller]
fn wait_for(mut child: Child, line: String) -> Finished {
    let stdout = read_aside(child.stdout.take().expect("piped"));
    let stderr = read_aside(child.stderr.take().expect("piped"));
    let written =
        stdout.recv_timeout(LONGEST_RUN).and_then(|out| Ok((out, stderr.recv_timeout(LONGEST_RUN)?)));
    let Ok((stdout, stderr)) = written else {
        child.kill().expect("the program can be ended");
        panic!("still running after {LONGEST_RUN:?}: {line}");
    };
    let status = child.wait().expect("the program's exit status");
    Finished::new(line, status, stdout, stderr)
}

/// Reads to the end in a separate thread, so that no full pipe stops the program.
fn read_aside(mut pipe: impl Read + Send + 'static) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    receiver
}
