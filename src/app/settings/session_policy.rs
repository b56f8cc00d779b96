//! The session policy, which limits the permissions of role sessions.

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

/// The word in a manifest for a session policy of the plan's permissions.
pub(crate) const PLAN: &str = "plan";
/// The word for no session policy.
const NONE: &str = "none";

/// The user's choice of a session policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum SessionPolicyChoice {
    /// Exactly the permissions that the plan needs.
    #[default]
    Plan,
    /// No session policy: all permissions of the role.
    None,
    /// A managed policy, by its ARN.
    Managed(String),
    /// A policy document, without whitespace.
    Document(String),
}

impl SessionPolicyChoice {
    /// Parses `none`, an ARN, or the path of a file.
    pub(crate) fn typed(text: &str) -> Result<Self, Failure> {
        match text {
            NONE => Ok(Self::None),
            arn if arn.starts_with("arn:") => Self::managed(arn),
            file => {
                let document = fs::read_to_string(file).map_err(|cause| {
                    Failure::usage(format!("--session-policy: cannot read {file}"))
                        .with_source(cause)
                        .hint("use a file with a policy, the ARN of a managed policy, or none")
                })?;
                Self::document(&document, file)
            }
        }
    }

    /// Parses the choice in a manifest.
    pub(crate) fn from_manifest(kept: &str) -> Result<Self, Failure> {
        match kept {
            PLAN => Ok(Self::Plan),
            NONE => Ok(Self::None),
            arn if arn.starts_with("arn:") => Self::managed(arn),
            document => Self::document(document, "the manifest's session policy"),
        }
    }

    /// Returns the choice for a manifest.
    pub(crate) fn kept(&self) -> String {
        match self {
            Self::Plan => PLAN.to_owned(),
            Self::None => NONE.to_owned(),
            Self::Managed(text) | Self::Document(text) => text.clone(),
        }
    }

    /// Returns the forms of the session policy, the tightest first. `is_own` returns whether an account is scanned
    /// with the base credentials, without assuming the role.
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
            Self::Plan => needs_of(catalog, &plan.calls, plan.widest_regions(), &|call, function| {
                let mut with_role = plan.accounts.iter().filter(|account| !is_own(&account.id));
                with_role.any(|account| call.why_not(&account.id, function).is_none())
            })
            .and_then(|needs| session_forms(catalog, &needs, partition))
            .map_err(|cause| Failure::internal("cannot read the catalog").with_source(cause))?
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
                .hint("use an ARN such as arn:aws:iam::aws:policy/SecurityAudit, or arn:aws:iam::{account}:policy/Name for a policy in each account")),
        }
    }

    fn document(text: &str, place: &str) -> Result<Self, Failure> {
        let wrong = |what: String| Failure::usage(format!("--session-policy: {place} {what}"));
        let document: Value = serde_json::from_str(text)
            .map_err(|cause| wrong("is not a policy in JSON".to_owned()).with_source(cause))?;
        if !matches!(document["Statement"], Value::Array(_) | Value::Object(_)) {
            return Err(
                wrong("has no `Statement`".to_owned()).hint("run `scan policy -s SPEC` to generate a policy")
            );
        }
        let text = document.to_string();
        if !text.chars().all(|letter| ('\u{20}'..='\u{ff}').contains(&letter)) {
            return Err(wrong("contains characters that AWS does not allow in policies".to_owned()));
        }
        let length = text.chars().count();
        if length > SESSION_POLICY_LENGTH {
            return Err(wrong(format!(
                "has {} without whitespace, but AWS allows {SESSION_POLICY_LENGTH}",
                plural(length, "character")
            ))
            .hint("create a managed policy with it in every account, and use its ARN"));
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
        assert!(typed("no-such-file.json").expect_err("no file").to_string().contains("cannot read"));
    }

    #[test]
    fn a_document_is_kept_without_white_space() {
        let text = r#"{ "Version": "2012-10-17", "Statement": [ {"Effect": "Allow"} ] }"#;
        let choice = SessionPolicyChoice::document(text, "p.json").expect("a document");
        assert_eq!(choice.kept(), r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow"}]}"#);
        assert_eq!(SessionPolicyChoice::from_manifest(&choice.kept()).expect("a document"), choice);
    }

    #[test]
    fn a_document_that_aws_would_reject_is_an_error() {
        let error_of =
            |text: &str| SessionPolicyChoice::document(text, "p.json").expect_err("an error").to_string();
        assert!(error_of("{").contains("not a policy in JSON"));
        assert!(error_of("{}").contains("has no `Statement`"));
        assert!(error_of(r#"{"Statement":[],"Id":"→"}"#).contains("characters that AWS does not allow"));
        let long = format!(r#"{{"Statement":[],"Id":"{}"}}"#, "x".repeat(2048));
        assert!(error_of(&long).contains("AWS allows 2048"));
    }
}
