//! The resources of a run as links need them, read beside the work.

use std::sync::mpsc::sync_channel;

use serde_json::{Map, Value};

use crate::reports::resources::{Resource, Resources};
use crate::run::ResultsError;

/// The number of resources that are passed on together.
const BATCH: usize = 64;
/// The number of batches that wait.
const WAITING: usize = 4;

/// A resource, as [`Resource`].
#[derive(Clone, Debug, Default)]
pub(super) struct LinkSource {
    pub(super) account: String,
    pub(super) region: String,
    pub(super) service: String,
    pub(super) kind: String,
    pub(super) id: Option<String>,
    pub(super) arn: Option<String>,
    pub(super) name: Option<String>,
    pub(super) parent: Option<String>,
    pub(super) parent_kind: Option<String>,
    pub(super) owner_account: Option<String>,
    pub(super) tags: Option<Map<String, Value>>,
    pub(super) raw: Value,
    pub(super) details: Map<String, Value>,
}

impl LinkSource {
    fn take(resource: &mut Resource<'_>) -> Self {
        Self {
            account: resource.account.to_owned(),
            region: resource.region.to_owned(),
            service: resource.service.to_owned(),
            kind: resource.kind.to_owned(),
            id: resource.id.take(),
            arn: resource.arn.take(),
            name: resource.name.take(),
            parent: resource.parent.take(),
            parent_kind: resource.parent_kind.map(str::to_owned),
            owner_account: resource.owner_account.take(),
            tags: resource.tags.take(),
            raw: resource.raw.take(),
            details: std::mem::take(&mut resource.details),
        }
    }
}

/// Why reading stopped.
enum Stop {
    Results(ResultsError),
    /// The receiver takes no more resources.
    NoReceiver,
}

impl From<ResultsError> for Stop {
    fn from(error: ResultsError) -> Self {
        Self::Results(error)
    }
}

/// Calls `take` with every resource of a run, while another thread reads the next ones.
///
/// # Errors
///
/// The first error of `take`, or of the run's files.
pub(super) fn each_source(
    resources: &Resources,
    take: &mut dyn FnMut(LinkSource) -> Result<(), ResultsError>,
) -> Result<(), ResultsError> {
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel::<Vec<LinkSource>>(WAITING);
        let reading = scope.spawn(move || {
            let mut batch = Vec::with_capacity(BATCH);
            let read = resources.each_mut::<Stop>(&mut |resource| {
                batch.push(LinkSource::take(resource));
                if batch.len() < BATCH {
                    return Ok(());
                }
                sender.send(std::mem::take(&mut batch)).map_err(|_| Stop::NoReceiver)
            });
            let last = sender.send(batch);
            read.and(last.map_err(|_| Stop::NoReceiver))
        });
        let mut receiver = receiver.into_iter();
        let taken = receiver.by_ref().flatten().try_for_each(take);
        drop(receiver);
        match reading.join() {
            Ok(Err(Stop::Results(error))) => taken.and(Err(error)),
            Ok(_) => taken,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}
