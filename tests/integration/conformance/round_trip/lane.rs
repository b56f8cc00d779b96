//! A caller with its own server, on one thread.

use std::future::Future;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use aws_auto_inventory::aws::client::{AccountClient, AwsClient, CallError, Pages, ResponsePage};
use aws_auto_inventory::model::catalog::{Catalog, Function};
use aws_auto_inventory::model::endpoint::{EndpointResolver, EndpointSettings, Partitions};
use aws_auto_inventory::names::{AccountId, RegionName};
use aws_auto_inventory::simulator::wire::Message;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_credential_types::provider::token::SharedTokenProvider;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::dns::{DnsFuture, ResolveDns};
use aws_smithy_runtime_api::client::identity::http::Token;
use aws_smithy_types::retry::RetryConfig;
use aws_types::SdkConfig;
use tokio::runtime::Runtime;

use super::parameters;
use super::server::Server;

/// Calls operations of the catalog and has them answered as prepared.
pub(super) struct Lane {
    runtime: Runtime,
    server: Server,
    client: AccountClient,
}

impl Lane {
    pub(super) fn open(catalog: &Catalog) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let server = runtime.block_on(Server::start());
        let partitions = Arc::new(Partitions::parse(catalog.partitions()).expect("readable partitions"));
        // A name instead of an address, so that buckets and host prefixes go before it as they do in AWS.
        let settings = EndpointSettings::default().with_url(format!("http://aws.test:{}", server.port()));
        let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring));
        // An answer that cannot be read is a finding, and a retry would only hide it.
        let config = SdkConfig::builder()
            .http_client(http.build_with_resolver(EverythingHere))
            .token_provider(SharedTokenProvider::new(Token::new("token", None)))
            .retry_config(RetryConfig::disabled())
            .build();
        let credentials = Credentials::for_tests();
        let client = AwsClient::new(config, Arc::new(EndpointResolver::new(partitions, settings)))
            .account(&AccountId::new("123456789012"), SharedCredentialsProvider::new(credentials));
        Self { runtime, server, client }
    }

    /// Calls the function, which the server answers with `message`.
    pub(super) fn call(&self, function: &Function, message: Message) -> Result<ResponsePage, CallError> {
        self.server.prepare([message]);
        let mut pages = self.pages(function);
        self.wait(pages.next()).map(|page| page.expect("a first page"))
    }

    /// All pages of the function's answer, for whose requests the server has `messages`.
    pub(super) fn all_pages(
        &self,
        function: &Function,
        messages: Vec<Message>,
    ) -> Result<Vec<ResponsePage>, CallError> {
        self.server.prepare(messages);
        let mut pages = self.pages(function);
        let mut answers = Vec::new();
        while let Some(answer) = self.wait(pages.next())? {
            answers.push(answer);
        }
        Ok(answers)
    }

    /// The requests of the last calls, percent-encoding undone.
    pub(super) fn requests(&self) -> Vec<String> {
        self.server.requests()
    }

    fn pages(&self, function: &Function) -> Pages {
        self.client.pages(function, &RegionName::new("eu-west-1").region(), parameters::least(function))
    }

    fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }
}

/// Finds every name on this machine.
#[derive(Clone, Debug)]
struct EverythingHere;

impl ResolveDns for EverythingHere {
    fn resolve_dns<'a>(&'a self, _: &'a str) -> DnsFuture<'a> {
        DnsFuture::ready(Ok(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]))
    }
}
