//! `scan mcp`: a server of the Model Context Protocol over a finished run, for programs and agents.
//!
//! ```text
//! client ─► standard input ─► server ─► tool ─► database of the run ──┐
//! client ◄─ standard output ◄──────────── rows, and their gaps ◄──────┘
//! ```
//!
//! All tools only read. They need neither credentials nor a network, and no path in a request is opened: a request can
//! only name runs in the folder of the run that is served. What tools return is limited in rows, bytes and time.

mod changes;
mod gaps;
mod linked;
mod overview;
mod resource;
mod rows;
mod run_tools;
mod server;
mod tool_error;
mod tools;

pub(crate) use run_tools::RunTools;
pub(crate) use server::serve;
