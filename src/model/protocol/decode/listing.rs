//! A list of an answer as the text that its file gets: the short way from bytes to bytes.
//!
//! Most of what a scan reads is lists that nobody looks into. They need no tree of values: their
//! items are written while they are read. The members of a structure are written in the order in
//! which they come, and put in the model's order where that is another.

use std::io;

use serde::Serialize;

use super::Problem;
use crate::model::catalog::{Location, Operation, Pagination, Service, ShapeKind, Structure};
use crate::util::json_indent;

/// Which list of an answer is wanted as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListingOf {
    /// The member that is the list: botocore's name.
    pub member: String,
    /// How many levels deep the list stands in its document.
    pub depth: usize,
}

/// The items of a list as indented JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The items, each with a comma and a new line before it.
    pub text: Vec<u8>,
    /// How many there are.
    pub count: u64,
}

impl ListingOf {
    /// Whether the list can be written as it is read: it stands in the body, and no token of the
    /// next page stands in it.
    #[must_use]
    pub fn can_be_read(&self, service: &Service, operation: &Operation) -> bool {
        let Some(output) = service.output(operation) else {
            return false;
        };
        if output.payload.is_some() || output.event_stream {
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

/// JSON text that is being written, and where the members of unfinished structures begin in it.
pub(super) struct ListingText {
    pub(super) bytes: Vec<u8>,
    depth: usize,
    /// The index of each member in its structure, and where its text begins.
    members: Vec<(usize, usize)>,
}

impl ListingText {
    /// Begins where a list stands that is `depth` levels deep.
    pub(super) fn new(depth: usize) -> Self {
        Self { bytes: Vec::new(), depth, members: Vec::new() }
    }

    /// Begins an item or member: the comma becomes a bracket if it turns out to be the first.
    pub(super) fn next(&mut self) {
        self.bytes.extend_from_slice(b",\n");
        self.bytes.extend(std::iter::repeat_n(b' ', 2 * (self.depth + 1)));
    }

    /// Writes any value.
    pub(super) fn value(&mut self, value: &impl Serialize) -> Result<(), Problem> {
        json_indent::write_at(&mut self.bytes, self.depth + 1, value)
            .map_err(|cause: io::Error| cause.to_string())
    }

    /// Goes down into a list or structure.
    pub(super) fn open(&mut self) -> Opened {
        self.depth += 1;
        Opened { start: self.bytes.len(), members: self.members.len() }
    }

    /// Comes back from a list.
    pub(super) fn close_list(&mut self, opened: &Opened) {
        self.close(opened, *b"[]");
    }

    /// Begins the member with this index, after the members that came before.
    pub(super) fn member(&mut self, index: usize, structure: &Structure) -> Result<(), Problem> {
        self.members.push((index, self.bytes.len()));
        self.next();
        self.value(&&*structure.members[index].name)?;
        self.bytes.extend_from_slice(b": ");
        Ok(())
    }

    /// Takes the member back that was begun last.
    pub(super) fn forget_member(&mut self) {
        if let Some((_, start)) = self.members.pop() {
            self.bytes.truncate(start);
        }
    }

    /// The index after that of the member that was begun last in a structure.
    pub(super) fn next_index(&self, opened: &Opened) -> usize {
        self.members[opened.members..].last().map_or(0, |(latest, _)| latest + 1)
    }

    /// Comes back from a structure, whose members stand in the model's order from now on. Of those
    /// that came twice, the first counts or the last.
    pub(super) fn close_structure(&mut self, opened: &Opened, first_counts: bool) {
        let members = &self.members[opened.members..];
        if !members.is_sorted_by(|(one, _), (other, _)| one < other) {
            self.put_in_order(opened, first_counts);
        }
        self.members.truncate(opened.members);
        self.close(opened, *b"{}");
    }

    fn put_in_order(&mut self, opened: &Opened, first_counts: bool) {
        let written = self.bytes.split_off(opened.start);
        let starts = self.members[opened.members..].iter().map(|(_, start)| start - opened.start);
        let ends = starts.clone().skip(1).chain([written.len()]);
        let indices = self.members[opened.members..].iter().map(|(index, _)| *index);
        let mut members: Vec<_> = indices.zip(starts.zip(ends)).collect();
        if !first_counts {
            members.reverse();
        }
        members.sort_by_key(|(index, _)| *index);
        members.dedup_by_key(|(index, _)| *index);
        for (_, (start, end)) in members {
            self.bytes.extend_from_slice(&written[start..end]);
        }
    }

    fn close(&mut self, opened: &Opened, [open, close]: [u8; 2]) {
        self.depth -= 1;
        match self.bytes.get_mut(opened.start) {
            Some(comma) => {
                *comma = open;
                self.bytes.push(b'\n');
                self.bytes.extend(std::iter::repeat_n(b' ', 2 * (self.depth + 1)));
            }
            None => self.bytes.push(open),
        }
        self.bytes.push(close);
    }
}

/// Where a list or structure begins.
pub(super) struct Opened {
    start: usize,
    members: usize,
}

/// Which shapes can be written as they are read: lists, and structures whose members each stand in
/// one piece. The others take the way of values.
pub(super) struct Shapes<'model> {
    service: &'model Service,
    /// What is known of each structure so far.
    plain: Vec<Option<bool>>,
}

impl<'model> Shapes<'model> {
    pub(super) fn new(service: &'model Service) -> Self {
        Self { service, plain: vec![None; service.shapes.len()] }
    }

    /// Whether a structure can be written as it is read.
    pub(super) fn is_plain(&mut self, shape: usize, structure: &Structure) -> bool {
        let service = self.service;
        *self.plain[shape].get_or_insert_with(|| {
            let stands_in_one_piece = |member: &crate::model::catalog::Member| {
                let is_flattened = match service.kind(member.reference.shape) {
                    ShapeKind::List(_) | ShapeKind::Map(_) => member.reference.flattened,
                    _ => false,
                };
                !is_flattened && !member.reference.xml_attribute
            };
            !structure.union && structure.members.iter().all(stands_in_one_piece)
        })
    }
}
