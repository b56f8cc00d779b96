//! Reads the resources of a finished run one at a time, for exports, reports and comparisons.
//!
//! ```text
//! run's folder ─► calls of its spec ─► items, one at a time ─► resources
//! (output)        what each returns     of the result files     kind, id, arn, name, tags
//!                 (catalog, rules)
//! ```
//!
//! Files are read item by item and never as a whole, so that memory use does not grow with the run.

mod call;
mod described;
mod details;
mod facts;
mod failures;
mod fields;
mod indexes;
mod items;
mod listed;
mod lists;
mod merged;
mod model;
mod origin;
mod reader;
mod resource;
mod rules;
mod same_services;
#[cfg(test)]
pub(crate) mod samples;
mod scratch;
mod tag_outcomes;
mod tags_by_arn;
mod wide_hash;

pub use call::ReportedCall;
pub use described::may_be_about;
pub use facts::ResourceFacts;
pub(in crate::reports) use facts::{FactRow, NONE, UsualFact};
pub use fields::fields;
pub use listed::{ListedResource, listed_resources};
pub(in crate::reports) use merged::AccountReader;
pub use model::{FieldType, KnownField, KnownKind};
pub(in crate::reports) use reader::LinkCounts;
pub use reader::Resources;
pub use resource::{FoundResource, Resource};
#[cfg(test)]
pub(crate) use rules::kind::of_function as kind_of_function;
pub(in crate::reports) use scratch::{ScratchValues, StoredValue};
pub(in crate::reports) use wide_hash::{WideHash, WideHasher};
