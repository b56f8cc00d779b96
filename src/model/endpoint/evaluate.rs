//! The evaluation of a rule set: the first rule whose conditions hold decides.

use std::borrow::Cow;
use std::rc::Rc;

use super::error::EndpointError;
use super::functions;
use super::parameters::Parameters;
use super::partitions::Partitions;
use super::resolved::{AuthScheme, ResolvedEndpoint};
use super::rules::{
    Application, AuthSchemeTemplate, Consequence, EndpointRule, EndpointTemplate, Expression, Parameter,
    ParameterKind, RuleFunction, RuleSet, TemplatePart, VariableSlot,
};
use super::value::Value;
use crate::model::catalog::ContextValue;

/// The maximum length of a text, far more than a URL may have. Rules that repeatedly insert a text into itself
/// would otherwise double it each time.
const MAX_TEXT_LENGTH: usize = 64 * 1024;

impl RuleSet {
    /// Finds the endpoint for the given parameters.
    ///
    /// Absent parameters take the rule set's defaults; an absent required parameter without a default is an error,
    /// as is a value of the wrong type.
    pub fn resolve(
        &self,
        parameters: &Parameters,
        partitions: &Partitions,
    ) -> Result<ResolvedEndpoint, EndpointError> {
        let mut scope = VariableScope {
            rule_set: self,
            partitions,
            values: vec![None; self.variables.len()],
            assignments: Vec::new(),
        };
        for (slot, parameter) in scope.values.iter_mut().zip(&self.parameters) {
            *slot = parameter.value(parameters)?.map(Value::from);
        }
        scope.rules(&self.rules)?.ok_or(EndpointError::NoRule)
    }
}

impl Parameter {
    fn value<'a>(&'a self, given: &'a Parameters) -> Result<Option<&'a ContextValue>, EndpointError> {
        let error = |problem| EndpointError::Parameter { name: self.name.to_string(), problem };
        let value = given.get(&self.name).or(self.default.as_ref());
        match (value, self.kind) {
            (None, _) if self.required => Err(error("is required and has no value")),
            (None, _)
            | (Some(ContextValue::String(_)), ParameterKind::String)
            | (Some(ContextValue::Boolean(_)), ParameterKind::Boolean)
            | (Some(ContextValue::Strings(_)), ParameterKind::Strings) => Ok(value),
            (Some(_), ParameterKind::String) => Err(error("must be a string")),
            (Some(_), ParameterKind::Boolean) => Err(error("must be true or false")),
            (Some(_), ParameterKind::Strings) => Err(error("must be a list of strings")),
        }
    }
}

/// The values of the variables at one point of the evaluation.
struct VariableScope<'a> {
    rule_set: &'a RuleSet,
    partitions: &'a Partitions,
    values: Vec<Option<Value<'a>>>,
    /// The variables that conditions have set, so that they can be cleared at the end of a rule.
    assignments: Vec<VariableSlot>,
}

impl<'a> VariableScope<'a> {
    fn rules(&mut self, rules: &'a [EndpointRule]) -> Result<Option<ResolvedEndpoint>, EndpointError> {
        for rule in rules {
            let before = self.assignments.len();
            if let Some(endpoint) = self.rule(rule)? {
                return Ok(Some(endpoint));
            }
            for slot in self.assignments.drain(before..) {
                self.values[usize::from(slot.0)] = None;
            }
        }
        Ok(None)
    }

    fn rule(&mut self, rule: &'a EndpointRule) -> Result<Option<ResolvedEndpoint>, EndpointError> {
        for condition in &rule.conditions {
            if is_false(self.apply(condition)?.as_ref()) {
                return Ok(None);
            }
        }
        match &rule.consequence {
            Consequence::Rules(rules) => self.rules(rules),
            Consequence::Endpoint(template) => self.endpoint(template).map(Some),
            Consequence::Error(message) => Err(EndpointError::Refused(self.text(message)?.into_owned())),
        }
    }

    fn apply(&mut self, application: &'a Application) -> Result<Option<Value<'a>>, EndpointError> {
        let value = self.call(&application.function)?;
        if let Some(slot) = application.assign {
            let variable = &mut self.values[usize::from(slot.0)];
            if variable.is_some() {
                let name = &self.rule_set.variables[usize::from(slot.0)];
                return Err(EndpointError::Evaluation(format!("`{name}` is set a second time")));
            }
            variable.clone_from(&value);
            self.assignments.push(slot);
        }
        Ok(value)
    }

    fn call(&mut self, function: &'a RuleFunction) -> Result<Option<Value<'a>>, EndpointError> {
        let value = match function {
            RuleFunction::IsSet(value) => Value::Boolean(self.value(value)?.is_some()),
            RuleFunction::Not(value) => Value::Boolean(is_false(self.value(value)?.as_ref())),
            RuleFunction::GetAttribute(value, path) => {
                return Ok(self.value(value)?.and_then(|value| value.follow(path)));
            }
            RuleFunction::StringEquals(left, right) => Value::Boolean(self.text(left)? == self.text(right)?),
            RuleFunction::BooleanEquals(left, right) => {
                Value::Boolean(self.boolean(left)? == self.boolean(right)?)
            }
            RuleFunction::Partition(region) => {
                let region = self.optional_text(region)?;
                Value::Partition(self.partitions.of_region(region.as_deref().unwrap_or_default()))
            }
            RuleFunction::ParseArn(value) => {
                let arn = self.optional_text(value)?.and_then(|text| functions::parse_arn(&text));
                return Ok(arn.map(|arn| Value::Arn(Rc::new(arn))));
            }
            RuleFunction::ParseUrl(value) => {
                let url = self.optional_text(value)?.and_then(|text| functions::parse_url(&text));
                return Ok(url.map(|url| Value::Url(Rc::new(url))));
            }
            RuleFunction::UriEncode(value) => {
                let text = self.optional_text(value)?;
                return Ok(text.map(|text| Value::Text(functions::uri_encode(&text).into())));
            }
            RuleFunction::IsValidHostLabel { value, allow_subdomains } => {
                let allow_subdomains = self.boolean(allow_subdomains)?;
                let text = self.optional_text(value)?;
                Value::Boolean(
                    text.is_some_and(|text| functions::is_valid_host_label(&text, allow_subdomains)),
                )
            }
            RuleFunction::IsVirtualHostableBucket { value, allow_subdomains } => {
                let allow_subdomains = self.boolean(allow_subdomains)?;
                let text = self.optional_text(value)?;
                Value::Boolean(
                    text.is_some_and(|text| functions::is_virtual_hostable_bucket(&text, allow_subdomains)),
                )
            }
            RuleFunction::Substring { value, start, stop, reverse } => {
                let text = self.text(value)?;
                return Ok(functions::substring(&text, *start, *stop, *reverse).map(Value::owned));
            }
        };
        Ok(Some(value))
    }

    fn value(&mut self, expression: &'a Expression) -> Result<Option<Value<'a>>, EndpointError> {
        match expression {
            Expression::Text(text) => Ok(Some(Value::text(text))),
            Expression::Boolean(value) => Ok(Some(Value::Boolean(*value))),
            Expression::Template(parts) => Ok(Some(Value::Text(self.fill(parts)?.into()))),
            Expression::Variable(slot) => Ok(self.values[usize::from(slot.0)].clone()),
            Expression::Application(application) => self.apply(application),
        }
    }

    fn optional_text(&mut self, expression: &'a Expression) -> Result<Option<Cow<'a, str>>, EndpointError> {
        match self.value(expression)? {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(_) => Err(EndpointError::Evaluation(format!("not a string: {}", self.describe(expression)))),
        }
    }

    fn text(&mut self, expression: &'a Expression) -> Result<Cow<'a, str>, EndpointError> {
        let text = self.optional_text(expression)?;
        text.ok_or_else(|| EndpointError::Evaluation(format!("no value: {}", self.describe(expression))))
    }

    fn boolean(&mut self, expression: &'a Expression) -> Result<bool, EndpointError> {
        match self.value(expression)? {
            Some(Value::Boolean(value)) => Ok(value),
            _ => Err(EndpointError::Evaluation(format!(
                "neither true nor false: {}",
                self.describe(expression)
            ))),
        }
    }

    fn fill(&self, parts: &[TemplatePart]) -> Result<String, EndpointError> {
        let mut text = String::new();
        for part in parts {
            match part {
                TemplatePart::Text(literal) => text.push_str(literal),
                TemplatePart::Placeholder(slot, path) => {
                    let value = self.values[usize::from(slot.0)].clone().and_then(|value| value.follow(path));
                    let value = value.as_ref().and_then(Value::as_text).ok_or_else(|| {
                        let name = &self.rule_set.variables[usize::from(slot.0)];
                        EndpointError::Evaluation(format!("no string for the placeholder of `{name}`"))
                    })?;
                    text.push_str(value);
                }
            }
            if text.len() > MAX_TEXT_LENGTH {
                return Err(EndpointError::Evaluation(format!("a string exceeds {MAX_TEXT_LENGTH} bytes")));
            }
        }
        Ok(text)
    }

    fn endpoint(&mut self, template: &'a EndpointTemplate) -> Result<ResolvedEndpoint, EndpointError> {
        let url = self.text(&template.url)?.into_owned();
        let mut headers = Vec::new();
        for (name, values) in &template.headers {
            for value in values {
                headers.push((name.to_string(), self.text(value)?.into_owned()));
            }
        }
        let auth_schemes =
            template.auth_schemes.iter().map(|scheme| self.auth_scheme(scheme)).collect::<Result<_, _>>()?;
        Ok(ResolvedEndpoint { url, headers, auth_schemes })
    }

    fn auth_scheme(&mut self, template: &'a AuthSchemeTemplate) -> Result<AuthScheme, EndpointError> {
        let signing_name = match &template.signing_name {
            Some(name) => Some(self.text(name)?.into_owned()),
            None => None,
        };
        let regions =
            template.signing_regions.iter().map(|region| self.text(region)).collect::<Result<Vec<_>, _>>()?;
        Ok(AuthScheme {
            name: template.name.to_string(),
            signing_name,
            signing_region: (!regions.is_empty()).then(|| regions.join(",")),
            disable_double_encoding: template.disable_double_encoding,
        })
    }

    /// Describes an expression for an error message.
    fn describe(&self, expression: &Expression) -> String {
        match expression {
            Expression::Variable(slot) => format!("`{}`", self.rule_set.variables[usize::from(slot.0)]),
            other => format!("{other:?}"),
        }
    }
}

/// Returns whether a condition holds: it fails when it is false or has no value.
fn is_false(value: Option<&Value<'_>>) -> bool {
    matches!(value, None | Some(Value::Boolean(false)))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{partitions, rule_set};
    use super::{EndpointError, Parameters, RuleSet};

    const PARAMETERS: &str = r#"{
        "Region": {"type": "String", "builtIn": "AWS::Region", "required": true},
        "UseFIPS": {"type": "Boolean", "required": true, "default": false},
        "Bucket": {"type": "String"}
    }"#;

    fn rules(rules: &str) -> RuleSet {
        rule_set(PARAMETERS, rules)
    }

    fn url(rule_set: &RuleSet, parameters: &Parameters) -> Result<String, EndpointError> {
        rule_set.resolve(parameters, &partitions()).map(|endpoint| endpoint.url)
    }

    #[test]
    fn the_first_rule_whose_conditions_hold_decides() {
        let rules = rules(
            r#"[
                {"conditions": [{"fn": "booleanEquals", "argv": [{"ref": "UseFIPS"}, true]}],
                 "endpoint": {"url": "https://fips.{Region}"}},
                {"endpoint": {"url": "https://plain.{Region}"}}
            ]"#,
        );
        let parameters = Parameters::new().with("Region", "eu-west-1");
        assert_eq!(url(&rules, &parameters).as_deref(), Ok("https://plain.eu-west-1"));
        let parameters = parameters.with("UseFIPS", true);
        assert_eq!(url(&rules, &parameters).as_deref(), Ok("https://fips.eu-west-1"));
    }

    #[test]
    fn an_assignment_is_forgotten_when_its_rule_does_not_apply() {
        let rules = rules(
            r#"[
                {"conditions": [{"fn": "aws.partition", "argv": [{"ref": "Region"}], "assign": "partition"},
                                {"fn": "isSet", "argv": [{"ref": "Bucket"}]}], "error": "bucket"},
                {"conditions": [{"fn": "isSet", "argv": [{"ref": "partition"}]}], "error": "still there"},
                {"conditions": [{"fn": "aws.partition", "argv": [{"ref": "Region"}], "assign": "partition"}],
                 "endpoint": {"url": "https://{partition#dnsSuffix}"}}
            ]"#,
        );
        let parameters = Parameters::new().with("Region", "cn-north-1");
        assert_eq!(url(&rules, &parameters).as_deref(), Ok("https://amazonaws.com.cn"));
    }

    #[test]
    fn an_error_rule_speaks_in_its_own_words() {
        let rules = rules(r#"[{"error": "{Region} has no such endpoint, {{sorry}}"}]"#);
        let parameters = Parameters::new().with("Region", "eu-west-1");
        assert_eq!(
            url(&rules, &parameters),
            Err(EndpointError::Refused("eu-west-1 has no such endpoint, {sorry}".to_owned()))
        );
    }

    #[test]
    fn endpoints_carry_headers_and_ways_to_sign() {
        let rules = rules(
            r#"[{"endpoint": {
                "url": "https://example.com",
                "headers": {"x-amz-region": [{"ref": "Region"}, "fixed"]},
                "properties": {"backend": "S3Express", "authSchemes": [
                    {"name": "sigv4a", "signingRegionSet": ["*"], "signingName": "s3", "disableDoubleEncoding": true},
                    {"name": "sigv4", "signingRegion": "{Region}"}
                ]}
            }}]"#,
        );
        let endpoint = rules
            .resolve(&Parameters::new().with("Region", "eu-west-1"), &partitions())
            .expect("an endpoint");
        let header = |value: &str| ("x-amz-region".to_owned(), value.to_owned());
        assert_eq!(endpoint.headers, [header("eu-west-1"), header("fixed")]);
        let [multi_region, regional] = endpoint.auth_schemes.as_slice() else {
            panic!("two schemes expected: {endpoint:?}");
        };
        assert_eq!((&*multi_region.name, multi_region.signing_region.as_deref()), ("sigv4a", Some("*")));
        assert_eq!(multi_region.signing_name.as_deref(), Some("s3"));
        assert!(multi_region.disable_double_encoding);
        assert_eq!((&*regional.name, regional.signing_region.as_deref()), ("sigv4", Some("eu-west-1")));
    }

    #[test]
    fn parameters_are_checked() {
        let rules = rules(r#"[{"endpoint": {"url": "https://{Region}"}}]"#);
        let message = |parameters: &Parameters| url(&rules, parameters).expect_err("an error").to_string();
        assert_eq!(message(&Parameters::new()), "endpoint parameter `Region` is required and has no value");
        assert_eq!(
            message(&Parameters::new().with("Region", true)),
            "endpoint parameter `Region` must be a string"
        );
    }

    #[test]
    fn senseless_rules_are_errors_and_no_panics() {
        let parameters = Parameters::new().with("Region", "eu-west-1");
        for senseless in [
            r#"[{"conditions": [{"fn": "stringEquals", "argv": [{"ref": "UseFIPS"}, "x"]}], "rules": []}]"#,
            r#"[{"conditions": [{"fn": "stringEquals", "argv": [{"ref": "Absent"}, "x"]}], "rules": []}]"#,
            r#"[{"conditions": [{"fn": "booleanEquals", "argv": [{"ref": "Region"}, true]}], "rules": []}]"#,
            r#"[{"conditions": [{"fn": "parseURL", "argv": [true]}], "rules": []}]"#,
            r#"[{"conditions": [{"fn": "not", "argv": [false], "assign": "Region"}], "rules": []}]"#,
            r#"[{"endpoint": {"url": "https://{Bucket#name}"}}]"#,
            r#"[{"endpoint": {"url": true}}]"#,
        ] {
            let error = url(&rules(senseless), &parameters).expect_err(senseless);
            assert!(matches!(error, EndpointError::Evaluation(_)), "{senseless}: {error}");
        }
        assert_eq!(url(&rules("[]"), &parameters), Err(EndpointError::NoRule));
    }
}
