//! Answers of the simulated organization.

use std::hint::black_box;
use std::sync::Arc;

use aws_auto_inventory::aws::client::{AwsClient, ResponsePage};
use aws_auto_inventory::model::catalog::{Catalog, Function};
use aws_auto_inventory::model::endpoint::{EndpointResolver, EndpointSettings, Partitions};
use aws_auto_inventory::model::protocol::{Listing, ListingOf, decode_listing};
use aws_auto_inventory::names::RegionName;
use aws_auto_inventory::simulator::wire::{Message, encode_answer};
use aws_auto_inventory::simulator::world::Amounts;
use aws_auto_inventory::simulator::{Simulator, World};
use aws_credential_types::provider::SharedCredentialsProvider;
use serde_json::{Map, Value};

/// A function, and what a service answers to it.
pub(crate) struct Sample {
    pub(crate) function: Function,
    pub(crate) message: Message,
}

impl Sample {
    /// The first page of a function's answer in a world where a page holds `items`.
    pub(crate) fn page(service: &str, function: &str, items: usize) -> Self {
        let function = find(service, function);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let answer = runtime.block_on(ask(&function, items));
        let service = function.service();
        let message = encode_answer(service, function.operation(), &answer.members, "request-1").unwrap();
        Self { function, message }
    }

    /// The same in indented XML, as EC2 writes it.
    pub(crate) fn indented(mut self) -> Self {
        self.message.body = indented(std::str::from_utf8(&self.message.body).unwrap()).into();
        self
    }

    /// The one list of the answer as its file gets it, and the other members.
    pub(crate) fn text(&self, list: &str) -> (Map<String, Value>, Option<Listing>) {
        let wanted = ListingOf { member: list.to_owned(), depth: 1 };
        let Self { function, message } = black_box(self);
        let headers = message.headers.as_slice();
        decode_listing(function.service(), function.operation(), 200, headers, &message.body, &wanted)
            .unwrap()
    }
}

/// Writes each element that contains others on separate lines, four spaces deeper than its parent.
fn indented(xml: &str) -> String {
    let (mut text, mut depth, mut after_end) = (String::with_capacity(2 * xml.len()), 0_usize, false);
    for tag in xml.split_inclusive('>') {
        let is_end = tag.starts_with("</") || tag.contains("</");
        depth -= usize::from(is_end);
        if tag.starts_with('<') && (!is_end || after_end) && !text.is_empty() {
            text.push('\n');
            text.extend(std::iter::repeat_n("    ", depth));
        }
        text.push_str(tag);
        after_end = is_end || tag.ends_with("/>");
        depth += usize::from(!after_end && !tag.starts_with("<?"));
    }
    text
}

/// A function of the embedded catalog.
pub(crate) fn find(service: &str, function: &str) -> Function {
    let service = Catalog::embedded().unwrap().service(service).unwrap().unwrap();
    Function::find(&service, function).unwrap()
}

async fn ask(function: &Function, items: usize) -> ResponsePage {
    let amounts =
        Amounts { vpcs: 1, reservations: items, topics: items, functions: items, ..Amounts::default() };
    let mut world = World::sized(1, 1, amounts);
    world.page_size = items;
    let account = world.management_account().unwrap().id.clone();
    let simulator = Simulator::start(world).await.unwrap();
    let region = RegionName::new("us-east-1").region();
    let config = simulator.sdk_config(&region).unwrap();
    let partitions = Partitions::parse(Catalog::embedded().unwrap().partitions()).unwrap();
    let settings = EndpointSettings::from_sdk_config(&config);
    let endpoints = Arc::new(EndpointResolver::new(Arc::new(partitions), settings));
    let credentials = SharedCredentialsProvider::new(Simulator::credentials());
    let client = AwsClient::new(config, endpoints).account(&account, credentials);
    client.page(function, &region, &Map::new()).await.unwrap()
}
