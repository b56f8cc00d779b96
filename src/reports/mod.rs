//! What finished runs are read for.

pub mod diff;
pub mod export;
pub mod html;
pub mod query;
pub mod resources;
pub mod summary;
