//! The data types of endpoint rule sets, in the form in which they are evaluated.
//!
//! Variables are numbered while a rule set is parsed, so that evaluation needs no lookups by name.

use crate::model::catalog::ContextValue;

/// The endpoint rules of one service.
#[derive(Clone, Debug)]
pub struct RuleSet {
    pub(super) parameters: Vec<Parameter>,
    /// The names of all variables; the parameters come first, in the order of `parameters`.
    pub(super) variables: Vec<Box<str>>,
    pub(super) rules: Vec<EndpointRule>,
}

/// A parameter of the rules.
#[derive(Clone, Debug)]
pub(super) struct Parameter {
    pub(super) name: Box<str>,
    pub(super) kind: ParameterKind,
    /// The client setting that supplies the parameter: `AWS::Region`.
    pub(super) built_in: Option<Box<str>>,
    pub(super) default: Option<ContextValue>,
    pub(super) required: bool,
}

/// The types of parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ParameterKind {
    String,
    Boolean,
    Strings,
}

/// The number of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct VariableSlot(pub(super) u16);

/// A rule: its conditions, and its outcome when all of them hold.
#[derive(Clone, Debug)]
pub(super) struct EndpointRule {
    pub(super) conditions: Vec<Application>,
    pub(super) consequence: Consequence,
}

/// The outcome of a rule whose conditions hold.
#[derive(Clone, Debug)]
pub(super) enum Consequence {
    /// Further rules to evaluate, in their order.
    Rules(Vec<EndpointRule>),
    /// The endpoint.
    Endpoint(EndpointTemplate),
    /// An error: there is no endpoint, for this reason.
    Error(Expression),
}

/// An endpoint with expressions instead of values.
#[derive(Clone, Debug)]
pub(super) struct EndpointTemplate {
    pub(super) url: Expression,
    pub(super) headers: Vec<(Box<str>, Vec<Expression>)>,
    pub(super) auth_schemes: Vec<AuthSchemeTemplate>,
}

/// An authentication scheme with expressions instead of values.
#[derive(Clone, Debug)]
pub(super) struct AuthSchemeTemplate {
    pub(super) name: Box<str>,
    pub(super) signing_name: Option<Expression>,
    /// One region, or the regions of `sigv4a`.
    pub(super) signing_regions: Vec<Expression>,
    pub(super) disable_double_encoding: bool,
}

/// An expression that evaluates to a value.
#[derive(Clone, Debug)]
pub(super) enum Expression {
    Text(Box<str>),
    Boolean(bool),
    Template(Vec<TemplatePart>),
    Variable(VariableSlot),
    Application(Box<Application>),
}

/// A part of a string with placeholders.
#[derive(Clone, Debug)]
pub(super) enum TemplatePart {
    Text(Box<str>),
    /// `{variable#attribute}`
    Placeholder(VariableSlot, Vec<AttributeStep>),
}

/// A function applied to its arguments; the result may get a name.
#[derive(Clone, Debug)]
pub(super) struct Application {
    pub(super) function: RuleFunction,
    pub(super) assign: Option<VariableSlot>,
}

/// One step of a path into a value: `resourceId`, `[0]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum AttributeStep {
    Attribute(Box<str>),
    Index(usize),
}

/// The functions of the language, with their arguments.
#[derive(Clone, Debug)]
pub(super) enum RuleFunction {
    IsSet(Expression),
    Not(Expression),
    GetAttribute(Expression, Vec<AttributeStep>),
    StringEquals(Expression, Expression),
    BooleanEquals(Expression, Expression),
    Partition(Expression),
    ParseArn(Expression),
    ParseUrl(Expression),
    UriEncode(Expression),
    IsValidHostLabel { value: Expression, allow_subdomains: Expression },
    IsVirtualHostableBucket { value: Expression, allow_subdomains: Expression },
    Substring { value: Expression, start: usize, stop: usize, reverse: bool },
}
