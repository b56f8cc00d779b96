//! A DynamoDB table.

use aws_sdk_dynamodb::types::*;

use crate::plain::{structure, texts};

texts!(
    BillingMode,
    GlobalTableSettingsReplicationMode,
    IndexStatus,
    KeyType,
    MultiRegionConsistency,
    ProjectionType,
    ReplicaStatus,
    SseStatus,
    SseType,
    ScalarAttributeType,
    StreamViewType,
    TableClass,
    TableStatus,
    WitnessStatus
);

structure!(TableDescription {
    AttributeDefinitions: attribute_definitions,
    TableName: table_name,
    KeySchema: key_schema,
    TableStatus: table_status,
    CreationDateTime: creation_date_time,
    ProvisionedThroughput: provisioned_throughput,
    TableSizeBytes: table_size_bytes,
    ItemCount: item_count,
    TableArn: table_arn,
    TableId: table_id,
    BillingModeSummary: billing_mode_summary,
    LocalSecondaryIndexes: local_secondary_indexes,
    GlobalSecondaryIndexes: global_secondary_indexes,
    StreamSpecification: stream_specification,
    LatestStreamLabel: latest_stream_label,
    LatestStreamArn: latest_stream_arn,
    GlobalTableVersion: global_table_version,
    Replicas: replicas,
    GlobalTableWitnesses: global_table_witnesses,
    GlobalTableSettingsReplicationMode: global_table_settings_replication_mode,
    RestoreSummary: restore_summary,
    SSEDescription: sse_description,
    ArchivalSummary: archival_summary,
    TableClassSummary: table_class_summary,
    DeletionProtectionEnabled: deletion_protection_enabled,
    OnDemandThroughput: on_demand_throughput,
    WarmThroughput: warm_throughput,
    MultiRegionConsistency: multi_region_consistency,
});
structure!(AttributeDefinition { AttributeName: attribute_name, AttributeType: attribute_type });
structure!(KeySchemaElement { AttributeName: attribute_name, KeyType: key_type });
structure!(ProvisionedThroughputDescription {
    LastIncreaseDateTime: last_increase_date_time,
    LastDecreaseDateTime: last_decrease_date_time,
    NumberOfDecreasesToday: number_of_decreases_today,
    ReadCapacityUnits: read_capacity_units,
    WriteCapacityUnits: write_capacity_units,
});
structure!(BillingModeSummary {
    BillingMode: billing_mode,
    LastUpdateToPayPerRequestDateTime: last_update_to_pay_per_request_date_time,
});
structure!(LocalSecondaryIndexDescription {
    IndexName: index_name,
    KeySchema: key_schema,
    Projection: projection,
    IndexSizeBytes: index_size_bytes,
    ItemCount: item_count,
    IndexArn: index_arn,
});
structure!(Projection { ProjectionType: projection_type, NonKeyAttributes: non_key_attributes });
structure!(GlobalSecondaryIndexDescription {
    IndexName: index_name,
    KeySchema: key_schema,
    Projection: projection,
    IndexStatus: index_status,
    Backfilling: backfilling,
    ProvisionedThroughput: provisioned_throughput,
    IndexSizeBytes: index_size_bytes,
    ItemCount: item_count,
    IndexArn: index_arn,
    OnDemandThroughput: on_demand_throughput,
    WarmThroughput: warm_throughput,
});
structure!(OnDemandThroughput {
    MaxReadRequestUnits: max_read_request_units,
    MaxWriteRequestUnits: max_write_request_units,
});
structure!(GlobalSecondaryIndexWarmThroughputDescription {
    ReadUnitsPerSecond: read_units_per_second,
    WriteUnitsPerSecond: write_units_per_second,
    Status: status,
});
structure!(StreamSpecification { StreamEnabled: stream_enabled, StreamViewType: stream_view_type });
structure!(ReplicaDescription {
    RegionName: region_name,
    ReplicaStatus: replica_status,
    ReplicaArn: replica_arn,
    ReplicaStatusDescription: replica_status_description,
    ReplicaStatusPercentProgress: replica_status_percent_progress,
    KMSMasterKeyId: kms_master_key_id,
    ProvisionedThroughputOverride: provisioned_throughput_override,
    OnDemandThroughputOverride: on_demand_throughput_override,
    WarmThroughput: warm_throughput,
    GlobalSecondaryIndexes: global_secondary_indexes,
    ReplicaInaccessibleDateTime: replica_inaccessible_date_time,
    ReplicaTableClassSummary: replica_table_class_summary,
    GlobalTableSettingsReplicationMode: global_table_settings_replication_mode,
});
structure!(ProvisionedThroughputOverride { ReadCapacityUnits: read_capacity_units });
structure!(OnDemandThroughputOverride { MaxReadRequestUnits: max_read_request_units });
structure!(TableWarmThroughputDescription {
    ReadUnitsPerSecond: read_units_per_second,
    WriteUnitsPerSecond: write_units_per_second,
    Status: status,
});
structure!(ReplicaGlobalSecondaryIndexDescription {
    IndexName: index_name,
    ProvisionedThroughputOverride: provisioned_throughput_override,
    OnDemandThroughputOverride: on_demand_throughput_override,
    WarmThroughput: warm_throughput,
});
structure!(TableClassSummary { TableClass: table_class, LastUpdateDateTime: last_update_date_time });
structure!(GlobalTableWitnessDescription { RegionName: region_name, WitnessStatus: witness_status });
structure!(RestoreSummary {
    SourceBackupArn: source_backup_arn,
    SourceTableArn: source_table_arn,
    RestoreDateTime: restore_date_time,
    RestoreInProgress: restore_in_progress,
});
structure!(SseDescription {
    Status: status,
    SSEType: sse_type,
    KMSMasterKeyArn: kms_master_key_arn,
    InaccessibleEncryptionDateTime: inaccessible_encryption_date_time,
});
structure!(ArchivalSummary {
    ArchivalDateTime: archival_date_time,
    ArchivalReason: archival_reason,
    ArchivalBackupArn: archival_backup_arn,
});
