//! Secrets in command lines, where only the command determines the meaning of an option: `docker login -p X`,
//! `mysql -pX`, `curl -u user:X`.
//!
//! Options that are named after secrets (`--password`) are found without a command: see [`super::named`].

use std::ops::Range;

use serde_json::Value;

use super::NAMED;
use super::scan::{Span, is_blank, line_end, quoted, skip, skip_back};
use crate::plan::redaction::{REDACTED, names, values};

/// The arguments of a command that are secret.
enum ArgumentMeaning {
    /// The argument after these options, or attached to them.
    Behind(&'static [&'static str]),
    /// The text attached to these options, but not an argument after a blank.
    Attached(&'static [&'static str]),
    /// The part after the colon of the argument after these options.
    AfterColon(&'static [&'static str]),
    /// The values of the variables after these options: `-e NAME=X`.
    Variables(&'static [&'static str]),
    /// The last argument.
    Last,
    /// The first argument.
    First,
    /// The argument with this index, without options (`/add`) and drives (`Z:`). Both parts of `\\host\share`
    /// count.
    Positional(usize),
}

/// Commands, an argument that must be present, and the meaning of their arguments. The source is the manual page
/// or reference of each.
const COMMANDS: &[(&[&str], &str, ArgumentMeaning)] = &[
    // docs.docker.com/reference/cli/docker/login, docs.podman.io, helm.sh/docs/helm/helm_registry_login
    (
        &["docker", "podman", "nerdctl", "buildah", "skopeo", "helm", "oras", "crane", "az", "oc"],
        "login",
        ArgumentMeaning::Behind(&["-p"]),
    ),
    (&["docker", "podman", "nerdctl"], "run", ArgumentMeaning::Variables(&["-e", "--env"])),
    (&["docker", "podman", "nerdctl"], "create", ArgumentMeaning::Variables(&["-e", "--env"])),
    (&["docker", "podman", "nerdctl"], "build", ArgumentMeaning::Variables(&["--build-arg"])),
    // kubernetes.io/docs/reference/kubectl/generated/kubectl_create
    (&["kubectl", "oc"], "secret", ArgumentMeaning::Variables(&["--from-literal"])),
    // dev.mysql.com/doc/refman/8.4/en/connecting.html: with a blank after it, -p prompts for the password.
    (
        &[
            "mysql",
            "mysqldump",
            "mysqladmin",
            "mysqlimport",
            "mysqlshow",
            "mysqlcheck",
            "mariadb",
            "mariadb-dump",
            "mysqlsh",
        ],
        "",
        ArgumentMeaning::Attached(&["-p"]),
    ),
    // linux.die.net/man/1/sshpass
    (&["sshpass"], "", ArgumentMeaning::Behind(&["-p"])),
    // www.mongodb.com/docs/database-tools
    (
        &["mongo", "mongosh", "mongodump", "mongorestore", "mongoexport", "mongoimport"],
        "",
        ArgumentMeaning::Behind(&["-p"]),
    ),
    // redis.io/docs/latest/develop/tools/cli
    (&["redis-cli", "redis-benchmark", "valkey-cli"], "", ArgumentMeaning::Behind(&["-a"])),
    // curl.se/docs/manpage.html
    (&["curl"], "", ArgumentMeaning::AfterColon(&["-u", "--user", "-U", "--proxy-user"])),
    (&["curl"], "", ArgumentMeaning::Behind(&["-b", "--oauth2-bearer"])),
    // www.openldap.org/software/man.cgi?query=ldapsearch
    (
        &["ldapsearch", "ldapadd", "ldapmodify", "ldapdelete", "ldapwhoami", "ldappasswd"],
        "",
        ArgumentMeaning::Behind(&["-w", "-s"]),
    ),
    // httpd.apache.org/docs/current/programs/htpasswd.html
    (&["htpasswd"], "-b", ArgumentMeaning::Last),
    (&["htpasswd"], "-nb", ArgumentMeaning::Last),
    (&["htpasswd"], "-bc", ArgumentMeaning::Last),
    (&["htpasswd"], "-cb", ArgumentMeaning::Last),
    (&["htpasswd"], "-nbB", ArgumentMeaning::Last),
    // learn.microsoft.com/en-us/sql/tools/sqlcmd/sqlcmd-utility
    (&["sqlcmd", "bcp", "isql", "tsql"], "", ArgumentMeaning::Behind(&["-P"])),
    // www.samba.org/samba/docs/current/man-html/smbclient.1.html
    (&["smbclient", "rpcclient"], "", ArgumentMeaning::AfterColon(&["-U"])),
    (&["lftp"], "", ArgumentMeaning::AfterColon(&["-u"])),
    // docs.openssl.org/master/man1/openssl-passphrase-options
    (&["openssl"], "", ArgumentMeaning::AfterColon(&["-passin", "-passout", "-pass"])),
    (&["openssl"], "enc", ArgumentMeaning::Behind(&["-k", "-K"])),
    (&["zip", "unzip"], "", ArgumentMeaning::Behind(&["-P"])),
    (&["7z", "7za"], "", ArgumentMeaning::Attached(&["-p"])),
    (&["snmpget", "snmpwalk", "snmpset"], "", ArgumentMeaning::Behind(&["-A", "-X", "-c"])),
    (&["useradd", "usermod"], "", ArgumentMeaning::Behind(&["-p"])),
    (&["vault"], "login", ArgumentMeaning::Last),
    // learn.microsoft.com/en-us/powershell/module/microsoft.powershell.security/convertto-securestring
    (&["convertto-securestring"], "", ArgumentMeaning::First),
    // learn.microsoft.com/en-us/windows-server/administration/windows-commands: net user, net use
    (&["net"], "user", ArgumentMeaning::Positional(2)),
    (&["net"], "use", ArgumentMeaning::Positional(3)),
    (&["psexec", "cmdkey", "schtasks"], "", ArgumentMeaning::Behind(&["-p", "/p", "/rp"])),
];

/// Finds the secrets of the command with a part of its name at `place`.
pub(super) fn find(text: &str, place: usize, spans: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let (start, end) = (skip_back(bytes, place, is_word), skip(bytes, place, is_word));
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
        return piped(text, end, spans);
    }
    let name = text[start..end]
        .strip_prefix('n')
        .filter(|_| start > 0 && bytes[start - 1] == b'\\')
        .unwrap_or(&text[start..end]);
    if !is_command(name) {
        return;
    }
    let arguments = arguments_of(text, end);
    let words: Vec<&str> = arguments.iter().map(|range| &text[range.clone()]).collect();
    for (index, part) in held(name, &words) {
        let start = arguments[index].start;
        spans.push(Span { start: start + part.start, end: start + part.end, kind: NAMED });
    }
}

/// Finds the text that is piped to a command that reads a password: `echo X | docker login --password-stdin`.
fn piped(text: &str, place: usize, spans: &mut Vec<Span>) {
    const READERS: [&str; 6] =
        ["password-stdin", "sudo -S", "chpasswd", "passwd --stdin", "secret create", "secrets set"];
    let line = &text[place..line_end(text.as_bytes(), place)];
    let Some(pipe) = line.find('|') else { return };
    if !READERS.iter().any(|reader| line[pipe..].contains(reader)) {
        return;
    }
    if let Some(value) =
        arguments_of(text, place).into_iter().next_back().filter(|value| value.end <= place + pipe)
    {
        let user = if line[pipe..].contains("chpasswd") {
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

/// Finds the text after `-p` at `place`, of any command, if it looks like a password.
pub(super) fn find_behind(text: &str, place: usize, spans: &mut Vec<Span>) {
    let option = place + text[place..].find("-p").unwrap_or_default();
    let after = skip(text.as_bytes(), option + 2, |byte| b" \"'\\\r\n-,".contains(&byte));
    if let Some(value) = arguments_of(text, after).into_iter().next()
        && values::is_made_up(&text[value.clone()])
    {
        spans.push(Span { start: value.start, end: value.end, kind: NAMED });
    }
}

/// Redacts the secrets in a list of arguments, and returns their number.
pub(in crate::plan::redaction) fn redact_arguments(items: &mut [Value]) -> u64 {
    let words: Vec<&str> = items.iter().map(|item| item.as_str().unwrap_or_default()).collect();
    if !words.iter().any(|word| word.starts_with('-') || word.starts_with('/')) {
        return 0;
    }
    let mut found: Vec<(usize, Range<usize>)> = Vec::new();
    for (index, pair) in words.windows(2).enumerate() {
        let [option, value] = pair else { continue };
        let is_option = option.starts_with('-') && !option.contains(['=', ' ']) && names::is_secret(option);
        let is_password = *option == "-p" && values::is_made_up(value);
        if is_password || is_option && !value.starts_with("--") && !values::is_harmless(value, true) {
            found.push((index + 1, 0..value.len()));
        }
        if matches!(*option, "-e" | "--env") && value.contains('=') {
            found.extend(value_of(value).map(|range| (index + 1, range)));
        }
    }
    for (index, word) in words.iter().enumerate() {
        if word.strip_prefix("-p").is_some_and(values::is_made_up) {
            found.push((index, 2..word.len()));
        }
        let name = word.rsplit('/').next().unwrap_or(word);
        if is_command(name) {
            let held = held(name, &words[index + 1..]).into_iter();
            found.extend(held.map(|(argument, part)| (index + 1 + argument, part)));
        }
    }
    let mut count = 0;
    for (index, part) in found {
        if let Some(Value::String(text)) = items.get_mut(index)
            && !text.contains(REDACTED)
            && text.get(part.clone()).is_some()
        {
            text.replace_range(part, REDACTED);
            count += 1;
        }
    }
    count
}

fn is_command(name: &str) -> bool {
    COMMANDS.iter().any(|(names, _, _)| names.iter().any(|command| command.eq_ignore_ascii_case(name)))
}

/// Returns which parts of which arguments of a command are secret.
fn held(name: &str, arguments: &[&str]) -> Vec<(usize, Range<usize>)> {
    let mut found = Vec::new();
    for (names, with, holds) in COMMANDS {
        let is_meant = names.iter().any(|command| command.eq_ignore_ascii_case(name))
            && (with.is_empty() || arguments.contains(with));
        if is_meant {
            holds.find(arguments, &mut found);
        }
    }
    found.retain(|(index, part)| {
        let value = arguments[*index].get(part.clone()).unwrap_or_default();
        !values::is_harmless(value, true) && !value.contains(REDACTED)
    });
    found
}

impl ArgumentMeaning {
    fn find(&self, arguments: &[&str], found: &mut Vec<(usize, Range<usize>)>) {
        match self {
            Self::Last => found
                .extend(arguments.iter().enumerate().next_back().map(|(index, last)| (index, 0..last.len()))),
            Self::First => {
                found.extend(
                    arguments
                        .iter()
                        .enumerate()
                        .find(|(_, argument)| !argument.starts_with('-'))
                        .map(|(index, first)| (index, 0..first.len())),
                );
            }
            Self::Positional(wanted) => {
                let mut before = 0;
                for (index, argument) in arguments.iter().enumerate() {
                    if argument.starts_with('/') || argument.ends_with(':') {
                        continue;
                    }
                    if before == *wanted {
                        return found.push((index, 0..argument.len()));
                    }
                    before += argument.split('\\').filter(|part| !part.is_empty()).count();
                }
            }
            Self::Behind(options) => {
                for (index, argument) in arguments.iter().enumerate() {
                    for option in *options {
                        if argument == option
                            && let Some(next) = arguments.get(index + 1)
                        {
                            found.push((index + 1, 0..next.len()));
                        } else if option.len() == 2
                            && argument.len() > 2
                            && argument.starts_with(option)
                            && !argument.starts_with("--")
                        {
                            found.push((index, attached(option, argument)));
                        }
                    }
                }
            }
            Self::Attached(options) => {
                for (index, argument) in arguments.iter().enumerate() {
                    if let Some(option) = options
                        .iter()
                        .find(|option| argument.starts_with(*option) && argument.len() > option.len())
                    {
                        found.push((index, attached(option, argument)));
                    }
                }
            }
            Self::AfterColon(options) => {
                for (index, argument) in arguments.iter().enumerate() {
                    let (index, value, from) =
                        match options.iter().find(|option| argument.starts_with(*option)) {
                            Some(option) if argument == option => match arguments.get(index + 1) {
                                Some(next) => (index + 1, *next, 0),
                                None => continue,
                            },
                            Some(option) => (index, *argument, option.len()),
                            None => continue,
                        };
                    if let Some(colon) = value.get(from..).and_then(|value| value.find([':', '%', ','])) {
                        found.push((index, from + colon + 1..value.len()));
                    }
                }
            }
            Self::Variables(options) => {
                for (index, argument) in arguments.iter().enumerate() {
                    if options.contains(argument) {
                        if let Some(next) = arguments.get(index + 1) {
                            found.extend(value_of(next).map(|range| (index + 1, range)));
                        }
                    } else if let Some(option) = options.iter().find(|option| argument.starts_with(*option)) {
                        let variable = argument[option.len()..].trim_start_matches('=');
                        let from = argument.len() - variable.len();
                        found.extend(
                            value_of(variable).map(|range| (index, from + range.start..from + range.end)),
                        );
                    }
                }
            }
        }
    }
}

/// Returns the text attached to an option: `-pX`, `-p=X`.
fn attached(option: &str, argument: &str) -> Range<usize> {
    let from = option.len() + usize::from(argument[option.len()..].starts_with('='));
    from..argument.len()
}

/// Returns the value of `NAME=X`.
fn value_of(variable: &str) -> Option<Range<usize>> {
    let equals = variable.find('=')?;
    let value = equals + 1..variable.len();
    (!values::is_reference(&variable[value.clone()])).then_some(value)
}

/// Returns the arguments of a command that starts at `place`, up to the end of the command, without their quotes.
fn arguments_of(text: &str, place: usize) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut arguments = Vec::new();
    let mut start = place;
    while arguments.len() < MOST_ARGUMENTS {
        // A serialized list has quotes and commas between its arguments; a line may continue below.
        start = skip(bytes, start, |byte| is_blank(byte) || byte == b',');
        while bytes[start..].starts_with(b"\\\n") {
            start = skip(bytes, start + 2, is_blank);
        }
        match bytes.get(start) {
            None | Some(b'\n' | b'\r' | b';' | b'|' | b'&' | b')' | b']' | b'<') => break,
            _ => {}
        }
        let (argument, after) = if let Some((from, to)) = quoted(bytes, start) {
            (from..to, skip(bytes, to, |byte| byte == b'\\') + 1)
        } else {
            let end = end_of_argument(bytes, start);
            (start..end, end.max(start + 1))
        };
        if !argument.is_empty() {
            arguments.push(argument);
        }
        start = after.min(bytes.len());
    }
    arguments
}

/// Returns the end of an argument that is not in quotes, but may contain quotes: `-p"X"`, `a:'b'`.
fn end_of_argument(bytes: &[u8], start: usize) -> usize {
    let end = skip(bytes, start, |byte| {
        !matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b';' | b'|' | b'"' | b'\'' | b'`' | b'<' | b'\\')
    });
    let opens = |after: &u8| {
        after.is_ascii_alphanumeric()
            || after.is_ascii_punctuation() && !matches!(after, b']' | b',' | b'}' | b')')
    };
    match bytes.get(end) {
        Some(b'"' | b'\'') if end > start && bytes.get(end + 1).is_some_and(opens) => {
            quoted(bytes, end).map_or(end, |(_, to)| (to + 1).min(bytes.len()))
        }
        _ => end,
    }
}

/// The maximum number of arguments that are read; no command with a secret has more.
const MOST_ARGUMENTS: usize = 64;
