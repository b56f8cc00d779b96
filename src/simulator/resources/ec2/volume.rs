//! Volumes and their snapshots: a root volume for every instance, a data volume for every third, and volumes of
//! deleted instances.

use serde_json::{Value, json};

use super::ids::{count as instance_count, instance_id, launch_time};
use super::network::{subnet_for, subnet_zone};
use crate::simulator::resources::AccountRegion;

/// The interval of instances with a data volume.
const DATA_EVERY: usize = 3;

/// Returns the number of volumes: root volumes first, then data volumes, then those without an instance.
pub(super) fn count(place: AccountRegion<'_>) -> usize {
    attached_count(place) + place.amounts().unattached_volumes
}

fn attached_count(place: AccountRegion<'_>) -> usize {
    let instances = instance_count(place);
    instances + instances.div_ceil(DATA_EVERY)
}

fn volume_id(place: AccountRegion<'_>, volume: usize) -> String {
    place.id("vol", volume)
}

/// Returns the instance of a volume, and whether it is the root volume.
fn owner(place: AccountRegion<'_>, volume: usize) -> (usize, bool) {
    match volume.checked_sub(instance_count(place)) {
        None => (volume, true),
        Some(rest) => (rest * DATA_EVERY, false),
    }
}

/// Returns an instance's volumes, as in the description of the instance.
pub(super) fn attachments(place: AccountRegion<'_>, instance: usize) -> Value {
    let mut mappings = vec![mapping(place, instance, instance)];
    if instance.is_multiple_of(DATA_EVERY) {
        mappings.push(mapping(place, instance_count(place) + instance / DATA_EVERY, instance));
    }
    Value::Array(mappings)
}

fn mapping(place: AccountRegion<'_>, volume: usize, instance: usize) -> Value {
    let root = owner(place, volume).1;
    json!({
        "DeviceName": device(root),
        "Ebs": {
            "AttachTime": launch_time(place, instance),
            "DeleteOnTermination": root,
            "Status": "attached",
            "VolumeId": volume_id(place, volume)
        }
    })
}

fn device(root: bool) -> &'static str {
    if root { "/dev/xvda" } else { "/dev/sdf" }
}

fn size(root: bool) -> u32 {
    if root { 20 } else { 200 }
}

pub(super) fn volume(place: AccountRegion<'_>, volume: usize) -> Value {
    if volume >= attached_count(place) {
        return unattached(place, volume);
    }
    let (instance, root) = owner(place, volume);
    let created = launch_time(place, instance);
    json!({
        "Iops": 3000,
        "Tags": place.tags(&format!("{}-{}", place.name(instance), if root { "root" } else { "data" })),
        "VolumeType": "gp3",
        "MultiAttachEnabled": false,
        "Throughput": 125,
        "VolumeId": volume_id(place, volume),
        "Size": size(root),
        "SnapshotId": if root { super::image::base_snapshot(place) } else { String::new() },
        "AvailabilityZone": subnet_zone(place, subnet_for(place, instance)),
        "State": "in-use",
        "CreateTime": created,
        "Attachments": [{
            "DeleteOnTermination": root,
            "VolumeId": volume_id(place, volume),
            "InstanceId": instance_id(place, instance),
            "Device": device(root),
            "State": "attached",
            "AttachTime": created
        }],
        "Encrypted": place.seed("encrypted", volume).below(6) > 0
    })
}

/// Returns a volume of a deleted instance.
fn unattached(place: AccountRegion<'_>, volume: usize) -> Value {
    json!({
        "Iops": 3000,
        "VolumeType": "gp3",
        "MultiAttachEnabled": false,
        "Throughput": 125,
        "VolumeId": volume_id(place, volume),
        "Size": size(false),
        "SnapshotId": "",
        "AvailabilityZone": place.zone(volume),
        "State": "available",
        "CreateTime": place.seed("unattached", volume).moment(),
        "Attachments": [],
        "Encrypted": true
    })
}

pub(super) fn snapshot_count(place: AccountRegion<'_>) -> usize {
    place.amounts().snapshots
}

pub(super) fn snapshot_id(place: AccountRegion<'_>, snapshot: usize) -> String {
    place.id("snap", snapshot)
}

pub(super) fn snapshot(place: AccountRegion<'_>, snapshot: usize) -> Value {
    let volumes = attached_count(place);
    let source = (volumes > 0).then(|| snapshot % volumes);
    let root = source.is_none_or(|source| owner(place, source).1);
    json!({
        "StorageTier": "standard",
        "TransferType": "standard",
        "CompletionTime": place.seed("snapshot", snapshot).moment(),
        "FullSnapshotSizeInBytes": u64::from(size(root)) * 1_073_741_824,
        "Tags": place.tags(&format!("backup-{}", snapshot + 1)),
        "SnapshotId": snapshot_id(place, snapshot),
        // The id that EC2 returns for deleted volumes.
        "VolumeId": source.map_or_else(|| "vol-ffffffff".to_owned(), |source| volume_id(place, source)),
        "State": "completed",
        "StartTime": place.seed("snapshot", snapshot).moment(),
        "Progress": "100%",
        "OwnerId": place.account_id(),
        "Description": format!("nightly backup {}", snapshot + 1),
        "VolumeSize": size(root),
        "Encrypted": true
    })
}
