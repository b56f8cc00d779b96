//! The pagination of an operation: the members with tokens and results.

use serde::{Deserialize, Serialize};

use super::path::MemberPath;

/// A paginator definition (`paginators-1.json`), or one derived from the operation's own members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pagination {
    /// Request members that take the tokens, in the order of `output_tokens`.
    pub input_tokens: Vec<Box<str>>,
    /// The response members with the next tokens.
    pub output_tokens: Vec<MemberPath>,
    /// The results that are merged over all pages; the first is the primary one.
    pub result_keys: Vec<MemberPath>,
    /// Lists and maps beside the results that boto3 takes from one page only or from none. Additions of later
    /// pages are merged as well.
    pub joined_keys: Vec<MemberPath>,
    /// A flag of the response that indicates more results; without it, a token indicates them.
    pub more_results: Option<MemberPath>,
    /// The request member that sets the size of a page.
    pub limit_key: Option<Box<str>>,
    /// The maximum page size; `None` where requests have no size.
    pub page_size: Option<u32>,
    /// The members of the first page that apply to all pages.
    pub non_aggregate_keys: Vec<MemberPath>,
    /// The way the next page is requested.
    pub turning: NextPage,
    /// The origin of this definition.
    pub origin: Origin,
}

/// The way the next page is requested.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum NextPage {
    /// With the tokens of the response; a response without one is the last.
    Tokens,
    /// With the token of the response, which is present in every response: the last one repeats the token of its
    /// request.
    RepeatedToken,
    /// With the number of the next page, counted from 1, until there are `total` items.
    PageNumber {
        /// The response member with the number of items.
        total: MemberPath,
    },
    /// With the number of items read so far, until there are `total`.
    ItemOffset {
        /// The response member with the number of items.
        total: MemberPath,
    },
}

/// The origin of an operation's pagination definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Origin {
    /// botocore has a paginator.
    Paginator,
    /// The response has a member for the next token, and the request has one that takes it.
    TokenPair,
    /// The response has a flag, and one or more markers with the first item of the next page.
    MarkerSet,
    /// The response has only a flag: the request contains the last item of the previous page.
    LastItem,
    /// Every response has a token; the last one repeats it.
    RepeatedToken,
    /// The request contains the number of a page or of an item.
    Number,
}

impl Origin {
    /// All origins, in the order of the documentation.
    pub const ALL: [Self; 6] = [
        Self::Paginator,
        Self::TokenPair,
        Self::MarkerSet,
        Self::LastItem,
        Self::RepeatedToken,
        Self::Number,
    ];
}
