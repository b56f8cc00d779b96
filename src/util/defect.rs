//! Containment of panics: a panic fails only the task in which it happens.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fmt;
#[cfg(feature = "xlsx")]
use std::io;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::task::Poll;

/// The hint of a ledger line whose call ended with a panic.
pub(crate) const REPORT: &str = "this is a defect of scan: please report this line";

thread_local! {
    /// Whether panics of this thread are caught.
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
    /// The last caught panic, with its location.
    static RECORDED: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A panic that was caught.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect(String);

impl Defect {
    /// Creates a defect from the panic payload of a task or thread.
    #[must_use]
    pub fn caught(payload: &(dyn Any + Send)) -> Self {
        let recorded = RECORDED.take();
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        Self(recorded.unwrap_or_else(|| format!(": {}", text.unwrap_or(NO_REASON))))
    }
}

impl Defect {
    /// Returns the operating system error in the panic message, as `expect` writes it: `Os { code: 28, … }`.
    #[cfg(feature = "xlsx")]
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

const NO_REASON: &str = "no message";

/// Runs a future and catches its panics. Everything that it holds is dropped, including locks and permits.
///
/// The future is boxed: thousands of them wait at once, and an `async fn` would have room for it twice.
///
/// # Errors
///
/// The panic.
pub(crate) fn contain<Output>(
    work: impl Future<Output = Output>,
) -> impl Future<Output = Result<Output, Defect>> {
    let mut work = Box::pin(work);
    std::future::poll_fn(move |context| {
        let before = CONTAINED.replace(true);
        // A future that has panicked is not polled again.
        let polled = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context)));
        CONTAINED.set(before);
        match polled {
            Ok(polled) => polled.map(Ok),
            Err(payload) => Poll::Ready(Err(Defect::caught(&*payload))),
        }
    })
}

/// Runs a function of a crate that panics instead of returning an error, and catches the panic.
///
/// # Errors
///
/// The panic.
#[cfg(feature = "xlsx")]
pub(crate) fn catch<Output>(work: impl FnOnce() -> Output) -> Result<Output, Defect> {
    let before = CONTAINED.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    CONTAINED.set(before);
    outcome.map_err(|payload| Defect::caught(&*payload))
}

/// Records a panic with its location if it is going to be caught, and returns whether it is. For the panic hook.
pub(crate) fn note(panic: &PanicHookInfo<'_>) -> bool {
    let is_contained = CONTAINED.get();
    if is_contained {
        let text = describe(panic);
        RECORDED.set(Some(text));
    }
    is_contained
}

/// Returns location and message of a panic: ` at src/x.rs:12: an index is out of bounds`.
#[must_use]
pub(crate) fn describe(panic: &PanicHookInfo<'_>) -> String {
    let place = panic.location().map(|at| format!(" at {}:{}", at.file(), at.line())).unwrap_or_default();
    format!("{place}: {}", panic.payload_as_str().unwrap_or(NO_REASON))
}
