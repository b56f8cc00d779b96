//! Test runs against a fake AWS that is a function, in virtual time.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::enabled_regions::RegionFinder;
use super::{Engine, Event, Limits, StopSignal};
use crate::aws::client::{AwsClient, RetryPolicy};
use crate::aws::credentials::fake::{FakeAws, assumed_role, caller_identity};
use crate::aws::credentials::{AccountSessions, BaseIdentity, RoleSettings};
use crate::aws::http::unknown_host::UnknownHost;
use crate::model::catalog::Catalog;
use crate::model::endpoint::{EndpointResolver, EndpointSettings, Partitions};
use crate::names::{AccountId, Partition, Region, ServiceName};
use crate::plan::redaction::Redaction;
use crate::plan::spec::ScanSpec;
use crate::plan::{Plan, PlannedAccount, PlannedCall, RegionChoice, RegionScope, Surroundings};
use crate::run::{CallRecord, RecordedCalls, ResultEntry, ResultLayout, ResultSink};

/// A request to the fake AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FakeRequest {
    pub(super) account: String,
    pub(super) region: String,
    pub(super) service: String,
    /// The path and query.
    pub(super) path: String,
    pub(super) body: String,
}

/// The outcome of a request, and its delay.
pub(super) struct FakeOutcome {
    pub(super) after: Duration,
    pub(super) outcome: Result<(u16, String), ConnectorError>,
}

impl FakeOutcome {
    /// Returns a success response after the usual response time of AWS.
    pub(super) fn ok(body: impl Into<String>) -> Self {
        Self { after: Duration::from_millis(50), outcome: Ok((200, body.into())) }
    }

    /// Returns an error response in the format of the JSON protocols.
    pub(super) fn error(status: u16, code: &str, message: &str) -> Self {
        let body = serde_json::json!({"__type": code, "message": message});
        Self { outcome: Ok((status, body.to_string())), ..Self::ok("") }
    }

    /// Sets the delay of the outcome.
    pub(super) fn after(self, time: Duration) -> Self {
        Self { after: time, ..self }
    }

    /// Returns a read timeout: a connection without a response.
    pub(super) fn no_answer() -> Self {
        let error = ConnectorError::timeout("no answer within 60 s".into());
        Self { after: Duration::from_mins(1), outcome: Err(error) }
    }

    /// Returns the error of a resolver for a host name that does not exist.
    pub(super) fn no_name(host: &str) -> Self {
        let words = "failed to lookup address information: Name or service not known";
        let error = ConnectorError::io(Box::new(UnknownHost::new(host, words)));
        Self { outcome: Err(error), ..Self::ok("") }
    }

    /// Returns that error for the usual host name of the request's service.
    pub(super) fn no_name_for(request: &FakeRequest) -> Self {
        Self::no_name(&format!("{}.{}.amazonaws.com", request.service, request.region))
    }

    /// Returns a connect timeout.
    pub(super) fn no_connection() -> Self {
        let error = ConnectorError::timeout("no connection within 3 s".into());
        Self { after: Duration::from_secs(3), outcome: Err(error) }
    }
}

pub(super) type FakeResponder = dyn Fn(&FakeRequest) -> FakeOutcome + Send + Sync;

/// The settings of a test run.
pub(super) struct FakeRun {
    pub(super) answer: Arc<FakeResponder>,
    pub(super) accounts: usize,
    pub(super) regions: Vec<&'static str>,
    pub(super) spec: Value,
    pub(super) limits: Limits,
    pub(super) ask_everything: bool,
    /// The data of the organization; without them, all calls are made in all accounts.
    pub(super) surroundings: Option<Surroundings>,
    /// The ledger lines of an earlier execution, if the run resumes it.
    pub(super) earlier: Option<Vec<CallRecord>>,
    pub(super) catalog: Catalog,
    /// The part that panics.
    pub(super) defect: Option<FakeDefect>,
}

/// A panic in one part of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FakeDefect {
    /// A panic while the session of this account is opened.
    Entering(&'static str),
    /// A panic while the files of this account are written.
    Writing(&'static str),
}

/// The outcome of a test run.
pub(super) struct Finished {
    pub(super) records: Vec<CallRecord>,
    /// The time from the start of the run at which each account was done.
    pub(super) done: HashMap<String, Duration>,
    /// All requests except those for sessions.
    pub(super) requests: Vec<(Duration, FakeRequest)>,
    /// The files that were written, with their keys: `000000000001/eu-west-1/sqs: list_queues`.
    pub(super) files: Vec<String>,
    /// The results by name, from the first account and region with results.
    pub(super) results: HashMap<String, Value>,
}

impl Finished {
    /// Returns the records of a region.
    pub(super) fn in_region<'run>(&'run self, region: &str) -> Vec<&'run CallRecord> {
        self.records.iter().filter(|record| record.region == region).collect()
    }

    /// Returns the number of requests to a region.
    pub(super) fn requests_in(&self, region: &str) -> usize {
        self.requests.iter().filter(|(_, request)| request.region == region).count()
    }

    /// Returns the time at which the last account was done.
    pub(super) fn end(&self) -> Duration {
        self.done.values().copied().max().unwrap_or_default()
    }
}

impl FakeRun {
    /// Creates a run of one account with `answer` as the fake AWS.
    pub(super) fn new(
        answer: impl Fn(&FakeRequest) -> FakeOutcome + Send + Sync + 'static,
        spec: Value,
    ) -> Self {
        Self {
            answer: Arc::new(answer),
            accounts: 1,
            regions: vec!["eu-west-1"],
            spec,
            limits: Limits::default(),
            ask_everything: false,
            surroundings: None,
            earlier: None,
            catalog: Catalog::embedded().expect("the embedded catalog"),
            defect: None,
        }
    }

    /// Runs it. The first account is `000000000001`.
    pub(super) async fn finish(self) -> Finished {
        let requests = Arc::default();
        let results = Arc::default();
        let connector = FakeConnector {
            answer: self.answer,
            requests: Arc::clone(&requests),
            started: Instant::now(),
            defect: self.defect,
        };
        let connector = SharedHttpConnector::new(connector);
        let config = FakeAws::new(|_| unreachable!("the traffic ends before it")).config("us-east-1");
        let config = config
            .into_builder()
            .http_client(http_client_fn(move |_, _| connector.clone()))
            .retry_config(RetryPolicy::default().config())
            .build();
        let base = BaseIdentity::from_config(config.clone()).await.expect("an identity");
        let catalog = Arc::new(self.catalog);
        let partitions = Arc::new(Partitions::parse(catalog.partitions()).expect("partitions"));
        let spec = ScanSpec::parse(&self.spec.to_string(), "test", &catalog).expect("a spec");
        let resolver = EndpointResolver::new(Arc::clone(&partitions), EndpointSettings::default());
        let calls = match &self.surroundings {
            Some(surroundings) => surroundings.calls(&spec.entries).0,
            None => PlannedCall::all(spec.entries),
        };
        let plan = Plan {
            accounts: (1..=self.accounts)
                .map(|number| PlannedAccount {
                    id: AccountId::new(format!("{number:012}")),
                    name: None,
                    regions: None,
                })
                .collect(),
            calls,
            skipped: Vec::new(),
            regions: RegionChoice::Given(self.regions.into_iter().map(Region::new).collect()),
            global_region: Region::new("us-east-1"),
            partition: Partition::new("aws"),
            started: chrono::DateTime::UNIX_EPOCH,
        };
        let recorded = self.earlier.map_or_else(RecordedCalls::default, |lines| {
            let mut recorded = RecordedCalls::new(&plan, false);
            for line in lines {
                recorded.note(&line);
            }
            recorded
        });
        let files = Arc::default();
        let engine = Engine {
            plan: Arc::new(plan),
            client: AwsClient::new(config, Arc::new(resolver)),
            sessions: Arc::new(AccountSessions::new(&base, RoleSettings::default()).expect("settings")),
            regions: Arc::new(RegionFinder::new(
                catalog,
                partitions,
                Partition::new("aws"),
                Region::new("us-east-1"),
            )),
            sink: Arc::new(KeptResults {
                scratch: std::env::temp_dir(),
                results: Arc::clone(&results),
                files: Arc::clone(&files),
                defect: self.defect,
            }),
            limits: self.limits,
            retries: RetryPolicy::default(),
            quota_factor: 1,
            ask_everything: self.ask_everything,
            recorded,
            redaction: Redaction::default(),
        };
        let started = Instant::now();
        let (events, mut receiver) = mpsc::channel(64);
        let stop = StopSignal::new();
        let (mut records, mut done) = (Vec::new(), HashMap::new());
        let watch = async {
            while let Some(event) = receiver.recv().await {
                match event {
                    Event::Calls(more) => records.extend(more),
                    Event::AccountFinished { account } => {
                        done.insert(account.to_string(), started.elapsed());
                    }
                    Event::AccountsListed { .. } | Event::AccountStarted { .. } | Event::Throttled { .. } => {
                    }
                }
            }
        };
        let (outcome, ()) = tokio::join!(engine.run(mpsc::unbounded_channel().1, events, stop), watch);
        outcome.expect("a run to its end");
        let requests = std::mem::take(&mut *requests.lock().expect("no test panicked here"));
        let mut files = std::mem::take(&mut *files.lock().expect("no test panicked here"));
        files.sort();
        let results = std::mem::take(&mut *results.lock().expect("no test panicked here"));
        Finished { records, done, requests, files, results }
    }
}

struct FakeConnector {
    answer: Arc<FakeResponder>,
    requests: Arc<Mutex<Vec<(Duration, FakeRequest)>>>,
    started: Instant,
    defect: Option<FakeDefect>,
}

impl FakeConnector {
    fn reply(&self, request: &HttpRequest) -> FakeOutcome {
        let body = String::from_utf8_lossy(request.body().bytes().unwrap_or_default()).into_owned();
        let signature = request.headers().get("authorization").unwrap_or_default();
        // In other regions, the request is a probe whether the region is reachable.
        if body.contains("Action=GetCallerIdentity") && signature.contains("/us-east-1/") {
            return FakeOutcome::ok(caller_identity("999999999999", "arn:aws:iam::999999999999:user/me"));
        }
        if let Some((_, rest)) = body.split_once("arn%3Aaws%3Aiam%3A%3A") {
            assert!(
                !matches!(self.defect, Some(FakeDefect::Entering(dead)) if rest.starts_with(dead)),
                "no way in"
            );
            return FakeOutcome::ok(assumed_role(&format!("ASIA{}", &rest[..12]), "2099-01-01T00:00:00Z"));
        }
        // Credential=ASIA000000000001/20261122/eu-west-1/sqs/aws4_request
        let scope = signature.split_once("Credential=").map_or("", |(_, rest)| rest);
        let mut parts = scope.split('/');
        let account = parts.next().unwrap_or_default().trim_start_matches("ASIA").to_owned();
        let mut next = || parts.next().unwrap_or_default().to_owned();
        let (_date, region, service) = (next(), next(), next());
        let path = request.uri().split_once("amazonaws.com").map_or("", |(_, path)| path);
        // S3 has the bucket in the host name.
        let path = format!("{path} {}", request.uri());
        let request = FakeRequest { account, region, service, path, body };
        let reply = (self.answer)(&request);
        self.requests.lock().expect("no test panicked here").push((self.started.elapsed(), request));
        reply
    }
}

impl HttpConnector for FakeConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let FakeOutcome { after, outcome } = self.reply(&request);
        HttpConnectorFuture::new(async move {
            tokio::time::sleep(after).await;
            let (status, body) = outcome?;
            let mut response =
                HttpResponse::new(status.try_into().expect("a valid status"), SdkBody::from(body));
            response.headers_mut().insert("x-amzn-requestid", "01234567-89ab-cdef-0123-456789abcdef");
            Ok(response)
        })
    }
}

impl fmt::Debug for FakeConnector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("FakeConnector")
    }
}

/// A sink that keeps results, and the names of their files, for tests.
struct KeptResults {
    scratch: PathBuf,
    results: Arc<Mutex<HashMap<String, Value>>>,
    files: Arc<Mutex<Vec<String>>>,
    defect: Option<FakeDefect>,
}

impl ResultSink for KeptResults {
    fn scratch(&self) -> &Path {
        &self.scratch
    }

    fn layout(&self) -> ResultLayout {
        ResultLayout::Call
    }

    fn write(
        &self,
        account: &PlannedAccount,
        place: &RegionScope,
        service: &ServiceName,
        members: Vec<(String, ResultEntry)>,
    ) -> io::Result<Vec<(String, u64)>> {
        let dies = matches!(self.defect, Some(FakeDefect::Writing(dead)) if dead == account.id.as_str());
        assert!(!dies, "no way to write");
        let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
        let file = format!("{}/{place}/{service}: {}", account.id, names.join(" "));
        self.files.lock().expect("no test panicked here").push(file);
        for (name, member) in members {
            if let ResultEntry::Found(result) = member {
                let mut written = Vec::new();
                result.write_to(&mut written, 0)?;
                let value = serde_json::from_slice(&written)?;
                self.results.lock().expect("no test panicked here").entry(name).or_insert(value);
            }
        }
        Ok(Vec::new())
    }
}
