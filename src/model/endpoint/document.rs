//! The document format of `endpoint-rule-set-1.json`.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

#[derive(Deserialize)]
pub(super) struct RuleSetDocument {
    pub(super) parameters: BTreeMap<String, ParameterDocument>,
    pub(super) rules: Vec<RuleDocument>,
}

#[derive(Deserialize)]
pub(super) struct ParameterDocument {
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(rename = "builtIn")]
    pub(super) built_in: Option<Box<str>>,
    pub(super) default: Option<Value>,
    #[serde(default)]
    pub(super) required: bool,
}

/// A rule of any type: exactly one of the options is present.
#[derive(Deserialize)]
pub(super) struct RuleDocument {
    #[serde(default)]
    pub(super) conditions: Vec<ApplicationDocument>,
    pub(super) rules: Option<Vec<RuleDocument>>,
    pub(super) endpoint: Option<EndpointDocument>,
    pub(super) error: Option<ExpressionDocument>,
}

#[derive(Deserialize)]
pub(super) struct ApplicationDocument {
    #[serde(rename = "fn")]
    pub(super) function: String,
    pub(super) argv: Vec<ExpressionDocument>,
    pub(super) assign: Option<String>,
}

pub(super) enum ExpressionDocument {
    Text(String),
    Boolean(bool),
    Integer(usize),
    Reference(String),
    Application(ApplicationDocument),
}

/// Implemented manually: for an untagged enum, serde would copy every nested expression once per level.
impl<'de> Deserialize<'de> for ExpressionDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ExpressionVisitor)
    }
}

struct ExpressionVisitor;

impl<'de> Visitor<'de> for ExpressionVisitor {
    type Value = ExpressionDocument;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string, true, false, a number, a reference or a function")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(ExpressionDocument::Text(text.to_owned()))
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(ExpressionDocument::Boolean(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
        usize::try_from(value).map(ExpressionDocument::Integer).map_err(de::Error::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let object = ObjectDocument::deserialize(MapAccessDeserializer::new(map))?;
        match (object.reference, object.function, object.argv) {
            (Some(name), None, None) => Ok(ExpressionDocument::Reference(name)),
            (None, Some(function), Some(argv)) => Ok(ExpressionDocument::Application(ApplicationDocument {
                function,
                argv,
                assign: object.assign,
            })),
            _ => Err(de::Error::custom("neither a reference nor a function")),
        }
    }
}

/// A reference or the application of a function.
#[derive(Deserialize)]
struct ObjectDocument {
    #[serde(rename = "ref")]
    reference: Option<String>,
    #[serde(rename = "fn")]
    function: Option<String>,
    argv: Option<Vec<ExpressionDocument>>,
    assign: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct EndpointDocument {
    pub(super) url: ExpressionDocument,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, Vec<ExpressionDocument>>,
    #[serde(default)]
    pub(super) properties: PropertiesDocument,
}

/// The properties that a client uses; `backend` and `metricValues` are ignored.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct PropertiesDocument {
    pub(super) auth_schemes: Vec<AuthSchemeDocument>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuthSchemeDocument {
    pub(super) name: String,
    pub(super) signing_name: Option<ExpressionDocument>,
    pub(super) signing_region: Option<ExpressionDocument>,
    #[serde(default)]
    pub(super) signing_region_set: Vec<ExpressionDocument>,
    #[serde(default)]
    pub(super) disable_double_encoding: bool,
}
