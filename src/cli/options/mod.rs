//! Groups of options, each in a file of its own.

pub(super) mod redaction;
