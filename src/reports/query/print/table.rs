//! Rows as aligned columns: as wide as the terminal, or without a limit.
//!
//! The widths are those of the first rows, which are buffered; later cells are shortened or extend beyond the
//! column. If a terminal is too narrow for all columns, each row is a block with a line for each column.

use std::io::{self, Write};

use serde_json::Value;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::text_of;
use crate::util::terminal_text::printable_line;

/// The number of rows that determine the widths.
const SAMPLE: usize = 500;
/// The number of spaces between columns.
const GAP: usize = 2;
/// The smallest useful width of a column.
const NARROWEST: usize = 6;
/// The mark at the end of a shortened text.
const CUT: char = '…';

/// Prints rows.
pub(super) struct TablePrinter<'out> {
    out: &'out mut dyn Write,
    /// The available width; `None` without a terminal.
    width: Option<usize>,
    names: Vec<String>,
    waiting: Vec<Vec<CellText>>,
    layout: Option<RowLayout>,
}

/// The text of a cell; numbers are right-aligned.
struct CellText {
    text: String,
    is_number: bool,
}

/// How rows are laid out.
enum RowLayout {
    /// Columns of these widths.
    Columns(Vec<usize>),
    /// A line for each column, with names of this width.
    Blocks(usize),
}

impl<'out> TablePrinter<'out> {
    pub(super) fn new(out: &'out mut dyn Write, width: Option<usize>) -> Self {
        Self { out, width, names: Vec::new(), waiting: Vec::new(), layout: None }
    }

    pub(super) fn header(&mut self, names: &[String]) {
        self.names = names.iter().map(|name| printable_line(name).into_owned()).collect();
    }

    pub(super) fn row(&mut self, cells: &[Value]) -> io::Result<()> {
        let cells = cells.iter().map(|value| CellText {
            text: printable_line(&text_of(value)).into_owned(),
            is_number: value.is_number(),
        });
        let cells: Vec<CellText> = cells.collect();
        if let Some(layout) = &self.layout {
            return write_row(self.out, layout, &self.names, self.width, &cells);
        }
        self.waiting.push(cells);
        if self.waiting.len() < SAMPLE { Ok(()) } else { self.start() }
    }

    /// Determines the layout, and writes the buffered rows.
    fn start(&mut self) -> io::Result<()> {
        let layout = layout(&self.names, &self.waiting, self.width);
        if let RowLayout::Columns(widths) = &layout {
            let header = self.names.iter().map(|name| CellText { text: name.clone(), is_number: false });
            write_columns(self.out, widths, self.width.is_some(), &header.collect::<Vec<_>>())?;
            let lines = widths.iter().map(|width| CellText { text: "─".repeat(*width), is_number: false });
            write_columns(self.out, widths, true, &lines.collect::<Vec<_>>())?;
        }
        for cells in self.waiting.drain(..) {
            write_row(self.out, &layout, &self.names, self.width, &cells)?;
        }
        self.layout = Some(layout);
        Ok(())
    }

    pub(super) fn finish(&mut self) -> io::Result<()> {
        if self.layout.is_none() && !self.names.is_empty() {
            self.start()?;
        }
        self.out.flush()
    }
}

fn layout(names: &[String], rows: &[Vec<CellText>], room: Option<usize>) -> RowLayout {
    let mut widths: Vec<usize> = names.iter().map(|name| name.width()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.text.width().max(*width);
        }
    }
    let Some(room) = room else { return RowLayout::Columns(widths) };
    let gaps = GAP * widths.len().saturating_sub(1);
    let least: usize = widths.iter().map(|width| *width.min(&NARROWEST)).sum();
    if least + gaps > room {
        return RowLayout::Blocks(names.iter().map(|name| name.width()).max().unwrap_or_default());
    }
    // The widest columns are narrowed first.
    let widest = (NARROWEST..=widths.iter().copied().max().unwrap_or(NARROWEST).max(NARROWEST)).rev();
    let fits = |cap: &usize| widths.iter().map(|width| *width.min(cap)).sum::<usize>() + gaps <= room;
    let cap = widest.into_iter().find(fits).unwrap_or(NARROWEST);
    RowLayout::Columns(widths.into_iter().map(|width| width.min(cap)).collect())
}

fn write_row(
    out: &mut dyn Write,
    layout: &RowLayout,
    names: &[String],
    room: Option<usize>,
    cells: &[CellText],
) -> io::Result<()> {
    match layout {
        RowLayout::Columns(widths) => write_columns(out, widths, room.is_some(), cells),
        RowLayout::Blocks(name_width) => {
            for (name, cell) in names.iter().zip(cells) {
                let room = room.unwrap_or(usize::MAX).saturating_sub(name_width + GAP).max(NARROWEST);
                writeln!(out, "{}{}", padded(name, name_width + GAP), cut(&cell.text, room))?;
            }
            writeln!(out)
        }
    }
}

fn write_columns(out: &mut dyn Write, widths: &[usize], is_cut: bool, cells: &[CellText]) -> io::Result<()> {
    let mut line = String::new();
    for (index, (cell, width)) in cells.iter().zip(widths).enumerate() {
        if index > 0 {
            line.push_str(&" ".repeat(GAP));
        }
        let text = if is_cut { cut(&cell.text, *width) } else { cell.text.clone() };
        let missing = width.saturating_sub(text.width());
        if cell.is_number {
            line.push_str(&" ".repeat(missing));
        }
        line.push_str(&text);
        if !cell.is_number {
            line.push_str(&" ".repeat(missing));
        }
    }
    writeln!(out, "{}", line.trim_end())
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// Shortens a text to the available width.
fn cut(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_owned();
    }
    let mut width = 1;
    let fits = text.chars().take_while(|letter| {
        width += letter.width().unwrap_or_default();
        width <= room
    });
    let mut shown: String = fits.collect();
    shown.push(CUT);
    shown
}
