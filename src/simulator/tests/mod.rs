//! Tests of the simulator with the typed SDK clients and the dynamic client, over real HTTP.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_organizations::types::AccountState;
use aws_sdk_sts::error::ProvideErrorMetadata as _;
use futures_util::future::join_all;
use serde_json::{Map, Value, json};

use super::world::Amounts;
use super::{Behaviour, SimulatedError, Simulator, Site, World};
use crate::aws::client::{AccountClient, AwsClient, CallError};
use crate::model::catalog::{Catalog, Function, Signing};
use crate::model::endpoint::{EndpointResolver, EndpointSettings, Partitions};
use crate::names::{AccountId, Region};

mod every_operation;
mod faults;

const MANAGEMENT: &str = "104205104205";
const SHOP: &str = "310055471926";
const REFUSES: &str = "515230977148";
const SUSPENDED: &str = "598371140026";
const SANDBOX: &str = "509984416235";
const FEWER_REGIONS: &str = "431175926608";

/// A simulator and the clients for it.
struct SimulatorSandbox {
    simulator: Simulator,
    config: SdkConfig,
    catalog: Arc<Catalog>,
    client: AwsClient,
}

impl SimulatorSandbox {
    async fn demo() -> Self {
        Self::with(Simulator::start(World::demo()).await.expect("a simulator"))
    }

    fn with(simulator: Simulator) -> Self {
        let config = simulator.sdk_config(&Region::new("eu-central-1")).expect("a configuration");
        Self::configured(simulator, config)
    }

    fn configured(simulator: Simulator, config: SdkConfig) -> Self {
        let config = config.into_builder().retry_config(aws_config::retry::RetryConfig::disabled()).build();
        let catalog = Arc::new(Catalog::embedded().expect("opens"));
        let partitions = Arc::new(Partitions::parse(catalog.partitions()).expect("partitions"));
        let endpoints = EndpointResolver::new(partitions, EndpointSettings::from_sdk_config(&config));
        let client = AwsClient::new(config.clone(), Arc::new(endpoints));
        Self { simulator, config, catalog, client }
    }

    /// Returns a client with the base credentials.
    fn management(&self) -> AccountClient {
        let provider = SharedCredentialsProvider::new(Simulator::credentials());
        self.client.account(&AccountId::new(MANAGEMENT), provider)
    }

    /// Returns a client with a role session in an account.
    async fn member(&self, account: &str) -> AccountClient {
        let session = self.assume(account, "OrganizationAccountAccessRole").await.expect("a session");
        let provider = SharedCredentialsProvider::new(session);
        self.client.account(&AccountId::new(account), provider)
    }

    /// Returns the credentials of a role session, or the code and message of STS's error.
    async fn assume(&self, account: &str, role: &str) -> Result<Credentials, (String, String)> {
        let request = aws_sdk_sts::Client::new(&self.config)
            .assume_role()
            .role_arn(format!("arn:aws:iam::{account}:role/{role}"))
            .role_session_name("tests");
        let answer = request.send().await.map_err(|error| {
            (error.code().unwrap_or_default().to_owned(), error.message().unwrap_or_default().to_owned())
        })?;
        let session = answer.credentials.expect("credentials");
        let (key, secret) = (session.access_key_id, session.secret_access_key);
        Ok(Credentials::new(key, secret, Some(session.session_token), None, "tests"))
    }

    fn function(&self, service: &str, name: &str) -> Function {
        let service = self.catalog.service(service).expect("loads").expect("exists");
        Function::find(&service, name).expect("exists")
    }

    /// Returns the items in `member` of all pages, and the number of pages.
    async fn list(
        &self,
        client: &AccountClient,
        region: &str,
        (service, function, member): (&str, &str, &str),
    ) -> Result<(Vec<Value>, usize), CallError> {
        let function = self.function(service, function);
        let mut pages = client.pages(&function, &Region::new(region), Map::new());
        let (mut items, mut count) = (Vec::new(), 0);
        while let Some(mut answer) = pages.next().await? {
            count += 1;
            if let Some(Value::Array(more)) = answer.members.remove(member) {
                items.extend(more);
            }
        }
        Ok((items, count))
    }
}

#[tokio::test]
async fn the_typed_clients_find_caller_and_accounts() {
    let sandbox = SimulatorSandbox::demo().await;
    let caller =
        aws_sdk_sts::Client::new(&sandbox.config).get_caller_identity().send().await.expect("an answer");
    assert_eq!(caller.arn(), Some("arn:aws:iam::104205104205:user/inventory-admin"));
    let organizations = aws_sdk_organizations::Client::new(&sandbox.config);
    let organization = organizations.describe_organization().send().await.expect("an answer");
    let organization = organization.organization.expect("an organization");
    assert_eq!(organization.master_account_id(), Some(MANAGEMENT));
    let accounts = organizations.list_accounts().send().await.expect("an answer");
    assert_eq!(accounts.accounts().len(), 15);
    let suspended =
        accounts.accounts().iter().find(|account| account.id() == Some(SUSPENDED)).expect("there");
    assert_eq!(suspended.state().map(AccountState::as_str), Some("SUSPENDED"));
    assert!(suspended.joined_timestamp().is_some());
}

#[tokio::test]
async fn a_session_acts_in_its_account() {
    let sandbox = SimulatorSandbox::demo().await;
    let client = sandbox.member(SHOP).await;
    let identity = client
        .page(&sandbox.function("sts", "get_caller_identity"), &Region::new("eu-west-1"), &Map::new())
        .await
        .expect("an answer");
    assert_eq!(identity.members["Account"], SHOP);
    let arn = "arn:aws:sts::310055471926:assumed-role/OrganizationAccountAccessRole/tests";
    assert_eq!(identity.members["Arn"], arn);
}

#[tokio::test]
async fn a_role_that_is_not_open_is_refused_in_awss_words() {
    let sandbox = SimulatorSandbox::demo().await;
    let default = "OrganizationAccountAccessRole";
    for (account, role) in
        [(REFUSES, default), (SUSPENDED, default), ("999999999999", default), (SHOP, "NoSuchRole")]
    {
        let (code, message) = sandbox.assume(account, role).await.expect_err("a refusal");
        let expected = format!(
            "User: arn:aws:iam::104205104205:user/inventory-admin is not authorized to perform: \
             sts:AssumeRole on resource: arn:aws:iam::{account}:role/{role}"
        );
        assert_eq!((code.as_str(), message), ("AccessDenied", expected));
    }
}

#[tokio::test]
async fn lists_come_in_pages_through_every_protocol() {
    let sandbox = SimulatorSandbox::demo().await;
    let client = sandbox.member(SHOP).await;
    for (call, items, pages) in [
        (("ec2", "describe_instances", "Reservations"), 60, 3),
        (("ec2", "describe_volumes", "Volumes"), 95, 4),
        (("s3", "list_buckets", "Buckets"), 17, 1),
        (("dynamodb", "list_tables", "TableNames"), 32, 2),
        (("lambda", "list_functions", "Functions"), 41, 2),
        (("iam", "list_roles", "Roles"), 31, 2),
        (("cloudformation", "describe_stacks", "Stacks"), 27, 2),
        (("sqs", "list_queues", "QueueUrls"), 28, 2),
        (("route53", "list_hosted_zones", "HostedZones"), 2, 1),
    ] {
        let (found, count) = sandbox.list(&client, "eu-central-1", call).await.expect("pages");
        let different: HashSet<_> = found.iter().map(Value::to_string).collect();
        assert_eq!((found.len(), different.len(), count), (items, items, pages), "{call:?}");
    }
}

#[tokio::test]
async fn unmodeled_resources_are_empty() {
    let sandbox = SimulatorSandbox::demo().await;
    let client = sandbox.management();
    for call in [
        ("sagemaker", "list_models", "Models"),
        ("elasticache", "describe_cache_clusters", "CacheClusters"),
        ("cloudwatch", "describe_alarms", "MetricAlarms"),
        ("apigatewayv2", "get_apis", "Items"),
    ] {
        let (items, pages) = sandbox.list(&client, "us-east-1", call).await.expect("an answer");
        assert_eq!((items.len(), pages), (0, 1), "{call:?}");
    }
}

#[tokio::test]
async fn a_bucket_is_found_in_its_own_region() {
    let sandbox = SimulatorSandbox::demo().await;
    let client = sandbox.member(SHOP).await;
    let (buckets, _) =
        sandbox.list(&client, "us-east-1", ("s3", "list_buckets", "Buckets")).await.expect("buckets");
    let bucket = buckets.iter().find(|bucket| bucket["BucketRegion"] == "eu-west-1").expect("a bucket");
    let parameters = Map::from_iter([("Bucket".to_owned(), bucket["Name"].clone())]);
    let describe = |function: &str| {
        let function = sandbox.function("s3", function);
        let (client, parameters) = (&client, &parameters);
        async move { client.page(&function, &Region::new("us-east-1"), parameters).await.expect("an answer") }
    };
    assert_eq!(describe("get_bucket_location").await.members["LocationConstraint"], "eu-west-1");
    let encryption = describe("get_bucket_encryption").await.members;
    assert!(encryption.contains_key("ServerSideEncryptionConfiguration"));
}

#[tokio::test]
async fn policies_and_regions_refuse() {
    let sandbox = SimulatorSandbox::demo().await;
    let client = sandbox.member(SANDBOX).await;
    let databases = ("rds", "describe_db_instances", "DBInstances");
    let error = sandbox.list(&client, "us-west-2", databases).await.expect_err("a refusal");
    assert_eq!(error.code.as_deref(), Some("AccessDenied"));
    assert!(error.message.ends_with("with an explicit deny in a service control policy"), "{error}");

    let client = sandbox.member(FEWER_REGIONS).await;
    for (call, code) in [
        (("ec2", "describe_vpcs", "Vpcs"), "AuthFailure"),
        (("sns", "list_topics", "Topics"), "InvalidClientTokenId"),
        (("dynamodb", "list_tables", "TableNames"), "UnrecognizedClientException"),
    ] {
        let error = sandbox.list(&client, "us-west-2", call).await.expect_err("a refusal");
        assert_eq!(error.code.as_deref(), Some(code));
    }
    let regions = sandbox.list(&client, "us-east-1", ("ec2", "describe_regions", "Regions")).await;
    assert_eq!(regions.expect("regions").0.len(), 2);
}

#[tokio::test]
async fn unknown_keys_and_unsigned_requests_are_refused() {
    let sandbox = SimulatorSandbox::demo().await;
    let unknown = Credentials::new("AKIAIOSFODNN7EXAMPLE", "secret", None, None, "tests");
    let client = sandbox.client.account(&AccountId::new(MANAGEMENT), SharedCredentialsProvider::new(unknown));
    let error =
        sandbox.list(&client, "us-east-1", ("iam", "list_users", "Users")).await.expect_err("a refusal");
    assert_eq!((error.code.as_deref(), error.status), (Some("InvalidClientTokenId"), Some(403)));
    assert_eq!(sandbox.simulator.requests(), []);
    assert_eq!(sandbox.simulator.request_count(), 1);
}

#[tokio::test]
async fn an_unsigned_operation_needs_no_signature() {
    let sandbox = SimulatorSandbox::demo().await;
    let function = sandbox.function("sso", "list_accounts");
    assert_eq!(function.service().signing(function.operation()), Signing::Unsigned);
    let client = sandbox.management();
    let page = async |token: &str| {
        let parameters = json!({"accessToken": token}).as_object().cloned().expect("parameters");
        client.page(&function, &Region::new("us-east-1"), &parameters).await
    };
    let members = page(Simulator::bearer_token().token()).await.expect("an answer").members;
    assert_eq!(members["accountList"][0]["accountId"], MANAGEMENT);
    let error = page("another token").await.expect_err("a refusal");
    assert_eq!((error.code.as_deref(), error.status), (Some("UnauthorizedException"), Some(401)));
}

#[tokio::test]
async fn faults_meet_the_requests_they_choose() {
    let first_is_throttled = |site: &Site<'_>| {
        (site.operation == "ListTopics" && site.region == "eu-west-1" && site.count == 1)
            .then(|| Behaviour::Refuse(SimulatedError::new(400, "Throttling", "Rate exceeded")))
    };
    let slow =
        |site: &Site<'_>| (site.service == "sqs").then_some(Behaviour::Delay(Duration::from_millis(50)));
    let setup = Simulator::setup(World::demo())
        .faults(move |site: &Site<'_>| first_is_throttled(site).or_else(|| slow(site)));
    let sandbox = SimulatorSandbox::with(setup.start().await.expect("a simulator"));
    let client = sandbox.management();
    let topics = ("sns", "list_topics", "Topics");
    let error = sandbox.list(&client, "eu-west-1", topics).await.expect_err("the first is refused");
    assert_eq!(error.code.as_deref(), Some("Throttling"));
    assert!(sandbox.list(&client, "eu-west-1", topics).await.is_ok());
    assert!(sandbox.list(&client, "us-east-1", topics).await.is_ok());
    let started = Instant::now();
    assert!(sandbox.list(&client, "us-east-1", ("sqs", "list_queues", "QueueUrls")).await.is_ok());
    assert!(started.elapsed() >= Duration::from_millis(50));
}

#[tokio::test(flavor = "multi_thread")]
async fn hundreds_of_requests_at_once_are_all_answered_and_counted() {
    let mut world = World::sized(20, 5, Amounts { topics: 30, ..Amounts::default() });
    world.page_size = 10;
    let sandbox = SimulatorSandbox::with(Simulator::start(world).await.expect("a simulator"));
    let accounts: Vec<_> = sandbox.simulator.world().accounts().to_vec();
    let members = join_all(accounts[1..].iter().map(|account| sandbox.member(account.id.as_str()))).await;
    let calls = members.iter().flat_map(|client| {
        accounts[0]
            .regions
            .iter()
            .map(|region| sandbox.list(client, region.as_str(), ("sns", "list_topics", "Topics")))
    });
    for answer in join_all(calls).await {
        let (topics, pages) = answer.expect("pages");
        assert_eq!((topics.len(), pages), (30, 3));
    }
    assert_eq!(sandbox.simulator.count("sns", "ListTopics"), 19 * 5 * 3);
    assert_eq!(sandbox.simulator.count("sts", "AssumeRole"), 19);
    let requests = sandbox.simulator.requests();
    let one = requests.iter().find(|requested| requested.account == accounts[1].id).expect("a counter");
    assert_eq!((one.operation.as_str(), one.count), ("ListTopics", 3));
}

#[tokio::test]
async fn in_a_uniform_world_pages_differ_in_account_and_region_only() {
    let amounts = Amounts { vpcs: 1, reservations: 5, ..Amounts::default() };
    let sandbox =
        SimulatorSandbox::with(Simulator::start(World::sized(3, 2, amounts)).await.expect("a simulator"));
    let ids: Vec<_> = sandbox.simulator.world().accounts().iter().map(|account| account.id.clone()).collect();
    let (first, second) = (sandbox.member(ids[1].as_str()).await, sandbox.member(ids[2].as_str()).await);
    let instances = ("ec2", "describe_instances", "Reservations");
    let one = sandbox.list(&first, "us-east-1", instances).await.expect("pages").0;
    let other = sandbox.list(&second, "eu-central-1", instances).await.expect("pages").0;
    assert_eq!((&one[0]["OwnerId"], &other[0]["OwnerId"]), (&json!(ids[1]), &json!(ids[2])));
    assert_eq!(other[0]["Instances"][0]["Placement"]["AvailabilityZone"], "eu-central-1a");
    let renamed = Value::Array(one)
        .to_string()
        .replace(ids[1].as_str(), ids[2].as_str())
        .replace("us-east-1", "eu-central-1");
    assert_eq!(renamed, Value::Array(other).to_string());
}

#[tokio::test]
async fn a_simulator_stops_when_it_is_dropped() {
    let simulator = Simulator::start(World::demo()).await.expect("a simulator");
    let address = simulator.address();
    drop(simulator);
    tokio::task::yield_now().await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}
