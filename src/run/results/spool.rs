//! Items on their way to a file: in memory while they are few, on disk when they are many.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::LazyLock;

use serde_json::Value;
use tempfile::{SpooledData, SpooledTempFile, spooled_tempfile_in};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::aws::http::OpenFiles;
use crate::model::protocol::Listing;
use crate::util::json_indent;

/// What one call may hold in memory before it moves to a file without a name, which the operating
/// system removes even when this program is killed.
const IN_MEMORY: usize = 256 * 1024;

/// How many lists may have a file. The system counts open files for the process as a whole, and so
/// does this; a list that finds no room stays in memory until there is some.
static FILES: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(OpenFiles::allowed().spools()));

/// The elements of a JSON list, already written at their depth in the final document.
pub struct ListSpool {
    text: SpooledTempFile,
    /// What the file of the text is counted with.
    file: Option<SemaphorePermit<'static>>,
    /// The element that is being added; kept for its memory.
    line: Vec<u8>,
    depth: usize,
    count: u64,
    /// Bytes of text.
    length: usize,
}

impl ListSpool {
    /// An empty list whose brackets will stand `depth` levels deep; overflows into `folder`.
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
        // In one piece: on disk, every write is a system call.
        self.text.write_all(&self.line)?;
        self.count += 1;
        self.length += self.line.len();
        self.make_room()
    }

    /// Adds items that are text already, written for this depth.
    pub fn append(&mut self, listing: &Listing) -> io::Result<()> {
        // The first item has no comma before it.
        let text = if self.count == 0 { listing.text.get(1..).unwrap_or_default() } else { &listing.text };
        self.text.write_all(text)?;
        self.count += listing.count;
        self.length += text.len();
        self.make_room()
    }

    /// Moves what has become long to disk.
    fn make_room(&mut self) -> io::Result<()> {
        if self.length > IN_MEMORY && self.file.is_none() {
            self.file = FILES.try_acquire().ok();
            if self.file.is_some() {
                self.text.roll()?;
            }
        }
        Ok(())
    }

    /// How many levels deep the list stands.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// How many elements there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.count
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Writes the list, brackets included.
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
    fn nothing_is_an_empty_list() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut written = Vec::new();
        ListSpool::new(folder.path(), 1).write_to(&mut written).expect("writes");
        assert_eq!(written, b"[]");
    }
}
