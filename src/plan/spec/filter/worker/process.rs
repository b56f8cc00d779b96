//! The handle of a worker in the program that started it.

use std::io::{self, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;

use super::bounds::{LONGEST_OUTPUT, MEMORY, time_for};
use super::protocol::{Response, WorkerRequest, receive};
use super::serve::ARGUMENT;
use crate::util::system::process_limits::ran_out_of_time;

/// A running worker. Dropping it ends the process.
pub(super) struct Worker {
    child: Arc<Mutex<Child>>,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    errors: ChildStderr,
}

/// Ends a worker while another thread waits for it.
#[derive(Clone)]
pub(super) struct Switch(Arc<Mutex<Child>>);

impl Switch {
    pub(super) fn end(&self) {
        let _ = self.0.lock().unwrap_or_else(PoisonError::into_inner).kill();
    }
}

impl Worker {
    pub(super) fn start(program: &Path) -> io::Result<Self> {
        let mut child = Command::new(program)
            .arg(ARGUMENT)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        match (child.stdin.take(), child.stdout.take(), child.stderr.take()) {
            (Some(input), Some(output), Some(errors)) => {
                Ok(Self { child: Arc::new(Mutex::new(child)), input, output: BufReader::new(output), errors })
            }
            _ => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    pub(super) fn switch(&self) -> Switch {
        Switch(Arc::clone(&self.child))
    }

    /// Returns the response to a request; an error if the worker ended during it.
    pub(super) fn run_filter(&mut self, request: &WorkerRequest<'_>) -> Result<Response, String> {
        let mut line = serde_json::to_vec(request).map_err(|error| format!("cannot be written: {error}"))?;
        line.push(b'\n');
        // If writing fails, the worker has ended; the cause is determined below.
        let _ = self.input.write_all(&line).and_then(|()| self.input.flush());
        match receive(&mut self.output, LONGEST_OUTPUT) {
            Ok(Some(answer)) => {
                let mut reader = serde_json::Deserializer::from_slice(&answer);
                reader.disable_recursion_limit();
                Response::deserialize(&mut reader).map_err(|error| format!("cannot be read: {error}"))
            }
            Ok(None) => Err(self.why_ended(line.len())),
            Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                Err(format!("its output is larger than {} MiB", LONGEST_OUTPUT >> 20))
            }
            Err(error) => Err(format!("its process cannot be read from: {error}")),
        }
    }

    fn why_ended(&mut self, length: usize) -> String {
        let mut words = String::new();
        let _ = (&mut self.errors).take(4096).read_to_string(&mut words);
        let status = self.child.lock().unwrap_or_else(PoisonError::into_inner).wait();
        if words.contains("overflowed its stack") {
            return "it recurses without end, or too deeply".to_owned();
        }
        if words.contains("memory allocation") {
            return format!("it takes more than {} GiB of memory", MEMORY >> 30);
        }
        match status {
            Ok(status) if ran_out_of_time(status) => {
                format!("it takes more than {} s of processor time", time_for(length).as_secs())
            }
            Ok(status) => format!("its process ended with {status}"),
            Err(error) => format!("the status of its process is unknown: {error}"),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = child.kill();
        let _ = child.wait();
    }
}
