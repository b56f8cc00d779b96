//! A temporary file for JSON values that are needed later.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::run::ResultsError;
use crate::util::json_indent::depth::{DEEPEST_FILE, parse};

/// Values in an unnamed file, which is created for the first of them.
#[derive(Debug, Default)]
pub(in crate::reports) struct ScratchValues {
    file: Option<BufWriter<File>>,
    end: u64,
    /// The end of what was written to the file; the rest is in the buffer.
    flushed: u64,
    /// The parts that were read last, the newest first: values that are needed together are near each other.
    parts: VecDeque<ScratchPart>,
}

/// A part of the file, kept for the next values.
#[derive(Debug)]
struct ScratchPart {
    start: u64,
    bytes: Vec<u8>,
}

/// The distance of the starts of parts, in bytes.
const DISTANCE: u64 = 32 * 1_024;
/// The least length of a part, in bytes, unless the file ends before.
const LENGTH: u64 = 2 * DISTANCE;
/// The most parts that are kept, together 1 MiB unless values are longer.
const PARTS: usize = 16;

/// The place of a value in the file.
#[derive(Clone, Copy, Debug)]
pub(in crate::reports) struct StoredValue {
    start: u64,
    length: usize,
}

impl StoredValue {
    /// Returns the position among the values that were put.
    pub(super) fn position(self) -> u64 {
        self.start
    }

    fn end(self) -> u64 {
        self.start + self.length as u64
    }
}

impl ScratchPart {
    /// Returns the text of a value that is wholly in this part.
    fn text(&self, stored: StoredValue) -> Option<&[u8]> {
        let start = usize::try_from(stored.start.checked_sub(self.start)?).ok()?;
        self.bytes.get(start..start + stored.length)
    }
}

impl ScratchValues {
    pub(in crate::reports) fn put(&mut self, value: &impl Serialize) -> Result<StoredValue, ResultsError> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(BufWriter::new(tempfile::tempfile().map_err(unusable)?)),
        };
        let text = serde_json::to_vec(value).map_err(|cause| unusable(cause.into()))?;
        file.write_all(&text).map_err(unusable)?;
        let stored = StoredValue { start: self.end, length: text.len() };
        self.end = stored.end();
        Ok(stored)
    }

    pub(in crate::reports) fn read<Found: DeserializeOwned + Send>(
        &mut self,
        stored: StoredValue,
    ) -> Result<Found, ResultsError> {
        let kept = self.parts.iter().position(|part| part.text(stored).is_some());
        let part = match kept.and_then(|position| self.parts.remove(position)) {
            Some(part) => part,
            None => self.read_part(stored).map_err(unusable)?,
        };
        self.parts.truncate(PARTS - 1);
        self.parts.push_front(part);
        let text = self
            .parts
            .front()
            .and_then(|part| part.text(stored))
            .ok_or_else(|| unusable(io::ErrorKind::UnexpectedEof.into()))?;
        parse(text, DEEPEST_FILE).map_err(|cause| unusable(cause.into()))
    }

    /// Reads the part of the file that has a value.
    fn read_part(&mut self, stored: StoredValue) -> io::Result<ScratchPart> {
        let file = self.file.as_mut().ok_or(io::ErrorKind::UnexpectedEof)?;
        if stored.end() > self.flushed {
            file.flush()?;
            self.flushed = self.end;
        }
        let start = stored.start - stored.start % DISTANCE;
        let end = self.flushed.min(start + LENGTH).max(stored.end());
        let file = file.get_mut();
        let mut bytes = vec![0; usize::try_from(end - start).unwrap_or(usize::MAX)];
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(&mut bytes)?;
        file.seek(SeekFrom::End(0))?;
        Ok(ScratchPart { start, bytes })
    }
}

fn unusable(cause: io::Error) -> ResultsError {
    ResultsError::Scratch(cause)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{PARTS, ScratchValues, StoredValue};

    /// Texts of many lengths, from nothing to several parts.
    fn value(number: usize) -> Value {
        json!({ "number": number, "text": "x".repeat(number * 977 % 200_000) })
    }

    #[test]
    fn values_are_read_in_any_order() {
        let mut values = ScratchValues::default();
        let stored: Vec<StoredValue> = (0..300).map(|number| values.put(&value(number)).unwrap()).collect();
        for number in (0..300).map(|step| step * 173 % 300).chain(0..300) {
            assert_eq!(values.read::<Value>(stored[number]).unwrap(), value(number));
        }
        assert!(values.parts.len() <= PARTS);
    }

    #[test]
    fn values_can_be_put_after_reading() {
        let mut values = ScratchValues::default();
        for number in 0..50 {
            let (first, second) = (values.put(&number).unwrap(), values.put(&value(number)).unwrap());
            assert_eq!(values.read::<usize>(first).unwrap(), number);
            assert_eq!(values.read::<Value>(second).unwrap(), value(number));
        }
    }
}
