//! RDS: database instances.

use serde_json::{Value, json};

use super::place::part;
use super::tagged_resources::TaggedResources;
use super::{AccountRegion, SimulatedCall, ec2};
use crate::simulator::error_response::SimulatedError;
use crate::simulator::response::{SimulatedResponse, SimulatedResult};

const ENGINES: [(&str, &str, u32); 3] =
    [("postgres", "16.4", 5432), ("mysql", "8.0.39", 3306), ("postgres", "13.16", 5432)];

pub(super) fn answer<'call>(call: &SimulatedCall<'call>) -> Option<SimulatedResult<'call>> {
    let place = call.place;
    let count = place.amounts().databases;
    Some(match &*call.operation.name {
        "DescribeDBInstances" => match call.text("DBInstanceIdentifier") {
            None => Ok(SimulatedResponse::list("DBInstances", count, move |number| described(place, number))),
            Some(name) => {
                let found = (0..count).find(|number| identifier(place, *number) == name);
                found
                    .map(|number| SimulatedResponse::items("DBInstances", vec![described(place, number)]))
                    .ok_or_else(|| {
                        SimulatedError::new(
                            404,
                            "DBInstanceNotFound",
                            format!("DBInstance {name} not found."),
                        )
                    })
            }
        },
        "DescribeDBSubnetGroups" => {
            Ok(SimulatedResponse::list("DBSubnetGroups", usize::from(count > 0), move |_| {
                subnet_group(place)
            }))
        }
        "ListTagsForResource" => Ok(SimulatedResponse::members(json!({"TagList": place.tags("database")}))),
        _ => return None,
    })
}

fn identifier(place: AccountRegion<'_>, number: usize) -> String {
    format!("{}-db", place.name(number))
}

/// Returns the databases with their tags.
pub(super) fn tagged(place: AccountRegion<'_>) -> TaggedResources<'_> {
    TaggedResources::new("rds:db", place.amounts().databases, move |number| {
        let name = identifier(place, number);
        (place.arn("rds", &format!("db:{name}")), place.tags(&name))
    })
}

fn subnet_group(place: AccountRegion<'_>) -> Value {
    let name = format!("{}-databases", place.account.workload.prefix);
    json!({
        "DBSubnetGroupName": name,
        "DBSubnetGroupDescription": "private subnets",
        "VpcId": ec2::main_vpc_id(place),
        "SubnetGroupStatus": "Complete",
        "Subnets": (0..3).map(|number| {
            let (subnet, zone) = ec2::subnet_and_zone(place, number);
            json!({
                "SubnetIdentifier": subnet,
                "SubnetAvailabilityZone": {"Name": zone},
                "SubnetOutpost": {},
                "SubnetStatus": "Active"
            })
        }).collect::<Vec<_>>(),
        "DBSubnetGroupArn": place.arn("rds", &format!("subgrp:{name}")),
        "SupportedNetworkTypes": ["IPV4"]
    })
}

fn described(place: AccountRegion<'_>, number: usize) -> Value {
    let name = identifier(place, number);
    let seed = place.seed("database", number);
    let (engine, version, port) = ENGINES[number % ENGINES.len()];
    let mut described = settings(place);
    let own = json!({
        "DBInstanceIdentifier": name,
        "DBInstanceClass": "db.r6g.large",
        "Engine": engine,
        "DBInstanceStatus": "available",
        "MasterUsername": "administrator",
        "DBName": part(number),
        "Endpoint": {
            "Address": format!("{name}.c{}.{}.rds.amazonaws.com", place.seed("rds", 0).base36(11), place.region),
            "Port": port,
            "HostedZoneId": format!("Z{}", place.seed("rds zone", 0).base32(13))
        },
        "AllocatedStorage": 100 + 50 * seed.below(8),
        "InstanceCreateTime": seed.moment(),
        "VpcSecurityGroups": [{"VpcSecurityGroupId": ec2::database_group_id(place), "Status": "active"}],
        "DBParameterGroups": [{
            "DBParameterGroupName": format!("default.{engine}{}", version.split('.').next().unwrap_or_default()),
            "ParameterApplyStatus": "in-sync"
        }],
        "AvailabilityZone": place.zone(number),
        "DBSubnetGroup": subnet_group(place),
        "EngineVersion": version,
        "LicenseModel": if engine == "mysql" { "general-public-license" } else { "postgresql-license" },
        "DbiResourceId": format!("db-{}", seed.base32(26)),
        "DBInstanceArn": place.arn("rds", &format!("db:{name}")),
        "TagList": place.tags(&name)
    });
    if let (Value::Object(described), Value::Object(own)) = (&mut described, own) {
        described.extend(own);
    }
    described
}

/// Returns the common settings of all databases of a place.
fn settings(place: AccountRegion<'_>) -> Value {
    let production = place.stage() == "production";
    let encrypted = place.amounts().keys > 0;
    let mut settings = json!({
        "PreferredBackupWindow": "03:00-03:30",
        "BackupRetentionPeriod": 7,
        "DBSecurityGroups": [],
        "PreferredMaintenanceWindow": "sun:04:00-sun:04:30",
        "PendingModifiedValues": {},
        "MultiAZ": production,
        "AutoMinorVersionUpgrade": true,
        "ReadReplicaDBInstanceIdentifiers": [],
        "PubliclyAccessible": false,
        "StorageType": "gp3",
        "StorageEncrypted": encrypted,
        "CACertificateIdentifier": "rds-ca-rsa2048-g1",
        "DomainMemberships": [],
        "CopyTagsToSnapshot": true,
        "MonitoringInterval": 60,
        "IAMDatabaseAuthenticationEnabled": true,
        "PerformanceInsightsEnabled": false,
        "DeletionProtection": production,
        "AssociatedRoles": []
    });
    if encrypted {
        settings["KmsKeyId"] = json!(super::kms::key_arn(place, 0));
    }
    settings
}
