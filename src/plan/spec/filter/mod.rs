//! jq filters: checked when a spec is loaded, and run on every response.
//!
//! The language is jq's (<https://jqlang.org/manual/>), and so are the values, as version 1.6 has them. A filter that
//! is only a path is evaluated in [`path`]. The engine of all others is jaq. Its differences from jq are handled in
//! four places: values and their operators in [`datum`], functions in [`natives`] and `definitions.jq`, the precedence
//! of operators in [`grouping`], and the order of evaluation in [`rewriting`]. A result that still differs is an error
//! that cannot be caught ([`refusal`]): no filter yields another value than in jq.

mod datum;
mod definitions;
mod explain;
mod grouping;
mod held;
mod names;
mod natives;
mod number;
mod order;
mod output_origin;
mod outputs;
mod path;
mod path_parser;
mod pattern;
mod program;
mod rewriting;
mod stack;
mod time;
mod value;
mod worker;
mod write;

use std::fmt;
use std::sync::{Arc, OnceLock};

use jaq_core::data::JustLut;
use jaq_core::{Ctx, Exn, Vars};
use serde_json::Value;

use datum::Datum;
pub use output_origin::OutputOrigin;
use path::PathFilter;
use stack::{MOST_STEPS, steps, with_room_for};
pub use worker::{ARGUMENT as WORKER_ARGUMENT, serve, stop_workers, use_workers, workers_are_stopped};

const NO_ROOM: &str = "the machine cannot start another thread, which a long jq filter needs";

/// A compiled jq filter. It can be shared between threads.
pub struct JqFilter {
    text: Box<str>,
    steps: usize,
    /// The filter as a path; `None` if it is more than that.
    path: Option<PathFilter>,
    /// The program. A path needs it only for the error of a step that fails.
    program: OnceLock<Result<FilterProgram, String>>,
}

type FilterProgram = jaq_core::Filter<JustLut<Datum>>;

/// The error of a filter that failed on a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FilterError(String);

impl FilterError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Debug for JqFilter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Filter").field(&self.text).finish()
    }
}

impl JqFilter {
    /// Checks and compiles a filter; the error shows the filter and marks the place. Paths are valid, and evaluated
    /// without jaq.
    pub fn compile(text: &str) -> Result<Arc<Self>, String> {
        let steps = steps(text);
        if steps > MOST_STEPS {
            return Err(format!("the jq filter is too long: it has more than {MOST_STEPS} steps"));
        }
        let filter =
            Self { text: text.into(), steps, path: PathFilter::parse(text), program: OnceLock::new() };
        if filter.path.is_none() {
            filter.program()?;
        }
        Ok(Arc::new(filter))
    }

    /// Returns the program, compiled when it is first needed.
    fn program(&self) -> Result<&FilterProgram, String> {
        let compile = || with_room_for(self.steps, || program::compile(&self.text)).ok_or(NO_ROOM)?;
        self.program.get_or_init(compile).as_ref().map_err(String::clone)
    }

    /// Returns the filter as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the member of the input whose elements the filter is applied to one by one; `None` if there is none, or
    /// if the filter uses more of the input.
    #[must_use]
    pub fn list_of_items(&self) -> Option<&str> {
        path_parser::list_of_items(&self.text)
    }

    /// Returns the part of the input that determines the number of outputs.
    #[must_use]
    pub fn output_origin(&self) -> OutputOrigin<'_> {
        output_origin::output_origin(&self.text)
    }

    /// Returns all outputs of the filter on `input`; `item` is the value of `$item`.
    ///
    /// A filter that is more than a path runs in a separate process with limits of time and memory, if the
    /// program has enabled that with [`use_workers`].
    pub fn run(&self, input: &Value, item: &Value) -> Result<Vec<Value>, FilterError> {
        let elsewhere = match &self.path {
            Some(path) => path.outputs(input, item).map(Ok),
            None => worker::run(self, input, item),
        };
        elsewhere.unwrap_or_else(|| self.run_here(input, item))
    }

    /// Runs the filter in this thread, without limits.
    fn run_here(&self, input: &Value, item: &Value) -> Result<Vec<Value>, FilterError> {
        with_room_for(self.steps, || self.outputs(input, item)).ok_or(NO_ROOM).map_err(FilterError::new)?
    }

    fn outputs(&self, input: &Value, item: &Value) -> Result<Vec<Value>, FilterError> {
        datum::refusal::clear();
        let variables = Vars::new([value::from_json(item)]);
        let program = self.program().map_err(FilterError)?;
        let context = Ctx::<JustLut<Datum>>::new(&program.lut, variables);
        let mut outputs = Vec::new();
        for output in program.id.run((context, value::from_json(input))) {
            let output = output.map_err(Exn::get_err);
            // A refusal counts even if the filter has caught its error.
            if let Some(reason) = datum::refusal::reason() {
                return Err(self.failed(&format!("not supported: {reason}")));
            }
            match output {
                Ok(value) => outputs.push(value::into_json(value)),
                Err(Ok(error)) => return Err(self.failed(&explain::without_values(error))),
                Err(Err(_)) => return Err(self.failed("it was ended")),
            }
        }
        match datum::refusal::reason() {
            Some(reason) => Err(self.failed(&format!("not supported: {reason}"))),
            None => Ok(outputs),
        }
    }

    /// Returns whether the filter has a program.
    #[cfg(test)]
    pub(super) fn is_compiled(&self) -> bool {
        self.program.get().is_some()
    }

    fn failed(&self, cause: &str) -> FilterError {
        FilterError(format!("jq filter `{}`: {cause}", self.text))
    }
}

#[cfg(test)]
mod tests;
