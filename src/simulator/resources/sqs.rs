//! SQS: queues.

use serde_json::{Value, json};

use super::{AccountRegion, SimulatedCall};
use crate::simulator::error_response::SimulatedError;
use crate::simulator::response::{SimulatedResponse, SimulatedResult};

pub(super) fn answer<'call>(call: &SimulatedCall<'call>) -> Option<SimulatedResult<'call>> {
    let place = call.place;
    Some(match &*call.operation.name {
        "ListQueues" => {
            let prefix = call.text("QueueNamePrefix").unwrap_or_default();
            let urls =
                (0..place.amounts().queues).filter(|queue| queue_name(place, *queue).starts_with(prefix));
            Ok(SimulatedResponse::items("QueueUrls", urls.map(|queue| json!(url(place, queue))).collect()))
        }
        "GetQueueAttributes" => find(call).map(|queue| attributes(place, queue)),
        "GetQueueUrl" => {
            let name = call.text("QueueName").unwrap_or_default();
            let found = (0..place.amounts().queues).find(|queue| queue_name(place, *queue) == name);
            let reply = found.map(|queue| SimulatedResponse::members(json!({"QueueUrl": url(place, queue)})));
            reply.ok_or_else(not_found)
        }
        "ListQueueTags" => find(call).map(|queue| {
            SimulatedResponse::members(json!({"Tags": place.tag_map(&queue_name(place, queue))}))
        }),
        _ => return None,
    })
}

/// Returns whether a queue is a FIFO queue, as every fourth is.
fn is_fifo(queue: usize) -> bool {
    queue % 4 == 3
}

fn queue_name(place: AccountRegion<'_>, queue: usize) -> String {
    let name = place.name(queue);
    if is_fifo(queue) { format!("{name}.fifo") } else { name }
}

fn url(place: AccountRegion<'_>, queue: usize) -> String {
    let AccountRegion { account, region } = place;
    format!("https://sqs.{region}.amazonaws.com/{}/{}", account.id, queue_name(place, queue))
}

fn not_found() -> SimulatedError {
    SimulatedError::new(
        400,
        "AWS.SimpleQueueService.NonExistentQueue",
        "The specified queue does not exist for this wsdl version.",
    )
}

fn find(call: &SimulatedCall<'_>) -> Result<usize, SimulatedError> {
    let wanted = call.text("QueueUrl").unwrap_or_default();
    (0..call.place.amounts().queues).find(|queue| url(call.place, *queue) == wanted).ok_or_else(not_found)
}

fn attributes<'call>(place: AccountRegion<'_>, queue: usize) -> SimulatedResponse<'call> {
    let seed = place.seed("queue", queue);
    let mut attributes = json!({
        "QueueArn": place.arn("sqs", &queue_name(place, queue)),
        "ApproximateNumberOfMessages": seed.below(40).to_string(),
        "ApproximateNumberOfMessagesNotVisible": "0",
        "ApproximateNumberOfMessagesDelayed": "0",
        "CreatedTimestamp": (1_700_000_000 + seed.below(80_000_000)).to_string(),
        "LastModifiedTimestamp": (1_790_000_000 + seed.below(4_000_000)).to_string(),
        "VisibilityTimeout": "30",
        "MaximumMessageSize": "262144",
        "MessageRetentionPeriod": "345600",
        "DelaySeconds": "0",
        "ReceiveMessageWaitTimeSeconds": "20",
        "SqsManagedSseEnabled": "true"
    });
    if is_fifo(queue) {
        attributes["FifoQueue"] = Value::from("true");
        attributes["ContentBasedDeduplication"] = Value::from("false");
    }
    SimulatedResponse::members(json!({"Attributes": attributes}))
}
