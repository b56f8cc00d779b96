//! Small partitions, rule sets and models for the tests of this module.

use serde_json::{Map, Value, json};

use super::partitions::Partitions;
use super::rules::RuleSet;
use crate::model::catalog::{
    ContextValue, EndpointDiscovery, Input, Location, Member, Operation, Prepared, Protocol, Service, Shape,
    ShapeId, ShapeKind, ShapeReference, Signing, Structure,
};

/// Returns two partitions with two regions and a pseudo region each.
pub(super) fn partitions() -> Partitions {
    let partition = |id: &str, suffix: &str, pattern: &str, regions: [&str; 3]| {
        json!({
            "id": id,
            "regionRegex": pattern,
            "outputs": {
                "name": id, "dnsSuffix": suffix, "dualStackDnsSuffix": format!("dual.{suffix}"),
                "implicitGlobalRegion": regions[0], "supportsFIPS": true, "supportsDualStack": true
            },
            "regions": regions.iter().map(|region| ((*region).to_owned(), json!({}))).collect::<Map<_, _>>(),
        })
    };
    let document = json!({"version": "1.1", "partitions": [
        partition("aws", "amazonaws.com", r"^(us|eu)\-\w+\-\d+$", ["us-east-1", "eu-west-1", "aws-global"]),
        partition("aws-cn", "amazonaws.com.cn", r"^cn\-\w+\-\d+$", ["cn-northwest-1", "cn-north-1", "aws-cn-global"]),
    ]});
    Partitions::parse(&document.to_string()).expect("a readable list of partitions")
}

/// Creates a rule set from parameters and rules, both JSON.
#[track_caller]
pub(super) fn rule_set(parameters: &str, rules: &str) -> RuleSet {
    RuleSet::parse(&rule_set_json(parameters, rules)).expect("a readable rule set")
}

fn rule_set_json(parameters: &str, rules: &str) -> String {
    format!(r#"{{"version": "1.0", "parameters": {parameters}, "rules": {rules}}}"#)
}

/// Creates the model of a service with these rules, without operations.
pub(super) fn service(name: &str, parameters: &str, rules: &str) -> Service {
    Service {
        name: name.into(),
        full_name: name.into(),
        service_id: name.into(),
        api_version: "2026-11-21".into(),
        endpoint_prefix: name.into(),
        signing_name: name.into(),
        protocol: Protocol::RestJson,
        query_compatible: false,
        signing: Signing::SigV4,
        xml_namespace: None,
        global: false,
        shapes: vec![Shape { sensitive: false, kind: ShapeKind::String }].into(),
        operations: Vec::new(),
        endpoint_rules: rule_set_json(parameters, rules).into(),
    }
}

/// Adds an operation whose request has the given members: name, endpoint parameter, host label.
pub(super) fn add_operation(
    service: &mut Service,
    name: &str,
    members: &[(&str, Option<&str>, bool)],
) -> Operation {
    let members = members.iter().map(|(name, context_parameter, host_label)| Member {
        name: (*name).into(),
        response_name: None,
        location: Location::Body,
        required: false,
        idempotency_token: false,
        host_label: *host_label,
        context_parameter: context_parameter.map(Into::into),
        reference: ShapeReference {
            shape: ShapeId(0),
            location_name: None,
            query_name: None,
            flattened: false,
            json_value: false,
            xml_attribute: false,
            xml_namespace: None,
            timestamp_format: None,
            streaming: false,
        },
    });
    let structure = Structure { members: members.collect(), ..Structure::default() };
    let shape = ShapeId(u32::try_from(service.shapes.len()).expect("few shapes"));
    service.shapes.push(Shape { sensitive: false, kind: ShapeKind::Structure(structure) });
    let operation = Operation {
        name: name.into(),
        function: name.to_ascii_lowercase().into(),
        method: "GET".into(),
        request_uri: "/".into(),
        input: Some(Input { shape, location_name: None, xml_namespace: None }),
        output: None,
        signing: None,
        host_prefix: None,
        endpoint_discovery: EndpointDiscovery::None,
        static_context: Vec::new(),
        pagination: None,
        deprecated: false,
        stated_rate: None,
        prepared: Prepared::default(),
    };
    service.operations.push(operation.clone());
    operation
}

/// Creates a request with one member.
pub(super) fn request(member: &str, value: &str) -> Map<String, Value> {
    Map::from_iter([(member.to_owned(), Value::from(value))])
}

/// Creates an endpoint parameter with a fixed value.
pub(super) fn fixed(name: &str, value: bool) -> (Box<str>, ContextValue) {
    (name.into(), ContextValue::Boolean(value))
}
