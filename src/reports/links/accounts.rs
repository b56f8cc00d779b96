//! Which accounts are ours, which are AWS's, and which are foreign.

use std::collections::HashSet;

use serde_json::Value;

use crate::arn::Arn;
use crate::names::AccountId;
use crate::run::Results;

/// Accounts of AWS that write the access logs of load balancers, in regions that were opened before August 2022.
///
/// Source: "Enable access logs for your Application Load Balancer" in the Elastic Load Balancing user guide.
const LOAD_BALANCER_LOGS: [&str; 26] = [
    "009996457667",
    "027434742980",
    "033677994240",
    "037604701340",
    "048591011584",
    "054676820928",
    "076674570225",
    "098369216593",
    "114774131450",
    "127311923021",
    "156460612806",
    "190560391635",
    "383597477331",
    "507241528517",
    "582318560864",
    "589379963580",
    "600734575887",
    "635631232127",
    "638102146993",
    "652711504416",
    "718504428378",
    "754344448648",
    "783225319266",
    "797873946194",
    "897822967062",
    "985666609251",
];

/// Condition keys that limit a statement to callers of named accounts or organizations, in lower case.
///
/// Sources: "AWS global condition context keys" in the IAM user guide, and "AWS KMS condition keys" in the KMS developer
/// guide. `aws:SourceOwner` is the older name that Amazon SNS uses.
const LIMITING_KEYS: [&str; 11] = [
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourceowner",
    "kms:calleraccount",
    "s3:dataaccesspointaccount",
];

/// Condition operators that a request without the key does not pass, in lower case, without a set operator.
const LIMITING_OPERATORS: [&str; 5] =
    ["stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"];

/// The accounts of a run.
#[derive(Debug)]
pub(super) struct OwnAccounts {
    ids: HashSet<AccountId>,
    /// The ID of the organization, if it is known.
    organization: Option<String>,
}

/// Whose an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AccountOwner {
    /// It is in the run's list of accounts.
    Ours,
    /// A service of AWS works in it.
    Aws,
    /// Anybody else's.
    Foreign,
}

impl OwnAccounts {
    pub(super) fn of(results: &Results) -> Self {
        let ids = results.accounts().iter().map(|account| account.id.clone()).collect();
        Self { ids, organization: results.manifest().organization.clone() }
    }

    /// Returns whose an account is.
    pub(super) fn owner(&self, account: &str) -> AccountOwner {
        if self.ids.contains(&AccountId::new(account)) {
            return AccountOwner::Ours;
        }
        let is_of_aws = LOAD_BALANCER_LOGS.binary_search(&account).is_ok();
        if is_of_aws { AccountOwner::Aws } else { AccountOwner::Foreign }
    }

    /// Returns whether the conditions of a statement let only callers from our accounts pass.
    pub(super) fn are_only_meant(&self, statement: &Value) -> bool {
        let Some(conditions) = statement["Condition"].as_object() else { return false };
        conditions.iter().any(|(operator, keys)| {
            let operator = operator.to_ascii_lowercase();
            // A request without the key passes `ForAllValues`.
            let operator = operator.strip_prefix("foranyvalue:").unwrap_or(&operator);
            let is_limit = |key: &String| LIMITING_KEYS.contains(&key.to_ascii_lowercase().as_str());
            let limits = keys.as_object().into_iter().flatten().filter(|(key, _)| is_limit(key));
            LIMITING_OPERATORS.contains(&operator)
                && limits.map(|(_, values)| values).any(|values| self.all_ours(values))
        })
    }

    fn all_ours(&self, values: &Value) -> bool {
        match values {
            Value::String(text) => self.is_ours(text),
            Value::Array(values) => !values.is_empty() && values.iter().all(|value| self.all_ours(value)),
            _ => false,
        }
    }

    /// Returns whether the value of a condition is an account, an ARN, an organization or a path of units of ours.
    fn is_ours(&self, text: &str) -> bool {
        let account = Arn::parse(text).map_or(text, |arn| arn.account);
        let organization = text.split('/').next();
        self.ids.contains(&AccountId::new(account))
            || (self.organization.is_some() && organization == self.organization.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{AccountOwner, LOAD_BALANCER_LOGS, OwnAccounts};
    use crate::names::AccountId;

    fn accounts() -> OwnAccounts {
        OwnAccounts {
            ids: [AccountId::new("111111111111")].into(),
            organization: Some("o-exampleorgid".to_owned()),
        }
    }

    #[test]
    fn accounts_of_aws_are_not_foreign() {
        assert!(LOAD_BALANCER_LOGS.is_sorted());
        let owner = |account| accounts().owner(account);
        assert_eq!(owner("111111111111"), AccountOwner::Ours);
        assert_eq!(owner("127311923021"), AccountOwner::Aws);
        assert_eq!(owner("222222222222"), AccountOwner::Foreign);
    }

    #[test]
    fn conditions_can_limit_a_statement_to_our_accounts() {
        let limits = |condition: Value| accounts().are_only_meant(&json!({"Condition": condition}));
        assert!(limits(json!({"StringEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}})));
        assert!(limits(
            json!({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": ["o-exampleorgid/r-1/*"]}})
        ));
        assert!(limits(
            json!({"StringEquals": {"kms:CallerAccount": "111111111111", "kms:ViaService": "x"}})
        ));
        assert!(limits(json!({"ArnLike": {"AWS:SourceArn": "arn:aws:sns:*:111111111111:*"}})));
        for passes in [
            json!({"StringEquals": {"aws:PrincipalOrgID": "o-other"}}),
            json!({"StringEquals": {"aws:SourceAccount": ["111111111111", "222222222222"]}}),
            json!({"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": ["o-exampleorgid/r-1/*"]}}),
            json!({"StringEqualsIfExists": {"aws:SourceAccount": "111111111111"}}),
            json!({"StringNotEquals": {"aws:SourceAccount": "111111111111"}}),
            json!({"StringEquals": {"sts:ExternalId": "111111111111"}}),
            json!({"StringEquals": {"aws:SourceAccount": []}}),
        ] {
            assert!(!limits(passes.clone()), "{passes}");
        }
    }
}
