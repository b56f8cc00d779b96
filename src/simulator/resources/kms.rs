//! KMS: customer managed keys and their aliases.

use serde_json::{Value, json};

use super::place::part;
use super::{AccountRegion, SimulatedCall};
use crate::simulator::error_response::SimulatedError;
use crate::simulator::response::{SimulatedResponse, SimulatedResult};

pub(super) fn answer<'call>(call: &SimulatedCall<'call>) -> Option<SimulatedResult<'call>> {
    let place = call.place;
    let count = place.amounts().keys;
    Some(match &*call.operation.name {
        "ListKeys" => Ok(SimulatedResponse::list(
            "Keys",
            count,
            move |key| json!({"KeyId": key_id(place, key), "KeyArn": key_arn(place, key)}),
        )),
        "ListAliases" => Ok(SimulatedResponse::list("Aliases", count, move |key| {
            let name = format!("alias/{}", place.name(key));
            let created = place.seed("key", key).moment();
            json!({
                "AliasName": name,
                "AliasArn": place.arn("kms", &name),
                "TargetKeyId": key_id(place, key),
                "CreationDate": created,
                "LastUpdatedDate": created
            })
        })),
        "DescribeKey" => {
            find(call).map(|key| SimulatedResponse::members(json!({"KeyMetadata": described(place, key)})))
        }
        "GetKeyRotationStatus" => find(call).map(|key| {
            SimulatedResponse::members(json!({
                "KeyRotationEnabled": place.seed("rotation", key).below(3) > 0,
                "KeyId": key_arn(place, key),
                "RotationPeriodInDays": 365
            }))
        }),
        "ListResourceTags" => find(call).map(|key| {
            let tags = [("team", place.account.workload.prefix.clone()), ("Name", place.name(key))];
            let tags = tags.iter().map(|(key, value)| json!({"TagKey": key, "TagValue": value}));
            SimulatedResponse::items("Tags", tags.collect())
        }),
        _ => return None,
    })
}

fn key_id(place: AccountRegion<'_>, key: usize) -> String {
    place.seed("key", key).uuid()
}

pub(super) fn key_arn(place: AccountRegion<'_>, key: usize) -> String {
    place.arn("kms", &format!("key/{}", key_id(place, key)))
}

fn find(call: &SimulatedCall<'_>) -> Result<usize, SimulatedError> {
    let wanted = call.text("KeyId").unwrap_or_default();
    let place = call.place;
    let is_wanted = |key: &usize| {
        let id = key_id(place, *key);
        wanted.rsplit('/').next() == Some(&*id)
    };
    (0..place.amounts().keys).find(is_wanted).ok_or_else(|| {
        let message = format!("Key '{}' does not exist", place.arn("kms", &format!("key/{wanted}")));
        SimulatedError::new(400, "NotFoundException", message)
    })
}

fn described(place: AccountRegion<'_>, key: usize) -> Value {
    json!({
        "AWSAccountId": place.account_id(),
        "KeyId": key_id(place, key),
        "Arn": key_arn(place, key),
        "CreationDate": place.seed("key", key).moment(),
        "Enabled": true,
        "Description": format!("data of {}", part(key)),
        "KeyUsage": "ENCRYPT_DECRYPT",
        "KeyState": "Enabled",
        "Origin": "AWS_KMS",
        "KeyManager": "CUSTOMER",
        "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"],
        "MultiRegion": false
    })
}
