//! Refusals: results that differ from jq's, or between versions of jq. A refusal ends the filter, and the filter
//! cannot catch it.

use std::cell::{Cell, RefCell};

use jaq_core::Exn;

use super::Datum;
use super::fault::{Error, error};

thread_local! {
    static REASON: RefCell<Option<String>> = const { RefCell::new(None) };
    /// The number of `try` that have had an output and are not finished.
    static OPEN: Cell<usize> = const { Cell::new(0) };
    /// The number of `try` that were dropped before they were finished.
    static LEFT: Cell<usize> = const { Cell::new(0) };
}

/// Ends the filter. The function that finds the reason returns the error.
pub(in crate::plan::spec::filter) fn refuse(reason: impl Into<String>) -> Error {
    let reason = reason.into();
    REASON.with_borrow_mut(|known| {
        known.get_or_insert_with(|| reason.clone());
    });
    error(reason)
}

/// Ends the filter with an exception, which `try` does not catch.
pub(in crate::plan::spec::filter) fn refused<'a>(reason: impl Into<String>) -> Exn<'a, Datum> {
    drop(refuse(reason));
    Exn::halt(0)
}

/// Clears the refusal of an earlier filter.
pub(in crate::plan::spec::filter) fn clear() {
    REASON.set(None);
    OPEN.set(0);
    LEFT.set(0);
}

/// Returns why the filter was refused, if it was.
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
        // The `try` was dropped while open: something after it failed.
        if self.0 {
            LEFT.set(LEFT.get() + 1);
        }
        self.close();
    }
}

/// The state before a `try` starts.
#[derive(Clone, Copy)]
pub(in crate::plan::spec::filter) struct Outside {
    open: usize,
    left: usize,
}

impl Outside {
    pub(in crate::plan::spec::filter) fn now() -> Self {
        Self { open: OPEN.get(), left: LEFT.get() }
    }

    /// Returns whether a `try` that has started since then is open, or was open when it was dropped.
    pub(in crate::plan::spec::filter) fn has_open_inside(self) -> bool {
        OPEN.get() > self.open || LEFT.get() > self.left
    }
}
