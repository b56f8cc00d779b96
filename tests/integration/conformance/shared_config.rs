//! The shared config and credentials files, read by the program and by botocore: the same profiles, or an error.

use std::collections::BTreeMap;
use std::path::PathBuf;

use aws_auto_inventory::aws::credentials::{IniSection, IniValue, SharedConfig};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::Suite;
use crate::sandbox::ask_python;

/// The lines of a section header, of which each file has one or two.
const HEADERS: [&str; 38] = [
    "[default]",
    "[profile default]",
    "[DEFAULT]",
    "[x]",
    "[profile x]",
    "[profile  x]",
    "[ profile x ]",
    "[profile x ]",
    "[profile\tx]",
    "[profilex]",
    "[profiles x]",
    "[profile-old x]",
    "[profile]",
    "[profile ]",
    "[profile x y]",
    "[profile 'x y']",
    "[profile \"My MacBook Pro\"]",
    "[profile \"Someone's Mac\"]",
    "[profile Someone's]",
    "[profile Prüfung]",
    "[profile R&D\\ (eu),x]",
    "[profile ''] # empty",
    "[profile a:b+c@d/e%f.g]",
    "[profile x] trailing",
    "[profile x]] ; two",
    "  [profile x]",
    "\t[profile x]",
    "[profile x",
    "profile x]",
    "[]",
    "[sso-session corp]",
    "[sso-session 'My Corp Ltd']",
    "[services local]",
    "[plugins]",
    "[preview]",
    "[profile 'x]",
    "[profile x\\]",
    "[profile\u{a0}x]",
];

/// The lines below a header.
const BODIES: [&str; 41] = [
    "",
    "region = eu-west-1\nkey = 1",
    "region=eu-west-1",
    "region: eu-west-1",
    "region:eu=west",
    "region = a = b : c",
    " region = eu-west-1\n key = 1",
    "\tregion = eu-west-1\n\tkey = 1",
    "  region = eu-west-1\n key = 1",
    "region = eu-west-1\n key = 1",
    "REGION = eu-west-1",
    "ReGion = a\nÜber = b",
    "region = eu-west-1 # home",
    "region = eu-west-1 ; home",
    "# region = a\n; region = b\nregion = c",
    "region = a\n# comment\nkey = b",
    "region = a\n  # comment\n  b",
    "region = a\n\n  b",
    "region = a\n\n\nkey = b",
    "region = a\n  b\n    c\n  d",
    "region =",
    "region",
    "= value",
    ": value",
    "region = a\nregion = b",
    "region = a\nREGION: b",
    "s3 =\n  max_concurrent_requests = 20\n  addressing_style = path",
    "s3 =\n  max_concurrent_requests = 20\n\n  addressing_style = path\nregion = a",
    "s3 =\n  a=b\n  # comment\n  c = d = e",
    "s3 =\n  nonsense",
    "s3 =\n  a: b",
    "s3 = x\n  a = b",
    "s3 =\n\n\n  a = b",
    "s3 =\n  a = 1\n  a = 2\n  = 3",
    "aws_access_key_id = AKIA\naws_secret_access_key = a/b+c=\naws_session_token = d==",
    "a b = c",
    "a\u{a0}b\u{3000} = \u{2003}c\u{2003}",
    "credential_process = \"/a b/c\" --d 'e f' # g",
    "region = %(other)s ${x} $y %z",
    "x = a\u{b}b\u{85}c\u{2028}d",
    "s3 =\n  a = b\u{2028}  c = d",
];

/// A way to write a file with the same lines.
type Writing = fn(String) -> Vec<u8>;

const WRITINGS: [(&str, Writing); 9] = [
    ("plain", String::into_bytes),
    ("CRLF", |text| text.replace('\n', "\r\n").into_bytes()),
    ("CR", |text| text.replace('\n', "\r").into_bytes()),
    ("no last line end", |text| text.trim_end_matches('\n').into()),
    ("blank lines", |text| text.replace('\n', "\n\n").into_bytes()),
    ("comment lines", |text| text.replace('\n', "\n# comment = [x]\n").into_bytes()),
    ("indented by a blank", |text| format!(" {}", text.replace('\n', "\n ")).into()),
    ("byte order mark", |text| format!("\u{feff}{text}").into_bytes()),
    ("Latin-1", |text| {
        let latin = |character| u8::try_from(u32::from(character)).unwrap_or(b'?');
        text.chars().map(latin).collect()
    }),
];

struct FileCase {
    title: String,
    config: Vec<u8>,
    credentials: Vec<u8>,
}

/// Each header with each body; each in each writing with a simple counterpart, in both files; and pairs of sections.
fn cases() -> Vec<FileCase> {
    let mut cases = Vec::new();
    let mut add = |title: String, config: Vec<u8>, credentials: Vec<u8>| {
        cases.push(FileCase { title, config, credentials });
    };
    for header in HEADERS {
        for body in BODIES {
            let text = format!("{header}\n{body}\n").into_bytes();
            add(format!("config {header} {body:?}"), text.clone(), b"[x]\nkey = 2\n".to_vec());
            add(format!("credentials {header} {body:?}"), b"[profile x]\nkey = 2\n".to_vec(), text);
        }
    }
    for (writing, write) in WRITINGS {
        for header in HEADERS {
            let text = write(format!("{header}\nregion = a\ns3 =\n  b = c\n"));
            add(format!("config in {writing}: {header}"), text.clone(), Vec::new());
            add(format!("credentials in {writing}: {header}"), Vec::new(), text);
        }
        for body in BODIES {
            let text = write(format!("# first\n[profile x]\n{body}\n[default]\nz = 1\n"));
            add(format!("config in {writing}: {body:?}"), text.clone(), b"[x]\nkey = 2\n".to_vec());
            add(format!("credentials in {writing}: {body:?}"), Vec::new(), text);
        }
    }
    for first in HEADERS {
        for second in HEADERS {
            let text = format!("{first}\na = 1\nb = 1\n{second}\na = 2\n").into_bytes();
            add(format!("{first} and {second}"), text, Vec::new());
        }
    }
    cases
}

fn value(value: &IniValue) -> Value {
    match value {
        IniValue::Text(text) => json!(text),
        IniValue::Nested(nested) => json!(nested),
    }
}

fn section(section: &IniSection) -> Value {
    section.iter().map(|(option, found)| (option.clone(), value(found))).collect::<Map<_, _>>().into()
}

/// The sections as the program reads them, or its error.
fn read(case: &FileCase) -> Result<Value, String> {
    let files = [PathBuf::from("config"), PathBuf::from("credentials")];
    let [config, credentials] = files;
    let shared = SharedConfig::parse((&case.config, config), (&case.credentials, credentials))
        .map_err(|failure| failure.to_string())?;
    let profile = |(name, profile): (&str, &aws_auto_inventory::aws::credentials::ProfileSection)| {
        let options = profile.options().map(|(option, found)| (option.to_owned(), value(found)));
        (name.to_owned(), Value::Object(options.collect()))
    };
    let named = |(name, found): (&str, &IniSection)| (name.to_owned(), section(found));
    Ok(json!({
        "profiles": shared.profiles().map(profile).collect::<BTreeMap<_, _>>(),
        "sso_sessions": shared.sso_sessions().map(named).collect::<BTreeMap<_, _>>(),
        "services": shared.services().map(named).collect::<BTreeMap<_, _>>(),
    }))
}

fn compare(case: &FileCase, expected: &Value) -> Result<(), String> {
    match (read(case), expected.get("error")) {
        (Ok(found), None) if found == *expected => Ok(()),
        (Ok(found), _) => Err(format!("read {found}, botocore {expected}")),
        (Err(_), None) => Err(format!("rejected, botocore {expected}")),
        (Err(error), Some(_)) if error.contains(", line ") => Ok(()),
        (Err(error), Some(_)) => Err(format!("no line in {error}")),
    }
}

/// Profiles, SSO sessions and services of thousands of files are those that botocore finds in them.
#[test]
fn shared_files_are_read_as_botocore_reads_them() {
    let cases = cases();
    let encode = |text: &[u8]| STANDARD.encode(text);
    let question: Vec<_> = cases
        .iter()
        .map(|case| json!({"config": encode(&case.config), "credentials": encode(&case.credentials)}))
        .collect();
    let read = ask_python("../moto/shared_config.py", &json!(question).to_string());
    let expected: Vec<Value> = serde_json::from_str(&read).expect("botocore's sections");
    assert_eq!(expected.len(), cases.len());
    let rejected = expected.iter().filter(|sections| sections.get("error").is_some()).count();
    assert!(rejected > 300 && rejected < cases.len() / 2, "{rejected} rejected");
    let mut suite = Suite::new("shared-files");
    for (case, expected) in cases.iter().zip(&expected) {
        suite.count(compare(case, expected), || case.title.clone());
    }
    suite.finish();
}
