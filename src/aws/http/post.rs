//! Sends JSON to a URL that is not one of AWS's: a webhook.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::{HttpConnector as _, SharedHttpClient, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use http::Uri;

use super::download::{USER_AGENT, plain_connector};
use crate::error::innermost;
use crate::util::plural::plural;

/// The time limit of an attempt.
const WAIT: Duration = Duration::from_secs(20);
/// The times between the attempts.
const PAUSES: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(4), Duration::from_secs(15)];

/// The reason why an attempt failed, and whether another one may succeed.
struct FailedAttempt {
    reason: String,
    is_transient: bool,
}

/// Sends a JSON document, several times if the server cannot be reached, is overloaded or has an internal error. The
/// error is a clause without the URL, whose path is a secret of webhooks.
pub(crate) async fn post_json(url: &Uri, body: &str, http: &SharedHttpClient) -> Result<(), String> {
    let connector =
        plain_connector(WAIT, url, http).map_err(|cause| format!("cannot send a request: {cause}"))?;
    let mut pauses = PAUSES.into_iter();
    loop {
        let Err(failed) = attempt(url, body, &connector).await else { return Ok(()) };
        match pauses.next().filter(|_| failed.is_transient) {
            Some(pause) => tokio::time::sleep(pause).await,
            None => return Err(failed.reason),
        }
    }
}

async fn attempt(url: &Uri, body: &str, connector: &SharedHttpConnector) -> Result<(), FailedAttempt> {
    let failed = |reason: String, is_transient| FailedAttempt { reason, is_transient };
    let unreachable = |cause: &(dyn std::error::Error + 'static)| {
        failed(format!("it cannot be reached: {}", innermost(cause)), true)
    };
    let mut request = HttpRequest::new(SdkBody::from(body));
    request.set_method("POST").map_err(|cause| unreachable(&cause))?;
    request.set_uri(url.to_string()).map_err(|cause| unreachable(&cause))?;
    request.headers_mut().insert("content-type", "application/json");
    request.headers_mut().insert("user-agent", USER_AGENT);
    let response = match tokio::time::timeout(WAIT, connector.call(request)).await {
        Ok(response) => response.map_err(|cause| unreachable(&cause))?,
        Err(_) => {
            return Err(failed(
                format!("it did not respond within {}", plural(WAIT.as_secs(), "second")),
                true,
            ));
        }
    };
    match response.status().as_u16() {
        200..=299 => Ok(()),
        // Servers with too many requests, and with an internal error.
        status @ (429 | 500..=599) => Err(failed(format!("it returned HTTP status {status}"), true)),
        status => Err(failed(format!("it returned HTTP status {status}"), false)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::{Arc, Mutex};

    use aws_smithy_runtime_api::client::http::{
        HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
    };
    use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
    use aws_smithy_types::body::SdkBody;

    use super::post_json;

    /// A server that returns one status after another.
    #[derive(Clone, Debug)]
    struct Statuses(Arc<Mutex<VecDeque<u16>>>);

    impl HttpConnector for Statuses {
        fn call(&self, _request: HttpRequest) -> HttpConnectorFuture {
            let status = self.0.lock().expect("a lock").pop_front().expect("another attempt");
            let status = status.try_into().expect("a status");
            HttpConnectorFuture::ready(Ok(HttpResponse::new(status, SdkBody::empty())))
        }
    }

    /// Returns the result, and the number of attempts that were not made.
    async fn post(statuses: &[u16]) -> (Result<(), String>, usize) {
        let left = Statuses(Arc::new(Mutex::new(statuses.iter().copied().collect())));
        let connector = SharedHttpConnector::new(left.clone());
        let http: SharedHttpClient = http_client_fn(move |_, _| connector.clone());
        let url = "https://hooks.example/secret".parse().expect("a URL");
        let result = post_json(&url, "{}", &http).await;
        let left = left.0.lock().expect("a lock").len();
        (result, left)
    }

    #[tokio::test(start_paused = true)]
    async fn overloaded_server_gets_message_again() {
        assert_eq!(post(&[503, 429, 200, 200]).await, (Ok(()), 1));
    }

    #[tokio::test(start_paused = true)]
    async fn attempts_end() {
        let (result, left) = post(&[500; 5]).await;
        assert_eq!((result, left), (Err("it returned HTTP status 500".to_owned()), 1));
    }

    #[tokio::test(start_paused = true)]
    async fn rejected_message_is_sent_once() {
        let (result, left) = post(&[404, 200]).await;
        assert_eq!((result, left), (Err("it returned HTTP status 404".to_owned()), 1));
    }
}
