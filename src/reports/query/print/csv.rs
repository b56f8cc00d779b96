//! Rows as comma-separated values.

use std::borrow::Cow;
use std::io::{self, Write};

use csv::Writer;
use serde_json::Value;

use super::text_of;
use crate::reports::export::harmless;
use crate::util::terminal_text::printable;

/// Prints rows.
pub(super) struct Csv<'out> {
    writer: Writer<&'out mut dyn Write>,
    on_terminal: bool,
}

impl<'out> Csv<'out> {
    pub(super) fn new(out: &'out mut dyn Write, on_terminal: bool) -> Self {
        Self { writer: Writer::from_writer(out), on_terminal }
    }

    pub(super) fn header(&mut self, names: &[String]) -> io::Result<()> {
        self.record(&names.iter().map(|name| harmless(name).into_owned()).collect::<Vec<_>>())
    }

    pub(super) fn row(&mut self, cells: &[Value]) -> io::Result<()> {
        let fields = cells.iter().map(|cell| match cell {
            Value::String(text) => harmless(text).into_owned(),
            cell => text_of(cell),
        });
        self.record(&fields.collect::<Vec<_>>())
    }

    fn record(&mut self, fields: &[String]) -> io::Result<()> {
        let shown = fields
            .iter()
            .map(|field| if self.on_terminal { printable(field) } else { Cow::Borrowed(field.as_str()) });
        self.writer.write_record(shown.map(Cow::into_owned)).map_err(io::Error::from)
    }

    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}
