//! STS: who one is. Role sessions are opened elsewhere
//! ([`assume_role`](crate::simulator::assume_role)).

use serde_json::json;

use super::Call;
use crate::simulator::reply::{Answer, Reply};

pub(super) fn answer<'call>(call: &Call<'call>) -> Option<Answer<'call>> {
    match &*call.operation.name {
        "GetCallerIdentity" => Some(Ok(Reply::members(json!({
            "UserId": call.identity.user_id(),
            "Account": call.identity.account.id,
            "Arn": call.identity.arn()
        })))),
        _ => None,
    }
}
