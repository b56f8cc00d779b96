//! The client with an AWS in memory: a function of a request's body. All on one thread, where allocations and
//! instructions are counted.

use std::sync::Arc;

use aws_auto_inventory::aws::client::{AccountClient, AwsClient};
use aws_auto_inventory::engine::{Collected, Collector, WantedMember};
use aws_auto_inventory::model::catalog::{Catalog, Function};
use aws_auto_inventory::model::endpoint::{EndpointResolver, EndpointSettings, Partitions};
use aws_auto_inventory::names::{AccountId, RegionName};
use aws_auto_inventory::plan::redaction::{Redaction, Rules};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use aws_types::SdkConfig;
use serde_json::Map;

/// A list of topics, as SNS writes it.
pub(super) fn topics(count: u64, next: Option<u64>) -> String {
    let topic = |number| {
        format!("<member><TopicArn>arn:aws:sns:eu-west-1:123456789012:topic-{number}</TopicArn></member>")
    };
    let topics: String = (0..count).map(topic).collect();
    let next = next.map_or_else(String::new, |page| format!("<NextToken>{page}</NextToken>"));
    format!(
        "<ListTopicsResponse><ListTopicsResult><Topics>{topics}</Topics>{next}</ListTopicsResult></ListTopicsResponse>"
    )
}

/// A page of fifty instances, as EC2 writes it: indented, with the members that most instances have.
fn instances(next: Option<u64>) -> String {
    let instance = |number| {
        let fields = INSTANCE.trim_end().replace("NUMBER", &format!("{number:017x}"));
        format!("\n{fields}").replace('\n', "\n        ")
    };
    let reservations: String = (0..50).map(instance).collect();
    let next = next.map_or_else(String::new, |page| format!("\n    <nextToken>{page}</nextToken>"));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DescribeInstancesResponse>\n    \
         <reservationSet>{reservations}\n    </reservationSet>{next}\n</DescribeInstancesResponse>"
    )
}

const INSTANCE: &str = include_str!("instance.xml");

/// The number in the token of a request: that of its page. The first page has no token.
pub(super) fn requested_page(request: &str) -> u64 {
    let token = request.split("NextToken=").nth(1).and_then(|rest| rest.split('&').next());
    token.map_or(1, |token| token.parse().expect("a number"))
}

pub(super) fn function() -> Function {
    find("sns", "list_topics")
}

fn find(service: &str, function: &str) -> Function {
    let service = Catalog::embedded().unwrap().service(service).unwrap().expect("a service");
    Function::find(&service, function).expect("a function")
}

/// The client of one account, for one list.
pub(super) struct InMemory {
    client: AccountClient,
    function: Function,
    list: &'static str,
    rules: Rules,
    runtime: tokio::runtime::Runtime,
    scratch: tempfile::TempDir,
}

impl InMemory {
    /// Answers requests for topics.
    pub(super) fn answering(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        Self::of(function(), "Topics", answer)
    }

    /// Answers requests for instances, with so many pages.
    pub(super) fn with_instances(pages: u64) -> Self {
        let (middle, last) = (instances(Some(u64::MAX)), instances(None));
        Self::of(find("ec2", "describe_instances"), "Reservations", move |request| {
            let page = requested_page(request);
            if page < pages {
                middle.replace(&u64::MAX.to_string(), &(page + 1).to_string())
            } else {
                last.clone()
            }
        })
    }

    fn of(
        function: Function,
        list: &'static str,
        answer: impl Fn(&str) -> String + Send + Sync + 'static,
    ) -> Self {
        let connector = SharedHttpConnector::new(Answering(Arc::new(answer)));
        let config = SdkConfig::builder()
            .http_client(http_client_fn(move |_, _| connector.clone()))
            .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
            .build();
        let partitions = Partitions::parse(Catalog::embedded().unwrap().partitions()).unwrap();
        let endpoints = EndpointResolver::new(Arc::new(partitions), EndpointSettings::default());
        let credentials = SharedCredentialsProvider::new(Credentials::for_tests());
        let client =
            AwsClient::new(config, Arc::new(endpoints)).account(&AccountId::new("123456789012"), credentials);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let rules = Redaction::default().rules(&function);
        Self { client, function, list, rules, runtime, scratch: tempfile::tempdir().expect("a folder") }
    }

    /// Reads all pages of the list, as a scan does.
    pub(super) fn collect(&self) {
        let region = RegionName::new("eu-west-1").region();
        let mut collector =
            Collector::new(&self.function, WantedMember::Key(self.list), None, self.scratch.path(), 1);
        self.runtime.block_on(async {
            let pages = self.client.pages(&self.function, &region, Map::new());
            let mut pages = pages.with_listing(collector.listing());
            while let Some(answer) = pages.next().await.expect("an answer") {
                let listing = answer.listing.expect("a list as text");
                let secrets = self.rules.clean_list(self.list, &listing.text, self.client.account().as_str());
                assert_eq!(secrets, None, "the answers have none");
                collector.listed_page(listing, answer.members).expect("room");
            }
        });
        let Collected::Result(result) = collector.finish() else { panic!("a list") };
        result.write_to(std::io::sink(), 1).expect("written");
    }
}

/// AWS, as a function of a request's body.
struct Answering(Arc<dyn Fn(&str) -> String + Send + Sync>);

impl std::fmt::Debug for Answering {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Answering")
    }
}

impl HttpConnector for Answering {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = request.body().bytes().unwrap_or_default();
        let answer = (self.0)(&String::from_utf8_lossy(body));
        let status = 200.try_into().expect("a status");
        let mut response = HttpResponse::new(status, SdkBody::from(answer));
        response.headers_mut().insert("x-amzn-requestid", "request-1");
        HttpConnectorFuture::ready(Ok(response))
    }
}
