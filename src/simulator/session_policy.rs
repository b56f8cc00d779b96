//! Session policies, which limit the permissions of a role session.
//!
//! Their evaluation is described in
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html. Only statements such as this
//! program writes are supported: actions with wildcards, on all resources.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use serde_json::Value;

use super::error_response::SimulatedError;
use super::http::request::SimulatedRequest;
use super::world::seed::Seed;
use crate::model::catalog::read_only::READ_VERBS;

/// The maximum number of characters of documents and ARNs together.
const LENGTH: usize = 2048;
/// The maximum number of managed policies.
const MANAGED: usize = 10;
/// The AWS managed policies of this world; all of them allow reading.
const READERS: [&str; 3] = ["ReadOnlyAccess", "SecurityAudit", "job-function/ViewOnlyAccess"];
/// Actions of `ReadOnlyAccess` for operations in the catalog whose names have no read verb:
/// docs.aws.amazon.com/aws-managed-policy/latest/reference/ReadOnlyAccess.html.
const OTHER_READS: [&str; 2] = ["budgets:ViewBudget", "cassandra:Select"];

/// The parameters of a request for a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct SessionRequest {
    /// The session's name.
    pub session_name: String,
    /// The inline session policy.
    pub document: Option<String>,
    /// The ARNs of managed session policies.
    pub managed: Vec<String>,
    /// The session's tags.
    pub tags: BTreeMap<String, String>,
    /// The source identity.
    pub source_identity: Option<String>,
    /// The external id.
    pub external_id: Option<String>,
    /// The duration in seconds.
    pub duration: Option<String>,
}

impl SessionRequest {
    /// Reads a request, and returns the errors that STS returns.
    pub(super) fn read(request: &SimulatedRequest) -> Result<Self, SimulatedError> {
        let field = |name: &str| request.field(name).map(str::to_owned);
        let list = |name: &'static str, member: &'static str| {
            (1..).map_while(move |index| request.field(&format!("{name}.member.{index}.{member}")))
        };
        let tags: BTreeMap<String, String> = list("Tags", "Key")
            .zip(list("Tags", "Value"))
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect();
        let requested = Self {
            session_name: field("RoleSessionName").unwrap_or_default(),
            document: field("Policy"),
            managed: list("PolicyArns", "arn").map(str::to_owned).collect(),
            tags,
            source_identity: field("SourceIdentity"),
            external_id: field("ExternalId"),
            duration: field("DurationSeconds"),
        };
        requested.check()?;
        Ok(requested)
    }

    fn check(&self) -> Result<(), SimulatedError> {
        let invalid = |member: &str| {
            SimulatedError::new(
                400,
                "ValidationError",
                format!("1 validation error detected: Value at '{member}' failed to satisfy constraint"),
            )
        };
        let characters = |text: &String| text.chars().count();
        let length = self.document.iter().chain(&self.managed).map(characters).sum::<usize>();
        let fits = |text: &Option<String>, lengths: std::ops::RangeInclusive<usize>| {
            text.as_ref().is_none_or(|text| lengths.contains(&text.len()) && !text.contains(' '))
        };
        if length > LENGTH {
            return Err(invalid("policy"));
        }
        if self.managed.len() > MANAGED || self.managed.iter().any(|arn| !arn.starts_with("arn:aws:iam::")) {
            return Err(invalid("policyArns"));
        }
        if self.tags.len() > 50 || self.tags.keys().any(String::is_empty) {
            return Err(invalid("tags"));
        }
        if !fits(&self.source_identity, 2..=64) {
            return Err(invalid("sourceIdentity"));
        }
        if fits(&self.external_id, 2..=1224) { Ok(()) } else { Err(invalid("externalId")) }
    }
}

/// The distinct session policies of all sessions, and the requests for sessions.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    policies: RwLock<HashMap<String, Arc<EffectivePolicy>>>,
    requested: Mutex<BTreeSet<SessionRequest>>,
}

impl Sessions {
    /// Records a request for a session. Returns the name of its policy, if it has one.
    pub(super) fn open(&self, requested: SessionRequest) -> Result<Option<String>, SimulatedError> {
        let policy = EffectivePolicy::of(&requested)?;
        let name = policy.map(|policy| {
            let text = format!("{:?} {:?}", requested.document, requested.managed);
            let name = Seed::of(&["session policy", &text]).hex(64);
            let mut policies = self.policies.write().unwrap_or_else(PoisonError::into_inner);
            policies.entry(name.clone()).or_insert_with(|| Arc::new(policy));
            name
        });
        self.requested.lock().unwrap_or_else(PoisonError::into_inner).insert(requested);
        Ok(name)
    }

    /// Returns the policy with this name.
    pub(super) fn policy(&self, name: &str) -> Option<Arc<EffectivePolicy>> {
        self.policies.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// Returns the distinct requests so far.
    pub(super) fn requested_action(&self) -> Vec<SessionRequest> {
        self.requested.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

/// The combined permissions of the policies of a session.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct EffectivePolicy {
    allowed: ActionPatterns,
    denied: ActionPatterns,
    /// Whether all read actions are allowed that are not denied.
    reads: bool,
}

/// The reason why an action is not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MissingPermission {
    /// A statement denies it.
    Denied,
    /// No statement allows it.
    NotAllowed,
}

/// Actions in lower case, and prefixes of actions.
#[derive(Debug, Default, PartialEq, Eq)]
struct ActionPatterns {
    exact: HashSet<String>,
    beginnings: Vec<String>,
}

impl EffectivePolicy {
    fn of(requested: &SessionRequest) -> Result<Option<Self>, SimulatedError> {
        if requested.document.is_none() && requested.managed.is_empty() {
            return Ok(None);
        }
        let mut policy = Self::default();
        for arn in &requested.managed {
            let name = arn.split_once(":policy/").map_or("", |(_, name)| name);
            if !READERS.contains(&name) {
                return Err(malformed(&format!("The policy {arn} does not exist or is not attachable.")));
            }
            policy.reads = true;
        }
        if let Some(document) = &requested.document {
            policy.add(document)?;
        }
        Ok(Some(policy))
    }

    fn add(&mut self, document: &str) -> Result<(), SimulatedError> {
        let wrong = || malformed("Syntax errors in policy.");
        let document: Value = serde_json::from_str(document).map_err(|_| wrong())?;
        let statements = document["Statement"].as_array().ok_or_else(wrong)?;
        for statement in statements {
            let actions = match statement["Effect"].as_str() {
                Some("Allow") => &mut self.allowed,
                Some("Deny") => &mut self.denied,
                _ => return Err(wrong()),
            };
            if statement["Resource"] != "*" {
                return Err(wrong());
            }
            let names = statement["Action"].as_array().filter(|names| !names.is_empty()).ok_or_else(wrong)?;
            for name in names {
                let name =
                    name.as_str().filter(|name| *name == "*" || name.contains(':')).ok_or_else(wrong)?;
                actions.add(name);
            }
        }
        Ok(())
    }

    /// Returns why an action is not allowed; `None` if it is allowed.
    pub(super) fn lacks(&self, action: &str) -> Option<MissingPermission> {
        let lower = action.to_ascii_lowercase();
        if self.denied.contain(&lower) {
            return Some(MissingPermission::Denied);
        }
        let name = action.split_once(':').map_or(action, |(_, name)| name);
        let is_read = || {
            READ_VERBS.iter().any(|verb| name.starts_with(verb))
                || name == "GET"
                || OTHER_READS.contains(&action)
        };
        if self.allowed.contain(&lower) || self.reads && is_read() {
            None
        } else {
            Some(MissingPermission::NotAllowed)
        }
    }
}

impl ActionPatterns {
    fn add(&mut self, name: &str) {
        let name = name.to_ascii_lowercase();
        match name.strip_suffix('*') {
            Some(beginning) => self.beginnings.push(beginning.to_owned()),
            None => drop(self.exact.insert(name)),
        }
    }

    fn contain(&self, action: &str) -> bool {
        self.exact.contains(action) || self.beginnings.iter().any(|beginning| action.starts_with(beginning))
    }
}

fn malformed(message: &str) -> SimulatedError {
    SimulatedError::new(400, "MalformedPolicyDocument", message)
}

#[cfg(test)]
mod tests {
    use super::{EffectivePolicy, MissingPermission, SessionRequest};

    fn policy(document: &str, managed: &[&str]) -> EffectivePolicy {
        let requested = SessionRequest {
            document: (!document.is_empty()).then(|| document.to_owned()),
            managed: managed.iter().map(ToString::to_string).collect(),
            ..SessionRequest::default()
        };
        EffectivePolicy::of(&requested).expect("a valid policy").expect("a policy")
    }

    #[test]
    fn action_without_statement_is_not_allowed() {
        let document = r#"{"Statement":[{"Effect":"Allow","Action":["s3:ListAllMyBuckets","ec2:DescribeV*"],"Resource":"*"}]}"#;
        let policy = policy(document, &[]);
        assert_eq!(policy.lacks("s3:listallmybuckets"), None);
        assert_eq!(policy.lacks("ec2:DescribeVpcs"), None);
        assert_eq!(policy.lacks("ec2:DescribeInstances"), Some(MissingPermission::NotAllowed));
    }

    #[test]
    fn a_managed_policy_allows_what_the_inline_one_does_not_deny() {
        let document = r#"{"Statement":[{"Effect":"Deny","Action":["ssm:GetPar*"],"Resource":"*"}]}"#;
        let policy = policy(document, &["arn:aws:iam::aws:policy/ReadOnlyAccess"]);
        assert_eq!(policy.lacks("ec2:DescribeInstances"), None);
        assert_eq!(policy.lacks("cassandra:Select"), None);
        assert_eq!(policy.lacks("ssm:GetParameter"), Some(MissingPermission::Denied));
        assert_eq!(policy.lacks("ec2:RunInstances"), Some(MissingPermission::NotAllowed));
    }

    #[test]
    fn invalid_session_policy_is_refused_like_sts() {
        for document in ["{", "{}", r#"{"Statement":[{"Effect":"Allow","Action":[],"Resource":"*"}]}"#] {
            let requested =
                SessionRequest { document: Some(document.to_owned()), ..SessionRequest::default() };
            let refusal = EffectivePolicy::of(&requested).expect_err("a refusal");
            assert_eq!(refusal.code, "MalformedPolicyDocument");
        }
        let long = SessionRequest { document: Some("x".repeat(2049)), ..SessionRequest::default() };
        assert_eq!(long.check().expect_err("a refusal").code, "ValidationError");
        let tag = [(String::new(), String::new())];
        let tagged = SessionRequest { tags: tag.into(), ..SessionRequest::default() };
        assert_eq!(tagged.check().expect_err("a refusal").code, "ValidationError");
    }
}
