//! The list of the accounts of the caller's organization, page by page.

use std::collections::HashSet;

use aws_config::SdkConfig;
use aws_sdk_organizations::Client;
use aws_sdk_organizations::operation::list_accounts::ListAccountsOutput;

use super::account::Account;
use super::client::client_config;
use super::discovery::{Organization, describe};
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

/// A list of accounts that is requested page by page, so that a scan can start before its end.
#[derive(Debug)]
pub struct AccountListing {
    client: Client,
    /// The first page, until it is read.
    first: Option<Result<ListAccountsOutput, ServiceError>>,
    /// The token of the next page.
    token: Option<String>,
    /// The IDs of the organization and the management account, if the caller may describe the organization.
    described: (Option<String>, Option<AccountId>),
    /// The accounts so far: none is added twice.
    listed: HashSet<AccountId>,
}

impl AccountListing {
    /// Requests the first page, and describes the organization concurrently. A failed request is reported by
    /// [`read_page`](Self::read_page), because the caller may not be identified yet.
    pub async fn start(config: &SdkConfig) -> Self {
        let client = Client::from_conf(client_config(config).build());
        let (described, first) = tokio::join!(describe(&client), list_page(&client, None));
        Self { client, first: Some(first), token: None, described, listed: HashSet::new() }
    }

    /// Adds the accounts of the next page to `organization`, in the order of the response. Returns whether there are
    /// more pages.
    ///
    /// The IDs of the organization and the management account are also in each account's ARN, so that a caller
    /// without permission for `DescribeOrganization` gets the same result.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Credentials`](crate::error::FailureKind) when the accounts cannot be listed, with hints on
    /// how to fix it.
    pub async fn read_page(
        &mut self,
        organization: &mut Organization,
        caller: &Caller,
    ) -> Result<bool, Failure> {
        let page = match self.first.take() {
            Some(page) => page,
            None => list_page(&self.client, self.token.clone()).await,
        };
        let page = page.map_err(|error| cannot_list(error, caller, self.described.1.as_ref()))?;
        let accounts = page.accounts.unwrap_or_default();
        let accounts = accounts.iter().filter_map(Account::from_model);
        let start = organization.accounts.len();
        organization.accounts.extend(accounts.filter(|account| self.listed.insert(account.id.clone())));
        if let Some(account) = organization.accounts.first() {
            let (id, management_account) = &self.described;
            organization.id = id.clone().or_else(|| account.organization_id().map(str::to_owned));
            organization.management_account =
                management_account.clone().or_else(|| account.management_account());
        }
        organization.mark_management_account(start);
        let next = page.next_token.filter(|token| !token.is_empty());
        let is_last = next.is_none();
        if !is_last && next == self.token {
            // A partial list must not pass for a complete one.
            return Err(repeated_token(organization.accounts.len()));
        }
        self.token = next;
        if !is_last {
            return Ok(true);
        }
        if organization.accounts.is_empty() {
            // Every organization has at least the management account.
            return Err(no_organization(caller));
        }
        Ok(false)
    }

    /// Reads all remaining pages, and sorts the accounts.
    ///
    /// # Errors
    ///
    /// As [`read_page`](Self::read_page).
    pub async fn read_all(
        &mut self,
        organization: &mut Organization,
        caller: &Caller,
    ) -> Result<(), Failure> {
        while self.read_page(organization, caller).await? {}
        organization.sort();
        Ok(())
    }
}

async fn list_page(client: &Client, token: Option<String>) -> Result<ListAccountsOutput, ServiceError> {
    let request = client.list_accounts().max_results(ACCOUNTS_PER_PAGE.into()).set_next_token(token);
    request.send().await.map_err(|error| ServiceError::new(&error))
}

fn repeated_token(accounts: usize) -> Failure {
    Failure::credentials(format!(
        "organizations:ListAccounts returned the same page token twice after {}",
        plural(accounts, "account")
    ))
    .hint("run again, and report it if it persists")
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

    use super::AccountListing;
    use crate::aws::credentials::fake::{FakeAws, caller};
    use crate::aws::organization::Organization;
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
        let mut organization = Organization::default();
        let mut listing = AccountListing::start(&fake.config("eu-west-1")).await;
        listing.read_all(&mut organization, &caller()).await.map(|()| organization)
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
}
