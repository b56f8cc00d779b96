//! A cache of pages: in a uniform world, a page is created once, and then only the account and region in it are
//! replaced.
//!
//! Benchmarks should measure the scan and not the simulator; creating a page of fifty instances takes two
//! milliseconds, and filling in a cached page a twentieth of that.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value};

use super::error_response::SimulatedError;
use super::routes::RouteId;
use super::wire::Message;
use super::world::{SimulatedAccount, Workload};
use crate::model::catalog::Operation;
use crate::names::{AccountId, RegionName};

/// The placeholder of the account; letters only, so that no encoding changes it.
const ACCOUNT: &str = "QQaccountQQ";
/// The placeholder of the region, which has the format of a region name.
const REGION: RegionName = RegionName::new("qq-region-99");
/// The placeholder of the request id.
pub(super) const REQUEST: &str = "QQrequestQQ";

/// Services whose responses differ between accounts only in the account and the region.
const SERVICES: [&str; 11] =
    ["cloudformation", "dynamodb", "ec2", "ecs", "eks", "elbv2", "kms", "lambda", "rds", "sns", "sqs"];

/// A placeholder account for which a page is created.
pub(super) struct StandIn {
    pub(super) account: SimulatedAccount,
    pub(super) region: &'static str,
}

/// The cached pages, by operation and request.
#[derive(Debug, Default)]
pub(super) struct Stamps(Mutex<HashMap<(RouteId, String), Arc<Stamp>>>);

/// A page with placeholders.
#[derive(Debug)]
struct Stamp {
    status: u16,
    headers: Vec<(Cow<'static, str>, String)>,
    pieces: Vec<Piece>,
}

#[derive(Debug)]
enum Piece {
    Bytes(Vec<u8>),
    Account,
    Region,
    Request,
}

impl StandIn {
    /// Returns the placeholder for an account and one of its regions.
    pub(super) fn of(account: &SimulatedAccount, region: &str) -> Self {
        let workload = Workload {
            busy_in: vec![REGION.region()],
            busy: account.amounts(region).clone(),
            ..Workload::clone(&account.workload)
        };
        let id = AccountId::new(ACCOUNT);
        let account = SimulatedAccount { id, workload: Arc::new(workload), ..account.clone() };
        Self { account, region: REGION.as_str() }
    }
}

/// Returns whether a page of this list may be cached: it is the same for every account, and the request contains no
/// specific resource.
pub(super) fn is_possible(
    account: &SimulatedAccount,
    service: &str,
    operation: &Operation,
    input: &Map<String, Value>,
) -> bool {
    let pages = |name: &str| {
        operation.pagination.as_ref().is_some_and(|pagination| {
            pagination.limit_key.as_deref() == Some(name)
                || pagination.input_tokens.iter().any(|token| **token == *name)
        })
    };
    account.workload.uniform && SERVICES.contains(&service) && input.keys().all(|name| pages(name))
}

impl Stamps {
    /// Returns the response for an account and region; `make` creates the page if it is not cached yet.
    pub(super) fn answer(
        &self,
        (route, input): (RouteId, &Map<String, Value>),
        (account, region, request_id): (&SimulatedAccount, &str, &str),
        make: impl FnOnce() -> Result<Message, SimulatedError>,
    ) -> Result<Message, SimulatedError> {
        let key = (route, serde_json::to_string(input).unwrap_or_default());
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).map(Arc::clone);
        let stamp = if let Some(stamp) = known {
            stamp
        } else {
            let stamp = Arc::new(Stamp::of(make()?));
            let mut stamps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(stamps.entry(key).or_insert(stamp))
        };
        Ok(stamp.press(account.id.as_str(), region, request_id))
    }
}

impl Stamp {
    fn of(message: Message) -> Self {
        let mut pieces = Vec::new();
        let mut rest = message.body.as_slice();
        while let Some(gap) = rest.windows(2).position(|bytes| bytes.eq_ignore_ascii_case(b"qq")) {
            let marks =
                [(ACCOUNT, Piece::Account), (REGION.as_str(), Piece::Region), (REQUEST, Piece::Request)];
            let found = marks.into_iter().find(|(mark, _)| rest[gap..].starts_with(mark.as_bytes()));
            let (length, piece) = match found {
                Some((mark, piece)) => (mark.len(), Some(piece)),
                // Two letters that do not start a placeholder.
                None => (0, None),
            };
            let end = if length == 0 { gap + 2 } else { gap };
            pieces.push(Piece::Bytes(rest[..end].to_vec()));
            pieces.extend(piece);
            rest = &rest[end + length..];
        }
        pieces.push(Piece::Bytes(rest.to_vec()));
        Self { status: message.status, headers: message.headers, pieces }
    }

    fn press(&self, account: &str, region: &str, request_id: &str) -> Message {
        let fill = |text: &str| {
            text.replace(ACCOUNT, account).replace(REGION.as_str(), region).replace(REQUEST, request_id)
        };
        let mut body = Vec::with_capacity(self.pieces.iter().map(Piece::room).sum());
        for piece in &self.pieces {
            body.extend_from_slice(match piece {
                Piece::Bytes(bytes) => bytes,
                Piece::Account => account.as_bytes(),
                Piece::Region => region.as_bytes(),
                Piece::Request => request_id.as_bytes(),
            });
        }
        let headers = self.headers.iter().map(|(name, value)| (name.clone(), fill(value)));
        Message { status: self.status, headers: headers.collect(), body }
    }
}

impl Piece {
    /// Returns an estimate of the size in bytes.
    fn room(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::Account | Self::Region => 16,
            Self::Request => 36,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Message, Stamp};

    #[test]
    fn the_gaps_of_a_page_are_filled() {
        let message = Message {
            status: 200,
            headers: vec![("x-amzn-requestid".into(), super::REQUEST.to_owned())],
            body: b"<a>QQaccountQQ</a><z>qq-region-99a QQ</z>QQrequestQQ".to_vec(),
        };
        let pressed = Stamp::of(message).press("123456789012", "eu-west-1", "id-1");
        assert_eq!(String::from_utf8(pressed.body).unwrap(), "<a>123456789012</a><z>eu-west-1a QQ</z>id-1");
        assert_eq!(pressed.headers[0].1, "id-1");
    }
}
