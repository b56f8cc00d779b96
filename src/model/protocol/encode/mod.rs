//! Encoding of parameters as an HTTP request.
//!
//! The encoders of [`json`] and [`xml`] bodies are used for requests and responses.

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
            if service.query_compatible {
                headers.push(("x-amzn-query-mode".to_owned(), "true".to_owned()));
            }
            let no_members = Structure::default();
            let structure = service.input(operation).unwrap_or(&no_members);
            Ok(rpc(operation, headers, json::structure(service, structure, &members)?))
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
