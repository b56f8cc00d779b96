//! A pool of as many workers as there are processors, each running one filter at a time.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use serde_json::Value;

use super::super::{FilterError, JqFilter};
use super::bounds::MOST_EXCESSES;
use super::process::{Switch, Worker};
use super::protocol::{Response, WorkerRequest};

/// The workers of one program.
pub(super) struct Pool {
    program: PathBuf,
    most: usize,
    state: Mutex<PoolState>,
    freed: Condvar,
}

#[derive(Default)]
struct PoolState {
    idle: Vec<Worker>,
    /// The running workers, by the number of their filter.
    busy: Vec<(u64, Option<Switch>)>,
    started: u64,
    /// How often each filter exceeded a limit.
    excesses: HashMap<Box<str>, u32>,
    stopped: bool,
}

impl Pool {
    pub(super) fn new(program: PathBuf) -> Self {
        let most = thread::available_parallelism().map_or(1, usize::from);
        Self { program, most, state: Mutex::default(), freed: Condvar::new() }
    }

    /// Ends the running filters; no filter runs afterwards.
    pub(super) fn stop(&self) {
        let mut state = self.state();
        state.stopped = true;
        state.idle.clear();
        state.busy.iter().filter_map(|(_, switch)| switch.as_ref()).for_each(Switch::end);
        self.freed.notify_all();
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.state().stopped
    }

    /// Returns the outputs of a filter.
    pub(super) fn run(
        &self,
        filter: &JqFilter,
        input: &Value,
        item: &Value,
    ) -> Result<Vec<Value>, FilterError> {
        let (number, idle) = self.take_place(filter)?;
        let started = idle.map_or_else(|| Worker::start(&self.program), Ok);
        let (outcome, survivor) = match started {
            Ok(mut worker) => {
                self.make_busy(number, &worker);
                match worker.run_filter(&WorkerRequest { filter: filter.text(), input, item }) {
                    Ok(Response::Outputs(outputs)) => (Ok(outputs), Some(worker)),
                    // The worker has included the filter's text in the error.
                    Ok(Response::Failed(error)) => (Err(FilterError::new(error)), Some(worker)),
                    Err(reason) => {
                        self.note_excess(filter);
                        (Err(filter.failed(&reason)), None)
                    }
                }
            }
            Err(error) => (Err(filter.failed(&format!("its process cannot start: {error}"))), None),
        };
        self.give_back(number, survivor);
        outcome
    }

    fn state(&self) -> MutexGuard<'_, PoolState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until fewer filters are running than allowed.
    fn take_place(&self, filter: &JqFilter) -> Result<(u64, Option<Worker>), FilterError> {
        let mut state = self.state();
        while !state.stopped && state.busy.len() >= self.most {
            state = self.freed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.stopped {
            return Err(filter.failed("the run was stopped"));
        }
        if state.excesses.get(filter.text()).is_some_and(|excesses| *excesses >= MOST_EXCESSES) {
            self.freed.notify_one();
            return Err(filter.failed(&format!(
                "it was not run, because it has exceeded its limits {MOST_EXCESSES} times"
            )));
        }
        state.started += 1;
        let number = state.started;
        state.busy.push((number, None));
        Ok((number, state.idle.pop()))
    }

    fn note_excess(&self, filter: &JqFilter) {
        let mut state = self.state();
        if !state.stopped {
            *state.excesses.entry(filter.text().into()).or_default() += 1;
        }
    }

    fn make_busy(&self, number: u64, worker: &Worker) {
        let mut state = self.state();
        let stopped = state.stopped;
        if let Some((_, switch)) = state.busy.iter_mut().find(|(busy, _)| *busy == number) {
            let own = switch.insert(worker.switch());
            if stopped {
                own.end();
            }
        }
    }

    fn give_back(&self, number: u64, worker: Option<Worker>) {
        let mut state = self.state();
        state.busy.retain(|(busy, _)| *busy != number);
        if !state.stopped {
            state.idle.extend(worker);
        }
        self.freed.notify_one();
    }
}
