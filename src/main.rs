//! `scan`: read-only inventory of whole AWS Organizations.

use std::process::ExitCode;

fn main() -> ExitCode {
    aws_auto_inventory::cli::main()
}
