//! What a person sees on the page, and what happens when something is pressed.

use std::collections::BTreeMap;
use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::browser::Browser;
use super::run::Run;
use crate::sandbox::Ledger;

/// The resources of a run, as the export has them.
fn resources(run: &Run) -> Vec<Value> {
    let export = run.sandbox.run(["export", "output/run", "-f", "ndjson", "-o", "-"]);
    export.expect_exit(0);
    export.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn text<'value>(value: &'value Value, member: &str) -> &'value str {
    value[member].as_str().unwrap_or_default()
}

/// A number as the page writes it.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).expect("digits")).collect();
    groups.join(",")
}

/// The cells of a column, without the header.
fn column(page: &mut Browser, title: &str) -> Vec<String> {
    let rows = page.rows();
    let index = rows[0].iter().position(|name| name == title);
    let index = index.unwrap_or_else(|| panic!("no column {title:?} in {:?}", rows[0]));
    rows.into_iter().skip(1).map(|row| row[index].clone()).collect()
}

#[test]
fn the_overview_says_what_there_is_what_is_missing_and_what_to_do() {
    let run = Run::of_demo(&[]);
    let (resources, ledger) = (resources(&run), Ledger::read(&run.folder).0);
    let mut page = run.page("");
    let seen = page.text();
    let denied = ledger.iter().filter(|line| line["status"] == "denied").count();
    for expected in [
        format!("{}\nresources", grouped(resources.len())),
        format!("{}\ncalls", grouped(ledger.len())),
        format!(
            "Not complete: {} calls of {} were denied or failed.",
            grouped(denied),
            grouped(ledger.len())
        ),
        "14\naccounts scanned\nof 15 found".to_owned(),
        "o-bh1h3r0n5x".to_owned(),
        "arn:aws:iam::104205104205:user/inventory-admin".to_owned(),
        "built-in spec inventory".to_owned(),
        "4: finished, but some calls were denied or failed".to_owned(),
        "account acquired-startup (515230977148) could not be entered".to_owned(),
        "denied by a service control policy".to_owned(),
        "does account 515230977148 have a role OrganizationAccountAccessRole?".to_owned(),
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

#[test]
fn the_map_has_a_field_for_each_account_and_service_with_what_the_ledger_says() {
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

#[test]
fn a_field_of_the_map_leads_to_what_was_found_there_and_says_what_was_not() {
    let run = Run::of_demo(&[]);
    let mut page = run.page("#completeness");
    page.wait_for("sandbox-anna");
    page.click("button", "rds in sandbox-anna: 4 denied");
    page.wait_for("No resource is like that");
    page.wait_for("Calls of rds in sandbox-anna: 4 denied. What the calls that were denied");
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
    page.click("checkbox", "Only accounts that lack something");
    let accounts: Vec<String> = page.rows().into_iter().skip(1).map(|row| row[0].clone()).collect();
    let names: Vec<&str> = accounts.iter().filter_map(|account| account.lines().next()).collect();
    assert_eq!(names, ["sandbox-anna", "acquired-startup", "legacy-website"]);
    page.click("searchbox", "Account");
    page.type_text("5152");
    page.wait_until("document.querySelectorAll('#map tbody tr').length === 1");
    assert!(page.rows()[1][0].starts_with("acquired-startup"));
    page.expect_no_fault();
}

#[test]
fn a_search_finds_words_phrases_and_what_is_without_them() {
    let run = Run::of_demo(&["-s", "ec2"]);
    let resources = resources(&run);
    let count = |has: &dyn Fn(&Value) -> bool| resources.iter().filter(|resource| has(resource)).count();
    let of_shop = |resource: &Value| {
        let tags = resource["tags"].as_object().expect("tags");
        let mut tags =
            tags.iter().map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()));
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
    page.click("checkbox", "Search all of the JSON");
    page.wait_for(&format!("{expected} of {} resources", grouped(resources.len())));
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

#[test]
fn a_header_sorts_up_and_down_numbers_as_numbers_and_nothing_last() {
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

#[test]
fn everything_can_be_done_with_the_keys_alone() {
    let run = Run::of_demo(&["-s", "ec2"]);
    let mut page = run.page("#overview");
    let mut order = Vec::new();
    for _ in 0..5 {
        page.press("Tab");
        order.push(page.focus().1);
    }
    assert_eq!(order, ["Skip to the content", "Overview", "Completeness", "Resources", "Theme: system"]);
    page.press("/");
    page.wait_until("document.activeElement.id === 'search'");
    assert_eq!(page.focus(), ("searchbox".to_owned(), "Search".to_owned()));
    page.type_text("shop-orders volume");
    page.wait_for(" of ");
    page.wait_until("new URLSearchParams(location.hash.split('?')[1]).get('q') !== null");
    let names = column(&mut page, "Name");
    assert!(names.len() > 1, "{names:?}");
    // Through the other filters and the header to the first name.
    for _ in 0..40 {
        page.press("Tab");
        if page.focus() == ("button".to_owned(), names[0].clone()) {
            break;
        }
    }
    assert_eq!(page.focus(), ("button".to_owned(), names[0].clone()));
    page.press("ArrowDown");
    assert_eq!(page.focus().1, names[1]);
    page.press("Enter");
    page.wait_until("document.querySelector('dialog[open] pre') !== null");
    page.press("ArrowLeft");
    page.wait_until("document.querySelector('[aria-label=\"Previous resource\"]').disabled");
    page.press("Escape");
    page.wait_until("document.querySelector('dialog[open]') === null");
    // The one that was looked at last has the focus.
    page.wait_until(&format!("document.activeElement.textContent === {}", json!(names[0])));
    page.expect_no_fault();
}

#[test]
fn the_arrows_go_through_the_map_field_by_field() {
    let run = Run::of_demo(&[]);
    let mut page = run.page("#completeness");
    page.wait_for("sandbox-anna");
    page.value("document.querySelector('#map td button').focus()");
    let mut visited = vec![page.focus().1];
    for key in ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "ArrowUp"] {
        page.press(key);
        visited.push(page.focus().1);
    }
    let places: Vec<&str> = visited.iter().map(|name| name.split(':').next().unwrap_or_default()).collect();
    assert_eq!(
        places,
        [
            "dynamodb in Blue Heron",
            "ec2 in Blue Heron",
            "ec2 in log-archive",
            "dynamodb in log-archive",
            "dynamodb in Blue Heron",
            "dynamodb in Blue Heron",
        ]
    );
    page.press("Enter");
    page.wait_for("Calls of dynamodb in Blue Heron");
    page.expect_no_fault();
}

#[test]
fn everything_that_can_be_pressed_has_a_name() {
    let run = Run::of_demo(&[]);
    let mut page = run.page("");
    for (place, ready) in [
        ("#overview", "What is missing"),
        ("#completeness", "sandbox-anna"),
        ("#resources?kind=ec2/instance", "Private IP"),
    ] {
        page.go(place);
        page.wait_for(ready);
        for role in ["button", "link", "combobox", "searchbox", "checkbox", "table", "columnheader", "region"]
        {
            let names = page.names(role);
            assert!(names.iter().all(|name| !name.trim().is_empty()), "{place}: {role}: {names:?}");
        }
        assert_eq!(page.names("heading")[0], "AWS inventory");
        assert!(page.names("columnheader").len() > 5 || place == "#overview");
    }
    page.expect_no_fault();
}

/// Texts that would do something if any of them became markup or script.
const HOSTILE: [&str; 6] = [
    "<script>window.hacked = 1</script>",
    "</script><script>window.hacked = 2</script>",
    "<img src=x onerror=\"window.hacked = 3\">",
    "\"><svg onload=window.hacked=4>",
    "${window.hacked = 5}{{constructor.constructor('window.hacked=6')()}}",
    "\u{2028}window.hacked = 7//\u{2029}<!--<script>",
];

#[test]
fn names_and_tags_that_are_markup_are_shown_as_they_are_and_do_nothing() {
    let run = Run::of_demo(&["-s", "ec2"]);
    let (path, mut file) = run.file_with("ec2.json", "describe_volumes");
    let volumes = file["describe_volumes"].as_array_mut().expect("volumes");
    *volumes = vec![volumes[0].clone(); HOSTILE.len()];
    for (volume, hostile) in volumes.iter_mut().zip(HOSTILE) {
        volume["VolumeType"] = json!(hostile);
        volume["Tags"] = json!([{"Key": "Name", "Value": hostile}, {"Key": hostile, "Value": hostile}]);
        volume[hostile] = json!({hostile: [hostile]});
    }
    fs::write(&path, file.to_string()).expect("writes");
    run.change("accounts.json", |accounts| accounts[14]["name"] = json!(HOSTILE[1]));
    run.change("manifest.json", |manifest| manifest["caller"]["arn"] = json!(HOSTILE[2]));
    let ledger = run.folder.join("ledger.ndjson");
    let lines = fs::read_to_string(&ledger).expect("a ledger");
    let lines: Vec<String> = lines
        .lines()
        .map(|line| {
            let mut line: Value = serde_json::from_str(line).expect("JSON");
            if line["status"] == "denied" {
                (line["message"], line["hint"]) = (json!(HOSTILE[0]), json!(HOSTILE[2]));
            }
            line.to_string() + "\n"
        })
        .collect();
    fs::write(&ledger, lines.concat()).expect("writes");

    let mut page = run.page("#overview");
    let expect_harmless = |page: &mut Browser, texts: &[&str]| {
        let seen = page.text();
        for text in texts {
            assert!(seen.contains(text), "{text:?} is not in\n{seen}");
        }
        assert_eq!(page.value("window.hacked ?? null"), Value::Null);
        let made = "document.querySelectorAll('img, svg[onload], iframe, object, script:not([type])').length";
        assert_eq!(page.value(made), json!(1), "the page has its own script and no other");
    };
    expect_harmless(&mut page, &[HOSTILE[0], HOSTILE[2]]);
    page.go("#completeness");
    page.wait_for("sandbox-anna");
    expect_harmless(&mut page, &[HOSTILE[1]]);
    page.go("#resources?kind=ec2/volume&q=hacked");
    page.wait_for("6 of ");
    expect_harmless(&mut page, &HOSTILE[..5]);
    for hostile in &HOSTILE[..5] {
        page.click("button", hostile);
        page.wait_until("document.querySelector('dialog[open] pre') !== null");
        expect_harmless(&mut page, &[hostile]);
        page.press("Escape");
        page.wait_until("document.querySelector('dialog[open]') === null");
    }
    page.expect_no_fault();
}

#[test]
fn the_policy_of_the_page_forbids_requests_foreign_scripts_and_markup_from_text() {
    let run = Run::of_demo(&["-s", "rds"]);
    let mut page = run.page("");
    let refused = page.value(
        "(async () => {
            const refused = [];
            const tries = {
                fetch: () => fetch('https://example.com/'),
                data: () => fetch('data:text/plain,x'),
                markup: () => { document.body.innerHTML = '<b>x</b>'; },
                script: async () => {
                    const script = document.createElement('script');
                    script.append('window.hacked = 1');
                    document.body.append(script);
                    if (!window.hacked) throw new Error('not run');
                },
            };
            for (const [name, action] of Object.entries(tries)) {
                try { await action(); } catch { refused.push(name); }
            }
            const image = new Image();
            await new Promise((done) => { image.onload = image.onerror = (event) => { if (event.type === 'error') refused.push('image'); done(); }; image.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACw='; });
            return refused;
        })()",
    );
    assert_eq!(refused, json!(["fetch", "data", "markup", "script", "image"]));
}

#[test]
fn paper_has_no_buttons_for_filters_and_more_rows_than_the_screen() {
    let run = Run::of_demo(&["-s", "ec2"]);
    let resources = resources(&run);
    assert!(resources.len() > 1000, "{}", resources.len());
    let mut page = run.page("#resources");
    page.wait_for(&format!("{} resources", grouped(resources.len())));
    assert_eq!(page.rows().len(), 101);
    page.media("print", "dark");
    page.value("dispatchEvent(new Event('beforeprint'))");
    assert_eq!(page.rows().len(), 1001);
    let seen = page.text();
    assert!(seen.contains(&format!("The first 1,000 of {} resources.", grouped(resources.len()))));
    for control in ["Theme:", "Search all of the JSON", "Columns", "Page 1 of"] {
        assert!(!seen.contains(control), "{control} is on paper");
    }
    let background = page.value("getComputedStyle(document.body).backgroundColor");
    assert_eq!(background, "rgb(255, 255, 255)", "paper is white whatever the theme");
    page.value("dispatchEvent(new Event('afterprint'))");
    assert_eq!(page.rows().len(), 101);
    page.media("", "light");
    let paper = page.ask("Page.printToPDF", &json!({"printBackground": true, "landscape": true}));
    let paper = STANDARD.decode(paper["data"].as_str().expect("a document")).expect("base64");
    let pages = paper.windows(12).filter(|bytes| bytes.starts_with(b"/Type /Page\n")).count();
    assert!(paper.starts_with(b"%PDF") && pages > 3, "{pages} pages");
    page.expect_no_fault();
}

#[test]
fn the_theme_is_the_systems_until_somebody_chooses_one() {
    let run = Run::of_demo(&["-s", "rds"]);
    let mut page = run.page("");
    let is_dark = |page: &mut Browser| {
        let colour = page.value("getComputedStyle(document.body).backgroundColor");
        colour == "rgb(13, 17, 25)"
    };
    page.media("screen", "light");
    assert!(!is_dark(&mut page));
    page.media("screen", "dark");
    assert!(is_dark(&mut page));
    page.click("button", "Theme: system");
    assert!(!is_dark(&mut page), "chosen: light");
    page.media("screen", "light");
    page.click("button", "Theme: light");
    assert!(is_dark(&mut page), "chosen: dark");
    page.go("");
    assert!(is_dark(&mut page), "what was chosen is kept");
    page.expect_no_fault();
}

#[test]
fn a_narrow_window_needs_no_scrolling_from_side_to_side() {
    let run = Run::of_demo(&[]);
    let mut page = run.page("");
    page.resize([400, 800]);
    for (place, ready) in [
        ("#overview", "What is missing"),
        ("#completeness", "sandbox-anna"),
        ("#resources?kind=ec2/instance", "Private IP"),
    ] {
        page.go(place);
        page.wait_for(ready);
        assert_eq!(page.value("document.documentElement.scrollWidth"), json!(400), "{place}");
    }
    page.expect_no_fault();
}

#[test]
fn a_run_that_did_not_finish_says_so_first() {
    let run = Run::of_demo(&["-s", "rds"]);
    run.change("manifest.json", |manifest| manifest["state"] = json!("interrupted"));
    let mut page = run.page("");
    let seen = page.text();
    assert!(seen.contains("This run did not finish."), "{seen}");
    assert!(seen.contains("130: interrupted"), "{seen}");
    page.expect_no_fault();
}

#[test]
fn back_goes_back_to_what_was_shown_before() {
    let run = Run::of_demo(&["-s", "ec2"]);
    let mut page = run.page("#overview");
    page.click("link", "Resources");
    page.wait_for(" resources\n");
    page.wait_until("document.querySelector('#filters select') !== null");
    page.choose("Region", &page_option(&run, "us-east-1"));
    page.wait_for(" of ");
    page.value("history.back()");
    page.wait_until("document.querySelector('#count').textContent.indexOf(' of ') === -1");
    page.value("history.back()");
    page.wait_for("About this run");
    page.expect_no_fault();
}

/// The option of a region, with its count.
fn page_option(run: &Run, region: &str) -> String {
    let count = resources(run).iter().filter(|resource| resource["region"] == region).count();
    format!("{region} ({count})")
}
