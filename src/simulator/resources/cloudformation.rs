//! `CloudFormation`: stacks.

use serde_json::{Value, json};

use super::{AccountRegion, SimulatedCall, secrets};
use crate::simulator::error_response::SimulatedError;
use crate::simulator::response::{SimulatedResponse, SimulatedResult};

pub(super) fn answer<'call>(call: &SimulatedCall<'call>) -> Option<SimulatedResult<'call>> {
    let place = call.place;
    let count = place.amounts().stacks;
    Some(match &*call.operation.name {
        "ListStacks" => {
            let wanted = call.texts("StackStatusFilter");
            let stacks =
                (0..count).filter(|stack| wanted.is_empty() || wanted.contains(&status(place, *stack)));
            let stacks: Vec<_> = stacks.collect();
            Ok(SimulatedResponse::list("StackSummaries", stacks.len(), move |index| {
                summary(place, stacks[index])
            }))
        }
        "DescribeStacks" => match call.text("StackName") {
            None => Ok(SimulatedResponse::list("Stacks", count, move |stack| described(place, stack))),
            Some(_) => {
                find(call).map(|stack| SimulatedResponse::items("Stacks", vec![described(place, stack)]))
            }
        },
        "ListStackResources" => find(call).map(|stack| {
            SimulatedResponse::list("StackResourceSummaries", 3, move |number| resource(place, stack, number))
        }),
        "GetTemplate" => find(call).map(|_| {
            let template = json!({"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}});
            SimulatedResponse::members(
                json!({"TemplateBody": template.to_string(), "StagesAvailable": ["Original", "Processed"]}),
            )
        }),
        _ => return None,
    })
}

fn name(place: AccountRegion<'_>, stack: usize) -> String {
    format!("{}-stack", place.name(stack))
}

fn stack_id(place: AccountRegion<'_>, stack: usize) -> String {
    let id = place.seed("stack", stack).uuid();
    place.arn("cloudformation", &format!("stack/{}/{id}", name(place, stack)))
}

fn status(place: AccountRegion<'_>, stack: usize) -> &'static str {
    match place.seed("stack status", stack).below(12) {
        0 => "UPDATE_ROLLBACK_COMPLETE",
        1..=5 => "UPDATE_COMPLETE",
        _ => "CREATE_COMPLETE",
    }
}

fn find(call: &SimulatedCall<'_>) -> Result<usize, SimulatedError> {
    let wanted = call.text("StackName").unwrap_or_default();
    let place = call.place;
    (0..place.amounts().stacks)
        .find(|stack| name(place, *stack) == wanted || stack_id(place, *stack) == wanted)
        .ok_or_else(|| {
            SimulatedError::new(400, "ValidationError", format!("Stack with id {wanted} does not exist"))
        })
}

fn summary(place: AccountRegion<'_>, stack: usize) -> Value {
    json!({
        "StackId": stack_id(place, stack),
        "StackName": name(place, stack),
        "TemplateDescription": "managed by the platform team",
        "CreationTime": place.seed("stack", stack).moment(),
        "StackStatus": status(place, stack),
        "DriftInformation": {"StackDriftStatus": "NOT_CHECKED"}
    })
}

fn described(place: AccountRegion<'_>, stack: usize) -> Value {
    json!({
        "StackId": stack_id(place, stack),
        "StackName": name(place, stack),
        "Description": "managed by the platform team",
        "Parameters": [
            {"ParameterKey": "Stage", "ParameterValue": place.stage()},
            {"ParameterKey": "DatabasePassword", "ParameterValue": secrets::PARAMETER}
        ],
        "CreationTime": place.seed("stack", stack).moment(),
        "RollbackConfiguration": {},
        "StackStatus": status(place, stack),
        "DisableRollback": false,
        "NotificationARNs": [],
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
        "Tags": place.tags(&name(place, stack)),
        "EnableTerminationProtection": place.stage() == "production",
        "DriftInformation": {"StackDriftStatus": "NOT_CHECKED"}
    })
}

fn resource(place: AccountRegion<'_>, stack: usize, number: usize) -> Value {
    const KINDS: [(&str, &str); 3] = [
        ("Function", "AWS::Lambda::Function"),
        ("Table", "AWS::DynamoDB::Table"),
        ("Role", "AWS::IAM::Role"),
    ];
    let (logical, kind) = KINDS[number % KINDS.len()];
    json!({
        "LogicalResourceId": logical,
        "PhysicalResourceId": place.name(stack),
        "ResourceType": kind,
        "LastUpdatedTimestamp": place.seed("stack", stack).moment(),
        "ResourceStatus": "CREATE_COMPLETE",
        "DriftInformation": {"StackResourceDriftStatus": "NOT_CHECKED"}
    })
}
