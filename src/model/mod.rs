//! What the data of botocore says about AWS: no input, no output.

pub mod catalog;
pub mod endpoint;
pub(crate) mod hosts;
pub mod protocol;
