//! An EBS volume.

use aws_sdk_ec2::types::*;

use crate::plain::{structure, texts};

texts!(SseType, VolumeAttachmentState, VolumeState, VolumeType);

structure!(Volume {
    AvailabilityZoneId: availability_zone_id,
    OutpostArn: outpost_arn,
    SourceVolumeId: source_volume_id,
    Iops: iops,
    Tags: tags,
    VolumeType: volume_type,
    FastRestored: fast_restored,
    MultiAttachEnabled: multi_attach_enabled,
    Throughput: throughput,
    SSEType: sse_type,
    Operator: operator,
    VolumeInitializationRate: volume_initialization_rate,
    VolumeId: volume_id,
    Size: size,
    SnapshotId: snapshot_id,
    AvailabilityZone: availability_zone,
    State: state,
    CreateTime: create_time,
    Attachments: attachments,
    Encrypted: encrypted,
    KmsKeyId: kms_key_id,
});
structure!(VolumeAttachment {
    DeleteOnTermination: delete_on_termination,
    AssociatedResource: associated_resource,
    InstanceOwningService: instance_owning_service,
    EbsCardIndex: ebs_card_index,
    VolumeId: volume_id,
    InstanceId: instance_id,
    Device: device,
    State: state,
    AttachTime: attach_time,
});
