//! A comparison as one JSON document, with one change per line.

use std::io::{self, Write};

use serde_json::Value;

use super::Unwritable;
use crate::reports::diff::DiffError;
use crate::reports::diff::spool::ChangeSpool;
use crate::reports::diff::summary::DiffSummary;

/// The version of the format, increased with every incompatible change.
const FORMAT_VERSION: u32 = 1;

pub(super) fn write(
    summary: &DiffSummary,
    changes: &mut ChangeSpool,
    writer: &mut dyn Write,
    unwritable: Unwritable<'_>,
) -> Result<(), DiffError> {
    start(summary, writer).map_err(unwritable)?;
    let mut is_first = true;
    changes.each(|change| {
        let before: &[u8] = if is_first { b"\n    " } else { b",\n    " };
        is_first = false;
        let text = serde_json::to_string(&change).map_err(|cause| unwritable(cause.into()))?;
        writer.write_all(before).and_then(|()| writer.write_all(text.as_bytes())).map_err(unwritable)
    })?;
    let end: &[u8] = if is_first { b"]\n}\n" } else { b"\n  ]\n}\n" };
    writer.write_all(end).map_err(unwritable)
}

fn start(summary: &DiffSummary, writer: &mut dyn Write) -> io::Result<()> {
    write!(writer, "{{\n  \"format_version\": {FORMAT_VERSION}")?;
    let Value::Object(members) = serde_json::to_value(summary)? else { return Ok(()) };
    for (name, value) in members {
        write!(writer, ",\n  {}: ", Value::from(name))?;
        match value {
            Value::Array(items) if !items.is_empty() => {
                writer.write_all(b"[")?;
                for (index, item) in items.iter().enumerate() {
                    write!(writer, "{}\n    {item}", if index > 0 { "," } else { "" })?;
                }
                writer.write_all(b"\n  ]")?;
            }
            value => write!(writer, "{value}")?,
        }
    }
    writer.write_all(b",\n  \"changes\": [")
}
