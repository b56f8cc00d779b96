//! Fixes for failed checks: advice, and the statements to add to policies.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::findings::{AccountFindings, CheckDenial, ServiceFinding};
use super::principal::principal_of;
use crate::arn::Arn;
use crate::aws_error::{ErrorMeaning, ErrorResponse, decide};
use crate::names::AccountId;
use crate::run::DeniedBy;

/// The most roles that a statement lists; more roles are written as one ARN with `*` as account.
const ROLES_NAMED: usize = 10;

/// A fix for all accounts with the same problem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    /// The problem.
    pub problem: String,
    /// The accounts with this problem.
    pub accounts: Vec<AccountId>,
    /// AWS's error message in the first of these accounts.
    pub message: String,
    /// What to check, the likeliest cause first.
    pub advice: Vec<String>,
    /// The statements to add to policies.
    pub additions: Vec<Addition>,
}

/// A statement to add to a policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Addition {
    /// The kind of policy.
    pub target: PolicyTarget,
    /// The ARN of the role or user that the policy belongs to, in every account of the fix, or the permission set.
    pub of: String,
    /// The statement, in the JSON of an IAM policy.
    pub statement: Value,
}

/// A kind of policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyTarget {
    /// A policy of a user or role with its permissions.
    IdentityPolicy,
    /// The policy of a role with the principals that may assume it.
    TrustPolicy,
}

/// Returns the fixes, starting with those for accounts whose role cannot be assumed.
pub(super) fn fixes(caller_arn: &str, accounts: &[AccountFindings]) -> Vec<Fix> {
    let mut closed: BTreeMap<(Option<&str>, bool), Vec<&AccountFindings>> = BTreeMap::new();
    for account in accounts {
        if let Some(refusal) = &account.refusal {
            closed.entry((refusal.code.as_deref(), is_scp(refusal))).or_default().push(account);
        }
    }
    let closed = closed.into_values().filter_map(|accounts| role_fix(caller_arn, &accounts));
    closed.chain(permissions(caller_arn, accounts)).chain(failures(accounts)).collect()
}

fn is_scp(refusal: &CheckDenial) -> bool {
    refusal.message.contains("service control policy")
}

/// Returns the fix for accounts whose role cannot be assumed for the same reason.
fn role_fix(caller_arn: &str, accounts: &[&AccountFindings]) -> Option<Fix> {
    let first = accounts.first()?;
    let refusal = first.refusal.as_ref()?;
    let is_denied = refusal.code.as_deref().is_some_and(|code| {
        let response =
            ErrorResponse { service: "sts", code, message: &refusal.message, ..ErrorResponse::default() };
        decide(&response).meaning == ErrorMeaning::Denied
    });
    let (problem, additions) = match &first.role {
        Some(role) => {
            let name = Arn::parse(role).and_then(|arn| arn.role_name()).unwrap_or(role);
            let additions = if is_denied && !is_scp(refusal) {
                assume_role_statements(caller_arn, accounts)
            } else {
                Vec::new()
            };
            (format!("cannot assume role {name}"), additions)
        }
        None => match &first.permission_set {
            Some(name) if is_denied => (format!("permission set {name} is not assigned"), Vec::new()),
            Some(name) => (format!("no credentials of permission set {name}"), Vec::new()),
            None => ("no credentials".to_owned(), Vec::new()),
        },
    };
    let code = refusal.code.as_ref().map_or_else(String::new, |code| format!("{code}: "));
    Some(Fix {
        problem,
        accounts: accounts.iter().map(|account| account.id.clone()).collect(),
        message: format!("{code}{}", refusal.message),
        advice: refusal.hints.clone(),
        additions,
    })
}

/// Returns the statements for both sides of a cross-account `sts:AssumeRole`, the role's trust policy and the
/// caller's own policy: AWS's response does not show which of the two is missing.
fn assume_role_statements(caller_arn: &str, accounts: &[&AccountFindings]) -> Vec<Addition> {
    let roles: Vec<&str> = accounts.iter().filter_map(|account| account.role.as_deref()).collect();
    let Some(first) = roles.first() else { return Vec::new() };
    let resource = match roles.len() {
        1 => json!(first),
        2..=ROLES_NAMED => json!(roles),
        _ => json!(of_any_account(first)),
    };
    let caller = principal_of(caller_arn);
    let of = if roles.len() == 1 { (*first).to_owned() } else { of_any_account(first) };
    vec![
        Addition {
            target: PolicyTarget::TrustPolicy,
            of,
            statement: json!({"Effect": "Allow", "Principal": {"AWS": caller}, "Action": "sts:AssumeRole"}),
        },
        Addition {
            target: PolicyTarget::IdentityPolicy,
            of: caller,
            statement: json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": resource}),
        },
    ]
}

/// Returns the ARN of a role with `*` as its account.
fn of_any_account(role: &str) -> String {
    Arn::parse(role).map_or_else(|| role.to_owned(), |arn| Arn { account: "*", ..arn }.to_string())
}

/// Returns the fixes for missing permissions, one for all accounts with the same missing actions.
fn permissions<'check>(caller_arn: &str, accounts: &'check [AccountFindings]) -> Vec<Fix> {
    type MissingActions<'check> = (Option<DeniedBy>, BTreeSet<&'check str>, bool, Option<&'check str>);
    let mut missing: BTreeMap<MissingActions<'check>, Vec<&AccountFindings>> = BTreeMap::new();
    for account in accounts {
        let mut denied: BTreeMap<Option<DeniedBy>, BTreeSet<&str>> = BTreeMap::new();
        for service in &account.services {
            if let Some(action) = &service.action {
                denied.entry(service.denied_by).or_default().insert(action);
            }
        }
        for (by, actions) in denied {
            let (has_role, permission_set) = (account.role.is_some(), account.permission_set.as_deref());
            missing.entry((by, actions, has_role, permission_set)).or_default().push(account);
        }
    }
    let missing = missing.into_iter();
    missing
        .filter_map(|((by, actions, ..), accounts)| permission(caller_arn, by, &actions, &accounts))
        .collect()
}

/// Returns the fixes for calls that failed for other reasons than missing permissions.
fn failures(accounts: &[AccountFindings]) -> Vec<Fix> {
    let mut fixes: Vec<Fix> = Vec::new();
    for account in accounts {
        let failed = account.services.iter().filter(|its| its.status.is_failure() && its.action.is_none());
        for ServiceFinding { service, function, status, code, message, hint, .. } in failed {
            let code = code.as_ref().map_or_else(String::new, |code| format!(" ({code})"));
            let problem = format!("{service} {function}: {status}{code}");
            if let Some(known) = fixes.iter_mut().find(|fix| fix.problem == problem) {
                known.accounts.push(account.id.clone());
                continue;
            }
            fixes.push(Fix {
                problem,
                accounts: vec![account.id.clone()],
                message: message.clone().unwrap_or_default(),
                advice: hint.iter().flat_map(|hint| hint.lines()).map(str::to_owned).collect(),
                additions: Vec::new(),
            });
        }
    }
    fixes
}

fn permission(
    caller_arn: &str,
    by: Option<DeniedBy>,
    actions: &BTreeSet<&str>,
    accounts: &[&AccountFindings],
) -> Option<Fix> {
    let first = accounts.first()?;
    let examples = first.services.iter().filter(|its| its.denied_by == by && its.action.is_some());
    let example = examples.clone().next()?;
    // A statement in an identity policy cannot override the denial of another kind of policy.
    let helps = matches!(by, Some(DeniedBy::Iam | DeniedBy::Unknown) | None);
    let of = match (&first.role, &first.permission_set) {
        (Some(role), _) if accounts.len() == 1 => role.clone(),
        (Some(role), _) => of_any_account(role),
        (None, Some(name)) => format!("permission set {name}"),
        (None, None) => principal_of(caller_arn),
    };
    let statement = json!({"Effect": "Allow", "Action": actions, "Resource": "*"});
    let additions = vec![Addition { target: PolicyTarget::IdentityPolicy, of, statement }];
    let list = actions.iter().copied().collect::<Vec<_>>().join(", ");
    Some(Fix {
        problem: format!("{} {} not allowed", list, if actions.len() == 1 { "is" } else { "are" }),
        accounts: accounts.iter().map(|account| account.id.clone()).collect(),
        message: example.message.clone().unwrap_or_default(),
        advice: if helps { Vec::new() } else { examples.filter_map(|its| its.hint.clone()).collect() },
        additions: if helps { additions } else { Vec::new() },
    })
}
