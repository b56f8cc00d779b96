//! The manifest: what was run, by whom, with which settings, and what it came to.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Status;
use super::results::local::ResultLayout;
use crate::aws::client::RetryPolicy;
use crate::aws::http::ResponseLimit;
use crate::names::{AccountId, Region};
use crate::plan::Shard;
use crate::util::atomic_file;

/// Counts up with every change that an older reader of the tree would misunderstand.
pub const FORMAT_VERSION: u32 = 2;

/// `manifest.json`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the tree's format.
    pub format_version: u32,
    /// This program's version.
    pub version: String,
    /// The botocore version of the catalog.
    pub catalog_version: String,
    /// Whether AWS was simulated.
    pub simulated: bool,
    /// Where the run stands.
    pub state: RunState,
    /// When it began.
    pub started: DateTime<Utc>,
    /// When it ended.
    pub finished: Option<DateTime<Utc>>,
    /// Who ran it.
    pub caller: ManifestCaller,
    /// The organization's id, if there is one and it may be read.
    pub organization: Option<String>,
    /// The account that owns the organization, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub management_account: Option<AccountId>,
    /// The delegated administrators that were looked up, by the principal of their service.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub delegated_administrators: BTreeMap<String, Vec<AccountId>>,
    /// The spec.
    pub spec: ManifestSpec,
    /// What the command line decided.
    pub settings: ManifestSettings,
    /// How many calls ended how.
    pub totals: ManifestTotals,
    /// Shards that were not there when the others were joined.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing_shards: Vec<Shard>,
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Under way, or ended by force.
    Running,
    /// Every planned call has its line in the ledger.
    Finished,
    /// Stopped before its plan was done: by a signal, or because results could not be written.
    Interrupted,
}

/// Who ran it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestCaller {
    /// The account of the base credentials.
    pub account: AccountId,
    /// Their ARN.
    pub arn: String,
}

/// The spec that was run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ManifestSpec {
    /// The file, URL or built-in name.
    pub source: String,
    /// The SHA-256 of its text, hexadecimal.
    pub sha256: String,
    /// The document itself.
    pub document: Value,
}

/// What the command line decided.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ManifestSettings {
    /// The whole organization, or the caller's account alone.
    pub organization_scan: bool,
    /// The role assumed in member accounts.
    pub role_name: Option<String>,
    /// How that role was assumed. Manifests of earlier versions lack it.
    #[serde(default)]
    pub role: Option<ManifestRole>,
    /// What chose the accounts: options with their values, as they are typed.
    #[serde(default)]
    pub account_filters: Vec<String>,
    /// The profiles of accounts that were scanned side by side; empty where one caller scanned all.
    #[serde(default)]
    pub profiles: Vec<String>,
    /// The file that these profiles stand in, if it is not the shared AWS configuration.
    #[serde(default)]
    pub profiles_file: Option<PathBuf>,
    /// The regions that were asked for; `None` means those that each account has enabled.
    pub regions: Option<Vec<Region>>,
    /// The regions that were left out.
    pub exclude_regions: Vec<Region>,
    /// How results are divided into files.
    pub layout: ResultLayout,
    /// How often requests are tried again.
    pub retries: RetryPolicy,
    /// The largest body of a response that is read. Manifests of earlier versions lack it.
    #[serde(default)]
    pub max_response_size: ResponseLimit,
    /// How many requests are under way at once, at most.
    pub concurrency: usize,
    /// How many regions of an account are worked on at once, at most.
    pub concurrent_regions: usize,
    /// How many services of an account and region are worked on at once, at most.
    pub concurrent_services: usize,
    /// Whether every call is sent, also where its outcome could be concluded from that of others.
    pub ask_everything: bool,
    /// Whether what is sensitive was redacted.
    #[serde(default = "yes")]
    pub redact: bool,
    /// The paths that were redacted besides.
    #[serde(default)]
    pub redact_paths: Vec<String>,
    /// The functions that were called although their answers are bulk data.
    #[serde(default)]
    pub allow: Vec<String>,
    /// Which part of the organization was scanned; `None` means all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
    /// The folder in a bucket that the results were uploaded to: `s3://bucket/prefix/run`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bucket_folder: Option<String>,
}

/// What a run does whose manifest is too old to say.
fn yes() -> bool {
    true
}

/// How the role was assumed. Nothing of it is a secret: AWS says so of the external id as well
/// (docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestRole {
    /// The role's path.
    pub path: String,
    /// The role's ARN with `{account}` in place of the account.
    pub arn_template: Option<String>,
    /// The ARN of the role that was assumed first.
    pub via_role: Option<String>,
    /// The external id.
    pub external_id: Option<String>,
    /// The name of the sessions.
    pub session_name: String,
    /// Who is behind them.
    pub source_identity: Option<String>,
    /// Their tags.
    pub session_tags: BTreeMap<String, String>,
    /// How long they last, in seconds; `None` leaves it to AWS.
    pub duration_seconds: Option<u64>,
    /// `plan`, `none`, the ARN of a managed policy, or a policy document.
    pub session_policy: String,
}

/// How many calls ended how.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestTotals {
    /// Accounts in the organization.
    pub accounts: u64,
    /// Accounts that were scanned.
    pub accounts_scanned: u64,
    /// Calls per status: lines of the ledger that are about a planned call.
    pub calls: BTreeMap<Status, u64>,
    /// Lines of the ledger, those about single items and about entries that are not called included.
    /// Manifests of earlier versions lack it, and count all lines as calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<u64>,
    /// Planned calls without a result, because the run was stopped; an estimate where accounts were not
    /// started.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unfinished: u64,
    /// Requests sent, retries included.
    pub requests: u64,
    /// Items found.
    pub items: u64,
    /// Values that were redacted because of where they stand.
    #[serde(default)]
    pub redacted: u64,
    /// Places in free text that look like a secret.
    #[serde(default)]
    pub secrets: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl ManifestTotals {
    /// Takes over what the calls came to.
    pub fn count(&mut self, calls: &BTreeMap<Status, u64>, requests: u64, items: u64) {
        self.calls.clone_from(calls);
        self.requests = requests;
        self.items = items;
    }
}

/// Why a manifest cannot be used.
#[derive(Debug)]
pub enum ManifestError {
    /// There is none.
    Missing,
    /// It cannot be read, or is not what this program writes.
    Damaged(io::Error),
    /// It is of another format version; the second is the version of the program that wrote it.
    OtherFormat(u64, String),
}

impl fmt::Display for ManifestError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => formatter.write_str("there is no manifest.json"),
            Self::Damaged(cause) => write!(formatter, "manifest.json is damaged: {cause}"),
            Self::OtherFormat(version, program) => write!(
                formatter,
                "it has format version {version} (written by scan {program}); this program reads format version \
                 {FORMAT_VERSION}"
            ),
        }
    }
}

impl std::error::Error for ManifestError {}

impl Manifest {
    /// Reads the manifest of a run that has begun.
    pub fn read(path: &Path) -> Result<Self, ManifestError> {
        let text = match atomic_file::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(ManifestError::Missing),
            text => text.map_err(ManifestError::Damaged)?,
        };
        let damaged = |cause: serde_json::Error| ManifestError::Damaged(cause.into());
        let document: Value = serde_json::from_slice(&text).map_err(damaged)?;
        // First the version: the rest may be anything in another.
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
