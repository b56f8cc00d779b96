//! What each verb and its options do, by the real program.

mod account_details;
mod accounts;
mod check;
mod diff;
mod env_file;
mod everything;
mod exit_codes;
mod export;
mod generated;
mod least_privilege;
pub(crate) mod organization_scan;
mod overlap;
mod plan;
mod planted;
mod profiles;
mod query;
mod reading_progress;
mod redaction;
mod report;
mod resume;
mod session_policy;
mod shards;
mod telling;
mod templates;
mod uploads;
mod usage;
mod wording;
