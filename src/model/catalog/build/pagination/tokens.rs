//! Detection of token members: the response members with tokens, and the request members that take them.
//!
//! They are at the top of a response or in one of its structures, as in `cloudfront`.

use super::{PaginatedOperation, reviewed};
use crate::model::catalog::{Location, Member, MemberPath, NextPage, Origin, ShapeKind, Structure};

/// Token members: the names of the token in the response and in the request. Only pairs that occur in the models
/// of AWS's services.
const TOKEN_PAIRS: [(&str, &str); 18] = [
    ("NextToken", "NextToken"),
    ("nextToken", "nextToken"),
    ("nextToken", "NextToken"),
    ("next_token", "next_token"),
    ("NextPageToken", "NextPageToken"),
    ("NextPageToken", "PageToken"),
    ("nextPageToken", "pageToken"),
    ("nextPageToken", "nextPageToken"),
    ("NextMarker", "Marker"),
    ("NextMarker", "NextMarker"),
    ("nextMarker", "marker"),
    ("Marker", "Marker"),
    ("marker", "marker"),
    ("position", "position"),
    ("PaginationToken", "PaginationToken"),
    ("NextContinuationToken", "ContinuationToken"),
    ("NextToken", "Token"),
    ("nextIndex", "nextIndex"),
];

/// Tokens of every response, towards the end and the start of a log, with their name in requests: the last page
/// repeats the token of its request (`GetLogEvents` in the models of `logs` and, under another name, `lightsail`).
const REPEATED_TOKENS: [(&str, &str, &str); 2] = [
    ("nextForwardToken", "nextBackwardToken", "nextToken"),
    ("nextForwardToken", "nextBackwardToken", "pageToken"),
];

/// The detected continuation of a response.
pub(super) struct TokenPair<'model> {
    pub(super) inputs: Vec<Box<str>>,
    pub(super) outputs: Vec<MemberPath>,
    pub(super) more: Option<MemberPath>,
    pub(super) turning: NextPage,
    pub(super) origin: Origin,
    /// The structure member that contains the tokens, if they are not at the top of the response.
    pub(super) within: Option<(&'model str, &'model Structure)>,
}

/// The place that is searched for tokens: the response, or a structure in it.
struct Level<'subject, 'model> {
    subject: &'subject PaginatedOperation<'model>,
    within: Option<(&'model str, &'model Structure)>,
    structure: &'model Structure,
}

/// Returns the tokens of a response, if it has any.
pub(super) fn find<'model>(subject: &PaginatedOperation<'model>) -> Option<TokenPair<'model>> {
    if reviewed::has_no_end(subject) {
        return None;
    }
    let top = Level { subject, within: None, structure: subject.output };
    let below = subject.output.members.iter().filter_map(|member| {
        let structure = subject.structure(member)?;
        Some(Level { subject, within: Some((&member.name, structure)), structure })
    });
    std::iter::once(top).chain(below).find_map(|level| level.find())
}

impl<'model> Level<'_, 'model> {
    fn find(&self) -> Option<TokenPair<'model>> {
        self.pair()
            .or_else(|| self.repeated())
            .or_else(|| self.exclusive_start())
            .or_else(|| self.markers())
            .or_else(|| self.last_item())
    }

    /// Detects one of the common pairs.
    fn pair(&self) -> Option<TokenPair<'model>> {
        let (output, input) = TOKEN_PAIRS.iter().find(|(output, input)| self.is_pair(output, input))?;
        Some(self.tokens(vec![(*input).into()], vec![self.path(output)], Origin::TokenPair))
    }

    fn repeated(&self) -> Option<TokenPair<'model>> {
        let (forward, backward, input) = REPEATED_TOKENS.iter().find(|(forward, backward, input)| {
            self.is_pair(forward, input) && self.is_pair(backward, input)
        })?;
        let outputs = vec![self.path(forward), self.path(backward)];
        let tokens = self.tokens(vec![(*input).into()], outputs, Origin::RepeatedToken);
        Some(TokenPair { turning: NextPage::RepeatedToken, ..tokens })
    }

    /// Detects markers such as `LastEvaluatedTableName` in the response, which is `ExclusiveStartTableName` of the
    /// next request.
    fn exclusive_start(&self) -> Option<TokenPair<'model>> {
        self.structure.members.iter().find_map(|member| {
            let input = format!("ExclusiveStart{}", member.name.strip_prefix("LastEvaluated")?);
            self.is_pair(&member.name, &input)
                .then(|| self.tokens(vec![input.into()], vec![self.path(&member.name)], Origin::TokenPair))
        })
    }

    /// Detects markers such as `NextCountryCode` in the response, which is `StartCountryCode` of the next request,
    /// or `NextDNSName` and `DNSName`; a marker may have the same name in both, where a flag indicates whether
    /// more follows.
    fn markers(&self) -> Option<TokenPair<'model>> {
        let flag = self.flag();
        let (mut inputs, mut outputs) = (Vec::new(), Vec::new());
        for input in &self.subject.input.members {
            let own = input.name.strip_prefix("Start").unwrap_or(&input.name);
            let next = self.structure.members.iter().find(|member| {
                let name = member.name.strip_prefix("Next").or_else(|| member.name.strip_prefix("next"));
                name.is_some_and(|name| name.eq_ignore_ascii_case(own))
            });
            let same = || {
                let is_marker = flag.is_some() && input.name.ends_with("Marker");
                self.member(&input.name).filter(|_| is_marker)
            };
            if let Some(output) = next.or_else(same)
                && self.is_pair(&output.name, &input.name)
            {
                inputs.push(input.name.clone());
                outputs.push(self.path(&output.name));
            }
        }
        let origin = if flag.is_some() { Origin::MarkerSet } else { Origin::TokenPair };
        (!inputs.is_empty()).then(|| self.tokens(inputs, outputs, origin))
    }

    /// Detects a flag such as `HasMoreTags` with `ExclusiveStartTagKey`: the next request contains the last item
    /// of this page.
    fn last_item(&self) -> Option<TokenPair<'model>> {
        self.flag()?;
        let input =
            self.subject.input.members.iter().find(|member| member.name.starts_with("ExclusiveStart"))?;
        let named = input.name.strip_prefix("ExclusiveStart")?;
        let last = self.structure.members.iter().find_map(|list| {
            let ShapeKind::List(items) = self.subject.kind(list)? else { return None };
            match self.subject.kind_of(items.member.shape)? {
                ShapeKind::String => Some(format!("{}[-1]", list.name)),
                // A tag's `Key` is the request's `TagKey`.
                ShapeKind::Structure(item) => {
                    let key = item.members.iter().filter(|key| named.ends_with(&*key.name));
                    let key = key.max_by_key(|key| key.name.len())?;
                    Some(format!("{}[-1].{}", list.name, key.name))
                }
                _ => None,
            }
        })?;
        let text = match self.within {
            Some((within, _)) => format!("{within}.{last}"),
            None => last,
        };
        let path = MemberPath::parse(&text).ok()?;
        Some(self.tokens(vec![input.name.clone()], vec![path], Origin::LastItem))
    }

    fn tokens(&self, inputs: Vec<Box<str>>, outputs: Vec<MemberPath>, origin: Origin) -> TokenPair<'model> {
        let more = self.flag().map(|flag| self.path(&flag.name));
        TokenPair { inputs, outputs, more, turning: NextPage::Tokens, origin, within: self.within }
    }

    /// Returns the flag that indicates more results.
    fn flag(&self) -> Option<&'model Member> {
        self.structure.members.iter().find(|member| {
            let is_flag = matches!(self.subject.kind(member), Some(ShapeKind::Boolean));
            is_flag && says_more(&member.name)
        })
    }

    /// Returns whether both structures have the members, and both members are strings or both are numbers.
    fn is_pair(&self, output: &str, input: &str) -> bool {
        let input = self.subject.input.member(input).and_then(|(_, member)| self.subject.kind(member));
        let output = self.member(output).and_then(|member| self.subject.kind(member));
        match (output, input) {
            (Some(ShapeKind::String), Some(ShapeKind::String)) => true,
            (Some(output), Some(input)) => is_whole_number(output) && is_whole_number(input),
            _ => false,
        }
    }

    fn member(&self, name: &str) -> Option<&'model Member> {
        self.structure
            .member(name)
            .map(|(_, member)| member)
            .filter(|member| member.location == Location::Body)
    }

    fn path(&self, name: &str) -> MemberPath {
        match self.within {
            Some((within, _)) => MemberPath::members(&[within, name]),
            None => MemberPath::member(name),
        }
    }
}

/// Returns whether a flag of this name indicates an incomplete response.
fn says_more(name: &str) -> bool {
    name.ends_with("Truncated")
        || name == "truncated"
        || name.starts_with("HasMore")
        || name.starts_with("hasMore")
}

fn is_whole_number(kind: &ShapeKind) -> bool {
    matches!(kind, ShapeKind::Integer { .. } | ShapeKind::Long { .. })
}
