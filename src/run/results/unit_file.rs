//! The results of one service of a unit, from the start of its calls to its files.
//!
//! Results are collected until all are known and the file is written at once. Only a long list is written before: to
//! its place in the unfinished file, as soon as all results that precede it are known, in the order of the spec.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::names::ServiceName;
use crate::plan::{PlannedAccount, RegionScope};
use crate::run::ResultSink;
use crate::run::results::call_result::{CallResult, ResultEntry, write_head};
use crate::run::results::list_place::{ListPlace, StartedList};
use crate::run::results::result_writer::{ResultLayout, StartedFile};

/// Where the results of a unit are written.
pub(crate) struct UnitPlace {
    /// The sink that writes them.
    pub(crate) sink: Arc<dyn ResultSink>,
    /// The account.
    pub(crate) account: PlannedAccount,
    /// The region, or `global`.
    pub(crate) place: RegionScope,
}

/// The results of one service of a unit.
pub(crate) struct UnitFile {
    place: Arc<UnitPlace>,
    service: ServiceName,
    state: Mutex<UnitFileState>,
}

struct UnitFileState {
    /// The names of the file, in the order of the spec.
    members: Vec<(String, MemberState)>,
    /// The files that have been started: at most one for the service, or those of long calls.
    started: Vec<StartedFile>,
    /// The error that has damaged a started file.
    error: Option<io::Error>,
}

enum MemberState {
    /// The call has not ended.
    Pending,
    /// The call has ended without a result.
    Absent,
    Known(ResultEntry),
    /// The result is in a started file.
    Written,
}

impl UnitFile {
    /// Creates the file of a service, without results.
    pub(crate) fn new(place: Arc<UnitPlace>, service: ServiceName) -> Self {
        let state = UnitFileState { members: Vec::new(), started: Vec::new(), error: None };
        Self { place, service, state: Mutex::new(state) }
    }

    /// Returns the service.
    pub(crate) fn service(&self) -> &ServiceName {
        &self.service
    }

    /// Adds a name, whose call either runs or has been recorded by an earlier execution. Returns its number.
    pub(crate) fn add_member(&self, name: &str, is_pending: bool) -> usize {
        let member = if is_pending { MemberState::Pending } else { MemberState::Known(ResultEntry::Kept) };
        let mut state = self.lock();
        state.members.push((name.to_owned(), member));
        state.members.len() - 1
    }

    /// Returns the place of the list of a call.
    pub(crate) fn list_place(self: &Arc<Self>, member: usize) -> Box<dyn ListPlace> {
        Box::new(MemberPlace { file: Arc::clone(self), member })
    }

    /// Takes the result of a call that has ended. A result that an earlier execution may have left is removed if there
    /// is none and the run is resumed.
    pub(crate) fn take(&self, member: usize, result: Option<CallResult>, is_resumed: bool) -> io::Result<()> {
        let known = match result {
            // Without the lock, which the end of the list takes.
            Some(mut result) => {
                if result.end_in_place(self.place.sink.layout().depth())? {
                    return Ok(());
                }
                MemberState::Known(ResultEntry::Found(Box::new(result)))
            }
            None if is_resumed => MemberState::Known(ResultEntry::Nothing),
            None => MemberState::Absent,
        };
        if let Some((_, state)) = self.lock().members.get_mut(member) {
            *state = known;
        }
        Ok(())
    }

    /// Returns whether there is anything to write. A file whose results are all kept does not change.
    pub(crate) fn has_results(&self) -> bool {
        let state = self.lock();
        let is_new = |state: &MemberState| {
            matches!(state, MemberState::Known(ResultEntry::Found(_) | ResultEntry::Nothing))
        };
        !state.started.is_empty() || state.members.iter().any(|(_, state)| is_new(state))
    }

    /// Returns whether results of an earlier execution are kept, and copied from its file.
    pub(crate) fn keeps_results(&self) -> bool {
        let is_kept = |state: &MemberState| matches!(state, MemberState::Known(ResultEntry::Kept));
        self.lock().members.iter().any(|(_, state)| is_kept(state))
    }

    /// Subtracts the approximate length of what is to be written from `left`, in bytes. Returns whether that was
    /// enough. Kept results are read from files, whose length is not known.
    pub(crate) fn fits(&self, left: &mut usize) -> bool {
        self.lock().members.iter().all(|(_, state)| match state {
            MemberState::Known(ResultEntry::Found(result)) => result.fits(left),
            MemberState::Known(ResultEntry::Kept) => false,
            _ => true,
        })
    }

    /// Writes the results. Returns the names of new results, with the length of each in bytes.
    pub(crate) fn write(&self) -> io::Result<Vec<(String, u64)>> {
        let (members, started) = {
            let mut state = self.lock();
            if let Some(error) = state.error.take() {
                return Err(error);
            }
            (std::mem::take(&mut state.members), std::mem::take(&mut state.started))
        };
        let rest = members.into_iter().filter_map(|(name, state)| match state {
            MemberState::Known(entry) => Some((name, entry)),
            _ => None,
        });
        let mut rest: Vec<_> = rest.collect();
        let mut sizes = Vec::new();
        for file in started {
            let others = match self.place.sink.layout() {
                ResultLayout::Service => std::mem::take(&mut rest),
                ResultLayout::Call => Vec::new(),
            };
            sizes.extend(file.finish(others)?);
        }
        if !rest.is_empty() {
            let UnitPlace { sink, account, place } = &*self.place;
            sizes.extend(sink.write(account, place, &self.service, rest)?);
        }
        Ok(sizes)
    }

    /// Returns the file for the value of a member, with all results that precede it, and the member's name; `None` if one
    /// of these results is not known.
    fn start(&self, member: usize) -> io::Result<Option<(StartedFile, String)>> {
        let mut state = self.lock();
        let state = &mut *state;
        let Some((earlier, [(name, _), ..])) = state.members.split_at_mut_checked(member) else {
            return Ok(None);
        };
        let is_shared = self.place.sink.layout() == ResultLayout::Service;
        let is_unknown = |state: &MemberState| {
            matches!(state, MemberState::Pending | MemberState::Known(ResultEntry::Kept))
        };
        if is_shared && earlier.iter().any(|(_, state)| is_unknown(state)) {
            return Ok(None);
        }
        let shared = if is_shared { state.started.pop() } else { None };
        let mut file = if let Some(file) = shared {
            file
        } else {
            let UnitPlace { sink, account, place } = &*self.place;
            let Some(file) = sink.start(account, place, &self.service, name)? else { return Ok(None) };
            file
        };
        if is_shared {
            for (name, state) in earlier {
                match std::mem::replace(state, MemberState::Written) {
                    MemberState::Known(ResultEntry::Found(result)) => file.add(name.clone(), *result)?,
                    other => *state = other,
                }
            }
        }
        Ok(Some((file, name.clone())))
    }

    fn lock(&self) -> MutexGuard<'_, UnitFileState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place of one name in a unit's file.
struct MemberPlace {
    file: Arc<UnitFile>,
    member: usize,
}

impl ListPlace for MemberPlace {
    fn start(&self, key: Option<&str>) -> io::Result<Option<Box<dyn StartedList>>> {
        let Some((mut file, name)) = self.file.start(self.member)? else { return Ok(None) };
        let before = file.writer().length();
        file.begin(&name)?;
        let value = file.writer().length();
        if let Some(key) = key {
            write_head(file.writer(), self.file.place.sink.layout().depth(), key)?;
        }
        file.writer().write_all(b"[")?;
        let started = StartedMember {
            unit: Arc::clone(&self.file),
            member: self.member,
            name,
            file: Some(file),
            before,
            value,
        };
        Ok(Some(Box::new(started)))
    }
}

/// A result that is being written to a unit's file.
struct StartedMember {
    unit: Arc<UnitFile>,
    member: usize,
    name: String,
    /// `None` once the file is back in the unit.
    file: Option<StartedFile>,
    /// The length of the file before the result and its name.
    before: u64,
    /// The start of the value.
    value: u64,
}

impl Write for StartedMember {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.as_mut().map_or(Ok(0), |file| file.writer().write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), |file| file.writer().flush())
    }
}

impl StartedList for StartedMember {
    fn complete(mut self: Box<Self>) {
        let Some(mut file) = self.file.take() else { return };
        file.end(std::mem::take(&mut self.name), self.value);
        let mut state = self.unit.lock();
        state.started.push(file);
        if let Some((_, state)) = state.members.get_mut(self.member) {
            *state = MemberState::Written;
        }
    }
}

impl Drop for StartedMember {
    /// Removes the result of a call that is to be repeated, and keeps those before it.
    fn drop(&mut self) {
        let Some(mut file) = self.file.take().filter(|_| self.before > 0) else { return };
        let truncated = file.writer().truncate(self.before);
        let mut state = self.unit.lock();
        match truncated {
            Ok(()) => state.started.push(file),
            Err(error) => state.error = Some(error),
        }
    }
}

#[cfg(test)]
mod tests;
