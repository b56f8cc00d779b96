//! The two policies for assuming the role in a member account: the caller's policy and the member role's trust
//! policy. Both have to allow it (docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user.html).

use serde_json::{Value, json};

use super::action::Action;
use super::document::{Statement, document};

/// The conditions for assuming the member role.
#[derive(Clone, Debug, Default)]
pub struct RoleAccess {
    /// The principal that may assume the role: an ARN, or a reference in a template.
    pub principal: Value,
    /// The ARN of the role in any account: `arn:aws:iam::*:role/OrganizationInventory`.
    pub role_arns: Vec<String>,
    /// The external id that both sides use.
    pub external_id: Option<String>,
    /// The organization that the caller, and the role, must belong to.
    pub organization: Option<String>,
    /// Whether sessions have tags.
    pub tags: bool,
    /// Whether sessions have a source identity.
    pub source_identity: bool,
}

impl RoleAccess {
    /// Returns the actions that both sides have to allow.
    fn actions(&self) -> Vec<&'static str> {
        let tags = self.tags.then_some("sts:TagSession");
        let source_identity = self.source_identity.then_some("sts:SetSourceIdentity");
        ["sts:AssumeRole"].into_iter().chain(tags).chain(source_identity).collect()
    }
}

/// The permissions that the caller needs in AWS Organizations.
#[derive(Clone, Copy, Debug, Default)]
pub struct OrganizationAccess {
    /// Whether accounts are selected by their organizational unit.
    pub units: bool,
    /// Whether accounts are selected by their tags.
    pub tags: bool,
    /// Whether the delegated administrators of services are looked up.
    pub delegated: bool,
}

/// Returns the member role's trust policy.
#[must_use]
pub fn trust_policy(access: &RoleAccess) -> Value {
    let mut statement = Statement::trust(&access.principal, access.actions()).named("AllowInventory");
    if let Some(external_id) = &access.external_id {
        statement = statement.when("sts:ExternalId", json!(external_id));
    }
    if let Some(organization) = &access.organization {
        statement = statement.when("aws:PrincipalOrgID", json!(organization));
    }
    document([statement])
}

/// The actions for the organizational units and the tags of accounts. A scan without them continues.
const DETAILS: [&str; 5] = [
    "organizations:ListAccountsForParent",
    "organizations:ListOrganizationalUnitsForParent",
    "organizations:ListRoots",
    "organizations:ListTagsForResource",
    "tag:GetResources",
];

/// Returns the caller's policy: to list the accounts, to assume the role in them, to read in the caller's own
/// account, where no role is assumed, and to look up details of the accounts.
#[must_use]
pub fn management_policy<'action>(
    access: &RoleAccess,
    discovery: OrganizationAccess,
    own: impl IntoIterator<Item = &'action Action>,
) -> Value {
    let mut find = vec!["organizations:DescribeOrganization", "organizations:ListAccounts"];
    if discovery.units {
        find.extend([
            "organizations:DescribeOrganizationalUnit",
            "organizations:ListAccountsForParent",
            "organizations:ListOrganizationalUnitsForParent",
            "organizations:ListRoots",
        ]);
    }
    if discovery.tags {
        find.push("organizations:ListTagsForResource");
    }
    if discovery.delegated {
        find.push("organizations:ListDelegatedAdministrators");
    }
    find.sort_unstable();
    let details: Vec<_> = DETAILS.into_iter().filter(|action| !find.contains(action)).collect();
    let describe = Statement::allow(details, "*").named("DescribeAccounts");
    let mut enter = Statement::allow(access.actions(), one_or_all(&access.role_arns)).named("EnterAccounts");
    if let Some(organization) = &access.organization {
        enter = enter.when("aws:ResourceOrgID", json!(organization));
    }
    let mut own = own.into_iter().map(Action::as_str).peekable();
    let read = own.peek().is_some().then(|| Statement::allow(own, "*").named("ReadOwnAccount"));
    document(
        [Statement::allow(find, "*").named("FindAccounts"), enter].into_iter().chain(read).chain([describe]),
    )
}

/// Returns a single text itself, and several as a list.
fn one_or_all(texts: &[String]) -> Value {
    match texts {
        [text] => json!(text),
        texts => json!(texts),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{DETAILS, OrganizationAccess, RoleAccess, management_policy, trust_policy};
    use crate::plan::policy::action::Action;

    fn access() -> RoleAccess {
        RoleAccess {
            principal: json!("arn:aws:iam::111111111111:role/Scanner"),
            role_arns: vec!["arn:aws:iam::*:role/OrganizationInventory".to_owned()],
            ..RoleAccess::default()
        }
    }

    #[test]
    fn the_two_halves_allow_the_same_and_name_each_other() {
        let access = RoleAccess { tags: true, source_identity: true, ..access() };
        let (trust, caller) =
            (trust_policy(&access), management_policy(&access, OrganizationAccess::default(), &[]));
        let actions = json!(["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]);
        assert_eq!(trust["Statement"][0]["Action"], actions);
        assert_eq!(caller["Statement"][1]["Action"], actions);
        assert_eq!(trust["Statement"][0]["Principal"]["AWS"], "arn:aws:iam::111111111111:role/Scanner");
        assert_eq!(caller["Statement"][1]["Resource"], "arn:aws:iam::*:role/OrganizationInventory");
        assert_eq!(trust["Statement"][0]["Condition"], json!(null));
    }

    #[test]
    fn external_id_and_organization_are_conditions() {
        let access = RoleAccess {
            external_id: Some("x-1".to_owned()),
            organization: Some("o-abc".to_owned()),
            ..access()
        };
        assert_eq!(
            trust_policy(&access)["Statement"][0]["Condition"]["StringEquals"],
            json!({"sts:ExternalId": "x-1", "aws:PrincipalOrgID": "o-abc"})
        );
        let caller = management_policy(&access, OrganizationAccess::default(), &[]);
        assert_eq!(
            caller["Statement"][1]["Condition"],
            json!({"StringEquals": {"aws:ResourceOrgID": "o-abc"}})
        );
    }

    /// The caller may read its own account, and the data that accounts are chosen by.
    #[test]
    fn caller_policy_reads_own_account_and_account_choice() {
        let own = [Action::new("s3:ListAllMyBuckets")];
        let policy = management_policy(
            &access(),
            OrganizationAccess { units: true, tags: true, delegated: true },
            &own,
        );
        assert_eq!(policy["Statement"][0]["Action"].as_array().expect("a list").len(), 8);
        assert_eq!(policy["Statement"][2]["Action"], json!(["s3:ListAllMyBuckets"]));
        assert_eq!(policy["Statement"][3]["Action"], json!(["tag:GetResources"]));
    }

    /// What a scan can do without is in a statement that the user can remove.
    #[test]
    fn details_of_accounts_have_separate_statement() {
        let policy = management_policy(&access(), OrganizationAccess::default(), &[]);
        assert_eq!(policy["Statement"][0]["Action"].as_array().expect("a list").len(), 2);
        assert_eq!(policy["Statement"][2]["Sid"], "DescribeAccounts");
        assert_eq!(policy["Statement"][2]["Action"], json!(DETAILS));
    }
}
