//! The option of commands that print text or one JSON document.

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::cli::console::print_line;
use crate::error::Failure;

/// The format of a command's output: text, or one JSON document.
#[derive(Args, Clone, Copy, Debug, Default)]
#[command(next_help_heading = "Output")]
pub(in crate::cli) struct FormArguments {
    /// Output format [default: text]
    #[arg(short, long, value_name = "FORMAT", value_enum, conflicts_with = "json")]
    format: Option<OutputForm>,

    /// Print one JSON document (same as --format json)
    #[arg(long)]
    json: bool,
}

/// The formats of commands whose output is not a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum OutputForm {
    /// Human-readable
    Text,
    /// One JSON document
    Json,
}

impl FormArguments {
    /// Returns whether the output is one JSON document.
    pub(in crate::cli) fn is_json(self) -> bool {
        self.json || self.format == Some(OutputForm::Json)
    }
}

/// Prints a JSON document.
///
/// # Errors
///
/// Returns an error if the value has no form in JSON, which is a defect.
pub(in crate::cli) fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|cause| Failure::internal("cannot write the output as JSON").with_source(cause))?;
    print_line(text);
    Ok(())
}
