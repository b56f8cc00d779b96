//! Triggers, at which a text is examined: a part of a secret's name, a URL, the name of a command, an
//! environment, base64 with one of these in it, or the prefix of a token.

use std::ops::ControlFlow;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::plan::redaction::search::{PartSearch, SearchPart};
use crate::plan::redaction::secrets::forms;

/// The reason why a place in a text is examined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trigger {
    /// A part of the name of a secret.
    Name,
    /// `://`.
    Address,
    /// The name of a command whose options hold secrets.
    Command,
    /// A word of a router's configuration before a secret, which does not sound like one.
    Router,
    /// An option that takes a password in many commands.
    Option,
    /// A part of the name of an environment.
    Environment,
    /// Base64 that contains one of the other triggers.
    Encoded,
    /// A mark that declares the value beside it a secret.
    Mark,
    /// The prefix of a token: the index of its form.
    Form(usize),
}

/// Parts of names. Those of `url` are below.
const NAMES: [&str; 33] = [
    "pass",
    "pwd",
    "secret",
    "token",
    "cred",
    "auth",
    "cookie",
    "jwt",
    "dsn",
    "bearer",
    "connstr",
    "conn_str",
    "conn-str",
    "nectionstr",
    "nection_str",
    "nection-str",
    "alchemy_conn",
    "alchemyconn",
    "webhook",
    "_code",
    "-code",
    "ncode",
    "scode",
    "hcode",
    "gcode",
    "verify",
    "_pw",
    "-pw",
    "bindpw",
    "connection_ur",
    "connectionur",
    "key",
    "connect_str",
];

const COMMANDS: [&str; 34] = [
    "echo ",
    "printf ",
    "docker",
    "podman",
    "nerdctl",
    "buildah",
    "skopeo",
    "helm ",
    "oras ",
    "crane ",
    "az login",
    "oc login",
    "kubectl",
    "mysql",
    "mariadb",
    "sshpass",
    "mongo",
    "redis-",
    "valkey-",
    "curl",
    "ldap",
    "htpasswd",
    "sqlcmd",
    "smbclient",
    "lftp",
    "openssl",
    "unzip",
    "snmp",
    "useradd",
    "usermod",
    "vault",
    "to-securestring",
    "psexec",
    "net use",
];

/// Words of a router's configuration before secrets.
const ROUTERS: [&str; 5] =
    ["isakmp key", "snmp-server community", "tacacs-server", "radius-server", "key-string"];

const ENVIRONMENTS: [&str; 6] = ["nvironment", "ariables", "envvars", "env_vars", "env\"", "env:"];
/// Environments in texts within texts, and the instruction of Dockerfiles.
const MORE_ENVIRONMENTS: [&str; 4] = ["env\\", "env'", "env ", "envs:"];

/// Options in a line and in a list of arguments.
const OPTIONS: [&str; 4] = [" -p", "\"-p", "'-p", "- -p"];

const MARKS: [&str; 7] =
    ["noecho", "issecure", "issecret", "issensitive", "valuesecret", "securestring", "classification"];

/// Parts that are searched for in base64: four characters and more, because shorter ones occur in most texts.
const ENCODED: [&str; 46] = [
    "pass",
    "Pass",
    "PASS",
    "secret",
    "Secret",
    "SECRET",
    "token",
    "Token",
    "TOKEN",
    "_key",
    "-key",
    ".key",
    "_KEY",
    "-KEY",
    "iKey",
    "sKey",
    "eKey",
    "tKey",
    "hKey",
    "rKey",
    "gKey",
    "nKey",
    "AKIA",
    "ASIA",
    "redential",
    "REDENTIAL",
    "auth",
    "Auth",
    "IDENTIFIED",
    "-pw ",
    "--pw",
    "_PWD",
    "pwd=",
    "Pwd=",
    "env:",
    "nvironment",
    "ariables",
    "ookie",
    "_DSN",
    "_dsn",
    "dsn=",
    "dsn:",
    "thin:",
    "PRIVATE KEY",
    "apiK",
    "ApiK",
];

/// Characters after the start of base64 or of a token, in lower case.
const SIGNS: &str = "abcdefghijklmnopqrstuvwxyz0123456789+/=-_.";

/// Characters before the colon of a URL.
const SCHEMES: &str = "abcdefghijklmnopqrstuvwxyz0123456789+.";

/// The last letters of URL schemes.
const ENDS_OF_SCHEMES: &str = "abcdefghiklmnopqrstuvx23";

const NAME: u16 = 0;
const ADDRESS: u16 = 1;
const COMMAND: u16 = 2;
const ENVIRONMENT: u16 = 3;
const WITHIN_BASE64: u16 = 4;
const MARK: u16 = 5;
const OPTION: u16 = 6;
const ROUTER: u16 = 7;
const FORM: u16 = 8;

pub(super) static SEARCH: LazyLock<PartSearch> = LazyLock::new(|| {
    let mut parts = Vec::new();
    let mut add = |text: &str, is_exact: bool, before: &'static str, after: &'static str, label: u16| {
        parts.push(SearchPart { text: text.into(), is_exact, before, after, label });
    };
    for name in NAMES {
        add(name, false, "", "", NAME);
    }
    // `Security` is in every second response, and no name of the list has its `c` before `uri`.
    add("url", false, "bcdeghklnoprstwy_-.", "", NAME);
    add("uri", false, "bdeghklnoprstwy_-.", "", NAME);
    add("://", true, SCHEMES, "", ADDRESS);
    for name in COMMANDS {
        add(name, false, "", "", COMMAND);
    }
    for words in ROUTERS {
        add(words, false, "", "", ROUTER);
    }
    ENVIRONMENTS.into_iter().chain(MORE_ENVIRONMENTS).for_each(|name| add(name, false, "", "", ENVIRONMENT));
    for option in OPTIONS {
        add(option, true, "", "", OPTION);
    }
    for name in MARKS {
        add(name, false, "", "", MARK);
    }
    add("ntified by", false, "", "", NAME);
    for text in ENCODED {
        (0..3).for_each(|shift| add(&encoded(text, shift), true, "", SIGNS, WITHIN_BASE64));
    }
    for letter in ENDS_OF_SCHEMES.chars() {
        let text = format!("{letter}://");
        (0..3).for_each(|shift| add(&encoded(&text, shift), true, "", SIGNS, WITHIN_BASE64));
    }
    // RFC 1952: the start of all gzip data, in base64.
    add("H4sI", true, "", SIGNS, WITHIN_BASE64);
    for (index, part) in forms::parts() {
        // Some prefixes, such as that of private keys, are followed by a blank.
        let after = if part.len() > 4 { "" } else { SIGNS };
        let label = FORM.saturating_add(u16::try_from(index).unwrap_or(u16::MAX));
        add(part, true, "", after, label);
    }
    PartSearch::new(parts, include_str!("../usual.json"))
});

/// Returns the part of a text's base64 that does not depend on the surrounding text, if `shift` bytes of a group
/// of three precede it.
fn encoded(text: &str, shift: usize) -> String {
    let bytes = [&[0; 2][..shift], text.as_bytes()].concat();
    let (first, last) = ((shift * 8).div_ceil(6), bytes.len() * 8 / 6);
    BASE64_STANDARD.encode(bytes)[first..last].to_owned()
}

impl Trigger {
    pub(super) fn of(label: u16) -> Self {
        match label {
            NAME => Self::Name,
            ADDRESS => Self::Address,
            COMMAND => Self::Command,
            ROUTER => Self::Router,
            OPTION => Self::Option,
            ENVIRONMENT => Self::Environment,
            WITHIN_BASE64 => Self::Encoded,
            MARK => Self::Mark,
            form => Self::Form(usize::from(form - FORM)),
        }
    }
}

/// Passes all triggers of a text to `found`.
pub(super) fn each(text: &str, mut found: impl FnMut(usize, Trigger)) {
    let end: ControlFlow<()> = SEARCH.each(text.as_bytes(), |place, label| {
        found(place, Trigger::of(label));
        ControlFlow::Continue(())
    });
    debug_assert!(end.is_continue(), "the search does not stop early");
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::SEARCH;

    #[test]
    fn search_finds_every_part_of_the_table() {
        for part in SEARCH.parts() {
            let beside = |letters: &str| letters.chars().next().unwrap_or(' ');
            for blanks in [1, 2] {
                let before = format!("{}{}", " ".repeat(blanks), beside(part.before));
                let text = format!("{before}{}{} ", part.text, beside(part.after));
                let end = SEARCH.each(text.as_bytes(), |place, label| {
                    let is_it = (place, label) == (before.len(), part.label);
                    if is_it { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                });
                assert!(end.is_break(), "{text:?}");
            }
        }
    }
}
