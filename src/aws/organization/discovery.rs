//! Discovery of the accounts of the caller's organization.

use aws_config::SdkConfig;
use aws_sdk_organizations::Client;
use serde::{Deserialize, Serialize};

use super::account::{Account, check_not_empty};
use super::client::client_config;
use super::filter::ExclusionReason;
use crate::aws::credentials::Caller;
use crate::aws_error::ServiceError;
use crate::error::Failure;
use crate::names::AccountId;
use crate::util::plural::plural;

/// The maximum page size of `ListAccounts` (`MaxResults` in botocore's model).
pub const ACCOUNTS_PER_PAGE: u8 = 20;

/// The hint for a scan without a list of accounts.
const USE_ACCOUNTS_OPTION: &str = "or pass the accounts with --accounts and omit --organization-scan: their \
                                   role is then assumed without calling Organizations";

/// The policy statement that allows the caller to list the accounts.
const STATEMENT: &str = r#"{"Effect": "Allow", "Action": ["organizations:ListAccounts", "organizations:DescribeOrganization"], "Resource": "*"}"#;

/// The ID, the management account and the accounts of an organization.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// The organization's ID: `o-exampleorgid`. `None` for a scan of one account.
    pub id: Option<String>,
    /// The account that owns the organization.
    pub management_account: Option<AccountId>,
    /// All accounts, including those that cannot be scanned: the management account first, then by ID.
    pub accounts: Vec<Account>,
}

impl Organization {
    /// Creates an organization of only the callers' accounts, for a scan without an organization.
    #[must_use]
    pub fn of_callers<'run>(callers: impl Iterator<Item = &'run Caller>) -> Self {
        let accounts = callers.map(|caller| Account::alone(caller.account.clone()));
        Self { accounts: accounts.collect(), ..Self::default() }.arrange()
    }

    /// Creates an organization of these accounts with the excluded ones marked, without calling Organizations.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Usage`](crate::error::FailureKind) when an excluded account is not among them, or no
    /// account remains.
    pub fn of_accounts(mut accounts: Vec<Account>, excluded: &[AccountId]) -> Result<Self, Failure> {
        accounts.sort_by(|a, b| a.id.cmp(&b.id));
        accounts.dedup_by(|a, b| a.id == b.id);
        for id in excluded {
            let account = accounts.iter_mut().find(|account| account.id == *id).ok_or_else(|| {
                Failure::usage(format!("--exclude-accounts: account {id} is not among the named accounts"))
            })?;
            account.excluded_by = Some(ExclusionReason::ExcludeAccounts);
        }
        check_not_empty(&accounts)?;
        Ok(Self { accounts, ..Self::default() })
    }

    /// Sorts the accounts and marks the management account.
    fn arrange(mut self) -> Self {
        for account in &mut self.accounts {
            account.management = Some(&account.id) == self.management_account.as_ref();
        }
        self.accounts.sort_by(|a, b| b.management.cmp(&a.management).then_with(|| a.id.cmp(&b.id)));
        self.accounts.dedup_by(|a, b| a.id == b.id);
        self
    }
}

/// Lists the accounts of the caller's organization, and describes the organization concurrently.
///
/// The IDs of the organization and the management account are also in each account's ARN, so that a caller without
/// permission for `DescribeOrganization` gets the same result.
///
/// # Errors
///
/// A [`FailureKind::Credentials`](crate::error::FailureKind) when the accounts cannot be listed, with hints on how
/// to fix it.
pub async fn discover(config: &SdkConfig, caller: &Caller) -> Result<Organization, Failure> {
    let client = Client::from_conf(client_config(config).build());
    let ((mut id, mut management_account), accounts) =
        tokio::join!(describe(&client), list_accounts(&client));
    let accounts = accounts.map_err(|error| match error {
        ListError::Refused(error) => cannot_list(error, caller, management_account.as_ref()),
        ListError::Endless(failure) => failure,
    })?;
    let Some(account) = accounts.first() else {
        // Every organization has at least organization management account.
        return Err(no_organization(caller));
    };
    id = id.or_else(|| account.organization_id().map(str::to_owned));
    management_account = management_account.or_else(|| account.management_account());
    Ok(Organization { id, management_account, accounts }.arrange())
}

/// Returns the organization's ID and organization management account, if the caller may describe the organization.
/// Every member account may call `DescribeOrganization`.
pub async fn describe_organization(config: &SdkConfig) -> (Option<String>, Option<AccountId>) {
    describe(&Client::from_conf(client_config(config).build())).await
}

async fn describe(client: &Client) -> (Option<String>, Option<AccountId>) {
    match client.describe_organization().send().await.map(|response| response.organization) {
        Ok(Some(organization)) => {
            let management_account = organization.master_account_id().and_then(AccountId::parse);
            (organization.id, management_account)
        }
        Ok(None) => (None, None),
        Err(error) => {
            tracing::info!(
                target: "scan::organization", error = %ServiceError::new(&error),
                "organizations:DescribeOrganization failed; using the ARNs of the accounts instead"
            );
            (None, None)
        }
    }
}

/// The reason why the accounts could not be listed.
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
    // The paginator stops without an error when a token repeats; a partial list must not pass for a complete one.
    if next_token.is_some() {
        let failure = Failure::credentials(format!(
            "organizations:ListAccounts returned the same page token twice after {}",
            plural(accounts.len(), "account")
        ));
        return Err(ListError::Endless(failure.hint("run again, and report it if it persists")));
    }
    Ok(accounts)
}

/// Returns the failure for accounts that cannot be listed. `management_account` is known where the caller may
/// describe the organization but not list organization accounts: then the caller's account is a member without
/// delegated administration, or the caller lacks the permission.
fn cannot_list(error: ServiceError, caller: &Caller, management_account: Option<&AccountId>) -> Failure {
    let arn = &caller.arn;
    if error.code() == Some("AWSOrganizationsNotInUseException") {
        return no_organization(caller);
    }
    if error.is_denied() {
        let failure =
            Failure::credentials(format!("{arn} is not allowed to list the accounts of the organization"))
                .with_source(error);
        let allow = format!(
            "allow organizations:ListAccounts (and organizations:DescribeOrganization) to {arn}: {STATEMENT}"
        );
        return match management_account {
            Some(management) if *management != caller.account => failure
                .hint(format!(
                    "run in the management account {management}, or register account {}, which is a member, as \
                     a delegated administrator",
                    caller.account
                ))
                .hint(allow)
                .hint(USE_ACCOUNTS_OPTION),
            Some(_) => failure.hint(allow).hint(USE_ACCOUNTS_OPTION),
            None => failure
                .hint("run in the organization's management account, or in an account that is a delegated administrator")
                .hint(allow)
                .hint(USE_ACCOUNTS_OPTION),
        };
    }
    Failure::credentials("cannot list the accounts of the organization").with_source(error)
}

fn no_organization(caller: &Caller) -> Failure {
    Failure::credentials(format!("account {} does not belong to an organization", caller.account)).hint(
        "omit --organization-scan to scan only this account, or use credentials of the management account",
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

    /// Creates a fake Organizations with these pages of `ListAccounts`; a page's index is its token.
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
        assert!(text.contains("account 111111111111, which is a member"), "{text}");
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
                        let organization =
                            json!({"Organization": {"Id": "o-x", "MasterAccountId": "999999999999"}});
                        return (200, organization.to_string());
                    }
                    described.respond(request)
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
        assert!(failure.to_string().contains("same page token twice"), "{failure}");
    }

    #[test]
    fn a_scan_of_one_account_needs_no_organization() {
        let organization = Organization::of_callers([&caller()].into_iter());
        assert_eq!(organization.id, None);
        assert_eq!(organization.accounts.len(), 1);
        assert_eq!(organization.accounts[0].name, None);
    }
}
