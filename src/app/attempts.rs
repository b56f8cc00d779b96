//! Earlier attempts of a run in a bucket: a scheduler starts an evicted job again, and the new attempt continues the run
//! of the one before.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::job::Job;
use super::manifest::manifest;
use super::observer::Observer;
use super::settings::ScanSettings;
use super::storage_errors::{UploadPhase, cannot_upload};
use super::upload::BucketWorkspace;
use crate::aws::credentials::BaseIdentity;
use crate::error::Failure;
use crate::run::{BucketAddress, BucketFolder, Manifest, RunState};

/// The time within which runs of the same name are attempts of one run. It is shorter than a day, so that a nightly run
/// that always has the same name does not continue the one of the night before.
const ATTEMPTS: Duration = Duration::from_hours(20);

/// Returns the folder of an earlier attempt of this run, which is continued; `None` if there is none, or the run has no
/// given name. Folders of other runs with this name are noted.
///
/// # Errors
///
/// Returns an error if the manifests of earlier runs cannot be read.
pub(crate) async fn earlier_attempt(
    workplace: &BucketWorkspace<'_>,
    settings: &ScanSettings,
    job: &Job,
    identity: &BaseIdentity,
    observer: &dyn Observer,
) -> Result<Option<BucketAddress>, Failure> {
    let BucketWorkspace::Bucket(bucket, _) = workplace else { return Ok(None) };
    if settings.run_name.is_none() {
        return Ok(None);
    }
    let now = Utc::now();
    let own = manifest(settings, job, identity, now);
    for address in BucketFolder::addresses(bucket, &settings.name_of_run(now)) {
        let failed = |error| cannot_upload(&error, UploadPhase::Before);
        let found = BucketFolder::manifest(bucket, &address).await.map_err(failed)?;
        let Some(text) = found else { return Ok(None) };
        let reason = match other_run(&own, &text, now) {
            Some(reason) => reason,
            None if BucketFolder::has_accounts(bucket, &address).await.map_err(failed)? => {
                return Ok(Some(address));
            }
            None => "it ended before its first call".to_owned(),
        };
        observer.note(&format!("Not continuing {address}: {reason}"));
    }
    Ok(None)
}

/// Returns why a manifest belongs to another run than a new one of the same name; `None` if both are attempts of one
/// run.
fn other_run(own: &Manifest, text: &[u8], now: DateTime<Utc>) -> Option<String> {
    let earlier = match Manifest::parse(text) {
        Ok(earlier) => earlier,
        Err(error) => return Some(error.to_string()),
    };
    // A whole run that has finished is complete. A shard that has finished waits for the others.
    if earlier.state == RunState::Finished && earlier.settings.shard.is_none() {
        return Some("it is finished".to_owned());
    }
    if (now - earlier.started).to_std().is_ok_and(|age| age >= ATTEMPTS) {
        return Some(format!(
            "it started at {}, and is another run",
            earlier.started.format("%Y-%m-%dT%H:%M:%SZ")
        ));
    }
    let mut own = own.clone();
    // They are looked up later, and belong to the account of the caller.
    own.organization.clone_from(&earlier.organization);
    own.management_account.clone_from(&earlier.management_account);
    own.delegated_administrators.clone_from(&earlier.delegated_administrators);
    own.difference(&earlier).map(|what| format!("the runs differ in {what}"))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use serde_json::{Value, json};

    use super::other_run;
    use crate::run::samples::sample_manifest;

    fn reason(change: impl FnOnce(&mut Value)) -> Option<String> {
        let mut earlier = sample_manifest();
        earlier["state"] = json!("running");
        change(&mut earlier);
        let own = serde_json::from_value(sample_manifest()).expect("a manifest");
        let now: DateTime<Utc> = "2026-11-22T12:00:00Z".parse().expect("a time");
        other_run(&own, earlier.to_string().as_bytes(), now)
    }

    fn shard() -> Value {
        json!({"number": 1, "count": 2})
    }

    #[test]
    fn unfinished_run_of_the_same_job_is_continued() {
        assert_eq!(reason(|_| {}), None);
        assert_eq!(reason(|earlier| earlier["organization"] = json!("o-other")), None);
    }

    #[test]
    fn other_or_unreadable_run_has_a_reason() {
        let spec = reason(|earlier| earlier["spec"]["sha256"] = json!("other"));
        assert_eq!(spec.as_deref(), Some("the runs differ in the scan spec"));
        let count = reason(|earlier| earlier["settings"]["shard"] = shard());
        assert_eq!(count.as_deref(), Some("the runs differ in the number of shards"));
        let old = reason(|earlier| earlier["started"] = json!("2026-11-21T16:00:00Z"));
        assert_eq!(old.as_deref(), Some("it started at 2026-11-21T16:00:00Z, and is another run"));
        let format = reason(|earlier| earlier["format_version"] = json!(99)).expect("a reason");
        assert!(format.contains("format version 99"), "{format}");
        assert!(reason(|earlier| *earlier = json!(null)).expect("a reason").contains("damaged"));
    }

    #[test]
    fn only_a_finished_shard_is_continued() {
        let finished = |shard: Value| {
            let mut own = sample_manifest();
            own["settings"]["shard"] = shard;
            let text = own.to_string();
            let own = serde_json::from_value(own).expect("a manifest");
            other_run(&own, text.as_bytes(), "2026-11-22T12:00:00Z".parse().expect("a time"))
        };
        assert_eq!(finished(Value::Null).as_deref(), Some("it is finished"));
        assert_eq!(finished(shard()), None);
    }
}
