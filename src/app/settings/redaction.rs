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
}

impl RedactionSettings {
    /// Adds the allowed functions to a catalog.
    pub(crate) fn open(&self, catalog: &mut Catalog) -> Result<(), Failure> {
        for text in &self.allow {
            let function = allowed(text, catalog)?;
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

/// Returns the function of `--allow`, if it can be allowed.
fn allowed(text: &str, catalog: &Catalog) -> Result<Function, Failure> {
    let reject = |why: String| Failure::usage(format!("--allow {text}: {why}"));
    let (service, function) = text
        .split_once(':')
        .ok_or_else(|| reject("not SERVICE:FUNCTION, such as logs:get_log_events".to_owned()))?;
    let function = find_function(service, function, catalog).map_err(|cause| reject(cause.to_string()))?;
    match catalog.denial(&function) {
        None => Err(reject("scans call it anyway".to_owned())),
        Some(denial) if denial.kind == DenialKind::BulkData => Ok(function),
        Some(denial) => Err(reject(format!(
            "not allowed ({denial}); secrets, credentials and operations that do more than read can never be \
             allowed, only bulk data can"
        ))),
    }
}
