//! Reads scenarios, and says where they are wrong.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::Scenario;
use super::rule::FaultRule;
use crate::error::Failure;
use crate::util::suggest::did_you_mean;

/// A scenario as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "what it is for is said to people only")]
struct ScenarioDocument {
    description: Option<String>,
    #[serde(default)]
    seed: u64,
    rules: Vec<FaultRule>,
}

impl Scenario {
    /// Reads the scenario in a file.
    ///
    /// # Errors
    ///
    /// As [`Scenario::parse`], and when the file cannot be read.
    pub fn load(path: &Path) -> Result<Self, Failure> {
        let origin = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|cause| {
            Failure::usage(format!("the scenario {origin} cannot be read")).with_source(cause)
        })?;
        Self::parse(&text, &origin)
    }

    /// Reads a scenario; `origin` names it in errors.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Usage`](crate::error::FailureKind) that says where the text is not JSON, or
    /// which member of it has a name or a value that there is not, and the nearest that there is.
    pub fn parse(text: &str, origin: &str) -> Result<Self, Failure> {
        let mut document: Value = serde_json::from_str(text)
            .map_err(|cause| Failure::usage(format!("{origin} is not JSON: {cause}")))?;
        spell_out_faults(&mut document);
        let document: ScenarioDocument = serde_path_to_error::deserialize(document).map_err(|error| {
            let (path, what) = (error.path().to_string(), error.inner().to_string());
            let place = if path == "." { String::new() } else { format!("{path}: ") };
            Failure::usage(format!("{origin}: {place}{what}{}", nearest(&what)))
        })?;
        for (index, rule) in document.rules.iter().enumerate() {
            rule.check().map_err(|(field, what)| {
                Failure::usage(format!("{origin}: rules[{index}].{field}: {what}"))
            })?;
        }
        Ok(Self::new(document.seed, document.rules))
    }
}

/// A fault that is only named (`"reset"`) has no parameters (`{"reset": {}}`).
fn spell_out_faults(document: &mut Value) {
    let rules = document.get_mut("rules").and_then(Value::as_array_mut);
    for fault in rules.into_iter().flatten().filter_map(|rule| rule.get_mut("fault")) {
        if let Value::String(name) = fault {
            let name = std::mem::take(name);
            *fault = serde_json::json!({ name: {} });
        }
    }
}

/// The nearest of the names that serde lists: "unknown field `rat`, expected `rate` or `burst`".
fn nearest(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    match quoted.next() {
        Some(wrong) if message.starts_with("unknown") => did_you_mean(wrong, quoted),
        _ => String::new(),
    }
}
