//! Accepted gaps: failures that the user knows of, and that are counted apart from others.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::{Problems, SpecError};
use super::fields::RemainingFields;
use super::keys::ACCEPTED_GAP_KEYS;
use super::region::parse_region;
use super::syntax::{self, JsonKind};
use crate::names::RegionPattern;
use crate::util::json_kind::kind;
use crate::util::suggest::did_you_mean;
use crate::util::wildcard::is_like;

/// The statuses of gaps, as in the ledger.
const STATUSES: [&str; 5] = ["denied", "throttled", "expired", "unreachable", "failed"];

/// The region of services that have one endpoint for all regions.
const GLOBAL: &str = "global";

/// The digits of an account's ID.
const ACCOUNT_DIGITS: usize = 12;

/// The gaps that the user accepts, with the reason. An empty list of names stands for all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedGap {
    /// Where the entry is, for messages: `gaps.json: entry 2`.
    pub entry: String,
    /// IDs of accounts, or patterns of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub account: Vec<String>,
    /// Regions, patterns of them, or `global`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub region: Vec<String>,
    /// Services, or patterns of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub service: Vec<String>,
    /// Functions, or patterns of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub function: Vec<String>,
    /// Statuses of the ledger.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<String>,
    /// Why the gap is accepted.
    pub reason: String,
    /// The last day on which it is accepted, in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

/// A failed call, or an item of one, as entries describe it.
#[derive(Clone, Copy, Debug)]
pub struct GapPlace<'call> {
    /// The ID of the account.
    pub account: &'call str,
    /// The region, or `global`.
    pub region: &'call str,
    /// The service.
    pub service: &'call str,
    /// The function.
    pub function: &'call str,
    /// The status in the ledger.
    pub status: &'call str,
}

impl AcceptedGap {
    /// Parses the text of a file of accepted gaps, a list of entries in JSON; `origin` names the file in messages.
    ///
    /// # Errors
    ///
    /// Returns an error with all that is wrong.
    pub fn parse(text: &str, origin: &str) -> Result<Vec<Self>, SpecError> {
        let mut problems = Problems::default();
        let gaps = match syntax::parse(text, origin, JsonKind::AcceptedGaps)? {
            Value::Array(entries) => Self::read_all(entries, "entry", &mut problems),
            other => {
                problems.add("", || format!("accepted gaps must be a list, not {}", kind(&other)));
                Vec::new()
            }
        };
        problems.into_result(origin)?;
        Ok(gaps.into_iter().map(|gap| gap.of(origin)).collect())
    }

    /// Reads the entries of a list, which are called `noun` in messages. They are complete if there are no problems.
    pub(super) fn read_all(entries: Vec<Value>, noun: &str, problems: &mut Problems) -> Vec<Self> {
        let read = |(index, entry)| Self::read(entry, format!("{noun} {}", index + 1), problems);
        entries.into_iter().enumerate().filter_map(read).collect()
    }

    /// Adds the name of the file to the place of the entry.
    #[must_use]
    pub(super) fn of(self, origin: &str) -> Self {
        Self { entry: format!("{origin}: {}", self.entry), ..self }
    }

    fn read(entry: Value, place: String, problems: &mut Problems) -> Option<Self> {
        let Value::Object(members) = entry else {
            problems.add(&place, || format!("an accepted gap must be an object, not {}", kind(&entry)));
            return None;
        };
        let mut fields = RemainingFields::new(&place, members, problems);
        fields.text("comment");
        let account = fields.names("account", check_account);
        let region = fields.names("region", check_region);
        let service = fields.names("service", check_name);
        let function = fields.names("function", check_name);
        let status = fields.names("status", check_status);
        if [&account, &region, &service, &function].iter().all(|names| names.is_none()) {
            fields.problem(|| {
                "it accepts every gap: name an `account`, `region`, `service` or `function`".to_owned()
            });
        }
        let reason = fields.text("reason");
        match &reason {
            None => fields.missing("reason", "why the gap is accepted; it is shown beside the gap"),
            Some(reason) if reason.trim().is_empty() => {
                fields.problem(|| "`reason` is empty: state why the gap is accepted".to_owned());
            }
            Some(_) => {}
        }
        let last_day = fields.text("until");
        let until = last_day.as_deref().and_then(|day| day.parse::<NaiveDate>().ok());
        if let (Some(text), None) = (&last_day, until) {
            fields.problem(|| format!("`until`: `{text}` is not a date such as 2027-03-31"));
        }
        fields.finish(ACCEPTED_GAP_KEYS);
        let [account, region, service, function, status] =
            [account, region, service, function, status].map(Option::unwrap_or_default);
        Some(Self { account, region, service, function, status, reason: reason?, until, entry: place })
    }

    /// Returns whether the entry holds at a time: up to the end of its last day.
    #[must_use]
    pub fn holds_at(&self, time: DateTime<Utc>) -> bool {
        self.until.is_none_or(|day| time.date_naive() <= day)
    }

    /// Returns whether the entry describes a failure.
    #[must_use]
    pub fn covers(&self, gap: GapPlace<'_>) -> bool {
        let has = |names: &[String], name: &str| {
            names.is_empty() || names.iter().any(|pattern| is_like(pattern, name))
        };
        has(&self.account, gap.account)
            && has(&self.region, gap.region)
            && has(&self.service, gap.service)
            && has(&self.function, gap.function)
            && has(&self.status, gap.status)
    }

    /// Returns what the entry accepts, in words: `account 111111111111, region eu-*, denied`.
    #[must_use]
    pub fn described(&self) -> String {
        let named = |noun: &str, names: &[String]| match names {
            [] => None,
            [only] => Some(format!("{noun} {only}")),
            [first, others @ ..] => Some(format!("{noun} {first} and {} more", others.len())),
        };
        let parts = [
            named("account", &self.account),
            named("region", &self.region),
            named("service", &self.service),
            named("function", &self.function),
            (!self.status.is_empty()).then(|| self.status.join(" or ")),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// Checks the ID of an account, or a pattern of it.
fn check_account(text: &str) -> Result<(), String> {
    let has_form = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'*');
    let is_pattern = text.contains('*') && text.len() <= ACCOUNT_DIGITS;
    if has_form && (is_pattern || text.len() == ACCOUNT_DIGITS) {
        return Ok(());
    }
    Err(format!("`{text}` is neither an account ID of twelve digits nor a pattern such as `1234*`"))
}

/// Checks the name of a region, a pattern, or `global`.
fn check_region(text: &str) -> Result<(), String> {
    if text == GLOBAL || text.contains('*') && RegionPattern::parse(text).is_ok() {
        return Ok(());
    }
    parse_region(text).map(drop)
}

/// Checks the name of a service or function, or a pattern.
fn check_name(text: &str) -> Result<(), String> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'*');
    if !text.is_empty() && text.bytes().all(is_allowed) {
        return Ok(());
    }
    Err(format!("`{text}` is neither a name in boto3's spelling nor a pattern such as `list_*`"))
}

fn check_status(text: &str) -> Result<(), String> {
    if STATUSES.contains(&text) {
        return Ok(());
    }
    let nearest = match did_you_mean(text, STATUSES) {
        none if none.is_empty() => format!("; it must be one of {}", STATUSES.join(", ")),
        nearest => nearest,
    };
    Err(format!("`{text}` is not the status of a gap{nearest}"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{AcceptedGap, GapPlace};

    fn parsed(entries: &Value) -> Vec<AcceptedGap> {
        AcceptedGap::parse(&entries.to_string(), "gaps.json").expect("accepted gaps")
    }

    const PLACE: GapPlace<'_> = GapPlace {
        account: "111111111111",
        region: "eu-west-1",
        service: "sqs",
        function: "list_queues",
        status: "denied",
    };

    #[test]
    fn entry_covers_what_all_its_members_describe() {
        for (entry, is_covered) in [
            (json!({"account": "111111111111"}), true),
            (json!({"account": ["222222222222", "1111*"], "region": "eu-*"}), true),
            (json!({"service": "sqs", "function": "list_*", "status": ["failed", "denied"]}), true),
            (json!({"account": "2*"}), false),
            (json!({"account": "111111111111", "region": "global"}), false),
            (json!({"service": "sqs", "function": "get_*"}), false),
            (json!({"service": "sqs", "status": "failed"}), false),
        ] {
            let mut whole = entry.clone();
            whole["reason"] = json!("known");
            assert_eq!(parsed(&json!([whole]))[0].covers(PLACE), is_covered, "{entry}");
        }
    }

    #[test]
    fn entry_holds_to_the_end_of_its_last_day() {
        let entry = json!({"service": "sqs", "reason": "known", "until": "2026-01-31", "comment": "3 calls"});
        let gap = &parsed(&json!([entry]))[0];
        let holds = |time: &str| gap.holds_at(time.parse().expect("a time"));
        assert!(holds("2026-01-31T23:59:59Z") && !holds("2026-02-01T00:00:00Z"));
        assert_eq!(gap.entry, "gaps.json: entry 1");
        let for_ever = &parsed(&json!([{"service": "sqs", "reason": "known"}]))[0];
        assert!(for_ever.holds_at("2999-12-31T00:00:00Z".parse().expect("a time")));
    }

    #[test]
    fn all_that_is_wrong_is_reported_with_its_place() {
        let wrong = json!([
            {"account": "1111", "reason": "known"},
            {"services": "sqs", "service": "sqs", "reason": "known"},
            {"service": "sqs"},
            {"service": "sqs", "reason": " "},
            {"status": "denied", "reason": "known"},
            {"region": "EU-WEST-1", "status": "denid", "reason": "known", "until": "31.3.2027"},
            "sqs",
            {"account": [], "reason": "known"},
        ]);
        let text = AcceptedGap::parse(&wrong.to_string(), "gaps.json").expect_err("problems").to_string();
        for problem in [
            "gaps.json has 10 problems",
            "entry 1: `account`: `1111` is neither an account ID of twelve digits nor a pattern",
            "entry 2: unknown key `services`; did you mean `service`?",
            "entry 3: `reason` is missing: why the gap is accepted",
            "entry 4: `reason` is empty: state why the gap is accepted",
            "entry 5: it accepts every gap: name an `account`",
            "entry 6: `region`: `EU-WEST-1` is not a region name; did you mean `eu-west-1`?",
            "entry 6: `status`: `denid` is not the status of a gap; did you mean `denied`?",
            "entry 6: `until`: `31.3.2027` is not a date",
            "entry 7: an accepted gap must be an object, not a string",
            "entry 8: `account` is empty: remove it, or list a name",
        ] {
            assert!(text.contains(problem), "{problem}\n{text}");
        }
        let text = AcceptedGap::parse("{}", "gaps.json").expect_err("no list").to_string();
        assert_eq!(text, "gaps.json: accepted gaps must be a list, not an object");
        let text = AcceptedGap::parse("", "gaps.json").expect_err("no JSON").to_string();
        assert_eq!(text, "gaps.json is empty; a file of accepted gaps is a list of entries in JSON");
    }
}
