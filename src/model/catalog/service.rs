//! Services: protocol, authentication, endpoint rules, shapes and operations.

use serde::{Deserialize, Serialize};

use super::operation::{Operation, Signing};
use super::shape::{Member, ShapeId, ShapeKind, Structure};
use super::shapes::Shapes;

/// The model of one service: everything needed to call its read operations.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Service {
    /// boto3's client name, which is also the name of botocore's data folder.
    pub name: Box<str>,
    /// The full name: `Amazon Simple Storage Service`.
    pub full_name: Box<str>,
    /// botocore's `serviceId`: the base of `AWS_ENDPOINT_URL_<SERVICE>`.
    pub service_id: Box<str>,
    /// The version of the API: `2006-03-01`.
    pub api_version: Box<str>,
    /// The first label of legacy host names.
    pub endpoint_prefix: Box<str>,
    /// The signing name.
    pub signing_name: Box<str>,
    /// The wire protocol.
    pub protocol: Protocol,
    /// Whether errors have their query-protocol code in a header (`awsQueryCompatible`).
    pub query_compatible: bool,
    /// The authentication of requests, unless the operation overrides it.
    pub signing: Signing,
    /// The namespace of XML request bodies.
    pub xml_namespace: Option<Box<str>>,
    /// Whether one endpoint serves all regions of the partition.
    pub global: bool,
    /// All shapes that the operations use.
    pub shapes: Shapes,
    /// The read operations, sorted by function name.
    pub operations: Vec<Operation>,
    /// The endpoint rule set (`endpoint-rule-set-1.json`), as JSON text.
    pub endpoint_rules: Box<str>,
}

/// AWS's wire protocols.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Protocol {
    /// awsJson1.0 and awsJson1.1.
    Json {
        /// `1.0` or `1.1`, in the content type.
        version: Box<str>,
        /// The first part of the `X-Amz-Target` header.
        target_prefix: Box<str>,
    },
    /// restJson1
    RestJson,
    /// restXml
    RestXml,
    /// awsQuery
    Query,
    /// ec2Query
    Ec2,
    /// rpcv2Cbor
    RpcV2Cbor {
        /// The name of the service in the path.
        target_prefix: Box<str>,
    },
}

impl Protocol {
    /// Returns the protocol's name in botocore's models.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Json { .. } => "json",
            Self::RestJson => "rest-json",
            Self::RestXml => "rest-xml",
            Self::Query => "query",
            Self::Ec2 => "ec2",
            Self::RpcV2Cbor { .. } => "smithy-rpc-v2-cbor",
        }
    }
}

impl Service {
    /// Returns the operation with the name `function` of a spec, in snake case.
    #[must_use]
    pub fn operation(&self, function: &str) -> Option<&Operation> {
        self.operations
            .binary_search_by(|operation| (*operation.function).cmp(function))
            .ok()
            .map(|index| &self.operations[index])
    }

    /// Returns the kind of a shape.
    #[must_use]
    pub fn kind(&self, id: ShapeId) -> &ShapeKind {
        &self.shapes[id].kind
    }

    /// Returns the structure with this ID; `None` when the shape is not a structure.
    #[must_use]
    pub fn structure(&self, id: ShapeId) -> Option<&Structure> {
        match self.kind(id) {
            ShapeKind::Structure(structure) => Some(structure),
            _ => None,
        }
    }

    /// Returns the request structure of an operation.
    #[must_use]
    pub fn input(&self, operation: &Operation) -> Option<&Structure> {
        operation.input.as_ref().and_then(|input| self.structure(input.shape))
    }

    /// Returns the response structure of an operation.
    #[must_use]
    pub fn output(&self, operation: &Operation) -> Option<&Structure> {
        operation.output.as_ref().and_then(|output| self.structure(output.shape))
    }

    /// Returns the required request members of an operation.
    pub fn required_parameters<'model>(
        &'model self,
        operation: &Operation,
    ) -> impl Iterator<Item = &'model Member> {
        self.input(operation)
            .into_iter()
            .flat_map(|input| input.members.iter())
            .filter(|member| member.required && !member.idempotency_token)
    }

    /// Returns the authentication of an operation's requests.
    #[must_use]
    pub fn signing(&self, operation: &Operation) -> Signing {
        operation.signing.unwrap_or(self.signing)
    }
}

/// What a catalog has of a service before its shapes, in the order of [`Service`].
#[derive(Deserialize)]
struct BeforeShapes {
    name: Box<str>,
    full_name: Box<str>,
    service_id: Box<str>,
    api_version: Box<str>,
    endpoint_prefix: Box<str>,
    signing_name: Box<str>,
    protocol: Protocol,
    query_compatible: bool,
    signing: Signing,
    xml_namespace: Option<Box<str>>,
    global: bool,
}

/// What a catalog has of a service after its shapes.
#[derive(Deserialize)]
struct AfterShapes {
    operations: Vec<Operation>,
    endpoint_rules: Box<str>,
}

impl Service {
    /// Reads a service from the start of a text in postcard's format, and returns what follows it.
    pub(super) fn take_from(text: &[u8]) -> Result<(Self, &[u8]), String> {
        let unread = |error: postcard::Error| error.to_string();
        let (head, text) = postcard::take_from_bytes::<BeforeShapes>(text).map_err(unread)?;
        let (shapes, text) = Shapes::take_from(text)?;
        let (tail, text) = postcard::take_from_bytes::<AfterShapes>(text).map_err(unread)?;
        let service = Self {
            name: head.name,
            full_name: head.full_name,
            service_id: head.service_id,
            api_version: head.api_version,
            endpoint_prefix: head.endpoint_prefix,
            signing_name: head.signing_name,
            protocol: head.protocol,
            query_compatible: head.query_compatible,
            signing: head.signing,
            xml_namespace: head.xml_namespace,
            global: head.global,
            shapes,
            operations: tail.operations,
            endpoint_rules: tail.endpoint_rules,
        };
        service.check()?;
        Ok((service, text))
    }

    /// Checks that the structures of all operations exist, so that a damaged catalog is an error when it is opened
    /// instead of a panic when it is used.
    fn check(&self) -> Result<(), String> {
        for operation in &self.operations {
            operation.input.iter().try_for_each(|input| self.shapes.check(input.shape))?;
            operation.output.iter().try_for_each(|output| self.shapes.check(output.shape))?;
        }
        Ok(())
    }
}
