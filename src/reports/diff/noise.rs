//! Fields that change without a deployment: last use, sizes, counters and health.

/// Patterns of fields that AWS updates by itself, by service. Fields that a user or a deployment sets are not
/// included, even if they are times: a new last-modified time of a function shows a deployment.
pub const DEFAULT_IGNORE: &[&str] = &[
    "appstream.fleet.ComputeCapacityStatus",
    "backup.backup_plan.LastExecutionDate",
    "backup.backup_vault.NumberOfRecoveryPoints",
    "backup.protected_resource.LastBackupTime",
    "backup.recovery_point.LastRestoreTime",
    "cloudformation.stack.DriftInformation.LastCheckTimestamp",
    "cloudtrail.trail_status.Latest*",
    "cloudwatch.*_alarm.StateReason*",
    "cloudwatch.*_alarm.StateTransitionedTimestamp",
    "cloudwatch.*_alarm.StateUpdatedTimestamp",
    "cognito-idp.user_pool.EstimatedNumberOfUsers",
    "config.configuration_recorder_status.last*",
    "dms.replication_task.ReplicationTaskStats",
    "dynamodb.continuous_backup.PointInTimeRecoveryDescription.*RestorableDateTime",
    "dynamodb.table.*IndexSizeBytes",
    "dynamodb.table.*ItemCount",
    "dynamodb.table.*NumberOfDecreasesToday",
    "dynamodb.table.TableSizeBytes",
    "ec2.capacity_reservation.AvailableInstanceCount",
    "ec2.host.AvailableCapacity",
    "ec2.subnet.AvailableIpAddressCount",
    "ec2.vpn_connection.VgwTelemetry.LastStatusChange",
    "ecr.image.lastRecordedPullTime",
    "ecs.cluster.pendingTasksCount",
    "ecs.cluster.runningTasksCount",
    "ecs.service.deployments.*Count",
    "ecs.service.deployments.updatedAt",
    "ecs.service.events",
    "ecs.service.pendingCount",
    "ecs.service.runningCount",
    "efs.file_system.SizeInBytes",
    "glue.crawler.CrawlElapsedTime",
    "glue.crawler.LastCrawl",
    "glue.table.LastAccessTime",
    "iam.access_key_last_used.AccessKeyLastUsed",
    "iam.role.RoleLastUsed",
    "iam.user.PasswordLastUsed",
    "inspector2.coverage.lastScannedAt",
    "logs.log_group.storedBytes",
    "logs.log_stream.lastEventTimestamp",
    "logs.log_stream.lastIngestionTime",
    "logs.log_stream.storedBytes",
    "logs.log_stream.uploadSequenceToken",
    "rds.db_cluster.EarliestRestorableTime",
    "rds.db_cluster.LatestRestorableTime",
    "rds.db_instance.LatestRestorableTime",
    "rds.db_instance_automated_backup.RestoreWindow",
    "secretsmanager.secret.LastAccessedDate",
    "ses.send_quota.SentLast24Hours",
    "sesv2.account.SendQuota.SentLast24Hours",
    "sqs.queue_attribute.Attributes.ApproximateNumberOfMessages*",
    "ssm.instance_information.Last*",
    "workspaces.workspaces_connection_status.*Timestamp",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::DEFAULT_IGNORE;
    use crate::model::catalog::{Catalog, Function, Service, ShapeKind};
    use crate::reports::diff::Ignore;
    use crate::reports::resources::kind_of_function;

    fn members(service: &Service) -> BTreeSet<String> {
        let structures = service.shapes.iter().filter_map(|shape| match &shape.kind {
            ShapeKind::Structure(structure) => Some(structure),
            _ => None,
        });
        structures
            .flat_map(|structure| structure.members.iter().map(|member| member.name.to_string()))
            .collect()
    }

    #[test]
    fn every_pattern_can_be_read_and_they_are_sorted() {
        Ignore::new([], true).expect("patterns");
        assert!(DEFAULT_IGNORE.is_sorted());
    }

    #[test]
    fn every_pattern_names_what_there_is() {
        let catalog = Catalog::embedded().expect("a catalog");
        for pattern in DEFAULT_IGNORE {
            let mut parts = pattern.splitn(3, '.');
            let mut next = || parts.next().expect("three parts");
            let (name, kind, field) = (next(), next(), next());
            let service =
                catalog.service(name).expect("loads").unwrap_or_else(|| panic!("{pattern}: no service"));
            let kinds: BTreeSet<String> = Function::all(&service)
                .map(|function| kind_of_function(&service.name, function.name()))
                .collect();
            assert!(kind.contains('*') || kinds.contains(kind), "{pattern}: no such kind in {kinds:?}");
            let members = members(&service);
            // The models do not have the keys of maps.
            for part in field.split('.').filter(|part| !part.starts_with("Approximate")) {
                let word = part.trim_matches('*');
                let is_there = members.iter().any(|member| member.contains(word));
                assert!(is_there, "{pattern}: no member {part}");
            }
        }
    }

    #[test]
    fn the_guide_lists_every_pattern() {
        let guide = include_str!("../../../docs/guide/reading.md");
        for pattern in DEFAULT_IGNORE {
            assert!(guide.contains(&format!("`{pattern}`")), "docs/guide/reading.md lacks `{pattern}`");
        }
    }
}
