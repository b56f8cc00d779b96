//! Stamped answers: in a uniform world, a page is made once and then only bears another account's
//! and region's name.
//!
//! Benchmarks measure the scan and not the simulator; a page of fifty instances costs two
//! milliseconds to make and a twentieth of that to stamp.

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

/// What stands for the account while a page is made; letters, so that no encoding changes it.
const ACCOUNT: &str = "QQaccountQQ";
/// What stands for the region, and has the form of one.
const REGION: RegionName = RegionName::new("qq-region-99");
/// What stands for the request id.
pub(super) const REQUEST: &str = "QQrequestQQ";

/// Services whose answers differ between accounts in nothing but the names of account and region.
const SERVICES: [&str; 11] =
    ["cloudformation", "dynamodb", "ec2", "ecs", "eks", "elbv2", "kms", "lambda", "rds", "sns", "sqs"];

/// A place for which a page is made on behalf of all others.
pub(super) struct StandIn {
    pub(super) account: SimulatedAccount,
    pub(super) region: &'static str,
}

/// The pages that have been made, by operation and request.
#[derive(Debug, Default)]
pub(super) struct Stamps(Mutex<HashMap<(RouteId, String), Arc<Stamp>>>);

/// A page with gaps.
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
    /// The stand-in for an account and one of its regions.
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

/// Whether a page of this list may be stamped: it is the same for every account, and the request
/// names nothing in particular.
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
    /// The answer for an account and region; `make` makes the page when it is the first of its kind.
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
                // Two letters that mean nothing.
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
    /// How many bytes it may need.
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
