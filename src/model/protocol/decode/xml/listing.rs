//! Direct transcription of one list of an XML response to text.

use quick_xml::events::BytesStart;
use serde_json::{Map, Value};

use super::{MAXIMUM_DEPTH, Problem, XmlDecoder, in_root, index_of, scalar, scanner};
use crate::model::catalog::{ListShape, Service, ShapeId, ShapeKind, ShapeReference, Structure};
use crate::model::protocol::decode::list_plan::{ListPlan, is_plain};
use crate::model::protocol::decode::listing::{Listing, ListingOf, ListingText};

/// Decodes the structure `shape` like [`super::structure`], except for one member, the list `requested`, which is
/// returned as text. With its plan, the list of a usual document is read by the [`scanner`], and only the rest by the
/// decoder.
pub(in crate::model::protocol::decode) fn structure(
    service: &Service,
    shape: ShapeId,
    wrapper: Option<&str>,
    text: &str,
    requested: &ListingOf,
    plan: Option<&ListPlan>,
) -> Result<(Map<String, Value>, Option<Listing>), Problem> {
    if let Some(found) = plan.and_then(|plan| scanner::find(service, plan, wrapper, text, requested.depth))
        && let Ok(members) = super::structure(service, shape, wrapper, &found.rest)
        && !members.contains_key(&requested.member)
    {
        return Ok((members, Some(found.listing)));
    }
    let ShapeKind::Structure(structure) = service.kind(shape) else {
        return Err("its model is not a structure".to_owned());
    };
    let decoder = XmlDecoder::new(service, text);
    in_root(decoder, wrapper, |decoder, _| decoder.members_and_listing(structure, requested))
}

impl<'model> XmlDecoder<'_, 'model> {
    fn members_and_listing(
        &mut self,
        structure: &'model Structure,
        requested: &ListingOf,
    ) -> Result<(Map<String, Value>, Option<Listing>), Problem> {
        let mut listing = None;
        while let Some(child) = self.next_child()? {
            let name = child.local_name().into_inner();
            let Some(index) = index_of(structure, self.frame.next(0), name) else {
                self.skip()?;
                continue;
            };
            let member = &structure.members[index];
            match self.service.kind(member.reference.shape) {
                ShapeKind::List(list) if *member.name == *requested.member => {
                    if listing.is_some() {
                        self.skip()?;
                    } else {
                        listing = Some(self.listing(list, requested.depth)?);
                    }
                }
                _ => {
                    let value = self.value(&member.reference, &child)?;
                    if member.reference.flattened {
                        self.gather(0, index, value);
                    } else {
                        self.frame.push(index, value);
                        self.frame.forget_repeated(0, structure);
                    }
                }
            }
        }
        Ok((self.frame.take_first(0, structure), listing))
    }

    fn listing(&mut self, list: &'model ListShape, depth: usize) -> Result<Listing, Problem> {
        let mut text = ListingText::new(depth);
        let mut count = 0;
        self.depth += 1;
        while let Some(child) = self.next_child()? {
            text.next();
            self.write(&list.member, &child, &mut text)?;
            count += 1;
        }
        self.depth -= 1;
        Ok(Listing { text: text.bytes, count })
    }

    /// Writes a value; the counterpart of [`XmlDecoder::value`].
    fn write(
        &mut self,
        reference: &'model ShapeReference,
        start: &BytesStart<'_>,
        text: &mut ListingText,
    ) -> Result<(), Problem> {
        self.depth += 1;
        if self.depth > MAXIMUM_DEPTH {
            return Err(format!("it nests deeper than {MAXIMUM_DEPTH} levels"));
        }
        match self.service.kind(reference.shape) {
            ShapeKind::List(list) if !reference.flattened => {
                let opened = text.open();
                while let Some(child) = self.next_child()? {
                    text.next();
                    self.write(&list.member, &child, text)?;
                }
                text.close_list(&opened);
            }
            ShapeKind::Structure(structure) if is_plain(self.service, structure) => {
                self.write_members(structure, text)?;
            }
            ShapeKind::String => text.text(&self.text()?)?,
            ShapeKind::List(_) | ShapeKind::Map(_) | ShapeKind::Structure(_) => {
                self.depth -= 1;
                let value = self.value(reference, start)?;
                self.depth += 1;
                text.value(&value)?;
            }
            kind => text.value(&scalar::from_text(kind, self.text()?))?,
        }
        self.depth -= 1;
        Ok(())
    }

    /// Writes a structure without attributes; the counterpart of [`XmlDecoder::members`].
    fn write_members(&mut self, structure: &'model Structure, text: &mut ListingText) -> Result<(), Problem> {
        let opened = text.open();
        let mut next = 0;
        while let Some(child) = self.next_child()? {
            let name = child.local_name().into_inner();
            let Some(index) = index_of(structure, next, name) else {
                self.skip()?;
                continue;
            };
            next = index + 1;
            text.member(index, structure)?;
            self.write(&structure.members[index].reference, &child, text)?;
        }
        text.close_structure(&opened, true);
        Ok(())
    }
}
