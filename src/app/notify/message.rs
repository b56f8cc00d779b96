//! The message as each destination takes it.

use serde_json::{Value, json};

use crate::reports::diff::DiffNotice;

/// The most characters of a section's text in Slack (docs.slack.dev/reference/block-kit/blocks/section-block, "text").
const SLACK_SECTION: usize = 3_000;
/// The most characters of a header's text in Slack (docs.slack.dev/reference/block-kit/blocks/header-block, "text").
const SLACK_HEADER: usize = 150;
/// The most bytes of a card: Teams takes messages of about 28 KB (learn.microsoft.com/connectors/teams, "Message size
/// limit"), and the rest of the document needs room.
const TEAMS_TEXT: usize = 20_000;
/// The most bytes of a message of Amazon SNS: 256 KB (botocore's model, `Publish`: `Message`).
const SNS_MESSAGE: usize = 256_000;

/// Returns the document for an incoming webhook of Slack. Plain text cannot mention users or channels.
pub(super) fn slack(notice: &DiffNotice) -> Value {
    let plain = |text: String| json!({"type": "plain_text", "text": text, "emoji": false});
    let subject: String = notice.subject.chars().take(SLACK_HEADER).collect();
    let text = within(&notice.lines, SLACK_SECTION, |line| line.encode_utf16().count());
    json!({
        "text": subject,
        "mrkdwn": false,
        "blocks": [
            {"type": "header", "text": plain(subject.clone())},
            {"type": "section", "text": plain(text.join("\n"))},
        ],
    })
}

/// Returns the document for a workflow of Teams: an adaptive card (adaptivecards.io/explorer), whose runs of text are
/// not read as Markdown.
pub(super) fn teams(notice: &DiffNotice) -> Value {
    let run = |text: &str, weight: &str| {
        let inlines = json!([{"type": "TextRun", "text": text, "weight": weight}]);
        json!({"type": "RichTextBlock", "spacing": "None", "inlines": inlines})
    };
    let mut body = vec![run(&notice.subject, "Bolder")];
    // An element has about 100 bytes beside its text.
    let lines = within(&notice.lines, TEAMS_TEXT, |line| line.len() + 100);
    body.extend(lines.iter().filter(|line| !line.is_empty()).map(|line| run(line, "Default")));
    let card = json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.2",
        "body": body, "msteams": {"width": "Full"},
    });
    let attachment = json!({
        "contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": null, "content": card,
    });
    json!({"type": "message", "attachments": [attachment]})
}

/// Returns the text for a topic of Amazon SNS.
pub(super) fn sns(notice: &DiffNotice) -> String {
    within(&notice.lines, SNS_MESSAGE, str::len).join("\n")
}

/// Returns the first lines that fit, and a line that there are more.
fn within(lines: &[String], most: usize, size: impl Fn(&str) -> usize) -> Vec<String> {
    const MORE: &str = "…";
    let mut total = size(MORE);
    let fits = |line: &&String| {
        // The end of the line counts too.
        total += size(line) + 1;
        total <= most
    };
    let mut kept: Vec<String> = lines.iter().take_while(fits).cloned().collect();
    if kept.len() < lines.len() {
        kept.push(MORE.to_owned());
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::{DiffNotice, slack, sns, teams};

    fn notice(lines: usize) -> DiffNotice {
        let lines = (0..lines).map(|number| format!("{number} <!channel> *bold* größer {}", "x".repeat(50)));
        DiffNotice { subject: "AWS inventory: 1 added".to_owned(), lines: lines.collect() }
    }

    #[test]
    fn messages_are_within_limits() {
        let notice = notice(10_000);
        let section = slack(&notice)["blocks"][1]["text"]["text"].as_str().expect("a text").to_owned();
        assert!(section.ends_with("\n…") && section.encode_utf16().count() <= 3_000, "{}", section.len());
        let card = teams(&notice).to_string();
        assert!(card.len() > 15_000 && card.len() < 28_000, "{}", card.len());
        assert!(sns(&notice).len() <= 256_000);
    }

    #[test]
    fn short_message_is_whole() {
        let notice = notice(2);
        assert_eq!(sns(&notice), notice.lines.join("\n"));
        assert_eq!(slack(&notice)["blocks"][1]["text"]["text"], notice.lines.join("\n"));
        let body = teams(&notice)["attachments"][0]["content"]["body"].clone();
        assert_eq!(body[2]["inlines"][0]["text"], notice.lines[1]);
    }

    /// Names in an account cannot mention users, and cannot format the message.
    #[test]
    fn texts_are_not_markup() {
        let message = slack(&notice(1));
        assert_eq!(message["blocks"][1]["text"]["type"], "plain_text");
        assert_eq!(message["mrkdwn"], false);
        let body = teams(&notice(1))["attachments"][0]["content"]["body"].clone();
        assert_eq!(body[1]["type"], "RichTextBlock");
    }
}
