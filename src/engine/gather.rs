//! Reads the pages of one call into a collector.

use std::io;

use serde_json::{Map, Value};

use super::account_scan::AccountScan;
use super::collector::{Collected, Collector};
use crate::catalog::{Function, Reach, home, reach};
use crate::client::CallError;
use crate::names::Region;
use crate::plan::Place;

/// How a call is to be read.
pub(super) struct Reading<'spec> {
    pub(super) function: &'spec Function,
    pub(super) region: Region,
    pub(super) parameters: Map<String, Value>,
    /// Whether pages after the first are read.
    pub(super) paginate: bool,
}

/// What the pages came to.
pub(super) struct Gathered {
    pub(super) collected: Collected,
    pub(super) items: u64,
    pub(super) pages: u32,
    pub(super) attempts: u32,
    /// More exists than was read, because nobody wanted it.
    pub(super) more: bool,
    /// The error that ended the pages; those before it are kept.
    pub(super) failure: Option<CallError>,
}

/// Reads page after page. An error means that the answer could not be stored.
pub(super) async fn gather(
    account: &AccountScan,
    reading: Reading<'_>,
    mut collector: Collector,
) -> io::Result<Gathered> {
    let Reading { function, region, parameters, paginate } = reading;
    let pages = account.client.pages(function, &region, parameters);
    let mut pages = pages.with_listing(collector.listing());
    let (mut read, mut attempts, mut failure) = (0, 0, None);
    loop {
        match account.next_page(&mut pages).await {
            Ok(Some(answer)) => {
                read += 1;
                attempts += answer.attempts;
                match &answer.listing {
                    Some(listing) => collector.listed_page(listing, answer.members)?,
                    None => collector.page(answer.members)?,
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
    Ok(Gathered {
        items: collector.items(),
        more: failure.is_none() && (collector.is_cut() || !pages.is_finished()),
        collected: collector.finish(),
        pages: read,
        attempts,
        failure,
    })
}

/// The region to ask for a call that is filed under `place`.
pub fn region_of(function: &Function, place: &Place, global_region: &Region) -> Region {
    match place {
        Place::Region(region) if reach(function) != Reach::Global => region.clone(),
        _ => home(function).unwrap_or_else(|| global_region.clone()),
    }
}
