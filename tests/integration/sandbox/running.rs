//! A run of the program that is still in progress.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, Sender, channel};

use super::{Finished, LONGEST_RUN};

/// A process that can be waited for, killed and sent signals. It is killed when it is dropped.
pub(crate) struct Running {
    child: Child,
    line: String,
    moments: Receiver<Moment>,
    stderr: Receiver<String>,
}

/// Notifies a test that what it waits for has come. It is made before the process is started, so that
/// nothing is missed.
pub(crate) struct Bell {
    sender: Sender<Moment>,
    moments: Receiver<Moment>,
}

impl Bell {
    pub(crate) fn new() -> Self {
        let (sender, moments) = channel();
        Self { sender, moments }
    }

    /// Rings it, from any thread.
    pub(crate) fn ring(&self) -> impl Fn() + Send + Sync + 'static {
        let sender = self.sender.clone();
        move || drop(sender.send(Moment::Reached))
    }
}

/// What a test waits for.
enum Moment {
    /// What the test wants to be notified of.
    Reached,
    /// The process closed its standard output, on which it had written this.
    Ended(String),
}

impl Running {
    pub(super) fn new(mut child: Child, line: String, bell: Bell) -> Self {
        let Bell { sender: ended, moments } = bell;
        let mut stdout = child.stdout.take().expect("piped");
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = stdout.read_to_end(&mut bytes);
            let _ = ended.send(Moment::Ended(String::from_utf8_lossy(&bytes).into_owned()));
        });
        let (lines, stderr) = channel();
        let errors = BufReader::new(child.stderr.take().expect("piped"));
        std::thread::spawn(move || {
            errors.lines().map_while(Result::ok).try_for_each(|line| lines.send(line))
        });
        Self { child, line, moments, stderr }
    }

    /// Waits for the bell, or for the process's end: then its output comes back.
    #[track_caller]
    pub(crate) fn wait_for_bell(&mut self) -> Option<Finished> {
        match self.moments.recv_timeout(LONGEST_RUN) {
            Ok(Moment::Reached) => None,
            Ok(Moment::Ended(stdout)) => Some(self.finished(stdout)),
            Err(error) => panic!("nothing happened in {LONGEST_RUN:?} ({error}): {}", self.line),
        }
    }

    /// Waits for a line on standard error with this text.
    #[track_caller]
    pub(crate) fn wait_for_error_line(&mut self, text: &str) {
        loop {
            match self.stderr.recv_timeout(LONGEST_RUN) {
                Ok(line) if line.contains(text) => return,
                Ok(_) => {}
                Err(error) => panic!("standard error never said {text:?} ({error}): {}", self.line),
            }
        }
    }

    /// The process's id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal, such as `INT`.
    #[track_caller]
    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("sh").arg("-c").arg(format!("kill -{name} {}", self.child.id())).status();
        assert!(status.expect("a shell").success(), "no signal {name} for {}", self.line);
    }

    /// Ends the process as the operating system does it (SIGKILL), and waits until it has ended.
    #[track_caller]
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("a process that can be killed");
        self.child.wait().expect("the process's exit status");
    }

    /// Waits for the process's own end.
    #[track_caller]
    pub(crate) fn finish(mut self) -> Finished {
        loop {
            if let Some(finished) = self.wait_for_bell() {
                return finished;
            }
        }
    }

    #[track_caller]
    fn finished(&mut self, stdout: String) -> Finished {
        let status = self.child.wait().expect("the process's exit status");
        let stderr: Vec<String> = self.stderr.iter().collect();
        Finished::new(self.line.clone(), status, stdout, stderr.join("\n"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
