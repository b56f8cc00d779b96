//! What every page is made of, as it stands in the files beside this one.

/// The markup; a line with a name between two `@` is a place for what is not always the same.
pub(super) const MARKUP: &str = include_str!("assets/page.html");

/// The style.
pub(super) const STYLE: &str = concat!(
    include_str!("assets/style.css"),
    include_str!("assets/table.css"),
    include_str!("assets/print.css")
);

/// The script: one after the other, each needing only what stands before it until the last one starts it.
pub(super) const SCRIPT: &str = concat!(
    "\"use strict\";\n",
    include_str!("assets/script/data.js"),
    include_str!("assets/script/dom.js"),
    include_str!("assets/script/words.js"),
    include_str!("assets/script/state.js"),
    include_str!("assets/script/columns.js"),
    include_str!("assets/script/search.js"),
    include_str!("assets/script/overview.js"),
    include_str!("assets/script/map.js"),
    include_str!("assets/script/table.js"),
    include_str!("assets/script/details.js"),
    include_str!("assets/script/main.js"),
);
