//! What a file of the current folder may set that the user has not named.
//!
//! A folder, and the files in it, may come from an untrusted source: a download, or a folder such as /tmp that others
//! write to. A `scan.toml` that is found there must belong to the user and be writable only for the user, as OpenSSH
//! requires of its configuration. Neither it nor `.env` can lead out of the folder: write results to another place,
//! read other files, or fetch a spec. A user who names the file accepts all of its settings.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Component, Path};

use crate::error::Failure;
use crate::util::system::owner_only::is_writable_by_others;

/// Options that need a named file, whatever their value: other API models change the requests, another file of settings
/// is trusted as if the user had named it, secrets must not be stored, a comparison must not be sent to others, and comparing must not call AWS.
const NAMED_ONLY: [&str; 10] = [
    "allow",
    "allow-unreviewed",
    "catalog",
    "config",
    "from",
    "no-redact",
    "session-policy",
    "notify",
    "notify-topic",
    "who",
];

/// Options whose values look like paths and are none: the path of a role is a part of its ARN.
const NO_PATHS: [&str; 1] = ["role-path"];

/// Returns whether a file that the user has not named may set the option to this value.
pub(in crate::cli) fn is_safe_setting(option: &str, value: &OsStr) -> bool {
    !NAMED_ONLY.contains(&option) && (NO_PATHS.contains(&option) || stays_in_folder(value))
}

/// Returns whether a value is no absolute path or URL, and does not lead to a parent folder.
fn stays_in_folder(value: &OsStr) -> bool {
    let (path, text) = (Path::new(value), value.to_string_lossy());
    let is_below = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    path.components().all(is_below) && !text.contains("://") && !text.starts_with(['~', '\\'])
}

/// Checks that a file, found in the current folder and opened, belongs to the user and is writable only for the user.
///
/// # Errors
///
/// Returns an error with the way to accept the file if another user can write it, or could have put it there.
pub(super) fn check_owner(path: &Path, file: &File) -> io::Result<Result<(), Failure>> {
    // The owner of a link chooses the file.
    let is_others = [fs::symlink_metadata(path)?, file.metadata()?].iter().any(is_writable_by_others);
    if !is_others {
        return Ok(Ok(()));
    }
    let path = path.display();
    Ok(Err(Failure::usage(format!("{path}: another user owns this file or can write it"))
        .hint(format!("run `chmod go-w {path}` if the file is yours"))
        .hint(format!("accept it with `--config {path}`, or ignore it with `--no-config`"))))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::ffi::OsStr;

    use clap::{Command, CommandFactory};

    use super::{NAMED_ONLY, is_safe_setting};
    use crate::cli::Cli;

    /// Options that only choose, limit or show what is in the folder, or what the user's own credentials can read.
    #[rustfmt::skip]
    const REVIEWED: &[&str] = &[
        "accepted-gaps", "account", "account-tag", "accounts", "accounts-file", "all",
        "allow-overlap", "ask-everything", "by-tag", "by-unit", "cloudformation", "color",
        "concurrency", "concurrent-regions", "concurrent-services", "counts", "dangling", "ddl",
        "deep", "depth", "dry-run", "duration", "exclude-accounts", "exclude-ou",
        "exclude-regions", "expect-account", "explain", "external-id", "fail-on", "force",
        "foreign", "format", "from-aws-cli", "history", "html", "ignore",
        "include-management", "index-url", "into", "jq", "json", "keep",
        "kind", "layout", "limit", "log-format", "log-level", "management",
        "max-response-size", "max-retries", "mfa-code", "mfa-serial", "no-config", "no-default-ignore",
        "no-progress", "no-recursive-ou", "notify-dry-run", "offline", "organization-id", "organization-scan",
        "ou", "output", "output-dir", "partial", "partition", "permission-set",
        "principal", "print-spec", "profile", "profiles-file", "quiet", "reason",
        "redact", "region", "regions", "retry-delay", "retry-failed", "role-arn-template",
        "role-name", "role-path", "role-session-name", "run-name", "s3-expected-bucket-owner", "s3-single-writer",
        "s3-sse-kms-key-id", "scan", "scenario", "service", "session-tag", "shard",
        "shard-count", "single", "size", "skip-management", "source-identity", "spec",
        "sso", "sso-permission-set", "sso-session", "store", "strict", "summary",
        "tables", "tag-column", "terraform", "trust", "trust-env-file", "type",
        "until", "use", "verbose", "version", "via-role", "with", "trends", "who-limit",
    ];

    fn options(command: &Command) -> BTreeSet<String> {
        let own = command.get_arguments().filter_map(|argument| argument.get_long().map(str::to_owned));
        own.chain(command.get_subcommands().flat_map(options)).collect()
    }

    #[test]
    fn every_option_was_reviewed() {
        let all = options(&Cli::command());
        let reviewed: BTreeSet<String> =
            REVIEWED.iter().chain(&NAMED_ONLY).map(|option| (*option).to_owned()).collect();
        assert_eq!(all.difference(&reviewed).collect::<Vec<_>>(), Vec::<&String>::new());
    }

    #[test]
    fn unnamed_files_do_not_lead_out_of_their_folder() {
        for (option, value) in [
            ("output-dir", "results/nightly"),
            ("output-dir", "./results"),
            ("scan", "inventory"),
            ("role-path", "/audit/"),
            ("role-arn-template", "arn:{partition}:iam::{account}:role/audit/Reader"),
            ("redact", ".Items[].Value"),
            ("shard", "1/4"),
        ] {
            assert!(is_safe_setting(option, OsStr::new(value)), "{option} {value}");
        }
        for (option, value) in [
            ("from", "models"),
            ("output-dir", "s3://elsewhere/scans"),
            ("output-dir", "/tmp"),
            ("output-dir", "../others"),
            ("output-dir", "results/../../others"),
            ("output", "~/page.html"),
            ("scan", "https://example.com/spec.json"),
            ("accounts-file", "/etc/hosts"),
            ("catalog", "newer.catalog"),
            ("no-redact", "true"),
            ("notify-topic", "arn:aws:sns:eu-west-1:111111111111:others"),
            ("config", "other.toml"),
        ] {
            assert!(!is_safe_setting(option, OsStr::new(value)), "{option} {value}");
        }
    }
}
