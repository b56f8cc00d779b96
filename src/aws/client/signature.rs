//! Signature Version 4 of first attempts, with few copies (AWS, "Create a signed AWS API request").
//!
//! The SDK's signer is made for every kind of request, and copies each header and the whole URL several times, which
//! needs as much processor time as the rest of a small request. Here, only usual requests are signed, with the SDK's
//! signing keys, and get the same headers as from the SDK's signer. Any other request is left to that one.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_runtime::auth::{HttpSignatureType, SigV4OperationSigningConfig, SigningOptions};
use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use aws_smithy_types::body::SdkBody;
use chrono::{DateTime, Datelike as _, Timelike as _, Utc};
use http::header::{AUTHORIZATION, TRANSFER_ENCODING, USER_AGENT};
use http::uri::Scheme;
use http::{HeaderName, HeaderValue, Request, Uri};
use percent_encoding::{percent_decode_str, utf8_percent_encode};
use sha2::{Digest as _, Sha256};

use crate::util::hexadecimal::hexadecimal;
use crate::util::percent_encoding::{RESERVED, RESERVED_IN_PATH};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const DATE: HeaderName = HeaderName::from_static("x-amz-date");
const CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");
const SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");

/// The headers that are not signed, since proxies may change them (aws-sigv4, `SigningSettings`).
const UNSIGNED_HEADERS: [HeaderName; 4] =
    [AUTHORIZATION, USER_AGENT, HeaderName::from_static("x-amzn-trace-id"), TRANSFER_ENCODING];

/// Adds the signature to a request with a URL and a body in memory. Returns nothing if the SDK's signer has to sign it:
/// if its path has empty segments or dots, its query or a header has an unusual form, or a header occurs twice. Then,
/// some headers may have been added.
pub(super) fn sign(
    request: &mut Request<SdkBody>,
    credentials: &Credentials,
    config: &SigV4OperationSigningConfig,
    time: SystemTime,
) -> Option<()> {
    let options = &config.signing_options;
    let is_usual = options.signature_type == HttpSignatureType::HttpRequestHeaders
        && options.payload_override.is_none()
        && !options.omit_session_token;
    if !is_usual {
        return None;
    }
    let (region, service) = (config.region.as_ref()?.as_ref(), config.name.as_ref()?.as_ref());
    let payload = hexadecimal(&Sha256::digest(request.body().bytes()?));
    let date_time = date_time(time);
    let day = date_time.get(..8)?;

    let headers = request.headers_mut();
    headers.insert(DATE, HeaderValue::from_str(&date_time).ok()?);
    if options.content_sha256_header {
        headers.insert(CONTENT_SHA256, HeaderValue::from_str(&payload).ok()?);
    }
    if let Some(token) = credentials.session_token() {
        let mut token = HeaderValue::from_str(token).ok()?;
        token.set_sensitive(true);
        headers.insert(SECURITY_TOKEN, token);
    }

    let (canonical, names) = canonical_request(request, &payload, options)?;
    let scope = format!("{day}/{region}/{service}/aws4_request");
    let hash = hexadecimal(&Sha256::digest(canonical));
    let text = format!("{ALGORITHM}\n{date_time}\n{scope}\n{hash}");
    let key = generate_signing_key(credentials.secret_access_key(), time, region, service);
    let signature = calculate_signature(key, text.as_bytes());
    let key_id = credentials.access_key_id();
    let value =
        format!("{ALGORITHM} Credential={key_id}/{scope}, SignedHeaders={names}, Signature={signature}");
    request.headers_mut().insert(AUTHORIZATION, HeaderValue::try_from(value).ok()?);
    Some(())
}

/// Returns the canonical form of a request, and the names of its signed headers.
fn canonical_request(
    request: &Request<SdkBody>,
    payload: &str,
    options: &SigningOptions,
) -> Option<(String, String)> {
    let mut headers = signed_headers(request)?;
    headers.sort_unstable();
    let uri = request.uri();
    let lengths = headers.iter().map(|(name, value)| 2 * name.len() + value.len() + 3).sum::<usize>();
    let mut text = String::with_capacity(lengths + 3 * uri.path().len() + 256);
    text.push_str(request.method().as_str());
    text.push('\n');
    push_path(&mut text, uri.path(), options)?;
    text.push('\n');
    push_query(&mut text, uri.query().unwrap_or_default())?;
    text.push('\n');
    let mut names = String::with_capacity(lengths);
    for (name, value) in headers {
        for part in [name, ":", value, "\n"] {
            text.push_str(part);
        }
        if !names.is_empty() {
            names.push(';');
        }
        names.push_str(name);
    }
    for part in ["\n", names.as_str(), "\n", payload] {
        text.push_str(part);
    }
    Some((text, names))
}

/// Returns the names and values of the headers that are signed. Returns nothing if a header occurs twice, or has spaces
/// that are not part of the canonical form.
fn signed_headers(request: &Request<SdkBody>) -> Option<Vec<(&str, &str)>> {
    let headers = request.headers();
    if headers.len() != headers.keys_len() {
        return None;
    }
    let mut signed = Vec::with_capacity(headers.len() + 1);
    if !headers.contains_key(http::header::HOST) {
        signed.push(("host", host(request.uri())?));
    }
    for (name, value) in headers.iter().filter(|(name, _)| !UNSIGNED_HEADERS.contains(name)) {
        let value = str::from_utf8(value.as_bytes()).ok()?;
        if value.starts_with(' ') || value.ends_with(' ') || value.contains("  ") {
            return None;
        }
        signed.push((name.as_str(), value));
    }
    Some(signed)
}

/// Returns the value of the `Host` header: without the scheme's own port, as the HTTP client sends it.
fn host(uri: &Uri) -> Option<&str> {
    let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'))?;
    let own_port = match uri.scheme()? {
        scheme if *scheme == Scheme::HTTP => 80,
        scheme if *scheme == Scheme::HTTPS => 443,
        _ => return None,
    };
    Some(if authority.port_u16() == Some(own_port) { authority.host() } else { authority.as_str() })
}

/// Appends the path, which is encoded once. Most services expect it to be encoded a second time, without empty segments
/// and dots (AWS, "Create a canonical request").
fn push_path(text: &mut String, path: &str, options: &SigningOptions) -> Option<()> {
    let has_dots = || path.split('/').any(|segment| matches!(segment, "." | ".."));
    if options.normalize_uri_path && (path.contains("//") || has_dots()) {
        return None;
    }
    if options.double_uri_encode {
        text.extend(utf8_percent_encode(path, RESERVED_IN_PATH));
    } else {
        text.push_str(path);
    }
    Some(())
}

/// Appends the parameters of the query in the order of their names and values. Returns nothing unless they are encoded
/// like in the canonical form.
fn push_query(text: &mut String, query: &str) -> Option<()> {
    if query.is_empty() {
        return Some(());
    }
    let mut parameters = Vec::new();
    for parameter in query.split('&') {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        if name.is_empty() || !is_canonical(name) || !is_canonical(value) {
            return None;
        }
        parameters.push((name, value));
    }
    parameters.sort_unstable();
    for (number, (name, value)) in parameters.into_iter().enumerate() {
        for part in [if number == 0 { "" } else { "&" }, name, "=", value] {
            text.push_str(part);
        }
    }
    Some(())
}

/// Returns whether a part of a query has the form that it has after being decoded and encoded again.
fn is_canonical(part: &str) -> bool {
    let decoded = percent_decode_str(part).decode_utf8();
    decoded.is_ok_and(|decoded| Cow::from(utf8_percent_encode(&decoded, RESERVED)) == part)
}

/// Returns a time as in `20260724T094501Z`.
fn date_time(time: SystemTime) -> String {
    let time = DateTime::<Utc>::from(time);
    let mut text = String::with_capacity(16);
    let (year, month, day) = (time.year(), time.month(), time.day());
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    // Writing to a text does not fail.
    let _ = write!(text, "{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z");
    text
}

#[cfg(test)]
mod tests;
