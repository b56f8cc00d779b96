//! Translation of botocore's model of a service to the catalog's.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::model;
use super::pagination::{PaginatedOperation, pagination};
use super::source::ServiceFiles;
use super::stated_rate::stated_rate;
use super::wire;
use crate::model::catalog::function_name::function_name;
use crate::model::catalog::{
    ContextValue, EndpointDiscovery, Input, ListShape, Location, Map, Member, Operation, Output, Prepared,
    Protocol, Service, Shape, ShapeId, ShapeKind, ShapeReference, Signing, Structure, TimestampFormat,
    XmlNamespace,
};

/// Translates the operations of a service that `admits` accepts, and their shapes.
pub(super) fn translate(
    files: &ServiceFiles,
    admits: impl Fn(&str, &str) -> bool,
) -> Result<Service, String> {
    let ServiceFiles { name, model, paginators, endpoint_rules } = files;
    let model::Model { metadata, operations: all, shapes } = model;
    let protocol = wire::protocol(metadata)?;
    let xml = matches!(protocol, Protocol::RestXml | Protocol::Query | Protocol::Ec2);
    let mut translator = Translator { shapes, xml, ids: HashMap::new(), done: Vec::new() };

    let mut operations = Vec::new();
    for (operation_name, source) in all.iter().filter(|(name, source)| admits(name, &source.http.method)) {
        let mut operation = translator.operation(operation_name, source)?;
        let shape = |id: Option<ShapeId>| structure(&translator.done, id);
        let input = shape(operation.input.as_ref().map(|input| input.shape));
        let output = shape(operation.output.as_ref().map(|output| output.shape));
        let documentation = |member: &str| documentation(shapes, source.input.as_ref()?, member);
        if let Some((input, output)) = input.zip(output) {
            let (service, shapes) = (name.as_str(), translator.done.as_slice());
            let subject = PaginatedOperation {
                service,
                operation: operation_name,
                input,
                output,
                shapes,
                documentation: &documentation,
            };
            operation.pagination = pagination(&subject, paginators.pagination.get(operation_name))
                .map_err(|cause| format!("{operation_name}: {cause}"))?;
        }
        operations.push(operation);
    }
    operations.sort_by(|left, right| left.function.cmp(&right.function));

    let mut done = Vec::with_capacity(translator.done.len());
    for shape in translator.done {
        done.push(shape.ok_or("a shape was referenced but never translated")?);
    }
    Ok(Service {
        name: name.as_str().into(),
        full_name: metadata.service_full_name.as_str().into(),
        service_id: metadata.service_id.as_str().into(),
        api_version: metadata.api_version.as_str().into(),
        signing_name: metadata.signing_name.as_ref().unwrap_or(&metadata.endpoint_prefix).as_str().into(),
        endpoint_prefix: metadata.endpoint_prefix.as_str().into(),
        protocol,
        query_compatible: metadata.aws_query_compatible.is_some(),
        signing: wire::signing(metadata),
        xml_namespace: metadata.xml_namespace.as_ref().and_then(namespace).map(|namespace| namespace.uri),
        global: false,
        shapes: done.into(),
        operations,
        endpoint_rules: endpoint_rules.as_str().into(),
    })
}

fn structure(done: &[Option<Shape>], id: Option<ShapeId>) -> Option<&Structure> {
    match &done.get(id?.0 as usize)?.as_ref()?.kind {
        ShapeKind::Structure(structure) => Some(structure),
        _ => None,
    }
}

/// Returns the model's data about a member of a request.
fn documentation(
    shapes: &BTreeMap<String, model::ModelShape>,
    input: &model::BodyReference,
    member: &str,
) -> Option<String> {
    let member = shapes.get(&input.shape)?.members.get(member)?;
    let own = member["documentation"].as_str().filter(|text| !text.is_empty());
    let text = own.or_else(|| shapes.get(member["shape"].as_str()?)?.documentation.as_deref())?;
    Some(text.to_owned())
}

/// Translates shapes on demand, each once; a recursive shape refers to its own ID.
struct Translator<'model> {
    shapes: &'model BTreeMap<String, model::ModelShape>,
    xml: bool,
    ids: HashMap<String, ShapeId>,
    done: Vec<Option<Shape>>,
}

impl Translator<'_> {
    /// Translates the operation under the key `name`, which is boto3's name for it; the `name` in the
    /// model of `cloudfront` ends in the date of the API.
    fn operation(&mut self, name: &str, source: &model::ModelOperation) -> Result<Operation, String> {
        let input = match &source.input {
            Some(input) => Some(self.input(input)?),
            None => None,
        };
        let output = match &source.output {
            Some(output) => Some(Output {
                shape: self.shape(&output.shape)?,
                result_wrapper: output.result_wrapper.clone().map(Into::into),
            }),
            None => None,
        };
        let endpoint_discovery = match &source.endpointdiscovery {
            _ if source.endpointoperation => EndpointDiscovery::Source,
            Some(model::ModelDiscovery { required: true }) => EndpointDiscovery::Required,
            Some(_) => EndpointDiscovery::Optional,
            None => EndpointDiscovery::None,
        };
        Ok(Operation {
            name: name.into(),
            function: function_name(name).into(),
            method: source.http.method.clone().into(),
            request_uri: source.http.request_uri.clone().into(),
            input,
            output,
            signing: match source.authtype.as_deref() {
                Some("none") => Some(Signing::Unsigned),
                Some("bearer") => Some(Signing::Bearer),
                _ => None,
            },
            host_prefix: source
                .endpoint
                .as_ref()
                .and_then(|endpoint| endpoint.host_prefix.clone())
                .map(Into::into),
            endpoint_discovery,
            static_context: source
                .static_context_params
                .iter()
                .map(|(name, parameter)| Ok((name.as_str().into(), context_value(&parameter["value"])?)))
                .collect::<Result<_, String>>()?,
            pagination: None,
            deprecated: source.deprecated,
            stated_rate: stated_rate(&source.documentation),
            prepared: Prepared::default(),
        })
    }

    fn input(&mut self, source: &model::BodyReference) -> Result<Input, String> {
        let shape = self.shape(&source.shape)?;
        let traits = &self.shapes[&source.shape].traits;
        let location_name = source.location_name.as_ref().or(traits.location_name.as_ref());
        let xml_namespace = source.xml_namespace.as_ref().or(traits.xml_namespace.as_ref());
        Ok(Input {
            shape,
            location_name: location_name.cloned().map(Into::into),
            xml_namespace: xml_namespace.and_then(namespace),
        })
    }

    fn shape(&mut self, name: &str) -> Result<ShapeId, String> {
        if let Some(id) = self.ids.get(name) {
            return Ok(*id);
        }
        let shapes = self.shapes;
        let source = shapes.get(name).ok_or_else(|| format!("there is no shape {name}"))?;
        let id = ShapeId(u32::try_from(self.done.len()).map_err(|_| "too many shapes")?);
        self.ids.insert(name.to_owned(), id);
        self.done.push(None);
        let kind = self.kind(source).map_err(|cause| format!("shape {name}: {cause}"))?;
        self.done[id.0 as usize] = Some(Shape { sensitive: source.sensitive, kind });
        Ok(id)
    }

    fn kind(&mut self, source: &model::ModelShape) -> Result<ShapeKind, String> {
        let max = source.max.as_ref().and_then(Value::as_i64);
        Ok(match source.kind.as_str() {
            "structure" if source.document => ShapeKind::Document,
            "structure" => ShapeKind::Structure(self.members(source)?),
            "list" => ShapeKind::List(ListShape {
                member: self.part(source.member.as_ref())?,
                flattened: source.traits.flattened,
                sparse: source.sparse,
            }),
            "map" => ShapeKind::Map(Map {
                key: self.part(source.key.as_ref())?,
                value: self.part(source.value.as_ref())?,
                flattened: source.traits.flattened,
                sparse: source.sparse,
            }),
            "string" | "character" => ShapeKind::String,
            "integer" => ShapeKind::Integer { max },
            "long" => ShapeKind::Long { max },
            "float" => ShapeKind::Float,
            "double" => ShapeKind::Double,
            "boolean" => ShapeKind::Boolean,
            "blob" => ShapeKind::Blob,
            "timestamp" => ShapeKind::Timestamp,
            other => return Err(format!("unknown type {other}")),
        })
    }

    fn members(&mut self, source: &model::ModelShape) -> Result<Structure, String> {
        let mut structure =
            Structure { union: source.union, event_stream: source.eventstream, ..Structure::default() };
        for (name, member) in &source.members {
            let parsed: model::ModelReference =
                serde_json::from_value(member.clone()).map_err(|cause| cause.to_string())?;
            let traits = self.traits(&parsed);
            let reference = self.reference(&parsed, &traits)?;
            if reference.streaming && self.shapes[&parsed.shape].eventstream {
                structure.event_stream = true;
            }
            if source.payload.as_deref() == Some(name) {
                structure.payload = u16::try_from(structure.members.len()).ok();
            }
            let response_name = self.response_name(&parsed.shape, &reference);
            structure.members.push(Member {
                name: name.as_str().into(),
                response_name: response_name.filter(|response| **response != **name),
                location: location(traits.location.as_deref())?,
                required: source.required.contains(name),
                idempotency_token: traits.idempotency_token,
                host_label: traits.host_label,
                context_parameter: parsed.context_param.map(|parameter| parameter.name.into()),
                reference,
            });
        }
        give_each_name_to_one(&mut structure.members);
        structure.by_wire_name = body_members_by_wire_name(&structure.members)?;
        Ok(structure)
    }

    /// Translates a list's elements, or a map's keys or values.
    fn part(&mut self, source: Option<&Value>) -> Result<ShapeReference, String> {
        let source = source.ok_or("a part is missing")?;
        let parsed: model::ModelReference =
            serde_json::from_value(source.clone()).map_err(|cause| cause.to_string())?;
        let traits = self.traits(&parsed);
        self.reference(&parsed, &traits)
    }

    /// Merges the shape's traits with those of the reference to it (`ShapeResolver.resolve_shape_ref`).
    fn traits(&self, reference: &model::ModelReference) -> model::Traits {
        let shape = self.shapes.get(&reference.shape).map(|shape| shape.traits.clone()).unwrap_or_default();
        let own = reference.traits.clone();
        model::Traits {
            location: own.location.or(shape.location),
            location_name: own.location_name.or(shape.location_name),
            query_name: own.query_name.or(shape.query_name),
            flattened: own.flattened || shape.flattened,
            jsonvalue: own.jsonvalue || shape.jsonvalue,
            xml_attribute: own.xml_attribute || shape.xml_attribute,
            xml_namespace: own.xml_namespace.or(shape.xml_namespace),
            timestamp_format: own.timestamp_format.or(shape.timestamp_format),
            streaming: own.streaming || shape.streaming,
            idempotency_token: own.idempotency_token || shape.idempotency_token,
            host_label: own.host_label || shape.host_label,
        }
    }

    fn reference(
        &mut self,
        source: &model::ModelReference,
        traits: &model::Traits,
    ) -> Result<ShapeReference, String> {
        Ok(ShapeReference {
            shape: self.shape(&source.shape)?,
            location_name: traits.location_name.clone().map(Into::into),
            query_name: traits.query_name.clone().map(Into::into),
            flattened: traits.flattened,
            json_value: traits.jsonvalue,
            xml_attribute: traits.xml_attribute,
            xml_namespace: traits.xml_namespace.as_ref().and_then(namespace),
            timestamp_format: traits.timestamp_format.as_deref().map(timestamp_format).transpose()?,
            streaming: traits.streaming || self.shapes[&source.shape].eventstream,
        })
    }

    /// Returns the name of a member in response bodies: a flattened list in XML has the name of its elements
    /// (`BaseXMLResponseParser._member_key_name`).
    fn response_name(&self, shape: &str, reference: &ShapeReference) -> Option<Box<str>> {
        let source = &self.shapes[shape];
        if self.xml && source.kind == "list" && reference.flattened {
            let elements = source.member.as_ref().and_then(|member| member["locationName"].as_str());
            if let Some(name) = elements {
                return Some(name.into());
            }
        }
        reference.location_name.clone()
    }
}

/// Resolves duplicate names in the body: the list keeps the name. S3's deprecated `Event` has no additional
/// information over `Events`, and botocore assigns a document node to it where there are several.
fn give_each_name_to_one(members: &mut [Member]) {
    let lists: Vec<Box<str>> = members
        .iter()
        .filter(|member| member.reference.flattened)
        .map(|member| member.wire_name().into())
        .collect();
    for member in members.iter_mut().filter(|member| !member.reference.flattened) {
        if lists.iter().any(|list| **list == *member.wire_name()) {
            member.response_name = Some("".into());
        }
    }
}

/// Removes the locations of requests, which have no meaning in responses.
fn body_members_by_wire_name(members: &[Member]) -> Result<Vec<u16>, String> {
    let mut indices = Vec::new();
    for (index, member) in members.iter().enumerate() {
        if matches!(member.location, Location::Body | Location::Uri | Location::QueryString) {
            indices.push(u16::try_from(index).map_err(|_| "too many members")?);
        }
    }
    indices.sort_by(|&left, &right| {
        members[usize::from(left)].wire_name().cmp(members[usize::from(right)].wire_name())
    });
    Ok(indices)
}

fn location(location: Option<&str>) -> Result<Location, String> {
    Ok(match location {
        None => Location::Body,
        Some("uri") => Location::Uri,
        Some("querystring") => Location::QueryString,
        Some("header") => Location::Header,
        Some("headers") => Location::Headers,
        Some("statusCode") => Location::StatusCode,
        Some(other) => return Err(format!("unknown location {other}")),
    })
}

fn timestamp_format(format: &str) -> Result<TimestampFormat, String> {
    Ok(match format {
        "iso8601" => TimestampFormat::Iso8601,
        "rfc822" => TimestampFormat::Rfc822,
        "unixTimestamp" | "unixTimestampMillis" => TimestampFormat::UnixTimestamp,
        other => return Err(format!("unknown timestamp format {other}")),
    })
}

/// Translates a namespace, which botocore writes as a string or as `{"uri": …, "prefix": …}`.
fn namespace(source: &Value) -> Option<XmlNamespace> {
    let uri = source.as_str().or_else(|| source["uri"].as_str())?;
    Some(XmlNamespace { prefix: source["prefix"].as_str().map(Into::into), uri: uri.into() })
}

fn context_value(value: &Value) -> Result<ContextValue, String> {
    match value {
        Value::String(text) => Ok(ContextValue::String(text.as_str().into())),
        Value::Bool(flag) => Ok(ContextValue::Boolean(*flag)),
        Value::Array(items) => items
            .iter()
            .map(|item| item.as_str().map(Into::into))
            .collect::<Option<_>>()
            .map(ContextValue::Strings)
            .ok_or_else(|| format!("unknown context value {value}")),
        _ => Err(format!("unknown context value {value}")),
    }
}
