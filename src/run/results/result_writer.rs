//! How results are written to files: one file for all calls of a service, or one for each call.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::sync::SemaphorePermit;

use crate::names::ServiceName;
use crate::run::results::call_result::{CallResult, ResultEntry};
use crate::run::results::open_lists::file_permit;
use crate::run::results::result_file::Members;
use crate::run::safe_name::safe_name;
use crate::util::json_indent;
use crate::util::open_folder::{FileWriter, OpenFolder, TemporaryFile};

/// The way in which results are divided into files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultLayout {
    /// `<service>.json`: an object with one key per call.
    #[default]
    Service,
    /// `<service>-<function>.json`: the bare result.
    Call,
}

impl ResultLayout {
    /// Returns how many levels deep a call's result is in its file.
    pub(crate) fn depth(self) -> usize {
        match self {
            Self::Service => 1,
            Self::Call => 0,
        }
    }

    /// Returns the name of the file that has the result of a call.
    pub(super) fn file(self, service: &ServiceName, name: &str) -> String {
        match self {
            Self::Service => file_of_service(service.as_str()),
            Self::Call => file_of_call(service.as_str(), name),
        }
    }

    /// Returns the content of a file that has no results.
    pub(super) fn without_results(self) -> &'static [u8] {
        match self {
            Self::Service => b"{}\n",
            Self::Call => b"null\n",
        }
    }
}

/// Writes the files of a service into a folder. Returns the names of new results, with the length of each in bytes.
pub(super) fn write_files(
    folder: &OpenFolder,
    layout: ResultLayout,
    service: &ServiceName,
    members: Vec<(String, ResultEntry)>,
) -> io::Result<Vec<(String, u64)>> {
    match layout {
        ResultLayout::Service => write_service(folder, &file_of_service(service.as_str()), members),
        ResultLayout::Call => {
            let mut sizes = Vec::new();
            for (name, member) in members {
                let file = file_of_call(service.as_str(), &name);
                sizes.extend(write_call(folder, &file, member)?.map(|size| (name, size)));
            }
            Ok(sizes)
        }
    }
}

/// Returns the name of a service's file, in [`ResultLayout::Service`].
pub(in crate::run) fn file_of_service(service: &str) -> String {
    format!("{}.json", safe_name(service))
}

/// Returns the name of a call's file, in [`ResultLayout::Call`].
pub(in crate::run) fn file_of_call(service: &str, name: &str) -> String {
    format!("{}-{}.json", safe_name(service), safe_name(name))
}

/// A result file whose first results are written before all of them are known. It is removed unless it is finished.
pub struct StartedFile {
    file: TemporaryFile<Arc<OpenFolder>>,
    layout: ResultLayout,
    service: ServiceName,
    /// The names of the results so far, with the length of each in bytes.
    sizes: Vec<(String, u64)>,
    /// The permit for the open file.
    _permit: SemaphorePermit<'static>,
}

impl StartedFile {
    /// Creates the file of a service, or that of the call `name`, in a folder that `folder` opens. Returns `None` if
    /// too many files are open.
    pub(super) fn create(
        folder: impl FnOnce() -> io::Result<Arc<OpenFolder>>,
        layout: ResultLayout,
        service: &ServiceName,
        name: &str,
    ) -> io::Result<Option<Self>> {
        let Some(permit) = file_permit() else { return Ok(None) };
        let name = layout.file(service, name);
        let file = TemporaryFile::create(folder()?, Path::new(&name))?;
        Ok(Some(Self { file, layout, service: service.clone(), sizes: Vec::new(), _permit: permit }))
    }

    /// Starts the result of a call: all that stands before its value.
    pub(super) fn begin(&mut self, name: &str) -> io::Result<()> {
        match self.layout {
            ResultLayout::Service => write_name(self.file.writer(), self.sizes.len(), name),
            ResultLayout::Call => Ok(()),
        }
    }

    /// Writes a whole result.
    pub(super) fn add(&mut self, name: String, result: CallResult) -> io::Result<()> {
        self.begin(&name)?;
        let start = self.writer().length();
        result.write_to(self.file.writer(), self.layout.depth())?;
        self.end(name, start);
        Ok(())
    }

    /// Ends the result of a call, whose value starts at byte `start`.
    pub(super) fn end(&mut self, name: String, start: u64) {
        let length = self.writer().length() - start;
        self.sizes.push((name, length));
    }

    /// Returns the writer of the file.
    pub(super) fn writer(&mut self) -> &mut FileWriter {
        self.file.writer()
    }

    /// Writes the other results of the file, in the spec's order, and gives the file its name. Returns the names of
    /// new results, with the length of each in bytes.
    pub(super) fn finish(
        mut self,
        mut members: Vec<(String, ResultEntry)>,
    ) -> io::Result<Vec<(String, u64)>> {
        match self.layout {
            ResultLayout::Service => {
                let file = file_of_service(self.service.as_str());
                let earlier = retain_existing(self.file.folder(), &file, &mut members)?;
                write_members(self.file.writer(), members, earlier, &mut self.sizes)?;
            }
            ResultLayout::Call => self.file.writer().write_all(b"\n")?,
        }
        self.file.finish()?;
        Ok(self.sizes)
    }
}

/// Writes an object with a key per call. Kept results are copied from the file that is replaced.
fn write_service(
    folder: &OpenFolder,
    file: &str,
    mut members: Vec<(String, ResultEntry)>,
) -> io::Result<Vec<(String, u64)>> {
    let earlier = retain_existing(folder, file, &mut members)?;
    if members.is_empty() {
        return folder.remove_file(file).map(|()| Vec::new());
    }
    let mut sizes = Vec::with_capacity(members.len());
    folder.write_file(file, |writer| write_members(writer, members, earlier, &mut sizes))?;
    Ok(sizes)
}

/// Removes the members that a service's file will not have. Returns the earlier file if one of them is copied from it.
fn retain_existing(
    folder: &OpenFolder,
    file: &str,
    members: &mut Vec<(String, ResultEntry)>,
) -> io::Result<Option<Members>> {
    let keeps = members.iter().any(|(_, member)| matches!(member, ResultEntry::Kept));
    let earlier = if keeps { Members::open(&folder.path().join(file))? } else { None };
    members.retain(|(name, member)| match member {
        ResultEntry::Found(_) => true,
        ResultEntry::Kept => earlier.as_ref().is_some_and(|earlier| earlier.has(name)),
        ResultEntry::Nothing => false,
    });
    Ok(earlier)
}

/// Writes the name of a member after so many others.
fn write_name(mut writer: impl Write, others: usize, name: &str) -> io::Result<()> {
    writer.write_all(if others == 0 { b"{" } else { b"," })?;
    json_indent::new_line(&mut writer, 1)?;
    json_indent::write_at(&mut writer, 1, &name)?;
    writer.write_all(b": ")
}

/// Writes members after those that are in `sizes`, and the end of the file.
fn write_members(
    writer: &mut FileWriter,
    members: Vec<(String, ResultEntry)>,
    mut earlier: Option<Members>,
    sizes: &mut Vec<(String, u64)>,
) -> io::Result<()> {
    let others = sizes.len();
    for (index, (name, member)) in members.into_iter().enumerate() {
        write_name(&mut *writer, others + index, &name)?;
        match (member, &mut earlier) {
            (ResultEntry::Found(result), _) => {
                let before = writer.length();
                result.write_to(&mut *writer, 1)?;
                sizes.push((name, writer.length() - before));
            }
            (_, Some(earlier)) => earlier.copy(&name, &mut *writer)?,
            (_, None) => {}
        }
    }
    json_indent::new_line(&mut *writer, 0)?;
    writer.write_all(b"}\n")
}

/// Writes the bare result of one call. Returns its length in bytes if it is new.
fn write_call(folder: &OpenFolder, file: &str, member: ResultEntry) -> io::Result<Option<u64>> {
    match member {
        ResultEntry::Kept => Ok(None),
        ResultEntry::Nothing => folder.remove_file(file).map(|()| None),
        ResultEntry::Found(result) => {
            let length = folder.write_file(file, |writer| {
                result.write_to(&mut *writer, 0)?;
                writer.write_all(b"\n")
            })?;
            Ok(Some(length.saturating_sub(1)))
        }
    }
}
