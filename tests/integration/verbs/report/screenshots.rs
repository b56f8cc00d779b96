//! The pictures in `docs/images`, made from the demonstration:
//! `tests/run --test integration screenshots -- --ignored`.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::browser::Browser;
use crate::sandbox::Sandbox;

/// The pictures: name, theme, size of the window, place in the page, and a text that is there when it is ready.
const PICTURES: [(&str, &str, [u32; 2], &str, &str); 6] = [
    ("report-overview-light", "light", [1280, 960], "#overview", "Gaps and causes"),
    ("report-overview-dark", "dark", [1280, 960], "#overview", "Gaps and causes"),
    ("report-completeness-light", "light", [1280, 940], "#completeness", "legacy-website"),
    ("report-resources-light", "light", [1280, 560], "#resources?kind=ec2/instance", "Private IP"),
    ("report-details-dark", "dark", [1100, 620], "#resources?kind=ec2/instance", "Private IP"),
    ("report-narrow-light", "light", [400, 860], "#overview", "Gaps and causes"),
];

#[test]
#[ignore = "writes the pictures of the documentation"]
fn the_pictures_of_the_documentation_are_made() {
    let sandbox = Sandbox::new();
    sandbox.run(["demo", "-o", "output", "--run-name", "run"]).expect_exit(0);
    sandbox.run(["report", "output/run", "-o", "page.html"]).expect_exit(0);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/images");
    fs::create_dir_all(&folder).expect("the folder of the pictures");
    for (name, theme, size, place, ready) in PICTURES {
        let mut page = Browser::open(&sandbox.path("page.html"), size);
        page.media("screen", theme);
        page.go(place);
        page.wait_for(ready);
        if name.contains("details") {
            let first = page.rows()[1][0].clone();
            page.click_first("button", &first);
            page.wait_for("JSON");
        }
        let picture = page.ask("Page.captureScreenshot", &json!({"format": "png"}));
        let picture = STANDARD.decode(picture["data"].as_str().expect("a picture")).expect("base64");
        fs::write(folder.join(format!("{name}.png")), picture).expect("writes");
    }
}
