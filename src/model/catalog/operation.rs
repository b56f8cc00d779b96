//! Operations: one API call of a service, as its model describes it.

use serde::{Deserialize, Serialize};

use super::pagination::Pagination;
use super::shape::{ShapeId, XmlNamespace};

/// One read operation of a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// The API's name: `ListBuckets`.
    pub name: Box<str>,
    /// The name a scan spec uses: `list_buckets` (botocore's `xform_name`).
    pub function: Box<str>,
    /// The HTTP method.
    pub method: Box<str>,
    /// botocore's `requestUri`: path, with labels in braces, and fixed query string.
    pub request_uri: Box<str>,
    /// The request's structure.
    pub input: Option<Input>,
    /// The answer's structure.
    pub output: Option<Output>,
    /// How the request is signed when it differs from the service's rule.
    pub signing: Option<Signing>,
    /// A prefix of the host, with labels in braces: `{AccountId}.`.
    pub host_prefix: Option<Box<str>>,
    /// Whether the endpoint has to be asked from the service first.
    pub endpoint_discovery: EndpointDiscovery,
    /// Endpoint rule parameters with a fixed value for this operation.
    pub static_context: Vec<(Box<str>, ContextValue)>,
    /// How to get the next page, if answers come in pages.
    pub pagination: Option<Pagination>,
    /// AWS has announced its end.
    pub deprecated: bool,
}

/// The request's structure and how it is wrapped in XML.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// The structure.
    pub shape: ShapeId,
    /// The root element of an XML body.
    pub location_name: Option<Box<str>>,
    /// The namespace of that element.
    pub xml_namespace: Option<XmlNamespace>,
}

/// The answer's structure and how it is wrapped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Output {
    /// The structure.
    pub shape: ShapeId,
    /// The element of a query answer that holds the members: `ListUsersResult`.
    pub result_wrapper: Option<Box<str>>,
}

/// How a request proves who sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Signing {
    /// Signature version 4.
    SigV4,
    /// Signature version 4 as S3 wants it: body hash in a header, path encoded once.
    S3SigV4,
    /// A bearer token.
    Bearer,
    /// Not at all.
    Unsigned,
}

/// Whether an operation's endpoint has to be discovered (`DescribeEndpoints`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum EndpointDiscovery {
    /// The endpoint rules say all.
    #[default]
    None,
    /// Discovery is offered; the regular endpoint works as well.
    Optional,
    /// Only the discovered endpoint works.
    Required,
    /// This is the operation that answers with endpoints.
    Source,
}

/// The value of an endpoint rule parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ContextValue {
    /// Text.
    String(Box<str>),
    /// True or false.
    Boolean(bool),
    /// Several texts.
    Strings(Vec<Box<str>>),
}
