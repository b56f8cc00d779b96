//! The kinds of secrets that can be told by their form, each as its issuer describes it.

use std::sync::LazyLock;

use regex_lite::{Captures, Regex};

use crate::redaction::REDACTED;

/// A kind of secret.
pub(super) struct Kind {
    /// What it is, for people.
    pub(super) name: &'static str,
    /// Every secret of the kind contains one of these.
    pub(super) parts: &'static [&'static str],
    /// The secret: the pattern's first group, or the whole match where it has none.
    pattern: &'static str,
    /// Members that hold it by design, in small letters: ids that are no use without their key.
    expected_in: &'static [&'static str],
}

/// All kinds. The comments name whose description of the form it is.
pub(super) static KINDS: [Kind; 11] = [
    // docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    Kind {
        name: "aws access key id",
        parts: &["AKIA", "ASIA"],
        pattern: r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
        expected_in: &["accesskeyid", "awsaccesskeyid", "credentialuid", "cloudtrailevent"],
    },
    // Forty characters in base64 say nothing by themselves; the name in front of them does.
    Kind {
        name: "aws secret access key",
        parts: &[
            "ecret_access_key",
            "ecretAccessKey",
            "ECRET_ACCESS_KEY",
            "ecret_key",
            "ecretKey",
            "ECRET_KEY",
        ],
        pattern: r#"(?i)secret_?(?:access_?)?key[\\"' ]*[:=]+[\\"' ]*([A-Za-z0-9/+]{40})(?:[^A-Za-z0-9/+=]|$)"#,
        expected_in: &[],
    },
    // RFC 7468, and the armour of OpenPGP (RFC 9580). One that is cut off goes to the end.
    Kind {
        name: "private key",
        parts: &["-----BEGIN"],
        pattern: r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-[^-])*(?:-----END [A-Z0-9 ]+-----)?",
        expected_in: &[],
    },
    // github.blog/engineering/behind-githubs-new-authentication-token-formats
    Kind {
        name: "github token",
        parts: &["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
        pattern: r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})",
        expected_in: &[],
    },
    // docs.gitlab.com/security/tokens
    Kind {
        name: "gitlab token",
        parts: &["glpat-"],
        pattern: r"\bglpat-[A-Za-z0-9_-]{20,}",
        expected_in: &[],
    },
    // api.slack.com/concepts/token-types
    Kind {
        name: "slack token",
        parts: &["xoxa-", "xoxb-", "xoxe-", "xoxp-", "xoxr-", "xoxs-", "xapp-"],
        pattern: r"\b(?:xox[abeprs]|xapp)-[A-Za-z0-9.-]{10,}",
        expected_in: &[],
    },
    // api.slack.com/messaging/webhooks: the address itself is the secret.
    Kind {
        name: "slack webhook",
        parts: &["hooks.slack.com/"],
        pattern: r"hooks\.slack\.com/(?:services|workflows)/([A-Za-z0-9/_]{20,})",
        expected_in: &[],
    },
    // docs.cloud.google.com/docs/authentication/api-keys
    Kind { name: "google api key", parts: &["AIza"], pattern: r"\bAIza[A-Za-z0-9_-]{35}", expected_in: &[] },
    // docs.stripe.com/keys
    Kind {
        name: "stripe key",
        parts: &["sk_live_", "rk_live_", "sk_test_", "rk_test_"],
        pattern: r"\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}",
        expected_in: &[],
    },
    // RFC 7519: a header and claims, both JSON objects in base64, and a signature.
    Kind {
        name: "json web token",
        parts: &["eyJ"],
        pattern: r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{10,}",
        expected_in: &[],
    },
    // RFC 3986, user information; and the connection strings of ADO and of Azure.
    Kind {
        name: "password in a connection string",
        parts: &["@", ";Password=", ";password=", ";PASSWORD=", ";Pwd=", ";pwd=", ";PWD=", ";AccountKey="],
        pattern: r#"://[^\s/:@"'<>]*:([^\s/@"'<>${*][^\s/@"'<>]*)@|;(?i:password|pwd|accountkey)=([^\s;"'${*][^\s;"']*)"#,
        expected_in: &[],
    },
];

/// The patterns of [`KINDS`], in their order. A test compiles them all.
static PATTERNS: LazyLock<Vec<Option<Regex>>> =
    LazyLock::new(|| KINDS.iter().map(|kind| Regex::new(kind.pattern).ok()).collect());

impl Kind {
    /// Whether a member of this name holds such values by design.
    pub(super) fn is_expected_in(&self, member: &str) -> bool {
        self.expected_in.iter().any(|name| name.eq_ignore_ascii_case(member))
    }
}

/// How many secrets of each kind a text holds, and the text without them.
pub(super) fn search(text: &str, member: &str) -> Vec<(&'static str, u64, String)> {
    let mut found = Vec::new();
    for (kind, pattern) in KINDS.iter().zip(&*PATTERNS) {
        let Some(pattern) = pattern else { continue };
        if kind.is_expected_in(member) || !kind.parts.iter().any(|part| text.contains(part)) {
            continue;
        }
        let current = found.last().map_or(text, |(_, _, rest): &(_, _, String)| rest.as_str());
        let mut count = 0;
        let rest = pattern.replace_all(current, |captures: &Captures<'_>| {
            count += 1;
            without_secret(captures)
        });
        if count > 0 {
            let rest = rest.into_owned();
            found.push((kind.name, count, rest));
        }
    }
    found
}

/// A match with the secret replaced.
fn without_secret(captures: &Captures<'_>) -> String {
    let Some(whole) = captures.get(0) else { return REDACTED.to_owned() };
    let secret = captures.iter().skip(1).flatten().next().unwrap_or(whole);
    let (start, end) = (secret.start() - whole.start(), secret.end() - whole.start());
    format!("{}{REDACTED}{}", &whole.as_str()[..start], &whole.as_str()[end..])
}

#[cfg(test)]
mod tests {
    use super::{KINDS, PATTERNS, search};

    /// What is left of a text, and the kinds that were found.
    fn cleaned(text: &str) -> (String, Vec<&'static str>) {
        let found = search(text, "Value");
        let kinds = found.iter().map(|(kind, _, _)| *kind).collect();
        (found.last().map_or(text.to_owned(), |(_, _, rest)| rest.clone()), kinds)
    }

    #[test]
    fn every_pattern_compiles() {
        for (kind, pattern) in KINDS.iter().zip(&*PATTERNS) {
            assert!(pattern.is_some(), "{}", kind.name);
        }
    }

    #[test]
    fn each_kind_is_found_and_leaves_what_stands_around_it() {
        let forty = "a1B2".repeat(10);
        let texts = [
            ("aws access key id", "key AKIA1234567890ABCDEF of ci".to_owned(), "key [redacted] of ci"),
            (
                "aws secret access key",
                format!("aws_secret_access_key = {forty}\n"),
                "aws_secret_access_key = [redacted]\n",
            ),
            (
                "aws secret access key",
                format!("{{\"SecretAccessKey\":\"{forty}\"}}"),
                "{\"SecretAccessKey\":\"[redacted]\"}",
            ),
            (
                "private key",
                "x -----BEGIN RSA PRIVATE KEY-----\nMIIE+/=\n-----END RSA PRIVATE KEY----- y".to_owned(),
                "x [redacted] y",
            ),
            ("private key", "-----BEGIN PRIVATE KEY-----\nMIIE and no end".to_owned(), "[redacted]"),
            ("github token", format!("use ghp_{} now", "a".repeat(36)), "use [redacted] now"),
            ("gitlab token", format!("glpat-{}", "a".repeat(20)), "[redacted]"),
            ("slack token", "xoxb-1234567890-abcdef".to_owned(), "[redacted]"),
            (
                "slack webhook",
                format!("https://hooks.slack.com/services/T0/B0/{}", "x".repeat(24)),
                "https://hooks.slack.com/services/[redacted]",
            ),
            ("google api key", format!("AIza{}", "b".repeat(35)), "[redacted]"),
            ("stripe key", format!("sk_live_{}", "c".repeat(24)), "[redacted]"),
            (
                "json web token",
                "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl".to_owned(),
                "Bearer [redacted]",
            ),
            (
                "password in a connection string",
                "postgres://app:hunter2@db.example:5432/shop".to_owned(),
                "postgres://app:[redacted]@db.example:5432/shop",
            ),
            (
                "password in a connection string",
                "Server=db;User=app;Password=hunter2;Timeout=3".to_owned(),
                "Server=db;User=app;Password=[redacted];Timeout=3",
            ),
        ];
        for (kind, text, rest) in texts {
            assert_eq!(cleaned(&text), (rest.to_owned(), vec![kind]), "{text}");
        }
    }

    #[test]
    fn what_only_resembles_a_secret_stays() {
        for text in [
            "AKIA is how ids begin",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db_secret_key-AbCdEf",
            "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
            "https://sqs.eu-west-1.amazonaws.com/123456789012/orders",
            "mail ops@example.com about https://example.com:443/",
            "postgres://app:${DB_PASSWORD}@db.example/shop",
            "Server=db;Password=****;Timeout=3",
            "eyJ2IjoxfQ==",
        ] {
            assert_eq!(cleaned(text).1, Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn an_id_is_no_secret_where_ids_belong() {
        let id = "AKIA1234567890ABCDEF";
        assert_eq!(search(id, "AccessKeyId"), []);
        assert_eq!(search(id, "Value").len(), 1);
    }
}
