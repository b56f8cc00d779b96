//! Scans an organization from a program, and prints the summary. Without arguments it scans the simulated
//! organization; with `aws` it uses the credentials of the environment.
//!
//! ```text
//! cargo run --example scan
//! cargo run --example scan aws
//! ```

#![expect(clippy::print_stdout, reason = "a program for the terminal")]

use std::sync::Arc;

use aws_auto_inventory::app::{Observer, Scan};
use aws_auto_inventory::engine::Event;
use aws_auto_inventory::error::Failure;
use aws_auto_inventory::simulator::{Simulator, World};

/// Prints notes, and each account that is finished.
struct Printer;

impl Observer for Printer {
    fn note(&self, text: &str) {
        println!("{text}");
    }

    fn event(&self, event: &Event) {
        if let Event::AccountFinished { account } = event {
            println!("{account} is finished");
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let scan =
        Scan::builder("inventory").organization().regions(["eu-central-1"]).observer(Arc::new(Printer));
    let simulator = Simulator::start(World::demo()).await?;
    let scan =
        if std::env::args().any(|argument| argument == "aws") { scan } else { scan.simulated(&simulator)? };
    let finished = scan.build()?.run().await?;
    println!("{}", finished.summary().text(Some(80)));
    Ok(())
}
