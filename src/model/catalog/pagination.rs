//! How an operation's answers continue: which members carry the token, which the results.

use serde::{Deserialize, Serialize};

use super::path::MemberPath;

/// A paginator definition (`paginators-1.json`), or one derived from the operation's own members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pagination {
    /// Request members that take the tokens, in the order of `output_tokens`.
    pub input_tokens: Vec<Box<str>>,
    /// Where the answer carries the next tokens.
    pub output_tokens: Vec<MemberPath>,
    /// What is merged over all pages; the first is the primary one.
    pub result_keys: Vec<MemberPath>,
    /// Lists and maps beside the results that boto3 takes from one page alone or from none. What
    /// later pages add to them is joined as well.
    pub joined_keys: Vec<MemberPath>,
    /// A flag of the answer that says whether more follows; without it, a token says so.
    pub more_results: Option<MemberPath>,
    /// The request member that sets the size of a page.
    pub limit_key: Option<Box<str>>,
    /// The largest page that may be requested; `None` where a request names no size.
    pub page_size: Option<u32>,
    /// What the first page says for all of them.
    pub non_aggregate_keys: Vec<MemberPath>,
    /// What the next page is requested with.
    pub turning: NextPage,
    /// How this definition was found.
    pub origin: Origin,
}

/// What the next page is requested with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum NextPage {
    /// The tokens of the answer; without one the answer was the last.
    Tokens,
    /// The token of the answer, which is there in every answer: the last one repeats the token that
    /// it was requested with.
    RepeatedToken,
    /// The number of the next page, counted from 1, until there are `total` items.
    PageNumber {
        /// Where the answer says how many items there are.
        total: MemberPath,
    },
    /// The number of items read so far, until there are `total`.
    ItemOffset {
        /// Where the answer says how many items there are.
        total: MemberPath,
    },
}

/// How the pagination of an operation was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Origin {
    /// botocore has a paginator.
    Paginator,
    /// The answer has a member for the next token, and the request one that takes it.
    TokenPair,
    /// The answer names the first item of the next page in one or more markers, beside a flag.
    MarkerSet,
    /// The answer has a flag only: the request names the last item of the page before.
    LastItem,
    /// Every answer has a token; the last one repeats it.
    RepeatedToken,
    /// The request names the number of a page or of an item.
    Number,
}

impl Origin {
    /// All of them, in the order of the documentation.
    pub const ALL: [Self; 6] = [
        Self::Paginator,
        Self::TokenPair,
        Self::MarkerSet,
        Self::LastItem,
        Self::RepeatedToken,
        Self::Number,
    ];
}
