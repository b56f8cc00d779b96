//! What scan specs of earlier years name and nobody can call any more.
//!
//! Specs that list every function of every service outlive the services. What AWS has retired is
//! skipped and said; it would be wrong to call it a slip of the pen. Found by comparing botocore
//! 1.29.165, 1.35.99 and 1.40.0 with 1.43.11.

use super::entry::SkipReason;

/// Services whose models botocore has dropped.
const SERVICES: &[&str] = &[
    "alexaforbusiness",
    "apptest",
    "backupstorage",
    "codestar",
    "elastic-inference",
    "elastictranscoder",
    "evidently",
    "gamesparks",
    "honeycode",
    "iot-roborunner",
    "iot1click-devices",
    "iot1click-projects",
    "iotanalytics",
    "iotfleethub",
    "lookoutmetrics",
    "lookoutvision",
    "macie",
    "mobile",
    "nimble",
    "opsworks",
    "opsworkscm",
    "privatenetworks",
    "qldb",
    "qldb-session",
    "robomaker",
    "sms",
    "worklink",
];

/// Services that sign with version 2, which the SDK's runtime does not speak.
const OLD_SIGNATURE: &[&str] = &["importexport", "sdb"];

/// The words in the names of the functions that a service has lost: service and words.
///
/// Amazon Chime handed its meetings, messaging and voice over to the Chime SDK's services
/// (`chime-sdk-meetings` and others), `DataSync` ended its discovery of on-premises storage.
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

/// Why a service is not in the catalog although old specs name it.
pub(super) fn service(name: &str) -> Option<SkipReason> {
    if SERVICES.contains(&name) {
        Some(SkipReason::Gone("AWS has retired the service"))
    } else if OLD_SIGNATURE.contains(&name) {
        Some(SkipReason::OldSignature)
    } else {
        None
    }
}

/// Why a reading function that a service does not have may still stand in old specs.
pub(super) fn function(service: &str, function: &str) -> Option<SkipReason> {
    let (_, words) = WORDS.iter().find(|(name, _)| *name == service)?;
    let is_gone = words.iter().any(|word| function.contains(word));
    is_gone.then_some(SkipReason::Gone("AWS has retired the function"))
}

#[cfg(test)]
mod tests {
    use super::{OLD_SIGNATURE, SERVICES};
    use crate::model::catalog::Catalog;

    #[test]
    fn retired_services_are_not_in_catalog() {
        let catalog = Catalog::embedded().expect("a catalog");
        for service in SERVICES.iter().chain(OLD_SIGNATURE) {
            assert!(catalog.service(service).expect("loads").is_none(), "{service}");
        }
    }
}
