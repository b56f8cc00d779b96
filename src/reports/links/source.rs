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
    pub(super) fn take(resource: &mut Resource<'_>) -> Self {
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
pub(super) enum ReadStop {
    Results(ResultsError),
    /// The receiver takes no more resources.
    NoReceiver,
}

impl From<ResultsError> for ReadStop {
    fn from(error: ResultsError) -> Self {
        Self::Results(error)
    }
}

/// Takes a part of what an account has.
pub(super) type SendPart<'send, Part> = dyn FnMut(Part) -> Result<(), ReadStop> + 'send;

/// What a thread passes on.
enum AccountPart<Part> {
    Part(Part),
    /// The account has no more.
    End,
}

/// Calls `take` with every resource of a run, while other threads read the next ones.
///
/// # Errors
///
/// The first error of `take`, or of the run's files.
pub(super) fn each_source(
    resources: &Resources,
    take: &mut dyn FnMut(LinkSource) -> Result<(), ResultsError>,
) -> Result<(), ResultsError> {
    let reader = || {
        |reader: &AccountReader<'_>, account: &Account, send: &mut SendPart<'_, Vec<LinkSource>>| {
            let mut batch = Vec::with_capacity(BATCH);
            reader.each::<ReadStop>(account, &|_| true, &mut |resource| {
                batch.push(LinkSource::take(resource));
                if batch.len() < BATCH { Ok(()) } else { send(std::mem::take(&mut batch)) }
            })?;
            send(batch)
        }
    };
    each_part(resources, &reader, &mut |batch| batch.into_iter().try_for_each(&mut *take))
}

/// Calls `take` with what threads make of the accounts of a run, in their order. Each thread has every other account,
/// and a function of `new_reader` that reads it.
///
/// # Errors
///
/// The first error of `take`, or of the run's files.
pub(super) fn each_part<Part, Reader>(
    resources: &Resources,
    new_reader: &dyn Fn() -> Reader,
    take: &mut dyn FnMut(Part) -> Result<(), ResultsError>,
) -> Result<(), ResultsError>
where
    Part: Send,
    Reader: FnMut(&AccountReader<'_>, &Account, &mut SendPart<'_, Part>) -> Result<(), ReadStop> + Send,
{
    let reader = &resources.account_reader(&|_| true)?;
    let accounts = resources.results().accounts();
    std::thread::scope(|scope| {
        let (receivers, threads): (Vec<_>, Vec<_>) = (0..READERS)
            .map(|first| {
                let (sender, receiver) = sync_channel(WAITING);
                let own = accounts.iter().skip(first).step_by(READERS);
                let read = new_reader();
                (receiver, scope.spawn(move || read_all(reader, own, read, &sender)))
            })
            .unzip();
        let taken = (0..accounts.len()).zip(receivers.iter().cycle()).try_for_each(|(_, receiver)| {
            // A thread that ends early has an error, which is returned below.
            while let Ok(AccountPart::Part(part)) = receiver.recv() {
                take(part)?;
            }
            Ok(())
        });
        drop(receivers);
        let mut outcome = taken;
        for thread in threads {
            match thread.join() {
                Ok(Err(ReadStop::Results(error))) => outcome = outcome.and(Err(error)),
                Ok(_) => {}
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        outcome
    })
}

/// Reads accounts, and passes on what is made of them.
fn read_all<'run, Part>(
    reader: &AccountReader<'_>,
    mut accounts: impl Iterator<Item = &'run Account>,
    mut read: impl FnMut(&AccountReader<'_>, &Account, &mut SendPart<'_, Part>) -> Result<(), ReadStop>,
    sender: &SyncSender<AccountPart<Part>>,
) -> Result<(), ReadStop> {
    let send = |part| sender.send(part).map_err(|_| ReadStop::NoReceiver);
    accounts.try_for_each(|account| {
        read(reader, account, &mut |part| send(AccountPart::Part(part)))?;
        send(AccountPart::End)
    })
}
