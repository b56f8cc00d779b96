//! What to do about what did not work: sentences, and the statements to add to policies.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::findings::{AccountFindings, CheckDenial, ServiceFinding};
use super::principal::principal_of;
use crate::arn::Arn;
use crate::aws_error::{ErrorMeaning, ErrorResponse, decide};
use crate::names::AccountId;
use crate::run::DeniedBy;

/// More roles than these are named by a pattern.
const ROLES_NAMED: usize = 10;

/// A remedy for accounts that lack the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    /// What does not work.
    pub problem: String,
    /// The accounts in which it does not.
    pub accounts: Vec<AccountId>,
    /// What AWS said in the first of them.
    pub message: String,
    /// What to look at, likeliest first.
    pub advice: Vec<String>,
    /// What to add to policies.
    pub additions: Vec<Addition>,
}

/// A statement to add to a policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Addition {
    /// Which kind of policy.
    pub target: PolicyTarget,
    /// Whose policy: an ARN, in every account that the remedy is about.
    pub of: String,
    /// The statement, in IAM's JSON.
    pub statement: Value,
}

/// A kind of policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyTarget {
    /// What an identity may do.
    IdentityPolicy,
    /// Who may assume a role.
    TrustPolicy,
}

/// The remedies, those for accounts that were not entered first.
pub(super) fn fixes(caller_arn: &str, accounts: &[AccountFindings]) -> Vec<Fix> {
    let mut closed: BTreeMap<(Option<&str>, bool), Vec<&AccountFindings>> = BTreeMap::new();
    for account in accounts {
        if let Some(refusal) = &account.refusal {
            closed.entry((refusal.code.as_deref(), is_scp(refusal))).or_default().push(account);
        }
    }
    let closed = closed.into_values().filter_map(|accounts| entrance(caller_arn, &accounts));
    closed.chain(permissions(caller_arn, accounts)).chain(failures(accounts)).collect()
}

fn is_scp(refusal: &CheckDenial) -> bool {
    refusal.message.contains("service control policy")
}

/// How accounts whose role cannot be assumed are opened.
fn entrance(caller_arn: &str, accounts: &[&AccountFindings]) -> Option<Fix> {
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
            let additions =
                if is_denied && !is_scp(refusal) { two_halves(caller_arn, accounts) } else { Vec::new() };
            (format!("the role {name} cannot be assumed"), additions)
        }
        None => ("there are no credentials".to_owned(), Vec::new()),
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

/// A session in another account needs leave on both sides: AWS's answer does not tell which is missing.
fn two_halves(caller_arn: &str, accounts: &[&AccountFindings]) -> Vec<Addition> {
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

/// The ARN of a role with `*` in place of the account.
fn of_any_account(role: &str) -> String {
    Arn::parse(role).map_or_else(|| role.to_owned(), |arn| Arn { account: "*", ..arn }.to_string())
}

/// What the roles lack, for accounts that lack the same together.
fn permissions<'check>(caller_arn: &str, accounts: &'check [AccountFindings]) -> Vec<Fix> {
    type Lack<'check> = (Option<DeniedBy>, BTreeSet<&'check str>, bool);
    let mut lacking: BTreeMap<Lack<'check>, Vec<&AccountFindings>> = BTreeMap::new();
    for account in accounts {
        let mut denied: BTreeMap<Option<DeniedBy>, BTreeSet<&str>> = BTreeMap::new();
        for service in &account.services {
            if let Some(action) = &service.action {
                denied.entry(service.denied_by).or_default().insert(action);
            }
        }
        for (by, actions) in denied {
            lacking.entry((by, actions, account.role.is_some())).or_default().push(account);
        }
    }
    let lacking = lacking.into_iter();
    lacking
        .filter_map(|((by, actions, _), accounts)| permission(caller_arn, by, &actions, &accounts))
        .collect()
}

/// What failed for other reasons than permissions.
fn failures(accounts: &[AccountFindings]) -> Vec<Fix> {
    let mut fixes: Vec<Fix> = Vec::new();
    for account in accounts {
        let failed = account.services.iter().filter(|its| its.status.is_failure() && its.action.is_none());
        for ServiceFinding { service, function, status, code, message, hint, .. } in failed {
            let code = code.as_ref().map_or_else(String::new, |code| format!(" ({code})"));
            let problem = format!("{service} {function} is {status}{code}");
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
    // An identity policy helps where it is what lacks; it does not lift what something else denies.
    let helps = matches!(by, Some(DeniedBy::Iam | DeniedBy::Unknown) | None);
    let of = match &first.role {
        Some(role) if accounts.len() == 1 => role.clone(),
        Some(role) => of_any_account(role),
        None => principal_of(caller_arn),
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
