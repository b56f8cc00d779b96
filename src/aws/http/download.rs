//! Fetches a file from a URL that is not one of AWS's: a spec, or a package.
//!
//! A URL may come from a script or a third party, so the fetch is bounded in time and size, and
//! [`super::address`] keeps it from hosts that only this machine can reach.

use std::time::Duration;

use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_async::time::SystemTimeSource;
use aws_smithy_runtime::client::auth::no_auth::{NO_AUTH_SCHEME_ID, NoAuthScheme};
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime::client::identity::no_auth::NoAuthIdentityResolver;
use aws_smithy_runtime::client::orchestrator::endpoints::StaticUriEndpointResolver;
use aws_smithy_runtime::client::retries::strategy::NeverRetryStrategy;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::http::{
    HttpClient as _, HttpConnector as _, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::identity::SharedIdentityResolver;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use http::{StatusCode, Uri};
use http_body_util::{BodyExt as _, Limited};

use super::address::{ShownAddress, is_loopback, parse_url};
use crate::error::innermost;

const MOST_REDIRECTS: usize = 3;

/// The name under which plain requests are sent.
pub(super) const USER_AGENT: &str = concat!("aws-auto-inventory/", env!("CARGO_PKG_VERSION"));

/// What is fetched, and its bounds.
#[derive(Clone, Debug)]
pub(crate) struct Download {
    /// The plural for messages: `scan specs`.
    pub(crate) what: &'static str,
    /// The value of the header `accept`.
    pub(crate) accept: &'static str,
    /// The value of the header `authorization`, which is sent only to the host of the first URL.
    pub(crate) authorization: Option<String>,
    /// The maximum size, in bytes.
    pub(crate) largest: usize,
    /// The time limit from the first request to the last byte.
    pub(crate) wait: Duration,
}

impl Download {
    /// Fetches the bytes at a URL. The error is a sentence that names the URL.
    pub(crate) async fn fetch(&self, url: &Uri, http: &SharedHttpClient) -> Result<Vec<u8>, String> {
        match tokio::time::timeout(self.wait, follow(self, url, http)).await {
            Ok(result) => result,
            Err(_) => {
                Err(format!("{} did not respond within {} seconds", ShownAddress(url), self.wait.as_secs()))
            }
        }
    }
}

async fn follow(download: &Download, start: &Uri, http: &SharedHttpClient) -> Result<Vec<u8>, String> {
    let connector =
        plain_connector(download.wait, start, http).map_err(|cause| unreachable(start, &*cause))?;
    let mut url = start.clone();
    for _ in 0..=MOST_REDIRECTS {
        let authorization = download.authorization.as_ref().filter(|_| url.authority() == start.authority());
        let response = get(&url, download.accept, authorization, &connector).await?;
        let status = StatusCode::from_u16(response.status().as_u16())
            .map_err(|cause| format!("{} returned an invalid response: {cause}", ShownAddress(&url)))?;
        if status.is_success() {
            return body(download, &url, response).await;
        }
        let location = response.headers().get("location").filter(|_| status.is_redirection());
        url = match location {
            Some(location) => redirect(start, &url, location)?,
            None => return Err(format!("{} returned {status}", ShownAddress(&url))),
        };
    }
    Err(format!("{} redirects more than {MOST_REDIRECTS} times", ShownAddress(start)))
}

/// Returns the target of a redirect if it may be followed: a remote server must not redirect to hosts that only
/// this machine can reach.
fn redirect(start: &Uri, from: &Uri, location: &str) -> Result<Uri, String> {
    let target = if location.starts_with('/') && !location.starts_with("//") {
        let (scheme, authority) = (from.scheme_str(), from.authority());
        format!("{}://{}{location}", scheme.unwrap_or("https"), authority.map_or("", |host| host.as_str()))
    } else {
        location.to_owned()
    };
    let target =
        parse_url(&target).map_err(|cause| format!("{} redirects, but {cause}", ShownAddress(from)))?;
    if is_loopback(&target) && !is_loopback(start) {
        return Err(format!(
            "{} redirects to this machine, and such redirects are not followed",
            ShownAddress(from)
        ));
    }
    Ok(target)
}

async fn get(
    url: &Uri,
    accept: &'static str,
    authorization: Option<&String>,
    connector: &SharedHttpConnector,
) -> Result<HttpResponse, String> {
    let mut request = HttpRequest::get(url.to_string()).map_err(|cause| unreachable(url, &cause))?;
    request.headers_mut().insert("accept", accept);
    if let Some(authorization) = authorization {
        request.headers_mut().insert("authorization", authorization.clone());
    }
    request.headers_mut().insert("user-agent", USER_AGENT);
    connector.call(request).await.map_err(|cause| unreachable(url, &cause))
}

async fn body(download: &Download, url: &Uri, response: HttpResponse) -> Result<Vec<u8>, String> {
    match Limited::new(response.into_body(), download.largest).collect().await {
        Ok(body) => Ok(body.to_bytes().to_vec()),
        Err(cause) if cause.is::<http_body_util::LengthLimitError>() => Err(format!(
            "{} is larger than {} MiB, the limit for {}",
            ShownAddress(url),
            download.largest / 1024 / 1024,
            download.what
        )),
        Err(cause) => Err(unreachable(url, &*cause)),
    }
}

/// Reports the innermost cause, which is the specific one: no such host, connection refused, bad certificate.
fn unreachable(url: &Uri, cause: &(dyn std::error::Error + 'static)) -> String {
    format!("{} cannot be reached: {}", ShownAddress(url), innermost(cause))
}

/// Returns the client's connector. The API hands it out to runtime components only, most of which a plain request
/// does not use.
pub(super) fn plain_connector(
    wait: Duration,
    url: &Uri,
    http: &SharedHttpClient,
) -> Result<SharedHttpConnector, BoxError> {
    let components = RuntimeComponentsBuilder::new("plain request")
        .with_http_client(Some(http.clone()))
        .with_auth_scheme_option_resolver(Some(StaticAuthSchemeOptionResolver::new(vec![NO_AUTH_SCHEME_ID])))
        .with_auth_scheme(NoAuthScheme::new())
        .with_identity_resolver(NO_AUTH_SCHEME_ID, SharedIdentityResolver::new(NoAuthIdentityResolver::new()))
        .with_identity_cache(Some(IdentityCache::no_cache()))
        .with_endpoint_resolver(Some(StaticUriEndpointResolver::uri(url.to_string())))
        .with_retry_strategy(Some(NeverRetryStrategy::new()))
        .with_sleep_impl(Some(TokioSleep::new()))
        .with_time_source(Some(SystemTimeSource::new()))
        .build()?;
    let settings = HttpConnectorSettings::builder().connect_timeout(wait).read_timeout(wait).build();
    Ok(http.http_connector(&settings, &components))
}

#[cfg(test)]
mod tests {
    use aws_smithy_runtime_api::client::http::{
        HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
    };
    use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
    use aws_smithy_runtime_api::client::result::ConnectorError;
    use aws_smithy_types::body::SdkBody;

    use super::{Download, Duration, parse_url};

    const LARGEST: usize = 4 * 1024 * 1024;

    fn download() -> Download {
        Download {
            what: "scan specs",
            accept: "application/json",
            authorization: None,
            largest: LARGEST,
            wait: Duration::from_secs(10),
        }
    }

    /// A simulated web: a URL, a status, and a body or a redirect's target.
    #[derive(Clone, Debug)]
    struct Web(Vec<(&'static str, u16, String)>);

    impl HttpConnector for Web {
        fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
            let Some((_, status, text)) = self.0.iter().find(|(url, _, _)| *url == request.uri()) else {
                let cause = std::io::Error::other("no such host");
                return HttpConnectorFuture::ready(Err(ConnectorError::io(cause.into())));
            };
            let is_redirect = (300..400).contains(status);
            let body = if is_redirect { SdkBody::empty() } else { SdkBody::from(text.as_str()) };
            let mut response = HttpResponse::new((*status).try_into().expect("a status"), body);
            if is_redirect {
                response.headers_mut().insert("location", text.clone());
            }
            HttpConnectorFuture::ready(Ok(response))
        }
    }

    fn web(pages: &[(&'static str, u16, &str)]) -> SharedHttpClient {
        let pages = pages.iter().map(|(url, status, text)| (*url, *status, (*text).to_owned())).collect();
        let connector = SharedHttpConnector::new(Web(pages));
        http_client_fn(move |_, _| connector.clone())
    }

    async fn fetch(url: &str, pages: &[(&'static str, u16, &str)]) -> Result<String, String> {
        let bytes = download().fetch(&parse_url(url)?, &web(pages)).await?;
        Ok(String::from_utf8(bytes).expect("text"))
    }

    #[tokio::test]
    async fn a_spec_is_fetched_over_https_or_from_this_machine() {
        for url in ["https://example.com/s3.json", "http://127.0.0.1:8000/s3.json", "http://[::1]/s3.json"] {
            let url: &'static str = url;
            assert_eq!(fetch(url, &[(url, 200, "[]")]).await, Ok("[]".to_owned()));
        }
    }

    #[tokio::test]
    async fn redirects_are_followed_as_far_as_is_safe() {
        let pages = [
            ("https://a.example/1", 302, "https://b.example/2"),
            ("https://b.example/2", 307, "/3"),
            ("https://b.example/3", 200, "[1]"),
            ("https://a.example/down", 301, "http://b.example/3"),
            ("https://a.example/home", 301, "https://localhost/3"),
            ("https://a.example/imds", 301, "http://169.254.169.254/"),
            ("https://a.example/round", 302, "/round"),
            ("https://a.example/nowhere", 302, "nowhere"),
        ];
        assert_eq!(fetch("https://a.example/1", &pages).await, Ok("[1]".to_owned()));
        for (url, cause) in [
            ("https://a.example/down", "is not https"),
            ("https://a.example/home", "redirects to this machine"),
            ("https://a.example/imds", "link-local"),
            ("https://a.example/round", "redirects more than 3 times"),
            ("https://a.example/nowhere", "redirects, but"),
        ] {
            let message = fetch(url, &pages).await.expect_err("refused");
            assert!(message.contains(cause), "{message}");
        }
    }

    #[tokio::test]
    async fn failed_download_is_one_sentence_with_address() {
        let large = "x".repeat(LARGEST + 1);
        let pages = [
            ("https://a.example/removed", 404, ""),
            ("https://a.example/large", 200, &*large),
            ("https://a.example/away", 302, "http://b.example/a?sig=x"),
        ];
        for (url, message) in [
            ("https://a.example/removed", "https://a.example/removed returned 404 Not Found"),
            (
                "https://a.example/large",
                "https://a.example/large is larger than 4 MiB, the limit for scan specs",
            ),
            ("https://b.example/", "https://b.example/ cannot be reached: no such host"),
            ("https://b.example/a?sig=x", "https://b.example/a?[redacted] cannot be reached: no such host"),
            (
                "https://a.example/away",
                "https://a.example/away redirects, but http://b.example/a?[redacted] is not https, which is required for every host but this machine",
            ),
        ] {
            assert_eq!(fetch(url, &pages).await, Err(message.to_owned()));
        }
    }

    #[tokio::test]
    async fn a_server_that_never_answers_is_given_up() {
        #[derive(Debug)]
        struct Silent;
        impl HttpConnector for Silent {
            fn call(&self, _request: HttpRequest) -> HttpConnectorFuture {
                HttpConnectorFuture::new(std::future::pending())
            }
        }
        let connector = SharedHttpConnector::new(Silent);
        let client = http_client_fn(move |_, _| connector.clone());
        let url = parse_url("https://a.example/").expect("a URL");
        let message = Download { wait: Duration::ZERO, ..download() }
            .fetch(&url, &client)
            .await
            .expect_err("no response");
        assert_eq!(message, "https://a.example/ did not respond within 0 seconds");
    }
}
