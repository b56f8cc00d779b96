//! Probes whether a region is reachable, once per run, if no call of the plan has shown it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OnceCell;

use crate::aws::client::AccountClient;
use crate::engine::enabled_regions::RegionFinder;
use crate::names::Region;

/// The timeout of a probe: a region that takes longer counts as unreachable.
const LONGEST: Duration = Duration::from_secs(30);

/// The regions that have been probed.
#[derive(Debug, Default)]
pub(in crate::engine) struct Probes(Mutex<HashMap<Region, Arc<OnceCell<()>>>>);

impl Probes {
    /// Sends a request to the region that every region answers, unless this was done in this run. The limiter
    /// records the response among those of the run.
    pub(in crate::engine) async fn look_up(
        &self,
        regions: &RegionFinder,
        client: &AccountClient,
        region: &Region,
    ) {
        let probe = {
            let mut probes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(probes.entry(region.clone()).or_default())
        };
        probe
            .get_or_init(|| async {
                if tokio::time::timeout(LONGEST, regions.answers(client, region)).await.is_err() {
                    tracing::info!(target: "scan::breakers", %region, "no response to sts GetCallerIdentity");
                }
            })
            .await;
    }
}
