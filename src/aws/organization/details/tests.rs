//! Organizational units and tags of the accounts of a fake organization:
//!
//! ```text
//! Root ─┬─ 111111111111 (the management account)
//!       └─ Workloads ─── Production ─── 222222222222 (team=shop), 333333333333
//! ```

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::{AccountDetail, UnknownDetail, look_up_details};
use crate::aws::client::AwsClient;
use crate::aws::credentials::Caller;
use crate::aws::credentials::fake::{FakeAws, Sent, caller};
use crate::aws::organization::{AccountListing, AccountTags, Organization, OrganizationTree, TaggingApi};
use crate::model::catalog::Catalog;
use crate::model::endpoint::{EndpointResolver, EndpointSettings, Partitions};
use crate::names::{AccountId, RegionName};

const MANAGEMENT: &str = "111111111111";
const SHOP: &str = "222222222222";
const OTHER: &str = "333333333333";
const ROOT: &str = "r-root";
const WORKLOADS: &str = "ou-root-workloads";
const PRODUCTION: &str = "ou-root-production";
/// The path of the members.
const PATH: &str = "Root/Workloads/Production";

/// The fake organization; by default, everything works as in AWS.
#[derive(Clone, Default)]
struct FakeOrganization {
    /// Whether the list of accounts has no paths, as before 2026.
    without_paths: bool,
    /// The denied operations.
    denied: Vec<&'static str>,
    /// Whether the Resource Groups Tagging API returns no accounts.
    silent_api: bool,
    /// Whether no account has tags.
    untagged: bool,
    /// The unit that no longer exists when the units are listed.
    deleted: Option<&'static str>,
    /// Whether 222222222222 is moved to the root while the tree is walked, so that it is found twice.
    moved: bool,
}

impl FakeOrganization {
    fn start(self) -> FakeAws {
        FakeAws::new(move |request| self.respond(request))
    }

    fn respond(&self, request: &Sent) -> (u16, String) {
        let operation = operation(request);
        if self.denied.contains(&&*operation) {
            let denied = json!({"__type": "AccessDeniedException", "Message": "You don't have permissions."});
            return (400, denied.to_string());
        }
        let body: Value = serde_json::from_str(&request.body).expect("a JSON request");
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let response = match &*operation {
            "DescribeOrganization" => {
                json!({"Organization": {"Id": "o-exampleorg", "MasterAccountId": MANAGEMENT}})
            }
            "ListAccounts" => json!({"Accounts": self.accounts(&[MANAGEMENT, SHOP, OTHER])}),
            "ListRoots" => json!({"Roots": [{"Id": ROOT, "Name": "Root"}]}),
            "ListOrganizationalUnitsForParent" => {
                let units = match &*text("ParentId") {
                    ROOT => vec![(WORKLOADS, "Workloads")],
                    WORKLOADS => vec![(PRODUCTION, "Production")],
                    _ => Vec::new(),
                };
                let left = units.into_iter().filter(|(id, _)| Some(*id) != self.deleted);
                let left: Vec<Value> = left.map(|(id, name)| json!({"Id": id, "Name": name})).collect();
                json!({"OrganizationalUnits": left})
            }
            "ListAccountsForParent" => {
                let ids = match &*text("ParentId") {
                    ROOT if self.moved => vec![MANAGEMENT, SHOP],
                    ROOT => vec![MANAGEMENT],
                    PRODUCTION => vec![SHOP, OTHER],
                    _ => Vec::new(),
                };
                json!({"Accounts": self.accounts(&ids)})
            }
            "ListTagsForResource" => json!({"Tags": self.tags(&text("ResourceId"))}),
            "GetResources" => {
                let arn = format!("arn:aws:organizations::{MANAGEMENT}:account/o-exampleorg/{SHOP}");
                let tagged = json!({"ResourceARN": arn, "Tags": self.tags(SHOP)});
                let is_empty = self.silent_api || self.untagged;
                let tagged = if is_empty { Vec::new() } else { vec![tagged] };
                json!({"ResourceTagMappingList": tagged})
            }
            other => panic!("{other} was not expected"),
        };
        (200, response.to_string())
    }

    fn accounts(&self, ids: &[&str]) -> Vec<Value> {
        ids.iter().map(|id| self.account(id)).collect()
    }

    fn account(&self, id: &str) -> Value {
        let path = if id == MANAGEMENT {
            format!("o-exampleorg/{ROOT}/{id}/")
        } else {
            format!("o-exampleorg/{ROOT}/{WORKLOADS}/{PRODUCTION}/{id}/")
        };
        let arn = format!("arn:aws:organizations::{MANAGEMENT}:account/o-exampleorg/{id}");
        let paths = if self.without_paths { Vec::new() } else { vec![path] };
        json!({"Id": id, "Arn": arn, "Name": id, "State": "ACTIVE", "Paths": paths})
    }

    fn tags(&self, account: &str) -> Vec<Value> {
        if account == SHOP && !self.untagged { vec![json!({"Key": "team", "Value": "shop"})] } else { vec![] }
    }
}

/// Returns the operation of a request.
fn operation(request: &Sent) -> String {
    request.target.rsplit('.').next().unwrap_or_default().to_owned()
}

/// The organization with its details, what is unknown, and the number of requests for details by operation.
struct LookedUp {
    organization: Organization,
    unknown: Vec<UnknownDetail>,
    requests: BTreeMap<String, usize>,
}

impl LookedUp {
    /// Looks up the details as the caller from the management account.
    async fn of(fake: FakeOrganization) -> Self {
        Self::by(&caller(), fake, &|_| true).await
    }

    /// Looks up the details; `is_scanned` returns whether an account is scanned.
    async fn by(caller: &Caller, fake: FakeOrganization, is_scanned: &(dyn Fn(&str) -> bool + Sync)) -> Self {
        let fake = fake.start();
        let config = fake.config("eu-west-1");
        let mut organization = Organization::default();
        let mut listing = AccountListing::start(&config).await;
        listing.read_all(&mut organization, caller).await.expect("an organization");
        let before = fake.sent().len();
        let catalog = Catalog::embedded().expect("a catalog");
        let partitions = Arc::new(Partitions::parse(catalog.partitions()).expect("partitions"));
        let endpoints = EndpointResolver::new(partitions, EndpointSettings::from_sdk_config(&config));
        let client = AwsClient::new(config.clone(), Arc::new(endpoints));
        let client = client.account(&caller.account, config.credentials_provider().expect("credentials"));
        let api = TaggingApi::new(client, &catalog, RegionName::new("us-east-1").region());
        let mut tree = OrganizationTree::new(&config, caller);
        let unknown = look_up_details(&mut organization, &mut tree, api.as_ref(), &|account| {
            is_scanned(account.id.as_str())
        })
        .await;
        let mut requests = BTreeMap::new();
        for request in &fake.sent()[before..] {
            *requests.entry(operation(request)).or_default() += 1;
        }
        Self { organization, unknown, requests }
    }

    /// The paths of units; an unknown one is `?`.
    fn ou_names(&self) -> Vec<String> {
        let accounts = self.organization.accounts.iter();
        accounts.map(|account| account.ou_names().unwrap_or_else(|| "?".to_owned())).collect()
    }

    fn tags(&self) -> Vec<Option<AccountTags>> {
        self.organization.accounts.iter().map(|account| account.tags.clone()).collect()
    }

    fn requests(&self) -> Vec<(&str, usize)> {
        self.requests.iter().map(|(operation, count)| (operation.as_str(), *count)).collect()
    }

    #[track_caller]
    fn expect_unknown(&self, field: AccountDetail, actions: &[&str]) {
        let [detail] = &self.unknown[..] else { panic!("{:?}", self.unknown) };
        assert_eq!(
            (detail.field, detail.actions.iter().map(String::as_str).collect::<Vec<_>>()),
            (field, actions.to_vec())
        );
    }
}

/// The tags of the three accounts if all are known.
fn all_tags() -> Vec<Option<AccountTags>> {
    let shop = AccountTags::from([("team".to_owned(), "shop".to_owned())]);
    vec![Some(AccountTags::new()), Some(shop), Some(AccountTags::new())]
}

/// A delegated administrator, which is one of the members.
fn delegated() -> Caller {
    Caller { account: AccountId::new(OTHER), ..caller() }
}

#[tokio::test]
async fn listed_paths_need_names_of_units_only() {
    let found = LookedUp::of(FakeOrganization::default()).await;
    assert_eq!(found.ou_names(), ["Root", PATH, PATH]);
    let ids = format!("{ROOT}/{WORKLOADS}/{PRODUCTION}");
    assert_eq!(found.organization.accounts[1].ou_ids(), Some(ids));
    assert_eq!(
        found.requests(),
        [("GetResources", 1), ("ListOrganizationalUnitsForParent", 2), ("ListRoots", 1)]
    );
    let fewest = found.organization.fewest_detail_requests(&caller().account, 3);
    assert_eq!(fewest, 4);
}

#[tokio::test]
async fn tree_is_walked_if_list_has_no_paths() {
    let found = LookedUp::of(FakeOrganization { without_paths: true, ..FakeOrganization::default() }).await;
    assert_eq!(found.ou_names(), ["Root", PATH, PATH]);
    assert_eq!(found.requests["ListAccountsForParent"], 3);
}

#[tokio::test]
async fn account_moved_during_walk_is_in_one_place() {
    let fake = FakeOrganization { without_paths: true, moved: true, ..FakeOrganization::default() };
    let found = LookedUp::of(fake).await;
    assert_eq!(found.ou_names()[1], PATH);
}

#[tokio::test]
async fn unit_deleted_in_the_meantime_is_unknown() {
    let fake = FakeOrganization { deleted: Some(PRODUCTION), ..FakeOrganization::default() };
    let found = LookedUp::of(fake).await;
    assert_eq!(found.ou_names(), ["Root", "?", "?"]);
    assert_eq!(found.unknown, []);
}

#[tokio::test]
async fn one_request_returns_tags_of_all_accounts() {
    let found = LookedUp::by(&caller(), FakeOrganization::default(), &|id| id == MANAGEMENT).await;
    assert_eq!(found.tags(), all_tags());
    assert_eq!(found.requests.get("ListTagsForResource"), None);
}

/// A delegated administrator has no accounts among its resources, so that each scanned account has a request.
#[tokio::test]
async fn delegated_administrator_reads_tags_one_by_one() {
    let found = LookedUp::by(&delegated(), FakeOrganization::default(), &|id| id == SHOP).await;
    assert_eq!(found.tags(), [None, all_tags()[1].clone(), None]);
    assert_eq!(found.requests.get("GetResources"), None);
    assert_eq!(found.requests["ListTagsForResource"], 1);
}

/// If the Resource Groups Tagging API returns no account, Organizations shows whether accounts have tags.
#[tokio::test]
async fn api_without_accounts_is_not_mistaken_for_no_tags() {
    let found = LookedUp::of(FakeOrganization { silent_api: true, ..FakeOrganization::default() }).await;
    assert_eq!(found.tags(), all_tags());
    let untagged = LookedUp::of(FakeOrganization { untagged: true, ..FakeOrganization::default() }).await;
    assert_eq!(untagged.tags(), vec![Some(AccountTags::new()); 3]);
}

#[tokio::test]
async fn tags_denied_by_api_come_from_organizations() {
    let found =
        LookedUp::of(FakeOrganization { denied: vec!["GetResources"], ..FakeOrganization::default() }).await;
    assert_eq!((found.tags(), &found.unknown[..]), (all_tags(), &[][..]));
}

#[tokio::test]
async fn denied_tags_are_unknown_and_name_their_actions() {
    let denied = vec!["GetResources", "ListTagsForResource"];
    let found = LookedUp::of(FakeOrganization { denied, ..FakeOrganization::default() }).await;
    assert_eq!(found.tags(), [None, None, None]);
    found.expect_unknown(AccountDetail::Tags, &["tag:GetResources", "organizations:ListTagsForResource"]);
    let text = found.unknown[0].to_string();
    assert!(text.contains("the tags of the accounts are unknown"), "{text}");
    assert!(text.contains("You don't have permissions"), "{text}");
    assert_eq!(found.ou_names()[0], "Root", "units do not depend on tags");
}

#[tokio::test]
async fn denied_units_are_unknown_and_name_their_actions() {
    let denied = vec!["ListRoots"];
    let found = LookedUp::of(FakeOrganization { denied, ..FakeOrganization::default() }).await;
    assert_eq!(found.ou_names(), ["?", "?", "?"]);
    let actions = ["organizations:ListRoots", "organizations:ListOrganizationalUnitsForParent"];
    found.expect_unknown(AccountDetail::OuPath, &actions);
    assert_eq!(found.tags(), all_tags(), "tags do not depend on units");
}

#[tokio::test]
async fn tags_of_too_many_accounts_are_not_requested() {
    use super::super::tags::{MOST_ACCOUNTS, TagsError, look_up};
    let fake = FakeOrganization::default().start();
    let tree = OrganizationTree::new(&fake.config("eu-west-1"), &delegated());
    let accounts = vec![AccountId::new(SHOP); MOST_ACCOUNTS + 1];
    let error = look_up(tree.directory(), None, &accounts).await.expect_err("too many");
    assert!(matches!(error, TagsError::TooMany { .. }), "{error}");
    assert_eq!(fake.sent().len(), 0);
    let detail = UnknownDetail::tags(&error).to_string();
    assert!(detail.contains("tag:GetResources: it works only in the management account"), "{detail}");
}
