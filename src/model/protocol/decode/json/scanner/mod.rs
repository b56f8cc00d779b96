//! A fast reader of lists in JSON as AWS writes it: values of the kinds that the model specifies.
//!
//! It transcribes the items of one list directly from the bytes of the response. Values of other kinds go through the
//! decoder one by one. Anything else that it does not expect (escaped names, numbers that JSON does not have, lone
//! surrogates, invalid JSON) makes it give up, and [`super::listing`] reads the response, which defines what is
//! correct.

mod cursor;
mod scalars;
#[cfg(test)]
mod tests;

use serde::de::{DeserializeSeed, IgnoredAny};
use serde_json::Deserializer;

use self::cursor::{Cursor, Escapes};
use super::{JsonDecoder, ValueOf};
use crate::model::catalog::{Service, ShapeId};
use crate::model::protocol::decode::list_plan::{Expectations, ListPlan, StructurePlan, ValuePlan};
use crate::model::protocol::decode::listing::{FoundList, Listing, ListingText, WrittenValue};

/// The maximum number of levels around and inside of a value, a little below that of `serde_json`.
const DEEPEST: usize = 120;

/// The maximum number of levels that the scanner reads itself; it uses stack space for each.
const DEEPEST_SCANNED: usize = 64;

/// The maximum number of entries of a map that is transcribed: each key is compared with those before it.
const MOST_ENTRIES: usize = 32;

/// Transcribes the list of a plan in a document, whose root is an object; `None` if there is none, or anything is
/// unusual. The rest of the document has a null in its place, and may be invalid.
pub(in crate::model::protocol::decode) fn find(
    service: &Service,
    plan: &ListPlan,
    text: &str,
    depth: usize,
) -> Option<FoundList> {
    let mut cursor = Cursor::new(text);
    let start = find_list(&mut cursor, &plan.wire_name)?;
    let mut scanner = JsonScanner {
        service,
        plan,
        cursor,
        // The root and the list.
        depth: 2,
        expectations: plan.expectations(),
        written: ListingText::new(depth),
        keys: Vec::new(),
        decoder: JsonDecoder::new(service),
    };
    // AWS's JSON is compact: indented, it is about half as long again.
    scanner.written.bytes.reserve((text.len() - start) / 2 * 3);
    let count = scanner.items(plan.item)?;
    let rest = [&text[..start], "null", &text[scanner.cursor.position()..]].concat();
    Some(FoundList { listing: Listing { text: scanner.written.bytes, count }, rest })
}

/// Moves behind the bracket of the first list with this name in the root, and returns the position before it.
fn find_list(cursor: &mut Cursor<'_>, name: &str) -> Option<usize> {
    if !cursor.take_if(b'{') {
        return None;
    }
    loop {
        let found = cursor.name()?;
        cursor.peek()?;
        if found == name {
            let start = cursor.position();
            return cursor.take_if(b'[').then_some(start);
        }
        cursor.value(DEEPEST)?;
        if !cursor.take_if(b',') {
            return None;
        }
    }
}

struct JsonScanner<'body, 'model> {
    service: &'model Service,
    plan: &'model ListPlan,
    cursor: Cursor<'body>,
    /// The number of brackets that are open.
    depth: usize,
    expectations: Expectations,
    written: ListingText,
    /// The keys of all maps that are being read, the innermost last.
    keys: Vec<&'body str>,
    decoder: JsonDecoder<'model>,
}

impl JsonScanner<'_, '_> {
    /// Writes the items of a list whose bracket has been read, and returns their number.
    fn items(&mut self, plan: ValuePlan) -> Option<u64> {
        if self.cursor.take_if(b']') {
            return Some(0);
        }
        let mut count = 0;
        loop {
            self.written.next();
            self.value(plan)?;
            count += 1;
            match self.cursor.take()? {
                b',' => {}
                b']' => return Some(count),
                _ => return None,
            }
        }
    }

    /// Writes the next value.
    fn value(&mut self, plan: ValuePlan) -> Option<WrittenValue> {
        match (plan, self.cursor.peek()?) {
            (ValuePlan::Text(_), b'"') => self.text(),
            (ValuePlan::Structure(index), b'{') => {
                let plan = self.plan;
                self.structure(plan.structure(index))
            }
            (ValuePlan::List(index), b'[') => {
                let opened = self.written.open();
                self.cursor.take();
                self.deeper(|scanner| scanner.items(scanner.plan.item_of(index)))?;
                self.written.close_list(&opened);
                Some(WrittenValue::Value)
            }
            (ValuePlan::Map(index), b'{') => self.map(index),
            (ValuePlan::Boolean(shape), b't' | b'f') => self.boolean(shape),
            (ValuePlan::Integer(shape), b'0'..=b'9' | b'-') => self.integer(shape),
            (ValuePlan::Float(shape), b'0'..=b'9' | b'-') => self.float(shape),
            (ValuePlan::Timestamp(shape), b'0'..=b'9' | b'"') => self.timestamp(shape),
            (ValuePlan::Blob(shape), b'"') => self.blob(shape),
            (_, b'n') if self.cursor.skip(b"null") => {
                self.written.bytes.extend_from_slice(b"null");
                Some(WrittenValue::Null)
            }
            _ => self.decoded(self.plan.shape_of(plan)),
        }
    }

    fn deeper<Found>(&mut self, read: impl FnOnce(&mut Self) -> Option<Found>) -> Option<Found> {
        self.depth += 1;
        if self.depth > DEEPEST_SCANNED {
            return None;
        }
        let found = read(self)?;
        self.depth -= 1;
        Some(found)
    }

    fn structure(&mut self, plan: &StructurePlan) -> Option<WrittenValue> {
        let start = self.cursor.position();
        let opened = self.written.open();
        self.cursor.take();
        let has_unknown = !self.cursor.take_if(b'}') && self.deeper(|scanner| scanner.members(plan))?;
        // The decoder returns the name of an unknown member then.
        if plan.is_union && has_unknown && self.written.is_empty(&opened) {
            self.written.reset(&opened);
            self.cursor.return_to(start);
            return self.decoded(plan.shape);
        }
        self.written.close_structure(&opened, false);
        Some(WrittenValue::Value)
    }

    /// Writes the members of a structure, moves behind its bracket, and returns whether there are unknown ones.
    fn members(&mut self, structure: &StructurePlan) -> Option<bool> {
        let mut has_unknown = false;
        let mut place = 0;
        loop {
            let expected = self.expectations.at(structure, place);
            let index = if self.is_at_member(structure, expected) {
                Some(expected)
            } else {
                self.other_member(structure, place)?
            };
            if let Some(index) = index {
                place = index + 1;
                let member = &structure.members[index];
                self.written.prepared_member(index, &member.key);
                if self.value(member.value)? == WrittenValue::Null {
                    self.written.forget_member();
                }
            } else {
                has_unknown = true;
            }
            match self.cursor.take()? {
                b',' => {}
                b'}' => return Some(has_unknown),
                _ => return None,
            }
        }
    }

    /// Moves behind the name and colon of the member that is expected, if they are next.
    fn is_at_member(&mut self, structure: &StructurePlan, expected: usize) -> bool {
        let Some(member) = structure.members.get(expected) else { return false };
        self.cursor.peek().is_some() && !member.tag.is_empty() && self.cursor.skip(&member.tag)
    }

    /// Reads a name and its colon, and returns the index of the member. An unknown member is skipped.
    #[expect(clippy::option_option, reason = "unknown members are usual")]
    fn other_member(&mut self, structure: &StructurePlan, place: usize) -> Option<Option<usize>> {
        let name = self.cursor.name()?;
        if name.is_empty() {
            return None;
        }
        let index = structure.index_of(self.service, name);
        if let Some(index) = index {
            self.expectations.found(structure, place, index);
        } else {
            self.cursor.peek()?;
            let value = self.cursor.value(DEEPEST - self.depth)?;
            serde_json::from_str::<IgnoredAny>(value).ok()?;
        }
        Some(index)
    }

    /// Writes a map. With keys that need care, it goes through the decoder.
    fn map(&mut self, index: usize) -> Option<WrittenValue> {
        let (start, depth, outer_keys) = (self.cursor.position(), self.depth, self.keys.len());
        let opened = self.written.open();
        self.cursor.take();
        let is_written = self.cursor.take_if(b'}')
            || self.deeper(|scanner| scanner.entries(scanner.plan.item_of(index))).is_some();
        self.keys.truncate(outer_keys);
        if is_written {
            self.written.close_structure(&opened, false);
            return Some(WrittenValue::Value);
        }
        self.written.reset(&opened);
        self.cursor.return_to(start);
        self.depth = depth;
        self.decoded(self.plan.shape_of(ValuePlan::Map(index)))
    }

    fn entries(&mut self, value: ValuePlan) -> Option<()> {
        let own_keys = self.keys.len();
        loop {
            self.cursor.peek()?;
            let key = self.cursor.string()?;
            let earlier = &self.keys[own_keys..];
            let is_plain = key.escapes != Escapes::Other
                && earlier.len() < MOST_ENTRIES
                && !earlier.contains(&key.quoted);
            if !is_plain || !self.cursor.take_if(b':') {
                return None;
            }
            self.keys.push(key.quoted);
            self.written.next();
            self.written.bytes.extend_from_slice(key.quoted.as_bytes());
            self.written.bytes.extend_from_slice(b": ");
            self.value(value)?;
            match self.cursor.take()? {
                b',' => {}
                b'}' => return Some(()),
                _ => return None,
            }
        }
    }

    /// Writes the next value as the decoder returns it.
    fn decoded(&mut self, shape: ShapeId) -> Option<WrittenValue> {
        let text = self.cursor.value(DEEPEST - self.depth)?;
        let mut deserializer = Deserializer::from_str(text);
        let value = ValueOf { decoder: &mut self.decoder, shape }.deserialize(&mut deserializer).ok()?;
        deserializer.end().ok()?;
        self.written.value(&value).ok()?;
        Some(WrittenValue::of(&value))
    }
}
