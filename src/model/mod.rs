//! The model of AWS from botocore's data: operations, endpoints and protocols, without I/O.

pub mod catalog;
pub mod console;
pub mod endpoint;
pub(crate) mod hosts;
pub mod protocol;
pub mod resource_types;
