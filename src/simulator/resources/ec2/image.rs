//! Machine images that the account owns.

use serde_json::{Value, json};

use super::volume::snapshot_id;
use crate::simulator::resources::AccountRegion;
use crate::simulator::world::seed::Seed;

pub(super) fn count(place: AccountRegion<'_>) -> usize {
    place.amounts().images
}

fn image_id(place: AccountRegion<'_>, image: usize) -> String {
    place.id("ami", image)
}

/// Returns the image of instances: that of the account, or else Amazon's for the region.
pub(super) fn base_image(place: AccountRegion<'_>, architecture: &str) -> String {
    // Images alternate between the architectures.
    let own = usize::from(architecture == "arm64");
    if own < count(place) {
        return image_id(place, own);
    }
    format!("ami-0{}", Seed::of(&[place.region, architecture, "amazon linux"]).hex(16))
}

/// Returns the snapshot of the root volumes.
pub(super) fn base_snapshot(place: AccountRegion<'_>) -> String {
    if place.amounts().snapshots > 0 {
        snapshot_id(place, 0)
    } else {
        format!("snap-0{}", Seed::of(&[place.region, "amazon linux"]).hex(16))
    }
}

pub(super) fn image(place: AccountRegion<'_>, image: usize) -> Value {
    let architecture = if image % 2 == 1 { "arm64" } else { "x86_64" };
    let created = place.seed("image", image).moment_text();
    let name = format!("{}-base-{architecture}-{}", place.account.workload.prefix, image / 2 + 1);
    json!({
        "PlatformDetails": "Linux/UNIX",
        "UsageOperation": "RunInstances",
        "BlockDeviceMappings": [{
            "Ebs": {
                "DeleteOnTermination": true,
                "Iops": 3000,
                "SnapshotId": base_snapshot(place),
                "VolumeSize": 20,
                "VolumeType": "gp3",
                "Throughput": 125,
                "Encrypted": true
            },
            "DeviceName": "/dev/xvda"
        }],
        "Description": "golden image",
        "EnaSupport": true,
        "Hypervisor": "xen",
        "Name": name,
        "RootDeviceName": "/dev/xvda",
        "RootDeviceType": "ebs",
        "SriovNetSupport": "simple",
        "Tags": place.tags(&name),
        "VirtualizationType": "hvm",
        "BootMode": "uefi-preferred",
        "ImdsSupport": "v2.0",
        "ImageId": image_id(place, image),
        "ImageLocation": format!("{}/{name}", place.account_id()),
        "State": "available",
        "OwnerId": place.account_id(),
        "CreationDate": created,
        "Public": false,
        "Architecture": architecture,
        "ImageType": "machine"
    })
}
