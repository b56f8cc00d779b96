//! Where a comparison is sent.

use std::fmt;

use http::Uri;

use super::message;
use crate::arn::Arn;
use crate::aws::credentials::{BaseIdentity, BaseSettings};
use crate::aws::http::address::parse_url;
use crate::aws::http::foreign_http_client;
use crate::aws::http::post::post_json;
use crate::error::Failure;
use crate::names::Region;
use crate::reports::diff::DiffNotice;

/// Where a comparison is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    /// An incoming webhook of Slack.
    Slack(Uri),
    /// A workflow of Microsoft Teams.
    Teams(Uri),
    /// The ARN of a topic of Amazon SNS, and its region.
    Topic(String, Region),
}

impl Destination {
    /// The variable with the URL of Slack's webhook.
    pub(crate) const SLACK: &'static str = "SCAN_NOTIFY_SLACK_URL";
    /// The variable with the URL of a workflow of Teams.
    pub(crate) const TEAMS: &'static str = "SCAN_NOTIFY_TEAMS_URL";

    /// Reads the URL of Slack's webhook from the environment.
    ///
    /// # Errors
    ///
    /// Returns an error if the variable is not set or is not the URL of a server that can be reached.
    pub(crate) fn slack() -> Result<Self, Failure> {
        url_in(Self::SLACK).map(Self::Slack)
    }

    /// Reads the URL of a workflow of Teams from the environment.
    ///
    /// # Errors
    ///
    /// As [`slack`](Self::slack).
    pub(crate) fn teams() -> Result<Self, Failure> {
        url_in(Self::TEAMS).map(Self::Teams)
    }

    /// Returns the topic with an ARN.
    ///
    /// # Errors
    ///
    /// Returns an error if the ARN is not that of a topic of Amazon SNS.
    pub(crate) fn topic(arn: &str) -> Result<Self, Failure> {
        let parts = Arn::parse(arn).filter(|parts| parts.service == "sns" && !parts.resource.contains(':'));
        let region = parts.and_then(|parts| Region::parse(parts.region).ok());
        region.map(|region| Self::Topic(arn.to_owned(), region)).ok_or_else(|| {
            Failure::usage(format!("`{arn}` is not the ARN of an SNS topic"))
                .hint("use the form arn:aws:sns:<region>:<account>:<name>")
        })
    }

    /// Sends a comparison.
    ///
    /// # Errors
    ///
    /// Returns an error if it cannot be sent, after several attempts.
    pub(crate) async fn send(&self, notice: &DiffNotice) -> Result<(), Failure> {
        match self {
            Self::Slack(url) => self.post(url, &message::slack(notice).to_string()).await,
            Self::Teams(url) => self.post(url, &message::teams(notice).to_string()).await,
            Self::Topic(arn, region) => publish(arn, region, notice).await,
        }
    }

    async fn post(&self, url: &Uri, body: &str) -> Result<(), Failure> {
        let http = foreign_http_client()?;
        post_json(url, body, &http).await.map_err(|reason| {
            Failure::internal(format!("cannot notify {self}: {reason}"))
                .hint("check that the webhook still exists, and that its URL is complete")
        })
    }

    /// Returns the message as it would be sent.
    pub(crate) fn preview(&self, notice: &DiffNotice) -> String {
        let indented = |value| format!("{value:#}");
        match self {
            Self::Slack(_) => indented(message::slack(notice)),
            Self::Teams(_) => indented(message::teams(notice)),
            Self::Topic(..) => format!("{}\n\n{}", notice.subject, message::sns(notice)),
        }
    }
}

/// The URL of a webhook is a credential, so that only its host is shown.
impl fmt::Display for Destination {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Slack(url) => write!(formatter, "Slack at {}", url.host().unwrap_or_default()),
            Self::Teams(url) => write!(formatter, "Teams at {}", url.host().unwrap_or_default()),
            Self::Topic(arn, _) => write!(formatter, "the topic {arn}"),
        }
    }
}

fn url_in(variable: &str) -> Result<Uri, Failure> {
    let text = std::env::var(variable).unwrap_or_default();
    let text = text.trim();
    if text.is_empty() {
        return Err(Failure::usage(format!("{variable} is not set"))
            .hint("set it to the URL of the webhook; it is a secret, so there is no option for it"));
    }
    // The reason may contain the text.
    parse_url(text).map_err(|_| {
        Failure::usage(format!("{variable} is not a URL that starts with https://"))
            .hint("copy the URL of the webhook again")
    })
}

async fn publish(arn: &str, region: &Region, notice: &DiffNotice) -> Result<(), Failure> {
    let identity = BaseIdentity::load(&BaseSettings::default()).await?;
    let region = aws_sdk_sns::config::Region::new(region.as_str().to_owned());
    let config = aws_sdk_sns::config::Builder::from(identity.config()).region(region).build();
    let request = aws_sdk_sns::Client::from_conf(config).publish();
    let request = request.topic_arn(arn).subject(&notice.subject).message(message::sns(notice));
    request.send().await.map(drop).map_err(|error| {
        Failure::internal(format!("cannot notify the topic {arn}"))
            .with_source(error)
            .hint(format!("{} needs sns:Publish on the topic", identity.caller().arn))
    })
}

#[cfg(test)]
mod tests {
    use super::Destination;

    #[test]
    fn only_host_of_webhook_is_shown() {
        let url = "https://hooks.slack.com/services/T0/B0/secret".parse().expect("a URL");
        assert_eq!(Destination::Slack(url).to_string(), "Slack at hooks.slack.com");
    }

    #[test]
    fn topic_is_known_by_its_arn() {
        assert!(Destination::topic("arn:aws:sns:eu-west-1:111111111111:nightly").is_ok());
        for wrong in ["nightly", "arn:aws:sqs:eu-west-1:111111111111:nightly", "arn:aws:sns::1:nightly"] {
            let failure = Destination::topic(wrong).expect_err("no topic").to_string();
            assert!(failure.contains("is not the ARN of an SNS topic"), "{failure}");
        }
    }
}
