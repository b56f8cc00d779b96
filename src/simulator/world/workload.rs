//! Workloads: how much of everything an account has.

use crate::names::Region;

/// How much an account has, region by region and as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workload {
    /// The word that resource names begin with: `shop`.
    pub prefix: String,
    /// The regions where the work is done.
    pub busy_in: Vec<Region>,
    /// What each of those holds.
    pub busy: Amounts,
    /// What every other enabled region holds, beside its default VPC.
    pub elsewhere: Amounts,
    /// Roles beside those that every account has.
    pub roles: usize,
    /// IAM users.
    pub users: usize,
    /// Customer managed policies.
    pub policies: usize,
    /// Hosted zones of Route 53.
    pub hosted_zones: usize,
    /// Ids are the same in every account and region, so that a page is made once for all of them.
    pub uniform: bool,
}

/// How much a region holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// VPCs beside the default one.
    pub vpcs: usize,
    /// Reservations of EC2 instances; most hold one instance.
    pub reservations: usize,
    /// Volumes that are attached to nothing: their instances are gone.
    pub unattached_volumes: usize,
    /// Machine images of one's own.
    pub images: usize,
    /// Snapshots of volumes.
    pub snapshots: usize,
    /// Elastic IP addresses.
    pub addresses: usize,
    /// S3 buckets.
    pub buckets: usize,
    /// `DynamoDB` tables.
    pub tables: usize,
    /// Application and network load balancers, each with a target group and a listener.
    pub load_balancers: usize,
    /// Lambda functions.
    pub functions: usize,
    /// RDS instances.
    pub databases: usize,
    /// ECS clusters, each with services.
    pub ecs_clusters: usize,
    /// EKS clusters.
    pub eks_clusters: usize,
    /// Customer managed KMS keys.
    pub keys: usize,
    /// SQS queues.
    pub queues: usize,
    /// SNS topics.
    pub topics: usize,
    /// `CloudFormation` stacks.
    pub stacks: usize,
}

impl Workload {
    /// How much a region holds.
    #[must_use]
    pub fn amounts(&self, region: &str) -> &Amounts {
        if self.busy_in.iter().any(|busy| busy.as_str() == region) { &self.busy } else { &self.elsewhere }
    }
}
