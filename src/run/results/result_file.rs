//! The members of a result file: found in one pass, and copied unchanged.
//!
//! A file can be very large, so only the start and end of each member's value are kept in memory, unless it is small.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;

use memchr::memchr2;

use crate::util::atomic_file;
use crate::util::json_indent::depth::{DEEPEST_FILE, too_deep};

const BLOCK: usize = 64 * 1024;
/// The largest file that is read once and kept in memory, in bytes.
const SMALL: u64 = 256 * 1024;

/// A result file whose members can be copied.
#[derive(Debug)]
pub(in crate::run) struct Members {
    content: FileContent,
    values: HashMap<String, Range<u64>>,
}

#[derive(Debug)]
enum FileContent {
    Small(Vec<u8>),
    Large(File),
}

impl Members {
    /// Scans a file for its members; `None` if it does not exist.
    pub(in crate::run) fn open(path: &Path) -> io::Result<Option<Self>> {
        let file = match atomic_file::open_to_read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        Self::read(file)
            .map(Some)
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
    }

    fn read(mut file: File) -> io::Result<Self> {
        let length = file.metadata()?.len();
        if length > SMALL {
            let values = values(&file)?;
            return Ok(Self { content: FileContent::Large(file), values });
        }
        let mut text = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
        file.read_to_end(&mut text)?;
        let mut scan = KeyScanner::default();
        scan.bytes(&text, 0)?;
        Ok(Self { content: FileContent::Small(text), values: scan.finish()? })
    }

    /// Returns whether the file has a member with this name.
    pub(in crate::run) fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// Returns the length of a member's value, in bytes; `None` if the file has no such member.
    pub(in crate::run) fn length(&self, name: &str) -> Option<u64> {
        self.values.get(name).map(|range| range.end - range.start)
    }

    /// Copies the value of a member unchanged.
    pub(in crate::run) fn copy(&mut self, name: &str, mut writer: impl Write) -> io::Result<()> {
        let Some(length) = self.length(name) else { return Ok(()) };
        let Some(mut value) = self.reader(name)? else { return Ok(()) };
        let copied = io::copy(&mut value, &mut writer)?;
        if copied < length { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }

    /// Returns a reader for a member's value; `None` if the file has no such member.
    pub(in crate::run) fn reader(&mut self, name: &str) -> io::Result<Option<Box<dyn Read + '_>>> {
        let Some(Range { start, end }) = self.values.get(name).cloned() else { return Ok(None) };
        Ok(Some(match &mut self.content {
            FileContent::Small(text) => {
                let mut value = io::Cursor::new(text.as_slice());
                value.set_position(start);
                Box::new(value.take(end - start))
            }
            FileContent::Large(file) => {
                file.seek(SeekFrom::Start(start))?;
                Box::new(file.take(end - start))
            }
        }))
    }
}

/// The state of a pass through an object.
#[derive(Default)]
struct KeyScanner {
    depth: usize,
    in_text: bool,
    escaped: bool,
    /// The string that was read last at the first level, including its quotes: a key, if a colon follows.
    text: Vec<u8>,
    /// The member that is being read: its key, and the start and end of its value so far.
    member: Option<(String, Option<Range<u64>>)>,
    values: HashMap<String, Range<u64>>,
    complete: bool,
}

/// Returns the start and end of the value of each member of an object.
fn values(mut reader: impl Read) -> io::Result<HashMap<String, Range<u64>>> {
    let mut scan = KeyScanner::default();
    let mut block = vec![0; BLOCK];
    let mut position = 0;
    loop {
        let length = reader.read(&mut block)?;
        if length == 0 {
            break;
        }
        scan.bytes(&block[..length], position)?;
        position += length as u64;
    }
    scan.finish()
}

impl KeyScanner {
    /// Takes the next bytes, the first of which is at `position`.
    fn bytes(&mut self, bytes: &[u8], position: u64) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            // Within the values of members, only the ends of texts, lists and objects matter.
            let next = match &self.member {
                Some(_) if self.in_text && !self.escaped => memchr2(b'"', b'\\', rest),
                Some(_) if !self.in_text && self.depth > 1 => {
                    rest.iter().position(|byte| is_structural(*byte))
                }
                _ => Some(0),
            };
            let Some(next) = next else { return Ok(()) };
            self.byte(rest[next], position + (bytes.len() - rest.len() + next) as u64)?;
            rest = &rest[next + 1..];
        }
        Ok(())
    }

    fn finish(self) -> io::Result<HashMap<String, Range<u64>>> {
        if self.complete { Ok(self.values) } else { Err(damaged()) }
    }

    fn byte(&mut self, byte: u8, position: u64) -> io::Result<()> {
        if self.in_text {
            self.within_text(byte);
        } else {
            match byte {
                b' ' | b'\n' | b'\r' | b'\t' => return Ok(()),
                b':' if self.depth == 1 && self.member.is_none() => {
                    let key = serde_json::from_slice(&self.text).map_err(|_| damaged())?;
                    self.member = Some((key, None));
                    self.text.clear();
                    return Ok(());
                }
                b',' if self.depth == 1 => return self.end_member(),
                b'}' if self.depth == 1 => {
                    self.depth = 0;
                    self.complete = true;
                    let is_empty = self.member.is_none() && self.text.is_empty();
                    return if is_empty { Ok(()) } else { self.end_member() };
                }
                b'"' => {
                    self.in_text = true;
                    self.text.clear();
                    self.text.push(byte);
                }
                b'{' | b'[' if self.depth == DEEPEST_FILE => return Err(too_deep(DEEPEST_FILE)),
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth = self.depth.checked_sub(1).ok_or_else(damaged)?,
                _ => {}
            }
        }
        if let Some((_, value)) = &mut self.member {
            let start = value.as_ref().map_or(position, |value| value.start);
            *value = Some(start..position + 1);
        }
        Ok(())
    }

    fn within_text(&mut self, byte: u8) {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' => self.escaped = true,
            b'"' => self.in_text = false,
            _ => {}
        }
        // Only keys are needed, which are the strings that are read outside of members.
        if self.depth == 1 && self.member.is_none() {
            self.text.push(byte);
        }
    }

    fn end_member(&mut self) -> io::Result<()> {
        let Some((key, Some(value))) = self.member.take() else { return Err(damaged()) };
        self.values.insert(key, value);
        Ok(())
    }
}

/// Returns whether a byte outside of texts starts or ends a text, a list or an object.
fn is_structural(byte: u8) -> bool {
    matches!(byte, b'"' | b'{' | b'}' | b'[' | b']')
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the file is not a complete JSON object")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::{Value, json};

    use super::Members;

    fn members(text: &str) -> std::io::Result<Members> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("s3.json");
        fs::write(&path, text).expect("writes");
        Members::open(&path).map(|members| members.expect("a file"))
    }

    #[test]
    fn every_value_is_copied_as_it_stands() {
        let document = json!({
            "list": [{"a": "}", "b\"": "\\"}, [], 1.5],
            "text with \" and \\ and {": "a, \"b\": c",
            "ünïcode\n": {},
            "number": -1e3,
            "nothing": null,
        });
        for text in [document.to_string(), format!("{document:#}\n")] {
            let mut members = members(&text).expect("reads");
            for (name, value) in document.as_object().expect("an object") {
                let mut copied = Vec::new();
                members.copy(name, &mut copied).expect("copies");
                let copied = String::from_utf8(copied).expect("text");
                assert_eq!(copied.trim(), copied);
                assert_eq!(serde_json::from_str::<Value>(&copied).expect("JSON"), *value, "{name}");
            }
            assert!(members.has("list") && !members.has("a") && !members.has("b"));
        }
    }

    #[test]
    fn an_empty_object_has_no_members() {
        assert!(members("{}\n").expect("reads").values.is_empty());
    }

    #[test]
    fn a_file_that_ends_too_early_is_told() {
        for text in ["", "{", "{\"a\": [1, 2", "{\"a\"}", "{\"a\": }"] {
            assert!(members(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_file_that_is_not_there_has_nothing() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert!(Members::open(&folder.path().join("s3.json")).expect("looks").is_none());
    }
}
