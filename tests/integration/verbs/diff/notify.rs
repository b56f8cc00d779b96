//! `scan diff --notify` and `--format mail`: what is sent, and where.

use serde_json::{Value, json};

use super::{ACCOUNT, Two};
use crate::sandbox::{Finished, Loopback, Reply, identity};

const TOPIC: &str = "arn:aws:sns:eu-central-1:111111111111:nightly";
/// A webhook's path is its secret.
const SECRET: &str = "T0SECRET/B0SECRET";

/// Two runs of which the new one lacks a function.
fn changed() -> Two {
    let two = Two::same("lambda", &["--accounts", ACCOUNT, "-r", super::REGION]);
    two.edit("lambda", |file| {
        let functions = file["list_functions"].as_array_mut().expect("functions");
        functions.remove(0);
    });
    two
}

/// Compares the runs with the webhooks at a server, and the environment for AWS there.
fn notified(two: Two, server: &Loopback, more: &[&str]) -> Finished {
    let address = format!("http://{}", server.address());
    let url = format!("{address}/services/{SECRET}");
    let sandbox = two
        .sandbox
        .aws(&address, "AKIAIOSFODNN7EXAMPLE", "secret")
        .env("SCAN_NOTIFY_SLACK_URL", &url)
        .env("SCAN_NOTIFY_TEAMS_URL", &url);
    sandbox.run([&["diff", "output/old", "output/new"], more].concat())
}

#[test]
fn webhooks_get_message_in_their_form() {
    let server = Loopback::answering([Reply::ok("ok")]);
    let diff = notified(changed(), &server, &["--notify", "slack,teams"]);
    diff.expect_exit(0)
        .stderr_contains("Notified Slack at 127.0.0.1")
        .stderr_contains("Notified Teams at 127.0.0.1");
    assert!(!diff.stderr.contains("SECRET") && !diff.stdout.contains("SECRET"), "{}", diff.report());
    let received = server.received();
    let bodies: Vec<Value> =
        received.iter().map(|request| serde_json::from_str(&request.body).expect("JSON")).collect();
    assert!(received.iter().all(|request| request.target == format!("/services/{SECRET}")), "{received:?}");
    assert!(received.iter().all(|request| request.header("content-type") == Some("application/json")));
    let [slack, teams] = bodies.as_slice() else { panic!("{} requests", bodies.len()) };
    let text = slack["blocks"][1]["text"]["text"].as_str().expect("a text");
    assert!(text.starts_with("0 added, 1 removed, 0 changed, 0 unknown"), "{text}");
    assert!(text.contains("- lambda function"), "{text}");
    let card = &teams["attachments"][0];
    assert_eq!(card["contentType"], "application/vnd.microsoft.card.adaptive");
    assert_eq!(card["content"]["body"][0]["inlines"][0]["text"], slack["text"]);
}

#[test]
fn topic_gets_subject_and_text() {
    let published =
        "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>";
    let server = Loopback::answering([identity(), Reply::ok(published).header("content-type", "text/xml")]);
    let diff = notified(changed(), &server, &["--notify", "sns", "--notify-topic", TOPIC]);
    diff.expect_exit(0).stderr_contains(&format!("Notified the topic {TOPIC}"));
    let received = server.received();
    let [_, publish] = received.as_slice() else { panic!("{received:?}") };
    assert!(
        publish
            .header("authorization")
            .is_some_and(|header| header.contains("/eu-central-1/sns/aws4_request"))
    );
    let fields: Vec<&str> = publish.body.split('&').collect();
    assert!(fields.contains(&"Action=Publish"), "{fields:?}");
    let subject = fields.iter().find(|field| field.starts_with("Subject=")).expect("a subject");
    assert!(subject.contains("1%20removed"), "{subject}");
}

/// A server that fails gets the message again; one that rejects it does not, and the error has no secret.
#[test]
fn failing_webhook_is_an_error_without_its_url() {
    let server = Loopback::answering([Reply::new(404)]);
    let diff = notified(changed(), &server, &["--notify", "slack"]);
    diff.expect_exit(1).stderr_contains("cannot notify Slack at 127.0.0.1: it returned HTTP status 404");
    assert!(!diff.stderr.contains("SECRET"), "{}", diff.report());
    server.only();
}

#[test]
fn dry_run_prints_message_and_sends_nothing() {
    let server = Loopback::answering([Reply::new(500)]);
    let diff =
        notified(changed(), &server, &["--notify", "slack", "--notify-dry-run", "--output", "diff.txt"]);
    diff.expect_exit(0)
        .stderr_contains("Would notify Slack at 127.0.0.1")
        .stdout_contains("\"type\": \"header\"");
    assert!(server.received().is_empty());
}

#[test]
fn equal_runs_send_nothing() {
    let server = Loopback::answering([Reply::new(500)]);
    let two = Two::same("lambda", &["--accounts", ACCOUNT, "-r", super::REGION]);
    notified(two, &server, &["--notify", "slack,teams"])
        .expect_exit(0)
        .stderr_contains("no notification is sent");
    assert!(server.received().is_empty());
}

#[test]
fn notification_without_destination_is_an_error() {
    let two = changed();
    let wrong = [
        (&["--notify", "slack"][..], "SCAN_NOTIFY_SLACK_URL is not set"),
        (&["--notify", "sns"], "--notify sns needs a topic"),
        (&["--notify", "sns", "--notify-topic", "nightly"], "is not the ARN of an SNS topic"),
        (&["--notify-topic", TOPIC], "--notify-topic is for --notify sns"),
        (&["--notify-dry-run"], "--notify"),
    ];
    for (options, message) in wrong {
        two.diff(options).expect_exit(2).stderr_contains(message);
    }
    let sandbox = two.sandbox.env("SCAN_NOTIFY_TEAMS_URL", "http://hooks.example/secret");
    let insecure = sandbox.run(["diff", "output/old", "output/new", "--notify", "teams"]);
    insecure.expect_exit(2).stderr_contains("is not a URL that starts with https://");
    assert!(!insecure.stderr.contains("secret"), "{}", insecure.report());
}

/// A message for sendmail, as Python's parser of mail reads it.
#[test]
fn mail_has_subject_and_text() {
    let mail = changed().diff(&["--format", "mail"]);
    mail.expect_exit(0);
    let script = "import email, email.policy, json, sys\n\
        mail = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)\n\
        print(json.dumps([mail['subject'], mail.get_content_type(), mail.get_content(), len(mail.defects)]))";
    let parsed: Value =
        serde_json::from_str(&crate::sandbox::python_text(script, &mail.stdout)).expect("JSON");
    let subject = parsed[0].as_str().expect("a subject");
    assert!(subject.starts_with("AWS inventory o-") && subject.contains("1 removed"), "{subject}");
    assert_eq!((&parsed[1], &parsed[3]), (&json!("text/plain"), &json!(0)));
    assert!(parsed[2].as_str().is_some_and(|text| text.contains("- lambda function")), "{parsed}");
}
