//! How an operation's answers continue: which members carry the token, which the results.

use serde::{Deserialize, Serialize};

use super::path::Path;

/// A paginator definition (`paginators-1.json`), or one derived from the operation's own members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pagination {
    /// Request members that take the tokens, in the order of `output_tokens`.
    pub input_tokens: Vec<Box<str>>,
    /// Where the answer carries the next tokens.
    pub output_tokens: Vec<Path>,
    /// What is merged over all pages; the first is the primary one.
    pub result_keys: Vec<Path>,
    /// A flag of the answer that says whether more follows; without it, a token says so.
    pub more_results: Option<Path>,
    /// The request member that sets the size of a page.
    pub limit_key: Option<Box<str>>,
    /// What the first page says for all of them.
    pub non_aggregate_keys: Vec<Path>,
    /// botocore has no paginator for the operation: derived from its token members.
    pub derived: bool,
}
