//! Operations: the model of one API call of a service.

use std::num::NonZeroU16;

use serde::{Deserialize, Serialize};

use super::pagination::Pagination;
use super::prepared::Prepared;
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
    /// The response's structure.
    pub output: Option<Output>,
    /// The authentication of the request, where it differs from the service's.
    pub signing: Option<Signing>,
    /// A prefix of the host, with labels in braces: `{AccountId}.`.
    pub host_prefix: Option<Box<str>>,
    /// Whether the endpoint has to be discovered first.
    pub endpoint_discovery: EndpointDiscovery,
    /// Endpoint rule parameters with a fixed value for this operation.
    pub static_context: Vec<(Box<str>, ContextValue)>,
    /// The pagination, if responses are paginated.
    pub pagination: Option<Pagination>,
    /// Whether the operation is deprecated.
    pub deprecated: bool,
    /// The maximum number of requests per second of an account in a region, if the operation's documentation states
    /// it. It is stored behind the model (see `container`).
    #[serde(skip)]
    pub stated_rate: Option<NonZeroU16>,
    /// What is derived from the model when the operation is first called.
    #[serde(skip)]
    pub prepared: Prepared,
}

/// The request's structure and its XML root element.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// The structure.
    pub shape: ShapeId,
    /// The root element of an XML body.
    pub location_name: Option<Box<str>>,
    /// The namespace of that element.
    pub xml_namespace: Option<XmlNamespace>,
}

/// The response's structure and its wrapper element.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Output {
    /// The structure.
    pub shape: ShapeId,
    /// The element of a query response that contains the members: `ListUsersResult`.
    pub result_wrapper: Option<Box<str>>,
}

/// Services whose only signature is version 2, which the SDK's runtime does not support.
pub const WITH_OLD_SIGNATURE: [&str; 2] = ["importexport", "sdb"];

/// The authentication of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Signing {
    /// Signature version 4.
    SigV4,
    /// Signature version 4 for S3: body hash in a header, path encoded once.
    S3SigV4,
    /// A bearer token.
    Bearer,
    /// No authentication.
    Unsigned,
}

impl Signing {
    /// Returns whether requests are signed with an account's credentials.
    #[must_use]
    pub fn is_sigv4(self) -> bool {
        matches!(self, Self::SigV4 | Self::S3SigV4)
    }
}

/// Whether an operation's endpoint has to be discovered (`DescribeEndpoints`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum EndpointDiscovery {
    /// The endpoint rules determine the endpoint.
    #[default]
    None,
    /// Discovery is optional; the regular endpoint works as well.
    Optional,
    /// Only the discovered endpoint works.
    Required,
    /// This operation returns the endpoints.
    Source,
}

/// The value of an endpoint rule parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ContextValue {
    /// A string.
    String(Box<str>),
    /// A boolean.
    Boolean(bool),
    /// A list of strings.
    Strings(Vec<Box<str>>),
}
