//! Every name that the program has is in the documentation, and the other way round.

use std::collections::BTreeSet;
use std::path::Path;

use aws_auto_inventory::aws::client::RetryPolicy;
use aws_auto_inventory::aws::credentials::RoleOverride;
use aws_auto_inventory::aws::organization::{Account, AccountOverrides, ExclusionReason};
use aws_auto_inventory::engine::check::{
    AccountFindings, Addition, CallerKind, Findings, Fix, PolicyTarget, ServiceFinding,
};
use aws_auto_inventory::engine::estimate::{
    AtOnce, Bound, ChildCall, ChildList, Estimate, EstimatedAccounts, EstimatedCalls, EstimatedRegions,
    Forecast, ForecastCall, ForecastRequests, NotScanned, Paid, QuotaUse, RegionSource, Requests,
    ServiceCalls, ShortestTime, Skipped, UnknownCall, UnknownCause,
};
use aws_auto_inventory::plan::Shard;
use aws_auto_inventory::run::{
    AccountOutcome, CallRecord, DeniedBy, Manifest, ManifestCaller, ManifestRole, ManifestSettings,
    ManifestSpec, ManifestTotals, ResultLayout, RunState, Status,
};
use regex_lite::Regex;

use super::page::Page;
use super::serde_names::names_of;
use super::{guide_pages, pages, read, root};
use crate::sandbox::{Sandbox, rust_files};

/// Environment variables that the SDK and the libraries below it read for this program.
const READ_BY_LIBRARIES: [&str; 23] = [
    "ALL_PROXY",
    "AWS_CONFIG_FILE",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_EC2_METADATA_DISABLED",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
    "AWS_ENDPOINT_URL_S3",
    "AWS_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_COLOR",
    "NO_PROXY",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
];

/// Options of other programs, which the pages and messages name as well.
const OF_OTHERS: [&str; 52] = [
    "--all-targets",
    "--ancestor",
    "--assume-role-policy-document",
    "--auto-deployment",
    "--bench",
    "--beside",
    "--capabilities",
    "--certificate",
    "--config",
    "--deployment-targets",
    "--env",
    "--exclude",
    "--features",
    "--format",
    "--formula",
    "--goals",
    "--http-endpoint",
    "--http-put-response-hop-limit",
    "--http-tokens",
    "--ignored",
    "--include",
    "--install",
    "--instance-id",
    "--junk-paths",
    "--latency",
    "--locked",
    "--million",
    "--no-binary",
    "--no-default-features",
    "--no-deps",
    "--nocapture",
    "--path",
    "--permission-model",
    "--policy-arn",
    "--policy-document",
    "--policy-name",
    "--private-key",
    "--profile-arn",
    "--recursive",
    "--release",
    "--repeat",
    "--repo",
    "--rm",
    "--role-arn",
    "--sizes",
    "--stack-set-name",
    "--start",
    "--template-body",
    "--test",
    "--to",
    "--trust-anchor-arn",
    "--volume",
];

/// Every match of the pattern's first group.
fn found(pattern: &str, text: &str) -> BTreeSet<String> {
    let pattern = Regex::new(pattern).expect("a regular expression");
    pattern.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

/// The verbs of the program, the words of nested ones joined by a space; the first is none at all.
fn verbs(sandbox: &Sandbox) -> Vec<String> {
    let mut verbs = vec![String::new()];
    let mut index = 0;
    while let Some(verb) = verbs.get(index).cloned() {
        let help = help_of(sandbox, &verb);
        let list = help.split("Commands:\n").nth(1).unwrap_or_default();
        for line in list.lines().take_while(|line| line.starts_with("  ")) {
            let word = line.split_whitespace().next().unwrap_or_default();
            if !line.starts_with("   ") && word != "help" {
                verbs.push(format!("{verb} {word}").trim().to_owned());
            }
        }
        index += 1;
    }
    verbs
}

fn help_of(sandbox: &Sandbox, verb: &str) -> String {
    let run = sandbox.run(verb.split_whitespace().chain(["--help"]));
    run.expect_exit(0);
    run.stdout
}

#[test]
fn every_verb_and_option_is_in_the_guide() {
    let (sandbox, guide) = (Sandbox::new(), guide_pages().map(|page| read(&page)).collect::<String>());
    let verbs = verbs(&sandbox);
    assert!(verbs.contains(&"catalog build".to_owned()), "{verbs:?}");
    for verb in verbs {
        assert!(guide.contains(&format!("`scan {verb}")) || verb.is_empty(), "the guide lacks scan {verb}");
        for option in found(r"(--[a-z][a-z0-9-]*)", &help_of(&sandbox, &verb)) {
            let is_told = guide.contains(&format!("`{option}`")) || guide.contains(&format!("`{option} <"));
            assert!(is_told, "the guide lacks {option} of scan {verb}");
        }
    }
}

#[test]
fn every_option_in_the_pages_and_messages_exists() {
    let mut texts: Vec<(String, String)> =
        pages().into_iter().map(|page| (page.clone(), read(&page))).collect();
    texts.push(("a message of the program".to_owned(), messages()));
    let sandbox = Sandbox::new();
    let verbs = verbs(&sandbox);
    for (place, text) in texts {
        for option in found(r#"(?m)(?:^|[\s`("])(--[a-z][a-z0-9_-]*[a-z])"#, &text) {
            // An option that exists is not unexpected, whatever else is wrong about the line.
            let exists = |verb: &String| {
                let run = sandbox.run(verb.split_whitespace().chain([option.as_str()]));
                !run.stderr.contains("unexpected argument")
            };
            let exists = OF_OTHERS.contains(&&*option) || verbs.iter().any(exists);
            assert!(exists, "{place} names {option}, which there is not");
        }
    }
}

#[test]
fn every_environment_variable_is_in_the_example_and_honoured() {
    let example = read(".env.example");
    let listed = found(r"(?m)^# ([A-Z][A-Z0-9_]+)=", &example);
    let source = source(&root().join("src")).concat();
    for name in &listed {
        let is_honoured = source.contains(name.as_str()) || READ_BY_LIBRARIES.contains(&&**name);
        assert!(is_honoured, ".env.example names {name}, which nobody reads");
    }
    for name in READ_BY_LIBRARIES {
        assert!(listed.contains(name), ".env.example lacks {name}");
    }
    let ours = found(r#"(?:\benv = |env::var(?:_os)?\()"([A-Z0-9_]+)""#, &source);
    assert!(ours.contains("ORG_ROLE_NAME"), "{ours:?}");
    for name in ours {
        assert!(listed.contains(&name), ".env.example lacks {name}");
    }
}

/// The example of `.env` sets nothing, and can be read without its comment signs.
#[test]
fn env_example_sets_nothing_and_parses_uncommented() {
    let example = read(".env.example");
    let settings = |text: &str| dotenvy::from_read_iter(text.as_bytes()).collect::<Result<Vec<_>, _>>();
    assert_eq!(settings(&example).expect("a file of settings"), []);
    let uncommented =
        Regex::new(r"(?m)^# ([A-Z][A-Z0-9_]+=)").expect("a pattern").replace_all(&example, "$1");
    assert!(settings(&uncommented).expect("a file of settings").len() > READ_BY_LIBRARIES.len());
}

#[test]
fn every_field_and_word_of_the_formats_is_described() {
    let formats = read("docs/formats.md");
    let types = [
        names_of::<CallRecord>(),
        names_of::<Status>(),
        names_of::<DeniedBy>(),
        names_of::<Manifest>(),
        names_of::<RunState>(),
        names_of::<ManifestCaller>(),
        names_of::<ManifestSpec>(),
        names_of::<ManifestSettings>(),
        names_of::<ManifestRole>(),
        names_of::<Shard>(),
        names_of::<RetryPolicy>(),
        names_of::<ResultLayout>(),
        names_of::<ManifestTotals>(),
        names_of::<Account>(),
        names_of::<Estimate>(),
        names_of::<EstimatedAccounts>(),
        names_of::<NotScanned>(),
        names_of::<EstimatedRegions>(),
        names_of::<RegionSource>(),
        names_of::<EstimatedCalls>(),
        names_of::<ServiceCalls>(),
        names_of::<ChildCall>(),
        names_of::<ChildList>(),
        names_of::<Forecast>(),
        names_of::<ForecastRequests>(),
        names_of::<ForecastCall>(),
        names_of::<UnknownCall>(),
        names_of::<UnknownCause>(),
        names_of::<Requests>(),
        names_of::<ShortestTime>(),
        names_of::<Bound>(),
        names_of::<QuotaUse>(),
        names_of::<Paid>(),
        names_of::<Skipped>(),
        names_of::<AtOnce>(),
        names_of::<ExclusionReason>(),
        names_of::<AccountOutcome>(),
        names_of::<AccountOverrides>(),
        names_of::<RoleOverride>(),
        names_of::<Findings>(),
        names_of::<CallerKind>(),
        names_of::<AccountFindings>(),
        names_of::<ServiceFinding>(),
        names_of::<Fix>(),
        names_of::<Addition>(),
        names_of::<PolicyTarget>(),
        // What the list of accounts adds to an account.
        &["selected", "reason", "folder", "outcome"],
    ];
    for name in types.into_iter().flatten() {
        assert!(formats.contains(&format!("| `{name}`")), "docs/formats.md has no row for {name}");
    }
}

#[test]
fn every_dependency_has_its_row_and_every_row_its_dependency() {
    let manifest = read("Cargo.toml");
    let sections = manifest
        .split("\n[")
        .filter(|section| section.lines().next().is_some_and(|name| name.ends_with("dependencies]")));
    let dependencies: BTreeSet<String> =
        sections.flat_map(|section| found(r"(?m)^([a-z0-9_-]+) = ", section)).collect();
    let rows = found(r"(?m)^\| `([a-z0-9_-]+)` \|", &read("docs/dependencies.md"));
    assert!(dependencies.len() > 30, "{dependencies:?}");
    assert_eq!(rows, dependencies, "the rows of docs/dependencies.md are not the dependencies");
}

#[test]
fn the_readme_names_the_rust_that_the_manifest_asks_for() {
    let manifest = read("Cargo.toml");
    let version = found(r#"(?m)^rust-version = "([0-9.]+)""#, &manifest).pop_first().expect("a version");
    assert!(read("README.md").contains(&format!("Rust ({version} or newer)")), "README.md: Rust {version}");
}

#[test]
fn every_page_is_linked_from_the_readme() {
    let links = Page::read("README.md").links();
    for page in pages().iter().filter(|page| *page != "README.md") {
        assert!(links.contains(page), "README.md does not lead to {page}");
    }
}

/// The program's code without its comments and unit tests: the rest may be messages to users.
fn messages() -> String {
    let mut lines = Vec::new();
    let files = source(&root().join("src"));
    for file in &files {
        let product = file.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        lines.extend(product.lines().filter(|line| !line.trim_start().starts_with("//")));
    }
    lines.join("\n")
}

/// The text of every file of code below a folder, without files of unit tests.
fn source(folder: &Path) -> Vec<String> {
    // It has the options of other programs, behind which secrets stand.
    let redaction = root().join("src/plan/redaction");
    let files =
        rust_files(folder).filter(|path| !path.ends_with("tests.rs") && !path.starts_with(&redaction));
    files.map(|path| std::fs::read_to_string(&path).expect("readable source")).collect()
}
