//! Reads scenarios, and reports errors with their location.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::Scenario;
use super::rule::FaultRule;
use crate::error::Failure;
use crate::util::suggest::did_you_mean;

/// The document of a scenario.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the description is for the reader of the file")]
struct ScenarioDocument {
    description: Option<String>,
    #[serde(default)]
    seed: u64,
    rules: Vec<FaultRule>,
}

impl Scenario {
    /// Reads a scenario from a file.
    ///
    /// # Errors
    ///
    /// Fails like [`Scenario::parse`], and if the file cannot be read.
    pub fn load(path: &Path) -> Result<Self, Failure> {
        let origin = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|cause| Failure::usage(format!("cannot read scenario `{origin}`")).with_source(cause))?;
        Self::parse(&text, &origin)
    }

    /// Parses a scenario; `origin` is its name in errors.
    ///
    /// # Errors
    ///
    /// Returns a [`FailureKind::Usage`](crate::error::FailureKind) with the position of a JSON syntax error, or
    /// with the path of an invalid member and the closest valid name.
    pub fn parse(text: &str, origin: &str) -> Result<Self, Failure> {
        let mut document: Value = serde_json::from_str(text)
            .map_err(|cause| Failure::usage(format!("{origin} is not JSON: {cause}")))?;
        spell_out_faults(&mut document);
        let document: ScenarioDocument = serde_path_to_error::deserialize(document).map_err(|error| {
            let (path, problem) = (error.path().to_string(), error.inner().to_string());
            let place = if path == "." { String::new() } else { format!("{path}: ") };
            Failure::usage(format!("{origin}: {place}{problem}{}", nearest(&problem)))
        })?;
        for (index, rule) in document.rules.iter().enumerate() {
            rule.check().map_err(|(field, problem)| {
                Failure::usage(format!("{origin}: rules[{index}].{field}: {problem}"))
            })?;
        }
        Ok(Self::new(document.seed, document.rules))
    }
}

/// Rewrites a fault that is only a name (`"reset"`) to a fault without parameters (`{"reset": {}}`).
fn spell_out_faults(document: &mut Value) {
    let rules = document.get_mut("rules").and_then(Value::as_array_mut);
    for fault in rules.into_iter().flatten().filter_map(|rule| rule.get_mut("fault")) {
        if let Value::String(name) = fault {
            let name = std::mem::take(name);
            *fault = serde_json::json!({ name: {} });
        }
    }
}

/// Returns the closest of the names in serde's message: "unknown field `rat`, expected `rate` or `burst`".
fn nearest(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    match quoted.next() {
        Some(wrong) if message.starts_with("unknown") => did_you_mean(wrong, quoted),
        _ => String::new(),
    }
}
