//! `CloudTrail`: the events that are planted in the world.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{AccountRegion, SimulatedCall};
use crate::simulator::error_response::SimulatedError;
use crate::simulator::response::{SimulatedResponse, SimulatedResult};
use crate::simulator::world::PlantedEvent;

pub(super) fn answer<'call>(call: &SimulatedCall<'call>) -> Option<SimulatedResult<'call>> {
    if &*call.operation.name != "LookupEvents" {
        return None;
    }
    let (place, trail) = (call.place, &call.world.trail);
    if trail.denied.contains(&place.account.id) {
        let message = format!(
            "User: {} is not authorized to perform: cloudtrail:LookupEvents because no identity-based policy allows \
             the cloudtrail:LookupEvents action",
            call.identity.arn()
        );
        return Some(Err(SimulatedError::denied(call.service, message)));
    }
    let attribute = call.input.get("LookupAttributes").and_then(|attributes| attributes.get(0));
    let wanted = attribute.filter(|attribute| attribute["AttributeKey"] == "ResourceName");
    let wanted = wanted.and_then(|attribute| attribute["AttributeValue"].as_str());
    let is_here = |event: &&PlantedEvent| {
        event.account == place.account.id
            && event.region.as_str() == place.region
            && Some(event.resource) == wanted
    };
    let found = trail.events.iter().filter(is_here).enumerate();
    // The worlds have no history: whenever a lookup starts, the events happened in the seconds after that.
    let started = time(call.input.get("StartTime"))?;
    let events: Vec<Value> = found
        .map(|(second, event)| {
            recorded(place, event, started + TimeDelta::seconds(i64::try_from(second).unwrap_or(0)))
        })
        .collect();
    Some(Ok(SimulatedResponse::items("Events", events.into_iter().rev().collect())))
}

/// Returns a time of the request: seconds since 1970, in AWS's JSON protocol.
fn time(value: Option<&Value>) -> Option<DateTime<Utc>> {
    let since = Duration::try_from_secs_f64(value?.as_f64()?).ok()?;
    DateTime::UNIX_EPOCH.checked_add_signed(TimeDelta::from_std(since).ok()?)
}

/// Returns an event as `CloudTrail` does, with the record of the request as a text.
fn recorded(place: AccountRegion<'_>, event: &PlantedEvent, time: DateTime<Utc>) -> Value {
    let (identity, user) = caller(place, event.caller);
    let id = place.seed(event.name, event.resource.len()).uuid();
    let mut record = json!({
        "eventVersion": "1.11", "userIdentity": identity, "eventTime": time.to_rfc3339(), "eventSource": event.source,
        "eventName": event.name, "awsRegion": place.region, "eventID": id,
        "readOnly": is_reading(event), "eventCategory": "Management",
    });
    if !event.succeeded {
        record["errorCode"] = json!("AccessDenied");
    }
    json!({
        "EventId": id, "EventName": event.name, "ReadOnly": is_reading(event).to_string(),
        "EventTime": time.to_rfc3339(), "EventSource": event.source, "Username": user,
        "Resources": [{"ResourceName": event.resource}], "CloudTrailEvent": record.to_string(),
    })
}

fn is_reading(event: &PlantedEvent) -> bool {
    event.name.starts_with("Get")
}

/// Returns the identity of a caller in a record, and the name of the user: of a role session, that of the session.
fn caller<'event>(place: AccountRegion<'_>, caller: &'event str) -> (Value, &'event str) {
    let parts: Vec<&str> = caller.split('/').collect();
    match parts[..] {
        ["role", role, session] => {
            let issuer = json!({"type": "Role", "arn": place.global_arn("iam", &format!("role/{role}")), "userName": role});
            let arn = place.global_arn("sts", &format!("assumed-role/{role}/{session}"));
            (json!({"type": "AssumedRole", "arn": arn, "sessionContext": {"sessionIssuer": issuer}}), session)
        }
        ["service", service] => (json!({"type": "AWSService", "invokedBy": service}), service),
        _ => (json!({"type": "IAMUser", "arn": place.global_arn("iam", caller)}), parts[parts.len() - 1]),
    }
}
