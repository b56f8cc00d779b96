//! EKS: Kubernetes clusters and their node groups.

use serde_json::{Value, json};

use super::{AccountRegion, SimulatedCall, ec2, iam};
use crate::simulator::error_response::SimulatedError;
use crate::simulator::response::{SimulatedResponse, SimulatedResult};

/// The node group of every cluster.
const NODE_GROUP: &str = "default";

const VERSIONS: [&str; 3] = ["1.33", "1.31", "1.28"];

pub(super) fn answer<'call>(call: &SimulatedCall<'call>) -> Option<SimulatedResult<'call>> {
    let place = call.place;
    Some(match &*call.operation.name {
        "ListClusters" => {
            Ok(SimulatedResponse::list("clusters", place.amounts().eks_clusters, move |cluster| {
                json!(name(place, cluster))
            }))
        }
        "DescribeCluster" => find(call, "name")
            .map(|cluster| SimulatedResponse::members(json!({"cluster": described(place, cluster)}))),
        "ListNodegroups" => {
            find(call, "clusterName").map(|_| SimulatedResponse::items("nodegroups", vec![json!(NODE_GROUP)]))
        }
        "DescribeNodegroup" => {
            find(call, "clusterName").and_then(|cluster| match call.text("nodegroupName") {
                Some(NODE_GROUP) => {
                    Ok(SimulatedResponse::members(json!({"nodegroup": node_group(place, cluster)})))
                }
                _ => Err(SimulatedError::new(
                    404,
                    "ResourceNotFoundException",
                    "No node group found for name.",
                )),
            })
        }
        _ => return None,
    })
}

fn name(place: AccountRegion<'_>, cluster: usize) -> String {
    match cluster {
        0 => format!("{}-platform", place.account.workload.prefix),
        number => format!("{}-platform-{}", place.account.workload.prefix, number + 1),
    }
}

fn find(call: &SimulatedCall<'_>, member: &str) -> Result<usize, SimulatedError> {
    let wanted = call.text(member).unwrap_or_default();
    (0..call.place.amounts().eks_clusters).find(|cluster| name(call.place, *cluster) == wanted).ok_or_else(
        || {
            SimulatedError::new(
                404,
                "ResourceNotFoundException",
                format!("No cluster found for name: {wanted}."),
            )
        },
    )
}

fn described(place: AccountRegion<'_>, cluster: usize) -> Value {
    let name = name(place, cluster);
    let seed = place.seed("eks", cluster);
    let id = seed.hex(32).to_ascii_uppercase();
    let version = VERSIONS[cluster % VERSIONS.len()];
    let subnets: Vec<_> = (0..3).map(|number| ec2::subnet_and_zone(place, number).0).collect();
    let issuer = format!("https://oidc.eks.{}.amazonaws.com/id/{id}", place.region);
    json!({
        "name": name,
        "arn": place.arn("eks", &format!("cluster/{name}")),
        "createdAt": seed.moment(),
        "version": version,
        "endpoint": format!("https://{id}.gr7.{}.eks.amazonaws.com", place.region),
        "roleArn": place.global_arn("iam", &format!("role/{}", iam::role_name(place.account, cluster))),
        "resourcesVpcConfig": {
            "subnetIds": subnets,
            "securityGroupIds": [],
            "clusterSecurityGroupId": ec2::web_group_id(place),
            "vpcId": ec2::main_vpc_id(place),
            "endpointPublicAccess": cluster > 0,
            "endpointPrivateAccess": true,
            "publicAccessCidrs": []
        },
        "kubernetesNetworkConfig": {"serviceIpv4Cidr": "10.100.0.0/16", "ipFamily": "ipv4"},
        "logging": {"clusterLogging": [{"types": ["api", "audit"], "enabled": true}]},
        "identity": {"oidc": {"issuer": issuer}},
        "status": "ACTIVE",
        "certificateAuthority": {"data": "c2ltdWxhdGVk"},
        "platformVersion": "eks.12",
        "tags": place.tag_map(&name),
        "health": {"issues": []},
        "accessConfig": {"authenticationMode": "API"},
        "upgradePolicy": {"supportType": "EXTENDED"}
    })
}

/// Returns the role of a cluster's nodes. That of the second cluster was deleted.
fn node_role(place: AccountRegion<'_>, cluster: usize) -> String {
    match cluster {
        1 => format!("{}-nodes", name(place, cluster)),
        cluster => iam::role_name(place.account, cluster + 1),
    }
}

fn node_group(place: AccountRegion<'_>, cluster: usize) -> Value {
    let cluster_name = name(place, cluster);
    let seed = place.seed("node group", cluster);
    let resource = format!("nodegroup/{cluster_name}/{NODE_GROUP}/{}", seed.uuid());
    let subnets: Vec<_> = (0..3).map(|number| ec2::subnet_and_zone(place, number).0).collect();
    json!({
        "nodegroupName": NODE_GROUP,
        "nodegroupArn": place.arn("eks", &resource),
        "clusterName": cluster_name,
        "version": VERSIONS[cluster % VERSIONS.len()],
        "createdAt": seed.moment(),
        "modifiedAt": seed.moment(),
        "status": "ACTIVE",
        "capacityType": "ON_DEMAND",
        "scalingConfig": {"minSize": 2, "maxSize": 6, "desiredSize": 3},
        "instanceTypes": ["m7g.large"],
        "subnets": subnets,
        "amiType": "AL2023_ARM_64_STANDARD",
        "nodeRole": place.global_arn("iam", &format!("role/{}", node_role(place, cluster))),
        "diskSize": 20,
        "health": {"issues": []},
        "tags": place.tag_map(&cluster_name)
    })
}
