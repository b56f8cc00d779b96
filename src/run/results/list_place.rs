//! The place of a list in its result file, to which a long list is written before its call has ended.

use std::io::{self, Write};

/// The place of the list of a call in its result file.
pub(crate) trait ListPlace: Send + Sync {
    /// Starts the list in its file. Returns `None` if that is not possible yet, since a result that precedes it in the
    /// file is not known.
    ///
    /// `key` is the member of the response that has the list, if the result is the whole response.
    fn start(&self, key: Option<&str>) -> io::Result<Option<Box<dyn StartedList>>>;
}

/// A list in an unfinished result file. It is removed from the file unless it is completed.
pub(crate) trait StartedList: Write + Send {
    /// Keeps what was written as the result of the call.
    fn complete(self: Box<Self>);
}
