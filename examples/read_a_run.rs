//! Reads a run from its folder: how many resources of each kind there are, and which calls are missing.
//!
//! ```text
//! cargo run --example read_a_run output/latest
//! ```

#![expect(clippy::print_stdout, reason = "a program for the terminal")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use aws_auto_inventory::app::open_run;
use aws_auto_inventory::error::Failure;
use aws_auto_inventory::run::ResultsError;

fn main() -> Result<(), Failure> {
    let folder = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("output/latest"), PathBuf::from);
    let resources = open_run(&folder, None)?;
    let unreadable = |error: ResultsError| Failure::usage(error.to_string());

    let mut kinds: BTreeMap<(String, String), u64> = BTreeMap::new();
    resources
        .each(&mut |resource| {
            *kinds.entry((resource.service.to_owned(), resource.kind.to_owned())).or_default() += 1;
            Ok(())
        })
        .map_err(unreadable)?;
    for ((service, kind), count) in &kinds {
        println!("{count:>6} {service} {kind}");
    }

    let print_gap = &mut |record: &aws_auto_inventory::run::CallRecord| {
        if record.is_gap() {
            println!(
                "missing: {} {} in {}/{}",
                record.service, record.function, record.account, record.region
            );
        }
    };
    resources.results().each_record(print_gap).map_err(unreadable)
}
