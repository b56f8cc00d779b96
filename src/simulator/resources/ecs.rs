//! ECS: clusters and the services in them.

use serde_json::{Value, json};

use super::place::part;
use super::tagged_resources::TaggedResources;
use super::{AccountRegion, SimulatedCall, ec2};
use crate::simulator::error_response::SimulatedError;
use crate::simulator::response::{SimulatedResponse, SimulatedResult};

const SERVICES: usize = 3;

pub(super) fn answer<'call>(call: &SimulatedCall<'call>) -> Option<SimulatedResult<'call>> {
    let place = call.place;
    let count = place.amounts().ecs_clusters;
    Some(match &*call.operation.name {
        "ListClusters" => Ok(SimulatedResponse::list("clusterArns", count, move |cluster| {
            json!(cluster_arn(place, cluster))
        })),
        "DescribeClusters" => {
            let names = call.texts("clusters");
            let found = |cluster: &usize| {
                names.iter().any(|name| name.rsplit('/').next() == Some(&*place.name(*cluster)))
            };
            let clusters: Vec<_> =
                (0..count).filter(found).map(|cluster| described(place, cluster)).collect();
            Ok(SimulatedResponse::members(json!({"clusters": clusters, "failures": []})))
        }
        "ListServices" => find(call).map(|cluster| {
            SimulatedResponse::list("serviceArns", SERVICES, move |number| {
                json!(service_arn(place, cluster, number))
            })
        }),
        "DescribeServices" => find(call).map(|cluster| {
            let names = call.texts("services");
            let found = |number: &usize| {
                names.iter().any(|name| name.rsplit('/').next() == Some(&*service_name(cluster, *number)))
            };
            let services: Vec<_> =
                (0..SERVICES).filter(found).map(|number| service(place, cluster, number)).collect();
            SimulatedResponse::members(json!({"services": services, "failures": []}))
        }),
        "ListTaskDefinitions" => {
            Ok(SimulatedResponse::list("taskDefinitionArns", SERVICES * count, move |number| {
                json!(task_definition_arn(place, number / SERVICES, number % SERVICES))
            }))
        }
        "ListTagsForResource" => Ok(SimulatedResponse::members(json!({
            "tags": [{"key": "team", "value": team(place)}]
        }))),
        _ => return None,
    })
}

/// Returns the team that clusters and services are tagged with.
fn team(place: AccountRegion<'_>) -> &str {
    &place.account.workload.prefix
}

/// Returns the clusters and services with their tags.
pub(super) fn tagged(place: AccountRegion<'_>) -> [TaggedResources<'_>; 2] {
    let count = place.amounts().ecs_clusters;
    let tags = move || json!([{"Key": "team", "Value": team(place)}]);
    [
        TaggedResources::new("ecs:cluster", count, move |cluster| (cluster_arn(place, cluster), tags())),
        TaggedResources::new("ecs:service", count * SERVICES, move |number| {
            (service_arn(place, number / SERVICES, number % SERVICES), tags())
        }),
    ]
}

fn cluster_arn(place: AccountRegion<'_>, cluster: usize) -> String {
    place.arn("ecs", &format!("cluster/{}", place.name(cluster)))
}

fn service_name(cluster: usize, number: usize) -> String {
    format!("{}-service", part(SERVICES * cluster + number))
}

fn service_arn(place: AccountRegion<'_>, cluster: usize, number: usize) -> String {
    place.arn("ecs", &format!("service/{}/{}", place.name(cluster), service_name(cluster, number)))
}

fn task_definition_arn(place: AccountRegion<'_>, cluster: usize, number: usize) -> String {
    let revision = 1 + place.seed("revision", SERVICES * cluster + number).below(90);
    place.arn("ecs", &format!("task-definition/{}:{revision}", service_name(cluster, number)))
}

/// Returns the number of the cluster in the request, by name or ARN.
fn find(call: &SimulatedCall<'_>) -> Result<usize, SimulatedError> {
    let wanted = call.text("cluster").unwrap_or("default");
    let name = wanted.rsplit('/').next().unwrap_or_default();
    (0..call.place.amounts().ecs_clusters)
        .find(|cluster| call.place.name(*cluster) == name)
        .ok_or_else(|| SimulatedError::new(400, "ClusterNotFoundException", "Cluster not found."))
}

fn described(place: AccountRegion<'_>, cluster: usize) -> Value {
    json!({
        "clusterArn": cluster_arn(place, cluster),
        "clusterName": place.name(cluster),
        "status": "ACTIVE",
        "registeredContainerInstancesCount": 0,
        "runningTasksCount": 2 * SERVICES,
        "pendingTasksCount": 0,
        "activeServicesCount": SERVICES,
        "statistics": [],
        "tags": [],
        "settings": [],
        "capacityProviders": ["FARGATE", "FARGATE_SPOT"],
        "defaultCapacityProviderStrategy": []
    })
}

fn service(place: AccountRegion<'_>, cluster: usize, number: usize) -> Value {
    let subnets: Vec<_> = (0..3).map(|number| ec2::subnet_and_zone(place, number).0).collect();
    json!({
        "serviceArn": service_arn(place, cluster, number),
        "serviceName": service_name(cluster, number),
        "clusterArn": cluster_arn(place, cluster),
        "loadBalancers": [],
        "serviceRegistries": [],
        "status": "ACTIVE",
        "desiredCount": 2,
        "runningCount": 2,
        "pendingCount": 0,
        "launchType": "FARGATE",
        "platformVersion": "LATEST",
        "platformFamily": "Linux",
        "taskDefinition": task_definition_arn(place, cluster, number),
        "deployments": [],
        "events": [],
        "createdAt": place.seed("ecs service", SERVICES * cluster + number).moment(),
        "placementConstraints": [],
        "placementStrategy": [],
        "networkConfiguration": {"awsvpcConfiguration": {
            "subnets": subnets,
            "securityGroups": [ec2::web_group_id(place)],
            "assignPublicIp": "DISABLED"
        }},
        "schedulingStrategy": "REPLICA",
        "enableECSManagedTags": true,
        "propagateTags": "SERVICE",
        "enableExecuteCommand": false
    })
}
