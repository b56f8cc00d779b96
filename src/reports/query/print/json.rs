//! Values as JSON: as one list, or one per line.

use std::io::{self, Write};

use serde_json::Value;

use crate::util::terminal_text::printable;

/// Prints values.
pub(super) struct Json<'out> {
    out: &'out mut dyn Write,
    is_list: bool,
    is_started: bool,
}

impl<'out> Json<'out> {
    /// Creates a printer for one list, with one value per line.
    pub(super) fn list(out: &'out mut dyn Write) -> Self {
        Self { out, is_list: true, is_started: false }
    }

    /// Creates a printer for one value per line.
    pub(super) fn lines(out: &'out mut dyn Write) -> Self {
        Self { out, is_list: false, is_started: false }
    }

    pub(super) fn value(&mut self, value: &Value) -> io::Result<()> {
        let before = match (self.is_list, self.is_started) {
            (false, _) => "",
            (true, false) => "[\n  ",
            (true, true) => ",\n  ",
        };
        self.is_started = true;
        let text = value.to_string();
        let after = if self.is_list { "" } else { "\n" };
        write!(self.out, "{before}{}{after}", printable(&text))
    }

    pub(super) fn finish(&mut self) -> io::Result<()> {
        match (self.is_list, self.is_started) {
            (true, true) => self.out.write_all(b"\n]\n")?,
            (true, false) => self.out.write_all(b"[]\n")?,
            (false, _) => {}
        }
        self.out.flush()
    }
}
