//! The other end of `benches/org-scan`: a simulated organization as a separate process, and the
//! floor, a client that does as little as can be done.
//!
//! ```text
//! organization serve --accounts 20 --regions 5 --reservations 150 --queues 2 --page 50 --latency 20
//! organization floor --url http://127.0.0.1:4566 --access-key-id AKIA… --regions us-east-1,eu-west-1 --connections 256
//! organization page
//! ```

#![expect(clippy::print_stdout, reason = "the script reads what this prints")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot be set up has nothing to measure")]

mod floor;
mod page;
#[path = "../pieces/sample.rs"]
mod sample;
mod serve;

use std::error::Error;
use std::str::FromStr;

/// What anything here may fail with.
type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = || tokio::runtime::Builder::new_multi_thread().enable_all().build();
    match arguments.first().map(String::as_str) {
        Some("serve") => runtime()?.block_on(serve::run(&arguments)),
        Some("floor") => runtime()?.block_on(floor::run(&arguments)),
        Some("page") => {
            page::run();
            Ok(())
        }
        // `cargo bench` starts every benchmark there is.
        _ => {
            println!("organization: nothing to measure by itself, benches/org-scan starts it");
            Ok(())
        }
    }
}

/// The value behind an option; all of them are needed.
fn option<T: FromStr>(arguments: &[String], name: &str) -> Outcome<T>
where
    T::Err: Error + Send + Sync + 'static,
{
    let place = arguments.iter().position(|argument| argument == name);
    let value =
        place.and_then(|place| arguments.get(place + 1)).ok_or_else(|| format!("{name} is missing"))?;
    Ok(value.parse()?)
}
