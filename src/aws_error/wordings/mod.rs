//! Wordings that refine the meaning of a code for one service, with fixes.
//!
//! Services return the same `AccessDeniedException` when no policy allows a call, when the account has never
//! enabled the service, and when AWS has closed the service to new customers. The rows are evaluated after the
//! wordings of IAM's policies, so that they cannot hide a denial. The first matching row decides.

mod accounts;
mod not_available;
mod not_enabled;
mod organizations;
mod refinements;

use super::ErrorMeaning;

/// A row of the tables of wordings.
#[derive(Debug)]
pub(super) struct WordingRow {
    /// The services, by boto3's names; an empty list means all.
    pub(super) services: &'static [&'static str],
    /// The functions; an empty list means all.
    pub(super) functions: &'static [&'static str],
    /// The codes; an empty list means all.
    pub(super) codes: &'static [&'static str],
    /// Texts of which the folded message contains at least one; with the prefix `=`, the message has to be equal.
    /// An empty list matches any message.
    pub(super) words: &'static [&'static str],
    /// The meaning of a matching error.
    pub(super) meaning: ErrorMeaning,
    /// The hint on how to fix it; may be empty.
    pub(super) remedy: &'static str,
    /// The source of the wording.
    #[cfg_attr(not(test), expect(dead_code, reason = "documents the source for reviews of the tables"))]
    pub(super) source: &'static str,
}

impl WordingRow {
    fn matches(&self, service: &str, function: &str, code: &str, message: &str) -> bool {
        let has = |values: &[&str], value: &str| values.is_empty() || values.contains(&value);
        let contains = |words: &&str| match words.strip_prefix('=') {
            Some(whole) => message.trim_end_matches('.') == whole,
            None => message.contains(words),
        };
        has(self.services, service)
            && has(self.functions, function)
            && has(self.codes, code)
            && (self.words.is_empty() || self.words.iter().any(contains))
    }
}

/// All tables, in the order of evaluation.
pub(super) const TABLES: &[&[WordingRow]] =
    &[refinements::ROWS, not_enabled::ROWS, organizations::ROWS, not_available::ROWS, accounts::ROWS];

/// Returns the first row that matches an error. The message has to be folded.
pub(super) fn find(service: &str, function: &str, code: &str, message: &str) -> Option<&'static WordingRow> {
    TABLES.iter().copied().flatten().find(|row| row.matches(service, function, code, message))
}
