//! A fast reader of lists in XML as AWS writes it: elements without attributes, prefixes and comments.
//!
//! It transcribes the items of one list directly from the bytes of the response. Anything else than it expects (text
//! between elements, CDATA, attributes, rare entities) makes it give up, and [`super::listing`] reads the response,
//! which defines what is correct.

use std::borrow::Cow;

use super::{MAXIMUM_DEPTH, XmlDecoder};
use crate::model::catalog::{Service, ShapeId};
use crate::model::protocol::decode::list_plan::{Expectations, ListPlan, StructurePlan, ValuePlan};
use crate::model::protocol::decode::listing::{FoundList, Listing, ListingText};
use crate::model::protocol::decode::plain_numbers::is_plain_integer;
use crate::model::protocol::decode::plain_text::plain_length_before;
use crate::model::protocol::decode::same_start::starts_with;
use crate::model::protocol::decode::scalar;
use crate::model::protocol::decode::white_space::white_space_length;
use crate::model::protocol::timestamp::isoformat_of_utc;

/// Transcribes the list of a plan in a document, below the root element or its child `wrapper`; `None` if there is
/// none, or anything is unusual.
pub(in crate::model::protocol::decode) fn find(
    service: &Service,
    plan: &ListPlan,
    wrapper: Option<&str>,
    text: &str,
    depth: usize,
) -> Option<FoundList> {
    let mut scanner = XmlScanner {
        service,
        plan,
        text,
        bytes: text.as_bytes(),
        at: 0,
        depth: 0,
        expectations: plan.expectations(),
        written: ListingText::new(depth),
    };
    scanner.enter_root()?;
    if let Some(wrapper) = wrapper {
        scanner.find_child(wrapper)?;
    }
    let start = scanner.find_child(&plan.wire_name)?;
    // The transcribed list is indented, so that it is longer than its text, rarely twice as long.
    scanner.written.bytes.reserve(2 * (text.len() - scanner.at));
    let count = scanner.items(plan.item)?;
    scanner.end(&[plan.wire_name.as_bytes(), b">"].concat())?;
    let rest = [&text[..start], &text[scanner.at..]].concat();
    Some(FoundList { listing: Listing { text: scanner.written.bytes, count }, rest })
}

struct XmlScanner<'body, 'model> {
    service: &'model Service,
    plan: &'model ListPlan,
    text: &'body str,
    bytes: &'body [u8],
    /// The position in the text.
    at: usize,
    depth: usize,
    expectations: Expectations,
    written: ListingText,
}

/// A start tag.
struct StartTag<'body> {
    /// The name with the `>` behind it, or the `/` of an empty element.
    name: &'body [u8],
    /// Whether the element ends with its start tag.
    is_empty: bool,
}

impl StartTag<'_> {
    fn name(&self) -> &[u8] {
        &self.name[..self.name.len() - 1]
    }
}

impl<'body> XmlScanner<'body, '_> {
    /// Skips the declaration and the start tag of the root element.
    fn enter_root(&mut self) -> Option<()> {
        self.skip_white_space();
        if self.bytes[self.at..].starts_with(b"<?xml ") {
            self.at += memchr::memmem::find(&self.bytes[self.at..], b"?>")? + 2;
            self.skip_white_space();
        }
        let tag = self.bytes[self.at..].strip_prefix(b"<")?;
        let tag = &tag[..memchr::memchr(b'>', tag)?];
        let is_simple = tag.first().is_some_and(u8::is_ascii_alphabetic)
            && !tag.ends_with(b"/")
            && !tag.contains(&b'<')
            && memchr::memchr_iter(b'"', tag).count().is_multiple_of(2)
            && !tag.contains(&b'\'');
        self.at += tag.len() + 2;
        is_simple.then_some(())
    }

    /// Moves behind the start tag of the next child with this name, and returns the position before the tag.
    fn find_child(&mut self, name: &str) -> Option<usize> {
        loop {
            self.skip_white_space();
            let start = self.at;
            let child = self.start_tag()?;
            if child.name() == name.as_bytes() {
                return (!child.is_empty).then_some(start);
            }
            self.skip_rest_of(&child)?;
        }
    }

    #[inline]
    fn skip_white_space(&mut self) {
        self.at += white_space_length(&self.bytes[self.at..]);
    }

    /// Reads a start tag without attributes; `None` for anything else.
    #[inline]
    fn start_tag(&mut self) -> Option<StartTag<'body>> {
        if *self.bytes.get(self.at)? != b'<' {
            return None;
        }
        let name = &self.bytes[self.at + 1..];
        let length = name.iter().position(|byte| !is_of_name(*byte))?;
        let is_empty = match &name[length..] {
            [b'>', ..] => false,
            [b'/', b'>', ..] => true,
            _ => return None,
        };
        self.at += length + if is_empty { 3 } else { 2 };
        (length > 0 && !name[0].is_ascii_digit()).then_some(StartTag { name: &name[..=length], is_empty })
    }

    /// Returns whether the end tag of the current element is next, and moves behind it.
    #[inline]
    fn is_at_end(&mut self, name: &[u8]) -> Option<bool> {
        let rest = &self.bytes[self.at..];
        let [b'<', b'/', tag @ ..] = rest else { return Some(false) };
        if !starts_with(tag, name) {
            return None;
        }
        self.at += 2 + name.len();
        Some(true)
    }

    /// Moves behind the end tag of the current element.
    #[inline]
    fn end(&mut self, name: &[u8]) -> Option<()> {
        self.is_at_end(name)?.then_some(())
    }

    /// Skips the rest of an element. The names of all its tags have to match.
    fn skip_rest_of(&mut self, tag: &StartTag<'body>) -> Option<()> {
        if tag.is_empty {
            return Some(());
        }
        let mut open = vec![tag.name];
        while let Some(name) = open.last() {
            self.at += memchr::memchr(b'<', &self.bytes[self.at..])?;
            if self.is_at_end(name)? {
                open.pop();
                continue;
            }
            let child = self.start_tag()?;
            if !child.is_empty {
                open.push(child.name);
            }
        }
        Some(())
    }

    /// Writes the items of a list up to its end tag, and returns their number.
    fn items(&mut self, plan: ValuePlan) -> Option<u64> {
        let mut count = 0;
        loop {
            self.skip_white_space();
            if self.bytes[self.at..].starts_with(b"</") {
                return Some(count);
            }
            let start = self.at;
            let item = self.start_tag()?;
            self.written.next();
            self.value(plan, &item, start)?;
            count += 1;
        }
    }

    /// Writes the value of an element whose start tag has been read; it is at `start`.
    fn value(&mut self, plan: ValuePlan, tag: &StartTag<'body>, start: usize) -> Option<()> {
        match plan {
            ValuePlan::Text(_) => self.string(tag),
            ValuePlan::Integer(shape) => self.scalar(shape, tag, is_plain_integer),
            ValuePlan::Timestamp(shape) => self.timestamp(shape, tag),
            ValuePlan::Boolean(_) => {
                let text: &[u8] = if self.content(tag)? == "true" { b"true" } else { b"false" };
                self.written.bytes.extend_from_slice(text);
                Some(())
            }
            ValuePlan::Float(shape) | ValuePlan::Blob(shape) => self.scalar(shape, tag, |_| false),
            ValuePlan::List(index) => {
                let opened = self.written.open();
                if !tag.is_empty {
                    self.deeper(|scanner| scanner.items(scanner.plan.item_of(index)))?;
                    self.end(tag.name)?;
                }
                self.written.close_list(&opened);
                Some(())
            }
            ValuePlan::Structure(index) => {
                let opened = self.written.open();
                if !tag.is_empty {
                    let plan = self.plan;
                    self.deeper(|scanner| scanner.members(plan.structure(index), tag.name))?;
                }
                self.written.close_structure(&opened, true);
                Some(())
            }
            // Only JSON has such plans.
            ValuePlan::Map(_) => None,
            ValuePlan::Decoded(index) => {
                self.skip_rest_of(tag)?;
                let mut decoder = XmlDecoder::new(self.service, &self.text[start..self.at]);
                decoder.depth = self.depth;
                let root = decoder.root().ok()?;
                let value = decoder.value(self.plan.decoded(index), &root).ok()?;
                self.written.value(&value).ok()
            }
        }
    }

    #[inline]
    fn deeper<Found>(&mut self, read: impl FnOnce(&mut Self) -> Option<Found>) -> Option<Found> {
        self.depth += 1;
        if self.depth > MAXIMUM_DEPTH / 2 {
            return None;
        }
        let found = read(self)?;
        self.depth -= 1;
        Some(found)
    }

    /// Writes the members of a structure, and moves behind its end tag.
    fn members(&mut self, structure: &StructurePlan, name: &[u8]) -> Option<()> {
        let mut place = 0;
        loop {
            self.skip_white_space();
            if self.is_at_end(name)? {
                return Some(());
            }
            let start = self.at;
            let expected = self.expectations.at(structure, place);
            let (index, tag) = if let Some(tag) = self.expected_tag(structure, expected) {
                (expected, tag)
            } else {
                let tag = self.start_tag()?;
                let name = std::str::from_utf8(tag.name()).ok()?;
                let Some(index) = structure.index_of(self.service, name) else {
                    self.skip_rest_of(&tag)?;
                    continue;
                };
                self.expectations.found(structure, place, index);
                (index, tag)
            };
            place = index + 1;
            let member = &structure.members[index];
            self.written.prepared_member(index, &member.key);
            self.value(member.value, &tag, start)?;
        }
    }

    /// Reads the start tag of the member that is expected, if it is there.
    #[inline]
    fn expected_tag(&mut self, structure: &StructurePlan, expected: usize) -> Option<StartTag<'body>> {
        let tag = &*structure.members.get(expected)?.tag;
        let [b'<', rest @ ..] = &self.bytes[self.at..] else { return None };
        if tag.is_empty() || !starts_with(rest, tag) {
            return None;
        }
        self.at += 1 + tag.len();
        Some(StartTag { name: &rest[..tag.len()], is_empty: false })
    }

    #[inline]
    fn string(&mut self, tag: &StartTag<'body>) -> Option<()> {
        if tag.is_empty {
            self.written.bytes.extend_from_slice(b"\"\"");
            return Some(());
        }
        let rest = &self.bytes[self.at..];
        let length = plain_length_before(rest, *b"<&");
        if *rest.get(length)? != b'<' {
            let text = self.content(tag)?;
            return self.written.value(&text).ok();
        }
        let bytes = &mut self.written.bytes;
        bytes.push(b'"');
        bytes.extend_from_slice(&rest[..length]);
        bytes.push(b'"');
        self.at += length;
        self.end(tag.name)
    }

    /// Writes a scalar: as it is if that `is_plain`, else as the decoder returns it.
    #[inline]
    fn scalar(
        &mut self,
        shape: ShapeId,
        tag: &StartTag<'body>,
        is_plain: impl FnOnce(&[u8]) -> bool,
    ) -> Option<()> {
        let text = self.content(tag)?;
        if is_plain(text.as_bytes()) {
            self.written.bytes.extend_from_slice(text.as_bytes());
            return Some(());
        }
        self.written.value(&scalar::from_text(self.service.kind(shape), text)).ok()
    }

    #[inline]
    fn timestamp(&mut self, shape: ShapeId, tag: &StartTag<'body>) -> Option<()> {
        let text = self.content(tag)?;
        if let Some(time) = isoformat_of_utc(text.as_bytes()) {
            let bytes = &mut self.written.bytes;
            bytes.push(b'"');
            bytes.extend_from_slice(time);
            bytes.extend_from_slice(b"+00:00\"");
            return Some(());
        }
        self.written.value(&scalar::from_text(self.service.kind(shape), text)).ok()
    }

    /// Returns the text of an element, with its entities resolved, and moves behind its end tag.
    #[inline]
    fn content(&mut self, tag: &StartTag<'body>) -> Option<Cow<'body, str>> {
        if tag.is_empty {
            return Some(Cow::Borrowed(""));
        }
        let rest = &self.text[self.at..];
        let plain = plain_length_before(rest.as_bytes(), *b"<&");
        let length = plain + memchr::memchr(b'<', &rest.as_bytes()[plain..])?;
        let text = &rest[..length];
        // XML normalizes line ends.
        if length > plain && text.contains('\r') {
            return None;
        }
        self.at += length;
        self.end(tag.name)?;
        if length > plain && text.contains('&') {
            return resolved(text).map(Cow::Owned);
        }
        Some(Cow::Borrowed(text))
    }
}

/// Returns a text with the predefined entities and the references to white space resolved; `None` if it has others.
fn resolved(text: &str) -> Option<String> {
    let mut parts = text.split('&');
    let mut resolved = parts.next()?.to_owned();
    for part in parts {
        let (entity, rest) = part.split_once(';')?;
        resolved.push(match entity {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            "#9" | "#x9" => '\t',
            "#10" | "#xA" => '\n',
            "#13" | "#xD" => '\r',
            _ => return None,
        });
        resolved.push_str(rest);
    }
    Some(resolved)
}

/// Returns whether a byte is part of a name without a prefix, as AWS uses them.
#[inline]
fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}
