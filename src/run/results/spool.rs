//! A buffer for the items of a list: in memory while they are few. A long list is written to its result file while
//! its pages arrive, or to an unnamed file if results that precede it are missing and memory is short.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;
use tokio::sync::SemaphorePermit;

use crate::model::protocol::Listing;
use crate::run::results::list_place::{ListPlace, StartedList};
use crate::run::results::open_lists::{HeldBytes, ListMemory, MEMORY, file_permit};
use crate::util::json_indent;

/// The bytes that every list may have in memory: a short result file is written at once, when it is complete.
const SHORT: usize = 64 * 1024;

/// The elements of a JSON list, already indented for their depth in the final document.
pub struct ListSpool {
    /// The elements that are in no file yet. The first of all has a comma before it too.
    pieces: Vec<Vec<u8>>,
    held: HeldBytes,
    file: ListFile,
    /// The place in the result file, and the member of the response that has the list.
    place: Option<(Box<dyn ListPlace>, Option<String>)>,
    /// The folder for unnamed files.
    folder: PathBuf,
    depth: usize,
    count: u64,
    /// The length of the text in bytes.
    length: usize,
}

/// The file of a list that is too long for memory.
enum ListFile {
    None,
    Result(Box<dyn StartedList>),
    /// A file that the operating system removes even if this program is killed.
    Unnamed {
        file: File,
        _permit: SemaphorePermit<'static>,
    },
}

impl ListSpool {
    /// Returns an empty list whose brackets will be `depth` levels deep; it overflows into `folder`.
    #[must_use]
    pub fn new(folder: &Path, depth: usize) -> Self {
        Self::within(&MEMORY, folder, depth)
    }

    fn within(memory: &'static ListMemory, folder: &Path, depth: usize) -> Self {
        Self {
            pieces: Vec::new(),
            held: HeldBytes::none_of(memory),
            file: ListFile::None,
            place: None,
            folder: folder.to_owned(),
            depth,
            count: 0,
            length: 0,
        }
    }

    /// Sets the place of the list in its result file, to which it is written while it grows. `key` is the member of
    /// the response that has it, if the result is the whole response.
    pub(crate) fn set_place(&mut self, place: Box<dyn ListPlace>, key: Option<&str>) {
        self.place = Some((place, key.map(str::to_owned)));
    }

    /// Adds one element.
    pub fn push(&mut self, item: &Value) -> io::Result<()> {
        let mut piece = self.pieces.pop_if(|last| last.len() < SHORT).unwrap_or_default();
        let before = piece.len();
        piece.push(b',');
        json_indent::new_line(&mut piece, self.depth + 1)?;
        json_indent::write_at(&mut piece, self.depth + 1, item)?;
        let added = piece.len() - before;
        self.pieces.push(piece);
        self.added(1, added)
    }

    /// Adds items that are already text, indented for this depth.
    pub fn append(&mut self, listing: Listing) -> io::Result<()> {
        let Listing { text, count } = listing;
        let added = text.len();
        self.pieces.push(text);
        self.added(count, added)
    }

    /// Adds the elements of another list of the same depth.
    pub(crate) fn join(&mut self, mut other: Self) -> io::Result<()> {
        if self.count == 0 {
            *self = other;
            return Ok(());
        }
        let mut separator: &[u8] = b",";
        other.file.read_back(|block| {
            let piece = [std::mem::take(&mut separator), block].concat();
            let added = piece.len();
            self.pieces.push(piece);
            self.added(0, added)
        })?;
        self.pieces.append(&mut other.pieces);
        self.added(other.count, other.held.count())
    }

    fn added(&mut self, count: u64, bytes: usize) -> io::Result<()> {
        self.count += count;
        self.length += bytes;
        self.held.add(bytes);
        if self.held.count() > SHORT {
            self.make_room()?;
        }
        Ok(())
    }

    /// Moves the text to a file, if there is one for it.
    fn make_room(&mut self) -> io::Result<()> {
        if matches!(self.file, ListFile::None) {
            self.file = self.open_file()?;
        }
        let is_first = self.length == self.held.count();
        match &mut self.file {
            ListFile::None => return Ok(()),
            ListFile::Result(file) => write(&self.pieces, is_first, file)?,
            ListFile::Unnamed { file, .. } => write(&self.pieces, is_first, file)?,
        }
        self.pieces.clear();
        self.held.free();
        Ok(())
    }

    fn open_file(&self) -> io::Result<ListFile> {
        if let Some((place, key)) = &self.place
            && let Some(started) = place.start(key.as_deref())?
        {
            return Ok(ListFile::Result(started));
        }
        match self.held.memory().is_full().then(file_permit).flatten() {
            Some(permit) => {
                Ok(ListFile::Unnamed { file: tempfile::tempfile_in(&self.folder)?, _permit: permit })
            }
            None => Ok(ListFile::None),
        }
    }

    /// Ends the list in its result file, with its brackets. Returns the file if the list has been started there; if not,
    /// the list is unchanged.
    pub(crate) fn end_in_place(&mut self) -> io::Result<Option<Box<dyn StartedList>>> {
        if !matches!(self.file, ListFile::Result(_)) {
            return Ok(None);
        }
        self.make_room()?;
        let ListFile::Result(mut file) = std::mem::replace(&mut self.file, ListFile::None) else {
            return Ok(None);
        };
        json_indent::new_line(&mut file, self.depth)?;
        file.write_all(b"]")?;
        Ok(Some(file))
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
    pub fn write_to(mut self, mut writer: impl Write) -> io::Result<()> {
        writer.write_all(b"[")?;
        if self.count > 0 {
            let is_first = self.length == self.held.count();
            self.file.read_back(|block| writer.write_all(block))?;
            write(&self.pieces, is_first, &mut writer)?;
            json_indent::new_line(&mut writer, self.depth)?;
        }
        writer.write_all(b"]")
    }
}

impl ListFile {
    /// Passes on what was written to an unnamed file, in blocks.
    fn read_back(&mut self, mut each: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let file = match self {
            Self::None => return Ok(()),
            Self::Result(_) => return Err(io::Error::other("the list is in its result file already")),
            Self::Unnamed { file, .. } => file,
        };
        file.seek(SeekFrom::Start(0))?;
        let mut block = vec![0; SHORT];
        loop {
            match file.read(&mut block)? {
                0 => return Ok(()),
                length => each(&block[..length])?,
            }
        }
    }
}

/// Writes pieces of a list. The first one of the list starts without a comma.
fn write(pieces: &[Vec<u8>], is_first: bool, mut writer: impl Write) -> io::Result<()> {
    let mut skipped = usize::from(is_first);
    for piece in pieces {
        writer.write_all(piece.get(skipped..).unwrap_or_default())?;
        // An empty piece has no comma.
        skipped -= skipped.min(piece.len());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{ListFile, ListMemory, ListSpool};
    use crate::model::protocol::Listing;

    /// No memory, so that long lists move to files.
    static NONE: ListMemory = ListMemory::new(0);

    #[test]
    fn gives_back_its_items_as_one_list() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut spool = ListSpool::within(&NONE, folder.path(), 0);
        let items: Vec<Value> =
            (0..5000).map(|number| json!({"Id": number, "Name": "x".repeat(80)})).collect();
        for item in &items {
            spool.push(item).expect("takes an item");
        }
        assert!(matches!(spool.file, ListFile::Unnamed { .. }));
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
                (ListSpool::within(&NONE, folder.path(), 1), ListSpool::new(folder.path(), 1));
            for (list, length) in lengths.into_iter().enumerate() {
                let mut part = ListSpool::within(&NONE, folder.path(), 1);
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
    fn pages_stay_in_memory_that_is_not_full() {
        static ENOUGH: ListMemory = ListMemory::new(1_000_000);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut spool = ListSpool::within(&ENOUGH, folder.path(), 0);
        let page = || Listing { text: format!(",\n  \"{}\"", "x".repeat(300_000)).into_bytes(), count: 1 };
        let mut files = 0;
        for _ in 0..5 {
            spool.append(Listing::default()).and_then(|()| spool.append(page())).expect("takes a page");
            files += usize::from(matches!(spool.file, ListFile::Unnamed { .. }));
        }
        assert_eq!(files, 2, "the fourth page moves all to a file");
        let mut written = Vec::new();
        spool.write_to(&mut written).expect("writes");
        let items: Vec<String> = serde_json::from_slice(&written).expect("JSON");
        assert!(items.len() == 5 && items.iter().all(|item| item.len() == 300_000));
    }

    #[test]
    fn nothing_is_an_empty_list() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut written = Vec::new();
        ListSpool::new(folder.path(), 1).write_to(&mut written).expect("writes");
        assert_eq!(written, b"[]");
    }
}
