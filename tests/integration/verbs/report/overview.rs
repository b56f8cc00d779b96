//! The overview, and the map of what is complete.

use std::collections::BTreeMap;

use super::run::Run;
use super::seen::{column, grouped, resources, text};
use crate::sandbox::Ledger;

/// The overview shows what there is, what is missing, and what to do.
#[test]
fn overview_shows_resources_gaps_and_fixes() {
    let run = Run::of_demo(&[]);
    let (resources, ledger) = (resources(&run), Ledger::read(&run.folder).0);
    let mut page = run.page("");
    let seen = page.text();
    let denied = ledger.iter().filter(|line| line["status"] == "denied").count();
    for expected in [
        format!("{}\nresources", grouped(resources.len())),
        format!("{}\ncalls", grouped(ledger.len())),
        format!(
            "Not complete: {} of {} calls were denied or failed.",
            grouped(denied),
            grouped(ledger.len())
        ),
        "14\naccounts scanned\nof 15 found".to_owned(),
        "o-bh1h3r0n5x".to_owned(),
        "arn:aws:iam::104205104205:user/inventory-admin".to_owned(),
        "built-in spec inventory".to_owned(),
        "4: finished, but some calls were denied or failed".to_owned(),
        "cannot assume role OrganizationAccountAccessRole in account 515230977148".to_owned(),
        "Account acquired-startup (515230977148)".to_owned(),
        "rds denied by a service control policy (AccessDenied)".to_owned(),
        format!("Items in the responses\n{}: ", grouped(items(&ledger))),
        "check that role OrganizationAccountAccessRole exists in account 515230977148".to_owned(),
    ] {
        assert!(seen.contains(&expected), "{expected:?} is not in\n{seen}");
    }
    let mut services: BTreeMap<&str, usize> = BTreeMap::new();
    for resource in &resources {
        *services.entry(text(resource, "service")).or_default() += 1;
    }
    let buttons = page.names("button");
    for (service, count) in services {
        let name = format!("{service}: {} resource{}", grouped(count), if count == 1 { "" } else { "s" });
        assert!(buttons.contains(&name), "no bar {name:?} in {buttons:?}");
    }
    page.expect_no_fault();
}

/// How many items the lines of a ledger have.
fn items(ledger: &[serde_json::Value]) -> usize {
    let items: u64 = ledger.iter().map(|line| line["items"].as_u64().expect("a number")).sum();
    usize::try_from(items).expect("not that many")
}

/// The map has a field for each account and service, with the statuses from the ledger.
#[test]
fn map_has_field_per_account_and_service() {
    let run = Run::of_demo(&[]);
    let accounts = run.json("accounts.json");
    let name_of = |id: &str| {
        let account = accounts.as_array().expect("accounts").iter().find(|account| account["id"] == id);
        text(account.expect("the account"), "name").to_owned()
    };
    let mut fields: BTreeMap<(String, String), BTreeMap<String, usize>> = BTreeMap::new();
    for line in Ledger::read(&run.folder).0 {
        let field = (text(&line, "service").to_owned(), name_of(text(&line, "account")));
        *fields.entry(field).or_default().entry(text(&line, "status").to_owned()).or_default() += 1;
    }
    let expected = fields.into_iter().map(|((service, account), counts)| {
        let words = ["denied", "ok", "empty"]
            .iter()
            .filter_map(|status| counts.get(*status).map(|count| format!("{count} {status}")));
        format!("{service} in {account}: {}", words.collect::<Vec<_>>().join(", "))
    });
    let mut expected: Vec<String> = expected.collect();
    let mut page = run.page("#completeness");
    page.wait_for("sandbox-anna");
    let mut found: Vec<String> = page.names("button");
    found.retain(|name| name.contains(" in "));
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
    assert!(page.text().contains("Not scanned: the account is suspended"));
    page.expect_no_fault();
}

/// A field of the map leads to the resources that were found, and reports which were not.
#[test]
fn map_field_links_to_resources_and_names_gaps() {
    let run = Run::of_demo(&[]);
    let mut page = run.page("#completeness");
    page.wait_for("sandbox-anna");
    page.click("button", "rds in sandbox-anna: 4 denied");
    page.wait_for("No resource matches");
    page.wait_for("Calls of rds in sandbox-anna: 4 denied. The resources of denied");
    page.go("#completeness");
    page.wait_for("sandbox-anna");
    let fields = page.names("button");
    let field = fields.iter().find(|name| name.starts_with("ec2 in shop-production: ")).expect("a field");
    page.click("button", field);
    page.wait_for(&format!("Calls of {field}."));
    let expected = resources(&run)
        .iter()
        .filter(|resource| resource["service"] == "ec2" && resource["account_name"] == "shop-production")
        .count();
    page.wait_for(&format!("{expected} of "));
    assert!(column(&mut page, "Account").iter().all(|account| account == "shop-production"));
    page.expect_no_fault();
}

#[test]
fn the_map_can_be_narrowed_to_accounts_that_lack_something() {
    let run = Run::of_demo(&["-s", "rds"]);
    let mut page = run.page("#completeness");
    page.wait_for("sandbox-anna");
    page.click("checkbox", "Only accounts with gaps");
    let accounts: Vec<String> = page.rows().into_iter().skip(1).map(|row| row[0].clone()).collect();
    let names: Vec<&str> = accounts.iter().filter_map(|account| account.lines().next()).collect();
    assert_eq!(names, ["sandbox-anna", "acquired-startup", "legacy-website"]);
    page.click("searchbox", "Account");
    page.type_text("5152");
    page.wait_until("document.querySelectorAll('#map tbody tr').length === 1");
    assert!(page.rows()[1][0].starts_with("acquired-startup"));
    page.expect_no_fault();
}

/// The longest name of the default spec is `resourcegroupstaggingapi`.
#[test]
fn service_names_above_map_are_not_cut() {
    let run = Run::of_demo(&["-r", "eu-central-1"]);
    let mut page = run.page("#completeness");
    page.wait_for("Completeness by account");
    let cut = "[...document.querySelectorAll('.map .service span')].filter(name => \
        name.getBoundingClientRect().top < name.closest('th').getBoundingClientRect().top).map(name => name.innerText)";
    assert_eq!(page.value(cut), serde_json::json!([]));
    assert!(page.text().contains("resourcegroupstaggingapi"));
}
