//! The program scans the account that boto3 would use with the same files and variables, or ends with an error.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};
use sha1::{Digest as _, Sha1};

use crate::sandbox::{Finished, Sandbox, python};

/// boto3, and an AWS in which the account stands in the access key.
struct Boto3 {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    url: String,
}

impl Boto3 {
    fn start() -> Self {
        let mut process = python("accounts.py", &[])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the script starts");
        let input = process.stdin.take().expect("piped");
        let mut output = BufReader::new(process.stdout.take().expect("piped"));
        let mut port = String::new();
        output.read_line(&mut port).expect("the port");
        Self { process, input, output, url: format!("http://127.0.0.1:{}", port.trim()) }
    }

    /// The account of each case, or the name of an exception in `()`.
    fn accounts(&mut self, cases: &[Case]) -> Vec<String> {
        let cases: Vec<Value> = cases
            .iter()
            .map(|case| json!({"environment": case.environment(&self.url), "profile": case.requested}))
            .collect();
        writeln!(self.input, "{}", json!(cases)).expect("the script reads");
        let mut line = String::new();
        self.output.read_line(&mut line).expect("the accounts");
        serde_json::from_str(&line).expect("a list of accounts")
    }
}

impl Drop for Boto3 {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Settings that may lead to credentials: lines of the profile in both files, and variables.
#[derive(Clone, Copy)]
struct Setting {
    name: &'static str,
    config: &'static str,
    credentials: &'static str,
    variables: &'static [(&'static str, &'static str)],
}

const NOTHING: Setting = Setting { name: "nothing", config: "", credentials: "", variables: &[] };

/// Every source of credentials, each of another account, and settings with a mistake.
const SETTINGS: [Setting; 22] = [
    NOTHING,
    Setting {
        name: "keys in config",
        config: "aws_access_key_id = ASIA101101101101FAKE\naws_secret_access_key = s\n",
        ..NOTHING
    },
    Setting {
        name: "keys in credentials",
        credentials: "aws_access_key_id = ASIA102102102102FAKE\naws_secret_access_key = s\n",
        ..NOTHING
    },
    Setting {
        name: "process in config",
        config: "credential_process = /bin/echo '{\"Version\":1,\"AccessKeyId\":\"ASIA103103103103FAKE\",\
                 \"SecretAccessKey\":\"s\",\"SessionToken\":\"t\",\"Expiration\":\"2036-01-01T00:00:00UTC\"}'\n",
        ..NOTHING
    },
    Setting {
        name: "process in credentials",
        credentials: "credential_process = /bin/echo '{\"Version\":1,\"AccessKeyId\":\"ASIA104104104104FAKE\",\
                      \"SecretAccessKey\":\"s\"}'\n",
        ..NOTHING
    },
    Setting {
        name: "role in config",
        config: "role_arn = arn:aws:iam::105105105105:role/x\nsource_profile = my base\nduration_seconds = 7200\n",
        ..NOTHING
    },
    Setting {
        name: "role in credentials",
        credentials: "role_arn = arn:aws:iam::106106106106:role/x\nsource_profile = my base\n",
        ..NOTHING
    },
    Setting {
        name: "role with keys of the environment",
        config: "role_arn = arn:aws:iam::107107107107:role/x\ncredential_source = Environment\n",
        ..NOTHING
    },
    Setting {
        name: "web identity in config",
        config: "role_arn = arn:aws:iam::108108108108:role/x\nweb_identity_token_file = $HOME/token\n",
        ..NOTHING
    },
    Setting {
        name: "web identity of the environment",
        variables: &[
            ("AWS_ROLE_ARN", "arn:aws:iam::109109109109:role/x"),
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "$HOME/token"),
        ],
        ..NOTHING
    },
    Setting {
        name: "token file of the environment",
        variables: &[("AWS_WEB_IDENTITY_TOKEN_FILE", "$HOME/token")],
        ..NOTHING
    },
    Setting {
        name: "keys of the environment",
        variables: &[("AWS_ACCESS_KEY_ID", "ASIA110110110110FAKE"), ("AWS_SECRET_ACCESS_KEY", "s")],
        ..NOTHING
    },
    Setting {
        name: "key ID of the environment without secret",
        variables: &[("AWS_ACCESS_KEY_ID", "ASIA111111111111FAKE")],
        ..NOTHING
    },
    Setting {
        name: "empty keys of the environment",
        variables: &[("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", "")],
        ..NOTHING
    },
    Setting {
        name: "half a key in credentials",
        credentials: "aws_access_key_id = ASIA112112112112FAKE\n",
        ..NOTHING
    },
    Setting {
        name: "IAM Identity Center without sign-in",
        config: "sso_start_url = https://d-0000000000.awsapps.com/start\nsso_region = us-east-1\n\
                 sso_account_id = 113113113113\nsso_role_name = R\n",
        ..NOTHING
    },
    Setting {
        name: "IAM Identity Center with the token of an older AWS CLI",
        config: "sso_start_url = https://older.example/start\nsso_region = us-east-1\n\
                 sso_account_id = 116116116116\nsso_role_name = R\n",
        ..NOTHING
    },
    Setting {
        name: "IAM Identity Center with a date of another time zone",
        credentials: "sso_session = corp\nsso_account_id = 117117117117\nsso_role_name = R\n",
        ..NOTHING
    },
    Setting {
        name: "role with MFA",
        credentials: "role_arn = arn:aws:iam::114114114114:role/x\nsource_profile = my base\nmfa_serial = m\n",
        ..NOTHING
    },
    Setting { name: "file of boto 2", variables: &[("BOTO_CONFIG", "$HOME/boto")], ..NOTHING },
    Setting {
        name: "file of the first EC2 tools",
        variables: &[("AWS_CREDENTIAL_FILE", "$HOME/ec2")],
        ..NOTHING
    },
    Setting {
        name: "container",
        variables: &[("AWS_CONTAINER_CREDENTIALS_FULL_URI", "$AWS/credentials")],
        ..NOTHING
    },
];

/// The files of older tools.
const BOTO: &str = "[Credentials]\naws_access_key_id = ASIA118118118118FAKE\naws_secret_access_key = s\n";
const EC2: &str = "AWSAccessKeyId=ASIA119119119119FAKE\nAWSSecretKey=s\n";

/// The tokens of users who have signed in: the key whose hash names the file, and the end.
const TOKENS: [(&str, &str); 2] =
    [("https://older.example/start", "2036-01-01T00:00:00UTC"), ("corp", "2036-01-01T01:00:00+01:00")];

/// The ways to select the profile `x`; `default` is selected without any.
#[derive(Clone, Copy)]
enum Selection {
    Default,
    Variable(&'static str),
    Option,
}

struct Case {
    title: String,
    sandbox: Sandbox,
    variables: BTreeMap<&'static str, &'static str>,
    requested: Option<&'static str>,
}

impl Case {
    fn new(settings: &[Setting], selection: Selection) -> Self {
        let section = |prefix: &str| match selection {
            Selection::Default => "[default]".to_owned(),
            _ => format!("[{prefix}x]"),
        };
        let text = |of: fn(&Setting) -> &'static str| settings.iter().map(of).collect::<String>();
        let sandbox =
            Sandbox::new().file("token", "a-token\n").file("boto", BOTO).file("ec2", EC2).spec(&json!([
                {"service": "iam", "function": "list_account_aliases"}
            ]));
        let home = sandbox.path("").display().to_string();
        let config = format!(
            "[sso-session corp]\nsso_start_url = https://corp.example/start\nsso_region = us-east-1\n\
             [profile 'my base']\naws_access_key_id = ASIA999999999999FAKE\naws_secret_access_key = s\n\
             {}\nregion = us-east-1\n{}",
            section("profile "),
            text(|setting| setting.config)
        );
        let credentials = text(|setting| setting.credentials);
        let credentials =
            if credentials.is_empty() { credentials } else { format!("{}\n{credentials}", section("")) };
        fs::create_dir_all(sandbox.path(".aws/sso/cache")).expect("a folder");
        let mut sandbox = sandbox
            .file(".aws/config", &config.replace("$HOME/", &home))
            .file(".aws/credentials", &credentials);
        for (key, end) in TOKENS {
            let hash = Sha1::digest(key).iter().fold(String::new(), |hash, byte| format!("{hash}{byte:02x}"));
            let token = json!({"startUrl": key, "region": "us-east-1", "accessToken": "t", "expiresAt": end});
            sandbox = sandbox.file(&format!(".aws/sso/cache/{hash}.json"), &token.to_string());
        }
        let mut variables: BTreeMap<_, _> =
            settings.iter().flat_map(|setting| setting.variables.iter().copied()).collect();
        let requested = match selection {
            Selection::Default => None,
            Selection::Variable(name) => {
                variables.insert(name, "x");
                None
            }
            Selection::Option => Some("x"),
        };
        let names: Vec<_> = settings.iter().map(|setting| setting.name).collect();
        let selection = match selection {
            Selection::Default => "[default]",
            Selection::Variable(name) => name,
            Selection::Option => "--profile",
        };
        Self { title: format!("{}, by {selection}", names.join(" and ")), sandbox, variables, requested }
    }

    /// The variables that boto3 and the program get.
    fn environment(&self, aws: &str) -> BTreeMap<String, String> {
        let home = self.sandbox.path("").display().to_string();
        let variables = self.variables.iter().map(|(name, value)| {
            let value = value.replace("$HOME/", &home).replace("$AWS", aws);
            ((*name).to_owned(), value)
        });
        let fixed = [
            ("HOME", home.as_str()),
            ("PATH", "/usr/bin:/bin"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWS_ENDPOINT_URL", aws),
        ];
        fixed.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().chain(variables).collect()
    }

    fn scan(self, aws: &str) -> Finished {
        let environment = self.environment(aws);
        let sandbox =
            environment.into_iter().fold(self.sandbox, |sandbox, (name, value)| sandbox.env(&name, value));
        let mut arguments = vec!["-s", "spec.json", "-r", "us-east-1", "--max-retries", "0"];
        arguments.extend(self.requested.into_iter().flat_map(|profile| ["--profile", profile]));
        sandbox.run(arguments)
    }
}

/// Every setting alone with each selection, and every pair of settings.
fn cases() -> Vec<Case> {
    let selections = [
        Selection::Default,
        Selection::Variable("AWS_PROFILE"),
        Selection::Variable("AWS_DEFAULT_PROFILE"),
        Selection::Option,
    ];
    let mut cases = Vec::new();
    for setting in SETTINGS {
        cases.extend(selections.map(|selection| Case::new(&[setting], selection)));
    }
    for (index, first) in SETTINGS.iter().enumerate().skip(1) {
        for second in &SETTINGS[index + 1..] {
            let is_same = |(name, _): &(&str, &str)| second.variables.iter().any(|(other, _)| name == other);
            if !first.variables.iter().any(is_same) {
                cases.push(Case::new(&[*first, *second], selections[cases.len() % selections.len()]));
            }
        }
    }
    cases
}

/// The account that a run is authenticated for, or the error of one that is not.
fn account(run: &Finished) -> Result<String, String> {
    match run.stdout.split_once(" in account ") {
        Some((_, account)) => Ok(account.chars().take(12).collect()),
        None => Err(run.stderr.clone()),
    }
}

/// Runs all cases on several threads, and returns their titles and accounts in order.
fn scan_all(cases: Vec<Case>, aws: &str) -> Vec<(String, Result<String, String>)> {
    let mut lanes: [Vec<(usize, Case)>; 4] = Default::default();
    cases.into_iter().enumerate().for_each(|(index, case)| lanes[index % 4].push((index, case)));
    let run = |(index, case): (usize, Case)| (index, (case.title.clone(), account(&case.scan(aws))));
    let mut found: Vec<_> = std::thread::scope(|scope| {
        let lanes = lanes.map(|lane| scope.spawn(|| lane.into_iter().map(run).collect::<Vec<_>>()));
        lanes.into_iter().flat_map(|lane| lane.join().expect("a lane of cases")).collect()
    });
    found.sort_by_key(|(index, _)| *index);
    found.into_iter().map(|(_, result)| result).collect()
}

/// Whether boto3 may find credentials in a case that ends with an error here: the profile that `--profile` names has
/// none, and boto3 takes those of another source.
fn only_boto3(title: &str) -> bool {
    let others = ["container", "file of boto 2", "file of the first EC2 tools"];
    title.ends_with(", by --profile") && others.iter().any(|other| title.contains(other))
}

#[test]
fn account_is_that_of_boto3_or_run_ends_with_error() {
    let mut boto3 = Boto3::start();
    let cases = cases();
    let expected = boto3.accounts(&cases);
    let found = scan_all(cases, &boto3.url);
    assert_eq!(found.len(), expected.len());
    let mut differences = Vec::new();
    for ((title, found), expected) in found.into_iter().zip(expected) {
        let is_same = match &found {
            Ok(account) => *account == expected,
            Err(error) => {
                let is_known = expected.starts_with('(') || only_boto3(&title);
                is_known && error.contains("error: ") && error.contains("hint: ")
            }
        };
        if !is_same {
            differences.push(format!("{title}: boto3 {expected}, scan {found:?}"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
