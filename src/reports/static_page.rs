//! The head of pages without script: a comparison, and the trends of a history.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("static_page.css");

/// Returns the head of a page with this title. Its policy forbids everything but its own style.
pub(in crate::reports) fn head(title: &str) -> Markup {
    let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    let policy =
        format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'");
    html! {
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(policy);
            meta name="viewport" content="width=device-width, initial-scale=1";
            title { (title) }
            style { (PreEscaped(STYLE)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::STYLE;

    #[test]
    fn the_style_loads_nothing() {
        for loads in ["url(", "@import", "</"] {
            assert!(!STYLE.contains(loads), "{loads}");
        }
    }
}
