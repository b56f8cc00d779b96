//! Groups of options that several verbs share, one per file.

pub(super) mod accounts;
pub(super) mod bucket;
pub(super) mod deep;
pub(super) mod display;
pub(super) mod form;
pub(super) mod mfa;
pub(super) mod permission_sets;
pub(super) mod profiles;
pub(super) mod redaction;
pub(super) mod retention;
pub(super) mod role;
pub(super) mod session_policy;
pub(super) mod shard;
