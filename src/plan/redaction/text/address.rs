//! Secrets in URLs: passwords of users, parameters, signatures, and paths that are secrets.

use super::scan::{Span, skip, skip_back};
use crate::plan::redaction::names::{self, NameMeaning};
use crate::plan::redaction::values;

/// The kind of a password in a URL.
const PASSWORD: &str = "password in a connection string";
/// The kind of a URL that grants access to its holder.
const SIGNED: &str = "signed address";
/// The kind of a secret parameter of a URL.
const PARAMETER: &str = "secret in an address";

/// Parameters by which a URL is signed: all of them are redacted together.
/// docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html,
/// docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-canned-policy.html,
/// learn.microsoft.com/en-us/rest/api/storageservices/create-service-sas,
/// cloud.google.com/storage/docs/authentication/signatures, www.alibabacloud.com/help/en/oss (signed URLs),
/// www.tencentcloud.com/document/product/436/7778 (request signatures), techdocs.akamai.com (token
/// authentication)
const SIGNING: [&str; 21] = [
    "x-amz-signature",
    "x-amz-security-token",
    "x-amz-credential",
    "x-goog-signature",
    "x-goog-credential",
    "x-oss-signature",
    "x-cos-security-token",
    "signature",
    "key-pair-id",
    "awsaccesskeyid",
    "googleaccessid",
    "sig",
    "authtoken",
    "isauthcode",
    "hdnea",
    "hdnts",
    "hdntl",
    "q-signature",
    "ossaccesskeyid",
    "x-obs-signature",
    "x-tos-signature",
];

/// Parameters that are secrets in URLs, and ordinary words elsewhere.
const PARAMETERS: [&str; 12] =
    ["key", "code", "t", "k", "auth", "pass", "pwd", "p", "access", "otp", "ticket", "session"];

/// Suffixes of webhook hosts, and the start of their paths: the rest of the path grants permission to send.
/// docs.slack.dev/messaging/sending-messages-using-incoming-webhooks,
/// discord.com/developers/docs/resources/webhook, developer.pagerduty.com/docs/events-api-v1-overview,
/// learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook,
/// open.feishu.cn (custom bots), docs.oracle.com (pre-authenticated requests of object storage),
/// core.telegram.org/bots/api, docs.victorops.com (REST endpoint), zapier.com (catch hooks)
const HOOKS: [(&str, &str); 20] = [
    ("hooks.slack.com", "services/"),
    ("hooks.slack.com", "workflows/"),
    ("hooks.slack.com", "triggers/"),
    ("discord.com", "api/webhooks/"),
    ("discordapp.com", "api/webhooks/"),
    ("events.pagerduty.com", "integration/"),
    ("events.eu.pagerduty.com", "integration/"),
    ("webhook.office.com", "webhookb2/"),
    ("outlook.office.com", "webhook/"),
    ("api.telegram.org", "bot"),
    ("alert.victorops.com", "integrations/generic/"),
    ("hooks.zapier.com", "hooks/catch/"),
    ("chat.googleapis.com", "v1/spaces/"),
    ("hook.integromat.com", ""),
    ("maker.ifttt.com", "trigger/"),
    ("webhook.site", ""),
    ("collectors.sumologic.com", "receiver/v1/http/"),
    ("open.feishu.cn", "open-apis/bot/v2/hook/"),
    ("open.larksuite.com", "open-apis/bot/v2/hook/"),
    ("oraclecloud.com", "p/"),
];

/// Finds the secrets of the URL whose `://` is near `place`.
pub(super) fn find(text: &str, place: usize, spans: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    let Some(colon) = text.get(place..).and_then(|rest| rest.find("://")).map(|offset| place + offset) else {
        return;
    };
    let scheme =
        skip_back(bytes, colon, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-'));
    let start = colon + "://".len();
    let end = skip(bytes, start, |byte| {
        !(byte.is_ascii_whitespace()
            || byte.is_ascii_control()
            || matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>' | b'|'))
    });
    // An escaped line break or quote.
    let end = start + text[start..end].find(['\\', '^']).unwrap_or(end - start);
    let address = Address { text, scheme: &text[scheme..colon], start, end };
    address.user(spans);
    address.parameters(spans);
    address.path(spans);
}

struct Address<'text> {
    text: &'text str,
    scheme: &'text str,
    start: usize,
    end: usize,
}

impl Address<'_> {
    fn rest(&self) -> &str {
        &self.text[self.start..self.end]
    }

    /// Finds the password in `user:password@`, and a token in place of the user.
    fn user(&self, spans: &mut Vec<Span>) {
        let rest = self.rest();
        let authority = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        // A password may contain a slash, which ends the authority before the at sign.
        let Some(at) = rest[..authority].rfind('@').or_else(|| self.late_at(authority)) else { return };
        let user = &rest[..at];
        let (start, end) = match user.find(':') {
            Some(colon) => (colon + 1, at),
            None if self.is_token(user) => (0, at),
            None => return,
        };
        let value = &rest[start..end];
        // A digest refers to a file and not to a host: `registry:5000@sha256:…`.
        if value.is_empty()
            || values::is_reference(value)
            || value.starts_with("[redacted")
            || value.contains('{')
            || value.bytes().all(|byte| byte == b'*')
            || rest[at + 1..].starts_with("sha256:")
        {
            return;
        }
        spans.push(Span { start: self.start + start, end: self.start + end, kind: PASSWORD });
    }

    /// Finds an at sign after a slash that belongs to a password: `mysql://u:a/b@host`.
    fn late_at(&self, authority: usize) -> Option<usize> {
        let rest = self.rest();
        let is_database = !matches!(self.scheme, "http" | "https" | "s3" | "docker" | "oci" | "arn" | "file");
        let has_password =
            rest[..authority].split_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_err());
        (is_database && has_password && !rest[..authority].contains('@')).then(|| rest.find('@')).flatten()
    }

    /// Returns whether a user without a password is a token: `https://<token>@github.com`.
    fn is_token(&self, user: &str) -> bool {
        let is_web = self.scheme.ends_with("http") || self.scheme.ends_with("https");
        let is_web_token = is_web && (user.len() >= 16 || user.bytes().any(|byte| byte.is_ascii_digit()));
        is_web_token && !user.is_empty() || values::is_made_up(user)
    }

    /// Finds secret parameters after the question mark, including those of JDBC drivers.
    fn parameters(&self, spans: &mut Vec<Span>) {
        let rest = self.rest();
        let Some(mark) = rest.find('?') else { return };
        let query = &rest[mark + 1..];
        let fragment = query.find('#').unwrap_or(query.len());
        let pairs = || {
            let mut next = self.start + mark + 1;
            query[..fragment].split(['&', ';']).filter_map(move |pair| {
                let start = next;
                next += pair.len() + 1;
                let (name, value) = pair.split_once('=')?;
                Some((name, value, start + name.len() + 1))
            })
        };
        let is_signing = |(name, value, _): (&str, &str, usize)| {
            !value.is_empty()
                && !value.starts_with("[redacted")
                && !values::is_reference(value)
                && SIGNING.iter().any(|signing| signing.eq_ignore_ascii_case(name))
        };
        if pairs().any(is_signing) {
            let start = self.start + mark + 1;
            spans.push(Span { start, end: start + fragment, kind: SIGNED });
            return;
        }
        for (name, value, start) in pairs() {
            let is_own =
                PARAMETERS.iter().any(|parameter| parameter.eq_ignore_ascii_case(name)) && value.len() >= 6;
            let meaning = names::meaning(name);
            let is_secret = matches!(meaning, Some(NameMeaning::Password | NameMeaning::Secret))
                || (is_own && looks_generated(value));
            if is_secret && !values::is_harmless(value, meaning == Some(NameMeaning::Password)) {
                spans.push(Span { start, end: start + value.len(), kind: PARAMETER });
            }
        }
    }

    /// Finds paths that are secrets: those of webhooks, and the last part of a stream's path.
    fn path(&self, spans: &mut Vec<Span>) {
        let rest = self.rest();
        let path_end = rest.find(['?', '#']).unwrap_or(rest.len());
        let path = &rest[..path_end];
        if let Some(secret) = hook_end(path.as_bytes()).filter(|secret| *secret < path.len()) {
            let (start, end) = (self.start + secret, self.start + path_end);
            if !self.text[start..end].starts_with("[redacted") {
                spans.push(Span { start, end, kind: "webhook" });
            }
            return;
        }
        // rtmp.veriskope.com/docs/spec: the path is application and stream; the name of the stream grants
        // permission to publish.
        if matches!(self.scheme, "rtmp" | "rtmps")
            && let Some(last) = path.rfind('/').filter(|last| path[..*last].contains('/'))
        {
            let start = self.start + last + 1;
            let end = self.start + path_end;
            let value = &self.text[start..end];
            if !value.is_empty() && !values::is_harmless(value, true) {
                spans.push(Span { start, end, kind: "stream key" });
            }
        }
    }
}

/// Returns whether a value looks machine-generated.
fn looks_generated(value: &str) -> bool {
    value.bytes().any(|byte| byte.is_ascii_digit()) && value.bytes().any(|byte| byte.is_ascii_alphabetic())
        || value.len() >= 16
}

/// Returns whether a URL, starting at its `://`, is the URL of a webhook.
pub(super) fn is_hook(address: &[u8]) -> bool {
    address.strip_prefix(b"://").and_then(hook_end).is_some()
}

/// Returns where the secret starts in the host and path of a webhook.
fn hook_end(address: &[u8]) -> Option<usize> {
    let slash = address.iter().position(|byte| *byte == b'/')?;
    let (host, path) = (&address[..slash], &address[slash + 1..]);
    let is_hook = |(of_host, of_path): &&(&str, &str)| {
        host.ends_with(of_host.as_bytes()) && path.starts_with(of_path.as_bytes())
    };
    HOOKS.iter().find(is_hook).map(|(_, of_path)| slash + 1 + of_path.len())
}
