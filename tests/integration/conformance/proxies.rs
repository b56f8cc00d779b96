//! `NO_PROXY`, as the program and Python read it: the same hosts are called without a proxy.

use aws_auto_inventory::aws::http::Proxies;
use serde_json::json;

use super::Suite;
use crate::sandbox::ask_python;

/// Values of `NO_PROXY`. Networks are missing: Python does not know them.
const RULES: [&str; 23] = [
    "",
    "*",
    "example.test",
    ".example.test",
    "..example.test",
    "*.example.test",
    "EXAMPLE.test",
    "sts.example.test",
    "sts.example.test:443",
    "sts.example.test:8443",
    ".example.test:8443",
    "ample.test",
    "test",
    "other.test,example.test",
    "other.test , .example.test ,",
    "other.test example.test",
    "foo,,sts.example.test",
    "127.0.0.1",
    "127.0.0.1:8443",
    ".0.0.1",
    "0.0.1",
    "127.*",
    "localhost",
];

const URLS: [&str; 9] = [
    "https://sts.example.test/",
    "https://sts.example.test:8443/",
    "https://example.test",
    "https://STS.Example.Test/a?b=c",
    "https://notexample.test/",
    "http://127.0.0.1/",
    "http://127.0.0.1:8443/",
    "http://localhost:8443/",
    "https://sts.example.test.evil/",
];

#[test]
fn hosts_without_proxy_are_those_of_python() {
    let cases: Vec<_> = RULES.iter().flat_map(|rules| URLS.map(|url| (*rules, url))).collect();
    let expected: Vec<bool> =
        serde_json::from_str(&ask_python("../moto/no_proxy.py", &json!(cases).to_string()))
            .expect("booleans");
    assert!(expected.contains(&true) && expected.contains(&false));
    let mut suite = Suite::new("no-proxy");
    for ((rules, url), expected) in cases.into_iter().zip(expected) {
        let variable = |name: &str| (name == "no_proxy").then(|| rules.to_owned());
        let found = Proxies::read(variable).expect("proxies").bypasses(url);
        let outcome = if found == expected { Ok(()) } else { Err(format!("{found}, Python {expected}")) };
        suite.count(outcome, || format!("{rules:?}, {url}"));
    }
    suite.finish();
}
