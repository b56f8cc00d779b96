//! `.env`: settings for this folder, read before anything else.
//!
//! A folder, and its `.env` with it, may come from an untrusted source. So only variables that choose
//! credentials, regions and options are set, and their names are reported. Variables that run programs, read
//! or write other files, redirect requests, change the trusted certificates, or replace the catalog need
//! `--trust-env-file`.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use clap::Command;

use super::layers::{is_option_variable, is_safe_setting};
use crate::error::Failure;

/// The variables that are set from any `.env`, sorted, beside those of options. `.env.example` describes each.
const TAKEN: [&str; 13] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE",
    "AWS_DEFAULT_PROFILE",
    "AWS_DEFAULT_REGION",
    "AWS_EC2_METADATA_DISABLED",
    "AWS_PROFILE",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_USE_FIPS_ENDPOINT",
    "NO_COLOR",
    "TERM",
];

/// Other variables that are read by the program, the SDK and its libraries, or by credential processes. They
/// are named when they are ignored. (Found by a search through the sources of all crates of `Cargo.lock` for
/// code that reads the environment.)
const OTHERS: [&str; 24] = [
    "ALL_PROXY",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLORTERM",
    "COLUMNS",
    "GITHUB_STEP_SUMMARY",
    "HOME",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "JOB_COMPLETION_INDEX",
    "LOCALAPPDATA",
    "NO_PROXY",
    "PATH",
    "REQUEST_METHOD",
    "SHELL",
    "SSLKEYLOGFILE",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "TEMP",
    "TMP",
    "TMPDIR",
    "TZ",
    "USERPROFILE",
    "VIRTUAL_ENV",
];

/// The prefixes of further variables that are named when they are ignored.
const OTHER_PREFIXES: [&str; 13] = [
    "AWS_",
    "DYLD_",
    "LD_",
    "LOG_",
    "MIMALLOC_",
    "PIP_",
    "PYTHON",
    "RUST_",
    "SCAN_",
    "SMITHY_",
    "SQLITE_",
    "TOKIO_",
    "XDG_",
];

/// The maximum size of a `.env`, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// The option that sets all variables of the file.
const TRUST: &str = "--trust-env-file";

/// The variables of a `.env`: set, ignored and unknown.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct EnvFile {
    /// Variables that were set.
    taken: Vec<String>,
    /// Known variables that need [`TRUST`].
    ignored: BTreeSet<String>,
    /// The number of variables that this program does not use.
    unknown: usize,
}

/// Reads `.env` of the current folder into the environment. Variables that are already set keep their values.
///
/// Runs before any thread is started, because the environment belongs to the whole process, and before
/// the command line is parsed, which takes values from it.
///
/// `command` makes the definition of the command line, which knows the variables of options.
pub(super) fn load(command: impl FnOnce() -> Command) -> Result<Option<EnvFile>, Failure> {
    let text = match read(Path::new(".env")) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::usage("cannot read .env").with_source(error)),
    };
    let is_trusted = has_trust_option(env::args_os().skip(1));
    let is_set = |name: &str| env::var_os(name).is_some();
    let mut root = command();
    root.build();
    let (file, settings) = EnvFile::choose(&text, is_trusted, is_set, &root)?;
    // The library sets the variables, because setting them is `unsafe`. No other thread runs yet.
    let settings: String = settings.iter().map(|(name, value)| line(name, value)).collect();
    dotenvy::from_read_iter(settings.as_bytes()).load().map_err(wrong)?;
    Ok(Some(file))
}

/// Reads a regular file that is not too large: reading a pipe might never end.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    let mut text = Vec::new();
    let read = File::open(path)?.take(LARGEST + 1).read_to_end(&mut text)?;
    if read as u64 > LARGEST {
        return Err(io::Error::other("larger than 1 MiB"));
    }
    Ok(text)
}

/// Returns whether the command line has [`TRUST`].
fn has_trust_option(arguments: impl Iterator<Item = impl AsRef<OsStr>>) -> bool {
    arguments.take_while(|argument| argument.as_ref() != "--").any(|argument| argument.as_ref() == TRUST)
}

/// Returns a setting as a line that is parsed to the same value.
fn line(name: &str, value: &str) -> String {
    let mut line = format!("{name}=\"");
    for letter in value.chars() {
        match letter {
            '\n' => line.push_str("\\n"),
            '\\' | '"' | '$' => line.extend(['\\', letter]),
            _ => line.push(letter),
        }
    }
    line + "\"\n"
}

fn wrong(error: dotenvy::Error) -> Failure {
    match error {
        // The parser's own message repeats the line, which may hold a secret.
        dotenvy::Error::LineParse(_, position) => {
            Failure::usage(format!(".env: cannot parse a line, at its character {position}"))
                .hint("write one NAME=value per line; quote values with spaces or #")
        }
        error => Failure::usage("cannot read .env").with_source(error),
    }
}

impl EnvFile {
    /// Selects the settings of a file that are used.
    fn choose(
        text: &[u8],
        is_trusted: bool,
        is_set: impl Fn(&str) -> bool,
        root: &Command,
    ) -> Result<(Self, Vec<(String, String)>), Failure> {
        let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
        let (mut file, mut settings) = (Self::default(), Vec::<(String, String)>::new());
        for setting in dotenvy::from_read_iter(text) {
            let (name, value) = setting.map_err(wrong)?;
            if value.contains('\0') {
                return Err(Failure::usage(format!(".env: the value of {name} contains a NUL character")));
            }
            // The first of several settings counts.
            if is_set(&name) || settings.iter().any(|(other, _)| *other == name) {
                continue;
            }
            let option = is_option_variable(root, &name);
            let is_safe = |option: &str| is_safe_setting(option, OsStr::new(&value));
            if is_trusted || TAKEN.contains(&name.as_str()) || option.is_some_and(is_safe) {
                file.taken.push(name.clone());
                settings.push((name, value));
            } else if option.is_some() || is_known(&name) {
                file.ignored.insert(name);
            } else {
                file.unknown += 1;
            }
        }
        Ok((file, settings))
    }

    /// Returns the notice about the file. With `is_quiet`, there is one only if variables were ignored.
    pub(super) fn notice(&self, is_quiet: bool) -> Option<String> {
        if self.ignored.is_empty() && (is_quiet || self.taken.is_empty()) {
            return None;
        }
        let mut notice = "Read .env".to_owned();
        if !self.taken.is_empty() {
            notice = format!("{notice}: {}", listed(self.taken.iter(), 0));
        }
        if !self.ignored.is_empty() {
            let ignored = listed(self.ignored.iter(), self.unknown);
            notice = format!("{notice}; ignored without {TRUST}: {ignored}");
        }
        Some(notice)
    }
}

/// Returns whether the program, or a program that it runs, reads the variable.
fn is_known(name: &str) -> bool {
    // The proxy variables also exist in lower case.
    let name = name.to_ascii_uppercase();
    OTHERS.contains(&name.as_str())
        || OTHER_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || TAKEN.contains(&name.as_str())
}

/// Returns the names, separated by commas; the last ones are counted.
fn listed<'name>(names: impl ExactSizeIterator<Item = &'name String>, more: usize) -> String {
    const SHOWN: usize = 20;
    let more = more + names.len().saturating_sub(SHOWN);
    let mut listed: Vec<String> = names.take(SHOWN).cloned().collect();
    if more > 0 {
        listed.push(format!("{more} more"));
    }
    listed.join(", ")
}

#[cfg(test)]
mod tests {
    use clap::{Command, CommandFactory};
    use proptest::prelude::*;

    use super::{EnvFile, OTHER_PREFIXES, OTHERS, TAKEN, has_trust_option, line};
    use crate::cli::Cli;

    fn root() -> Command {
        let mut root = Cli::command();
        root.build();
        root
    }

    type EnvironmentValues = Vec<(String, String)>;

    fn choose(text: &str, is_trusted: bool) -> (EnvFile, EnvironmentValues) {
        EnvFile::choose(text.as_bytes(), is_trusted, |name| name == "AWS_REGION", &root())
            .expect("a file of settings")
    }

    fn setting(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn keys_region_and_options_are_taken_and_reported_by_name() {
        let text = "AWS_ACCESS_KEY_ID=AKIAX\nAWS_SECRET_ACCESS_KEY='a$b'\nORG_ROLE_NAME=Audit\nAWS_REGION=x";
        let (file, settings) = choose(text, false);
        let expected = [
            setting("AWS_ACCESS_KEY_ID", "AKIAX"),
            setting("AWS_SECRET_ACCESS_KEY", "a$b"),
            setting("ORG_ROLE_NAME", "Audit"),
        ];
        assert_eq!(settings, expected);
        let notice = file.notice(false).expect("a notice");
        assert_eq!(notice, "Read .env: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ORG_ROLE_NAME");
        assert_eq!(file.notice(true), None);
    }

    /// Settings that run programs, redirect requests or replace the catalog are ignored.
    #[test]
    fn env_file_ignores_program_and_redirect_settings() {
        for name in [
            "AWS_CONFIG_FILE",
            "AWS_SHARED_CREDENTIALS_FILE",
            "AWS_ENDPOINT_URL",
            "AWS_ENDPOINT_URL_S3",
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
            "AWS_CA_BUNDLE",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
            "AWS_LOGIN_CACHE_DIRECTORY",
            "AWS_ROLE_ARN",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_NEW_IN_A_LATER_SDK",
            "GITHUB_STEP_SUMMARY",
            "HTTPS_PROXY",
            "https_proxy",
            "all_proxy",
            "no_proxy",
            "SSL_CERT_FILE",
            "SSLKEYLOGFILE",
            "SCAN_CATALOG",
            "LOG_SENSITIVE_BODIES",
            "LD_PRELOAD",
            "DYLD_INSERT_LIBRARIES",
            "HOME",
            "PATH",
            "TMPDIR",
            "aws_config_file",
            "aws_region",
        ] {
            let (file, settings) = choose(&format!("{name}=value\n"), false);
            assert_eq!(settings, [], "{name}");
            for is_quiet in [false, true] {
                let notice = file.notice(is_quiet).expect("a notice");
                assert_eq!(notice, format!("Read .env; ignored without --trust-env-file: {name}"));
            }
            let (file, settings) = choose(&format!("{name}=value\n"), true);
            assert_eq!(settings, [setting(name, "value")]);
            assert_eq!(file.notice(false), Some(format!("Read .env: {name}")));
        }
    }

    /// Settings that mean nothing to scan are counted beside those that are ignored.
    #[test]
    fn foreign_settings_are_counted_beside_ignored_ones() {
        let (file, settings) = choose("DATABASE_URL=postgres://x\nPORT=1\n", false);
        assert_eq!((file.notice(false), settings), (None, Vec::new()));
        let (file, _) = choose("DATABASE_URL=postgres://x\nPORT=1\nSCAN_CATALOG=x\n", false);
        assert_eq!(
            file.notice(false).as_deref(),
            Some("Read .env; ignored without --trust-env-file: SCAN_CATALOG, 2 more")
        );
    }

    #[test]
    fn no_value_is_reported() {
        let text = "AWS_SECRET_ACCESS_KEY=secret-value\nAWS_ENDPOINT_URL=http://secret-value\nX=secret-value";
        for is_trusted in [false, true] {
            let (file, _) = choose(text, is_trusted);
            assert!(!format!("{:?}{file:?}", file.notice(false)).contains("secret-value"));
        }
        let notice = EnvFile::choose(b"A=secret-value b", false, |_| false, &root())
            .expect_err("a mistake")
            .to_string();
        assert!(notice.contains("cannot parse a line") && !notice.contains("secret-value"), "{notice}");
        let notice = EnvFile::choose(b"A=secret\0value", false, |_| false, &root())
            .expect_err("a mistake")
            .to_string();
        assert!(notice.contains("NUL") && !notice.contains("secret"), "{notice}");
    }

    #[test]
    fn the_file_is_trusted_by_its_option_alone() {
        assert!(has_trust_option(["plan", "--trust-env-file"].iter()));
        assert!(!has_trust_option(["plan", "--", "--trust-env-file"].iter()));
        assert!(!has_trust_option(["plan", "trust-env-file"].iter()));
    }

    #[test]
    fn the_tables_are_sorted_and_do_not_overlap() {
        assert!(TAKEN.is_sorted() && OTHERS.is_sorted() && OTHER_PREFIXES.is_sorted());
        assert!(TAKEN.iter().all(|name| !OTHERS.contains(name)));
    }

    proptest! {
        #[test]
        fn any_value_is_set_as_it_was_read(value in "[^\\x00]*") {
            let written = line("NAME", &value);
            let read: Vec<_> = dotenvy::from_read_iter(written.as_bytes()).collect::<Result<_, _>>().expect("settings");
            prop_assert_eq!(read, [setting("NAME", &value)]);
        }
    }
}
