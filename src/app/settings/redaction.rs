//! Redaction settings of a run.

use serde::{Deserialize, Serialize};

use crate::error::Failure;
use crate::model::catalog::read_only::DenialKind;
use crate::model::catalog::{Catalog, Function};
use crate::plan::PlannedCall;
use crate::plan::redaction::{AnswerPath, Redaction, find_function};
use crate::plan::spec::ScanSpec;

/// The same as it was typed, for the manifest of the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RedactionSettings {
    /// Whether what is sensitive is redacted.
    pub(crate) redact: bool,
    /// What is redacted besides.
    pub(crate) paths: Vec<String>,
    /// What is called although scans leave it out.
    pub(crate) allow: Vec<String>,
}

impl RedactionSettings {
    /// Lets a catalog call what was allowed.
    pub(crate) fn open(&self, catalog: &mut Catalog) -> Result<(), Failure> {
        for text in &self.allow {
            let function = allowed(text, catalog)?;
            catalog.allow(&function);
        }
        Ok(())
    }

    /// Reads the paths; each has to lead somewhere in what the spec calls.
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

/// The function that `--allow` names, if it may be called at all.
fn allowed(text: &str, catalog: &Catalog) -> Result<Function, Failure> {
    let refuse = |why: String| Failure::usage(format!("--allow {text}: {why}"));
    let (service, function) = text
        .split_once(':')
        .ok_or_else(|| refuse("write service and function, as in logs:get_log_events".to_owned()))?;
    let function = find_function(service, function, catalog).map_err(|cause| refuse(cause.to_string()))?;
    match catalog.denial(&function) {
        None => Err(refuse("scans call it anyway, there is nothing to allow".to_owned())),
        Some(denial) if denial.kind == DenialKind::BulkData => Ok(function),
        Some(denial) => Err(refuse(format!(
            "it is refused ({denial}). Only bulk data can be allowed, what is or makes a secret or does more \
             than read never"
        ))),
    }
}
