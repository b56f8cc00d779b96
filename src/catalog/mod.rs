//! The catalog: models of every read operation of every AWS service, loaded as they are needed.

mod operation;
mod pagination;
mod path;
mod service;
mod shape;

pub use operation::{ContextValue, EndpointDiscovery, Input, Operation, Output, Signing};
pub use pagination::Pagination;
pub use path::{Path, UnsupportedPath};
pub use service::{Protocol, Service};
pub use shape::{
    List, Location, Map, Member, Reference, Shape, ShapeId, ShapeKind, Structure, TimestampFormat,
    XmlNamespace,
};
