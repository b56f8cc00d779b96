//! Options that do nothing beside the others of a line: they are rejected, because the user expects something of them.
//!
//! Only what is typed counts. The environment and the configuration file have options for many lines. Clap rejects what
//! contradicts another option (`conflicts_with`) or needs one (`requires`).

use clap::ArgMatches;
use clap::parser::ValueSource;

use crate::error::Failure;

/// Options of verbs that do nothing in some lines.
struct IdleRule {
    /// The verbs; empty is a scan.
    verbs: &'static [&'static str],
    /// The options, by clap's ID.
    options: &'static [&'static str],
    /// Returns whether they do nothing in a line.
    are_idle: fn(&ArgMatches) -> bool,
    reason: &'static str,
    hint: &'static str,
}

/// The options of a scan that choose other accounts than the caller's own.
const ACCOUNTS: [&str; 4] = ["organization_scan", "accounts", "accounts_file", "sso_permission_set"];

/// The options of the role in member accounts; not all verbs have all of them.
const ROLE: [&str; 10] = [
    "role_name",
    "role_path",
    "role_arn_template",
    "via_role",
    "external_id",
    "source_identity",
    "session_tag",
    "duration",
    "role_session_name",
    "session_policy",
];

/// The options of `scan policy` that print a document with the role.
const ROLE_DOCUMENTS: [&str; 4] = ["trust", "cloudformation", "terraform", "management"];

const RULES: [IdleRule; 14] = [
    IdleRule {
        verbs: &["", "plan", "check"],
        options: &ROLE,
        are_idle: |line| !has_any(line, &ACCOUNTS),
        reason: "no role is assumed to scan the caller's own account",
        hint: "add --organization-scan or --accounts",
    },
    IdleRule {
        verbs: &["", "plan", "check"],
        options: &["shard", "shard_count"],
        are_idle: |line| !has_any(line, &ACCOUNTS),
        reason: "a scan of one account is never divided",
        hint: "add --organization-scan or --accounts",
    },
    IdleRule {
        verbs: &["policy"],
        options: &["principal"],
        are_idle: |line| !has_any(line, &["trust", "cloudformation", "terraform"]),
        reason: "only the trust policy and the templates have a principal",
        hint: "add --trust, --cloudformation or --terraform",
    },
    IdleRule {
        verbs: &["policy"],
        options: &["organization_id"],
        are_idle: |line| !has_any(line, &ROLE_DOCUMENTS),
        reason: "the policy of the role in member accounts does not have it",
        hint: "add --trust, --cloudformation, --terraform or --management",
    },
    IdleRule {
        verbs: &["policy"],
        options: &ROLE,
        are_idle: |line| !has_any(line, &ROLE_DOCUMENTS) && !has(line, "permission_set"),
        reason: "the policy of the role in member accounts does not have it",
        hint: "add --trust, --cloudformation, --terraform or --management",
    },
    IdleRule {
        verbs: &["policy"],
        options: &["scan", "regions", "who"],
        are_idle: |line| has(line, "trust"),
        reason: "a trust policy is the same for all calls",
        hint: "remove it, or print the other documents without --trust",
    },
    IdleRule {
        verbs: &["diff"],
        options: &["profile", "profiles_file", "expect_account", "mfa_serial", "mfa_code"],
        are_idle: |line| !has(line, "who"),
        reason: "only --who looks up events with these credentials",
        hint: "add --who, or remove the options about credentials",
    },
    IdleRule {
        verbs: &["diff"],
        options: &["dry_run"],
        are_idle: |line| !has_any(line, &["who", "notify"]),
        reason: "nothing would be sent",
        hint: "add --who or --notify",
    },
    IdleRule {
        verbs: &["accept"],
        options: &["force"],
        are_idle: |line| !has(line, "output"),
        reason: "nothing is replaced on standard output",
        hint: "name the file with --output",
    },
    IdleRule {
        verbs: &["history"],
        options: &["force"],
        are_idle: |line| !has(line, "html"),
        reason: "only the page of --html replaces a file",
        hint: "remove --force",
    },
    IdleRule {
        verbs: &["history"],
        options: &["output_dir"],
        are_idle: |line| has(line, "store"),
        reason: "--store names the history",
        hint: "remove one of the two",
    },
    IdleRule {
        verbs: &["reconcile"],
        options: &["profile", "profiles_file", "expect_account", "mfa_serial", "mfa_code"],
        are_idle: |line| has_any(line, &["offline", "print_spec"]),
        reason: "no witness is called",
        hint: "remove the options about credentials",
    },
    IdleRule {
        verbs: &["reconcile"],
        options: &["format"],
        are_idle: |line| has(line, "print_spec"),
        reason: "a spec has one format",
        hint: "remove --format",
    },
    IdleRule {
        verbs: &["links"],
        options: &["limit"],
        are_idle: |line| {
            has_value(line, "format", &["json", "graphml", "graphviz"])
                || has_any(line, &["foreign", "dangling"])
        },
        reason: "only the text about all links, or about one resource, has a limit",
        hint: "remove --limit",
    },
];

/// Rejects typed options that do nothing. `line` has the options of all layers.
///
/// # Errors
///
/// A usage error that names the first of them.
pub(super) fn check_idle_options(typed: &ArgMatches, line: &ArgMatches) -> Result<(), Failure> {
    let (verb, typed, line) = match (typed.subcommand(), line.subcommand()) {
        (Some((verb, typed)), Some((_, line))) => (verb, typed, line),
        _ => ("", typed, line),
    };
    for rule in RULES.iter().filter(|rule| rule.verbs.contains(&verb)) {
        if let Some(option) = rule.options.iter().find(|option| has(typed, option))
            && (rule.are_idle)(line)
        {
            let option = option.replace('_', "-");
            return Err(
                Failure::usage(format!("--{option} does nothing here: {}", rule.reason)).hint(rule.hint)
            );
        }
    }
    Ok(())
}

/// Returns whether an option is given, and not only has its default.
fn has(line: &ArgMatches, option: &str) -> bool {
    let is_known = line.try_contains_id(option).unwrap_or(false);
    is_known && line.value_source(option).is_some_and(|source| source != ValueSource::DefaultValue)
}

fn has_any(line: &ArgMatches, options: &[&str]) -> bool {
    options.iter().any(|option| has(line, option))
}

/// Returns whether an option has one of the values.
fn has_value(line: &ArgMatches, option: &str, values: &[&str]) -> bool {
    let given = line.get_raw(option).into_iter().flatten();
    given.filter_map(|value| value.to_str()).any(|value| values.contains(&value))
}
