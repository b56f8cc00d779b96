//! KMS: customer managed keys and their aliases.

use serde_json::{Value, json};

use super::place::part;
use super::{Call, Place};
use crate::simulator::refusal::Refusal;
use crate::simulator::reply::{Answer, Reply};

pub(super) fn answer<'call>(call: &Call<'call>) -> Option<Answer<'call>> {
    let place = call.place;
    let count = place.amounts().keys;
    Some(match &*call.operation.name {
        "ListKeys" => Ok(Reply::list(
            "Keys",
            count,
            move |key| json!({"KeyId": key_id(place, key), "KeyArn": key_arn(place, key)}),
        )),
        "ListAliases" => Ok(Reply::list("Aliases", count, move |key| {
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
        "DescribeKey" => find(call).map(|key| Reply::members(json!({"KeyMetadata": described(place, key)}))),
        "GetKeyRotationStatus" => find(call).map(|key| {
            Reply::members(json!({
                "KeyRotationEnabled": place.seed("rotation", key).below(3) > 0,
                "KeyId": key_arn(place, key),
                "RotationPeriodInDays": 365
            }))
        }),
        "ListResourceTags" => find(call).map(|key| {
            let tags = [("team", place.account.workload.prefix.clone()), ("Name", place.name(key))];
            let tags = tags.iter().map(|(key, value)| json!({"TagKey": key, "TagValue": value}));
            Reply::items("Tags", tags.collect())
        }),
        _ => return None,
    })
}

fn key_id(place: Place<'_>, key: usize) -> String {
    place.seed("key", key).uuid()
}

pub(super) fn key_arn(place: Place<'_>, key: usize) -> String {
    place.arn("kms", &format!("key/{}", key_id(place, key)))
}

fn find(call: &Call<'_>) -> Result<usize, Refusal> {
    let wanted = call.text("KeyId").unwrap_or_default();
    let place = call.place;
    let is_wanted = |key: &usize| {
        let id = key_id(place, *key);
        wanted.rsplit('/').next() == Some(&*id)
    };
    (0..place.amounts().keys).find(is_wanted).ok_or_else(|| {
        let message = format!("Key '{}' does not exist", place.arn("kms", &format!("key/{wanted}")));
        Refusal::new(400, "NotFoundException", message)
    })
}

fn described(place: Place<'_>, key: usize) -> Value {
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
