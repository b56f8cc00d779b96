//! Links between resources on moto: all that were made are found, and nothing else.
//!
//! `tests/moto/links.py` makes two accounts whose resources refer to each other, to accounts outside, and to what does
//! not exist, and returns every link. `tests/moto/kinds.py` makes two of each of some ninety kinds with equal names; the
//! kinds of their links are the snapshot in `tests/integration/conformance/snapshots`, which was read by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;

use serde_json::Value;

use super::identities::Identities;
use crate::sandbox::{Moto, Sandbox, root};

const SPEC: &str = include_str!("links/spec.json");

fn text<'row>(row: &'row Value, name: &str) -> &'row str {
    row[name].as_str().unwrap_or_default()
}

/// Links of what moto itself makes in each account, or what both accounts of a peering return: kind, path, kind. They
/// are right, and `links.py` does not return them.
const MADE_BY_MOTO: [[&str; 3]; 6] = [
    ["role", "AssumeRolePolicyDocument.Statement[].Principal.AWS", "account"],
    ["security_group", "VpcId", "vpc"],
    ["subnet", "VpcId", "vpc"],
    ["vpc_peering_connection", "AccepterVpcInfo.VpcId", "vpc"],
    ["vpc_peering_connection", "RequesterVpcInfo.OwnerId", "account"],
    ["vpc_peering_connection", "RequesterVpcInfo.VpcId", "vpc"],
];

#[test]
fn links_are_those_that_were_made() {
    let moto = Moto::empty();
    let made = moto.ask("links.py", &[]);
    let sandbox = Sandbox::new()
        .aws(&moto.endpoint, text(&made, "access_key_id"), text(&made, "secret_access_key"))
        .file("spec.json", SPEC);
    sandbox
        .run([
            "-s",
            "spec.json",
            "--organization-scan",
            "-r",
            "eu-central-1",
            "-o",
            "output",
            "--run-name",
            "run",
        ])
        .expect_exit(0);
    let found = sandbox.run(["links", "output/run", "--format", "json"]);
    found.expect_exit(0);
    let rows: Vec<Value> =
        found.stdout.lines().map(|line| serde_json::from_str(line).expect("a link")).collect();
    let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    let expected: BTreeSet<_> = made["links"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|link| pair(link[0].as_str().expect("a text"), link[1].as_str().expect("a text")))
        .collect();
    let found: BTreeSet<_> = rows
        .iter()
        .filter(|row| {
            !MADE_BY_MOTO.contains(&[text(row, "from_kind"), text(row, "path"), text(row, "to_kind")])
        })
        .chain(rows.iter().filter(|row| expected.contains(&pair(text(row, "from"), text(row, "to")))))
        .map(|row| pair(text(row, "from"), text(row, "to")))
        .collect();
    let right = found.intersection(&expected).count();
    let number = |count: usize| f64::from(u32::try_from(count).expect("few links"));
    let share = |of: usize| 100.0 * number(right) / number(of);
    let figures = format!(
        "{} links made, {} found: precision {:.1} %, recall {:.1} %",
        expected.len(),
        found.len(),
        share(found.len()),
        share(expected.len())
    );
    writeln!(std::io::stdout().lock(), "{figures}").expect("prints");
    let missing: Vec<_> = expected.difference(&found).collect();
    let wrong: Vec<_> = found.difference(&expected).collect();
    assert!(missing.is_empty() && wrong.is_empty(), "{figures}\nmissing: {missing:#?}\nwrong: {wrong:#?}");
    let page = fs::read_to_string(root().join("docs/links.md")).expect("the page");
    assert!(page.contains(&figures), "docs/links.md lacks: {figures}");
}

/// Members for which moto makes up an ID of random letters, which has a digit or not.
const RANDOM: [&str; 1] = ["resources.remoteAccessSecurityGroup"];

/// A new kind of link fails here until it is reviewed: count, service, kind, path, how, and what it leads to.
#[test]
fn kinds_of_links_are_reviewed() {
    let mut counts: BTreeMap<[&str; 5], usize> = BTreeMap::new();
    for row in Identities::shared().links.iter().filter(|row| !RANDOM.contains(&text(row, "path"))) {
        let from = [text(row, "from_service"), text(row, "from_kind"), text(row, "path")];
        let to = if text(row, "state") == "resource" { text(row, "to_kind") } else { text(row, "state") };
        *counts.entry([from[0], from[1], from[2], text(row, "kind"), to]).or_default() += 1;
    }
    let mut table = String::new();
    for ([service, kind, path, link, to], count) in counts {
        let _ = writeln!(table, "{count} {service} {kind} {path} ({link}) {to}");
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("kinds_of_links", table));
}
