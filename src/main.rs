//! `scan`: read-only inventory of whole AWS Organizations.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A scan allocates in many small pieces, on many threads: the system's allocator takes a third longer.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    aws_auto_inventory::cli::main()
}
