//! Requests: from HTTP to the operation, the caller and the members.

pub(in crate::simulator) mod authorization;
pub(in crate::simulator) mod form;
mod json;
mod scalar;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use bytes::Bytes;
use http::request::Parts;
use serde_json::{Map, Value};

use self::authorization::Authorization;
use crate::model::catalog::{Location, Operation, Protocol, Service, ShapeKind, ShapeReference, Structure};
use crate::model::protocol::{cbor_value, decode_xml_request};
use crate::simulator::error_response::SimulatedError;
use crate::simulator::routes::template::UriTemplate;
use crate::simulator::routes::{Head, target_in_path};

/// An HTTP request, parsed as far as routing needs.
#[derive(Debug)]
pub(in crate::simulator) struct SimulatedRequest {
    parts: Parts,
    body: Bytes,
    /// The path; it contains the bucket also if a client put it into the host.
    path: String,
    query: Vec<(String, String)>,
    /// The header `X-Amz-Target`, or the same from the path of rpcv2Cbor.
    target: Option<String>,
    /// The pairs of a form body.
    form: Vec<(String, String)>,
    /// Whether the request is a GET that is sent as a POST, with its query string as a form, because the query
    /// string is long (`CloudSearch`; `change_get_to_post` in `botocore/handlers.py`).
    is_get_in_post: bool,
}

impl SimulatedRequest {
    pub(in crate::simulator) fn new(parts: Parts, body: Bytes) -> Self {
        let mut query = form::pairs(parts.uri.query().unwrap_or_default());
        let content_type = header(&parts, "content-type").unwrap_or_default();
        let form = if content_type.starts_with("application/x-www-form-urlencoded") {
            form::pairs(&String::from_utf8_lossy(&body))
        } else {
            Vec::new()
        };
        let is_get_in_post = !form.is_empty() && form.iter().all(|(name, _)| name != "Action");
        if is_get_in_post {
            query.extend(form.iter().cloned());
        }
        let path = match header(&parts, "host").and_then(bucket_in_host) {
            Some(bucket) => format!("/{bucket}{}", parts.uri.path()),
            None => parts.uri.path().to_owned(),
        };
        let is_cbor = header(&parts, "smithy-protocol") == Some("rpc-v2-cbor");
        let target = if is_cbor { target_in_path(&path) } else { None };
        let target = target.or_else(|| header(&parts, "x-amz-target").map(str::to_owned));
        Self { parts, body, path, query, target, form, is_get_in_post }
    }

    /// Returns the authorization of the request.
    pub(in crate::simulator) fn authorization(&self) -> Result<Authorization<'_>, SimulatedError> {
        Authorization::parse(header(&self.parts, "authorization"))
    }

    /// Returns the token of temporary credentials.
    pub(in crate::simulator) fn session_token(&self) -> Option<&str> {
        header(&self.parts, "x-amz-security-token")
    }

    /// Returns the value of a header.
    pub(in crate::simulator) fn header(&self, name: &str) -> Option<&str> {
        header(&self.parts, name)
    }

    /// Returns a field of the form body.
    pub(in crate::simulator) fn field(&self, name: &str) -> Option<&str> {
        self.form.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// Returns whether the response must have no body.
    pub(in crate::simulator) fn is_head(&self) -> bool {
        self.parts.method == http::Method::HEAD
    }

    /// Returns the parts of the request that routing uses.
    pub(in crate::simulator) fn head<'request>(
        &'request self,
        authorization: &Authorization<'request>,
    ) -> Head<'request> {
        Head {
            signing_name: authorization.scope().map(|scope| scope.signing_name),
            target: self.target.as_deref(),
            action: self.field("Version").zip(self.field("Action")),
            method: if self.is_get_in_post { "GET" } else { self.parts.method.as_str() },
            path: &self.path,
            query: &self.query,
        }
    }

    /// Returns the request's members, by their names in botocore.
    pub(in crate::simulator) fn members(
        &self,
        service: &Service,
        operation: &Operation,
        template: &UriTemplate,
    ) -> Map<String, Value> {
        let Some(input) = service.input(operation) else {
            return Map::new();
        };
        match &service.protocol {
            Protocol::Json { .. } => json::members(service, input, self.json()),
            Protocol::RpcV2Cbor { .. } => {
                json::members(service, input, cbor_value(service, None, &self.body).unwrap_or_default())
            }
            Protocol::Query | Protocol::Ec2 => form::members(service, input, &self.form),
            Protocol::RestJson => {
                let mut members = self.located(service, input, template);
                members.extend(self.rest_json(service, input));
                members
            }
            Protocol::RestXml => {
                let mut members = self.located(service, input, template);
                members.extend(decode_xml_request(service, operation, &self.body).unwrap_or_default());
                members
            }
        }
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    fn rest_json(&self, service: &Service, input: &Structure) -> Map<String, Value> {
        let Some(payload) = input.payload_member() else {
            return json::members(service, input, self.json());
        };
        let value = match service.kind(payload.reference.shape) {
            ShapeKind::Structure(structure) => Value::Object(json::members(service, structure, self.json())),
            _ => Value::from(String::from_utf8_lossy(&self.body)),
        };
        Map::from_iter([(payload.name.to_string(), value)])
    }

    /// Returns the members in path, query string and headers.
    fn located(&self, service: &Service, input: &Structure, template: &UriTemplate) -> Map<String, Value> {
        let labels = template.labels(&self.path);
        let mut members = Map::new();
        for member in &input.members {
            let name = member.location_name();
            let value = match member.location {
                Location::Uri => labels
                    .iter()
                    .find(|(label, _)| *label == name)
                    .map(|(_, text)| scalar::from_text(service.kind(member.reference.shape), text)),
                Location::QueryString => self.query_value(service, &member.reference, name),
                Location::Header => header(&self.parts, name)
                    .map(|text| scalar::from_text(service.kind(member.reference.shape), text)),
                Location::Headers | Location::StatusCode | Location::Body => None,
            };
            if let Some(value) = value {
                members.insert(member.name.to_string(), value);
            }
        }
        members
    }

    fn query_value(&self, service: &Service, reference: &ShapeReference, name: &str) -> Option<Value> {
        let mut given =
            self.query.iter().filter(|(given, _)| given == name).map(|(_, value)| value).peekable();
        given.peek()?;
        match service.kind(reference.shape) {
            ShapeKind::List(list) => {
                let kind = service.kind(list.member.shape);
                Some(given.map(|text| scalar::from_text(kind, text)).collect())
            }
            kind => given.next().map(|text| scalar::from_text(kind, text)),
        }
    }
}

fn header<'request>(parts: &'request Parts, name: &str) -> Option<&'request str> {
    parts.headers.get(name).and_then(|value| value.to_str().ok())
}

/// Returns the bucket of a virtual-hosted S3 request: `bucket.s3.eu-west-1.amazonaws.com`
/// (docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html).
fn bucket_in_host(host: &str) -> Option<Cow<'_, str>> {
    [".s3.", ".s3-", ".localhost"]
        .iter()
        .filter_map(|mark| host.find(mark))
        .min()
        .filter(|end| *end > 0)
        .map(|end| Cow::Borrowed(&host[..end]))
}
