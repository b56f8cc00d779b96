//! Instance metadata services that answer unlike EC2's, and their hints.

use serde_json::json;

use crate::sandbox::{Finished, Loopback, Reply, Sandbox};

const KEYS: &str = r#"{"Code":"Success","AccessKeyId":"ASIA333333333333FAKE\n","SecretAccessKey":"s","Token":"t",
    "Expiration":"2036-01-01T00:00:00+00:00"}"#;

const CALLER: &str = "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::333333333333:\
    assumed-role/my-role/i-1</Arn><UserId>AROAX:i-1</UserId><Account>333333333333</Account>\
    </GetCallerIdentityResult></GetCallerIdentityResponse>";

fn token() -> Reply {
    Reply::ok("TOKEN").header("x-aws-ec2-metadata-token-ttl-seconds", "21600")
}

/// A scan with the credentials of an instance whose metadata service gives these answers, as AWS does afterwards.
fn scan(replies: Vec<Reply>) -> (Finished, Loopback) {
    let service = Loopback::answering(replies);
    let address = format!("http://{}", service.address());
    let sandbox = Sandbox::new()
        .env("AWS_EC2_METADATA_DISABLED", "false")
        .env("AWS_EC2_METADATA_SERVICE_ENDPOINT", address.as_str())
        .env("AWS_ENDPOINT_URL", address)
        .env("AWS_REGION", "us-east-1")
        .spec(&json!([{"service": "iam", "function": "list_users"}]));
    (sandbox.run(["-s", "spec.json", "-r", "us-east-1", "--max-retries", "0"]), service)
}

/// Emulators end the role's name with a line end, and write dates with an offset.
#[test]
fn role_name_with_line_end_and_offset_date_are_accepted() {
    let denied =
        Reply::new(403).body("<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>");
    let (run, service) =
        scan(vec![token(), Reply::ok("my-role\n"), Reply::ok(KEYS), Reply::ok(CALLER), denied]);
    run.stdout_contains("in account 333333333333");
    let asked = service.received()[2].target.clone();
    assert_eq!(asked, "/latest/meta-data/iam/security-credentials/my-role");
}

#[test]
fn refused_token_brings_hint_about_version() {
    for status in [403, 405] {
        let (run, _) = scan(vec![Reply::new(status)]);
        run.expect_exit(3).stderr_contains("no AWS credentials found").stderr_contains("enable IMDSv2");
    }
}

#[test]
fn instance_without_usable_role_brings_hint_about_role() {
    let (run, _) = scan(vec![token(), Reply::new(404)]);
    run.expect_exit(3).stderr_contains("attach a role to the instance");
    let failed = r#"{"Code":"AssumeRoleUnauthorizedAccess","Message":"EC2 cannot assume the role my-role."}"#;
    let (run, _) = scan(vec![token(), Reply::ok("my-role"), Reply::ok(failed)]);
    run.expect_exit(3).stderr_contains("EC2 cannot assume the role my-role");
    run.stderr_contains("allows sts:AssumeRole to ec2.amazonaws.com");
}

/// With a hop limit of one, the connection is accepted, and the token does not arrive.
#[test]
fn token_that_never_arrives_brings_hint_about_hop_limit() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}", silent.local_addr().expect("an address"));
    let sandbox = Sandbox::new()
        .env("AWS_EC2_METADATA_DISABLED", "false")
        .env("AWS_EC2_METADATA_SERVICE_ENDPOINT", address);
    let run = sandbox.run(["-s", "s3", "-r", "us-east-1", "--max-retries", "0"]);
    run.expect_exit(3).stderr_contains("--http-put-response-hop-limit 2");
}

#[test]
fn unusable_endpoint_is_named() {
    for (variable, value) in [
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "127.0.0.1:80"),
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv5"),
        ("AWS_ENDPOINT_URL", "127.0.0.1:80"),
    ] {
        let sandbox = Sandbox::new().env("AWS_EC2_METADATA_DISABLED", "false").env(variable, value);
        let run = sandbox.run(["-s", "s3", "-r", "us-east-1"]);
        run.stderr_contains(value).stderr_contains(&format!("set {variable}"));
        run.stderr_is_one_paragraph();
    }
}
