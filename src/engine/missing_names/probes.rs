//! Whether a region can be reached at all, where no call of the plan has shown it: asked once in a run.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OnceCell;

use crate::aws::client::AccountClient;
use crate::engine::enabled_regions::RegionFinder;
use crate::names::Region;

/// A region that takes longer than this to answer is not taken for one that does.
const LONGEST: Duration = Duration::from_secs(30);

/// The regions that have been asked.
#[derive(Debug, Default)]
pub(in crate::engine) struct Probes(Mutex<HashMap<Region, Arc<OnceCell<()>>>>);

impl Probes {
    /// Asks the region for something that it always answers, unless that was done in this run. What comes of it
    /// stands among the answers of the run.
    pub(in crate::engine) async fn look_up(
        &self,
        regions: &RegionFinder,
        client: &AccountClient,
        region: &Region,
    ) {
        let asked = {
            let mut probes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(probes.entry(region.clone()).or_default())
        };
        asked
            .get_or_init(|| async {
                if tokio::time::timeout(LONGEST, regions.answers(client, region)).await.is_err() {
                    tracing::info!(target: "scan::breakers", %region, "sts GetCallerIdentity is not answered there");
                }
            })
            .await;
    }
}
