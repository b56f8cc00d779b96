//! Encoding of parameters as an HTTP request.
//!
//! The encoders of [`cbor`], [`json`] and [`xml`] bodies are used for requests and responses.

pub mod cbor;
mod error;
mod form;
mod idempotency;
pub mod json;
mod rest;
mod text;
mod uri;
pub mod xml;

pub use error::EncodeError;
use serde_json::{Map, Value};

use crate::model::catalog::{Member, Operation, Protocol, Service, Structure};

#[cfg(test)]
mod tests;

/// An HTTP request without its host, its credentials and its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireRequest {
    /// The HTTP method.
    pub method: String,
    /// Path and query string, percent-encoded; starts with `/`.
    pub path_and_query: String,
    /// The headers that the protocol and the parameters require.
    pub headers: Vec<(String, String)>,
    /// The body; may be empty.
    pub body: Vec<u8>,
}

/// Encodes the request of an operation. Null members count as absent, and absent idempotency tokens are generated.
///
/// S3's `/{Bucket}` remains in the path, and host prefixes are added by the endpoint resolver.
pub fn encode_request(
    service: &Service,
    operation: &Operation,
    input: &Map<String, Value>,
) -> Result<WireRequest, EncodeError> {
    let members = idempotency::with_tokens(service.input(operation), input);
    match &service.protocol {
        Protocol::Json { version, target_prefix } => {
            let mut headers = vec![
                ("X-Amz-Target".to_owned(), format!("{target_prefix}.{}", operation.name)),
                ("Content-Type".to_owned(), format!("application/x-amz-json-{version}")),
            ];
            headers.extend(query_mode(service));
            let no_members = Structure::default();
            let structure = service.input(operation).unwrap_or(&no_members);
            Ok(rpc(operation, headers, json::structure(service, structure, &members)?))
        }
        Protocol::RpcV2Cbor { target_prefix } => {
            let media_type = || "application/cbor".to_owned();
            let mut headers = vec![
                ("smithy-protocol".to_owned(), "rpc-v2-cbor".to_owned()),
                ("Accept".to_owned(), media_type()),
            ];
            headers.extend(query_mode(service));
            let mut body = Vec::new();
            if let Some(structure) = service.input(operation) {
                headers.push(("Content-Type".to_owned(), media_type()));
                body = cbor::structure(service, structure, &members)?;
            }
            let path_and_query = format!("/service/{target_prefix}/operation/{}", operation.name);
            Ok(WireRequest { path_and_query, ..rpc(operation, headers, body) })
        }
        Protocol::Query | Protocol::Ec2 => {
            let content_type = "application/x-www-form-urlencoded; charset=utf-8";
            let headers = vec![("Content-Type".to_owned(), content_type.to_owned())];
            let form = form::form(service, &operation.name, service.input(operation), &members)?;
            Ok(rpc(operation, headers, form.into_bytes()))
        }
        Protocol::RestJson | Protocol::RestXml => rest::request(service, operation, &members),
    }
}

/// Returns the header that requests the error codes of the query protocol (`awsQueryCompatible`).
fn query_mode(service: &Service) -> Option<(String, String)> {
    service.query_compatible.then(|| ("x-amzn-query-mode".to_owned(), "true".to_owned()))
}

/// Creates a request whose parameters are all in the body.
fn rpc(operation: &Operation, headers: Vec<(String, String)>, body: Vec<u8>) -> WireRequest {
    WireRequest { method: operation.method.to_string(), path_and_query: "/".to_owned(), headers, body }
}

/// Returns the member of a structure that a parameter names.
fn member<'model>(structure: &'model Structure, name: &str) -> Result<&'model Member, EncodeError> {
    structure
        .member(name)
        .map(|(_, member)| member)
        .ok_or_else(|| EncodeError::new("there is no such parameter in the model").within(name))
}
