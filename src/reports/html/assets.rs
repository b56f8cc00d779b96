//! The parts of every page, embedded from the files in `assets`.

/// The markup; a name between two `@` is a placeholder.
pub(super) const MARKUP: &str = include_str!("assets/page.html");

/// The style sheets, in order: later rules may override earlier ones.
pub(super) const STYLE: &str = concat!(
    "\n",
    include_str!("assets/style/base.css"),
    include_str!("assets/style/frame.css"),
    include_str!("assets/style/overview.css"),
    include_str!("assets/style/map.css"),
    include_str!("assets/style/table.css"),
    include_str!("assets/style/details.css"),
    include_str!("assets/style/witnesses.css"),
    include_str!("assets/style/trends.css"),
    include_str!("assets/style/narrow.css"),
    include_str!("assets/style/print.css"),
);

/// The scripts; `main.js` starts the others.
pub(super) const SCRIPT: &str = concat!(
    "\n\"use strict\";\n",
    include_str!("assets/script/data.js"),
    include_str!("assets/script/accounts.js"),
    include_str!("assets/script/dom.js"),
    include_str!("assets/script/words.js"),
    include_str!("assets/script/state.js"),
    include_str!("assets/script/runs.js"),
    include_str!("assets/script/columns.js"),
    include_str!("assets/script/search.js"),
    include_str!("assets/script/charts.js"),
    include_str!("assets/script/failures.js"),
    include_str!("assets/script/overview.js"),
    include_str!("assets/script/map.js"),
    include_str!("assets/script/filters.js"),
    include_str!("assets/script/csv.js"),
    include_str!("assets/script/rows.js"),
    include_str!("assets/script/table.js"),
    include_str!("assets/script/links.js"),
    include_str!("assets/script/details.js"),
    include_str!("assets/script/witnesses.js"),
    include_str!("assets/script/main.js"),
);

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{MARKUP, SCRIPT, STYLE};

    #[test]
    fn every_file_beside_this_one_is_part_of_the_page() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/reports/html/assets");
        let mut files = 0;
        for (part, whole) in [("script", SCRIPT), ("style", STYLE)] {
            for entry in fs::read_dir(folder.join(part)).expect("a folder") {
                let path = entry.expect("an entry").path();
                let text = fs::read_to_string(&path).expect("a file");
                assert!(whole.contains(&text), "{} is not in the page", path.display());
                files += 1;
            }
        }
        assert!(files > 20, "{files}");
    }

    #[test]
    fn the_page_weighs_little_in_the_program() {
        let bytes = MARKUP.len() + STYLE.len() + SCRIPT.len();
        assert!(bytes < 110_000, "{bytes} bytes");
    }
}
