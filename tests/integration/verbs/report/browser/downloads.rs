//! Files that the page saves.

use std::fs;

use serde_json::json;

use super::{Browser, LONGEST_ANSWER};

impl Browser {
    /// Presses a button that saves a file, and returns the file's name and content.
    #[track_caller]
    pub(in super::super) fn save(&mut self, button: &str) -> (String, String) {
        let folder = self.profile.path().join("downloads");
        let behavior = json!({"behavior": "allow", "downloadPath": folder, "eventsEnabled": true});
        // Downloads belong to the browser, not to one of its pages.
        let session = self.session.take();
        self.ask("Browser.setDownloadBehavior", &behavior);
        self.session = session;
        self.downloads.clear();
        self.click("button", button);
        while !self.downloads.iter().any(|event| event["state"] == "completed") {
            let message = self.messages.recv_timeout(LONGEST_ANSWER).expect("the browser saves the file");
            self.note(&message);
        }
        let name = self.downloads.iter().find_map(|event| event["suggestedFilename"].as_str());
        let name = name.expect("a name").to_owned();
        let content = fs::read_to_string(folder.join(&name)).expect("a file");
        (name, content)
    }
}
