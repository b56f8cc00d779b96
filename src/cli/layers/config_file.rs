//! `scan.toml`: options in a file, for all commands or for one.
//!
//! Keys outside a section are for all commands that have the option. A section has the options of one command:
//! `[export]`, `[catalog.build]`, or `[run]` for a scan.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::Command;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::file_trust::{check_owner, is_safe_setting};
use super::option_value::OptionValue;
use super::origin::OptionOrigin;
use super::settable::{RUN_SECTION, SettableOption, walk};
use crate::error::Failure;
use crate::util::suggest::did_you_mean;

/// The file that is read without being named.
const NAME: &str = "scan.toml";

/// The maximum size of the file, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// A configuration file whose keys are options.
#[derive(Debug)]
pub(in crate::cli) struct ConfigFile {
    /// The path as it is shown.
    pub(in crate::cli) path: String,
    /// Whether the user has named the file.
    is_named: bool,
    settings: Vec<FileSetting>,
}

/// An option in the file.
#[derive(Debug)]
struct FileSetting {
    /// The words of the command that the option is for; `None` for all commands.
    section: Option<Vec<String>>,
    key: String,
    value: OptionValue,
    line: usize,
}

impl ConfigFile {
    /// Reads the file that the user names, or `scan.toml` of the current folder if there is one, and checks it against
    /// the definition of the command line, which `command` makes if there is a file.
    ///
    /// # Errors
    ///
    /// Returns an error with the line if the file is not TOML, has a key that is no option, or a value that its option
    /// cannot have, and if another user could have written a file that is not named.
    pub(in crate::cli) fn load(
        named: Option<PathBuf>,
        command: impl FnOnce() -> Command,
    ) -> Result<Option<Self>, Failure> {
        let is_named = named.is_some();
        let path = named.unwrap_or_else(|| PathBuf::from(NAME));
        let shown = path.display().to_string();
        let text = match read(&path, is_named) {
            Ok(text) => text?,
            Err(error) if error.kind() == io::ErrorKind::NotFound && !is_named => return Ok(None),
            Err(error) => return Err(Failure::usage(format!("cannot read {shown}")).with_source(error)),
        };
        let mut root = command();
        root.build();
        Self::parse(&text, shown, is_named, &root).map(Some)
    }

    /// Parses and checks the text of a file. The commands below `root` must be built.
    pub(super) fn parse(text: &str, path: String, is_named: bool, root: &Command) -> Result<Self, Failure> {
        let mut reader = FileReader { text, path: &path, root, settings: Vec::new() };
        let table = DeTable::parse(text)
            .map_err(|error| reader.wrong(error.span().map_or(0, |span| span.start), error.message()))?;
        reader.table(None, root, table.get_ref())?;
        let file = Self { settings: reader.settings, path, is_named };
        file.check(root)?;
        Ok(file)
    }

    /// Returns the value of an option for a command, and its origin: that of the command's section first.
    pub(super) fn get(
        &self,
        verb: &[String],
        option: SettableOption<'_>,
    ) -> Option<(&OptionValue, OptionOrigin)> {
        let is_option =
            |setting: &&FileSetting| option.is_in_file() && option.names().contains(&&*setting.key);
        let of = |section: Option<&[String]>| {
            self.settings.iter().filter(is_option).find(|setting| setting.section.as_deref() == section)
        };
        let setting = of(Some(verb)).or_else(|| of(None))?;
        Some((&setting.value, OptionOrigin::File(self.path.clone(), setting.line)))
    }

    /// Checks each key and value: some command must accept it.
    fn check(&self, root: &Command) -> Result<(), Failure> {
        for setting in &self.settings {
            let (mut names, mut options, mut found) = (BTreeSet::new(), Vec::new(), false);
            walk(root, &mut Vec::new(), &mut |words, command| {
                if setting.section.as_ref().is_none_or(|section| section == words) {
                    for option in SettableOption::all(command).filter(|option| option.is_in_file()) {
                        names.extend(option.names());
                        if option.names().contains(&&*setting.key) {
                            found = true;
                            options.push(setting.value.words(option).map(|_| option.name));
                        }
                    }
                }
            });
            let place = format!("{}:{}", self.path, setting.line);
            if !found {
                let near = did_you_mean(&setting.key, names);
                let of = setting.section.as_ref().map_or("a command".to_owned(), |words| command_name(words));
                return Err(Failure::usage(format!(
                    "{place}: `{}` is not an option of {of}{near}",
                    setting.key
                )));
            }
            if let Some(Err(problem)) = options.iter().find(|_| options.iter().all(Result::is_err)) {
                return Err(Failure::usage(format!("{place}: `{}` {problem}", setting.key)));
            }
            self.check_trust(&place, setting, options.into_iter().flatten().next().unwrap_or_default())?;
        }
        Ok(())
    }

    /// Checks that a file which the user has not named does not lead out of the folder.
    fn check_trust(&self, place: &str, setting: &FileSetting, option: &str) -> Result<(), Failure> {
        let is_safe = |text: &OsString| is_safe_setting(option, text);
        if self.is_named || setting.value.texts().iter().all(is_safe) {
            return Ok(());
        }
        let path = &self.path;
        Err(Failure::usage(format!(
            "{place}: `{option}` leads out of this folder, which only a file that you name may do"
        ))
        .hint(format!("accept all of it with `--config {path}`, or the variable SCAN_CONFIG={path}")))
    }
}

/// Returns the command line of a command: `scan export`.
fn command_name(words: &[String]) -> String {
    [vec!["scan".to_owned()], words.to_vec()].concat().join(" ")
}

/// Reads a regular file that is not too large; one that is not named must belong to the user.
fn read(path: &Path, is_named: bool) -> io::Result<Result<String, Failure>> {
    // Opening a pipe would wait for its writer.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    let file = File::open(path)?;
    if !is_named && let Err(failure) = check_owner(path, &file)? {
        return Ok(Err(failure));
    }
    let mut text = String::new();
    let read = file.take(LARGEST + 1).read_to_string(&mut text)?;
    if read as u64 > LARGEST {
        return Err(io::Error::other("larger than 1 MiB"));
    }
    Ok(Ok(text))
}

/// Reads the tables of a file.
struct FileReader<'text> {
    text: &'text str,
    path: &'text str,
    root: &'text Command,
    settings: Vec<FileSetting>,
}

impl FileReader<'_> {
    /// Reads the keys of a table, which is a section or the whole file.
    fn table(
        &mut self,
        section: Option<&[String]>,
        command: &Command,
        table: &DeTable<'_>,
    ) -> Result<(), Failure> {
        for (key, value) in table {
            let (name, start) = (key.get_ref().as_ref(), key.span().start);
            let value = match value.get_ref() {
                DeValue::Table(below) => {
                    let (words, command) = self.section(section, command, name, start)?;
                    self.table(Some(&words), command, below)?;
                    continue;
                }
                value => option_value(value)
                    .map_err(|problem| self.wrong(start, &format!("`{name}` {problem}")))?,
            };
            let line = self.line(start);
            self.settings.push(FileSetting {
                section: section.map(<[_]>::to_vec),
                key: name.to_owned(),
                value,
                line,
            });
        }
        Ok(())
    }

    /// Returns the command of a section.
    fn section<'command>(
        &self,
        above: Option<&[String]>,
        command: &'command Command,
        name: &str,
        start: usize,
    ) -> Result<(Vec<String>, &'command Command), Failure> {
        if above.is_none() && name == RUN_SECTION {
            return Ok((Vec::new(), command));
        }
        // The section of a scan has no commands below it.
        let is_run = above.is_some_and(<[_]>::is_empty);
        if let Some(below) = command.find_subcommand(name).filter(|_| !is_run) {
            let mut words = above.unwrap_or_default().to_vec();
            words.push(below.get_name().to_owned());
            return Ok((words, below));
        }
        let names = command.get_subcommands().map(Command::get_name).chain([RUN_SECTION]);
        let near = if name == self.root.get_name() {
            format!("; the options of a scan are in [{RUN_SECTION}]")
        } else {
            did_you_mean(name, names)
        };
        Err(self.wrong(start, &format!("`{name}` is not a command{near}")))
    }

    /// Returns the number of the line with the byte at `start`.
    fn line(&self, start: usize) -> usize {
        self.text.get(..start).unwrap_or_default().matches('\n').count() + 1
    }

    fn wrong(&self, start: usize, problem: &str) -> Failure {
        Failure::usage(format!("{}:{}: {problem}", self.path, self.line(start)))
    }
}

fn option_value(value: &DeValue<'_>) -> Result<OptionValue, String> {
    Ok(match value {
        DeValue::Boolean(is_given) => OptionValue::Switch(*is_given),
        DeValue::Integer(number) => OptionValue::Number(number.to_string()),
        DeValue::Array(values) => OptionValue::List(texts(values)?),
        value => OptionValue::Text(text(value)?),
    })
}

fn texts(values: &DeArray<'_>) -> Result<Vec<OsString>, String> {
    values.iter().map(Spanned::get_ref).map(text).collect()
}

/// Returns a text, or a number as it is written.
fn text(value: &DeValue<'_>) -> Result<OsString, String> {
    match value {
        DeValue::String(text) => Ok(text.as_ref().into()),
        DeValue::Integer(number) => Ok(number.to_string().into()),
        DeValue::Float(number) => Ok(number.to_string().into()),
        _ => Err("must be a text, a number, true, false, or a list of texts and numbers".to_owned()),
    }
}
