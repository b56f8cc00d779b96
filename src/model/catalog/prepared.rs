//! A place beside an operation for what is derived from its model once.

use std::any::Any;
use std::fmt;
use std::sync::OnceLock;

/// What a user of the catalog derives from an operation when it is first called, such as the plan of its decoding. It
/// is not part of the model: it is not stored, not compared, and not copied.
#[derive(Default)]
pub struct Prepared(OnceLock<Box<dyn Any + Send + Sync>>);

impl Prepared {
    /// Returns the value, made by `make` the first time; `None` if there is one of another type already.
    pub(crate) fn get_or_init<T: Any + Send + Sync>(&self, make: impl FnOnce() -> T) -> Option<&T> {
        self.0.get_or_init(|| Box::new(make())).downcast_ref()
    }
}

impl Clone for Prepared {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Prepared {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Prepared")
    }
}
