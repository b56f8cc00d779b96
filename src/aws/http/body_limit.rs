//! Limits for the size of responses, so that none can exhaust the machine's memory.
//!
//! AWS's largest responses have about ten megabytes, and its error messages a few hundred bytes. A server or proxy
//! can send a body without an end, which an HTTP client would read.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::{Body, Frame, SizeHint};

use super::response_limit::{ResponseLimit, TooLarge};

/// The maximum number of bytes that are read of an error body. The rest of a longer one is discarded: code and
/// message are at its start.
const MAX_ERROR_BYTES: usize = 64 * 1024;

/// A connector that limits the size of response bodies: reading a larger one fails with [`TooLarge`].
#[derive(Debug)]
pub(crate) struct LimitedResponses {
    pub(crate) inner: SharedHttpConnector,
    pub(crate) limit: ResponseLimit,
}

impl HttpConnector for LimitedResponses {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (response, limit) = (self.inner.call(request), self.limit);
        HttpConnectorFuture::new(async move { response.await.map(|response| limited(response, limit)) })
    }
}

fn limited(response: HttpResponse, limit: ResponseLimit) -> HttpResponse {
    if response.status().is_success() {
        response.map(|body| {
            let body = Limited::new(body, limit.bytes());
            SdkBody::from_body_1_x(body.map_err(move |error| {
                if error.is::<LengthLimitError>() { TooLarge(limit).into() } else { error }
            }))
        })
    } else {
        response.map(|body| SdkBody::from_body_1_x(Truncated { body, remaining: MAX_ERROR_BYTES }))
    }
}

/// A body that is truncated after a number of bytes.
struct Truncated {
    body: SdkBody,
    remaining: usize,
}

impl Body for Truncated {
    type Data = Bytes;
    type Error = <SdkBody as Body>::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.remaining == 0 {
            return Poll::Ready(None);
        }
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        let Some(Ok(frame)) = frame else { return Poll::Ready(frame) };
        Poll::Ready(Some(Ok(match frame.into_data() {
            Ok(mut data) => {
                data.truncate(self.remaining);
                self.remaining -= data.len();
                Frame::data(data)
            }
            Err(trailers) => trailers,
        })))
    }

    fn is_end_stream(&self) -> bool {
        self.remaining == 0 || self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
    use aws_smithy_runtime_api::http::StatusCode;
    use aws_smithy_types::body::SdkBody;
    use bytes::Bytes;
    use http_body_util::{BodyExt, StreamBody};
    use hyper::body::Frame;

    use super::{MAX_ERROR_BYTES, limited};
    use crate::aws::http::{ResponseLimit, TooLarge};

    fn small() -> ResponseLimit {
        ResponseLimit::of_mebibytes(3).expect("a limit")
    }

    /// Returns an endless body, one mebibyte per frame.
    fn endless(status: u16) -> HttpResponse {
        let piece = Bytes::from(vec![b' '; 1024 * 1024]);
        let pieces =
            futures_util::stream::repeat_with(move || Ok::<_, Infallible>(Frame::data(piece.clone())));
        let status = StatusCode::try_from(status).expect("a status");
        HttpResponse::new(status, SdkBody::from_body_1_x(StreamBody::new(pieces)))
    }

    #[tokio::test]
    async fn a_body_without_an_end_is_an_error() {
        let read = limited(endless(200), small()).into_body().collect().await;
        let error = read.expect_err("it never ends");
        assert_eq!(error.downcast_ref::<TooLarge>(), Some(&TooLarge(small())), "{error}");
    }

    #[tokio::test]
    async fn an_error_body_without_an_end_is_cut() {
        for status in [301, 403, 500] {
            let read = limited(endless(status), small()).into_body().collect().await.expect("it ends");
            assert_eq!(read.to_bytes().len(), MAX_ERROR_BYTES, "{status}");
        }
    }

    #[tokio::test]
    async fn bodies_of_the_usual_size_are_left_alone() {
        for status in [200, 404] {
            let response =
                HttpResponse::new(StatusCode::try_from(status).expect("a status"), SdkBody::from("{}"));
            let read = limited(response, small()).into_body().collect().await.expect("reads");
            assert_eq!(read.to_bytes(), "{}");
        }
    }
}
