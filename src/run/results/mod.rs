//! Results on their way to files: the result of a call, the buffer it is kept in until it is written, the items of
//! calls that have not ended, and the local and remote result trees.

pub(crate) mod call_result;
pub(crate) mod kept_items;
pub(crate) mod list_place;
pub(crate) mod local;
mod open_lists;
mod open_places;
pub(crate) mod result_file;
pub(crate) mod result_writer;
pub(crate) mod s3;
pub(crate) mod sink;
pub(crate) mod spool;
pub(crate) mod unit_file;
