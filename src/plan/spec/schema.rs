//! The JSON Schema of scan specs, for editors that complete and validate JSON and YAML as it is typed.

use serde_json::{Value, json};

use super::schema_names::{functions_of_services, service_names};
use crate::model::catalog::{Catalog, CatalogError};

/// Returns the schema, draft 2020-12, of both forms of a spec, with the services and functions of a catalog.
///
/// # Errors
///
/// Returns an error if the catalog is damaged.
pub fn schema(catalog: &Catalog) -> Result<Value, CatalogError> {
    Ok(json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Scan spec",
        "description": "Which calls to make in every account and region.",
        "anyOf": [{"$ref": "#/$defs/spec"}, {"$ref": "#/$defs/calls"}],
        "$defs": {
            "spec": spec(),
            "calls": {"type": "array", "items": {"$ref": "#/$defs/call"}},
            "call": call(),
            "child": child(),
            "accepted_gap": accepted_gap(),
            "names": {
                "description": "A name or pattern with `*`, or a list of them.",
                "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
            },
            "accounts": {
                "description": "The accounts to call it in: the management account, the delegated \
                                administrators of a service, or those with these ids.",
                "anyOf": [
                    {"const": "management"},
                    {"type": "string", "pattern": "^delegated:.+\\.amazonaws\\..+$"},
                    {"type": "string", "pattern": "^[0-9]{12}$"},
                    {"type": "array", "items": {"type": "string", "pattern": "^[0-9]{12}$"}, "minItems": 1},
                ],
            },
            "regions": {
                "description": "Region names, and patterns with `*` such as `eu-*`.",
                "type": "array",
                "items": {
                    "type": "string",
                    "pattern": "^(all|[a-z]{2,}(-[a-z]{2,}){1,2}-[0-9]{1,2}|[a-z0-9-]*\\*[a-z0-9*-]*)$",
                },
                "minItems": 1,
            },
            "service": service_names(catalog),
            "functions": functions_of_services(catalog)?,
        },
    }))
}

fn spec() -> Value {
    json!({
        "type": "object",
        "properties": {
            "$schema": {"description": "The address of this schema.", "type": "string"},
            "version": {"description": "The version of the form.", "const": 1},
            "description": {"description": "What the spec is for.", "type": "string"},
            "calls": {"$ref": "#/$defs/calls"},
            "regions": {"$ref": "#/$defs/regions"},
            "exclude_regions": {"$ref": "#/$defs/regions"},
            "accepted_gaps": {
                "description": "Failures that are known, and are counted apart from others.",
                "type": "array",
                "items": {"$ref": "#/$defs/accepted_gap"},
            },
        },
        "required": ["calls"],
        "additionalProperties": false,
    })
}

fn accepted_gap() -> Value {
    json!({
        "type": "object",
        "properties": {
            "account": {"$ref": "#/$defs/names"},
            "region": {"$ref": "#/$defs/names"},
            "service": {"$ref": "#/$defs/names"},
            "function": {"$ref": "#/$defs/names"},
            "status": {"$ref": "#/$defs/names"},
            "reason": {"description": "Why the gap is accepted.", "type": "string", "minLength": 1},
            "until": {"description": "The last day on which it is accepted, in UTC.", "type": "string"},
            "comment": {"description": "A note, which is not used.", "type": "string"},
        },
        "required": ["reason"],
        "additionalProperties": false,
    })
}

fn call() -> Value {
    let mut properties = common();
    properties["accounts"] = json!({"$ref": "#/$defs/accounts"});
    properties["regions"] = json!({"$ref": "#/$defs/regions"});
    json!({
        "type": "object",
        "$ref": "#/$defs/functions",
        "properties": properties,
        "required": ["service", "function"],
        "additionalProperties": false,
    })
}

fn child() -> Value {
    let mut properties = common();
    properties["over"] = json!({
        "description": "A jq filter on the response that yields the items to call for; `$item` is the item \
                        of the call above.",
        "type": "string",
    });
    properties["batch"] = json!({
        "description": "The number of items to send in one call: the parameter that takes a list gets the values of \
                        all of them.",
        "type": "integer",
        "minimum": 1,
    });
    json!({
        "type": "object",
        "$ref": "#/$defs/functions",
        "properties": properties,
        "required": ["over", "function"],
        "additionalProperties": false,
    })
}

/// Returns the properties that calls and child calls have in common.
fn common() -> Value {
    json!({
        "service": {"description": "The service as boto3 names its client: ec2, elbv2.", "$ref": "#/$defs/service"},
        "function": {
            "description": "A read function of the service: describe_instances, or DescribeInstances.",
            "type": "string",
        },
        "result_key": {
            "description": "The part of the response to keep: a key, or a jq filter when it starts with a dot.",
            "type": ["string", "null"],
        },
        "parameters": {
            "description": "The call's parameters. {account}, {region}, {partition}, {now} and {now-30d} are replaced. In a \
                            child call, a string {jq} takes a value of the item.",
            "type": ["object", "null"],
        },
        "name": {
            "description": "The key in the result file; the function by default.",
            "type": "string",
            "minLength": 1,
            "maxLength": 100,
        },
        "paginate": {"description": "Whether to fetch all pages; true by default.", "type": "boolean"},
        "max_items": {"description": "The maximum number of items to fetch.", "type": "integer", "minimum": 1},
        "each": {
            "description": "Calls to make for each item of the response.",
            "type": "array",
            "items": {"$ref": "#/$defs/child"},
        },
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::model::catalog::Catalog;
    use crate::plan::spec::built_in::BUILT_IN;
    use crate::plan::spec::keys::{ACCEPTED_GAP_KEYS, CALL_KEYS, CHILD_KEYS, DOCUMENT_KEYS};

    fn schema() -> Value {
        super::schema(&Catalog::embedded().expect("the embedded catalog")).expect("a schema")
    }

    /// Returns the paths where `value` violates `rule`; supports the keywords that the schema uses.
    fn broken(root: &Value, rule: &Value, value: &Value, path: &str) -> Vec<String> {
        if let Some(names) = rule["enum"].as_array() {
            return if names.contains(value) { vec![] } else { vec![format!("{path}: {value}")] };
        }
        let mut wrong = Vec::new();
        if let Some(reference) = rule["$ref"].as_str() {
            let target = root.pointer(&reference[1..]).unwrap_or_else(|| panic!("{reference}"));
            wrong.extend(broken(root, target, value, path));
        }
        for service in rule["allOf"].as_array().into_iter().flatten() {
            if value["service"] == service["if"]["properties"]["service"]["const"] {
                wrong.extend(broken(root, &service["then"], value, path));
            }
        }
        if let Some(choices) = rule["anyOf"].as_array() {
            let fits = |choice: &&Value| broken(root, choice, value, path).is_empty();
            return if choices.iter().any(|choice| fits(&choice)) { vec![] } else { vec![path.to_owned()] };
        }
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        let kinds = rule["type"].as_array().cloned().unwrap_or_else(|| vec![rule["type"].clone()]);
        if !rule["type"].is_null() && !kinds.contains(&json!(kind)) {
            wrong.push(format!("{path}: {kind}"));
        }
        for required in rule["required"].as_array().into_iter().flatten() {
            if value.get(required.as_str().unwrap_or_default()).is_none() {
                wrong.push(format!("{path}: no {required}"));
            }
        }
        for (key, member) in value.as_object().into_iter().flatten() {
            match rule["properties"].get(key) {
                Some(rule) => wrong.extend(broken(root, rule, member, &format!("{path}.{key}"))),
                None if rule["additionalProperties"] == json!(false) => wrong.push(format!("{path}: {key}")),
                None => {}
            }
        }
        for (index, item) in value.as_array().into_iter().flatten().enumerate() {
            wrong.extend(broken(root, &rule["items"], item, &format!("{path}[{index}]")));
        }
        wrong
    }

    #[test]
    fn every_built_in_spec_fits_the_schema() {
        let schema = schema();
        for spec in BUILT_IN {
            let document: Value = serde_json::from_str(spec.text).expect("JSON");
            let form = if document.is_array() { "calls" } else { "spec" };
            let rule = &schema["$defs"][form];
            assert_eq!(broken(&schema, rule, &document, spec.name), [""; 0]);
        }
    }

    #[test]
    fn schema_rejects_invalid_documents() {
        let schema = schema();
        for document in [
            json!({"calls": [{"service": "s3"}]}),
            json!([{"service": "s4", "function": "list_buckets"}]),
            json!([{"service": "s3", "function": "list_buckets", "colour": 1}]),
            json!([{"service": "s3", "function": "list_buckets", "each": [{"function": "x"}]}]),
            json!("s3"),
        ] {
            assert_eq!(broken(&schema, &schema, &document, "spec"), ["spec"], "{document}");
        }
    }

    #[test]
    fn schema_and_reader_know_the_same_keys() {
        let schema = schema();
        for (form, keys) in [
            ("spec", DOCUMENT_KEYS),
            ("call", CALL_KEYS),
            ("child", CHILD_KEYS),
            ("accepted_gap", ACCEPTED_GAP_KEYS),
        ] {
            let properties = schema["$defs"][form]["properties"].as_object().expect("properties");
            let mut described: Vec<_> = properties.keys().map(String::as_str).collect();
            let mut read = keys.to_vec();
            described.sort_unstable();
            read.sort_unstable();
            assert_eq!(described, read, "{form}");
        }
    }
}
