//! A headless Chromium that is driven as a person would: it finds things by role and name, and presses
//! keys and buttons. It speaks the browser's own protocol over pipes
//! (chromedevtools.github.io/devtools-protocol, `--remote-debugging-pipe`).

mod downloads;

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

/// How long the browser may take for one answer; what takes longer waits for something that never comes.
const LONGEST_ANSWER: Duration = Duration::from_mins(2);

/// How often something is looked for before it is taken as not there.
const LOOKS: usize = 100;

/// Where browsers are that can be driven so, beside the one that `SCAN_TEST_BROWSER` names.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// A browser with one page. It ends with the value.
pub(super) struct Browser {
    process: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    last: u64,
    session: Option<String>,
    /// What the page should not have done: errors, and requests for anything but itself.
    faults: Vec<String>,
    /// Events about files that the page saves.
    downloads: Vec<Value>,
    address: String,
    profile: TempDir,
}

/// The browser to test with. There has to be one: a page that was never opened is not tested.
fn program() -> PathBuf {
    if let Some(named) = std::env::var_os("SCAN_TEST_BROWSER") {
        return named.into();
    }
    let folders: Vec<PathBuf> =
        std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
    BROWSERS
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|path| path.exists())
        .expect("no Chromium: run `tests/run`, which installs it, or name one in SCAN_TEST_BROWSER")
}

impl Browser {
    /// Opens a file in a window of this size, in pixels.
    #[track_caller]
    pub(super) fn open(page: &Path, size: [u32; 2]) -> Self {
        let profile = tempfile::tempdir().expect("a temporary folder");
        // The shell hands the pipes over where the browser looks for them: as files 3 and 4.
        let mut process = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1"])
            .arg(program())
            .args([
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
            ])
            .args(["--hide-scrollbars", "--force-device-scale-factor=1", "--remote-debugging-pipe"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .env("HOME", profile.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the browser starts");
        let input = process.stdin.take().expect("piped");
        let messages = read_aside(BufReader::new(process.stdout.take().expect("piped")));
        let address = format!("file://{}", page.display());
        let mut browser = Self {
            process,
            input,
            messages,
            last: 0,
            session: None,
            faults: Vec::new(),
            downloads: Vec::new(),
            address,
            profile,
        };
        browser.begin(size);
        browser
    }

    fn begin(&mut self, [width, height]: [u32; 2]) {
        let target = self.ask("Target.createTarget", &json!({"url": "about:blank"}));
        let session = self
            .ask("Target.attachToTarget", &json!({"targetId": target["targetId"], "flatten": true}))["sessionId"]
            .as_str()
            .map(str::to_owned);
        self.session = session;
        for domain in ["Page", "Runtime", "Log", "Network", "DOM", "Accessibility"] {
            self.ask(&format!("{domain}.enable"), &json!({}));
        }
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.ask("Emulation.setDeviceMetricsOverride", &metrics);
        self.go("");
    }

    /// Opens the page again, at a place of it: `#resources`.
    #[track_caller]
    pub(super) fn go(&mut self, place: &str) {
        let address = format!("{}{place}", self.address);
        self.ask("Page.navigate", &json!({"url": "about:blank"}));
        self.ask("Page.navigate", &json!({"url": address}));
        self.wait_until("location.protocol === 'file:' && document.readyState === 'complete'");
    }

    /// Sends a command and waits for its answer; what happens in the meantime is looked through.
    #[track_caller]
    pub(super) fn ask(&mut self, method: &str, parameters: &Value) -> Value {
        self.last += 1;
        let mut command = json!({"id": self.last, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            command["sessionId"] = json!(session);
        }
        self.input.write_all(format!("{command}\0").as_bytes()).expect("the browser listens");
        loop {
            let message = self.messages.recv_timeout(LONGEST_ANSWER);
            let message = message.unwrap_or_else(|error| {
                panic!("the browser does not answer {command}: {error}\n{}", self.faults.join("\n"))
            });
            if message["id"] == json!(self.last) {
                assert!(message["error"].is_null(), "{command}: {}", message["error"]);
                return message["result"].clone();
            }
            self.note(&message);
        }
    }

    fn note(&mut self, message: &Value) {
        let about = &message["params"];
        let fault = match message["method"].as_str().unwrap_or_default() {
            "Runtime.exceptionThrown" => Some(about["exceptionDetails"].to_string()),
            "Runtime.consoleAPICalled" => Some(about["args"].to_string()),
            "Browser.downloadWillBegin" | "Browser.downloadProgress" => {
                self.downloads.push(about.clone());
                None
            }
            "Log.entryAdded" => Some(about["entry"].to_string()),
            "Network.requestWillBeSent" => {
                let address = about["request"]["url"].as_str().unwrap_or_default();
                let is_itself = address.split('#').next() == Some(&self.address) || address == "about:blank";
                (!is_itself).then(|| format!("a request for {address}"))
            }
            _ => None,
        };
        self.faults.extend(fault);
    }

    /// Ends the test if the page has written to the console, or has requested anything but itself.
    #[track_caller]
    pub(super) fn expect_no_fault(&mut self) {
        self.value("1");
        assert!(self.faults.is_empty(), "{}", self.faults.join("\n"));
    }

    /// What a script comes to in the page.
    #[track_caller]
    pub(super) fn value(&mut self, script: &str) -> Value {
        let parameters = json!({"expression": script, "returnByValue": true, "awaitPromise": true});
        let answer = self.ask("Runtime.evaluate", &parameters);
        assert!(answer["exceptionDetails"].is_null(), "{script}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// Waits until a script comes to something true.
    #[track_caller]
    pub(super) fn wait_until(&mut self, condition: &str) {
        let script = format!(
            "new Promise((resolve) => {{
                const look = () => ({condition}) ? resolve(true) : setTimeout(look, 10);
                look();
            }})"
        );
        loop {
            let parameters = json!({"expression": script, "returnByValue": true, "awaitPromise": true});
            let answer = self.ask("Runtime.evaluate", &parameters);
            // A page that is left during a request does not answer.
            if answer["result"]["value"] == json!(true) {
                return;
            }
        }
    }

    /// The text that can be seen.
    #[track_caller]
    pub(super) fn text(&mut self) -> String {
        self.value("document.body.innerText").as_str().unwrap_or_default().to_owned()
    }

    /// Waits until a text can be seen.
    #[track_caller]
    pub(super) fn wait_for(&mut self, text: &str) {
        self.wait_until(&format!("document.body.innerText.includes({})", json!(text)));
    }

    /// The things of a role that can be perceived, with this name or with any.
    #[track_caller]
    fn found(&mut self, role: &str, name: Option<&str>) -> Vec<Value> {
        let root = self.ask("Runtime.evaluate", &json!({"expression": "document"}));
        let mut query = json!({"objectId": root["result"]["objectId"], "role": role});
        if let Some(name) = name {
            query["accessibleName"] = json!(name);
        }
        let nodes = self.ask("Accessibility.queryAXTree", &query)["nodes"].take();
        let nodes = nodes.as_array().cloned().unwrap_or_default();
        nodes.into_iter().filter(|node| node["ignored"] != json!(true)).collect()
    }

    /// The names of all things of a role.
    #[track_caller]
    pub(super) fn names(&mut self, role: &str) -> Vec<String> {
        let name = |node: Value| node["name"]["value"].as_str().unwrap_or_default().to_owned();
        self.found(role, None).into_iter().map(name).collect()
    }

    /// Finds the one thing of this role and name. What was just drawn is perceived a moment later.
    #[track_caller]
    fn one(&mut self, role: &str, name: &str) -> Value {
        let mut found = self.found(role, Some(name));
        for _ in 0..LOOKS {
            if found.len() == 1 {
                return json!({"backendNodeId": found[0]["backendDOMNodeId"]});
            }
            self.value("new Promise((resolve) => setTimeout(resolve, 20))");
            found = self.found(role, Some(name));
        }
        panic!("{} of role {role} with the name {name:?}\n{}", found.len(), self.text())
    }

    /// Presses the middle of a thing with the mouse.
    #[track_caller]
    pub(super) fn click(&mut self, role: &str, name: &str) {
        let node = self.one(role, name);
        self.click_node(&node);
    }

    /// Presses the first thing of a role that has this name.
    #[track_caller]
    pub(super) fn click_first(&mut self, role: &str, name: &str) {
        let found = self.found(role, Some(name));
        let first = found.first().unwrap_or_else(|| panic!("nothing of role {role} has the name {name:?}"));
        self.click_node(&json!({"backendNodeId": first["backendDOMNodeId"]}));
    }

    #[track_caller]
    fn click_node(&mut self, node: &Value) {
        self.ask("DOM.scrollIntoViewIfNeeded", node);
        let quads = self.ask("DOM.getContentQuads", node)["quads"].take();
        let corner = |index: usize| quads[0][index].as_f64().expect("a place on the page");
        let place =
            json!({"x": f64::midpoint(corner(0), corner(4)), "y": f64::midpoint(corner(1), corner(5))});
        for kind in ["mousePressed", "mouseReleased"] {
            let mut event = json!({"type": kind, "button": "left", "clickCount": 1});
            (event["x"], event["y"]) = (place["x"].clone(), place["y"].clone());
            self.ask("Input.dispatchMouseEvent", &event);
        }
    }

    /// Chooses an option of a list.
    #[track_caller]
    pub(super) fn choose(&mut self, list: &str, option: &str) {
        let node = self.one("combobox", list);
        let object = self.ask("DOM.resolveNode", &node)["object"]["objectId"].take();
        let function = "function (text) {
            const option = [...this.options].find((option) => option.text === text);
            this.value = option.value;
            this.dispatchEvent(new Event('change', { bubbles: true }));
        }";
        let call = json!({
            "objectId": object, "functionDeclaration": function, "arguments": [{"value": option}],
        });
        let answer = self.ask("Runtime.callFunctionOn", &call);
        assert!(answer["exceptionDetails"].is_null(), "{list} has no option {option:?}: {answer}");
    }

    /// Types a text where the focus is.
    #[track_caller]
    pub(super) fn type_text(&mut self, text: &str) {
        self.ask("Input.insertText", &json!({"text": text}));
    }

    /// Presses a key: `Enter`, `Tab`, `/`.
    #[track_caller]
    pub(super) fn press(&mut self, key: &str) {
        let (code, text) = match key {
            "Tab" => (9, ""),
            "Enter" => (13, "\r"),
            "Escape" => (27, ""),
            "ArrowLeft" => (37, ""),
            "ArrowUp" => (38, ""),
            "ArrowRight" => (39, ""),
            "ArrowDown" => (40, ""),
            key => (0, key),
        };
        let kind = if text.is_empty() { "rawKeyDown" } else { "keyDown" };
        for kind in [kind, "keyUp"] {
            let mut event = json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code});
            if kind == "keyDown" {
                event["text"] = json!(text);
            }
            self.ask("Input.dispatchKeyEvent", &event);
        }
    }

    /// What has the focus: its role and its name.
    #[track_caller]
    pub(super) fn focus(&mut self) -> (String, String) {
        let element = self.ask("Runtime.evaluate", &json!({"expression": "document.activeElement"}));
        let query = json!({"objectId": element["result"]["objectId"], "fetchRelatives": false});
        let node = self.ask("Accessibility.getPartialAXTree", &query)["nodes"][0].take();
        let text = |value: &Value| value["value"].as_str().unwrap_or_default().to_owned();
        (text(&node["role"]), text(&node["name"]))
    }

    /// The rows of the table that is shown, header included, as users read them.
    #[track_caller]
    pub(super) fn rows(&mut self) -> Vec<Vec<String>> {
        let script = "[...document.querySelectorAll('main section:not([hidden]) table tr')]
            .map((row) => [...row.cells].map((cell) => cell.innerText.replace(/[↕▲▼]/g, '').trim()))";
        serde_json::from_value(self.value(script)).expect("rows of texts")
    }

    /// Looks at the page as one of these would have it: `prefers-color-scheme: dark`, or on paper.
    #[track_caller]
    pub(super) fn media(&mut self, kind: &str, scheme: &str) {
        let features = json!([
            {"name": "prefers-color-scheme", "value": scheme},
            // What takes its time to change cannot be looked at yet.
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]);
        self.ask("Emulation.setEmulatedMedia", &json!({"media": kind, "features": features}));
    }

    /// Resizes the window.
    #[track_caller]
    pub(super) fn resize(&mut self, [width, height]: [u32; 2]) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.ask("Emulation.setDeviceMetricsOverride", &metrics);
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Reads messages in a separate thread, so that one that never comes can be reported.
fn read_aside(mut pipe: impl BufRead + Send + 'static) -> Receiver<Value> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        while pipe.read_until(0, &mut bytes).is_ok_and(|length| length > 0) {
            bytes.pop();
            if serde_json::from_slice(&bytes).is_ok_and(|message| sender.send(message).is_err()) {
                return;
            }
            bytes.clear();
        }
    });
    receiver
}
