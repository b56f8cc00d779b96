//! jq filters: compiled when a spec is loaded, run on every answer.
//!
//! The language is jaq's, which is jq's (<https://jqlang.org/manual/>) with few differences. One
//! function is left out: `env`, because credentials live in the environment and results in files.

mod explain;
mod path;
mod stack;
mod value;
mod worker;

use std::fmt;
use std::sync::Arc;

use jaq_core::data::JustLut;
use jaq_core::load::{self, Arena, File, Loader};
use jaq_core::{Compiler, Ctx, Vars};
use jaq_json::Val;
use serde_json::Value;

use stack::{MOST_STEPS, steps, with_room_for};
pub use worker::{ARGUMENT as WORKER_ARGUMENT, serve, stop_workers, use_workers, workers_are_stopped};

/// Functions of jq that jaq does not have.
const DEFINITIONS: &str = include_str!("definitions.jq");
/// The variable that holds the item of the enclosing call; null where there is none.
const ITEM: &str = "$item";
const NO_ROOM: &str = "the machine has no room for another thread, which a long jq filter needs";

/// A compiled jq filter. It can be shared between threads.
pub struct Filter {
    text: Box<str>,
    steps: usize,
    is_path: bool,
    program: jaq_core::Filter<JustLut<Val>>,
}

/// A filter that did not work on a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError(String);

impl FilterError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for FilterError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for FilterError {}

impl fmt::Debug for Filter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Filter").field(&self.text).finish()
    }
}

impl Filter {
    /// Compiles a filter; the error shows it and points at what is wrong.
    pub fn compile(text: &str) -> Result<Arc<Self>, String> {
        let steps = steps(text);
        if steps > MOST_STEPS {
            return Err(format!("the jq filter is too long: it has more than {MOST_STEPS} steps"));
        }
        let program = with_room_for(steps, || program(text)).ok_or(NO_ROOM)??;
        Ok(Arc::new(Self { text: text.into(), steps, is_path: path::is_path(text), program }))
    }

    /// The filter as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All outputs of the filter on `input`; `item` is what the filter calls `$item`.
    ///
    /// What is more than a path runs in a process of its own, within bounds of time and memory, where the
    /// program has said so with [`use_workers`].
    pub fn run(&self, input: &Value, item: &Value) -> Result<Vec<Value>, FilterError> {
        let elsewhere = if self.is_path { None } else { worker::run(self, input, item) };
        elsewhere.unwrap_or_else(|| self.run_here(input, item))
    }

    /// The same in this thread, without bounds.
    fn run_here(&self, input: &Value, item: &Value) -> Result<Vec<Value>, FilterError> {
        with_room_for(self.steps, || self.outputs(input, item)).ok_or(NO_ROOM).map_err(FilterError::new)?
    }

    fn outputs(&self, input: &Value, item: &Value) -> Result<Vec<Value>, FilterError> {
        let variables = Vars::new([value::from_json(item)]);
        let context = Ctx::<JustLut<Val>>::new(&self.program.lut, variables);
        self.program
            .id
            .run((context, value::from_json(input)))
            .map(|output| match output {
                Ok(value) => Ok(value::into_json(value)),
                Err(exception) => Err(self.failed(&match exception.get_err() {
                    Ok(error) => explain::without_values(&error.to_string()),
                    Err(_) => "`halt` has no meaning here".to_owned(),
                })),
            })
            .collect()
    }

    fn failed(&self, cause: &str) -> FilterError {
        FilterError(format!("jq filter `{}`: {cause}", self.text))
    }
}

fn program(text: &str) -> Result<jaq_core::Filter<JustLut<Val>>, String> {
    let own = load::parse(DEFINITIONS, |parser| parser.defs()).unwrap_or_default();
    let definitions = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs()).chain(own);
    let functions =
        jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs()).filter(|(name, _, _)| *name != "env");
    let arena = Arena::default();
    let modules = Loader::new(definitions)
        .load(&arena, File { code: text, path: () })
        .map_err(|errors| explain::load(text, &errors))?;
    load::import(&modules, |_| Err("a filter stands for itself".to_owned()))
        .map_err(|errors| explain::load(text, &errors))?;
    Compiler::default()
        .with_funs(functions)
        .with_global_vars([ITEM])
        .compile(modules)
        .map_err(|errors| explain::compile(text, &errors))
}

#[cfg(test)]
mod tests;
