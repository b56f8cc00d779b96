//! Runs the commands of a page, from its top to its end, according to its comments.

use std::collections::BTreeMap;

use aws_auto_inventory::model::catalog::Catalog;
use aws_auto_inventory::plan::spec::ScanSpec;

use super::page::{Block, Marker, Page};
use super::shown::is_shown;
use crate::sandbox::{Listener, Moto, Sandbox};

/// A folder for each of those in whose name commands are run, and the files of the page.
struct Stage {
    sandboxes: BTreeMap<String, Sandbox>,
    files: Vec<(String, String)>,
    /// Stands for AWS where nothing may be sent.
    listener: Listener,
}

/// Runs the page's commands and compares what they print with what it shows; reads its specs.
#[track_caller]
pub(super) fn all_blocks(page: &Page) {
    let mut stage = Stage { sandboxes: BTreeMap::new(), files: Vec::new(), listener: Listener::new() };
    for block in &page.blocks {
        let place = format!("{}:{}", page.path, block.line);
        match &block.marker {
            Some(Marker::Run { who, exit }) => stage.run(block, who, *exit, &place),
            Some(Marker::File(name)) => stage.files.push((name.clone(), block.text.clone())),
            Some(Marker::Spec) => {
                let catalog = Catalog::embedded().expect("the catalog");
                let spec = ScanSpec::parse(&block.text, &place, &catalog);
                assert!(spec.is_ok(), "{}", spec.expect_err("a mistake"));
            }
            Some(Marker::NotRun) | None => {}
        }
    }
    assert_eq!(stage.listener.connections(), 0, "{}: an `offline` command called AWS", page.path);
}

impl Stage {
    #[track_caller]
    fn run(&mut self, block: &Block, who: &str, exit: i32, place: &str) {
        if !self.sandboxes.contains_key(who) {
            self.sandboxes.insert(who.to_owned(), self.sandbox(who, place));
        }
        let sandbox = &self.sandboxes[who];
        for (name, text) in &self.files {
            std::fs::write(sandbox.path(name), text).expect("a file in the sandbox");
        }
        for (command, shown) in commands(block) {
            let run = sandbox.shell(&as_installed(command));
            run.expect_exit(if command.contains("scan ") { exit } else { 0 });
            let output = format!("{}{}", run.stdout, run.stderr);
            let as_shown = shown.is_empty() || is_shown(&shown, &output, who == "offline");
            assert!(as_shown, "{place} shows\n{shown}\nbut there is\n{}", run.report());
        }
    }

    /// Who runs the command, and what AWS is to them.
    #[track_caller]
    fn sandbox(&self, who: &str, place: &str) -> Sandbox {
        match who {
            // Nothing may be sent: AWS is a listener that counts connections.
            "offline" => Sandbox::new().aws(&self.listener.url(), "AKIAEXAMPLE", "example"),
            // The program brings its own AWS, or has no credentials for any.
            "demo" | "anonymous" => Sandbox::new(),
            // The large organization of the tests.
            "organization" => {
                let moto = Moto::shared();
                let user = &moto.organization;
                Sandbox::new().aws(&moto.endpoint, &user.access_key_id, &user.secret_access_key)
            }
            // The small organization in which some things are denied, and its users.
            "inventory" | "outsider" => {
                let moto = Moto::guarded();
                let user = &moto.organization.users[who];
                Sandbox::new().aws(&moto.endpoint, &user.access_key_id, &user.secret_access_key)
            }
            _ => panic!("{place}: `{who}` is not a caller"),
        }
    }
}

/// Each command of a block with the output that is shown below it.
fn commands(block: &Block) -> Vec<(&str, String)> {
    if block.language == "sh" {
        return block.text.lines().map(|line| (line, String::new())).collect();
    }
    let mut commands: Vec<(&str, String)> = Vec::new();
    for line in block.text.lines() {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push((command, String::new())),
            (None, Some((_, shown))) => shown.extend([line, "\n"]),
            (None, None) => panic!("line {}: a console block begins with a command", block.line),
        }
    }
    commands
}

/// The command as it is typed once the program is installed.
fn as_installed(command: &str) -> String {
    command.replacen("cargo run --release -- ", "scan ", 1)
}
