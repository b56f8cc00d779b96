//! Wordings that refine a code for one service, and what to do about what they say.
//!
//! The same `AccessDeniedException` says that no policy allows a call, that the account has never enabled the
//! service, and that AWS has closed the service to new customers. A row is read after the wordings of IAM's
//! policies, so that it cannot hide a denial. The first row that fits decides.

mod accounts;
mod not_available;
mod not_enabled;
mod organizations;
mod refinements;

use super::ErrorMeaning;

/// A wording.
#[derive(Debug)]
pub(super) struct WordingRow {
    /// The services, by boto3's names; none means all.
    pub(super) services: &'static [&'static str],
    /// The functions; none means all.
    pub(super) functions: &'static [&'static str],
    /// The codes; none means all.
    pub(super) codes: &'static [&'static str],
    /// What the folded message contains, any of it; with `=` before it, what it is. None means any message.
    pub(super) words: &'static [&'static str],
    /// What it means.
    pub(super) meaning: ErrorMeaning,
    /// What to do about it; may be empty.
    pub(super) remedy: &'static str,
    /// Where the wording is from.
    #[cfg_attr(not(test), expect(dead_code, reason = "it is for those who review the tables"))]
    pub(super) source: &'static str,
}

impl WordingRow {
    fn fits(&self, service: &str, function: &str, code: &str, message: &str) -> bool {
        let has = |values: &[&str], value: &str| values.is_empty() || values.contains(&value);
        let says = |words: &&str| match words.strip_prefix('=') {
            Some(whole) => message.trim_end_matches('.') == whole,
            None => message.contains(words),
        };
        has(self.services, service)
            && has(self.functions, function)
            && has(self.codes, code)
            && (self.words.is_empty() || self.words.iter().any(says))
    }
}

/// All tables, in the order in which they are read.
pub(super) const TABLES: &[&[WordingRow]] =
    &[refinements::ROWS, not_enabled::ROWS, organizations::ROWS, not_available::ROWS, accounts::ROWS];

/// The row that an error fits. The message is folded.
pub(super) fn find(service: &str, function: &str, code: &str, message: &str) -> Option<&'static WordingRow> {
    TABLES.iter().copied().flatten().find(|row| row.fits(service, function, code, message))
}
