//! A user of IAM Identity Center who has signed in: the config file and the stored token.

use std::fs;

use aws_auto_inventory::simulator::Simulator;
use serde_json::{Value, json};

use super::moto::python;
use super::{Sandbox, Simulated};

/// An SSO session of the config file.
pub(crate) const CORP: &str =
    "[sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://blue-heron.example/start\n";

/// The start URL of [`CORP`].
const START_URL: &str = "https://blue-heron.example/start";

/// Long after every test.
pub(crate) const LATER: &str = "2099-01-01T00:00:00Z";

impl Sandbox {
    /// A sandbox in front of the simulated AWS without any credentials, with this config file.
    #[track_caller]
    pub(crate) fn with_config(aws: &Simulated, config: &str) -> Self {
        let sandbox = Self::new().env("AWS_ENDPOINT_URL", aws.url()).env("AWS_REGION", "us-east-1");
        fs::create_dir_all(sandbox.path(".aws/sso/cache")).expect("a folder");
        sandbox.file(".aws/config", config)
    }

    /// A sandbox of a user who has signed in to [`CORP`].
    #[track_caller]
    pub(crate) fn signed_in(aws: &Simulated) -> Self {
        Self::with_config(aws, CORP).spec(&spec()).token("corp", Simulator::bearer_token().token(), LATER)
    }

    /// Stores a token as botocore does: under the name of the session, or under the URL if that is empty.
    #[track_caller]
    pub(crate) fn token(self, session: &str, token: &str, expires: &str) -> Self {
        let folder = self.path(".aws/sso/cache");
        let folder = folder.to_str().expect("a folder name in UTF-8");
        let status = python("sso_token.py", &[folder, session, START_URL, token, expires]).status();
        assert!(status.expect("the script starts").success(), "the script failed; its messages are above");
        self
    }
}

/// One global call, and one in each region.
fn spec() -> Value {
    json!([
        {"service": "iam", "function": "list_account_aliases"},
        {"service": "sqs", "function": "list_queues", "result_key": "QueueUrls"}
    ])
}
