//! `DynamoDB`: tables.

use serde_json::{Value, json};

use super::tagged_resources::TaggedResources;
use super::{AccountRegion, SimulatedCall};
use crate::simulator::error_response::SimulatedError;
use crate::simulator::response::{SimulatedResponse, SimulatedResult};

pub(super) fn answer<'call>(call: &SimulatedCall<'call>) -> Option<SimulatedResult<'call>> {
    let place = call.place;
    Some(match &*call.operation.name {
        "ListTables" => {
            let names = names(place).into_iter().map(Value::from).collect();
            Ok(SimulatedResponse::items("TableNames", names).with_items_as_tokens())
        }
        "DescribeTable" => {
            find(call).map(|table| SimulatedResponse::members(json!({"Table": described(place, table)})))
        }
        "DescribeContinuousBackups" => find(call).map(|table| backups(place, table)),
        "DescribeTimeToLive" => find(call).map(|_| {
            SimulatedResponse::members(json!({"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}))
        }),
        "ListTagsOfResource" => Ok(tags(call)),
        _ => return None,
    })
}

/// Returns the table names in the order of the list.
fn names(place: AccountRegion<'_>) -> Vec<String> {
    let mut names: Vec<_> = (0..place.amounts().tables).map(|number| place.name(number)).collect();
    names.sort();
    names
}

fn table_arn(place: AccountRegion<'_>, name: &str) -> String {
    place.arn("dynamodb", &format!("table/{name}"))
}

/// Returns the number of the table in the request, by name or ARN.
fn find(call: &SimulatedCall<'_>) -> Result<usize, SimulatedError> {
    let name = call.text("TableName").unwrap_or_default();
    let name = name.rsplit('/').next().unwrap_or_default();
    (0..call.place.amounts().tables).find(|number| call.place.name(*number) == name).ok_or_else(|| {
        let message = format!("Requested resource not found: Table: {name} not found");
        SimulatedError::new(400, "ResourceNotFoundException", message)
    })
}

fn described(place: AccountRegion<'_>, table: usize) -> Value {
    let name = place.name(table);
    let seed = place.seed("table", table);
    let items = seed.below(2_000_000);
    let on_demand = seed.below(3) > 0;
    let throughput = if on_demand { 0 } else { 5 };
    let mut described = json!({
        "AttributeDefinitions": [
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"}
        ],
        "TableName": name,
        "KeySchema": [
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"}
        ],
        "TableStatus": "ACTIVE",
        "CreationDateTime": seed.moment(),
        "ProvisionedThroughput": {
            "NumberOfDecreasesToday": 0,
            "ReadCapacityUnits": throughput,
            "WriteCapacityUnits": throughput
        },
        "TableSizeBytes": items * 512,
        "ItemCount": items,
        "TableArn": table_arn(place, &name),
        "TableId": seed.uuid(),
        "DeletionProtectionEnabled": seed.below(2) == 0
    });
    if on_demand {
        described["BillingModeSummary"] =
            json!({"BillingMode": "PAY_PER_REQUEST", "LastUpdateToPayPerRequestDateTime": seed.moment()});
    }
    if place.amounts().keys > 0 {
        described["SSEDescription"] = json!({
            "Status": "ENABLED",
            "SSEType": "KMS",
            "KMSMasterKeyArn": super::kms::key_arn(place, 0)
        });
    }
    described
}

fn backups<'call>(place: AccountRegion<'_>, table: usize) -> SimulatedResponse<'call> {
    let enabled = place.seed("table", table).below(4) > 0;
    let status = if enabled { "ENABLED" } else { "DISABLED" };
    SimulatedResponse::members(json!({
        "ContinuousBackupsDescription": {
            "ContinuousBackupsStatus": "ENABLED",
            "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": status}
        }
    }))
}

/// Returns the tables with their tags.
pub(super) fn tagged(place: AccountRegion<'_>) -> TaggedResources<'_> {
    TaggedResources::new("dynamodb:table", place.amounts().tables, move |number| {
        let name = place.name(number);
        (table_arn(place, &name), place.tags(&name))
    })
}

fn tags<'call>(call: &SimulatedCall<'call>) -> SimulatedResponse<'call> {
    let name = call.text("ResourceArn").and_then(|arn| arn.rsplit('/').next()).unwrap_or_default();
    match call.place.tags(name) {
        Value::Array(tags) => SimulatedResponse::items("Tags", tags),
        _ => SimulatedResponse::items("Tags", Vec::new()),
    }
}
