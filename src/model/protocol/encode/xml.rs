//! Encoding of XML bodies (`RestXMLSerializer` in `botocore/serialize.py`), of requests and responses.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::{EncodeError, member, text};
use crate::model::catalog::{
    self, ListShape, Member, Service, ShapeKind, ShapeReference, Structure, TimestampFormat, XmlNamespace,
};

/// The names of elements: those of flattened lists differ between requests and responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The members of a request.
    Request,
    /// The members of a response.
    Answer,
}

/// A writer of XML into a text of the caller, so that a response can be wrapped as its protocol requires.
pub struct XmlWriter<'model> {
    service: &'model Service,
    direction: Direction,
    out: String,
}

impl<'model> XmlWriter<'model> {
    /// Creates a writer for the shapes of `service`.
    #[must_use]
    pub fn new(service: &'model Service, direction: Direction) -> Self {
        Self { service, direction, out: String::with_capacity(256) }
    }

    /// Returns the written text.
    #[must_use]
    pub fn finish(self) -> String {
        self.out
    }

    /// Writes a start tag.
    pub fn open(&mut self, name: &str, namespace: Option<&XmlNamespace>) {
        self.start(name, namespace);
        self.out.push('>');
    }

    /// Writes an end tag.
    pub fn close(&mut self, name: &str) {
        // Writing to a text cannot fail.
        let _ = write!(self.out, "</{name}>");
    }

    /// Writes an element that contains only text.
    pub fn text_element(&mut self, name: &str, text: &str) {
        self.open(name, None);
        escape_text(&mut self.out, text);
        self.close(name);
    }

    /// Writes a structure with its element.
    pub fn structure(
        &mut self,
        name: &str,
        namespace: Option<&XmlNamespace>,
        structure: &Structure,
        members: &Map<String, Value>,
    ) -> Result<(), EncodeError> {
        self.start(name, namespace);
        for (key, value) in members.iter().filter(|(_, value)| !value.is_null()) {
            let member = member(structure, key)?;
            if member.reference.xml_attribute {
                let text = text::scalar(&ShapeKind::String, value, TimestampFormat::Iso8601)
                    .map_err(|error| error.within(key))?;
                self.attribute(member.location_name(), &text);
            }
        }
        self.out.push('>');
        self.members(structure, members)?;
        self.close(name);
        Ok(())
    }

    /// Writes a structure's members, except attributes, without an enclosing element.
    pub fn members(
        &mut self,
        structure: &Structure,
        members: &Map<String, Value>,
    ) -> Result<(), EncodeError> {
        for (key, value) in members.iter().filter(|(_, value)| !value.is_null()) {
            let member = member(structure, key)?;
            if !member.reference.xml_attribute {
                self.value(self.name(member), &member.reference, value).map_err(|error| error.within(key))?;
            }
        }
        Ok(())
    }

    /// Writes a value of any shape, in the element `name` or, if flattened, as several elements.
    pub fn value(
        &mut self,
        name: &str,
        reference: &ShapeReference,
        value: &Value,
    ) -> Result<(), EncodeError> {
        let namespace = reference.xml_namespace.as_ref();
        match self.service.kind(reference.shape) {
            ShapeKind::Structure(structure) => {
                self.structure(name, namespace, structure, text::object(value)?)
            }
            ShapeKind::List(list) if reference.flattened => self.items(name, list, text::array(value)?),
            ShapeKind::List(list) => {
                self.open(name, namespace);
                let item = list.member.location_name.as_deref().unwrap_or("member");
                self.items(item, list, text::array(value)?)?;
                self.close(name);
                Ok(())
            }
            ShapeKind::Map(map) if reference.flattened => self.entries(name, map, text::object(value)?),
            ShapeKind::Map(map) => {
                self.open(name, namespace);
                self.entries("entry", map, text::object(value)?)?;
                self.close(name);
                Ok(())
            }
            kind => {
                let format = reference.timestamp_format.unwrap_or(TimestampFormat::Iso8601);
                self.open(name, namespace);
                escape_text(&mut self.out, &text::scalar(kind, value, format)?);
                self.close(name);
                Ok(())
            }
        }
    }

    fn name<'member>(&self, member: &'member Member) -> &'member str {
        match self.direction {
            Direction::Request => member.location_name(),
            Direction::Answer => member.wire_name(),
        }
    }

    fn items(&mut self, name: &str, list: &ListShape, items: &[Value]) -> Result<(), EncodeError> {
        for (index, item) in items.iter().enumerate() {
            self.value(name, &list.member, item).map_err(|error| error.at(index))?;
        }
        Ok(())
    }

    fn entries(
        &mut self,
        name: &str,
        map: &catalog::Map,
        entries: &Map<String, Value>,
    ) -> Result<(), EncodeError> {
        let key_name = map.key.location_name.as_deref().unwrap_or("key");
        let value_name = map.value.location_name.as_deref().unwrap_or("value");
        for (key, value) in entries {
            self.open(name, None);
            self.open(key_name, map.key.xml_namespace.as_ref());
            escape_text(&mut self.out, key);
            self.close(key_name);
            self.value(value_name, &map.value, value).map_err(|error| error.within(key))?;
            self.close(name);
        }
        Ok(())
    }

    fn start(&mut self, name: &str, namespace: Option<&XmlNamespace>) {
        self.out.push('<');
        self.out.push_str(name);
        match namespace {
            Some(XmlNamespace { prefix: Some(prefix), uri }) => {
                self.attribute(&format!("xmlns:{prefix}"), uri);
            }
            Some(XmlNamespace { prefix: None, uri }) => self.attribute("xmlns", uri),
            None => {}
        }
    }

    fn attribute(&mut self, name: &str, text: &str) {
        let _ = write!(self.out, " {name}=\"");
        escape(&mut self.out, text, |character| match character {
            '"' => Some("&quot;"),
            '\t' => Some("&#9;"),
            '\n' => Some("&#10;"),
            _ => None,
        });
        self.out.push('"');
    }
}

fn escape_text(out: &mut String, text: &str) {
    escape(out, text, |_| None);
}

/// Writes text with its markup characters, and those in `more`, as references.
fn escape(out: &mut String, text: &str, more: impl Fn(char) -> Option<&'static str>) {
    let mut written = 0;
    for (position, character) in text.char_indices() {
        let reference = match character {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            // A reader would treat it as a line end.
            '\r' => "&#13;",
            _ => match more(character) {
                Some(reference) => reference,
                None => continue,
            },
        };
        out.push_str(&text[written..position]);
        out.push_str(reference);
        written = position + character.len_utf8();
    }
    out.push_str(&text[written..]);
}
