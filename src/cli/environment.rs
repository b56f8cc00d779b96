//! `.env`: settings for this folder, read before anything else.
//!
//! Whoever can write into a folder writes its `.env`, and a folder may have come from anywhere. So only
//! variables that choose credentials, regions and options are taken from it, and it is reported which.
//! What runs programs, reads or writes other files, redirects requests, changes whom they trust, or
//! replaces the catalog is taken with `--trust-env-file` alone.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use crate::error::Failure;

/// What is taken from any `.env`, sorted. `.env.example` describes each.
const TAKEN: [&str; 17] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE",
    "AWS_DEFAULT_REGION",
    "AWS_EC2_METADATA_DISABLED",
    "AWS_PROFILE",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_USE_FIPS_ENDPOINT",
    "NO_COLOR",
    "ORG_ROLE_NAME",
    "SCAN_KEEP",
    "SCAN_RUN_NAME",
    "SCAN_SHARD",
    "SCAN_SHARD_COUNT",
    "TERM",
];

/// Other variables that the program, the SDK and the libraries below it read, or that programs read which
/// are run for credentials: those named when they are ignored. (Found by a search through the sources of
/// all crates of `Cargo.lock` for what reads the environment.)
const OTHERS: [&str; 22] = [
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
];

/// How the names of further ones begin.
const OTHER_BEGINNINGS: [&str; 12] = [
    "AWS_",
    "DYLD_",
    "LD_",
    "LOG_",
    "MIMALLOC_",
    "PYTHON",
    "RUST_",
    "SCAN_",
    "SMITHY_",
    "SQLITE_",
    "TOKIO_",
    "XDG_",
];

/// How large a file of settings may be.
const LARGEST: u64 = 1024 * 1024;

/// The option that takes all of the file.
const TRUST: &str = "--trust-env-file";

/// What became of the variables of a `.env`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct EnvFile {
    /// Those that were set.
    taken: Vec<String>,
    /// Those that would do more than a `.env` may.
    ignored: BTreeSet<String>,
    /// How many more there are, which mean nothing to this program.
    unknown: usize,
}

/// Reads `.env` of the current folder into the environment. What is set already wins.
///
/// Runs before any thread is started, because the environment belongs to the whole process, and before
/// the command line is parsed, which takes values from it.
pub(super) fn load() -> Result<Option<EnvFile>, Failure> {
    let text = match read(Path::new(".env")) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::usage(".env cannot be read").with_source(error)),
    };
    let is_trusted = is_asked_for(env::args_os().skip(1));
    let is_set = |name: &str| env::var_os(name).is_some();
    let (file, settings) = EnvFile::choose(&text, is_trusted, is_set)?;
    // In this form, since setting a variable is not safe by itself: the library has no other threads
    // to fear here either.
    let settings: String = settings.iter().map(|(name, value)| line(name, value)).collect();
    dotenvy::from_read_iter(settings.as_bytes()).load().map_err(wrong)?;
    Ok(Some(file))
}

/// The content of a regular file that is not too large: a pipe would never end.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    let mut text = Vec::new();
    let read = File::open(path)?.take(LARGEST + 1).read_to_end(&mut text)?;
    if read as u64 > LARGEST {
        return Err(io::Error::other("it is larger than 1 MiB"));
    }
    Ok(text)
}

/// Whether the command line trusts the file.
fn is_asked_for(arguments: impl Iterator<Item = impl AsRef<OsStr>>) -> bool {
    arguments.take_while(|argument| argument.as_ref() != "--").any(|argument| argument.as_ref() == TRUST)
}

/// A setting in the form in which it is read as it is.
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
            Failure::usage(format!(".env: a line cannot be understood, at its character {position}"))
                .hint("write NAME=value, one to a line; quote values that hold spaces or #")
        }
        error => Failure::usage(".env cannot be read").with_source(error),
    }
}

impl EnvFile {
    /// Decides which settings of a file count.
    fn choose(
        text: &[u8],
        is_trusted: bool,
        is_set: impl Fn(&str) -> bool,
    ) -> Result<(Self, Vec<(String, String)>), Failure> {
        let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
        let (mut file, mut settings) = (Self::default(), Vec::<(String, String)>::new());
        for setting in dotenvy::from_read_iter(text) {
            let (name, value) = setting.map_err(wrong)?;
            if value.contains('\0') {
                return Err(Failure::usage(format!(".env: the value of {name} holds a NUL character")));
            }
            // The first one counts.
            if is_set(&name) || settings.iter().any(|(other, _)| *other == name) {
                continue;
            }
            if is_trusted || TAKEN.contains(&name.as_str()) {
                file.taken.push(name.clone());
                settings.push((name, value));
            } else if is_known(&name) {
                file.ignored.insert(name);
            } else {
                file.unknown += 1;
            }
        }
        Ok((file, settings))
    }

    /// What to report of the file: with `is_quiet`, only what it wanted and did not get.
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

/// Whether the program, or what it runs, would do something with a variable.
fn is_known(name: &str) -> bool {
    // The proxies have names in small letters as well.
    let name = name.to_ascii_uppercase();
    OTHERS.contains(&name.as_str())
        || OTHER_BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
        || TAKEN.contains(&name.as_str())
}

/// Names with commas between, the last ones as a number.
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
    use proptest::prelude::*;

    use super::{EnvFile, OTHER_BEGINNINGS, OTHERS, TAKEN, is_asked_for, line};

    type EnvironmentValues = Vec<(String, String)>;

    fn choose(text: &str, is_trusted: bool) -> (EnvFile, EnvironmentValues) {
        EnvFile::choose(text.as_bytes(), is_trusted, |name| name == "AWS_REGION").expect("a file of settings")
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
        let told = file.notice(false).expect("a notice");
        assert_eq!(told, "Read .env: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ORG_ROLE_NAME");
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
                let told = file.notice(is_quiet).expect("a notice");
                assert_eq!(told, format!("Read .env; ignored without --trust-env-file: {name}"));
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
        let told = EnvFile::choose(b"A=secret-value b", false, |_| false).expect_err("a mistake").to_string();
        assert!(told.contains("cannot be understood") && !told.contains("secret-value"), "{told}");
        let told = EnvFile::choose(b"A=secret\0value", false, |_| false).expect_err("a mistake").to_string();
        assert!(told.contains("NUL") && !told.contains("secret"), "{told}");
    }

    #[test]
    fn the_file_is_trusted_by_its_option_alone() {
        assert!(is_asked_for(["plan", "--trust-env-file"].iter()));
        assert!(!is_asked_for(["plan", "--", "--trust-env-file"].iter()));
        assert!(!is_asked_for(["plan", "trust-env-file"].iter()));
    }

    #[test]
    fn the_tables_are_sorted_and_do_not_overlap() {
        assert!(TAKEN.is_sorted() && OTHERS.is_sorted() && OTHER_BEGINNINGS.is_sorted());
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
