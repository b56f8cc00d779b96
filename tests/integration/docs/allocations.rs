//! What calls and pages cost, counted in allocations: the same on every machine, and the first thing to
//! grow when a step is added to the way of every call.
//!
//! `docs/performance.md` has what they cost in time.

use std::sync::Arc;

use allocation_counter::{AllocationInfo, measure};
use aws_auto_inventory::aws::client::{AccountClient, AwsClient};
use aws_auto_inventory::engine::{Collected, Collector, WantedMember};
use aws_auto_inventory::model::catalog::{Catalog, Function};
use aws_auto_inventory::model::endpoint::{EndpointResolver, EndpointSettings, Partitions};
use aws_auto_inventory::model::protocol::{ListingOf, decode_listing};
use aws_auto_inventory::names::{AccountId, RegionName};
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

/// How often one small call allocates, from its parameters to the list in its file. A tenth more or
/// less comes with other versions of the SDK, and needs no review.
const CALL: u64 = 320;

#[test]
fn a_small_call_allocates_no_more_than_it_did() {
    let aws = InMemory::answering(|_| topics(2, None));
    aws.collect();
    let one = measure(|| aws.collect());
    let eleven = measure(|| (0..11).for_each(|_| aws.collect()));
    let call = (eleven.count_total - one.count_total) / 10;
    assert!(call <= CALL + CALL / 10, "a call allocates {call} times: what was added, and is it worth that?");
    assert!(call >= CALL - CALL / 10, "a call allocates {call} times only: lower the figure in this test");
}

#[test]
fn an_item_of_a_list_costs_the_same_on_a_page_of_any_size() {
    let function = function();
    let read = |items: u64| -> AllocationInfo {
        let body = topics(items, None);
        let wanted = ListingOf { member: "Topics".to_owned(), depth: 1 };
        measure(|| {
            let (service, operation) = (function.service(), function.operation());
            let (_, listing) =
                decode_listing(service, operation, 200, &[("", ""); 0][..], body.as_bytes(), &wanted)
                    .expect("a list");
            assert_eq!(listing.expect("topics").count, items);
        })
    };
    // Growing buffers double: their number grows with the logarithm of the page, and no item allocates.
    let (small, large) = (read(1_000), read(100_000));
    assert!(small.count_total < 60, "{small:?}");
    assert!(large.count_total <= small.count_total + 30, "{small:?} {large:?}");
    assert!(large.bytes_total < 110 * small.bytes_total, "{small:?} {large:?}");
}

#[test]
fn a_page_costs_the_same_among_a_thousand_as_among_ten() {
    let per_page = |pages: u64| {
        let aws = InMemory::answering(move |request| {
            let asked = request.split("NextToken=").nth(1).and_then(|rest| rest.split('&').next());
            let page: u64 = asked.map_or(1, |token| token.parse().expect("a number"));
            topics(2, (page < pages).then_some(page + 1))
        });
        aws.collect();
        let all = measure(|| aws.collect());
        (all.count_total / pages, all.bytes_total / pages)
    };
    let (few, many) = (per_page(10), per_page(1_000));
    assert!(
        many.0 <= few.0 + few.0 / 20,
        "allocations of a page: {} among ten, {} among many",
        few.0,
        many.0
    );
    assert!(many.1 <= few.1 + few.1 / 10, "bytes of a page: {} among ten, {} among many", few.1, many.1);
}

/// A list of topics, as SNS writes it.
fn topics(count: u64, next: Option<u64>) -> String {
    let topic = |number| {
        format!("<member><TopicArn>arn:aws:sns:eu-west-1:123456789012:topic-{number}</TopicArn></member>")
    };
    let topics: String = (0..count).map(topic).collect();
    let next = next.map_or_else(String::new, |page| format!("<NextToken>{page}</NextToken>"));
    format!(
        "<ListTopicsResponse><ListTopicsResult><Topics>{topics}</Topics>{next}</ListTopicsResult></ListTopicsResponse>"
    )
}

fn function() -> Function {
    let service = Catalog::embedded().unwrap().service("sns").unwrap().expect("sns");
    Function::find(&service, "list_topics").expect("list_topics")
}

/// The client, with an AWS at the other end that is a function; all on one thread, where allocations
/// are counted.
struct InMemory {
    client: AccountClient,
    function: Function,
    runtime: tokio::runtime::Runtime,
    scratch: tempfile::TempDir,
}

impl InMemory {
    fn answering(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
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
        Self { client, function: function(), runtime, scratch: tempfile::tempdir().expect("a folder") }
    }

    /// Reads all pages of the list, as a scan does.
    fn collect(&self) {
        let region = RegionName::new("eu-west-1").region();
        let mut collector =
            Collector::new(&self.function, WantedMember::Key("Topics"), None, self.scratch.path(), 1);
        self.runtime.block_on(async {
            let pages = self.client.pages(&self.function, &region, Map::new());
            let mut pages = pages.with_listing(collector.listing());
            while let Some(answer) = pages.next().await.expect("an answer") {
                let listing = answer.listing.expect("a list as text");
                collector.listed_page(&listing, answer.members).expect("room");
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
