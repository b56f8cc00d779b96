//! The resources of a run as links need them, read beside the work.

use std::sync::mpsc::{SyncSender, sync_channel};

use serde_json::{Map, Value};

use crate::aws::organization::Account;
use crate::reports::resources::{AccountReader, Resource, Resources};
use crate::run::ResultsError;

/// The number of resources that are passed on together.
const BATCH: usize = 64;
/// The number of batches that wait.
const WAITING: usize = 4;
/// The number of threads that read.
const READERS: usize = 2;

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

/// What a thread passes on.
enum ReadPart {
    /// The next resources of an account.
    Resources(Vec<LinkSource>),
    /// The account has no more.
    EndOfAccount,
}

/// Calls `take` with every resource of a run, while other threads read the next ones: each has every other account.
///
/// # Errors
///
/// The first error of `take`, or of the run's files.
pub(super) fn each_source(
    resources: &Resources,
    take: &mut dyn FnMut(LinkSource) -> Result<(), ResultsError>,
) -> Result<(), ResultsError> {
    let reader = &resources.account_reader(&|_| true)?;
    let accounts = resources.results().accounts();
    std::thread::scope(|scope| {
        let (receivers, threads): (Vec<_>, Vec<_>) = (0..READERS)
            .map(|first| {
                let (sender, receiver) = sync_channel(WAITING);
                let own = accounts.iter().skip(first).step_by(READERS);
                (
                    receiver,
                    scope.spawn(move || own.into_iter().try_for_each(|one| read(reader, one, &sender))),
                )
            })
            .unzip();
        let taken = (0..accounts.len()).zip(receivers.iter().cycle()).try_for_each(|(_, receiver)| {
            // A thread that ends early has an error, which is returned below.
            while let Ok(ReadPart::Resources(batch)) = receiver.recv() {
                batch.into_iter().try_for_each(&mut *take)?;
            }
            Ok(())
        });
        drop(receivers);
        let mut outcome = taken;
        for thread in threads {
            match thread.join() {
                Ok(Err(Stop::Results(error))) => outcome = outcome.and(Err(error)),
                Ok(_) => {}
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        outcome
    })
}

/// Reads the resources of an account.
fn read(reader: &AccountReader<'_>, account: &Account, sender: &SyncSender<ReadPart>) -> Result<(), Stop> {
    let send = |part| sender.send(part).map_err(|_| Stop::NoReceiver);
    let mut batch = Vec::with_capacity(BATCH);
    reader.each::<Stop>(account, &|_| true, &mut |resource| {
        batch.push(LinkSource::take(resource));
        if batch.len() < BATCH { Ok(()) } else { send(ReadPart::Resources(std::mem::take(&mut batch))) }
    })?;
    send(ReadPart::Resources(batch))?;
    send(ReadPart::EndOfAccount)
}
