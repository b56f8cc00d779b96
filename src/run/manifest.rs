//! The manifest of a run: the caller, the spec, the settings and the totals.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Status;
use super::results::result_writer::ResultLayout;
use crate::aws::client::RetryPolicy;
use crate::aws::http::ResponseLimit;
use crate::aws::organization::UnknownDetail;
use crate::names::{AccountId, RegionPattern};
use crate::plan::Shard;
use crate::plan::spec::AcceptedGap;
use crate::util::atomic_file;

/// The format version. It is incremented with every change that an older reader of the tree would misunderstand.
pub const FORMAT_VERSION: u32 = 2;

/// `manifest.json`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the tree's format.
    pub format_version: u32,
    /// The version of this program.
    pub version: String,
    /// The botocore version of the catalog.
    pub catalog_version: String,
    /// Whether AWS was simulated.
    pub simulated: bool,
    /// The state of the run.
    pub state: RunState,
    /// The time when the run started.
    pub started: DateTime<Utc>,
    /// The time when the run ended.
    pub finished: Option<DateTime<Utc>>,
    /// The caller who ran it.
    pub caller: ManifestCaller,
    /// The organization's id, if there is one and it may be read.
    pub organization: Option<String>,
    /// The management account of the organization, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub management_account: Option<AccountId>,
    /// The delegated administrators that were looked up, by the principal of their service.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub delegated_administrators: BTreeMap<String, Vec<AccountId>>,
    /// The details of accounts that could not be looked up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown_account_details: Vec<UnknownDetail>,
    /// The spec.
    pub spec: ManifestSpec,
    /// The gaps that are counted apart from others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepted_gaps: Vec<AcceptedGap>,
    /// The settings of the command line.
    pub settings: ManifestSettings,
    /// The number of calls per outcome, and other totals.
    pub totals: ManifestTotals,
    /// Shards that were missing when the others were merged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing_shards: Vec<Shard>,
}

/// The state of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Running, or killed, before all accounts were listed: `accounts.json` has only the first ones, at least those
    /// that were scanned.
    Listing,
    /// Running, or killed.
    Running,
    /// Every planned call has its line in the ledger.
    Finished,
    /// Stopped before its plan was complete: by a signal, or because results could not be written.
    Interrupted,
}

/// The caller who ran a scan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestCaller {
    /// The account of the base credentials.
    pub account: AccountId,
    /// The ARN of the base credentials.
    pub arn: String,
}

/// The spec that was run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ManifestSpec {
    /// The file, URL or built-in name.
    pub source: String,
    /// The SHA-256 of its text, in hexadecimal.
    pub sha256: String,
    /// The document itself.
    pub document: Value,
}

/// The settings of the command line.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ManifestSettings {
    /// Whether the whole organization was scanned, or only the caller's account.
    pub organization_scan: bool,
    /// The role assumed in member accounts.
    pub role_name: Option<String>,
    /// How that role was assumed.
    pub role: ManifestRole,
    /// The permission sets that were used instead of a role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permission_sets: Option<ManifestPermissionSets>,
    /// The options that selected the accounts, with their values, as they are typed.
    pub account_filters: Vec<String>,
    /// The profiles of accounts that were scanned together; empty if one caller scanned all.
    pub profiles: Vec<String>,
    /// The file that contains these profiles, if it is not the shared AWS configuration.
    pub profiles_file: Option<PathBuf>,
    /// The accounts that the credentials had to belong to; empty if they could belong to any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expected_accounts: Vec<AccountId>,
    /// The regions that were requested, by name or pattern; `None` means the regions that each account has enabled.
    pub regions: Option<Vec<RegionPattern>>,
    /// The regions that were excluded.
    pub exclude_regions: Vec<RegionPattern>,
    /// The way in which results are divided into files.
    pub layout: ResultLayout,
    /// The maximum number of retries, and their delays.
    pub retries: RetryPolicy,
    /// The maximum size of a response body.
    pub max_response_size: ResponseLimit,
    /// The maximum number of concurrent requests.
    pub concurrency: usize,
    /// The maximum number of regions of an account that are scanned concurrently.
    pub concurrent_regions: usize,
    /// The maximum number of services of an account and region that are scanned concurrently.
    pub concurrent_services: usize,
    /// Whether every call is sent, even if its outcome could be inferred from that of others.
    pub ask_everything: bool,
    /// Whether sensitive values were redacted.
    pub redact: bool,
    /// The additional paths that were redacted.
    pub redact_paths: Vec<String>,
    /// The functions that were called although their responses are bulk data.
    pub allow: Vec<String>,
    /// The functions of a newer catalog that were called although their responses had not been reviewed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow_unreviewed: Vec<String>,
    /// The part of the organization that was scanned; `None` means all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
    /// The folder in a bucket that the results were uploaded to: `s3://bucket/prefix/run`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bucket_folder: Option<String>,
}

/// The permission sets of IAM Identity Center, and the SSO session of the user. The token is not stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestPermissionSets {
    /// The names, in the order in which they are tried in each account.
    pub names: Vec<String>,
    /// The name of the SSO session; `None` for the session of an older profile, which has no name.
    pub sso_session: Option<String>,
}

/// How the role was assumed. None of this is secret: according to AWS, not even the external id
/// (docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestRole {
    /// The names of the roles that were tried after the first one, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fallback_names: Vec<String>,
    /// The role's path.
    pub path: String,
    /// The role's ARN with `{account}` in place of the account.
    pub arn_template: Option<String>,
    /// The ARN of the role that was assumed first (role chaining).
    pub via_role: Option<String>,
    /// The external id.
    pub external_id: Option<String>,
    /// The name of the sessions.
    pub session_name: String,
    /// The source identity of the sessions.
    pub source_identity: Option<String>,
    /// The tags of the sessions.
    pub session_tags: BTreeMap<String, String>,
    /// The duration of the sessions in seconds; with `None` AWS decides.
    pub duration_seconds: Option<u64>,
    /// `plan`, `none`, the ARN of a managed policy, or a policy document.
    pub session_policy: String,
}

/// The totals of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestTotals {
    /// Accounts in the organization.
    pub accounts: u64,
    /// Accounts that were scanned.
    pub accounts_scanned: u64,
    /// Accounts per role or permission set that was used, if accounts differ in that.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub accounts_by_access: BTreeMap<String, u64>,
    /// Calls per status: lines of the ledger that are about a planned call.
    pub calls: BTreeMap<Status, u64>,
    /// Lines of the ledger, including those about single items and about skipped entries.
    pub lines: u64,
    /// Planned calls without a result, because the run was stopped; an estimate if accounts were not started.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unfinished: u64,
    /// Requests sent, including retries.
    pub requests: u64,
    /// Items found.
    pub items: u64,
    /// Values that were redacted because of their path.
    pub redacted: u64,
    /// Places in free text that look like a secret.
    pub secrets: u64,
    /// Calls that were denied or failed, or that have items that were, without accepted ones; unknown in older runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incomplete: Option<u64>,
    /// Calls whose failure is accepted.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub accepted: u64,
    /// The length of all results in bytes; unknown in older runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl ManifestTotals {
    /// Sets the totals of the calls.
    pub fn count(&mut self, calls: &BTreeMap<Status, u64>, requests: u64, items: u64) {
        self.calls.clone_from(calls);
        self.requests = requests;
        self.items = items;
    }

    /// Returns how many calls were denied or failed. In older runs, calls that failed only for some items or pages are
    /// not counted.
    #[must_use]
    pub(crate) fn gaps(&self) -> u64 {
        let failed = self.calls.iter().filter(|(status, _)| status.is_failure()).map(|(_, calls)| calls);
        self.incomplete.unwrap_or_else(|| failed.sum())
    }
}

/// The reason why a manifest cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// There is no manifest.
    #[error("there is no manifest.json")]
    Missing,
    /// The manifest cannot be read, or was not written by this program.
    #[error("manifest.json is damaged: {0}")]
    Damaged(io::Error),
    /// The manifest has another format version; the second value is the version of the program that wrote it.
    #[error(
        "it has format version {0} (written by scan {1}); this program reads format version {FORMAT_VERSION}"
    )]
    OtherFormat(u64, String),
}

impl Manifest {
    /// Reads the manifest of an existing run.
    pub fn read(path: &Path) -> Result<Self, ManifestError> {
        let text = match atomic_file::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(ManifestError::Missing),
            text => text.map_err(ManifestError::Damaged)?,
        };
        Self::parse(&text)
    }

    /// Parses the text of a manifest.
    pub fn parse(text: &[u8]) -> Result<Self, ManifestError> {
        let damaged = |cause: serde_json::Error| ManifestError::Damaged(cause.into());
        let document: Value = serde_json::from_slice(text).map_err(damaged)?;
        // The version is checked first: the rest may have another structure in other versions.
        match document["format_version"].as_u64() {
            Some(version) if version != u64::from(FORMAT_VERSION) => {
                let program = document["version"].as_str().unwrap_or("of an unknown version");
                Err(ManifestError::OtherFormat(version, program.to_owned()))
            }
            _ => serde_json::from_value(document).map_err(damaged),
        }
    }

    /// Writes the manifest atomically.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        write_json(path, self)
    }
}

/// Writes a small JSON document atomically.
pub fn write_json(path: &Path, document: &impl Serialize) -> io::Result<()> {
    atomic_file::write_file(path, |writer| {
        serde_json::to_writer_pretty(&mut *writer, document)?;
        writer.write_all(b"\n")
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Manifest;
    use crate::run::samples::sample_manifest;

    #[test]
    fn manifest_without_required_field_is_damaged() {
        let whole = sample_manifest();
        assert!(serde_json::from_value::<Manifest>(whole.clone()).is_ok());
        for object in ["", "/caller", "/spec", "/settings", "/settings/role", "/settings/retries", "/totals"]
        {
            let members = whole.pointer(object).and_then(Value::as_object).expect("an object");
            // A field that may be null has the same meaning without it.
            for (name, _) in members.iter().filter(|(name, value)| !value.is_null() && is_required(name)) {
                let mut manifest = whole.clone();
                let members = manifest.pointer_mut(object).and_then(Value::as_object_mut);
                members.expect("an object").remove(name);
                let error = serde_json::from_value::<Manifest>(manifest).expect_err(name).to_string();
                assert!(error.contains(&format!("missing field `{name}`")), "{object}: {error}");
            }
        }
    }

    /// Returns whether a field of the sample cannot be null.
    fn is_required(name: &str) -> bool {
        !["finished", "organization"].contains(&name)
    }

    #[test]
    fn manifest_without_omitted_fields_is_complete() {
        let mut manifest = sample_manifest();
        manifest["totals"]["unfinished"] = json!(0);
        let manifest: Manifest = serde_json::from_value(manifest).expect("a manifest");
        let written = serde_json::to_value(&manifest).expect("JSON");
        assert_eq!(written, sample_manifest());
    }
}
