//! Paths into responses, in jq's syntax: the values of `--redact`.

use std::fmt;

use super::mask::{Mask, MaskTreatment};
use super::steps::{ValueStep, steps};
use crate::model::catalog::{Catalog, CatalogError, Function, Service, ShapeId, ShapeKind, function_name};
use crate::util::suggest::{did_you_mean, did_you_mean_function};

/// A path into the responses of one function, or of all functions that have it:
/// `ec2:describe_instances:.Reservations[].Instances[].Tags[].Value`, `.Reservations[].OwnerId`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerPath {
    text: String,
    /// Service and function, both as boto3 names them.
    function: Option<(String, String)>,
    steps: Vec<ValueStep>,
}

/// The reason why a path cannot be used: a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct AnswerPathError(String);

impl From<CatalogError> for AnswerPathError {
    fn from(error: CatalogError) -> Self {
        Self(error.to_string())
    }
}

impl AnswerPath {
    /// Parses a path; a function in front of it must exist.
    pub fn parse(text: &str, catalog: &Catalog) -> Result<Self, AnswerPathError> {
        let (function, path) = match text.find('.') {
            Some(0) => (None, text),
            Some(start) => (Some(named_function(text, &text[..start], catalog)?), &text[start..]),
            None => return Err(malformed(text)),
        };
        let steps = steps(path).filter(|steps| !steps.is_empty()).ok_or_else(|| malformed(text))?;
        Ok(Self { text: text.to_owned(), function, steps })
    }

    /// Returns whether the path applies to the responses of this function.
    pub(super) fn is_for(&self, function: &Function) -> bool {
        let is_meant = self
            .function
            .as_ref()
            .is_none_or(|(service, name)| **service == *function.service().name && name == function.name());
        is_meant && self.lead(function).is_ok()
    }

    /// Checks that the path exists in the responses of at least one of these functions.
    pub fn check<'plan>(
        &self,
        functions: impl IntoIterator<Item = &'plan Function>,
    ) -> Result<(), AnswerPathError> {
        let (mut is_asked, mut near) = (self.function.is_none(), String::new());
        for function in functions {
            if self.is_for(function) {
                return Ok(());
            }
            let named = (function.service().name.to_string(), function.name().to_owned());
            if self.function.as_ref() == Some(&named) {
                is_asked = true;
                near = self.lead(function).err().unwrap_or_default();
            }
        }
        let text = &self.text;
        Err(AnswerPathError(match (&self.function, is_asked) {
            (Some((service, function)), false) => {
                format!("`{text}` is about {service} {function}, which this scan does not call")
            }
            (Some((service, function)), true) => {
                format!("`{text}` matches nothing in the responses of {service} {function}{near}")
            }
            (None, _) => format!("`{text}` matches nothing in the responses of any function of this scan"),
        }))
    }

    pub(super) fn mask(&self) -> Mask {
        Mask::of_steps(&self.steps, MaskTreatment::Redact)
    }

    /// Follows the path through the model; if it does not exist, the error suggests the nearest name.
    fn lead(&self, function: &Function) -> Result<(), String> {
        let Some(output) = &function.operation().output else { return Err(String::new()) };
        follow(function.service(), output.shape, &self.steps)
    }
}

impl fmt::Display for AnswerPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

fn follow(service: &Service, shape: ShapeId, steps: &[ValueStep]) -> Result<(), String> {
    let Some((step, rest)) = steps.split_first() else { return Ok(()) };
    match (service.kind(shape), step) {
        (ShapeKind::Structure(structure), ValueStep::Member(name)) => match structure.member(name) {
            Some((_, member)) => follow(service, member.reference.shape, rest),
            None => Err(did_you_mean(name, structure.members.iter().map(|member| &*member.name))),
        },
        (ShapeKind::List(list), ValueStep::Each) => follow(service, list.member.shape, rest),
        (ShapeKind::Map(map), _) => follow(service, map.value.shape, rest),
        // The content of a document is not in the model.
        (ShapeKind::Document, _) => Ok(()),
        (ShapeKind::List(_), ValueStep::Member(name)) => {
            Err(format!("; `.{name}` is applied to a list: use `[].{name}`"))
        }
        _ => Err(String::new()),
    }
}

/// Returns the function in front of a path: `ec2:describe_instances:`.
fn named_function(text: &str, front: &str, catalog: &Catalog) -> Result<(String, String), AnswerPathError> {
    let parts: Vec<&str> = front.split(':').collect();
    let [service, function, ""] = parts.as_slice() else { return Err(malformed(text)) };
    find_function(service, function, catalog)
        .map(|function| (function.service().name.to_string(), function.name().to_owned()))
        .map_err(|AnswerPathError(why)| AnswerPathError(format!("`{text}`: {why}")))
}

/// Finds the function that `service` and `function` name, in any spelling.
pub fn find_function(service: &str, function: &str, catalog: &Catalog) -> Result<Function, AnswerPathError> {
    let model = catalog.service(service)?.ok_or_else(|| {
        let near = did_you_mean(service, catalog.entries().iter().map(|entry| entry.name.as_str()));
        AnswerPathError(format!("unknown service `{service}`{near}"))
    })?;
    let name = if function.contains(|letter: char| letter.is_ascii_uppercase()) {
        function_name(function)
    } else {
        function.replace('-', "_")
    };
    Function::find(&model, &name).ok_or_else(|| {
        let names = model.operations.iter().map(|operation| &*operation.function);
        let near = did_you_mean_function(&name, names);
        AnswerPathError(format!("{service} has no function `{name}`{near}"))
    })
}

fn malformed(text: &str) -> AnswerPathError {
    AnswerPathError(format!(
        "`{text}` is not a path into a response: use `.Member`, `[]` for every item, and the function in front \
         if only one is meant, as in `ec2:describe_instances:.Reservations[].Instances[].Tags[].Value`"
    ))
}

#[cfg(test)]
mod tests {
    use super::AnswerPath;
    use crate::model::catalog::{Catalog, Function};

    fn function(service: &str, name: &str) -> (Catalog, Function) {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        let model = catalog.service(service).expect("loads").expect("exists");
        (catalog, Function::find(&model, name).expect("exists"))
    }

    /// Returns the error for a path in a scan that only calls `ec2 describe_instances`.
    fn complaint(path: &str) -> String {
        let (catalog, function) = function("ec2", "describe_instances");
        let checked = AnswerPath::parse(path, &catalog).and_then(|path| path.check([&function]));
        checked.expect_err("a path that does not exist").to_string()
    }

    /// A path is for the function before it, or for all functions that have it.
    #[test]
    fn answer_path_applies_to_its_function_or_all() {
        let (catalog, function) = function("ec2", "describe_instances");
        for path in [
            "ec2:describe_instances:.Reservations[].Instances[].Tags[].Value",
            "ec2:DescribeInstances:.Reservations",
            ".Reservations[].OwnerId",
        ] {
            let path = AnswerPath::parse(path, &catalog).expect("a path");
            assert_eq!(path.check([&function]), Ok(()), "{path}");
        }
    }

    #[test]
    fn a_path_that_leads_nowhere_is_told_the_nearest_name() {
        assert_eq!(
            complaint("ec2:describe_instances:.Reservations[].Instance[].Tags"),
            "`ec2:describe_instances:.Reservations[].Instance[].Tags` matches nothing in the responses of ec2 \
             describe_instances; did you mean `Instances`?"
        );
        assert_eq!(
            complaint("ec2:describe_instances:.Reservations.OwnerId"),
            "`ec2:describe_instances:.Reservations.OwnerId` matches nothing in the responses of ec2 \
             describe_instances; `.OwnerId` is applied to a list: use `[].OwnerId`"
        );
        assert_eq!(
            complaint(".Buckets[].Name"),
            "`.Buckets[].Name` matches nothing in the responses of any function of this scan"
        );
        assert_eq!(
            complaint("s3:list_buckets:.Buckets"),
            "`s3:list_buckets:.Buckets` is about s3 list_buckets, which this scan does not call"
        );
        assert!(
            complaint("ec2:describe_instance:.Reservations").contains("did you mean `describe_instances`")
        );
        assert!(complaint("ec3:describe_instances:.Reservations").contains("unknown service `ec3`"));
    }

    #[test]
    fn invalid_answer_path_error_shows_example() {
        for path in ["", ".", "Reservations", ".A[0]", ".A | .B", "ec2:.A", ".A[", ".A..B", ".[\"a", ".\"a"] {
            assert!(complaint(path).contains("is not a path into a response"), "{path}");
        }
    }
}
