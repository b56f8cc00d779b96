//! Secrets in URLs: passwords of users, parameters, signatures, and paths that are secrets.

use std::cell::Cell;

use super::places::NextPlace;
use super::scan::{Span, first_in, look_at, skip_back};
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

/// Places and results that the URLs of a text have in common: a URL may contain others.
#[derive(Debug, Default)]
pub(super) struct AddressMemory {
    end: NextPlace,
    query: NextPlace,
    fragment: NextPlace,
    parameter_end: NextPlace,
    path_end: NextPlace,
    /// The last query whose parameters were examined: its question mark and its end.
    examined_query: Cell<(usize, usize)>,
    /// The end of the last value of a parameter that is a secret.
    value_end: Cell<usize>,
    /// The end of the last path whose stream key was examined.
    examined_path: Cell<usize>,
}

/// Finds the secrets of the URL whose `://` is near `place`.
pub(super) fn find(text: &str, place: usize, memory: &AddressMemory, spans: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    let Some(colon) = text.get(place..).and_then(|rest| rest.find("://")).map(|offset| place + offset) else {
        return;
    };
    let scheme =
        skip_back(bytes, colon, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-'));
    let start = colon + "://".len();
    let end = memory.end.byte(bytes, start, |byte| {
        byte.is_ascii_whitespace()
            || byte.is_ascii_control()
            || matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>' | b'|')
            // An escaped line break or quote.
            || matches!(byte, b'\\' | b'^')
    });
    let address = Address { text, memory, scheme: &text[scheme..colon], start, end };
    address.user(spans);
    address.parameters(spans);
    address.path(spans);
}

struct Address<'text> {
    text: &'text str,
    memory: &'text AddressMemory,
    scheme: &'text str,
    start: usize,
    end: usize,
}

impl Address<'_> {
    fn rest(&self) -> &str {
        &self.text[self.start..self.end]
    }

    /// Returns the length of user, host and port.
    fn authority(&self) -> usize {
        let ends = |byte| matches!(byte, b'/' | b'?' | b'#');
        first_in(self.text.as_bytes(), self.start..self.end, ends).unwrap_or(self.end) - self.start
    }

    /// Finds the password in `user:password@`, and a token in place of the user.
    fn user(&self, spans: &mut Vec<Span>) {
        let rest = self.rest();
        let authority = self.authority();
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
        /// The maximum length of a password after its first slash.
        const LONGEST: usize = 256;
        let rest = self.rest();
        let is_database = !matches!(self.scheme, "http" | "https" | "s3" | "docker" | "oci" | "arn" | "file");
        let has_password =
            rest[..authority].split_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_err());
        let may_be_late = is_database && has_password && !rest[..authority].contains('@');
        let near = &rest.as_bytes()[..rest.len().min(authority + LONGEST)];
        may_be_late.then(|| first_in(near, authority..near.len(), |byte| byte == b'@')).flatten()
    }

    /// Returns whether a user without a password is a token: `https://<token>@github.com`.
    fn is_token(&self, user: &str) -> bool {
        let is_web = self.scheme.ends_with("http") || self.scheme.ends_with("https");
        let is_web_token = is_web && (user.len() >= 16 || user.bytes().any(|byte| byte.is_ascii_digit()));
        is_web_token && !user.is_empty() || values::is_made_up(user)
    }

    /// Finds secret parameters after the question mark, including those of JDBC drivers.
    fn parameters(&self, spans: &mut Vec<Span>) {
        let (bytes, memory) = (self.text.as_bytes(), self.memory);
        let mark = memory.query.byte(bytes, self.start, |byte| byte == b'?');
        let end = memory.fragment.byte(bytes, mark + 1, |byte| byte == b'#').min(self.end);
        let (known_mark, known_end) = memory.examined_query.get();
        if mark >= end || mark == known_mark {
            return;
        }
        let parameters = if known_mark < mark && mark < known_end {
            // A URL in a parameter of another: its further parameters are examined with those of the other.
            let ends = |byte| matches!(byte, b'&' | b';');
            vec![(mark + 1, memory.parameter_end.byte(bytes, mark + 1, ends).min(end))]
        } else {
            memory.examined_query.set((mark, end));
            look_at(end - mark);
            let mut next = mark + 1;
            let place_of = |parameter: &str| {
                let start = next;
                next += parameter.len() + 1;
                (start, start + parameter.len())
            };
            self.text[mark + 1..end].split(['&', ';']).map(place_of).collect()
        };
        let pairs = || parameters.iter().filter_map(|(start, end)| self.parameter(*start, *end));
        let is_signing = |(name, value, _): (&str, &str, usize)| {
            SIGNING.iter().any(|signing| signing.eq_ignore_ascii_case(name))
                && !value.is_empty()
                && !value.starts_with("[redacted")
                && !values::is_reference(value)
        };
        if pairs().any(is_signing) {
            spans.push(Span { start: mark + 1, end, kind: SIGNED });
            return;
        }
        // The value of a parameter with a URL contains those of its parameters.
        for (name, value, start) in pairs().filter(|(_, _, start)| memory.value_end.get() <= *start) {
            let is_own =
                PARAMETERS.iter().any(|parameter| parameter.eq_ignore_ascii_case(name)) && value.len() >= 6;
            let meaning = names::meaning(name);
            let is_secret = matches!(meaning, Some(NameMeaning::Password | NameMeaning::Secret))
                || (is_own && looks_generated(value));
            if is_secret && !values::is_harmless(value, meaning == Some(NameMeaning::Password)) {
                let end = start + value.len();
                memory.value_end.set(end);
                spans.push(Span { start, end, kind: PARAMETER });
            }
        }
    }

    /// Returns the name and the value of a parameter, and the place of the value.
    fn parameter(&self, start: usize, end: usize) -> Option<(&str, &str, usize)> {
        /// The maximum length of a name.
        const LONGEST: usize = 128;
        let near = start..end.min(start + LONGEST);
        let equals = first_in(self.text.as_bytes(), near, |byte| byte == b'=')?;
        Some((&self.text[start..equals], &self.text[equals + 1..end], equals + 1))
    }

    /// Finds paths that are secrets: those of webhooks, and the last part of a stream's path.
    fn path(&self, spans: &mut Vec<Span>) {
        let ends = |byte| matches!(byte, b'?' | b'#');
        let end = self.memory.path_end.byte(self.text.as_bytes(), self.start, ends).min(self.end);
        let path = &self.text[self.start..end];
        if let Some(secret) = hook_end(path.as_bytes()).filter(|secret| *secret < path.len()) {
            let start = self.start + secret;
            if !self.text[start..end].starts_with("[redacted") {
                spans.push(Span { start, end, kind: "webhook" });
            }
            return;
        }
        // rtmp.veriskope.com/docs/spec: the path is application and stream; the name of the stream grants
        // permission to publish.
        if matches!(self.scheme, "rtmp" | "rtmps")
            && self.memory.examined_path.replace(end) != end
            && let Some(last) = path.rfind('/').filter(|last| path[..*last].contains('/'))
        {
            let start = self.start + last + 1;
            let value = &self.text[start..end];
            if !value.is_empty() && !values::is_harmless(value, true) {
                spans.push(Span { start, end, kind: "stream key" });
            }
        }
    }
}

/// Returns whether a value looks machine-generated.
fn looks_generated(value: &str) -> bool {
    value.len() >= 16
        || value.bytes().any(|byte| byte.is_ascii_digit())
            && value.bytes().any(|byte| byte.is_ascii_alphabetic())
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
