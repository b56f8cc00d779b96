//! The worker process: reads filters from standard input, runs them, and writes their outputs.

use std::collections::HashMap;
use std::io::{self, BufReader, BufWriter};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;

use super::super::JqFilter;
use super::bounds::{self, time_for};
use super::protocol::{ReceivedRequest, Response, receive, send};
use crate::util::system::process_limits::{limit_memory, limit_processor_time};
use crate::util::system::signals::ignore_stop_signals;

/// The argument that makes the program a worker.
pub const ARGUMENT: &str = "--jq-filter-worker";

/// Runs filters until standard input ends.
#[must_use]
pub fn serve() -> ExitCode {
    // They reach every process of a terminal or of a service. The run ends its workers itself, after its calls have had
    // time to finish.
    ignore_stop_signals();
    limit_memory(bounds::MEMORY);
    let worker = thread::Builder::new().stack_size(bounds::STACK).spawn(respond_all);
    match worker.map(thread::JoinHandle::join) {
        Ok(Ok(Ok(()))) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn respond_all() -> io::Result<()> {
    let mut input = BufReader::new(io::stdin().lock());
    let mut output = BufWriter::new(io::stdout().lock());
    let mut compiled = HashMap::new();
    while let Some(line) = receive(&mut input, u64::MAX)? {
        limit_processor_time(time_for(line.len()));
        send(&mut output, &respond(&line, &mut compiled))?;
    }
    Ok(())
}

fn respond(line: &[u8], compiled: &mut HashMap<String, Arc<JqFilter>>) -> Response {
    let mut reader = serde_json::Deserializer::from_slice(line);
    reader.disable_recursion_limit();
    let request = match serde::Deserialize::deserialize(&mut reader) {
        Ok(request) => request,
        Err(error) => return Response::Failed(error.to_string()),
    };
    let ReceivedRequest { filter: text, input, item } = request;
    let filter = match compiled.get(&text) {
        Some(filter) => Arc::clone(filter),
        None => match JqFilter::compile(&text) {
            Ok(filter) => Arc::clone(compiled.entry(text).or_insert(filter)),
            Err(mistake) => return Response::Failed(mistake),
        },
    };
    match filter.run_here(&input, &item) {
        Ok(outputs) => Response::Outputs(outputs),
        Err(error) => Response::Failed(error.to_string()),
    }
}
