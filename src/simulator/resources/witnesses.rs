//! The witnesses of an inventory: Resource Explorer, an aggregator of AWS Config, and Cost Explorer. They report the
//! resources of the world, and what is planted in it ([`SimulatedWitnesses`]).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{AccountRegion, SimulatedCall, organizations, rds, s3, tagging};
use crate::arn::Arn;
use crate::names::Region;
use crate::simulator::error_response::SimulatedError;
use crate::simulator::response::{SimulatedResponse, SimulatedResult};
use crate::simulator::world::{SimulatedState, SimulatedWitnesses, World};

/// The region of the aggregator of AWS Config, in the management account.
const HOME: &str = "us-east-1";
const AGGREGATOR: &str = "organization";
/// When the witnesses have seen resources that are not new.
const EARLIER: &str = "2026-06-01T06:00:00Z";

/// The types of the resources: Resource Explorer's name, CloudFormation's, and Cost Explorer's name of the service.
const TYPES: [(&str, &str, &str); 9] = [
    ("dynamodb:table", "AWS::DynamoDB::Table", "Amazon DynamoDB"),
    ("ecs:cluster", "AWS::ECS::Cluster", "Amazon Elastic Container Service"),
    ("ecs:service", "AWS::ECS::Service", "Amazon Elastic Container Service"),
    (
        "elasticloadbalancing:loadbalancer",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "Amazon Elastic Load Balancing",
    ),
    (
        "elasticloadbalancing:targetgroup",
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        "Amazon Elastic Load Balancing",
    ),
    ("iam:policy", "AWS::IAM::ManagedPolicy", "AWS Identity and Access Management"),
    ("lambda:function", "AWS::Lambda::Function", "AWS Lambda"),
    ("rds:db", "AWS::RDS::DBInstance", "Amazon Relational Database Service"),
    ("s3:bucket", "AWS::S3::Bucket", "Amazon Simple Storage Service"),
];

/// A resource as witnesses report it.
struct WitnessedResource {
    account: String,
    region: String,
    arn: String,
    explorer_type: Option<&'static str>,
    cloudformation_type: Option<&'static str>,
    seen: DateTime<Utc>,
}

/// Answers as Resource Explorer: the index in the first region of an account is the aggregator of the others. That of the
/// management account has a view of all accounts with an index.
pub(super) fn explorer<'call>(call: &SimulatedCall<'call>) -> Option<SimulatedResult<'call>> {
    let witnesses = call.world.witnesses.as_ref()?;
    let place = call.place;
    let aggregator = place.account.regions.first()?.as_str();
    let has_index = !witnesses.without_index.contains(&place.account.id);
    let arn =
        |kind: &str| place.arn("resource-explorer-2", &format!("{kind}/{}", place.seed(kind, 0).uuid()));
    let view = call.world.management_account().filter(|account| account.id == place.account.id);
    let view = view.filter(|_| place.region == aggregator).map(|_| arn("view/organization"));
    Some(match &*call.operation.name {
        "GetIndex" | "ListResources" | "ListViews" if !has_index => Err(SimulatedError::new(
            404,
            "ResourceNotFoundException",
            "Resource Explorer has no index in this Region.",
        )),
        "GetIndex" if place.region == aggregator => Ok(SimulatedResponse::members(json!({
            "Arn": arn("index"), "Type": "AGGREGATOR", "State": "ACTIVE", "CreatedAt": EARLIER,
            "ReplicatingFrom": place.account.regions.iter().skip(1).map(Region::as_str).collect::<Vec<_>>(),
        }))),
        "GetIndex" => Ok(SimulatedResponse::members(json!({
            "Arn": arn("index"), "Type": "LOCAL", "State": "ACTIVE", "CreatedAt": EARLIER,
            "ReplicatingTo": [aggregator],
        }))),
        "ListViews" => Ok(SimulatedResponse::items("Views", view.into_iter().map(Value::from).collect())),
        "GetView" if call.text("ViewArn") == view.as_deref() => {
            let view = json!({
                "ViewArn": view, "ViewName": "organization", "Owner": place.account_id(),
                "Scope": organizations::organization_arn(call.world),
            });
            Ok(SimulatedResponse::members(json!({"View": view, "Tags": {}})))
        }
        "ListResources" => {
            let of_view = call.text("ViewArn").filter(|arn| Some(*arn) == view.as_deref());
            let found = match of_view {
                Some(_) => of_world(call.world, witnesses),
                None => of_account(witnesses, place),
            };
            let found = found.into_iter().filter(|resource| {
                let is_indexed = !witnesses.without_index.iter().any(|id| id.as_str() == resource.account);
                is_indexed && resource.explorer_type.is_some()
            });
            Ok(SimulatedResponse::items("Resources", found.map(|resource| resource.in_index()).collect()))
        }
        _ => return None,
    })
}

/// Answers as AWS Config, which has an aggregator of the organization in the management account.
pub(super) fn aggregator<'call>(call: &SimulatedCall<'call>) -> Option<SimulatedResult<'call>> {
    let witnesses = call.world.witnesses.as_ref()?;
    let is_management =
        call.world.management_account().is_some_and(|account| account.id == call.place.account.id);
    let has_aggregator = is_management && call.place.region == HOME;
    if &*call.operation.name == "DescribeConfigurationAggregators" {
        let aggregator = json!({
            "ConfigurationAggregatorName": AGGREGATOR,
            "ConfigurationAggregatorArn": call.place.arn("config", "config-aggregator/config-aggregator-a7c2d9e1"),
            "OrganizationAggregationSource": {
                "RoleArn": call.place.global_arn("iam", "role/config"), "AllAwsRegions": true
            },
            "CreationTime": EARLIER,
        });
        let found = if has_aggregator { vec![aggregator] } else { Vec::new() };
        return Some(Ok(SimulatedResponse::items("ConfigurationAggregators", found)));
    }
    if !has_aggregator || call.text("ConfigurationAggregatorName") != Some(AGGREGATOR) {
        return None;
    }
    let known = || {
        let found = of_world(call.world, witnesses).into_iter();
        found.filter(|resource| resource.cloudformation_type.is_some())
    };
    Some(match &*call.operation.name {
        "GetAggregateDiscoveredResourceCounts" => {
            let mut counts: BTreeMap<_, u64> = BTreeMap::new();
            known().for_each(|resource| *counts.entry(resource.config_type()).or_default() += 1);
            let total: u64 = counts.values().sum();
            let groups =
                counts.into_iter().map(|(name, count)| json!({"GroupName": name, "ResourceCount": count}));
            Ok(SimulatedResponse::items("GroupedResourceCounts", groups.collect())
                .with_additional(json!({"TotalDiscoveredResources": total, "GroupByKey": "RESOURCE_TYPE"})))
        }
        "ListAggregateDiscoveredResources" => {
            let wanted = call.text("ResourceType");
            let found = known().filter(|resource| resource.config_type() == wanted);
            Ok(SimulatedResponse::items(
                "ResourceIdentifiers",
                found.map(|resource| resource.identifier()).collect(),
            ))
        }
        "BatchGetAggregateResourceConfig" => {
            let wanted = call.input.get("ResourceIdentifiers").and_then(Value::as_array);
            let wanted: Vec<&Value> = wanted.into_iter().flatten().collect();
            let found = known().filter(|resource| wanted.contains(&&resource.identifier()));
            let found: Vec<Value> = found.map(|resource| resource.in_aggregator()).collect();
            Ok(SimulatedResponse::members(json!({
                "BaseConfigurationItems": found, "UnprocessedResourceIdentifiers": []
            })))
        }
        _ => return None,
    })
}

/// Answers as Cost Explorer: each service that an account uses, and those that are planted, cost something.
pub(super) fn bill<'call>(call: &SimulatedCall<'call>) -> Option<SimulatedResult<'call>> {
    let witnesses = call.world.witnesses.as_ref().filter(|_| &*call.operation.name == "GetCostAndUsage")?;
    let groups = call.input.get("GroupBy").and_then(Value::as_array);
    let is_by_region = groups.into_iter().flatten().any(|group| group["Key"] == "REGION");
    let used = of_world(call.world, witnesses).into_iter().filter(|resource| resource.is_real(witnesses));
    let used = used.filter_map(|resource| {
        let (_, _, service) = TYPES.iter().find(|(name, ..)| Some(*name) == resource.explorer_type)?;
        Some((resource.account, if is_by_region { resource.region } else { (*service).to_owned() }))
    });
    let planted = witnesses.billed.iter().map(|(account, region, service)| {
        (account.to_string(), if is_by_region { region.to_string() } else { (*service).to_owned() })
    });
    let mut costs: BTreeMap<_, u32> = BTreeMap::new();
    used.chain(planted).for_each(|keys| *costs.entry(keys).or_default() += 1);
    let groups: Vec<Value> = costs
        .into_iter()
        .map(|((account, other), count)| {
            let amount = json!({"Amount": format!("{count}.25"), "Unit": "USD"});
            json!({"Keys": [account, other], "Metrics": {"UnblendedCost": amount}})
        })
        .collect();
    let period = call.input.get("TimePeriod").cloned().unwrap_or_default();
    Some(Ok(SimulatedResponse::members(json!({
        "GroupDefinitions": call.input.get("GroupBy"),
        "ResultsByTime": [{"TimePeriod": period, "Total": {}, "Groups": groups, "Estimated": true}],
        "DimensionValueAttributes": [],
    }))))
}

/// Returns the resources of all accounts that are not suspended.
fn of_world(world: &World, witnesses: &SimulatedWitnesses) -> Vec<WitnessedResource> {
    let accounts = world.accounts().iter().filter(|account| account.state != SimulatedState::Suspended);
    let places = accounts
        .filter_map(|account| Some(AccountRegion { account, region: account.regions.first()?.as_str() }));
    places.flat_map(|place| of_account(witnesses, place)).collect()
}

/// Returns the resources of an account in all of its regions.
fn of_account(witnesses: &SimulatedWitnesses, place: AccountRegion<'_>) -> Vec<WitnessedResource> {
    let earlier = DateTime::parse_from_rfc3339(EARLIER).map(|time| time.to_utc()).unwrap_or_default();
    let mut all = Vec::new();
    for region in place.account.regions.iter() {
        let place = AccountRegion { region: region.as_str(), ..place };
        let is_hidden = witnesses.hidden.contains(&(place.account.id.clone(), region.clone()));
        let tagged =
            tagging::of_place(place).into_iter().filter(|resources| resources.name != s3::BUCKET_TYPE);
        for resources in tagged.chain([rds::tagged(place), s3::all(place)]) {
            let hidden = usize::from(is_hidden && resources.name == "rds:db");
            let found = TYPES.iter().find(|(name, ..)| *name == resources.name);
            all.extend((hidden..resources.count).map(|number| WitnessedResource {
                account: place.account_id().to_owned(),
                region: if resources.name == "iam:policy" { "global".to_owned() } else { region.to_string() },
                arn: (resources.item)(number).0,
                explorer_type: Some(resources.name),
                cloudformation_type: found.map(|(_, name, _)| *name),
                seen: earlier,
            }));
        }
    }
    let planted = witnesses.planted.iter().filter(|planted| planted.account == place.account.id);
    all.extend(planted.map(|planted| {
        let place = AccountRegion { region: planted.region.as_str(), ..place };
        let (service, resource) = planted.arn;
        WitnessedResource {
            account: place.account_id().to_owned(),
            region: place.region.to_owned(),
            arn: place.arn(service, resource),
            explorer_type: planted.explorer_type,
            cloudformation_type: planted.cloudformation_type,
            seen: if planted.is_new { Utc::now() } else { earlier },
        }
    }));
    all
}

impl WitnessedResource {
    /// Returns whether it is a resource of the world, which costs something.
    fn is_real(&self, witnesses: &SimulatedWitnesses) -> bool {
        !witnesses.planted.iter().any(|planted| self.arn.ends_with(planted.arn.1))
    }

    /// Returns AWS Config's name of the type, which has an older name of managed policies.
    fn config_type(&self) -> Option<&'static str> {
        let name = self.cloudformation_type?;
        Some(if name == "AWS::IAM::ManagedPolicy" { "AWS::IAM::Policy" } else { name })
    }

    /// Returns it as Resource Explorer does.
    fn in_index(&self) -> Value {
        let mut found = json!({
            "Arn": self.arn, "OwningAccountId": self.account, "Region": self.region, "ResourceType": self.explorer_type,
            "Service": Arn::parse(&self.arn).map(|arn| arn.service), "LastReportedAt": self.seen.to_rfc3339(), "Properties": [],
        });
        if let Some(name) = self.cloudformation_type {
            found["CfnResourceType"] = json!(name);
        }
        found
    }

    /// Returns the identifier in AWS Config: the last part of the ARN, or the ARN if it has several parts.
    fn identifier(&self) -> Value {
        let resource = Arn::parse(&self.arn).map_or("", |arn| arn.resource);
        let is_plain = resource.matches('/').count() < 2;
        let id = if is_plain { resource.rsplit(['/', ':']).next().unwrap_or(resource) } else { &self.arn };
        json!({
            "SourceAccountId": self.account, "SourceRegion": self.region, "ResourceId": id,
            "ResourceType": self.config_type(),
        })
    }

    /// Returns its configuration item.
    fn in_aggregator(&self) -> Value {
        let identifier = self.identifier();
        json!({
            "accountId": self.account, "awsRegion": self.region, "arn": self.arn,
            "resourceType": self.config_type(), "resourceId": identifier["ResourceId"],
            "configurationItemStatus": "OK", "configurationItemCaptureTime": self.seen.to_rfc3339(),
            "resourceCreationTime": self.seen.to_rfc3339(), "configuration": "{}",
        })
    }
}
