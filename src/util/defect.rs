//! Defects of the program itself: a panic costs the piece of work in which it happens, and not all the others.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::pin::pin;
use std::task::Poll;

/// What to do about a defect that a line of the ledger tells of.
pub(crate) const REPORT: &str = "this is a defect of scan: please report this line";

thread_local! {
    /// Whether this thread does work whose panics are caught.
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
    /// The last such panic, with its place.
    static NOTED: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A panic that was caught.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect(String);

impl Defect {
    /// What a task or thread ended with.
    #[must_use]
    pub fn caught(payload: &(dyn Any + Send)) -> Self {
        let noted = NOTED.take();
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        Self(noted.unwrap_or_else(|| format!(": {}", text.unwrap_or(NO_REASON))))
    }
}

impl Defect {
    /// The error of the operating system that the panic quotes, as `expect` does: `Os { code: 28, … }`.
    pub(crate) fn os_error(&self) -> Option<io::Error> {
        let (_, rest) = self.0.split_once("Os { code: ")?;
        rest.split_once(',')?.0.parse().ok().map(io::Error::from_raw_os_error)
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "scan {} has panicked{}", env!("CARGO_PKG_VERSION"), self.0)
    }
}

const NO_REASON: &str = "no reason is given";

/// Does some work, and catches its panics. What the work holds is dropped, locks and permits included.
///
/// # Errors
///
/// The panic.
pub(crate) async fn contain<Output>(work: impl Future<Output = Output>) -> Result<Output, Defect> {
    let mut work = pin!(work);
    std::future::poll_fn(|context| {
        let before = CONTAINED.replace(true);
        // What has panicked is not polled again.
        let polled = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context)));
        CONTAINED.set(before);
        match polled {
            Ok(polled) => polled.map(Ok),
            Err(payload) => Poll::Ready(Err(Defect::caught(&*payload))),
        }
    })
    .await
}

/// Does some work of a crate that panics where it should have an error, and catches that.
///
/// # Errors
///
/// The panic.
pub(crate) fn catch<Output>(work: impl FnOnce() -> Output) -> Result<Output, Defect> {
    let before = CONTAINED.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    CONTAINED.set(before);
    outcome.map_err(|payload| Defect::caught(&*payload))
}

/// For the panic hook: whether somebody catches the panic and tells of it. Then it is noted with its place.
pub(crate) fn note(panic: &PanicHookInfo<'_>) -> bool {
    let is_contained = CONTAINED.get();
    if is_contained {
        let text = describe(panic);
        NOTED.set(Some(text));
    }
    is_contained
}

/// Where and why: ` at src/x.rs:12: an index is out of bounds`.
#[must_use]
pub(crate) fn describe(panic: &PanicHookInfo<'_>) -> String {
    let place = panic.location().map(|at| format!(" at {}:{}", at.file(), at.line())).unwrap_or_default();
    format!("{place}: {}", panic.payload_as_str().unwrap_or(NO_REASON))
}
