//! Links: which resource of a run refers to which other, who outside gets access, and what does not exist.
//!
//! ```text
//! resources ─► identifiers (index) ─┐
//! resources ─► references ──────────┼─► resolve ─► graph ─► tree, list, GraphML, Graphviz
//! ledger ────► completeness ────────┘                  └──► tables, page, diff
//! ```
//!
//! There is no code for single services. Every text of a resource is compared with the identifiers of all resources, and
//! the few rules about what texts mean are in tables: [`forms`], [`kinds`], [`own_hosts`], [`shares`], [`accounts`].

mod accounts;
mod arn_types;
mod completeness;
mod forms;
mod grants;
mod graph;
mod hosts;
mod index;
mod kinds;
mod known;
mod locations;
mod own_hosts;
mod print;
mod references;
mod resolve;
mod row;
mod search;
mod selection;
mod shares;
mod source;
mod writer;

pub(crate) use graph::{LinkEnd, LinkGraph, OutsideNode};
pub(crate) use print::{LinkFormat, LinkPrintError};
#[cfg(any(feature = "parquet", feature = "sqlite"))]
pub(crate) use row::LinkRow;
pub(in crate::reports) use selection::LinkDirection;
pub(crate) use selection::LinkSelection;
