//! Functions on filters: caught errors, and first outputs.
//!
//! In jq 1.6, a `try` that has had an output also catches later errors outside of it, and treats `first`, `limit`
//! and `break` as errors. Later versions do not, so such filters are refused.

use jaq_core::box_iter::{BoxIter, box_once};
use jaq_core::native::{Fun, bome};
use jaq_core::{Bind, Exn, Native};

use super::FilterData;
use crate::plan::spec::filter::datum::fault::is_unsure;
use crate::plan::spec::filter::datum::refusal::{Gate, Outside, refused};
use crate::plan::spec::filter::datum::{Datum, access};
use crate::plan::spec::filter::explain::PATH;

const AFTER_TRY: &str = "an error after a `try` or `?` that may have further outputs: jq 1.6 catches it there, later \
                      versions do not";
const FIRST: &str = "the first output of a `try` or `?` that may have further ones: jq 1.6 continues, later versions \
                     stop (`[…][0]` is the first output in all)";

const CAUGHT: &str = "a value after `catch` in a path";

fn filters(count: usize) -> Box<[Bind]> {
    (0..count).map(|_| Bind::Fun(())).collect()
}

pub(super) fn functions() -> Vec<Fun<FilterData>> {
    [catching(), choosing(), paths()].into_iter().flatten().collect()
}

/// Returns `try`, and the functions that a `break` ends.
fn catching() -> Vec<Fun<FilterData>> {
    vec![
        (
            "_try",
            filters(2),
            Native::new(|mut cv| {
                let (handler, handler_context) = cv.0.pop_fun();
                let (body, context) = cv.0.pop_fun();
                let outside = Outside::now();
                attempt(outside, body.run((context, cv.1)), move |error| {
                    handler.run((handler_context.clone(), error))
                })
            })
            .with_paths(|mut cv| {
                let (handler, handler_context) = cv.0.pop_fun();
                let (body, context) = cv.0.pop_fun();
                attempt(Outside::now(), body.paths((context, cv.1)), move |error| {
                    let mut caught = handler.run((handler_context.clone(), error));
                    match caught.next() {
                        None => Box::new(std::iter::empty()),
                        Some(Ok(_)) => box_once(Err(refused(CAUGHT))),
                        Some(Err(error)) => box_once(Err(error)),
                    }
                })
            }),
        ),
        (
            "_try_seen",
            filters(2),
            Native::new(|mut cv| {
                let (handler, handler_context) = cv.0.pop_fun();
                let (body, context) = cv.0.pop_fun();
                attempt(Outside::now(), body.run((context, cv.1)), move |error| {
                    if is_unsure(&error) {
                        return box_once(Err(refused("the message of this error")));
                    }
                    handler.run((handler_context.clone(), error))
                })
            })
            .with_paths(|mut cv| {
                let _ = cv.0.pop_fun();
                let (body, context) = cv.0.pop_fun();
                attempt(Outside::now(), body.paths((context, cv.1)), move |_| box_once(Err(refused(CAUGHT))))
            }),
        ),
        (
            "_watched",
            filters(1),
            Native::new(|mut cv| {
                let (filter, context) = cv.0.pop_fun();
                watched(Outside::now(), filter.run((context, cv.1)))
            })
            .with_paths(|mut cv| {
                let (filter, context) = cv.0.pop_fun();
                watched(Outside::now(), filter.paths((context, cv.1)))
            }),
        ),
    ]
}

/// Returns functions for first, last and other outputs.
fn choosing() -> Vec<Fun<FilterData>> {
    vec![
        (
            "_alternative",
            filters(2),
            Native::new(|mut cv| {
                let (other, other_context) = cv.0.pop_fun();
                let (one, context) = cv.0.pop_fun();
                let input: Datum = cv.1;
                let outputs = one.run((context, input.clone()));
                alternative(outputs, |value| value, move || other.run((other_context, input)))
            })
            .with_paths(|mut cv| {
                let (other, other_context) = cv.0.pop_fun();
                let (one, context) = cv.0.pop_fun();
                let input = cv.1.clone();
                alternative(
                    one.paths((context, cv.1)),
                    |value| &value.0,
                    move || other.paths((other_context, input)),
                )
            }),
        ),
        (
            "first",
            filters(1),
            Native::new(|mut cv| {
                let (filter, context) = cv.0.pop_fun();
                first(Outside::now(), filter.run((context, cv.1)))
            })
            .with_paths(|mut cv| {
                let (filter, context) = cv.0.pop_fun();
                first(Outside::now(), filter.paths((context, cv.1)))
            }),
        ),
        (
            "_limit",
            [Bind::Var(()), Bind::Fun(())].into(),
            Native::new(|mut cv| {
                let ((filter, context), count) = (cv.0.pop_fun(), cv.0.pop_var());
                limit(Outside::now(), &count, filter.run((context, cv.1)))
            })
            .with_paths(|mut cv| {
                let ((filter, context), count) = (cv.0.pop_fun(), cv.0.pop_var());
                limit(Outside::now(), &count, filter.paths((context, cv.1)))
            }),
        ),
        (
            "_last",
            filters(1),
            Native::new(|mut cv| {
                let (filter, context) = cv.0.pop_fun();
                let last = filter.run((context, cv.1)).try_fold(Datum::null(), |_, value| value);
                box_once(last)
            })
            .with_paths(|mut cv| {
                let (filter, context) = cv.0.pop_fun();
                let outputs = filter.paths((context, cv.1)).collect::<Result<Vec<_>, _>>();
                match outputs.map(|mut outputs| outputs.pop()) {
                    Ok(Some(last)) => box_once(Ok(last)),
                    Ok(None) => box_once(Err(refused("an update without outputs"))),
                    Err(error) => box_once(Err(error)),
                }
            }),
        ),
    ]
}

/// Returns functions on paths.
fn paths() -> Vec<Fun<FilterData>> {
    vec![
        (
            "getpath",
            [Bind::Var(())].into(),
            Native::new(|mut cv| {
                let path = cv.0.pop_var();
                bome(access::get_path(&cv.1, &path))
            })
            .with_paths(|mut cv| {
                let path = cv.0.pop_var();
                let (value, mut keys) = cv.1;
                let value = access::get_path(&value, &path);
                for key in path.as_list().unwrap_or_default() {
                    keys = keys.cons(Datum(key.clone()));
                }
                box_once(value.map(|value| (value, keys)).map_err(Exn::from))
            }),
        ),
        (
            "_one_start",
            filters(1),
            Native::new(|mut cv| {
                let (filter, context) = cv.0.pop_fun();
                let mut started = false;
                Box::new(filter.run((context, cv.1)).map(move |output| match output {
                    Ok(_) if std::mem::replace(&mut started, true) => {
                        Err(refused("`reduce` or `foreach` with several initial values"))
                    }
                    output => output,
                }))
            }),
        ),
        (
            "_no_path",
            filters(1),
            Native::new(|mut cv| {
                let (filter, context) = cv.0.pop_fun();
                filter.run((context, cv.1))
            })
            .with_paths(|_| box_once(Err(refused("`reduce`, `foreach` and patterns in a path")))),
        ),
    ]
}

/// The outputs of a function on filters.
type Outputs<'a, T> = BoxIter<'a, Result<T, Exn<'a, Datum>>>;

struct Attempt<'a, T, H> {
    outputs: Option<Outputs<'a, T>>,
    handled: Option<Outputs<'a, T>>,
    handler: H,
    gate: Gate,
    outside: Outside,
}

fn attempt<'a, T: 'a>(
    outside: Outside,
    outputs: Outputs<'a, T>,
    handler: impl Fn(Datum) -> Outputs<'a, T> + 'a,
) -> Outputs<'a, T> {
    Box::new(Attempt { outputs: Some(outputs), handled: None, handler, gate: Gate::default(), outside })
}

impl<'a, T, H: Fn(Datum) -> Outputs<'a, T>> Iterator for Attempt<'a, T, H> {
    type Item = Result<T, Exn<'a, Datum>>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(handled) = &mut self.handled {
            return handled.next();
        }
        self.gate.close();
        match self.outputs.as_mut()?.next() {
            None => {
                self.outputs = None;
                None
            }
            Some(Ok(output)) => {
                self.gate.open();
                Some(Ok(output))
            }
            Some(Err(exception)) => {
                let is_behind = self.outside.has_open_inside();
                self.outputs = None;
                match exception.get_err() {
                    Ok(_) if is_behind => Some(Err(refused(AFTER_TRY))),
                    Ok(error) => {
                        let message = error.into_val();
                        // jq's message has more details about the path.
                        if message.as_str().is_some_and(|text| text.starts_with(PATH)) {
                            return Some(Err(refused("a filter that is not a path to a part of the input")));
                        }
                        let mut handled = (self.handler)(message);
                        let first = handled.next();
                        self.handled = Some(handled);
                        first
                    }
                    Err(other) => Some(Err(match other.get_halt() {
                        Ok(code) => Exn::halt(code),
                        Err(_) => refused(FIRST),
                    })),
                }
            }
        }
    }
}

/// Returns the outputs of one filter that are neither null nor false, or those of another one.
fn alternative<'a, T: 'a>(
    mut one: Outputs<'a, T>,
    value: fn(&T) -> &Datum,
    other: impl FnOnce() -> Outputs<'a, T>,
) -> Outputs<'a, T> {
    let is_true = move |output: &Result<T, Exn<'a, Datum>>| {
        output.as_ref().map_or(true, |output| jaq_core::ValT::as_bool(value(output)))
    };
    match one.find(is_true) {
        Some(first) => Box::new(std::iter::once(first).chain(one.filter(is_true))),
        None => other(),
    }
}

fn first<'a, T: 'a>(outside: Outside, mut outputs: Outputs<'a, T>) -> Outputs<'a, T> {
    match outputs.next() {
        Some(Ok(_)) if outside.has_open_inside() => box_once(Err(refused(FIRST))),
        Some(output) => box_once(output),
        None => Box::new(std::iter::empty()),
    }
}

/// Returns the first `count` outputs. Further ones are not evaluated.
fn limit<'a, T: 'a>(outside: Outside, count: &Datum, mut outputs: Outputs<'a, T>) -> Outputs<'a, T> {
    let mut left = count.as_f64().unwrap_or(0.0);
    Box::new(std::iter::from_fn(move || {
        if left <= 0.0 {
            return None;
        }
        left -= 1.0;
        let output = outputs.next()?;
        match output {
            Ok(_) if left <= 0.0 && outside.has_open_inside() => Some(Err(refused(FIRST))),
            output => Some(output),
        }
    }))
}

/// Returns outputs that a `break` may end.
fn watched<'a, T: 'a>(outside: Outside, outputs: Outputs<'a, T>) -> Outputs<'a, T> {
    Box::new(outputs.map(move |output| match output {
        Err(exception) => Err(match exception.get_err() {
            Ok(error) => Exn::from(error),
            Err(other) if outside.has_open_inside() => {
                drop(other);
                refused(FIRST)
            }
            Err(other) => other,
        }),
        output => output,
    }))
}
