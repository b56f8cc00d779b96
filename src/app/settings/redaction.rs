//! The redaction settings of a run.

use serde::{Deserialize, Serialize};

use crate::error::Failure;
use crate::model::catalog::read_only::DenialKind;
use crate::model::catalog::{Catalog, Function};
use crate::plan::PlannedCall;
use crate::plan::redaction::{AnswerPath, Redaction, find_function};
use crate::plan::spec::ScanSpec;

/// The redaction settings, as they are given on the command line and kept in the manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RedactionSettings {
    /// Whether sensitive values are redacted.
    pub(crate) redact: bool,
    /// Paths of further values to redact.
    pub(crate) paths: Vec<String>,
    /// Bulk-data functions that are called because of `--allow`.
    pub(crate) allow: Vec<String>,
    /// Functions that have not been reviewed and are called because of `--allow-unreviewed`.
    pub(crate) allow_unreviewed: Vec<String>,
}

impl RedactionSettings {
    /// Adds the allowed functions to a catalog.
    pub(crate) fn open(&self, catalog: &mut Catalog) -> Result<(), Failure> {
        let bulk_data = self.allow.iter().map(|text| (DenialKind::BulkData, text));
        let unreviewed = self.allow_unreviewed.iter().map(|text| (DenialKind::Unreviewed, text));
        for (kind, text) in bulk_data.chain(unreviewed) {
            let function = allowed(kind, text, catalog)?;
            catalog.allow(&function);
        }
        Ok(())
    }

    /// Parses the paths; each must match a value in the response of a call of the spec.
    pub(crate) fn check(&self, catalog: &Catalog, spec: &ScanSpec) -> Result<Redaction, Failure> {
        let calls: Vec<_> = PlannedCall::all(spec.entries.iter().cloned());
        let mut paths = Vec::new();
        for text in &self.paths {
            let unusable = |cause| Failure::usage("--redact").with_source(cause);
            let path = AnswerPath::parse(text, catalog).map_err(unusable)?;
            let functions = calls.iter().flat_map(PlannedCall::functions).map(|(_, function)| function);
            path.check(functions).map_err(unusable)?;
            paths.push(path);
        }
        Ok(if self.redact { Redaction::new(paths) } else { Redaction::only(paths) })
    }
}

/// Returns the function that an option allows, if the option is for functions of its kind.
fn allowed(kind: DenialKind, text: &str, catalog: &Catalog) -> Result<Function, Failure> {
    let option = option_for(kind).unwrap_or_default();
    let reject = |why: String| Failure::usage(format!("{option} {text}: {why}"));
    let (service, function) = text
        .split_once(':')
        .ok_or_else(|| reject("not SERVICE:FUNCTION, such as logs:get_log_events".to_owned()))?;
    let function = find_function(service, function, catalog).map_err(|cause| reject(cause.to_string()))?;
    let Some(denial) = catalog.denial(&function) else {
        return Err(reject("scans call it anyway".to_owned()));
    };
    if denial.kind == kind {
        return Ok(function);
    }
    Err(match option_for(denial.kind) {
        Some(other) => {
            reject(format!("not allowed ({denial})")).hint(format!("allow it with {other} {text}"))
        }
        None => reject(format!(
            "not allowed ({denial}); secrets, credentials and operations that do more than read can never be \
             allowed, only bulk data can"
        )),
    })
}

/// Returns the option that allows functions of a kind; `None` if no option does.
fn option_for(kind: DenialKind) -> Option<&'static str> {
    match kind {
        DenialKind::BulkData => Some("--allow"),
        DenialKind::Unreviewed => Some("--allow-unreviewed"),
        DenialKind::Credential | DenialKind::Secret | DenialKind::Effect => None,
    }
}
