//! The floor: the same requests as a scan of six calls, those about the organization included, without signing,
//! parsing, retries or files. What a scan takes beyond it is the price of doing it right.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use http::{Method, Request};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::{Mutex, Semaphore};
use tokio::task::JoinSet;

use super::{Outcome, option};

/// The region where accounts and sessions are requested.
const HOME: &str = "us-east-1";

/// One operation as it looks on the wire.
struct Call {
    signing_name: &'static str,
    method: Method,
    path: &'static str,
    target: Option<&'static str>,
    body: &'static str,
}

/// The calls of the bench's spec.
static CALLS: [Call; 6] = [
    query("ec2", "Action=DescribeInstances&Version=2016-11-15"),
    query("ec2", "Action=DescribeVpcs&Version=2016-11-15"),
    query("ec2", "Action=DescribeAddresses&Version=2016-11-15"),
    query("elasticloadbalancing", "Action=DescribeLoadBalancers&Version=2015-12-01"),
    targeted("dynamodb", "DynamoDB_20120810.ListTables"),
    Call {
        signing_name: "lambda",
        method: Method::GET,
        path: "/2015-03-31/functions",
        target: None,
        body: "",
    },
];

static IDENTITY: Call = query("sts", "Action=GetCallerIdentity&Version=2011-06-15");
static ORGANIZATION: Call = of_organizations("AWSOrganizationsV20161128.DescribeOrganization");
static ACCOUNTS: Call = of_organizations("AWSOrganizationsV20161128.ListAccounts");
static ROOTS: Call = of_organizations("AWSOrganizationsV20161128.ListRoots");
static UNITS: Call = of_organizations("AWSOrganizationsV20161128.ListOrganizationalUnitsForParent");
static TAGS: Call = targeted("tagging", "ResourceGroupsTaggingAPI_20170126.GetResources");

const fn of_organizations(target: &'static str) -> Call {
    targeted("organizations", target)
}

const fn targeted(signing_name: &'static str, target: &'static str) -> Call {
    Call { signing_name, method: Method::POST, path: "/", target: Some(target), body: "{}" }
}

const fn query(signing_name: &'static str, body: &'static str) -> Call {
    Call { signing_name, method: Method::POST, path: "/", target: None, body }
}

/// Whose access key a request names.
#[derive(Clone)]
struct Key {
    id: String,
    token: String,
}

/// As many connections as there may be requests at once.
struct Wire {
    address: String,
    free: Mutex<Vec<SendRequest<Full<Bytes>>>>,
    permits: Semaphore,
}

pub(super) async fn run(arguments: &[String]) -> Outcome {
    let url: String = option(arguments, "--url")?;
    let connections = option(arguments, "--connections")?;
    let regions: String = option(arguments, "--regions")?;
    let regions: Arc<[String]> = regions.split(',').map(str::to_owned).collect();
    let began = Instant::now();
    let wire = Arc::new(Wire {
        address: url.trim_start_matches("http://").to_owned(),
        free: Mutex::default(),
        permits: Semaphore::new(connections),
    });
    let caller = Key { id: option(arguments, "--access-key-id")?, token: String::new() };
    let mut tasks = JoinSet::new();
    for call in [&IDENTITY, &ORGANIZATION] {
        let (wire, caller) = (Arc::clone(&wire), caller.clone());
        tasks.spawn(async move { wire.pages(call, HOME, &caller).await });
    }
    let (accounts, mut requests) = wire.accounts(&caller).await?;
    let (of_details, of_caller) = (Arc::clone(&wire), caller.clone());
    tasks.spawn(async move { of_details.details(&of_caller).await });
    let management = accounts.first().cloned();
    for account in accounts {
        let own = (management.as_ref() == Some(&account)).then(|| caller.clone());
        tasks.spawn(scan_account(Arc::clone(&wire), caller.clone(), own, account, Arc::clone(&regions)));
    }
    while let Some(ended) = tasks.join_next().await {
        requests += ended??;
    }
    println!("{}", json!({"requests": requests, "seconds": began.elapsed().as_secs_f64()}));
    Ok(())
}

/// All calls of one account; the number of requests they took.
async fn scan_account(
    wire: Arc<Wire>,
    caller: Key,
    own: Option<Key>,
    account: String,
    regions: Arc<[String]>,
) -> Outcome<usize> {
    let mut requests = 0;
    let key = if let Some(key) = own {
        key
    } else {
        requests += 1;
        wire.session(&caller, &account).await?
    };
    let mut tasks = JoinSet::new();
    for region in regions.iter() {
        for call in &CALLS {
            let (wire, key, region) = (Arc::clone(&wire), key.clone(), region.clone());
            tasks.spawn(async move { wire.pages(call, &region, &key).await });
        }
    }
    while let Some(ended) = tasks.join_next().await {
        requests += ended??;
    }
    Ok(requests)
}

impl Wire {
    /// The ids of all accounts, and the requests that it took.
    async fn accounts(&self, caller: &Key) -> Outcome<(Vec<String>, usize)> {
        let pages = self.list(&ACCOUNTS, json!({}), "NextToken", caller).await?;
        let of_page = |page: &String| {
            page.split("\"Id\":\"")
                .skip(1)
                .filter_map(|rest| rest.get(..12).map(str::to_owned))
                .collect::<Vec<_>>()
        };
        Ok((pages.iter().flat_map(of_page).collect(), pages.len()))
    }

    /// The requests for the units and tags of the accounts. The bench's organization has units only in its root.
    async fn details(&self, caller: &Key) -> Outcome<usize> {
        let roots = self.list(&ROOTS, json!({}), "NextToken", caller).await?;
        let root = roots.first().and_then(|page| between(page, "\"Id\":\"", "\"")).ok_or("no root")?;
        let of_root = json!({ "ParentId": root });
        let of_accounts = json!({"ResourceTypeFilters": ["organizations:account"], "ResourcesPerPage": 100});
        let (units, tags) = tokio::try_join!(
            self.list(&UNITS, of_root, "NextToken", caller),
            self.list(&TAGS, of_accounts, "PaginationToken", caller)
        )?;
        Ok(roots.len() + units.len() + tags.len())
    }

    /// All pages of a list in JSON.
    async fn list(&self, call: &Call, mut body: Value, token: &str, caller: &Key) -> Outcome<Vec<String>> {
        let mut pages = Vec::new();
        loop {
            let page = self.send(call, &body.to_string(), HOME, caller).await?;
            let next = between(&page, &format!("\"{token}\":\""), "\"").map(str::to_owned);
            pages.push(page);
            match next.filter(|next| !next.is_empty()) {
                Some(next) => body[token] = next.into(),
                None => return Ok(pages),
            }
        }
    }

    /// The access key of a role session.
    async fn session(&self, caller: &Key, account: &str) -> Outcome<Key> {
        let call = query("sts", "");
        let body = format!(
            "Action=AssumeRole&Version=2011-06-15&RoleSessionName=floor&RoleArn=arn%3Aaws%3Aiam%3A%3A{account}%3Arole\
             %2FOrganizationAccountAccessRole"
        );
        let answer = self.send(&call, &body, HOME, caller).await?;
        let found = |name: &str| between(&answer, &format!("<{name}>"), "<").map(str::to_owned);
        match (found("AccessKeyId"), found("SessionToken")) {
            (Some(id), Some(token)) => Ok(Key { id, token }),
            _ => Err(format!("no session: {answer}").into()),
        }
    }

    /// One call to its last page; the number of pages.
    async fn pages(&self, call: &Call, region: &str, key: &Key) -> Outcome<usize> {
        let (mut pages, mut body) = (0, call.body.to_owned());
        loop {
            let page = self.send(call, &body, region, key).await?;
            pages += 1;
            match between(&page, "<nextToken>", "<") {
                Some(token) => body = format!("{}&NextToken={}", call.body, token.replace('=', "%3D")),
                None => return Ok(pages),
            }
        }
    }

    async fn send(&self, call: &Call, body: &str, region: &str, key: &Key) -> Outcome<String> {
        let _permit = self.permits.acquire().await?;
        let free = self.free.lock().await.pop();
        let mut connection = match free {
            Some(connection) => connection,
            None => self.connect().await?,
        };
        connection.ready().await?;
        let response = connection.send_request(self.request(call, body, region, key)?).await?;
        let status = response.status();
        let answer = String::from_utf8(response.into_body().collect().await?.to_bytes().to_vec())?;
        self.free.lock().await.push(connection);
        if status.is_success() { Ok(answer) } else { Err(format!("{status}: {answer}").into()) }
    }

    async fn connect(&self) -> Outcome<SendRequest<Full<Bytes>>> {
        let stream = TcpStream::connect(&self.address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(sender)
    }

    /// A request in whose place for a signature are noughts.
    fn request(&self, call: &Call, body: &str, region: &str, key: &Key) -> Outcome<Request<Full<Bytes>>> {
        let signature = format!(
            "AWS4-HMAC-SHA256 Credential={}/20260101/{region}/{}/aws4_request, SignedHeaders=host, Signature={:064}",
            key.id, call.signing_name, 0
        );
        let mut request = Request::builder()
            .method(&call.method)
            .uri(call.path)
            .header("host", &self.address)
            .header("authorization", signature);
        if !key.token.is_empty() {
            request = request.header("x-amz-security-token", &key.token);
        }
        request = match call.target {
            Some(target) => {
                request.header("x-amz-target", target).header("content-type", "application/x-amz-json-1.0")
            }
            None => request.header("content-type", "application/x-www-form-urlencoded"),
        };
        Ok(request.body(Full::new(Bytes::copy_from_slice(body.as_bytes())))?)
    }
}

/// What stands between two markers.
fn between<'text>(text: &'text str, before: &str, after: &str) -> Option<&'text str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found)
}
