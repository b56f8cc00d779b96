//! Encoding of JSON bodies (`JSONSerializer` in `botocore/serialize.py`), of requests and responses.

use serde_json::{Map, Value};

use super::{EncodeError, member, text};
use crate::model::catalog::{
    self, ListShape, Service, ShapeKind, ShapeReference, Structure, TimestampFormat,
};

/// Encodes a structure as a JSON object; null members are omitted.
pub fn structure(
    service: &Service,
    structure: &Structure,
    members: &Map<String, Value>,
) -> Result<Vec<u8>, EncodeError> {
    let mut writer = JsonEncoder { service, out: Vec::with_capacity(256) };
    writer.members(structure, members)?;
    Ok(writer.out)
}

/// Encodes a value of any shape as JSON.
pub fn value(service: &Service, reference: &ShapeReference, value: &Value) -> Result<Vec<u8>, EncodeError> {
    let mut writer = JsonEncoder { service, out: Vec::with_capacity(256) };
    writer.value(reference, value)?;
    Ok(writer.out)
}

struct JsonEncoder<'model> {
    service: &'model Service,
    out: Vec<u8>,
}

impl JsonEncoder<'_> {
    fn value(&mut self, reference: &ShapeReference, value: &Value) -> Result<(), EncodeError> {
        match self.service.kind(reference.shape) {
            // Lists and maps may contain nulls.
            _ if value.is_null() => self.raw(value),
            ShapeKind::Structure(structure) => self.members(structure, text::object(value)?),
            ShapeKind::List(list) => self.items(list, text::array(value)?),
            ShapeKind::Map(map) => self.entries(map, text::object(value)?),
            ShapeKind::Timestamp => self.moment(reference, value),
            _ => self.raw(value),
        }
    }

    fn members(&mut self, structure: &Structure, members: &Map<String, Value>) -> Result<(), EncodeError> {
        let mut separator = b'{';
        for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
            let member = member(structure, name)?;
            self.key(&mut separator, member.location_name())?;
            self.value(&member.reference, value).map_err(|error| error.within(name))?;
        }
        self.close_object(separator);
        Ok(())
    }

    fn entries(&mut self, map: &catalog::Map, entries: &Map<String, Value>) -> Result<(), EncodeError> {
        let mut separator = b'{';
        for (key, value) in entries {
            self.key(&mut separator, key)?;
            self.value(&map.value, value).map_err(|error| error.within(key))?;
        }
        self.close_object(separator);
        Ok(())
    }

    fn key(&mut self, separator: &mut u8, key: &str) -> Result<(), EncodeError> {
        self.out.push(*separator);
        *separator = b',';
        self.raw(key)?;
        self.out.push(b':');
        Ok(())
    }

    fn close_object(&mut self, separator: u8) {
        if separator == b'{' {
            self.out.push(b'{');
        }
        self.out.push(b'}');
    }

    fn items(&mut self, list: &ListShape, items: &[Value]) -> Result<(), EncodeError> {
        self.out.push(b'[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            self.value(&list.member, item).map_err(|error| error.at(index))?;
        }
        self.out.push(b']');
        Ok(())
    }

    fn moment(&mut self, reference: &ShapeReference, value: &Value) -> Result<(), EncodeError> {
        let format = reference.timestamp_format.unwrap_or(TimestampFormat::UnixTimestamp);
        let moment = text::moment(value)?.format(format);
        if format == TimestampFormat::UnixTimestamp {
            self.out.extend_from_slice(moment.as_bytes());
            Ok(())
        } else {
            self.raw(moment.as_str())
        }
    }

    /// Encodes values that need no model: scalars and documents.
    fn raw<T: serde::Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        serde_json::to_writer(&mut self.out, value).map_err(|cause| EncodeError::new(cause.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::structure;
    use crate::model::catalog::build::service_from_model;

    #[test]
    fn members_go_by_their_names_on_the_wire() {
        let model = json!({
            "metadata": {"protocol": "json", "jsonVersion": "1.1", "targetPrefix": "Test"},
            "operations": {"Get": {"name": "Get", "input": {"shape": "Request"}}},
            "shapes": {
                "Request": {"type": "structure", "members": {
                    "Name": {"shape": "Text", "locationName": "name"},
                    "Since": {"shape": "Time"},
                    "Tags": {"shape": "Tags"},
                    "Flags": {"shape": "Flags"}
                }},
                "Text": {"type": "string"},
                "Time": {"type": "timestamp"},
                "Tags": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}},
                "Flags": {"type": "list", "member": {"shape": "Text"}}
            }
        });
        let service = service_from_model("test", model).unwrap();
        let input = service.input(&service.operations[0]).unwrap();
        let parameters = json!({
            "Name": "a \"b\"", "Since": "2024-01-01T00:00:00+00:00", "Tags": {"k": null}, "Flags": []
        });
        let body = structure(&service, input, parameters.as_object().unwrap()).unwrap();
        assert_eq!(
            String::from_utf8(body).unwrap(),
            r#"{"name":"a \"b\"","Since":1704067200,"Tags":{"k":null},"Flags":[]}"#
        );
    }
}
