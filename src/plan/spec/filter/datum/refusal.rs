//! What has one value in jq and another one here, or in another version of jq: it ends the filter, and
//! nothing in the filter catches it.

use std::cell::{Cell, RefCell};

use jaq_core::Exn;

use super::Datum;
use super::fault::{Error, error};

thread_local! {
    static REASON: RefCell<Option<String>> = const { RefCell::new(None) };
    /// How many `try` have had an output and are not done.
    static OPEN: Cell<usize> = const { Cell::new(0) };
    /// How many of them were left without being done.
    static LEFT: Cell<usize> = const { Cell::new(0) };
}

/// Ends the filter. The error is what the place that found it gives back.
pub(in crate::plan::spec::filter) fn refuse(reason: impl Into<String>) -> Error {
    let reason = reason.into();
    REASON.with_borrow_mut(|known| {
        known.get_or_insert_with(|| reason.clone());
    });
    error(reason)
}

/// The same as an exception, which `try` does not catch.
pub(in crate::plan::spec::filter) fn refused<'a>(reason: impl Into<String>) -> Exn<'a, Datum> {
    drop(refuse(reason));
    Exn::halt(0)
}

/// Forgets what an earlier filter was refused for.
pub(in crate::plan::spec::filter) fn begin() {
    REASON.set(None);
    OPEN.set(0);
    LEFT.set(0);
}

/// Why the filter has ended, if it has.
pub(in crate::plan::spec::filter) fn reason() -> Option<String> {
    REASON.with_borrow(Clone::clone)
}

/// A `try` that may be open.
#[derive(Default)]
pub(in crate::plan::spec::filter) struct Gate(bool);

impl Gate {
    pub(in crate::plan::spec::filter) fn open(&mut self) {
        if !self.0 {
            self.0 = true;
            OPEN.set(OPEN.get() + 1);
        }
    }

    pub(in crate::plan::spec::filter) fn close(&mut self) {
        if self.0 {
            self.0 = false;
            OPEN.set(OPEN.get().saturating_sub(1));
        }
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        // Nobody came back to it: something behind it went wrong.
        if self.0 {
            LEFT.set(LEFT.get() + 1);
        }
        self.close();
    }
}

/// How things were when a `try` began.
#[derive(Clone, Copy)]
pub(in crate::plan::spec::filter) struct Outside {
    open: usize,
    left: usize,
}

impl Outside {
    pub(in crate::plan::spec::filter) fn now() -> Self {
        Self { open: OPEN.get(), left: LEFT.get() }
    }

    /// Whether a `try` that has begun since then is open, or was when it was left.
    pub(in crate::plan::spec::filter) fn has_open_inside(self) -> bool {
        OPEN.get() > self.open || LEFT.get() > self.left
    }
}
