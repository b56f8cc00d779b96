//! DNS resolution, with one lookup per name for all concurrent callers.
//!
//! A run connects to a few hundred hosts, and to each of them hundreds of times. The system's resolver sends a
//! query each time, name servers have limits (1,024 packets per second and interface in a VPC,
//! docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html), and a rejected lookup looks like a service
//! that does not exist.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_runtime_api::client::dns::{DnsFuture, ResolveDns, ResolveDnsError};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::sync::{OnceCell, Semaphore};
use tokio::time::Instant;

use super::link_local::is_link_local;
use super::unknown_host::UnknownHost;

/// The maximum number of concurrent lookups.
const CONCURRENT_LOOKUPS: usize = 16;

/// The lifetime of cached addresses: at most the TTL of AWS's records.
const LIFETIME: Duration = Duration::from_secs(30);

type LookUp = dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> + Send + Sync;

/// The resolver of the HTTP client.
pub(crate) struct Resolver {
    look_up: Box<LookUp>,
    concurrency: Semaphore,
    names: Mutex<NameTable>,
    /// The index of the address that comes first; it rotates, so that all addresses share the load.
    turn: AtomicUsize,
    /// Whether names that resolve to link-local addresses are rejected.
    refuses_link_local: bool,
}

/// The cached names, including some that have expired.
#[derive(Default)]
struct NameTable {
    by_name: HashMap<String, Arc<Name>>,
    /// The time when expired names were last removed.
    swept: Option<Instant>,
}

/// A cached name, during or after its lookup.
struct Name {
    started: Instant,
    addresses: OnceCell<Vec<IpAddr>>,
}

impl Resolver {
    /// Creates a resolver that uses the system's resolver.
    pub(crate) fn of_the_system() -> Self {
        Self::new(|name| {
            async move {
                let addresses = tokio::net::lookup_host((name, 0)).await?;
                Ok(addresses.map(|address| address.ip()).collect())
            }
            .boxed()
        })
    }

    fn new(
        look_up: impl Fn(String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> + Send + Sync + 'static,
    ) -> Self {
        Self {
            look_up: Box::new(look_up),
            concurrency: Semaphore::new(CONCURRENT_LOOKUPS),
            names: Mutex::default(),
            turn: AtomicUsize::default(),
            refuses_link_local: false,
        }
    }

    /// Rejects names that resolve to link-local addresses, for untrusted names: such a name may point to a
    /// metadata service.
    pub(crate) fn refusing_link_local(self) -> Self {
        Self { refuses_link_local: true, ..self }
    }

    async fn resolve(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let entry = self.entry(name);
        // A caller that waited for a failed lookup starts the next one.
        let addresses = entry.addresses.get_or_try_init(|| async {
            let _permit = self.concurrency.acquire().await;
            (self.look_up)(name.to_owned()).await
        });
        let mut addresses = addresses.await?.clone();
        if self.refuses_link_local && addresses.iter().copied().any(is_link_local) {
            let why = format!("{name} resolves to a link-local address, which is not allowed");
            return Err(io::Error::other(why));
        }
        if !addresses.is_empty() {
            let first = self.turn.fetch_add(1, Ordering::Relaxed) % addresses.len();
            addresses.rotate_left(first);
        }
        Ok(addresses)
    }

    fn entry(&self, name: &str) -> Arc<Name> {
        let now = Instant::now();
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = names.by_name.get(name).filter(|entry| now < entry.started + LIFETIME) {
            return Arc::clone(entry);
        }
        if names.swept.is_none_or(|swept| now >= swept + LIFETIME) {
            names.by_name.retain(|_, entry| now < entry.started + LIFETIME);
            names.swept = Some(now);
        }
        let entry = Arc::new(Name { started: now, addresses: OnceCell::new() });
        names.by_name.insert(name.to_owned(), Arc::clone(&entry));
        entry
    }
}

impl ResolveDns for Resolver {
    fn resolve_dns<'a>(&'a self, name: &'a str) -> DnsFuture<'a> {
        DnsFuture::new(async move {
            self.resolve(name).await.map_err(|error| match UnknownHost::from_look_up(name, &error) {
                Some(unknown) => ResolveDnsError::new(unknown),
                None => ResolveDnsError::new(error),
            })
        })
    }
}

impl fmt::Debug for Resolver {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Resolver")
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::net::IpAddr;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
    use std::time::Duration;

    use aws_smithy_runtime_api::client::dns::ResolveDns as _;
    use futures_util::FutureExt as _;
    use futures_util::future::join_all;

    use super::{CONCURRENT_LOOKUPS, LIFETIME, Resolver, UnknownHost};

    #[derive(Default)]
    struct LookupCount {
        all: AtomicUsize,
        under_way: AtomicUsize,
        most: AtomicUsize,
    }

    /// Creates a resolver whose lookups take a second; those of `nowhere` fail.
    fn counted() -> (Resolver, Arc<LookupCount>) {
        let count = Arc::<LookupCount>::default();
        let counted = Arc::clone(&count);
        let resolver = Resolver::new(move |name| {
            let count = Arc::clone(&counted);
            async move {
                count.all.fetch_add(1, SeqCst);
                count.most.fetch_max(count.under_way.fetch_add(1, SeqCst) + 1, SeqCst);
                tokio::time::sleep(Duration::from_secs(1)).await;
                count.under_way.fetch_sub(1, SeqCst);
                if name == "nowhere" {
                    return Err(io::Error::other("failed to lookup address information"));
                }
                Ok(vec![IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2])])
            }
            .boxed()
        });
        (resolver, count)
    }

    /// Concurrent requests for one name share a lookup, and all addresses are used.
    #[tokio::test(start_paused = true)]
    async fn dns_lookup_is_shared_and_spreads_over_addresses() {
        let (resolver, count) = counted();
        let found = join_all((0..100).map(|_| resolver.resolve("sqs.eu-west-1.amazonaws.com"))).await;
        assert_eq!(count.all.load(SeqCst), 1);
        let first: Vec<IpAddr> =
            found.into_iter().map(|addresses| addresses.expect("addresses")[0]).collect();
        let ones = first.iter().filter(|address| **address == first[0]).count();
        assert_eq!(ones, 50);
        tokio::time::advance(LIFETIME).await;
        assert!(resolver.resolve("sqs.eu-west-1.amazonaws.com").await.is_ok());
        assert_eq!(count.all.load(SeqCst), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn look_ups_of_different_names_are_bounded() {
        let (resolver, count) = counted();
        let names: Vec<String> = (0..1000).map(|index| format!("host-{index}")).collect();
        join_all(names.iter().map(|name| resolver.resolve(name))).await;
        assert_eq!((count.all.load(SeqCst), count.most.load(SeqCst)), (1000, CONCURRENT_LOOKUPS));
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_not_kept() {
        let (resolver, count) = counted();
        assert!(resolver.resolve("nowhere").await.is_err());
        assert!(resolver.resolve("nowhere").await.is_err());
        assert_eq!(count.all.load(SeqCst), 2);
    }

    #[tokio::test]
    async fn the_systems_words_for_a_name_that_it_does_not_find_are_kept() {
        // By RFC 6761, this name exists nowhere.
        let failure = Resolver::of_the_system().resolve_dns("nowhere.invalid").await.expect_err("no address");
        let message = crate::error::chain(&failure);
        assert!(message.contains("failed to lookup address information"), "{message}");
        // A machine without a resolver returns another error.
        if let Some(unknown) = UnknownHost::among_causes(&failure) {
            assert_eq!(unknown.name(), "nowhere.invalid");
        }
        assert!(Resolver::of_the_system().resolve_dns("localhost").await.is_ok());
    }

    #[tokio::test]
    async fn a_foreign_name_must_not_lead_to_a_metadata_service() {
        for (address, is_refused) in
            [("169.254.169.254", true), ("fd00:ec2::254", true), ("192.0.2.1", false)]
        {
            let address: IpAddr = address.parse().expect("an address");
            let resolver = || Resolver::new(move |_| async move { Ok(vec![address]) }.boxed());
            assert!(resolver().resolve("a.example").await.is_ok());
            let outcome = resolver().refusing_link_local().resolve("a.example").await;
            assert_eq!(outcome.is_err(), is_refused, "{address}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn old_names_make_room() {
        let (resolver, _) = counted();
        for index in 0..1000 {
            resolver.resolve(&format!("bucket-{index}")).await.expect("addresses");
        }
        let kept = resolver.names.lock().expect("no test panicked here").by_name.len();
        // One name per second, for at most two lifetimes.
        assert!(kept <= 61, "{kept} names are kept");
    }
}
