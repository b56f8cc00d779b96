//! The tables: search, filters, order, columns, and a resource opened.

use serde_json::{Value, json};

use super::run::Run;
use super::seen::{column, grouped, resources, text};

#[test]
fn a_search_finds_words_phrases_and_what_is_without_them() {
    let run = Run::of_demo(&["-s", "ec2"]);
    let resources = resources(&run);
    let count = |has: &dyn Fn(&Value) -> bool| resources.iter().filter(|resource| has(resource)).count();
    let of_shop = |resource: &Value| {
        let tags = resource["tags"].as_object().into_iter().flatten();
        let mut tags = tags.map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()));
        tags.any(|tag| tag.to_lowercase().contains("team=shop"))
    };
    let is_used = |resource: &Value| resource["raw"]["State"] == "in-use";
    let mut page = run.page("#resources");
    page.wait_for(&format!("{} resources", grouped(resources.len())));
    for (words, expected) in [
        ("team=shop in-use", count(&|resource| of_shop(resource) && is_used(resource))),
        (
            "TEAM=SHOP -shop-production",
            count(&|resource| of_shop(resource) && resource["account_name"] != "shop-production"),
        ),
        ("\"security group\"", count(&|resource| text(resource, "kind").starts_with("security_group"))),
        ("no-such-thing-anywhere", 0),
    ] {
        page.click("searchbox", "Search");
        page.value("document.activeElement.select()");
        page.type_text(words);
        page.wait_for(&format!("{} of {} resources", grouped(expected), grouped(resources.len())));
    }
    page.expect_no_fault();
}

#[test]
fn a_search_of_all_of_the_json_finds_what_no_column_shows() {
    let run = Run::of_demo(&["-s", "ec2"]);
    let resources = resources(&run);
    let hidden = |resource: &Value| resource["raw"].to_string().to_lowercase().contains("/dev/sdf");
    let expected = resources.iter().filter(|resource| hidden(resource)).count();
    assert!(expected > 0);
    let mut page = run.page("#resources?q=/dev/sdf");
    page.wait_for(&format!("0 of {} resources", grouped(resources.len())));
    page.click("checkbox", "Search the full JSON");
    page.wait_for(&format!("{expected} of {} resources", grouped(resources.len())));
    page.expect_no_fault();
}

/// Accounts belong to units and have tags, and so do their resources.
#[test]
fn unit_and_tag_of_account_filter_resources() {
    let run = Run::of_demo(&["-s", "ec2"]);
    let resources = resources(&run);
    let count = |has: &dyn Fn(&Value) -> bool| resources.iter().filter(|resource| has(resource)).count();
    let is_below = |resource: &Value| text(resource, "account_ou").starts_with("Root/Workloads");
    let tag = |resource: &Value| text(&resource["account_tags"], "owner").to_owned();
    let is_owned = |resource: &Value| tag(resource) == "shop";
    let (all, below, owned) = (resources.len(), count(&is_below), count(&is_owned));
    assert!(0 < owned && owned < below && below < all, "{owned} {below} {all}");
    let mut page = run.page("#resources");
    page.wait_for(&format!("{} resources", grouped(all)));
    page.choose("Organizational unit", &format!("Root/Workloads ({})", grouped(below)));
    page.wait_for(&format!("{} of {} resources", grouped(below), grouped(all)));
    page.choose("Account tag", &format!("owner=shop ({})", grouped(owned)));
    page.wait_for(&format!("{} of {} resources", grouped(owned), grouped(all)));
    page.click("button", "Clear");
    // As all words, this one is found at the start of others: shop-staging.
    let named = count(&|resource| tag(resource).starts_with("shop"));
    for (words, expected) in [
        ("account:owner=shop", named),
        ("ou:root/workloads", below),
        ("ou:root/workloads -account:owner=shop", below - named),
    ] {
        page.click("searchbox", "Search");
        page.value("document.activeElement.select()");
        page.type_text(words);
        page.wait_for(&format!("{} of {} resources", grouped(expected), grouped(all)));
    }
    page.expect_no_fault();
}

/// A bucket without tags has no tag `team`; of a role, it is not known.
#[test]
fn search_separates_missing_tags_from_unknown_ones() {
    let run = Run::of_demo(&[]);
    let resources = resources(&run);
    let count = |has: &dyn Fn(&Value) -> bool| resources.iter().filter(|resource| has(resource)).count();
    let unknown = count(&|resource| resource["tags"].is_null());
    let without =
        count(&|resource| resource["tags"].as_object().is_some_and(|tags| !tags.contains_key("team")));
    assert!(unknown > 0 && without > 0, "{unknown} {without}");
    let mut page = run.page("#resources");
    for (words, expected) in [
        ("-team=", without),
        ("tags:unknown", unknown),
        ("-team= tags:unknown", 0),
        (
            "-account:owner= tags:unknown",
            count(&|resource| resource["tags"].is_null() && resource["account_tags"]["owner"].is_null()),
        ),
    ] {
        page.click("searchbox", "Search");
        page.value("document.activeElement.select()");
        page.type_text(words);
        page.wait_for(&format!("{} of {} resources", grouped(expected), grouped(resources.len())));
    }
    page.expect_no_fault();
}

/// The bar of a unit counts the resources of the units below it, as the filter that it opens.
#[test]
fn overview_counts_resources_per_unit() {
    let run = Run::of_demo(&["-s", "ec2"]);
    let resources = resources(&run);
    let below =
        resources.iter().filter(|resource| text(resource, "account_ou").starts_with("Root/Workloads"));
    let below = below.count();
    let mut page = run.page("#overview");
    page.click("button", &format!("Root/Workloads: {} resources", grouped(below)));
    page.wait_for(&format!("{} of {} resources", grouped(below), grouped(resources.len())));
    page.expect_no_fault();
}

#[test]
fn every_filter_leaves_what_it_names() {
    let run = Run::of_demo(&[]);
    let resources = resources(&run);
    let mut page = run.page("#resources");
    page.wait_for(&format!("{} resources", grouped(resources.len())));
    let mut left: Vec<&Value> = resources.iter().filter(|resource| resource["service"] == "ec2").collect();
    page.choose("Kind", &format!("All of ec2 ({})", grouped(left.len())));
    page.wait_for(&format!("{} resources", grouped(left.len())));
    let all = left.len();
    for (list, option, member, value) in [
        ("Account", "shop-production", "account_name", "shop-production"),
        ("Region", "us-east-1", "region", "us-east-1"),
    ] {
        let among =
            resources.iter().filter(|resource| resource["service"] == "ec2" && resource[member] == value);
        page.choose(list, &format!("{option} ({})", grouped(among.count())));
        left.retain(|resource| resource[member] == value);
        page.wait_for(&format!("{} of {} resources", grouped(left.len()), grouped(all)));
    }
    let running = |resource: &&Value| resource["raw"]["State"]["Name"] == "running";
    let states = resources.iter().filter(|resource| resource["service"] == "ec2").filter(running);
    page.choose("State", &format!("running ({})", states.count()));
    let expected = left.iter().copied().filter(|resource| running(resource)).count();
    page.wait_for(&format!("{expected} of {} resources", grouped(all)));
    assert!(expected > 0 && column(&mut page, "Kind").iter().all(|kind| kind == "ec2 instance"));
    page.click("searchbox", "Search");
    page.type_text("no-such-thing");
    page.wait_for(&format!("0 of {} resources", grouped(all)));
    page.click("button", "Clear");
    page.wait_for(&format!("{} resources", grouped(resources.len())));
    assert_eq!(page.value("document.getElementById('search').value"), "");
    page.expect_no_fault();
}

/// A header sorts up and down, numbers as numbers, and empty values last.
#[test]
fn header_sorts_both_ways_with_empty_values_last() {
    let run = Run::of_demo(&["-s", "ec2"]);
    let mut sizes: Vec<u64> = resources(&run)
        .iter()
        .filter(|resource| resource["kind"] == "volume")
        .map(|volume| volume["raw"]["Size"].as_u64().expect("a size"))
        .collect();
    sizes.sort_unstable();
    let mut page = run.page("#resources?kind=ec2/volume");
    page.wait_for("Attached to");
    page.click("button", "GiB");
    page.wait_until("document.querySelector('th[aria-sort=ascending]') !== null");
    assert_eq!(page.focus(), ("button".to_owned(), "GiB".to_owned()), "the header keeps the focus");
    let shown: Vec<String> =
        sizes.iter().map(|size| grouped(usize::try_from(*size).expect("small"))).collect();
    assert_eq!(column(&mut page, "GiB"), shown[..shown.len().min(100)]);
    page.press("Enter");
    page.wait_until("document.querySelector('th[aria-sort=descending]') !== null");
    let down: Vec<String> = shown.iter().rev().take(100).cloned().collect();
    assert_eq!(column(&mut page, "GiB"), down);
    page.click("button", "Attached to");
    page.wait_until(
        "document.querySelector('th[aria-sort=ascending] button')?.dataset.column === 'Attached to'",
    );
    let attached = column(&mut page, "Attached to");
    let first_without = attached.iter().position(String::is_empty).unwrap_or(attached.len());
    assert!(attached[first_without..].iter().all(String::is_empty), "{attached:?}");
    page.expect_no_fault();
}

#[test]
fn a_table_has_the_columns_that_people_look_for() {
    let run = Run::of_demo(&["-s", "ec2"]);
    let resources = resources(&run);
    let mut page = run.page("#resources?kind=ec2/instance");
    page.wait_for("Private IP");
    let rows = page.rows();
    let expected = ["Name", "Environment", "State", "Type", "ID", "Account", "Region", "Private IP"];
    assert_eq!(rows[0][..expected.len()], expected);
    let instances: Vec<&Value> = resources.iter().filter(|resource| resource["kind"] == "instance").collect();
    for (row, instance) in rows[1..].iter().zip(&instances) {
        let raw = &instance["raw"];
        // What has no name is called by its id.
        let name = if instance["name"].is_null() { text(instance, "id") } else { text(instance, "name") };
        let expected = [
            name,
            text(&instance["tags"], "stage"),
            text(&raw["State"], "Name"),
            text(raw, "InstanceType"),
            text(instance, "id"),
            text(instance, "account_name"),
            text(instance, "region"),
            text(raw, "PrivateIpAddress"),
        ];
        assert_eq!(row[..expected.len()], expected);
    }
    assert_eq!(rows.len(), instances.len().min(100) + 1);
    page.expect_no_fault();
}

#[test]
fn columns_can_be_taken_away_and_tags_added() {
    let run = Run::of_demo(&["-s", "ec2"]);
    let mut page = run.page("#resources?kind=ec2/instance");
    page.wait_for("Private IP");
    page.click("DisclosureTriangle", "Columns");
    page.click("checkbox", "Private IP");
    page.click("checkbox", "Tag team");
    let header = page.rows()[0].clone();
    assert!(
        !header.contains(&"Private IP".to_owned()) && header.contains(&"Tag team".to_owned()),
        "{header:?}"
    );
    assert!(column(&mut page, "Tag team").contains(&"shop".to_owned()));
    page.expect_no_fault();
}

#[test]
fn a_resource_opens_with_all_that_aws_has_answered() {
    let run = Run::of_demo(&["-s", "ec2"]);
    let resources = resources(&run);
    let mut volumes = resources.iter().filter(|resource| resource["kind"] == "volume");
    let (first, second) = (volumes.next().expect("a volume"), volumes.next().expect("another one"));
    let mut page = run.page(&format!("#resources?kind=ec2/volume&q={}", text(first, "id")));
    page.wait_for("1 of ");
    let row = page.rows()[1].clone();
    page.click("button", &row[0]);
    page.wait_until("document.querySelector('dialog[open] pre') !== null");
    let shown = page.value("document.querySelector('dialog pre').innerText");
    let shown: Value = serde_json::from_str(shown.as_str().expect("a text")).expect("JSON");
    assert_eq!(shown.to_string(), first["raw"].to_string(), "members keep their order");
    let seen = page.text();
    for expected in [text(first, "id"), text(first, "account"), text(first, "region")] {
        assert!(seen.contains(expected), "{expected}");
    }
    page.click("button", "Close");
    page.wait_until("document.querySelector('dialog[open]') === null");
    page.go("#resources?kind=ec2/volume");
    page.wait_for("Attached to");
    let name = page.rows()[1][0].clone();
    page.click_first("button", &name);
    page.wait_until("document.querySelector('dialog[open] pre') !== null");
    page.click("button", "Next resource");
    let id = json!(text(second, "id"));
    page.wait_until(&format!("document.querySelector('dialog pre').innerText.includes({id})"));
    page.expect_no_fault();
}
