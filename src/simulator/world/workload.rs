//! Workloads: the amounts of the resources of an account.

use crate::names::Region;

/// The amounts of regional and global resources of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workload {
    /// The prefix of resource names: `shop`.
    pub prefix: String,
    /// The regions with the workload.
    pub busy_in: Vec<Region>,
    /// The amounts in each of these regions.
    pub busy: Amounts,
    /// The amounts in every other enabled region, beside its default VPC.
    pub elsewhere: Amounts,
    /// Roles in addition to those of every account.
    pub roles: usize,
    /// IAM users.
    pub users: usize,
    /// Customer managed policies.
    pub policies: usize,
    /// Hosted zones of Route 53.
    pub hosted_zones: usize,
    /// Whether ids are the same in every account and region, so that a page is created once for all of them.
    pub uniform: bool,
}

/// The amounts of resources in a region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// VPCs beside the default one.
    pub vpcs: usize,
    /// Reservations of EC2 instances; most hold one instance.
    pub reservations: usize,
    /// Unattached volumes, whose instances were deleted.
    pub unattached_volumes: usize,
    /// Machine images that the account owns.
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
    /// Returns the amounts in a region.
    #[must_use]
    pub fn amounts(&self, region: &str) -> &Amounts {
        if self.busy_in.iter().any(|busy| busy.as_str() == region) { &self.busy } else { &self.elsewhere }
    }
}
