//! `aws-auto-inventory`: the program `scan` under the name of its package, since other packages have a `scan` too.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// As in `scan`.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    aws_auto_inventory::cli::main()
}
