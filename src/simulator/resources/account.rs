//! Account management: the regions of an account.

use serde_json::json;

use super::SimulatedCall;
use crate::simulator::response::{SimulatedResponse, SimulatedResult};

pub(super) fn answer<'call>(call: &SimulatedCall<'call>) -> Option<SimulatedResult<'call>> {
    match &*call.operation.name {
        "ListRegions" => {
            let wanted = call.texts("RegionOptStatusContains");
            let regions = if wanted.is_empty() || wanted.contains(&"ENABLED_BY_DEFAULT") {
                &*call.place.account.regions
            } else {
                &[]
            };
            Some(Ok(SimulatedResponse::list(
                "Regions",
                regions.len(),
                move |index| json!({"RegionName": regions[index], "RegionOptStatus": "ENABLED_BY_DEFAULT"}),
            )))
        }
        _ => None,
    }
}
