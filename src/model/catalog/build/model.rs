//! The format of botocore's JSON files: `service-2.json` and `paginators-1.json`.
//!
//! Only the members that the catalog needs are declared; serde ignores the rest.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// The content of `service-2.json`.
#[derive(Deserialize)]
pub(super) struct Model {
    pub(super) metadata: Metadata,
    #[serde(default)]
    pub(super) operations: BTreeMap<String, ModelOperation>,
    #[serde(default)]
    pub(super) shapes: BTreeMap<String, ModelShape>,
}

/// The metadata of the service.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Metadata {
    #[serde(default)]
    pub(super) api_version: String,
    #[serde(default)]
    pub(super) endpoint_prefix: String,
    pub(super) protocol: String,
    pub(super) protocols: Option<Vec<String>>,
    pub(super) json_version: Option<String>,
    pub(super) target_prefix: Option<String>,
    #[serde(default)]
    pub(super) service_full_name: String,
    #[serde(default)]
    pub(super) service_id: String,
    pub(super) signing_name: Option<String>,
    #[serde(default)]
    pub(super) signature_version: String,
    /// The ways to authenticate requests, the preferred first; empty in older models.
    #[serde(default)]
    pub(super) auth: Vec<String>,
    pub(super) xml_namespace: Option<Value>,
    pub(super) aws_query_compatible: Option<Value>,
}

/// One operation.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ModelOperation {
    #[serde(default)]
    pub(super) http: Http,
    pub(super) input: Option<BodyReference>,
    pub(super) output: Option<BodyReference>,
    pub(super) authtype: Option<String>,
    pub(super) endpoint: Option<Endpoint>,
    pub(super) endpointdiscovery: Option<ModelDiscovery>,
    #[serde(default)]
    pub(super) endpointoperation: bool,
    #[serde(default)]
    pub(super) static_context_params: Map<String, Value>,
    #[serde(default)]
    pub(super) deprecated: bool,
    #[serde(default)]
    pub(super) documentation: String,
}

/// An operation's HTTP binding.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Http {
    pub(super) method: String,
    pub(super) request_uri: String,
}

impl Default for Http {
    fn default() -> Self {
        Self { method: "POST".to_owned(), request_uri: "/".to_owned() }
    }
}

/// An operation's `endpoint`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Endpoint {
    pub(super) host_prefix: Option<String>,
}

/// An operation's `endpointdiscovery`.
#[derive(Deserialize)]
pub(super) struct ModelDiscovery {
    #[serde(default)]
    pub(super) required: bool,
}

/// An operation's `input` or `output`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BodyReference {
    pub(super) shape: String,
    pub(super) location_name: Option<String>,
    pub(super) xml_namespace: Option<Value>,
    pub(super) result_wrapper: Option<String>,
}

/// A shape.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ModelShape {
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) members: Map<String, Value>,
    #[serde(default)]
    pub(super) required: Vec<String>,
    pub(super) member: Option<Value>,
    pub(super) key: Option<Value>,
    pub(super) value: Option<Value>,
    pub(super) payload: Option<String>,
    pub(super) max: Option<Value>,
    pub(super) documentation: Option<String>,
    /// The regular expression of valid texts.
    pub(super) pattern: Option<String>,
    /// The values of an enumeration.
    #[serde(default, rename = "enum")]
    pub(super) values: Vec<String>,
    #[serde(default)]
    pub(super) union: bool,
    #[serde(default)]
    pub(super) document: bool,
    #[serde(default)]
    pub(super) sensitive: bool,
    #[serde(default)]
    pub(super) sparse: bool,
    #[serde(default)]
    pub(super) eventstream: bool,
    #[serde(flatten)]
    pub(super) traits: Traits,
}

/// The traits of a shape or of a reference to it.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Traits {
    pub(super) location: Option<String>,
    pub(super) location_name: Option<String>,
    pub(super) query_name: Option<String>,
    pub(super) flattened: bool,
    pub(super) jsonvalue: bool,
    pub(super) xml_attribute: bool,
    pub(super) xml_namespace: Option<Value>,
    pub(super) timestamp_format: Option<String>,
    pub(super) streaming: bool,
    pub(super) idempotency_token: bool,
    pub(super) host_label: bool,
}

/// A reference to a shape: a member, a list's elements, a map's keys or values.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ModelReference {
    pub(super) shape: String,
    pub(super) context_param: Option<ContextParam>,
    #[serde(flatten)]
    pub(super) traits: Traits,
}

/// The endpoint rule parameter that takes a member's value.
#[derive(Deserialize)]
pub(super) struct ContextParam {
    pub(super) name: String,
}

/// The content of `paginators-1.json`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Paginators {
    pub(super) pagination: BTreeMap<String, Paginator>,
}

/// One paginator definition.
#[derive(Deserialize)]
pub(super) struct Paginator {
    #[serde(default)]
    pub(super) input_token: TextOrTexts,
    #[serde(default)]
    pub(super) output_token: TextOrTexts,
    #[serde(default)]
    pub(super) result_key: TextOrTexts,
    pub(super) more_results: Option<String>,
    pub(super) limit_key: Option<String>,
    #[serde(default)]
    pub(super) non_aggregate_keys: Vec<String>,
}

/// A string or a list of strings, as in paginator definitions.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum TextOrTexts {
    One(String),
    More(Vec<String>),
}

impl Default for TextOrTexts {
    fn default() -> Self {
        Self::More(Vec::new())
    }
}

impl TextOrTexts {
    pub(super) fn as_slice(&self) -> &[String] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::More(texts) => texts,
        }
    }
}
