//! The parser of rule sets: from the document to the form in which they are evaluated.

use std::collections::HashMap;

use serde_json::Value;

use super::document::{
    ApplicationDocument, AuthSchemeDocument, EndpointDocument, ExpressionDocument, ParameterDocument,
    RuleDocument, RuleSetDocument,
};
use super::error::EndpointError;
use super::rules::{
    Application, AttributeStep, AuthSchemeTemplate, Consequence, EndpointRule, EndpointTemplate, Expression,
    Parameter, ParameterKind, RuleFunction, RuleSet, TemplatePart, VariableSlot,
};
use crate::model::catalog::ContextValue;

impl RuleSet {
    /// Parses a rule set.
    ///
    /// A rule set with a function that this program does not know is rejected here, not when a rule first uses the
    /// function.
    pub fn parse(json: &str) -> Result<Self, EndpointError> {
        let document: RuleSetDocument =
            serde_json::from_str(json).map_err(|error| malformed(error.to_string()))?;
        let mut variables = Variables::default();
        let parameters = document
            .parameters
            .into_iter()
            .map(|(name, parameter)| {
                variables.slot(&name)?;
                read_parameter(name, parameter)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let rules = variables.rules(document.rules)?;
        Ok(Self { parameters, variables: variables.names, rules })
    }
}

fn malformed(problem: impl Into<String>) -> EndpointError {
    EndpointError::MalformedRules(problem.into())
}

fn read_parameter(name: String, document: ParameterDocument) -> Result<Parameter, EndpointError> {
    let kind = match document.kind.to_ascii_lowercase().as_str() {
        "string" => ParameterKind::String,
        "boolean" => ParameterKind::Boolean,
        "stringarray" => ParameterKind::Strings,
        other => return Err(malformed(format!("parameter `{name}` has the unknown type `{other}`"))),
    };
    let default = match document.default {
        None => None,
        Some(Value::String(text)) => Some(ContextValue::String(text.into())),
        Some(Value::Bool(value)) => Some(ContextValue::Boolean(value)),
        Some(Value::Array(items)) => {
            Some(ContextValue::Strings(items.iter().filter_map(Value::as_str).map(Into::into).collect()))
        }
        Some(_) => return Err(malformed(format!("parameter `{name}` has a default of an unknown type"))),
    };
    Ok(Parameter {
        name: name.into(),
        kind,
        built_in: document.built_in,
        default,
        required: document.required,
    })
}

/// The parser state, which numbers the variables.
#[derive(Default)]
struct Variables {
    names: Vec<Box<str>>,
    slots: HashMap<Box<str>, VariableSlot>,
}

impl Variables {
    fn slot(&mut self, name: &str) -> Result<VariableSlot, EndpointError> {
        if let Some(slot) = self.slots.get(name) {
            return Ok(*slot);
        }
        let slot =
            VariableSlot(u16::try_from(self.names.len()).map_err(|_| malformed("too many variables"))?);
        self.names.push(name.into());
        self.slots.insert(name.into(), slot);
        Ok(slot)
    }

    fn rules(&mut self, documents: Vec<RuleDocument>) -> Result<Vec<EndpointRule>, EndpointError> {
        documents.into_iter().map(|document| self.rule(document)).collect()
    }

    fn rule(&mut self, document: RuleDocument) -> Result<EndpointRule, EndpointError> {
        let conditions = document
            .conditions
            .into_iter()
            .map(|condition| self.application(condition))
            .collect::<Result<Vec<_>, _>>()?;
        let consequence = match (document.rules, document.endpoint, document.error) {
            (Some(rules), None, None) => Consequence::Rules(self.rules(rules)?),
            (None, Some(endpoint), None) => Consequence::Endpoint(self.endpoint(endpoint)?),
            (None, None, Some(error)) => Consequence::Error(self.expression(error)?),
            _ => return Err(malformed("a rule must have exactly one of `rules`, `endpoint` and `error`")),
        };
        Ok(EndpointRule { conditions, consequence })
    }

    fn endpoint(&mut self, document: EndpointDocument) -> Result<EndpointTemplate, EndpointError> {
        let url = self.expression(document.url)?;
        let mut headers = Vec::new();
        for (name, values) in document.headers {
            headers.push((name.into(), self.expressions(values)?));
        }
        let auth_schemes = document
            .properties
            .auth_schemes
            .into_iter()
            .map(|scheme| self.auth_scheme(scheme))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(EndpointTemplate { url, headers, auth_schemes })
    }

    fn auth_scheme(&mut self, document: AuthSchemeDocument) -> Result<AuthSchemeTemplate, EndpointError> {
        // Models may write the scheme's full identifier: `aws.auth#sigv4`.
        let name = document.name.rsplit('#').next().unwrap_or_default().into();
        let signing_name = document.signing_name.map(|value| self.expression(value)).transpose()?;
        let regions = document.signing_region.into_iter().chain(document.signing_region_set);
        let signing_regions = self.expressions(regions)?;
        let disable_double_encoding = document.disable_double_encoding;
        Ok(AuthSchemeTemplate { name, signing_name, signing_regions, disable_double_encoding })
    }

    fn expressions(
        &mut self,
        documents: impl IntoIterator<Item = ExpressionDocument>,
    ) -> Result<Vec<Expression>, EndpointError> {
        documents.into_iter().map(|document| self.expression(document)).collect()
    }

    fn expression(&mut self, document: ExpressionDocument) -> Result<Expression, EndpointError> {
        match document {
            ExpressionDocument::Text(text) => self.template(&text),
            ExpressionDocument::Boolean(value) => Ok(Expression::Boolean(value)),
            ExpressionDocument::Integer(_) => Err(malformed("a number is not allowed here")),
            ExpressionDocument::Reference(name) => Ok(Expression::Variable(self.slot(&name)?)),
            ExpressionDocument::Application(document) => {
                Ok(Expression::Application(Box::new(self.application(document)?)))
            }
        }
    }

    /// Parses a string; `{variable#attribute}` is a placeholder, and doubled braces are escaped braces.
    fn template(&mut self, text: &str) -> Result<Expression, EndpointError> {
        let unbalanced = || malformed(format!("unbalanced braces in `{text}`"));
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(position) = rest.find(['{', '}']) {
            literal.push_str(&rest[..position]);
            let doubled = rest[position..].starts_with("{{") || rest[position..].starts_with("}}");
            if doubled {
                literal.push_str(&rest[position..=position]);
                rest = &rest[position + 2..];
                continue;
            }
            let (placeholder, after) = rest[position..]
                .strip_prefix('{')
                .and_then(|rest| rest.split_once('}'))
                .ok_or_else(unbalanced)?;
            let mut names = placeholder.split('#');
            let slot = self.slot(names.next().unwrap_or_default())?;
            if !literal.is_empty() {
                parts.push(TemplatePart::Text(std::mem::take(&mut literal).into()));
            }
            parts.push(TemplatePart::Placeholder(
                slot,
                names.map(|name| AttributeStep::Attribute(name.into())).collect(),
            ));
            rest = after;
        }
        literal.push_str(rest);
        if parts.is_empty() {
            return Ok(Expression::Text(literal.into()));
        }
        if !literal.is_empty() {
            parts.push(TemplatePart::Text(literal.into()));
        }
        Ok(Expression::Template(parts))
    }

    fn application(&mut self, document: ApplicationDocument) -> Result<Application, EndpointError> {
        let function = self.function(&document.function, document.argv)?;
        let assign = document.assign.map(|name| self.slot(&name)).transpose()?;
        Ok(Application { function, assign })
    }

    fn function(&mut self, name: &str, argv: Vec<ExpressionDocument>) -> Result<RuleFunction, EndpointError> {
        let mut arguments = Arguments { function: name, rest: argv.into_iter() };
        let function = match name {
            "isSet" => RuleFunction::IsSet(arguments.expression(self)?),
            "not" => RuleFunction::Not(arguments.expression(self)?),
            "getAttr" => RuleFunction::GetAttribute(arguments.expression(self)?, arguments.path()?),
            "stringEquals" => {
                RuleFunction::StringEquals(arguments.expression(self)?, arguments.expression(self)?)
            }
            "booleanEquals" => {
                RuleFunction::BooleanEquals(arguments.expression(self)?, arguments.expression(self)?)
            }
            "aws.partition" => RuleFunction::Partition(arguments.expression(self)?),
            "aws.parseArn" => RuleFunction::ParseArn(arguments.expression(self)?),
            "parseURL" => RuleFunction::ParseUrl(arguments.expression(self)?),
            "uriEncode" => RuleFunction::UriEncode(arguments.expression(self)?),
            "isValidHostLabel" => RuleFunction::IsValidHostLabel {
                value: arguments.expression(self)?,
                allow_subdomains: arguments.expression(self)?,
            },
            "aws.isVirtualHostableS3Bucket" => RuleFunction::IsVirtualHostableBucket {
                value: arguments.expression(self)?,
                allow_subdomains: arguments.expression(self)?,
            },
            "substring" => RuleFunction::Substring {
                value: arguments.expression(self)?,
                start: arguments.integer()?,
                stop: arguments.integer()?,
                reverse: arguments.boolean()?,
            },
            _ => return Err(malformed(format!("unknown function `{name}`; a newer program may know it"))),
        };
        arguments.end()?;
        Ok(function)
    }
}

/// The remaining arguments of a function.
struct Arguments<'name> {
    function: &'name str,
    rest: std::vec::IntoIter<ExpressionDocument>,
}

impl Arguments<'_> {
    fn wrong(&self) -> EndpointError {
        malformed(format!("wrong arguments of function `{}`", self.function))
    }

    fn next(&mut self) -> Result<ExpressionDocument, EndpointError> {
        self.rest.next().ok_or_else(|| self.wrong())
    }

    fn expression(&mut self, variables: &mut Variables) -> Result<Expression, EndpointError> {
        variables.expression(self.next()?)
    }

    fn integer(&mut self) -> Result<usize, EndpointError> {
        match self.next()? {
            ExpressionDocument::Integer(value) => Ok(value),
            _ => Err(self.wrong()),
        }
    }

    fn boolean(&mut self) -> Result<bool, EndpointError> {
        match self.next()? {
            ExpressionDocument::Boolean(value) => Ok(value),
            _ => Err(self.wrong()),
        }
    }

    /// Parses a path into a value: `region`, `resourceId[1]`, `[0]`.
    fn path(&mut self) -> Result<Vec<AttributeStep>, EndpointError> {
        let ExpressionDocument::Text(path) = self.next()? else {
            return Err(self.wrong());
        };
        let mut steps = Vec::new();
        for part in path.split('.') {
            let (name, index) = match part.strip_suffix(']') {
                Some(part) => part
                    .split_once('[')
                    .map(|(name, index)| (name, Some(index)))
                    .ok_or_else(|| self.wrong())?,
                None => (part, None),
            };
            if !name.is_empty() {
                steps.push(AttributeStep::Attribute(name.into()));
            }
            if let Some(index) = index {
                steps.push(AttributeStep::Index(index.parse().map_err(|_| self.wrong())?));
            }
        }
        if steps.is_empty() { Err(self.wrong()) } else { Ok(steps) }
    }

    fn end(mut self) -> Result<(), EndpointError> {
        if self.rest.next().is_none() { Ok(()) } else { Err(self.wrong()) }
    }
}

#[cfg(test)]
mod tests {
    use super::RuleSet;

    fn parse_error(rules: &str) -> String {
        let json = format!(r#"{{"version": "1.0", "parameters": {{}}, "rules": {rules}}}"#);
        RuleSet::parse(&json).expect_err("an error").to_string()
    }

    #[test]
    fn a_rule_set_with_an_unknown_function_is_refused() {
        let message = parse_error(r#"[{"conditions": [{"fn": "guess", "argv": []}], "rules": []}]"#);
        assert!(message.contains("unknown function `guess`"), "{message}");
    }

    #[test]
    fn a_function_takes_exactly_its_arguments() {
        for argv in [r#"["a"]"#, r#"["a", "b", "c"]"#] {
            let message = parse_error(&format!(
                r#"[{{"conditions": [{{"fn": "stringEquals", "argv": {argv}}}], "rules": []}}]"#
            ));
            assert!(message.contains("wrong arguments of function `stringEquals`"), "{message}");
        }
    }

    #[test]
    fn a_rule_needs_one_consequence() {
        assert!(parse_error(r#"[{"conditions": []}]"#).contains("exactly one of"));
        assert!(parse_error(r#"[{"rules": [], "error": "no"}]"#).contains("exactly one of"));
    }

    #[test]
    fn braces_must_balance() {
        assert!(parse_error(r#"[{"error": "{Region"}]"#).contains("unbalanced braces"));
        assert!(parse_error(r#"[{"error": "Region}"}]"#).contains("unbalanced braces"));
    }

    #[test]
    fn rules_that_are_not_json_are_refused() {
        assert!(RuleSet::parse("").is_err());
        assert!(RuleSet::parse("[]").is_err());
        assert!(RuleSet::parse(&"[".repeat(100_000)).is_err());
    }
}
