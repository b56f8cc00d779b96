//! STS: the identity of the caller. Role sessions are opened by
//! [`assume_role`](crate::simulator::assume_role).

use serde_json::json;

use super::SimulatedCall;
use crate::simulator::response::{SimulatedResponse, SimulatedResult};

pub(super) fn answer<'call>(call: &SimulatedCall<'call>) -> Option<SimulatedResult<'call>> {
    match &*call.operation.name {
        "GetCallerIdentity" => Some(Ok(SimulatedResponse::members(json!({
            "UserId": call.identity.user_id(),
            "Account": call.identity.account.id,
            "Arn": call.identity.arn()
        })))),
        _ => None,
    }
}
