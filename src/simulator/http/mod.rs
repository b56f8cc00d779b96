//! The simulated AWS behind HTTP: the server, the parsing of requests, and each exchange.

pub(in crate::simulator) mod exchange;
mod front_end;
pub(in crate::simulator) mod request;
pub(in crate::simulator) mod server;
