//! The page around the data: markup, style, script, and the content security policy.

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::Markup;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::assets::{MARKUP, SCRIPT, STYLE};
use super::safe_json;

/// The placeholder of the data, between the markup and the script that reads it.
const DATA: &str = "@data@";

/// The placeholder of the trends of a history.
const TRENDS: &str = "@trends@";

/// Writes the part of the page before the data, with the trends of a history if there are any.
pub(super) fn start(writer: &mut dyn Write, trends: Option<&Markup>) -> io::Result<()> {
    let (before, _) = MARKUP.split_once(DATA).unwrap_or((MARKUP, ""));
    let trends = trends.map_or("", |trends| trends.0.as_str());
    writer.write_all(filled(before).replace(TRENDS, trends).as_bytes())
}

/// Writes the part of the page after the data.
pub(super) fn end(writer: &mut dyn Write) -> io::Result<()> {
    let (_, after) = MARKUP.split_once(DATA).unwrap_or((MARKUP, ""));
    writer.write_all(filled(after).as_bytes())
}

/// Writes the data of the overview as a JSON element.
pub(super) fn write_overview(writer: &mut dyn Write, overview: &impl Serialize) -> io::Result<()> {
    writer.write_all(b"<script type=\"application/json\" id=\"overview-data\">")?;
    safe_json::write(writer, overview)?;
    writer.write_all(b"</script>")
}

fn filled(markup: &str) -> String {
    markup.replace("@policy@", &policy()).replace("@style@", STYLE).replace("@script@", SCRIPT)
}

/// Returns the content security policy: no requests, only the page's own style and script, and no text that
/// becomes markup (w3.org/TR/CSP3, w3.org/TR/trusted-types).
fn policy() -> String {
    format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

/// Returns the hash source that a policy uses for the content of an element.
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}

#[cfg(test)]
mod tests {
    use super::super::assets::{MARKUP, SCRIPT, STYLE};
    use super::{DATA, TRENDS, end, hash, start, write_overview};

    fn page() -> String {
        let mut page = Vec::new();
        start(&mut page, None).expect("writes into memory");
        write_overview(&mut page, &["</script>"]).expect("writes into memory");
        end(&mut page).expect("writes into memory");
        String::from_utf8(page).expect("UTF-8")
    }

    #[test]
    fn every_place_in_the_markup_is_filled() {
        for place in ["@policy@", "@style@", TRENDS, DATA, "@script@"] {
            assert_eq!(MARKUP.matches(place).count(), 1, "{place}");
            assert!(!page().contains(place), "{place}");
        }
    }

    #[test]
    fn the_policy_names_the_style_and_the_script_that_the_page_has() {
        let page = page();
        let between = |start: &str, end: &str| {
            let (_, rest) = page.split_once(start).expect("the element");
            rest.split_once(end).expect("its end").0.to_owned()
        };
        for (content, expected) in
            [(between("<style>", "</style>"), STYLE), (between("<script>", "</script>"), SCRIPT)]
        {
            assert_eq!(content, expected);
            assert!(page.contains(&hash(&content)));
        }
        assert!(page.contains("content=\"default-src 'none'; "));
    }

    #[test]
    fn neither_style_nor_script_ends_its_own_element() {
        assert!(!STYLE.contains("</") && !SCRIPT.contains("</") && !SCRIPT.contains("<!--"));
        assert!(!page().contains("[\"</script>"), "the data does not end its element either");
    }

    #[test]
    fn the_page_names_nothing_that_would_have_to_be_fetched() {
        for text in [MARKUP, STYLE, SCRIPT] {
            for address in ["http:", "https:", "src=", "url(", "@import", "fetch(", "XMLHttpRequest"] {
                assert!(!text.contains(address), "{address}");
            }
        }
    }

    #[test]
    fn text_becomes_markup_nowhere_in_the_script() {
        for sink in
            ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"]
        {
            assert!(!SCRIPT.contains(sink), "{sink}");
        }
    }
}
