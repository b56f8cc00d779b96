//! What narrows the role sessions down.

use std::fs;

use serde_json::Value;

use crate::arn::Arn;
use crate::aws::credentials::SessionPolicy;
use crate::error::Failure;
use crate::model::catalog::Catalog;
use crate::names::{AccountId, Partition};
use crate::plan::Plan;
use crate::plan::policy::{SESSION_POLICY_LENGTH, needs_of, session_forms};
use crate::util::plural::plural;

/// The choice in a manifest that leaves it to the plan.
pub(crate) const PLAN: &str = "plan";
/// The choice of no session policy.
const NONE: &str = "none";

/// The user's choice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum SessionPolicyChoice {
    /// What the plan needs.
    #[default]
    Plan,
    /// What the role may.
    None,
    /// A managed policy, by its ARN.
    Managed(String),
    /// A policy document, without white space.
    Document(String),
}

impl SessionPolicyChoice {
    /// `none`, an ARN, or the name of a file.
    pub(crate) fn typed(text: &str) -> Result<Self, Failure> {
        match text {
            NONE => Ok(Self::None),
            arn if arn.starts_with("arn:") => Self::managed(arn),
            file => {
                let document = fs::read_to_string(file).map_err(|cause| {
                    Failure::usage(format!("--session-policy: {file} cannot be read"))
                        .with_source(cause)
                        .hint("name a file with a policy, the ARN of a managed policy, or none")
                })?;
                Self::document(&document, file)
            }
        }
    }

    /// What a manifest has kept.
    pub(crate) fn from_manifest(kept: &str) -> Result<Self, Failure> {
        match kept {
            PLAN => Ok(Self::Plan),
            NONE => Ok(Self::None),
            arn if arn.starts_with("arn:") => Self::managed(arn),
            document => Self::document(document, "the manifest's session policy"),
        }
    }

    /// What a manifest keeps.
    pub(crate) fn kept(&self) -> String {
        match self {
            Self::Plan => PLAN.to_owned(),
            Self::None => NONE.to_owned(),
            Self::Managed(text) | Self::Document(text) => text.clone(),
        }
    }

    /// The forms in which sessions ask for it, the tightest first. `is_own` says which accounts are not entered through
    /// the role.
    pub(crate) fn forms(
        &self,
        catalog: &Catalog,
        plan: &Plan,
        partition: &Partition,
        is_own: &dyn Fn(&AccountId) -> bool,
    ) -> Result<Vec<SessionPolicy>, Failure> {
        let of_parts = |document: Option<String>, managed: Option<String>| SessionPolicy {
            document,
            managed: managed.into_iter().collect(),
        };
        Ok(match self {
            Self::None => Vec::new(),
            Self::Managed(arn) => vec![of_parts(None, Some(arn.clone()))],
            Self::Document(document) => vec![of_parts(Some(document.clone()), None)],
            Self::Plan => needs_of(catalog, &plan.calls, &plan.regions, &|call, function| {
                let mut entered = plan.accounts.iter().filter(|account| !is_own(&account.id));
                entered.any(|account| call.why_not(&account.id, function).is_none())
            })
            .and_then(|needs| session_forms(catalog, &needs, partition))
            .map_err(|cause| Failure::internal("the catalog cannot be read").with_source(cause))?
            .into_iter()
            .map(|form| of_parts(form.document, form.managed))
            .collect(),
        })
    }

    fn managed(arn: &str) -> Result<Self, Failure> {
        let owner = |text: &str| {
            matches!(text, "aws" | "{account}")
                || text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        match Arn::parse(arn) {
            Some(Arn { service: "iam", region: "", account, resource, .. })
                if owner(account) && resource.starts_with("policy/") =>
            {
                Ok(Self::Managed(arn.to_owned()))
            }
            _ => Err(Failure::usage(format!("--session-policy: `{arn}` is not the ARN of a managed policy"))
                .hint("it looks like arn:aws:iam::aws:policy/SecurityAudit, or arn:aws:iam::{account}:policy/Name for one of each account's own")),
        }
    }

    fn document(text: &str, place: &str) -> Result<Self, Failure> {
        let wrong = |what: String| Failure::usage(format!("--session-policy: {place} {what}"));
        let document: Value = serde_json::from_str(text)
            .map_err(|cause| wrong("is not a policy in JSON".to_owned()).with_source(cause))?;
        if !matches!(document["Statement"], Value::Array(_) | Value::Object(_)) {
            return Err(
                wrong("has no `Statement`".to_owned()).hint("`scan policy -s SPEC` writes one to begin with")
            );
        }
        let text = document.to_string();
        if !text.chars().all(|letter| ('\u{20}'..='\u{ff}').contains(&letter)) {
            return Err(wrong("has letters that AWS does not allow in policies".to_owned()));
        }
        let length = text.chars().count();
        if length > SESSION_POLICY_LENGTH {
            return Err(wrong(format!(
                "has {} without white space, and AWS allows {SESSION_POLICY_LENGTH}",
                plural(length, "character")
            ))
            .hint("make a managed policy of it in every account, and give its ARN"));
        }
        Ok(Self::Document(text))
    }
}

#[cfg(test)]
mod tests {
    use super::SessionPolicyChoice;

    #[test]
    fn a_choice_is_none_an_arn_or_a_file() {
        let typed = |text| SessionPolicyChoice::typed(text);
        assert_eq!(typed("none").expect("a choice"), SessionPolicyChoice::None);
        let arn = "arn:aws:iam::aws:policy/SecurityAudit";
        assert_eq!(typed(arn).expect("a choice"), SessionPolicyChoice::Managed(arn.to_owned()));
        for wrong in ["arn:aws:iam::aws:role/x", "arn:aws:s3:::bucket", "arn:aws:iam::12:policy/x"] {
            let failure = typed(wrong).expect_err("no managed policy").to_string();
            assert!(failure.contains("not the ARN of a managed policy"), "{failure}");
        }
        assert!(typed("no-such-file.json").expect_err("no file").to_string().contains("cannot be read"));
    }

    #[test]
    fn a_document_is_kept_without_white_space() {
        let text = r#"{ "Version": "2012-10-17", "Statement": [ {"Effect": "Allow"} ] }"#;
        let choice = SessionPolicyChoice::document(text, "p.json").expect("a document");
        assert_eq!(choice.kept(), r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow"}]}"#);
        assert_eq!(SessionPolicyChoice::from_manifest(&choice.kept()).expect("a document"), choice);
    }

    #[test]
    fn a_document_that_aws_would_refuse_is_an_error_beforehand() {
        let refused =
            |text: &str| SessionPolicyChoice::document(text, "p.json").expect_err("an error").to_string();
        assert!(refused("{").contains("not a policy in JSON"));
        assert!(refused("{}").contains("has no `Statement`"));
        assert!(refused(r#"{"Statement":[],"Id":"→"}"#).contains("letters"));
        let long = format!(r#"{{"Statement":[],"Id":"{}"}}"#, "x".repeat(2048));
        assert!(refused(&long).contains("AWS allows 2048"));
    }
}
