//! A simulated organization that answers until its standard input ends.

use std::time::Duration;

use aws_auto_inventory::simulator::world::Amounts;
use aws_auto_inventory::simulator::{Simulator, World};
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, BufReader};

use super::{Outcome, option};

/// Prints where it answers, and for each line of its standard input how many requests it has seen.
pub(super) async fn run(arguments: &[String]) -> Outcome {
    let amounts = Amounts {
        vpcs: 1,
        reservations: option(arguments, "--reservations")?,
        addresses: 2,
        tables: 2,
        load_balancers: 1,
        functions: 2,
        keys: 2,
        queues: 2,
        topics: 2,
        ..Amounts::default()
    };
    let accounts = option(arguments, "--accounts")?;
    let mut world = World::sized(accounts, option(arguments, "--regions")?, amounts);
    world.page_size = option(arguments, "--page")?;
    let regions: Vec<String> = world
        .accounts()
        .first()
        .iter()
        .flat_map(|account| account.regions.iter().map(ToString::to_string))
        .collect();
    let latency = Duration::from_millis(option(arguments, "--latency")?);
    let simulator =
        Simulator::setup(world).latency(latency).start().await.map_err(|failure| failure.to_string())?;
    let credentials = Simulator::credentials();
    println!(
        "{}",
        json!({
            "url": simulator.url(),
            "access_key_id": credentials.access_key_id(),
            "secret_access_key": credentials.secret_access_key(),
            "regions": regions,
        })
    );
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while lines.next_line().await?.is_some() {
        println!("{}", simulator.request_count());
    }
    Ok(())
}
