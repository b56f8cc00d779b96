//! Finding the accounts of the caller's organization.

use aws_config::SdkConfig;
use aws_sdk_organizations::Client;
use serde::{Deserialize, Serialize};

use super::account::{Account, check_rest};
use super::client::client_config;
use super::filter::ExclusionReason;
use crate::aws::credentials::Caller;
use crate::aws_error::ServiceError;
use crate::error::Failure;
use crate::names::AccountId;
use crate::util::plural::plural;

/// The largest page that `ListAccounts` gives (`MaxResults` in botocore's model).
pub const ACCOUNTS_PER_PAGE: u8 = 20;

/// What can be done without a list of accounts.
const NAME_THEM: &str = "or name the accounts with --accounts and leave out --organization-scan: their role is \
    then assumed without asking the organization";

/// What the caller's policies have to say for that.
const STATEMENT: &str = r#"{"Effect": "Allow", "Action": ["organizations:ListAccounts", "organizations:DescribeOrganization"], "Resource": "*"}"#;

/// What is known of an organization.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// The organization's id: `o-exampleorgid`. `None` for a scan of one account.
    pub id: Option<String>,
    /// The account that owns the organization.
    pub management_account: Option<AccountId>,
    /// All accounts, those that cannot be scanned too: the management account first, then by id.
    pub accounts: Vec<Account>,
}

impl Organization {
    /// The callers' own accounts alone, for a scan without an organization.
    #[must_use]
    pub fn of_callers<'run>(callers: impl Iterator<Item = &'run Caller>) -> Self {
        let accounts = callers.map(|caller| Account::alone(caller.account.clone()));
        Self { accounts: accounts.collect(), ..Self::default() }.arrange()
    }

    /// These accounts but for the excluded ones; nobody is asked whether an organization has them.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Usage`](crate::error::FailureKind) when an excluded account is not among them,
    /// or nothing is left.
    pub fn of_accounts(mut accounts: Vec<Account>, excluded: &[AccountId]) -> Result<Self, Failure> {
        accounts.sort_by(|a, b| a.id.cmp(&b.id));
        accounts.dedup_by(|a, b| a.id == b.id);
        for id in excluded {
            let account = accounts.iter_mut().find(|account| account.id == *id).ok_or_else(|| {
                Failure::usage(format!("--exclude-accounts: account {id} is not among those that are named"))
            })?;
            account.excluded_by = Some(ExclusionReason::ExcludeAccounts);
        }
        check_rest(&accounts)?;
        Ok(Self { accounts, ..Self::default() })
    }

    /// Puts the accounts in order and marks the management account.
    fn arrange(mut self) -> Self {
        for account in &mut self.accounts {
            account.management = Some(&account.id) == self.management_account.as_ref();
        }
        self.accounts.sort_by(|a, b| b.management.cmp(&a.management).then_with(|| a.id.cmp(&b.id)));
        self.accounts.dedup_by(|a, b| a.id == b.id);
        self
    }
}

/// Lists the accounts of the caller's organization, and asks for its id at the same time.
///
/// The id and the management account also stand in each account's ARN, so that a caller who may
/// not call `DescribeOrganization` loses nothing.
///
/// # Errors
///
/// A [`FailureKind::Credentials`](crate::error::FailureKind) when the accounts cannot be listed,
/// with what to do about it.
pub async fn discover(config: &SdkConfig, caller: &Caller) -> Result<Organization, Failure> {
    let client = Client::from_conf(client_config(config).build());
    let ((mut id, mut management_account), accounts) =
        tokio::join!(describe(&client), list_accounts(&client));
    let accounts = accounts.map_err(|error| match error {
        ListError::Refused(error) => cannot_list(error, caller, management_account.as_ref()),
        ListError::Endless(failure) => failure,
    })?;
    let Some(account) = accounts.first() else {
        // Every organization has at least its management account.
        return Err(no_organization(caller));
    };
    id = id.or_else(|| account.organization_id().map(str::to_owned));
    management_account = management_account.or_else(|| account.management_account());
    Ok(Organization { id, management_account, accounts }.arrange())
}

/// The organization's id and its management account, as far as the caller may know them. Every member
/// may ask.
pub async fn describe_organization(config: &SdkConfig) -> (Option<String>, Option<AccountId>) {
    describe(&Client::from_conf(client_config(config).build())).await
}

async fn describe(client: &Client) -> (Option<String>, Option<AccountId>) {
    match client.describe_organization().send().await.map(|answer| answer.organization) {
        Ok(Some(organization)) => {
            let management_account = organization.master_account_id().and_then(AccountId::parse);
            (organization.id, management_account)
        }
        Ok(None) => (None, None),
        Err(error) => {
            tracing::info!(
                target: "scan::organization", error = %ServiceError::new(&error),
                "organizations:DescribeOrganization did not answer; the ARNs of the accounts do"
            );
            (None, None)
        }
    }
}

/// Why there is no list of accounts.
enum ListError {
    Refused(ServiceError),
    Endless(Failure),
}

async fn list_accounts(client: &Client) -> Result<Vec<Account>, ListError> {
    let mut pages = client.list_accounts().into_paginator().page_size(ACCOUNTS_PER_PAGE.into()).send();
    let mut accounts = Vec::new();
    let mut next_token = None;
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| ListError::Refused(ServiceError::new(&error)))?;
        accounts.extend(page.accounts().iter().filter_map(Account::from_model));
        next_token = page.next_token.filter(|token| !token.is_empty());
    }
    // The paginator stops without a word when a token repeats; half a list must not pass for all.
    if next_token.is_some() {
        let failure = Failure::credentials(format!(
            "organizations:ListAccounts gave the same page again after {}",
            plural(accounts.len(), "account")
        ));
        return Err(ListError::Endless(failure.hint("run again; if it stays so, report it")));
    }
    Ok(accounts)
}

/// `management_account` is known where the caller may describe the organization but not list it: then
/// the caller's account is a member that is no delegated administrator, or lacks the permission.
fn cannot_list(error: ServiceError, caller: &Caller, management_account: Option<&AccountId>) -> Failure {
    let arn = &caller.arn;
    if error.code() == Some("AWSOrganizationsNotInUseException") {
        return no_organization(caller);
    }
    if error.is_denied() {
        let failure = Failure::credentials(format!("{arn} may not list the accounts of the organization"))
            .with_source(error);
        let allow = format!(
            "allow organizations:ListAccounts (and organizations:DescribeOrganization) to {arn}: {STATEMENT}"
        );
        return match management_account {
            Some(management) if *management != caller.account => failure
                .hint(format!(
                    "account {} is a member: run in the management account {management}, or let it register \
                     this account as a delegated administrator",
                    caller.account
                ))
                .hint(allow)
                .hint(NAME_THEM),
            Some(_) => failure.hint(allow).hint(NAME_THEM),
            None => failure
                .hint("run in the organization's management account, or in an account that is a delegated administrator")
                .hint(allow)
                .hint(NAME_THEM),
        };
    }
    Failure::credentials("the accounts of the organization cannot be listed").with_source(error)
}

fn no_organization(caller: &Caller) -> Failure {
    Failure::credentials(format!("account {} does not belong to an organization", caller.account)).hint(
        "leave out --organization-scan to scan this account alone, or use credentials of the management account",
    )
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Organization, discover};
    use crate::aws::credentials::fake::{FakeAws, caller};
    use crate::error::{Failure, FailureKind};
    use crate::names::AccountId;

    fn account(id: &str, state: &str) -> Value {
        let arn = format!("arn:aws:organizations::111111111111:account/o-exampleorgid/{id}");
        json!({"Id": id, "Arn": arn, "Name": format!("account {id}"), "State": state, "JoinedTimestamp": 1_700_000_000.5})
    }

    fn denied() -> (u16, String) {
        (
            400,
            json!({"__type": "AccessDeniedException", "Message": "You don't have permissions."}).to_string(),
        )
    }

    /// Organizations with these pages of `ListAccounts`; a page's index is the token for it.
    fn organizations(pages: Vec<Value>, describable: bool) -> FakeAws {
        FakeAws::new(move |request| {
            if request.target.ends_with("DescribeOrganization") {
                let organization =
                    json!({"Organization": {"Id": "o-described", "MasterAccountId": "111111111111"}});
                return if describable { (200, organization.to_string()) } else { denied() };
            }
            let body: Value = serde_json::from_str(&request.body).expect("a JSON request");
            let index: usize =
                body["NextToken"].as_str().map_or(0, |token| token.parse().expect("our token"));
            let mut page = json!({"Accounts": pages[index]});
            if index + 1 < pages.len() {
                page["NextToken"] = json!((index + 1).to_string());
            }
            (200, page.to_string())
        })
    }

    async fn discovered(fake: &FakeAws) -> Result<Organization, Failure> {
        discover(&fake.config("eu-west-1"), &caller()).await
    }

    #[tokio::test]
    async fn all_pages_are_read_and_empty_ones_do_not_end_the_list() {
        let fake = organizations(
            vec![
                json!([account("333333333333", "ACTIVE")]),
                json!([]),
                json!([account("222222222222", "SUSPENDED"), account("111111111111", "ACTIVE")]),
                json!([]),
            ],
            true,
        );
        let organization = discovered(&fake).await.expect("an organization");
        assert_eq!(organization.id.as_deref(), Some("o-described"));
        let ids: Vec<&str> = organization.accounts.iter().map(|account| account.id.as_str()).collect();
        assert_eq!(ids, ["111111111111", "222222222222", "333333333333"]);
        assert!(organization.accounts[0].management);
        assert!(!organization.accounts[1].management);
        let joined = organization.accounts[2].joined.expect("a date").to_rfc3339();
        assert_eq!(joined, "2023-11-14T22:13:20.500+00:00");
        let lists = fake.sent().into_iter().filter(|sent| sent.target.ends_with("ListAccounts"));
        assert_eq!(lists.count(), 4);
    }

    #[tokio::test]
    async fn without_leave_to_describe_the_organization_the_arns_tell() {
        let fake = organizations(
            vec![json!([account("222222222222", "ACTIVE"), account("111111111111", "ACTIVE")])],
            false,
        );
        let organization = discovered(&fake).await.expect("an organization");
        assert_eq!(organization.id.as_deref(), Some("o-exampleorgid"));
        assert_eq!(organization.management_account, Some(AccountId::new("111111111111")));
        assert!(organization.accounts[0].management);
    }

    #[tokio::test]
    async fn a_denied_list_says_where_to_run_and_what_to_allow() {
        let failure = discovered(&FakeAws::new(|_| denied())).await.expect_err("a denial");
        assert_eq!(failure.kind(), FailureKind::Credentials);
        let text = failure.to_string();
        for expected in [
            "arn:aws:iam::111111111111:user/me",
            "management account",
            "delegated administrator",
            "organizations:ListAccounts",
        ] {
            assert!(text.contains(expected), "{expected} is missing in: {text}");
        }
    }

    /// A member that may not list accounts learns which account is the management account.
    #[tokio::test]
    async fn discovery_denied_to_member_names_management_account() {
        let fake = FakeAws::new(|request| {
            if request.target.ends_with("DescribeOrganization") {
                let organization = json!({"Organization": {"Id": "o-x", "MasterAccountId": "999999999999"}});
                return (200, organization.to_string());
            }
            denied()
        });
        let text = discovered(&fake).await.expect_err("a denial").to_string();
        assert!(text.contains("account 111111111111 is a member"), "{text}");
        assert!(text.contains("management account 999999999999"), "{text}");
        assert!(text.contains("--accounts"), "{text}");
    }

    /// A delegated administrator lists all accounts and is not mistaken for the management account.
    #[tokio::test]
    async fn delegated_administrator_is_no_management_account() {
        let arn = |id| format!("arn:aws:organizations::999999999999:account/o-exampleorgid/{id}");
        let listed = |id| json!({"Id": id, "Arn": arn(id), "Name": id, "State": "ACTIVE"});
        let pages = vec![json!([listed("111111111111"), listed("222222222222"), listed("999999999999")])];
        for describable in [false, true] {
            let described = organizations(pages.clone(), false);
            let fake = if describable {
                FakeAws::new(move |request| {
                    if request.target.ends_with("DescribeOrganization") {
                        let its = json!({"Organization": {"Id": "o-x", "MasterAccountId": "999999999999"}});
                        return (200, its.to_string());
                    }
                    described.answer(request)
                })
            } else {
                described
            };
            let organization = discovered(&fake).await.expect("an organization");
            let management: Vec<&str> = organization
                .accounts
                .iter()
                .filter(|account| account.management)
                .map(|account| account.id.as_str())
                .collect();
            assert_eq!(management, ["999999999999"]);
        }
    }

    #[tokio::test]
    async fn an_account_without_organization_is_told_so() {
        let fake = FakeAws::new(|_| {
            (400, json!({"__type": "AWSOrganizationsNotInUseException", "Message": "no"}).to_string())
        });
        let text = discovered(&fake).await.expect_err("no organization").to_string();
        assert!(text.contains("account 111111111111 does not belong to an organization"), "{text}");
        assert!(text.contains("--organization-scan"), "{text}");
    }

    #[tokio::test]
    async fn a_page_token_that_repeats_is_an_error_and_not_a_short_list() {
        let fake = FakeAws::new(|_| {
            (200, json!({"Accounts": [account("222222222222", "ACTIVE")], "NextToken": "again"}).to_string())
        });
        let failure = discovered(&fake).await.expect_err("an endless list");
        assert!(failure.to_string().contains("same page again"), "{failure}");
    }

    #[test]
    fn a_scan_of_one_account_needs_no_organization() {
        let organization = Organization::of_callers([&caller()].into_iter());
        assert_eq!(organization.id, None);
        assert_eq!(organization.accounts.len(), 1);
        assert_eq!(organization.accounts[0].name, None);
    }
}
