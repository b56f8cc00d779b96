//! The page without a mouse.

use serde_json::json;

use super::run::Run;
use super::seen::column;

#[test]
fn everything_can_be_done_with_the_keys_alone() {
    let run = Run::of_demo(&["-s", "ec2"]);
    let mut page = run.page("#overview");
    let mut order = Vec::new();
    for _ in 0..6 {
        page.press("Tab");
        order.push(page.focus().1);
    }
    let links = ["Skip to the content", "Overview", "Completeness", "Resources", "How do we know?"];
    assert_eq!(order, [&links[..], &["Theme: system"]].concat());
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
        ("#overview", "Gaps and causes"),
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
