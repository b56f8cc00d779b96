//! Prints the results of queries in all formats.

mod csv;
mod json;
mod table;

use std::io::{self, Write};

use serde_json::{Map, Value};

use super::QueryError;
use csv::Csv;
use json::Json;
use table::TablePrinter;

/// The format of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryFormat {
    /// Columns, shortened to the given width in characters, if any.
    Table(Option<usize>),
    /// Comma-separated values, escaped so that spreadsheets do not interpret formulas. For a terminal,
    /// control characters are escaped as well.
    Csv {
        /// Whether the output is a terminal.
        on_terminal: bool,
    },
    /// A list of objects.
    Json,
    /// An object on each line.
    Ndjson,
}

/// Prints rows or values one at a time.
pub struct Printer<'out> {
    shape: AnswerShape<'out>,
    /// The names of the columns, once they are known.
    columns: Option<Vec<String>>,
}

/// The writer of the chosen format.
enum AnswerShape<'out> {
    Table(TablePrinter<'out>),
    Csv(Box<Csv<'out>>),
    Json(Json<'out>),
}

/// The column name for values without members.
const VALUE: &str = "value";

impl<'out> Printer<'out> {
    /// Creates a printer for a stream.
    pub fn new(format: QueryFormat, out: &'out mut dyn Write) -> Self {
        let shape = match format {
            QueryFormat::Table(width) => AnswerShape::Table(TablePrinter::new(out, width)),
            QueryFormat::Csv { on_terminal } => AnswerShape::Csv(Box::new(Csv::new(out, on_terminal))),
            QueryFormat::Json => AnswerShape::Json(Json::list(out)),
            QueryFormat::Ndjson => AnswerShape::Json(Json::lines(out)),
        };
        Self { shape, columns: None }
    }

    /// Starts a result in rows with the names of its columns.
    pub(super) fn columns(&mut self, names: &[String]) -> io::Result<()> {
        let names = disambiguated(names);
        match &mut self.shape {
            AnswerShape::Table(table) => table.header(&names),
            AnswerShape::Csv(csv) => csv.header(&names)?,
            AnswerShape::Json(_) => {}
        }
        self.columns = Some(names);
        Ok(())
    }

    /// Prints a row, as long as the columns.
    pub(super) fn row(&mut self, cells: Vec<Value>) -> io::Result<()> {
        match &mut self.shape {
            AnswerShape::Table(table) => table.row(&cells),
            AnswerShape::Csv(csv) => csv.row(&cells),
            AnswerShape::Json(json) => {
                let names = self.columns.iter().flatten().cloned();
                json.value(&Value::Object(names.zip(cells).collect::<Map<_, _>>()))
            }
        }
    }

    /// Prints a value. In rows and columns, the first value determines the columns.
    pub(super) fn value(&mut self, value: Value) -> Result<(), QueryError> {
        if let AnswerShape::Json(json) = &mut self.shape {
            return Ok(json.value(&value)?);
        }
        let members = match value {
            Value::Object(members) => members,
            value => [(VALUE.to_owned(), value)].into_iter().collect(),
        };
        if self.columns.is_none() {
            self.columns(&members.keys().cloned().collect::<Vec<_>>())?;
        }
        let names = self.columns.clone().unwrap_or_default();
        let mut members = members;
        let cells = names.iter().map(|name| members.remove(name).unwrap_or_default()).collect();
        match members.keys().next() {
            Some(name) => Err(QueryError::NoRow(format!(
                "an output of the filter has the member `{name}`, but the first one does not: rows need the same \
                 members"
            ))),
            None => Ok(self.row(cells)?),
        }
    }

    /// Finishes the output.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        match &mut self.shape {
            AnswerShape::Table(table) => table.finish(),
            AnswerShape::Csv(csv) => csv.finish(),
            AnswerShape::Json(json) => json.finish(),
        }
    }
}

/// Numbers equal names: an object can have each name only once.
fn disambiguated(names: &[String]) -> Vec<String> {
    let mut all: Vec<String> = Vec::with_capacity(names.len());
    for name in names {
        let (mut unique, mut count) = (name.clone(), 1);
        while all.contains(&unique) {
            count += 1;
            unique = format!("{name}_{count}");
        }
        all.push(unique);
    }
    all
}

/// Returns a cell as text: empty for null, strings without quotes, everything else as JSON.
fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests;
