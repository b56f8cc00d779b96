//! The kinds of a run's resources, and which of them a member names: `SubnetIds` those of the kind `subnet`.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::model::resource_types::possible_types;
use crate::reports::members::squashed;
use crate::reports::resources::ReportedCall;

/// A kind, by its position among the kinds of the run.
pub(super) type KindId = u16;

/// The endings of members with an identifier; none is an ending too.
const ENDINGS: [&str; 16] = [
    "identifiers",
    "identifier",
    "names",
    "name",
    "arns",
    "arn",
    "ids",
    "id",
    "uris",
    "uri",
    "urls",
    "url",
    "keys",
    "list",
    "s",
    "",
];

/// Members whose names do not show what they identify.
const GENERIC: [&str; 7] = ["id", "ids", "name", "names", "arn", "identifier", "resource"];

/// What members of all services call the resources of one kind: the last letters of a member without its ending, service
/// and kind. The kinds of other services are meant only by an ID or ARN, because many services have kinds with the same
/// name.
const OF_OTHER_SERVICES: [(&str, &str, &str); 20] = [
    ("autoscalinggroup", "autoscaling", "auto_scaling_group"),
    ("bucket", "s3", "bucket"),
    ("certificate", "acm", "certificate"),
    ("deliverystream", "firehose", "delivery_stream"),
    ("function", "lambda", "function"),
    ("iamrole", "iam", "role"),
    ("instanceprofile", "iam", "instance_profile"),
    ("kmskey", "kms", "key"),
    ("kmsmasterkey", "kms", "key"),
    ("loggroup", "logs", "log_group"),
    ("rolename", "iam", "role"),
    ("executionrole", "iam", "role"),
    ("administrationrole", "iam", "role"),
    ("securitygroup", "ec2", "security_group"),
    ("servicerole", "iam", "role"),
    ("sshkey", "ec2", "key_pair"),
    ("subnet", "ec2", "subnet"),
    ("topic", "sns", "topic"),
    ("userpool", "cognito-idp", "user_pool"),
    ("vpc", "ec2", "vpc"),
];

/// A kind of resource.
#[derive(Debug)]
pub(super) struct ResourceKind {
    /// The service, as boto3 names it.
    pub(super) service: String,
    /// The kind: `instance`.
    pub(super) kind: String,
    squashed: String,
    /// The members with its own identifiers that no other kind of its service has, in lower case.
    members: HashSet<String>,
}

/// The kinds that the calls of a run return.
#[derive(Debug, Default)]
pub(super) struct LinkedKinds {
    kinds: Vec<ResourceKind>,
    by_name: HashMap<String, HashMap<String, KindId>>,
    by_type: HashMap<&'static str, KindId>,
}

/// The kinds that members name, kept for the next resource: the same members come again and again.
#[derive(Clone, Debug, Default)]
pub(super) struct NamedKinds {
    by_member: HashMap<String, HashMap<String, Arc<[KindId]>>>,
}

impl NamedKinds {
    /// Returns the kinds that a member of a service names: those of the same service, else the one that members of all
    /// services call by that name.
    pub(super) fn find(&mut self, kinds: &LinkedKinds, service: &str, member: &str) -> Arc<[KindId]> {
        if let Some(named) = self.by_member.get(service).and_then(|members| members.get(member)) {
            return Arc::clone(named);
        }
        let named: Arc<[KindId]> = kinds.named(service, &squashed(member)).into();
        self.by_member.entry(service.to_owned()).or_default().insert(member.to_owned(), Arc::clone(&named));
        named
    }
}

impl LinkedKinds {
    /// Returns the kinds of all calls.
    pub(super) fn of(calls: &[ReportedCall]) -> Self {
        let mut table = Self::default();
        for call in calls.iter().filter(|call| call.lists_resources()) {
            for (kind, members) in call.kinds_and_members() {
                let id = table.id(call.service(), kind);
                let own = members.map(squashed).filter(|member| !GENERIC.contains(&member.as_str()));
                let own: Vec<String> = own.collect();
                table.kinds[usize::from(id)].members.extend(own);
            }
        }
        table.keep_distinct_members();
        table
    }

    /// Forgets members that several kinds of a service have.
    fn keep_distinct_members(&mut self) {
        let mut counts: HashMap<(String, String), usize> = HashMap::new();
        for kind in &self.kinds {
            for member in &kind.members {
                *counts.entry((kind.service.clone(), member.clone())).or_default() += 1;
            }
        }
        for kind in &mut self.kinds {
            let service = kind.service.clone();
            kind.members.retain(|member| counts.get(&(service.clone(), member.clone())) == Some(&1));
        }
    }

    /// Returns the position of a kind.
    pub(super) fn id(&mut self, service: &str, kind: &str) -> KindId {
        if let Some(id) = self.by_name.get(service).and_then(|kinds| kinds.get(kind)) {
            return *id;
        }
        // There are fewer kinds in the catalog than 16 bits can count.
        let id = KindId::try_from(self.kinds.len()).unwrap_or(KindId::MAX);
        self.kinds.push(ResourceKind {
            service: service.to_owned(),
            kind: kind.to_owned(),
            squashed: squashed(kind),
            members: HashSet::new(),
        });
        self.by_name.entry(service.to_owned()).or_default().insert(kind.to_owned(), id);
        for name in possible_types(service, kind) {
            self.by_type.entry(name).or_insert(id);
        }
        id
    }

    /// Returns all kinds: position, service and name.
    pub(super) fn all(&self) -> impl Iterator<Item = (KindId, &str, &str)> {
        (0..).zip(&self.kinds).map(|(id, kind)| (id, kind.service.as_str(), kind.kind.as_str()))
    }

    /// Returns a kind.
    pub(super) fn kind(&self, id: KindId) -> &ResourceKind {
        &self.kinds[usize::from(id)]
    }

    /// Returns the position of a kind, if the run has it.
    pub(super) fn find(&self, service: &str, kind: &str) -> Option<KindId> {
        self.by_name.get(service)?.get(kind).copied()
    }

    /// Returns the kind of a type of CloudFormation.
    pub(super) fn of_type(&self, name: &str) -> Option<KindId> {
        self.by_type.get(name).copied()
    }

    /// Returns all kinds with a name, in any service.
    pub(super) fn called(&self, kind: &str) -> Vec<KindId> {
        let mut called: Vec<KindId> =
            self.by_name.values().filter_map(|kinds| kinds.get(kind)).copied().collect();
        called.sort_unstable();
        called
    }

    /// As [`NamedKinds::find`], for a member without separators and capital letters.
    fn named(&self, service: &str, member: &str) -> Vec<KindId> {
        let stems = || {
            ENDINGS.iter().filter_map(|ending| member.strip_suffix(ending)).filter(|stem| !stem.is_empty())
        };
        let own = self.by_name.get(service).into_iter().flat_map(HashMap::values).copied();
        let fits = |id: &KindId| {
            let kind = self.kind(*id);
            kind.members.contains(member) || stems().any(|stem| stem == kind.squashed)
        };
        let mut own: Vec<KindId> = own.filter(fits).collect();
        own.sort_unstable();
        if !own.is_empty() {
            return own;
        }
        let row = OF_OTHER_SERVICES
            .iter()
            .find(|(name, ..)| member.ends_with(name) || stems().any(|stem| stem.ends_with(name)));
        row.and_then(|(_, service, kind)| self.find(service, kind)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{LinkedKinds, NamedKinds};

    fn table() -> LinkedKinds {
        let mut table = LinkedKinds::default();
        for (service, kind) in [
            ("ec2", "subnet"),
            ("ec2", "security_group"),
            ("ecs", "cluster"),
            ("eks", "cluster"),
            ("iam", "role"),
            ("rds", "db_cluster"),
            ("s3", "bucket"),
        ] {
            table.id(service, kind);
        }
        table
    }

    /// Returns the kinds that a member names.
    fn named(service: &str, member: &str) -> Vec<String> {
        let table = table();
        let named = NamedKinds::default().find(&table, service, member);
        named.iter().map(|id| format!("{} {}", table.kind(*id).service, table.kind(*id).kind)).collect()
    }

    #[test]
    fn member_names_the_kind_of_its_service() {
        assert_eq!(named("eks", "clusterName"), ["eks cluster"]);
        assert_eq!(named("ecs", "cluster"), ["ecs cluster"]);
        assert_eq!(named("rds", "DBClusterIdentifier"), ["rds db_cluster"]);
        assert_eq!(named("ec2", "SubnetIds"), ["ec2 subnet"]);
        assert!(named("kafka", "clusterName").is_empty(), "clusters of other services are not meant");
    }

    #[test]
    fn some_words_mean_the_same_in_all_services() {
        assert_eq!(named("cloudtrail", "S3BucketName"), ["s3 bucket"]);
        assert_eq!(named("cloudformation", "ExecutionRoleName"), ["iam role"]);
        assert_eq!(named("lambda", "SecurityGroupIds"), ["ec2 security_group"]);
    }

    #[test]
    fn type_of_cloudformation_is_one_kind() {
        let table = table();
        assert_eq!(table.of_type("AWS::S3::Bucket"), table.find("s3", "bucket"));
        assert_eq!(table.called("cluster").len(), 2);
    }
}
