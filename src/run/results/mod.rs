//! Results on their way to files: what a call returns, where it is kept until it is written, and the trees that it is
//! written to.

pub(crate) mod call_result;
pub(crate) mod local;
pub(crate) mod result_file;
pub(crate) mod s3;
pub(crate) mod sink;
pub(crate) mod spool;
