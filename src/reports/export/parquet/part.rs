//! Writes one file: rows are buffered in memory, and written as a row group when there are enough.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use serde_json::Value;

use super::column;
use super::schema::{Schema, failed};
use crate::reports::export::cell::CellValue;
use crate::reports::export::target::Appending;
use crate::util::atomic_file::create_folder;

/// The size of the buffer at which a row group is written, in bytes.
const GROUP: usize = 8 * 1024 * 1024;

/// The approximate size of an entry of a map without its texts, in bytes.
const ENTRY: usize = size_of::<(String, Value)>() + 2 * size_of::<usize>();

/// A file with fewer rows is small.
const FEW_ROWS: usize = 1_000;

/// A file to which rows are added. It is created with its first row group.
pub(super) struct PartFile {
    path: PathBuf,
    schema: Schema,
    columns: Vec<Vec<CellValue>>,
    /// The approximate size of the buffered columns in memory.
    bytes: usize,
    writer: Option<SerializedFileWriter<Appending>>,
}

impl PartFile {
    pub(super) fn new(path: PathBuf, schema: &Schema) -> Self {
        let columns = vec![Vec::new(); schema.types.len()];
        Self { path, schema: schema.clone(), columns, bytes: 0, writer: None }
    }

    /// Returns the approximate number of buffered bytes.
    pub(super) fn waiting(&self) -> usize {
        self.bytes
    }

    /// Adds a row, as long as the schema.
    pub(super) fn add(&mut self, row: Vec<CellValue>) -> io::Result<()> {
        for (column, cell) in self.columns.iter_mut().zip(row) {
            self.bytes += size_of::<CellValue>() + bytes_of(&cell);
            column.push(cell);
        }
        if self.bytes < GROUP { Ok(()) } else { self.write() }
    }

    /// Writes the buffered rows.
    pub(super) fn write(&mut self) -> io::Result<()> {
        if self.writer.is_none() {
            self.writer = Some(self.start()?);
        }
        let Some(writer) = &mut self.writer else { return Ok(()) };
        let mut group = writer.next_row_group().map_err(failed)?;
        for (cells, column_type) in self.columns.iter_mut().zip(&self.schema.types) {
            column::write(&mut group, std::mem::take(cells), *column_type).map_err(failed)?;
        }
        group.close().map_err(failed)?;
        self.bytes = 0;
        Ok(())
    }

    fn start(&self) -> io::Result<SerializedFileWriter<Appending>> {
        if let Some(folder) = self.path.parent() {
            create_folder(folder)?;
        }
        // In a small file, statistics for skipping parts would be larger than the parts.
        let is_small = self.columns.first().is_none_or(|column| column.len() < FEW_ROWS);
        let statistics = if is_small { EnabledStatistics::None } else { EnabledStatistics::Chunk };
        let properties = WriterProperties::builder()
            .set_created_by(format!("scan {}", env!("CARGO_PKG_VERSION")))
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_statistics_enabled(statistics)
            .set_dictionary_enabled(!is_small)
            .set_offset_index_disabled(true)
            .build();
        let file = Appending(self.path.clone());
        SerializedFileWriter::new(file, self.schema.described.clone(), Arc::new(properties)).map_err(failed)
    }

    /// Writes the remaining rows, and closes the file. A file without rows still has the schema.
    pub(super) fn finish(mut self) -> io::Result<()> {
        if self.bytes > 0 {
            self.write()?;
        }
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => self.start()?,
        };
        writer.close().map_err(failed)?;
        Ok(())
    }
}

/// Returns the approximate size of what a cell refers to, in bytes.
fn bytes_of(cell: &CellValue) -> usize {
    match cell {
        CellValue::Text(text) => text.len(),
        CellValue::Time(time) => time.text().len(),
        CellValue::Map(map) => {
            let texts = |value: &Value| value.as_str().map_or(0, str::len);
            map.iter().map(|(key, value)| ENTRY + key.len() + texts(value)).sum()
        }
        CellValue::Empty | CellValue::Number(_) | CellValue::NotFinite(_) | CellValue::Flag(_) => 0,
    }
}
