//! A simulated organization that answers until its standard input ends.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use aws_auto_inventory::simulator::world::Amounts;
use aws_auto_inventory::simulator::{Simulator, Site, World};
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, BufReader};

use super::{Outcome, option};

/// The times of the first request and of the first role that was assumed.
#[derive(Default)]
struct StartTimes {
    first: OnceLock<Instant>,
    role: OnceLock<Instant>,
}

impl StartTimes {
    fn note(&self, site: &Site<'_>) {
        self.first.get_or_init(Instant::now);
        if site.operation == "AssumeRole" {
            self.role.get_or_init(Instant::now);
        }
    }

    /// Returns the milliseconds between the two.
    fn milliseconds(&self) -> Option<f64> {
        let between = self.role.get()?.duration_since(*self.first.get()?);
        Some(between.as_secs_f64() * 1000.0)
    }
}

/// Prints where it answers, and for each line of its standard input how many requests it has seen, also of each
/// operation, and how many milliseconds passed between the first one and the first role that was assumed.
pub(super) async fn run(arguments: &[String]) -> Outcome {
    let amounts = Amounts {
        vpcs: 1,
        reservations: option(arguments, "--reservations")?,
        addresses: 2,
        tables: 2,
        load_balancers: 1,
        functions: 2,
        keys: 2,
        queues: option(arguments, "--queues")?,
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
    let times = Arc::new(StartTimes::default());
    let noted = Arc::clone(&times);
    let setup = Simulator::setup(world).latency(latency).faults(move |site: &Site<'_>| {
        noted.note(site);
        None
    });
    let simulator = setup.start().await.map_err(|failure| failure.to_string())?;
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
        let mut operations = BTreeMap::<String, u64>::new();
        for of_place in simulator.requests() {
            *operations.entry(of_place.operation).or_default() += of_place.count;
        }
        let requests = simulator.request_count();
        println!(
            "{}",
            json!({"requests": requests, "operations": operations, "role_after_ms": times.milliseconds()})
        );
    }
    Ok(())
}
