//! Whether everything that is written can be read: WCAG's contrast, worked out for each text that is seen.

use serde_json::Value;

use super::run::Run;

/// The least contrast of a text and what is behind it (w3.org/TR/WCAG22, success criterion 1.4.3).
const LEAST: f64 = 4.5;

/// Each text that is seen, with its colour and the colours behind it, from the front to the back.
const TEXTS: &str = "(() => {
    const found = new Map();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        const style = getComputedStyle(element);
        const isSeen = walker.currentNode.data.trim() && element.checkVisibility({ visibilityProperty: true });
        const isOff = element.closest('script, style, :disabled, .unseen, .skip, option, optgroup');
        if (!isSeen || isOff) continue;
        const behind = [];
        for (let below = element; below; below = below.parentElement) behind.push(getComputedStyle(below).backgroundColor);
        const colours = [style.color, ...behind].join(' | ');
        if (!found.has(colours)) found.set(colours, [walker.currentNode.data.trim(), style.color, behind]);
    }
    return [...found.values()];
})()";

/// Red, green, blue and opacity, each between 0 and 1, of a colour as browsers write it.
fn colour(text: &str) -> [f64; 4] {
    let numbers: Vec<f64> = text
        .split(|letter: char| !(letter.is_ascii_digit() || ".-e".contains(letter)))
        .filter_map(|part| part.parse().ok())
        .collect();
    let scale = if text.starts_with("rgb") { 255.0 } else { 1.0 };
    let channel = |index: usize| numbers[index] / scale;
    [channel(0), channel(1), channel(2), numbers.get(3).copied().unwrap_or(1.0)]
}

/// A colour over another one.
fn over(front: [f64; 4], back: [f64; 4]) -> [f64; 4] {
    let mix = |index: usize| front[index] * front[3] + back[index] * (1.0 - front[3]);
    [mix(0), mix(1), mix(2), 1.0]
}

/// WCAG's relative luminance.
fn luminance([red, green, blue, _]: [f64; 4]) -> f64 {
    let linear = |channel: f64| {
        if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

fn contrast(one: [f64; 4], other: [f64; 4]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn the_contrast_of_known_colours_is_the_one_of_the_standard() {
    let ratio = |one: &str, other: &str| contrast(colour(one), colour(other));
    assert!((ratio("rgb(0, 0, 0)", "rgb(255, 255, 255)") - 21.0).abs() < 1e-9);
    assert!((ratio("rgb(118, 118, 118)", "rgb(255, 255, 255)") - 4.54).abs() < 0.01);
    let half = over(colour("rgba(0, 0, 0, 0.5)"), colour("rgb(255, 255, 255)"));
    assert!((half[0] - 0.5).abs() < 1e-9);
}

#[test]
fn text_is_readable_in_both_themes_and_on_paper() {
    let run = Run::of_demo(&[]);
    let mut page = run.full_page("#overview");
    let mut texts = 0;
    for (kind, scheme) in [("screen", "light"), ("screen", "dark"), ("print", "dark")] {
        page.media(kind, scheme);
        for (place, ready) in [
            ("#overview", "Gaps and causes"),
            ("#completeness", "legacy-website"),
            ("#resources?kind=ec2/volume", "Attached to"),
            ("#resources?kind=rds&account=509984416235", "Calls of rds"),
            ("#witnesses", "Agreement by type"),
            ("#trends", "By account"),
        ] {
            page.media("screen", scheme);
            page.go(place);
            page.wait_for(ready);
            page.media(kind, scheme);
            for text in page.value(TEXTS).as_array().expect("texts") {
                let behind = text[2].as_array().expect("colours").iter().rev().filter_map(Value::as_str);
                let white = [1.0; 4];
                let back = behind.fold(white, |back, front| over(colour(front), back));
                let front = over(colour(text[1].as_str().expect("a colour")), back);
                let ratio = contrast(front, back);
                assert!(ratio >= LEAST, "{kind}, {scheme}, {place}: {ratio:.2} for {text}");
                texts += 1;
            }
        }
    }
    assert!(texts > 100, "only {texts} texts were looked at");
    page.expect_no_fault();
}
