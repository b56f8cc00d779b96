//! Faults that change a response: its body, or its transfer.

use std::borrow::Cow;
use std::io;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, stream};
use http_body_util::{Either, Full, StreamBody};
use hyper::body::Frame;

use super::clock;
use crate::simulator::scenario::{BreakPoint, Fault, GarbledBody};
use crate::simulator::wire::Message;

/// The sign-in page of a proxy.
const SIGN_IN: &str = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head>\
    <body><h1>Your network requires you to sign in</h1></body></html>\n";

/// The number of pieces per second of a slow response.
const DROPS: u32 = 20;

/// The body of a response: complete, or in pieces that may end in an error.
pub(in crate::simulator) type DeliveredBody = Either<Full<Bytes>, StreamBody<Pieces>>;
type Pieces = Pin<Box<dyn Stream<Item = io::Result<Frame<Bytes>>> + Send>>;

/// A response, and its transfer.
#[derive(Debug)]
pub(in crate::simulator) struct Delivered {
    pub(in crate::simulator) message: Message,
    pub(in crate::simulator) travel: Travel,
}

/// The transfer of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::simulator) enum Travel {
    /// In one piece.
    Whole,
    /// The connection ends at this point, with a reset or a regular close.
    Broken { at: BreakPoint, reset: bool },
    /// At this number of bytes per second.
    Trickling(u32),
}

impl Travel {
    /// Returns whether the connection is reset, and not closed.
    pub(in crate::simulator) fn ends_in_reset(self) -> bool {
        matches!(self, Self::Broken { reset: true, .. })
    }
}

impl From<Message> for Delivered {
    fn from(message: Message) -> Self {
        Self { message, travel: Travel::Whole }
    }
}

/// Applies a fault to a response.
pub(in crate::simulator) fn deliver(mut message: Message, fault: &Fault) -> Delivered {
    let mut travel = Travel::Whole;
    match fault {
        // The client of the request has no detours: the connection is reset here.
        fault if fault.is_on_the_way() => travel = Travel::Broken { at: BreakPoint::Start, reset: true },
        Fault::Reset { at } => travel = Travel::Broken { at: *at, reset: true },
        Fault::HalfClose { at } => travel = Travel::Broken { at: *at, reset: false },
        Fault::Drip { bytes_per_second } => travel = Travel::Trickling(*bytes_per_second),
        Fault::Truncate { keep } => message.body.truncate(keep.unwrap_or(message.body.len() / 2)),
        Fault::Garbage { body, status } => message = garbage(*body, *status),
        Fault::Redirect { location: Some(location), .. } => {
            message = garbage(GarbledBody::Html, 302);
            message.headers.push((Cow::Borrowed("location"), location.clone()));
        }
        Fault::ClockSkew { seconds } if !has_date(&message) => {
            let date = clock::date_header(clock::shown(*seconds));
            message.headers.push((Cow::Borrowed("date"), date));
        }
        _ => {}
    }
    Delivered { message, travel }
}

fn has_date(message: &Message) -> bool {
    message.headers.iter().any(|(name, _)| name == "date")
}

/// Returns a response that does not come from AWS, without AWS's headers.
fn garbage(kind: GarbledBody, status: u16) -> Message {
    let (content_type, body) = match kind {
        GarbledBody::Html => ("text/html", SIGN_IN.as_bytes().to_vec()),
        GarbledBody::Binary => ("application/octet-stream", (0..=255).rev().collect()),
        GarbledBody::Empty => ("text/plain", Vec::new()),
    };
    Message { status, headers: vec![(Cow::Borrowed("content-type"), content_type.to_owned())], body }
}

/// Returns the body of a response; `None` if the connection ends before it.
pub(in crate::simulator) fn body(bytes: Bytes, travel: Travel) -> Option<DeliveredBody> {
    let pieces: Pieces = match travel {
        Travel::Whole => return Some(Either::Left(Full::new(bytes))),
        Travel::Broken { at: BreakPoint::Start, .. } => return None,
        Travel::Broken { at: BreakPoint::Body, .. } => Box::pin(half(&bytes)),
        Travel::Trickling(bytes_per_second) => Box::pin(trickle(bytes, bytes_per_second)),
    };
    Some(Either::Right(StreamBody::new(pieces)))
}

/// Returns half of the body and then an error, which ends the connection.
fn half(bytes: &Bytes) -> impl Stream<Item = io::Result<Frame<Bytes>>> + Send + use<> {
    let half = bytes.slice(..bytes.len() / 2);
    stream::unfold(Some(half), |half| async move {
        match half {
            Some(half) if !half.is_empty() => Some((Ok(Frame::data(half)), Some(Bytes::new()))),
            _ => {
                // Yields, so that the bytes so far are sent first.
                tokio::task::yield_now().await;
                Some((Err(io::Error::other("simulated break of the connection")), None))
            }
        }
    })
}

/// Returns the body in small pieces.
fn trickle(bytes: Bytes, bytes_per_second: u32) -> impl Stream<Item = io::Result<Frame<Bytes>>> + Send {
    let size = usize::try_from(bytes_per_second.div_ceil(DROPS)).unwrap_or(usize::MAX);
    let pause = Duration::from_secs(1) / DROPS.min(bytes_per_second.max(1));
    stream::unfold(bytes, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let drop = rest.split_to(size.min(rest.len()));
        Some((Ok(Frame::data(drop)), rest))
    })
}
