//! The documentation is true: its commands run, its names exist, its links lead somewhere.
//!
//! A comment in front of a fenced block defines how it is tested; [`page`] knows which there are.

mod allocations;
mod circles;
mod deploy;
mod file_sizes;
mod in_memory;
mod instructions;
mod layers;
mod limits;
mod log_targets;
mod names;
mod packages;
mod page;
mod plurals;
mod public_api;
mod run;
mod scale;
mod security;
mod serde_names;
mod shown;
mod test_names;
mod type_names;
mod words;

use std::path::{Path, PathBuf};

use page::{Marker, Page};
pub(crate) use serde_names::names_of;

use crate::sandbox::root;

/// The pages whose commands are run.
const RUN: [&str; 19] = [
    "README.md",
    "docs/guide.md",
    "docs/guide/accounts.md",
    "docs/guide/configuration.md",
    "docs/guide/deep.md",
    "docs/guide/history.md",
    "docs/guide/identity.md",
    "docs/guide/mcp.md",
    "docs/guide/migration.md",
    "docs/guide/reading.md",
    "docs/guide/reconcile.md",
    "docs/guide/regions.md",
    "docs/guide/running.md",
    "docs/guide/spec.md",
    "docs/guide/steampipe.md",
    "docs/guide/troubleshooting.md",
    "docs/queries.md",
    "docs/scenarios.md",
    "docs/setup.md",
];

/// Returns all pages, as paths below the project's folder.
fn pages() -> Vec<String> {
    let mut pages = vec!["README.md".to_owned()];
    for folder in ["docs", "docs/guide"] {
        let entries = std::fs::read_dir(root().join(folder)).expect("a folder of pages");
        let files = entries.map(|entry| Path::new(folder).join(entry.expect("an entry").file_name()));
        let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
        pages.extend(files.map(|path| path.display().to_string()));
    }
    pages.sort();
    pages
}

/// Returns the pages of the guide, its index included.
fn guide_pages() -> impl Iterator<Item = String> {
    pages().into_iter().filter(|page| page.starts_with("docs/guide"))
}

#[track_caller]
fn read(path: &str) -> String {
    let path: PathBuf = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_readme_does_what_it_shows() {
    run::all_blocks(&Page::read("README.md"));
}

#[test]
fn run_guide_index() {
    run::all_blocks(&Page::read("docs/guide.md"));
}

#[test]
fn run_guide_page_on_accounts() {
    run::all_blocks(&Page::read("docs/guide/accounts.md"));
}

#[test]
fn run_guide_page_on_deep_scans() {
    run::all_blocks(&Page::read("docs/guide/deep.md"));
}

#[test]
fn run_guide_page_on_identity() {
    run::all_blocks(&Page::read("docs/guide/identity.md"));
}

#[test]
fn run_guide_page_on_migration() {
    run::all_blocks(&Page::read("docs/guide/migration.md"));
}

#[test]
fn run_guide_page_on_reading_results() {
    run::all_blocks(&Page::read("docs/guide/reading.md"));
}

#[test]
fn run_guide_page_on_regions() {
    run::all_blocks(&Page::read("docs/guide/regions.md"));
}

#[test]
fn run_guide_page_on_running_a_scan() {
    run::all_blocks(&Page::read("docs/guide/running.md"));
}

#[test]
fn run_guide_page_on_specs() {
    run::all_blocks(&Page::read("docs/guide/spec.md"));
}

#[test]
fn run_guide_page_on_steampipe() {
    run::all_blocks(&Page::read("docs/guide/steampipe.md"));
}

#[test]
fn run_guide_page_on_history() {
    run::all_blocks(&Page::read("docs/guide/history.md"));
}

#[test]
fn run_guide_page_on_witnesses() {
    run::all_blocks(&Page::read("docs/guide/reconcile.md"));
}

#[test]
fn run_guide_page_on_troubleshooting() {
    run::all_blocks(&Page::read("docs/guide/troubleshooting.md"));
}

#[test]
fn list_all_guide_pages_to_run() {
    let listed: Vec<String> = RUN.iter().map(|page| (*page).to_owned()).collect();
    assert!(guide_pages().all(|page| listed.contains(&page)), "RUN lacks a page of docs/guide");
}

#[test]
fn the_page_of_queries_does_what_it_shows() {
    run::all_blocks(&Page::read("docs/queries.md"));
}

#[test]
fn the_setup_guide_does_what_it_shows() {
    run::all_blocks(&Page::read("docs/setup.md"));
}

#[test]
fn the_page_on_scenarios_does_what_it_shows() {
    run::all_blocks(&Page::read("docs/scenarios.md"));
}

#[test]
fn every_command_is_run_or_says_why_not_and_every_spec_is_read() {
    for path in RUN {
        for block in Page::read(path).blocks {
            let place = format!("{path}:{}", block.line);
            let is_command = matches!(&*block.language, "console" | "sh");
            let is_tested = matches!(block.marker, Some(Marker::Run { .. } | Marker::NotRun));
            assert_eq!(is_command, is_tested, "{place}: `run` and `not run` are for console and sh");
            let is_spec = block.language == "json" && block.text.contains("\"function\"");
            let is_read = matches!(block.marker, Some(Marker::File(_) | Marker::Spec));
            assert!(!is_spec || is_read, "{place}: a spec needs `file: <name>` or `spec`");
        }
    }
}

/// The pages whose commands are run are the only ones with commands.
#[test]
fn pages_with_commands_are_those_that_are_run() {
    for path in pages().into_iter().filter(|path| !RUN.contains(&&**path)) {
        for block in Page::read(&path).blocks {
            let runs_scan = block.language == "console";
            assert!(!runs_scan, "{path}:{}: nobody runs this; use sh, or add the page", block.line);
        }
    }
}

#[test]
fn every_link_inside_the_project_leads_to_a_file_and_a_heading() {
    let mut broken = Vec::new();
    for path in pages() {
        let page = Page::read(&path);
        for link in page.links() {
            let (file, heading) = link.split_once('#').unwrap_or((&link, ""));
            let folder = Path::new(&path).parent().expect("a folder");
            let target = if file.is_empty() { PathBuf::from(&path) } else { folder.join(file) };
            let is_there = root().join(&target).exists();
            let has_heading = || Page::read(&target.display().to_string()).has_heading(heading);
            if !is_there || !heading.is_empty() && !has_heading() {
                broken.push(format!("{path}: {link}"));
            }
        }
    }
    assert!(broken.is_empty(), "these links lead nowhere:\n{}", broken.join("\n"));
}
