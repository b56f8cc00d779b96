//! The decoder of XML bodies, which converts the text to values in one pass (like `BaseXMLResponseParser` in
//! `botocore/parsers.py`).

pub(super) mod listing;
pub(super) mod scanner;

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Map, Value};

use super::frame::Frame;
use super::{MAXIMUM_DEPTH, Problem, index_of, scalar, unknown_union_member};
use crate::model::catalog::{self, ListShape, Service, ShapeId, ShapeKind, ShapeReference, Structure};

/// Decodes the structure `shape` from the document's root element, or from the child of the root
/// called `wrapper`.
pub(super) fn structure(
    service: &Service,
    shape: ShapeId,
    wrapper: Option<&str>,
    text: &str,
) -> Result<Map<String, Value>, Problem> {
    let decoder = XmlDecoder::new(service, text);
    match in_root(decoder, wrapper, |decoder, start| decoder.shape(shape, start))? {
        Value::Object(members) => Ok(members),
        _ => Err("its model is not a structure".to_owned()),
    }
}

/// Decodes the document's root element, or the child of the root called `wrapper`.
fn in_root<'body, 'model, Found>(
    mut decoder: XmlDecoder<'body, 'model>,
    wrapper: Option<&str>,
    read: impl Fn(&mut XmlDecoder<'body, 'model>, &BytesStart<'_>) -> Result<Found, Problem>,
) -> Result<Found, Problem> {
    let root = decoder.root()?;
    let Some(wrapper) = wrapper else { return read(&mut decoder, &root) };
    let mut found = None;
    while let Some(child) = decoder.next_child()? {
        if found.is_none() && child.local_name().into_inner() == wrapper {
            found = Some(read(&mut decoder, &child)?);
        } else {
            decoder.skip()?;
        }
    }
    found.ok_or_else(|| format!("it has no element <{wrapper}>"))
}

/// Decodes a value of any shape from the document's root element.
pub(super) fn value(service: &Service, reference: &ShapeReference, text: &str) -> Result<Value, Problem> {
    let mut decoder = XmlDecoder::new(service, text);
    let root = decoder.root()?;
    decoder.value(reference, &root)
}

/// Checks only that the body is an XML document, where its content is not needed.
pub(super) fn check(service: &Service, text: &str) -> Result<(), Problem> {
    let mut decoder = XmlDecoder::new(service, text);
    decoder.root()?;
    decoder.skip()
}

struct XmlDecoder<'body, 'model> {
    service: &'model Service,
    reader: Reader<&'body [u8]>,
    /// The members of all structures that are being decoded.
    frame: Frame,
    depth: usize,
}

impl<'body, 'model> XmlDecoder<'body, 'model> {
    fn new(service: &'model Service, text: &'body str) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Self { service, reader, frame: Frame::default(), depth: 0 }
    }

    fn event(&mut self) -> Result<Event<'body>, Problem> {
        match self.reader.read_event() {
            Ok(Event::Eof) => Err(ends_too_early()),
            Ok(event) => Ok(event),
            Err(_) => Err(self.is_ill_formed()),
        }
    }

    fn root(&mut self) -> Result<BytesStart<'body>, Problem> {
        loop {
            match self.event()? {
                Event::Start(root) if root.local_name().into_inner().eq_ignore_ascii_case("html") => {
                    return Err("it is a web page, possibly of a proxy".to_owned());
                }
                Event::Start(root) => return Ok(root),
                Event::Text(text) if !text.trim_ascii().is_empty() => {
                    return Err("it starts with text outside of any element".to_owned());
                }
                _ => {}
            }
        }
    }

    /// Returns the next child of the current element; `None` at the end of the element.
    fn next_child(&mut self) -> Result<Option<BytesStart<'body>>, Problem> {
        loop {
            // Matched before it becomes a result of another type: events are large, and there are many.
            match self.reader.read_event() {
                Ok(Event::Start(child)) => return Ok(Some(child)),
                Ok(Event::End(_)) => return Ok(None),
                Ok(Event::Eof) => return Err(ends_too_early()),
                Err(_) => return Err(self.is_ill_formed()),
                Ok(_) => {}
            }
        }
    }

    /// The reader's own message contains elements of the body.
    #[cold]
    fn is_ill_formed(&self) -> Problem {
        format!("it is ill-formed at byte {}", self.reader.error_position())
    }

    /// Skips the rest of the current element.
    fn skip(&mut self) -> Result<(), Problem> {
        let mut open = 1_usize;
        while open > 0 {
            match self.event()? {
                Event::Start(_) => open += 1,
                Event::End(_) => open -= 1,
                _ => {}
            }
        }
        Ok(())
    }

    /// Decodes a value; all nested values pass through here. A flattened list has no enclosing element.
    fn value(&mut self, reference: &'model ShapeReference, start: &BytesStart<'_>) -> Result<Value, Problem> {
        self.depth += 1;
        if self.depth > MAXIMUM_DEPTH {
            return Err(format!("it nests deeper than {MAXIMUM_DEPTH} levels"));
        }
        let value = match self.service.kind(reference.shape) {
            // Flattened: without an enclosing element, each element is one item or entry.
            ShapeKind::List(list) if reference.flattened => {
                Value::Array(vec![self.value(&list.member, start)?])
            }
            ShapeKind::Map(map) if reference.flattened => {
                let mut entries = Map::new();
                self.entry(map, &mut entries)?;
                Value::Object(entries)
            }
            _ => self.shape(reference.shape, start)?,
        };
        self.depth -= 1;
        Ok(value)
    }

    fn shape(&mut self, shape: ShapeId, start: &BytesStart<'_>) -> Result<Value, Problem> {
        match self.service.kind(shape) {
            ShapeKind::Structure(structure) => self.members(structure, start),
            ShapeKind::List(list) => self.items(list),
            ShapeKind::Map(map) => self.entries(map),
            kind => Ok(scalar::from_text(kind, self.text()?)),
        }
    }

    fn members(&mut self, structure: &'model Structure, start: &BytesStart<'_>) -> Result<Value, Problem> {
        let base = self.frame.len();
        let mut unknown = None;
        while let Some(child) = self.next_child()? {
            let name = child.local_name().into_inner();
            let Some(index) = index_of(structure, self.frame.next(base), name) else {
                if structure.union && unknown.is_none() {
                    unknown = Some(name.to_owned());
                }
                self.skip()?;
                continue;
            };
            let reference = &structure.members[index].reference;
            let value = self.value(reference, &child)?;
            if reference.flattened {
                self.gather(base, index, value);
            } else {
                self.frame.push(index, value);
                self.frame.forget_repeated(base, structure);
            }
        }
        self.attributes(structure, start);
        match unknown {
            Some(name) if self.frame.len() == base => Ok(unknown_union_member(&name)),
            _ => Ok(Value::Object(self.frame.take_first(base, structure))),
        }
    }

    /// Adds an item or entry to its flattened list or map.
    fn gather(&mut self, base: usize, index: usize, value: Value) {
        match (self.frame.get_mut(base, index), value) {
            (Some(Value::Array(items)), Value::Array(mut more)) => items.append(&mut more),
            (Some(Value::Object(entries)), Value::Object(more)) => entries.extend(more),
            (_, value) => self.frame.push(index, value),
        }
    }

    /// Decodes the members that are attributes of the structure's element.
    fn attributes(&mut self, structure: &Structure, start: &BytesStart<'_>) {
        if start.attributes_raw().is_empty() {
            return;
        }
        for (index, member) in structure.members.iter().enumerate() {
            if member.reference.xml_attribute
                && let Some(text) = attribute(start, member.location_name())
            {
                self.frame.push(index, Value::String(text));
            }
        }
    }

    /// Decodes the items of a list; as in botocore, every child counts as an item, whatever its name.
    fn items(&mut self, list: &'model ListShape) -> Result<Value, Problem> {
        let mut items = Vec::new();
        while let Some(child) = self.next_child()? {
            items.push(self.value(&list.member, &child)?);
        }
        Ok(Value::Array(items))
    }

    fn entries(&mut self, map: &'model catalog::Map) -> Result<Value, Problem> {
        let mut entries = Map::new();
        while self.next_child()?.is_some() {
            self.entry(map, &mut entries)?;
        }
        Ok(Value::Object(entries))
    }

    /// Decodes the element of one map entry. An entry without a key is dropped; boto3 would raise an error, as it
    /// would for unknown children.
    fn entry(&mut self, map: &'model catalog::Map, entries: &mut Map<String, Value>) -> Result<(), Problem> {
        let key_name = map.key.location_name.as_deref().unwrap_or("key");
        let value_name = map.value.location_name.as_deref().unwrap_or("value");
        let (mut key, mut value) = (None, Value::Null);
        while let Some(child) = self.next_child()? {
            let name = child.local_name().into_inner();
            if name == key_name {
                key = Some(self.text()?.into_owned());
            } else if name == value_name {
                value = self.value(&map.value, &child)?;
            } else {
                self.skip()?;
            }
        }
        if let Some(key) = key {
            entries.insert(key, value);
        }
        Ok(())
    }

    /// Returns the text of the current element, up to its first child as in Python's `Element.text`; borrowed from
    /// the body where it is contiguous there.
    fn text(&mut self) -> Result<Cow<'body, str>, Problem> {
        let mut text = Cow::Borrowed("");
        loop {
            match self.event()? {
                Event::Text(part) => append(&mut text, part.xml10_content()),
                Event::CData(part) => append(&mut text, part.xml10_content()),
                Event::GeneralRef(entity) => match entity.resolve_char_ref() {
                    Ok(Some(character)) => text.to_mut().push(character),
                    _ => text.to_mut().push_str(
                        resolve_predefined_entity(&entity)
                            .ok_or_else(|| "it has an unknown entity".to_owned())?,
                    ),
                },
                Event::End(_) => return Ok(text),
                Event::Start(_) => {
                    self.skip()?;
                    self.skip()?;
                    return Ok(text);
                }
                _ => {}
            }
        }
    }
}

#[cold]
fn ends_too_early() -> Problem {
    "it ends too early".to_owned()
}

fn append<'body>(text: &mut Cow<'body, str>, part: Cow<'body, str>) {
    if text.is_empty() {
        *text = part;
    } else {
        text.to_mut().push_str(&part);
    }
}

/// Returns the value of an attribute. The model writes namespaced ones as `xsi:type`; a document may use another
/// prefix.
fn attribute(start: &BytesStart<'_>, location_name: &str) -> Option<String> {
    let local_name = location_name.rsplit(':').next()?;
    let attributes = start.attributes();
    attributes
        .filter_map(Result::ok)
        .find(|attribute| match attribute.key.decompose() {
            (name, None) => name.into_inner() == location_name,
            (name, Some(_)) => name.into_inner() == local_name,
        })
        .and_then(|attribute| Some(attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned()))
}
