//! Direct transcription of one list of a response to the text of its file, without intermediate values.
//!
//! Most of the data of a scan is lists that the program does not inspect. They need no tree of values: their items
//! are written while they are read. The members of a structure are written in the order of the response, and
//! reordered where the model's order differs.

use std::io;
use std::ops::Range;

use serde::Serialize;
use serde_json::Value;

use super::Problem;
use super::plain_text::plain_length;
use crate::model::catalog::{Location, Operation, Pagination, Protocol, Service, ShapeKind, Structure};
use crate::util::json_indent;

/// The list of a response that is requested as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListingOf {
    /// The member with the list, by botocore's name.
    pub member: String,
    /// The nesting level of the list in its document.
    pub depth: usize,
}

/// The items of a list as indented JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The items, each with a comma and a new line before it.
    pub text: Vec<u8>,
    /// The number of items.
    pub count: u64,
}

impl ListingOf {
    /// Returns whether the list can be transcribed directly: it is in a body of text, and contains no token of the
    /// next page.
    #[must_use]
    pub fn can_be_read(&self, service: &Service, operation: &Operation) -> bool {
        let Some(output) = service.output(operation) else {
            return false;
        };
        let is_binary = matches!(service.protocol, Protocol::RpcV2Cbor { .. });
        if is_binary || output.payload.is_some() || output.event_stream {
            return false;
        }
        let is_plain = output.member(&self.member).is_some_and(|(_, member)| {
            let is_list = matches!(service.kind(member.reference.shape), ShapeKind::List(_));
            is_list && member.location == Location::Body && !member.reference.flattened
        });
        is_plain && !operation.pagination.as_ref().is_some_and(|pagination| self.is_read_by(pagination))
    }

    fn is_read_by(&self, pagination: &Pagination) -> bool {
        let Pagination { output_tokens, joined_keys, more_results, non_aggregate_keys, .. } = pagination;
        let paths = output_tokens.iter().chain(joined_keys).chain(more_results).chain(non_aggregate_keys);
        paths.into_iter().any(|path| path.begins_with(&self.member))
    }
}

/// The list of a response that a scanner has read, and the response without it.
pub(super) struct FoundList {
    pub(super) listing: Listing,
    /// The document without the list.
    pub(super) rest: String,
}

/// Whether a value was written: a null member counts as absent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum WrittenValue {
    Null,
    Value,
}

impl WrittenValue {
    /// Returns what was written for a value.
    pub(super) fn of(value: &Value) -> Self {
        if value.is_null() { Self::Null } else { Self::Value }
    }
}

/// JSON text that is being written, with the positions of the members of unfinished structures.
pub(super) struct ListingText {
    pub(super) bytes: Vec<u8>,
    depth: usize,
    /// The index of each member in its structure, and the start of its text.
    members: Vec<(usize, usize)>,
    /// The texts of the members of a structure by their indices, while they are put in order.
    places: Vec<Range<usize>>,
    /// The text of these members.
    unordered: Vec<u8>,
}

impl ListingText {
    /// Creates a writer for a list at nesting level `depth`.
    pub(super) fn new(depth: usize) -> Self {
        Self { bytes: Vec::new(), depth, members: Vec::new(), places: Vec::new(), unordered: Vec::new() }
    }

    /// Starts an item or member: the comma is replaced by a bracket if it is the first.
    #[inline]
    pub(super) fn next(&mut self) {
        self.separate(true);
    }

    /// Writes a new line and its indentation, after a comma if it `has_comma`.
    #[inline]
    fn separate(&mut self, has_comma: bool) {
        const COMMA: &[u8; 32] = b",\n                              ";
        const NO_COMMA: &[u8; 32] = b"\n                               ";
        let end = self.bytes.len() + usize::from(has_comma) + 1 + 2 * (self.depth + 1);
        // Copying a known length takes a few moves, and the length is corrected afterwards.
        self.bytes.extend_from_slice(if has_comma { COMMA } else { NO_COMMA });
        self.bytes.resize(end, b' ');
    }

    /// Writes a text.
    pub(super) fn text(&mut self, text: &str) -> Result<(), Problem> {
        if plain_length(text.as_bytes()) < text.len() {
            return self.value(&text);
        }
        self.bytes.reserve(text.len() + 2);
        self.bytes.push(b'"');
        self.bytes.extend_from_slice(text.as_bytes());
        self.bytes.push(b'"');
        Ok(())
    }

    /// Writes any value.
    pub(super) fn value(&mut self, value: &impl Serialize) -> Result<(), Problem> {
        json_indent::write_at(&mut self.bytes, self.depth + 1, value)
            .map_err(|cause: io::Error| cause.to_string())
    }

    /// Starts a list or structure.
    #[inline]
    pub(super) fn open(&mut self) -> Opened {
        self.depth += 1;
        Opened { start: self.bytes.len(), members: self.members.len(), depth: self.depth - 1 }
    }

    /// Ends a list.
    #[inline]
    pub(super) fn close_list(&mut self, opened: &Opened) {
        self.close(opened, *b"[]");
    }

    /// Starts the member with this index, after the previous members.
    pub(super) fn member(&mut self, index: usize, structure: &Structure) -> Result<(), Problem> {
        self.members.push((index, self.bytes.len()));
        self.next();
        self.text(&structure.members[index].name)?;
        self.bytes.extend_from_slice(b": ");
        Ok(())
    }

    /// Starts the member with this index and prepared key, after the previous members.
    #[inline]
    pub(super) fn prepared_member(&mut self, index: usize, key: &[u8]) {
        self.members.push((index, self.bytes.len()));
        self.next();
        self.bytes.extend_from_slice(key);
    }

    /// Returns whether a structure has no members yet.
    pub(super) fn is_empty(&self, opened: &Opened) -> bool {
        self.members.len() == opened.members
    }

    /// Removes everything since the start of a list or structure.
    pub(super) fn reset(&mut self, opened: &Opened) {
        self.bytes.truncate(opened.start);
        self.members.truncate(opened.members);
        self.depth = opened.depth;
    }

    /// Removes the member that was started last.
    pub(super) fn forget_member(&mut self) {
        if let Some((_, start)) = self.members.pop() {
            self.bytes.truncate(start);
        }
    }

    /// Ends a structure and sorts its members into the model's order. Of duplicate members, either the first or
    /// the last counts.
    #[inline]
    pub(super) fn close_structure(&mut self, opened: &Opened, first_counts: bool) {
        let members = &self.members[opened.members..];
        if !members.is_sorted_by(|(one, _), (other, _)| one < other) {
            self.put_in_order(opened, first_counts);
        }
        self.members.truncate(opened.members);
        self.close(opened, *b"{}");
    }

    fn put_in_order(&mut self, opened: &Opened, first_counts: bool) {
        let members = &self.members[opened.members..];
        let ends = members.iter().skip(1).map(|(_, start)| *start).chain([self.bytes.len()]);
        self.places.clear();
        for ((index, start), end) in members.iter().zip(ends) {
            if self.places.len() <= *index {
                self.places.resize(index + 1, 0..0);
            }
            let place = &mut self.places[*index];
            if place.start == place.end || !first_counts {
                *place = start - opened.start..end - opened.start;
            }
        }
        self.unordered.clear();
        self.unordered.extend_from_slice(&self.bytes[opened.start..]);
        self.bytes.truncate(opened.start);
        for place in &self.places {
            self.bytes.extend_from_slice(&self.unordered[place.clone()]);
        }
    }

    #[inline]
    fn close(&mut self, opened: &Opened, [open, close]: [u8; 2]) {
        self.depth -= 1;
        match self.bytes.get_mut(opened.start) {
            Some(comma) => {
                *comma = open;
                self.separate(false);
            }
            None => self.bytes.push(open),
        }
        self.bytes.push(close);
    }
}

/// The start of a list or structure.
pub(super) struct Opened {
    start: usize,
    members: usize,
    /// The nesting level around it.
    depth: usize,
}
