//! Endpoint rule sets in the form in which they are evaluated.
//!
//! Variables are numbered while a rule set is read, so that evaluation looks up no names.

use crate::model::catalog::ContextValue;

/// The endpoint rules of one service.
#[derive(Clone, Debug)]
pub struct RuleSet {
    pub(super) parameters: Vec<Parameter>,
    /// The names of all variables; the parameters come first, in the order of `parameters`.
    pub(super) variables: Vec<Box<str>>,
    pub(super) rules: Vec<EndpointRule>,
}

/// An argument that the rules take.
#[derive(Clone, Debug)]
pub(super) struct Parameter {
    pub(super) name: Box<str>,
    pub(super) kind: ParameterKind,
    /// The setting of the client that supplies it: `AWS::Region`.
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

/// Conditions, and what follows when all of them hold.
#[derive(Clone, Debug)]
pub(super) struct EndpointRule {
    pub(super) conditions: Vec<Application>,
    pub(super) consequence: Consequence,
}

/// What a rule says when its conditions hold.
#[derive(Clone, Debug)]
pub(super) enum Consequence {
    /// Ask these rules, in their order.
    Rules(Vec<EndpointRule>),
    /// This is the endpoint.
    Endpoint(EndpointTemplate),
    /// There is no endpoint, for this reason.
    Error(Expression),
}

/// An endpoint with expressions in place of values.
#[derive(Clone, Debug)]
pub(super) struct EndpointTemplate {
    pub(super) url: Expression,
    pub(super) headers: Vec<(Box<str>, Vec<Expression>)>,
    pub(super) auth_schemes: Vec<AuthSchemeTemplate>,
}

/// A way to sign, with expressions in place of values.
#[derive(Clone, Debug)]
pub(super) struct AuthSchemeTemplate {
    pub(super) name: Box<str>,
    pub(super) signing_name: Option<Expression>,
    /// One region, or the regions of `sigv4a`.
    pub(super) signing_regions: Vec<Expression>,
    pub(super) disable_double_encoding: bool,
}

/// Something that has a value.
#[derive(Clone, Debug)]
pub(super) enum Expression {
    Text(Box<str>),
    Boolean(bool),
    Template(Vec<TemplatePart>),
    Variable(VariableSlot),
    Application(Box<Application>),
}

/// A piece of a text with placeholders.
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

/// One step into a value with attributes: `resourceId`, `[0]`.
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
