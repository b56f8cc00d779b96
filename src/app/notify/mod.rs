//! Sends a comparison of two runs to a chat or a topic, if the user requests it.
//!
//! A webhook's URL is its credential: it is read from the environment, and only its host is printed.

mod destination;
mod message;

pub(crate) use destination::Destination;
