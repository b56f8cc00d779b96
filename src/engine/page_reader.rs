//! Reads the pages of one call into a collector.

use std::io;

use futures_util::future::BoxFuture;
use serde_json::{Map, Value};

use super::context::AccountContext;
use super::result_collector::{Collected, Collector};
use crate::aws::client::CallError;
use crate::model::catalog::{CallScope, Function, home, reach};
use crate::names::Region;
use crate::plan::RegionScope;
use crate::plan::redaction::RedactionCounts;

/// The request of a call, and how its pages are read.
pub(super) struct ReadSettings<'spec> {
    pub(super) function: &'spec Function,
    pub(super) region: Region,
    pub(super) parameters: Map<String, Value>,
    /// Whether pages after the first are read.
    pub(super) paginate: bool,
    /// Whether child calls need the response before redaction.
    pub(super) keeps_original: bool,
}

/// The result of reading the pages of a call.
pub(super) struct Gathered {
    pub(super) collected: Collected,
    /// The response before redaction, if it was requested and redaction has changed it.
    pub(super) original: Option<Map<String, Value>>,
    /// The number of redacted values and of secrets that were found.
    pub(super) cleaned: RedactionCounts,
    pub(super) items: u64,
    pub(super) pages: u32,
    pub(super) attempts: u32,
    /// Whether more exists than was read, because `max_items` was reached or `paginate` is false.
    pub(super) more: bool,
    /// The error that ended the pagination; the pages before it are kept.
    pub(super) failure: Option<CallError>,
}

/// Gets the pages of a call as they arrive.
pub(super) trait PageObserver: Send {
    /// Takes a page after redaction, and before it if redaction has changed it. The next page is read when the future
    /// is done.
    fn page<'page>(
        &'page mut self,
        shown: &'page Value,
        original: Option<&'page Value>,
    ) -> BoxFuture<'page, ()>;
}

/// Reads the pages of a call, and passes each to `observer`. Returns an error if a response cannot be stored.
pub(super) async fn gather(
    account: &AccountContext,
    reading: ReadSettings<'_>,
    mut collector: Collector,
    mut observer: Option<&mut dyn PageObserver>,
) -> io::Result<Gathered> {
    let ReadSettings { function, region, parameters, paginate, keeps_original } = reading;
    let rules = account.shared.engine.redaction.rules(function);
    let listed = if observer.is_none() { collector.listing() } else { None };
    let listed = listed.filter(|list| rules.keep_as_is(&list.member));
    let member = listed.as_ref().map(|list| list.member.clone()).unwrap_or_default();
    let mut original = keeps_original.then(|| collector.with_additional());
    let mut cleaned = RedactionCounts::default();
    let pages = account.client.pages(function, &region, parameters);
    let mut pages = pages.with_listing(listed);
    let (mut read, mut attempts, mut failure) = (0, 0, None);
    loop {
        match account.next_page(&mut pages).await {
            Ok(Some(mut answer)) => {
                read += 1;
                attempts += answer.attempts;
                if observer.is_some() {
                    collector.limit(&mut answer.members);
                }
                let before = observer.is_some().then(|| Value::Object(answer.members.clone()));
                if let Some(original) = &mut original {
                    original.page(answer.members.clone())?;
                }
                let found = rules.clean(&mut answer.members, account.account.id.as_str());
                if let Some(observer) = &mut observer {
                    let shown = Value::Object(answer.members);
                    let before = before.filter(|_| found != RedactionCounts::default());
                    observer.page(&shown, before.as_ref()).await;
                    answer.members = if let Value::Object(members) = shown { members } else { Map::new() };
                }
                cleaned.add(found);
                match answer.listing.take() {
                    None => collector.page(answer.members)?,
                    Some(listing) => {
                        match rules.clean_list(&member, &listing.text, account.account.id.as_str()) {
                            None => collector.listed_page(listing, answer.members)?,
                            Some((items, found)) => {
                                cleaned.add(found);
                                answer.members.insert(member.clone(), items);
                                collector.page(answer.members)?;
                            }
                        }
                    }
                }
            }
            Ok(None) => break,
            Err(error) => {
                attempts += error.attempts;
                failure = Some(error);
                break;
            }
        }
        if pages.is_finished() || !paginate || collector.is_full() {
            break;
        }
    }
    log_pages(account, function, &region, &cleaned);
    let original = original.filter(|_| cleaned != RedactionCounts::default()).map(Collector::finish);
    Ok(Gathered {
        original: original.and_then(Collected::into_answer),
        cleaned,
        items: collector.items(),
        more: failure.is_none() && (collector.is_cut() || !pages.is_finished()),
        collected: collector.finish(),
        pages: read,
        attempts,
        failure,
    })
}

/// Logs where secrets were found, without their values.
fn log_pages(account: &AccountContext, function: &Function, region: &Region, cleaned: &RedactionCounts) {
    for secret in &cleaned.secrets {
        tracing::warn!(
            target: "scan::calls", account = %account.account.id, %region, service = %function.service().name,
            function = function.name(), path = secret.path, kind = secret.kind, count = secret.count,
            "the response contains a value that looks like a secret"
        );
    }
}

/// Returns the region that a call with the result in `place` is sent to.
pub fn region_of(function: &Function, place: &RegionScope, global_region: &Region) -> Region {
    match place {
        RegionScope::Region(region) if reach(function) != CallScope::Global => region.clone(),
        _ => home(function, global_region),
    }
}
