//! Services and functions that scan specs of earlier years contain and that can no longer be called.
//!
//! Specs that list every function of every service outlive the services. Entries that AWS has retired are skipped
//! with a notice instead of being reported as typos. The list was made by comparing botocore 1.29.165, 1.35.99,
//! 1.40.0 and 1.43.11 with 1.44.8.

use super::entry::SkipReason;
use crate::model::catalog::WITH_OLD_SIGNATURE;

/// Services whose models botocore has removed.
const SERVICES: &[&str] = &[
    "alexaforbusiness",
    "apptest",
    "backupstorage",
    "codestar",
    "elastic-inference",
    "elastictranscoder",
    "evidently",
    "finspace",
    "finspace-data",
    "gamesparks",
    "honeycode",
    "iot-roborunner",
    "iot1click-devices",
    "iot1click-projects",
    "iotanalytics",
    "iotevents",
    "iotevents-data",
    "iotfleethub",
    "lookoutmetrics",
    "lookoutvision",
    "macie",
    "mobile",
    "nimble",
    "opsworks",
    "opsworkscm",
    "panorama",
    "privatenetworks",
    "qldb",
    "qldb-session",
    "robomaker",
    "simspaceweaver",
    "sms",
    "tnb",
    "worklink",
];

/// Words in the names of the functions that a service has lost: service and words.
///
/// Amazon Chime handed its meetings, messaging and voice over to the Chime SDK's services (`chime-sdk-meetings`
/// and others), `DataSync` ended its discovery of on-premises storage.
const WORDS: &[(&str, &[&str])] = &[
    (
        "chime",
        &[
            "app_instance",
            "attendee",
            "channel",
            "media_capture",
            "meeting",
            "messaging",
            "proxy_session",
            "sip_",
            "tags_for_resource",
            "voice_connector",
        ],
    ),
    ("datasync", &["discovery_job", "storage_system"]),
];

/// Returns the services that are skipped in specs.
pub(super) fn services() -> impl Iterator<Item = &'static str> {
    SERVICES.iter().chain(&WITH_OLD_SIGNATURE).copied()
}

/// Returns why a service that old specs contain is not in the catalog.
pub(super) fn service(name: &str) -> Option<SkipReason> {
    if SERVICES.contains(&name) {
        Some(SkipReason::Retired("AWS has retired the service"))
    } else if WITH_OLD_SIGNATURE.contains(&name) {
        Some(SkipReason::OldSignature)
    } else {
        None
    }
}

/// Returns why a read function that a service does not have may still be in old specs.
pub(super) fn function(service: &str, function: &str) -> Option<SkipReason> {
    let (_, words) = WORDS.iter().find(|(name, _)| *name == service)?;
    let is_retired = words.iter().any(|word| function.contains(word));
    is_retired.then_some(SkipReason::Retired("AWS has retired the function"))
}

#[cfg(test)]
mod tests {
    use super::{SERVICES, WITH_OLD_SIGNATURE};
    use crate::model::catalog::Catalog;

    #[test]
    fn retired_services_are_not_in_catalog() {
        let catalog = Catalog::embedded().expect("a catalog");
        for service in SERVICES.iter().chain(&WITH_OLD_SIGNATURE) {
            assert!(catalog.service(service).expect("loads").is_none(), "{service}");
        }
    }
}
