//! Encoding of forms: the requests of the query and ec2 protocols (`QuerySerializer` and `EC2Serializer` in
//! `botocore/serialize.py`).

use serde_json::{Map, Value};

use super::uri::percent_encode;
use super::{EncodeError, member, text};
use crate::model::catalog::{self, Protocol, Service, ShapeKind, ShapeReference, Structure, TimestampFormat};

/// Writes the form of a request: action, version and the members of the input.
pub(super) fn form(
    service: &Service,
    action: &str,
    input: Option<&Structure>,
    members: &Map<String, Value>,
) -> Result<String, EncodeError> {
    let mut writer = FormEncoder { service, ec2: service.protocol == Protocol::Ec2, out: String::new() };
    writer.pair("Action", action);
    writer.pair("Version", &service.api_version);
    if let Some(structure) = input {
        writer.members("", structure, members)?;
    }
    Ok(writer.out)
}

struct FormEncoder<'model> {
    service: &'model Service,
    ec2: bool,
    out: String,
}

impl FormEncoder<'_> {
    fn pair(&mut self, name: &str, value: &str) {
        if !self.out.is_empty() {
            self.out.push('&');
        }
        percent_encode(&mut self.out, name);
        self.out.push('=');
        percent_encode(&mut self.out, value);
    }

    fn value(&mut self, name: &str, reference: &ShapeReference, value: &Value) -> Result<(), EncodeError> {
        match self.service.kind(reference.shape) {
            ShapeKind::Structure(structure) => self.members(name, structure, text::object(value)?),
            ShapeKind::List(list) => self.items(name, reference, &list.member, text::array(value)?),
            ShapeKind::Map(map) => self.entries(name, reference, map, text::object(value)?),
            kind => {
                let format = reference.timestamp_format.unwrap_or(TimestampFormat::Iso8601);
                self.pair(name, &text::scalar(kind, value, format)?);
                Ok(())
            }
        }
    }

    fn members(
        &mut self,
        prefix: &str,
        structure: &Structure,
        members: &Map<String, Value>,
    ) -> Result<(), EncodeError> {
        for (key, value) in members.iter().filter(|(_, value)| !value.is_null()) {
            let member = member(structure, key)?;
            let mut name = self.name(&member.reference, key);
            if !prefix.is_empty() {
                name = format!("{prefix}.{name}");
            }
            self.value(&name, &member.reference, value).map_err(|error| error.within(key))?;
        }
        Ok(())
    }

    fn items(
        &mut self,
        name: &str,
        reference: &ShapeReference,
        member: &ShapeReference,
        items: &[Value],
    ) -> Result<(), EncodeError> {
        if items.is_empty() && !self.ec2 {
            self.pair(name, "");
        }
        let prefix = if self.ec2 {
            name.to_owned()
        } else if !reference.flattened {
            format!("{name}.{}", member.location_name.as_deref().unwrap_or("member"))
        } else if let Some(item) = &member.location_name {
            // The items' name replaces the list's name.
            name.rsplit_once('.').map_or_else(|| item.to_string(), |(parent, _)| format!("{parent}.{item}"))
        } else {
            name.to_owned()
        };
        for (index, item) in items.iter().enumerate() {
            self.value(&format!("{prefix}.{}", index + 1), member, item).map_err(|error| error.at(index))?;
        }
        Ok(())
    }

    fn entries(
        &mut self,
        name: &str,
        reference: &ShapeReference,
        map: &catalog::Map,
        entries: &Map<String, Value>,
    ) -> Result<(), EncodeError> {
        let prefix = if reference.flattened { name.to_owned() } else { format!("{name}.entry") };
        let key_name = self.name(&map.key, "key");
        let value_name = self.name(&map.value, "value");
        for (index, (key, value)) in (1..).zip(entries) {
            self.pair(&format!("{prefix}.{index}.{key_name}"), key);
            self.value(&format!("{prefix}.{index}.{value_name}"), &map.value, value)
                .map_err(|error| error.within(key))?;
        }
        Ok(())
    }

    /// Returns the last part of a name. The ec2 protocol prefers `queryName` and capitalizes other names.
    fn name(&self, reference: &ShapeReference, default: &str) -> String {
        match (&reference.query_name, &reference.location_name) {
            (Some(name), _) if self.ec2 => name.to_string(),
            (_, Some(name)) if self.ec2 => {
                let mut name = name.to_string();
                if let Some(first) = name.get_mut(..1) {
                    first.make_ascii_uppercase();
                }
                name
            }
            (_, Some(name)) => name.to_string(),
            (_, None) => default.to_owned(),
        }
    }
}
