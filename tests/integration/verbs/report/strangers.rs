//! What strangers have written stays text, and nothing is fetched.

use std::fs;

use serde_json::{Value, json};

use super::browser::Browser;
use super::run::Run;

/// Texts that would do something if any of them became markup or script.
const HOSTILE: [&str; 6] = [
    "<script>window.hacked = 1</script>",
    "</script><script>window.hacked = 2</script>",
    "<img src=x onerror=\"window.hacked = 3\">",
    "\"><svg onload=window.hacked=4>",
    "${window.hacked = 5}{{constructor.constructor('window.hacked=6')()}}",
    "\u{2028}window.hacked = 7//\u{2029}<!--<script>",
];

/// Names and tags that are markup are shown as they are, and do nothing.
#[test]
fn markup_in_names_and_tags_is_shown_as_text() {
    let run = Run::of_demo(&["-s", "ec2"]);
    let (path, mut file) = run.file_with("ec2.json", "describe_volumes");
    let volumes = file["describe_volumes"].as_array_mut().expect("volumes");
    *volumes = vec![volumes[0].clone(); HOSTILE.len()];
    for (number, (volume, hostile)) in volumes.iter_mut().zip(HOSTILE).enumerate() {
        volume["VolumeId"] = json!(format!("vol-{number}"));
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

/// The content security policy of the page forbids requests, foreign scripts and markup from text.
#[test]
fn content_policy_blocks_requests_and_foreign_scripts() {
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
