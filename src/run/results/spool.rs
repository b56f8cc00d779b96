//! A buffer for items before they are written to a file: in memory while they are few, on disk when they are
//! many.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::LazyLock;

use serde_json::Value;
use tempfile::{SpooledData, SpooledTempFile, spooled_tempfile_in};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::aws::http::OpenFiles;
use crate::model::protocol::Listing;
use crate::util::json_indent;

/// The bytes that one call may hold in memory before they move to an unnamed file, which the operating system
/// removes even if this program is killed.
const IN_MEMORY: usize = 256 * 1024;

/// The permits for lists that overflow to a file. The operating system limits the open files of the whole
/// process, and so does this semaphore; a list that gets no permit stays in memory until one is free.
static FILES: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(OpenFiles::allowed().spools()));

/// The elements of a JSON list, already indented for their depth in the final document.
pub struct ListSpool {
    text: SpooledTempFile,
    /// The permit for the list's file.
    file: Option<SemaphorePermit<'static>>,
    /// The element that is being added; kept to reuse its memory.
    line: Vec<u8>,
    depth: usize,
    count: u64,
    /// The length of the text in bytes.
    length: usize,
}

impl ListSpool {
    /// Returns an empty list whose brackets will be `depth` levels deep; it overflows into `folder`.
    #[must_use]
    pub fn new(folder: &Path, depth: usize) -> Self {
        Self {
            text: spooled_tempfile_in(usize::MAX, folder),
            file: None,
            line: Vec::new(),
            depth,
            count: 0,
            length: 0,
        }
    }

    /// Adds one element.
    pub fn push(&mut self, item: &Value) -> io::Result<()> {
        self.line.clear();
        if self.count > 0 {
            self.line.push(b',');
        }
        json_indent::new_line(&mut self.line, self.depth + 1)?;
        json_indent::write_at(&mut self.line, self.depth + 1, item)?;
        // A single write, because on disk every write is a system call.
        self.text.write_all(&self.line)?;
        self.count += 1;
        self.length += self.line.len();
        self.make_room()
    }

    /// Adds items that are already text, indented for this depth.
    pub fn append(&mut self, listing: &Listing) -> io::Result<()> {
        // The first item has no comma before it.
        let text = if self.count == 0 { listing.text.get(1..).unwrap_or_default() } else { &listing.text };
        self.text.write_all(text)?;
        self.count += listing.count;
        self.length += text.len();
        self.make_room()
    }

    /// Adds the elements of another list of the same depth.
    pub(crate) fn join(&mut self, other: Self) -> io::Result<()> {
        if other.count == 0 {
            return Ok(());
        }
        if self.count == 0 {
            *self = other;
            return Ok(());
        }
        self.text.write_all(b",")?;
        match other.text.into_inner() {
            SpooledData::InMemory(text) => self.text.write_all(text.get_ref())?,
            SpooledData::OnDisk(mut file) => {
                file.seek(SeekFrom::Start(0))?;
                io::copy(&mut file, &mut self.text)?;
            }
        }
        self.count += other.count;
        self.length += other.length + 1;
        self.make_room()
    }

    /// Moves the text to disk once it is too long for memory.
    fn make_room(&mut self) -> io::Result<()> {
        if self.length > IN_MEMORY && self.file.is_none() {
            self.file = FILES.try_acquire().ok();
            if self.file.is_some() {
                self.text.roll()?;
            }
        }
        Ok(())
    }

    /// Returns how many levels deep the list is in the document.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// Returns the length of the elements' text in bytes.
    pub(crate) fn text_length(&self) -> usize {
        self.length
    }

    /// Returns the number of elements.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.count
    }

    /// Returns whether the list is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Writes the list, including its brackets.
    pub fn write_to(self, mut writer: impl Write) -> io::Result<()> {
        writer.write_all(b"[")?;
        if self.count > 0 {
            match self.text.into_inner() {
                SpooledData::InMemory(text) => writer.write_all(text.get_ref())?,
                SpooledData::OnDisk(mut file) => {
                    file.seek(SeekFrom::Start(0))?;
                    let mut block = vec![0; 64 * 1024];
                    loop {
                        let length = file.read(&mut block)?;
                        if length == 0 {
                            break;
                        }
                        writer.write_all(&block[..length])?;
                    }
                }
            }
            json_indent::new_line(&mut writer, self.depth)?;
        }
        writer.write_all(b"]")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::ListSpool;

    #[test]
    fn gives_back_its_items_as_one_list() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut spool = ListSpool::new(folder.path(), 0);
        let items: Vec<Value> =
            (0..5000).map(|number| json!({"Id": number, "Name": "x".repeat(80)})).collect();
        for item in &items {
            spool.push(item).expect("takes an item");
        }
        let mut written = Vec::new();
        spool.write_to(&mut written).expect("writes");
        assert_eq!(serde_json::from_slice::<Value>(&written).expect("JSON"), Value::Array(items));
        assert_eq!(std::fs::read_dir(folder.path()).expect("lists").count(), 0);
    }

    #[test]
    fn lists_are_joined_in_memory_and_on_disk() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for lengths in [[1, 2, 0, 3], [2_000, 1, 5_000, 2_000], [0, 5_000, 1, 1], [0, 0, 0, 0]] {
            let (mut joined, mut alone) =
                (ListSpool::new(folder.path(), 1), ListSpool::new(folder.path(), 1));
            for (list, length) in lengths.into_iter().enumerate() {
                let mut part = ListSpool::new(folder.path(), 1);
                for number in 0..length {
                    let item = json!({"List": list, "Id": number, "Name": "x".repeat(80)});
                    part.push(&item).expect("takes an item");
                    alone.push(&item).expect("takes an item");
                }
                joined.join(part).expect("joins");
            }
            let (mut text, mut expected) = (Vec::new(), Vec::new());
            joined.write_to(&mut text).expect("writes");
            alone.write_to(&mut expected).expect("writes");
            assert!(text == expected, "{lengths:?}");
        }
    }

    #[test]
    fn nothing_is_an_empty_list() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut written = Vec::new();
        ListSpool::new(folder.path(), 1).write_to(&mut written).expect("writes");
        assert_eq!(written, b"[]");
    }
}
