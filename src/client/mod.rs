//! Stub.

pub mod endpoint;
pub mod wire;
