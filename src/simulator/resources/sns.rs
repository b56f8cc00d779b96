//! SNS: topics and who listens to them.

use serde_json::json;

use super::{Call, Place};
use crate::simulator::refusal::Refusal;
use crate::simulator::reply::{Answer, Reply};

pub(super) fn answer<'call>(call: &Call<'call>) -> Option<Answer<'call>> {
    let place = call.place;
    let count = place.amounts().topics;
    Some(match &*call.operation.name {
        "ListTopics" => {
            Ok(Reply::list("Topics", count, move |topic| json!({"TopicArn": topic_arn(place, topic)})))
        }
        "ListSubscriptions" => Ok(Reply::list("Subscriptions", count, move |topic| {
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
            Reply::members(json!({"Attributes": {
                "TopicArn": topic_arn(place, topic),
                "Owner": place.account_id(),
                "DisplayName": "",
                "SubscriptionsConfirmed": "1",
                "SubscriptionsPending": "0",
                "SubscriptionsDeleted": "0"
            }}))
        }),
        "ListTagsForResource" => Ok(Reply::members(json!({"Tags": place.tags("topic")}))),
        _ => return None,
    })
}

fn topic_arn(place: Place<'_>, topic: usize) -> String {
    place.arn("sns", &format!("{}-events", place.name(topic)))
}

fn find(call: &Call<'_>) -> Result<usize, Refusal> {
    let wanted = call.text("TopicArn").unwrap_or_default();
    (0..call.place.amounts().topics)
        .find(|topic| topic_arn(call.place, *topic) == wanted)
        .ok_or_else(|| Refusal::new(404, "NotFound", "Topic does not exist"))
}
