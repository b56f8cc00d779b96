//! An account with a few resources, made by the typed clients and scanned by the program.

use std::fmt::Debug;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_sdk_dynamodb as dynamodb;
use aws_sdk_ec2 as ec2;
use aws_sdk_elasticloadbalancingv2 as elbv2;
use aws_sdk_s3 as s3;
use aws_smithy_async::future::pagination_stream::PaginationStream;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use crate::moto::Moto;

/// The one table that is there.
pub(crate) const TABLE: &str = "orders";

const REGION: &str = "us-east-1";
const ACCESS_KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET_ACCESS_KEY: &str = "example";

/// The typed clients and the folder that the program wrote.
pub(crate) struct ScannedAccount {
    /// The typed EC2 client.
    pub(crate) ec2: ec2::Client,
    /// The typed S3 client.
    pub(crate) s3: s3::Client,
    /// The typed DynamoDB client.
    pub(crate) dynamodb: dynamodb::Client,
    /// The typed load balancer client.
    pub(crate) elbv2: elbv2::Client,
    runtime: Runtime,
    moto: Moto,
    folder: TempDir,
}

impl ScannedAccount {
    /// The account that all tests look at, made and scanned once.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<ScannedAccount> = OnceLock::new();
        SHARED.get_or_init(|| {
            let account = Self::empty();
            account.runtime.block_on(async {
                account.make_network_and_instances().await;
                account.make_table_and_bucket().await;
            });
            account.scan();
            account
        })
    }

    /// Waits for an answer that has to be a good one.
    #[track_caller]
    pub(crate) fn block_on<Answer, Error: Debug>(
        &self,
        answer: impl Future<Output = Result<Answer, Error>>,
    ) -> Answer {
        self.runtime.block_on(answer).expect("the typed client's answer")
    }

    /// Waits for the items of all pages.
    #[track_caller]
    pub(crate) fn collect<Item, Error: Debug>(
        &self,
        items: PaginationStream<Result<Item, Error>>,
    ) -> Vec<Item> {
        self.block_on(items.collect::<Result<Vec<Item>, Error>>())
    }

    /// What the program wrote about a function.
    #[track_caller]
    pub(crate) fn result(&self, service: &str, function: &str) -> Value {
        let account = only_folder(&self.folder.path().join("output/latest"));
        let path = account.join(REGION).join(format!("{service}.json"));
        let text =
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let file: Value = serde_json::from_str(&text).expect("JSON");
        file.get(function).unwrap_or_else(|| panic!("{} lacks {function}", path.display())).clone()
    }

    fn empty() -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let moto = Moto::empty();
        let config = runtime.block_on(configuration(&moto.endpoint));
        // Names of buckets are no host names here: moto has one address.
        let path_style = s3::config::Builder::from(&config).force_path_style(true).build();
        Self {
            ec2: ec2::Client::new(&config),
            s3: s3::Client::from_conf(path_style),
            dynamodb: dynamodb::Client::new(&config),
            elbv2: elbv2::Client::new(&config),
            runtime,
            moto,
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    async fn make_network_and_instances(&self) {
        use ec2::types::{
            InstanceType, IpPermission, IpRange, ResourceType, Tag, TagSpecification, VolumeType,
        };

        let vpc = self.ec2.create_vpc().cidr_block("10.1.0.0/16").send().await.expect("a network");
        let vpc = vpc.vpc.and_then(|vpc| vpc.vpc_id).expect("a network");
        let group =
            self.ec2.create_security_group().group_name("web").description("Web <servers>").vpc_id(&vpc);
        let group = group.send().await.expect("a group").group_id.expect("a group");
        let range = IpRange::builder().cidr_ip("10.0.0.0/8").description("inside").build();
        let rule = IpPermission::builder().ip_protocol("tcp").from_port(443).to_port(443).ip_ranges(range);
        let ingress =
            self.ec2.authorize_security_group_ingress().group_id(&group).ip_permissions(rule.build());
        ingress.send().await.expect("a rule");

        let mut subnets = Vec::new();
        for (zone, block) in [("a", "10.1.0.0/24"), ("b", "10.1.1.0/24")] {
            let subnet = self.ec2.create_subnet().vpc_id(&vpc).cidr_block(block);
            let subnet = subnet.availability_zone(format!("{REGION}{zone}")).send().await.expect("a subnet");
            subnets.push(subnet.subnet.and_then(|subnet| subnet.subnet_id).expect("a subnet"));
        }
        let tag = Tag::builder().key("Größe").value("<klein> & \"fein\"").build();
        let tags = |kind| TagSpecification::builder().resource_type(kind).tags(tag.clone()).build();
        let run = self.ec2.run_instances().image_id("ami-12c6146b").min_count(2).max_count(2);
        let run = run.instance_type(InstanceType::T3Micro).subnet_id(&subnets[0]).security_group_ids(&group);
        run.tag_specifications(tags(ResourceType::Instance)).send().await.expect("instances");
        let volume = self.ec2.create_volume().availability_zone(format!("{REGION}a")).size(8);
        let volume = volume.volume_type(VolumeType::Gp3).tag_specifications(tags(ResourceType::Volume));
        volume.send().await.expect("a volume");
        self.make_balancer(&vpc, subnets, &group).await;
    }

    async fn make_balancer(&self, vpc: &str, subnets: Vec<String>, group: &str) {
        use elbv2::types::{Matcher, ProtocolEnum};

        let balancer = self.elbv2.create_load_balancer().name("front").set_subnets(Some(subnets));
        balancer.security_groups(group).send().await.expect("a load balancer");
        let target = self.elbv2.create_target_group().name("web").protocol(ProtocolEnum::Http).port(80);
        let matcher = Matcher::builder().http_code("200-299").build();
        target
            .vpc_id(vpc)
            .health_check_path("/health")
            .matcher(matcher)
            .send()
            .await
            .expect("a target group");
    }

    async fn make_table_and_bucket(&self) {
        use dynamodb::types::{
            AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
        };

        let attribute = AttributeDefinition::builder().attribute_name("id");
        let attribute = attribute.attribute_type(ScalarAttributeType::S).build().expect("an attribute");
        let key = KeySchemaElement::builder().attribute_name("id").key_type(KeyType::Hash).build();
        let table = self.dynamodb.create_table().table_name(TABLE).billing_mode(BillingMode::PayPerRequest);
        let table = table.attribute_definitions(attribute).key_schema(key.expect("a key"));
        table.send().await.expect("a table");
        self.s3.create_bucket().bucket("logs").send().await.expect("a bucket");
    }

    fn scan(&self) {
        let program = std::env::var_os("SCAN_BINARY")
            .expect("SCAN_BINARY is not set: run the tests by `tests/run`, which builds the program");
        let spec = json!([
            {"service": "ec2", "function": "describe_instances"},
            {"service": "ec2", "function": "describe_volumes"},
            {"service": "ec2", "function": "describe_security_groups"},
            {"service": "s3", "function": "list_buckets"},
            {"service": "dynamodb", "function": "describe_table", "parameters": {"TableName": TABLE}},
            {"service": "elbv2", "function": "describe_load_balancers"},
            {"service": "elbv2", "function": "describe_target_groups"},
        ]);
        std::fs::write(self.folder.path().join("spec.json"), spec.to_string()).expect("the spec");
        let environment = [
            ("HOME", self.folder.path().as_os_str()),
            ("AWS_ENDPOINT_URL", self.moto.endpoint.as_ref()),
            ("AWS_REGION", REGION.as_ref()),
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID.as_ref()),
            ("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY.as_ref()),
            ("AWS_EC2_METADATA_DISABLED", "true".as_ref()),
        ];
        let run = Command::new(program)
            .args(["-s", "spec.json", "-r", REGION, "-o", "output"])
            .current_dir(self.folder.path())
            .env_clear()
            .envs(environment)
            .output()
            .expect("the program starts");
        let said = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "the scan ended with {}\n{said}", run.status);
    }
}

/// The configuration of the typed clients: moto's address, and credentials that moto takes for its own.
async fn configuration(endpoint: &str) -> SdkConfig {
    let client = aws_smithy_http_client::Builder::new().build_http();
    let credentials = Credentials::from_keys(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None);
    let loader = aws_config::defaults(BehaviorVersion::latest()).endpoint_url(endpoint).http_client(client);
    loader.region(Region::new(REGION)).credentials_provider(credentials).load().await
}

/// The one folder in a folder.
#[track_caller]
fn only_folder(folder: &Path) -> PathBuf {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut found: Vec<PathBuf> = paths.filter(|path| path.is_dir()).collect();
    assert_eq!(found.len(), 1, "expected one folder in {}: {found:?}", folder.display());
    found.remove(0)
}
