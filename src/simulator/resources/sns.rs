//! SNS: topics and their subscriptions.

use serde_json::json;

use super::{AccountRegion, SimulatedCall};
use crate::simulator::error_response::SimulatedError;
use crate::simulator::response::{SimulatedResponse, SimulatedResult};

pub(super) fn answer<'call>(call: &SimulatedCall<'call>) -> Option<SimulatedResult<'call>> {
    let place = call.place;
    let count = place.amounts().topics;
    Some(match &*call.operation.name {
        "ListTopics" => Ok(SimulatedResponse::list(
            "Topics",
            count,
            move |topic| json!({"TopicArn": topic_arn(place, topic)}),
        )),
        "ListSubscriptions" => Ok(SimulatedResponse::list("Subscriptions", count, move |topic| {
            let arn = topic_arn(place, topic);
            json!({
                "SubscriptionArn": format!("{arn}:{}", place.seed("subscription", topic).uuid()),
                "Owner": place.account_id(),
                "Protocol": "sqs",
                "Endpoint": place.arn("sqs", &place.name(topic)),
                "TopicArn": arn
            })
        })),
        "GetTopicAttributes" => find(call).map(|topic| {
            SimulatedResponse::members(json!({"Attributes": {
                "TopicArn": topic_arn(place, topic),
                "Owner": place.account_id(),
                "DisplayName": "",
                "SubscriptionsConfirmed": "1",
                "SubscriptionsPending": "0",
                "SubscriptionsDeleted": "0"
            }}))
        }),
        "ListTagsForResource" => Ok(SimulatedResponse::members(json!({"Tags": place.tags("topic")}))),
        _ => return None,
    })
}

fn topic_arn(place: AccountRegion<'_>, topic: usize) -> String {
    place.arn("sns", &format!("{}-events", place.name(topic)))
}

fn find(call: &SimulatedCall<'_>) -> Result<usize, SimulatedError> {
    let wanted = call.text("TopicArn").unwrap_or_default();
    (0..call.place.amounts().topics)
        .find(|topic| topic_arn(call.place, *topic) == wanted)
        .ok_or_else(|| SimulatedError::new(404, "NotFound", "Topic does not exist"))
}
