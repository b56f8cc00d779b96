//! Secrets in command lines, where only the command determines the meaning of an option: `docker login -p X`,
//! `mysql -pX`, `curl -u user:X`.
//!
//! Options that are named after secrets (`--password`) are found without a command: see [`super::named`].

mod arguments;
mod list;
mod meaning;

use std::cell::Cell;

use super::lines::TextLine;
use super::places::NextPlace;
use super::scan::{Span, is_line_break, look_at, skip, skip_back_near, skip_near, stands_at};
use super::{NAMED, SearchMemory};
use crate::plan::redaction::values;
use arguments::CommandArguments;
pub(in crate::plan::redaction) use list::redact_arguments;
use meaning::{held, is_command};

/// The maximum length of the name of a command.
const LONGEST: usize = 32;

/// The end of the names of commands on Windows.
const EXECUTABLE: &str = ".exe";

/// The commands that read a password from a pipe.
const READERS: [&str; 6] =
    ["password-stdin", "sudo -S", READER_OF_USERS, "passwd --stdin", "secret create", "secrets set"];

/// The reader among them of a user, a colon and a password.
const READER_OF_USERS: &str = "chpasswd";

/// Pipes that the commands of a line have in common.
#[derive(Debug, Default)]
pub(super) struct PipeMemory {
    next: NextPlace,
    readers: Cell<Option<LineReaders>>,
}

/// The last commands of a line that read a password from a pipe.
#[derive(Clone, Copy, Debug)]
struct LineReaders {
    line: usize,
    of_passwords: Option<usize>,
    of_users: Option<usize>,
}

/// Finds the secrets of the command with a part of its name at `place`.
pub(super) fn find(text: &str, place: usize, memory: &SearchMemory, spans: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let start = skip_back_near(bytes, place, LONGEST, is_word);
    let end = skip_near(bytes, place, LONGEST, is_word);
    // Inside a sentence or a URL, the name of a command does not count.
    if start > 0
        && !matches!(
            bytes[start - 1],
            b' ' | b'\t'
                | b'\n'
                | b'\r'
                | b'/'
                | b'"'
                | b'\''
                | b'`'
                | b'('
                | b';'
                | b'|'
                | b'&'
                | b'\\'
                | b'['
                | b'n'
        )
    {
        return;
    }
    if matches!(&text[start..end], "echo" | "printf") {
        return piped(text, end, memory, spans);
    }
    let name = text[start..end]
        .strip_prefix('n')
        .filter(|_| start > 0 && bytes[start - 1] == b'\\')
        .unwrap_or(&text[start..end]);
    let end = if stands_at(bytes, end, EXECUTABLE) { end + EXECUTABLE.len() } else { end };
    if !is_command(name) || !bytes.get(end).is_some_and(|byte| b" \t\n\r\"'`,\\".contains(byte)) {
        return;
    }
    let arguments: Vec<_> = CommandArguments::of(text, end).collect();
    let words: Vec<&str> = arguments.iter().map(|range| &text[range.clone()]).collect();
    for (index, part) in held(name, &words) {
        let start = arguments[index].start;
        spans.push(Span { start: start + part.start, end: start + part.end, kind: NAMED });
    }
}

/// Finds the text that is piped to a command that reads a password: `echo X | docker login --password-stdin`.
fn piped(text: &str, place: usize, memory: &SearchMemory, spans: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    let pipe = memory.pipes.next.byte(bytes, place, |byte| byte == b'|' || is_line_break(byte));
    let readers = LineReaders::of(text, memory.lines.at(bytes, place), &memory.pipes);
    let is_after_pipe = |reader: Option<usize>| reader.is_some_and(|reader| pipe < reader);
    if !is_after_pipe(readers.of_passwords) {
        return;
    }
    if let Some(value) = CommandArguments::of(text, place).last().filter(|value| value.end <= pipe) {
        let user = if is_after_pipe(readers.of_users) {
            text[value.clone()].find(':').map_or(0, |colon| colon + 1)
        } else {
            0
        };
        let (start, end) = (value.start + user, value.end);
        if !values::is_harmless(&text[start..end], true) && !text[start..end].starts_with("[redacted") {
            spans.push(Span { start, end, kind: NAMED });
        }
    }
}

impl LineReaders {
    fn of(text: &str, line: TextLine, memory: &PipeMemory) -> Self {
        if let Some(known) = memory.readers.get().filter(|known| known.line == line.start) {
            return known;
        }
        look_at(line.end - line.start);
        let last =
            |reader: &&'static str| text[line.start..line.end].rfind(reader).map(|place| line.start + place);
        let readers = Self {
            line: line.start,
            of_passwords: READERS.iter().filter_map(last).max(),
            of_users: last(&READER_OF_USERS),
        };
        memory.readers.set(Some(readers));
        readers
    }
}

/// Finds the text after `-p` at `place`, of any command, if it looks like a password.
pub(super) fn find_behind(text: &str, place: usize, spans: &mut Vec<Span>) {
    let option = place + text[place..].find("-p").unwrap_or_default();
    let after = skip(text.as_bytes(), option + 2, |byte| b" \"'\\\r\n-,".contains(&byte));
    if let Some(value) = CommandArguments::of(text, after).next()
        && values::is_made_up(&text[value.clone()])
    {
        spans.push(Span { start: value.start, end: value.end, kind: NAMED });
    }
}
