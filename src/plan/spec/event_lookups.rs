//! The calls that look up who changed resources, in CloudTrail's history of management events.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::names::AccountId;

/// The function that looks events up, as `--allow` names it: its responses are bulk data.
pub const EVENT_LOOKUP: (&str, &str) = ("cloudtrail", "lookup_events");
/// How long events can be looked up, in days (botocore's model, `LookupEvents`).
pub const EVENT_DAYS: i64 = 90;
/// The most events that are read for one name of a resource: one page (botocore's model, `LookupEventsRequest`:
/// `MaxResults` is at most 50, which is the default).
pub const MOST_EVENTS: u32 = 50;

/// The events that changed something. Failed requests have an error code. The ARN of a role's session has the name of
/// the role and of the session; a service acts without an ARN (docs.aws.amazon.com/awscloudtrail/latest/userguide/
/// cloudtrail-event-reference-user-identity.html and cloudtrail-event-reference-record-contents.html).
const EVENTS: &str = ".Events[] | select(.ReadOnly == \"false\") \
    | ((.CloudTrailEvent | fromjson)? // {}) as $record | select($record.errorCode == null) \
    | $record.userIdentity as $caller \
    | {principal: ($caller.arn // $caller.sessionContext.sessionIssuer.arn // $caller.invokedBy // .Username \
          // \"unknown\"), \
       role: $caller.sessionContext.sessionIssuer.arn, event: .EventName, source: .EventSource, time: .EventTime}";

/// A lookup of the events about one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventLookup {
    /// The account.
    pub account: AccountId,
    /// The region that has the events, or `global` for that of the partition's global services.
    pub region: String,
    /// The name by which `CloudTrail` most likely knows the resource.
    pub name: String,
    /// Another name, which is looked up if there are no events with the first.
    pub other_name: Option<String>,
}

impl EventLookup {
    /// Returns the most requests that the lookup sends, without retries: a page for each name.
    #[must_use]
    pub fn most_requests(&self) -> usize {
        1 + usize::from(self.other_name.is_some())
    }

    /// Returns the key of the result of the lookup with this index, and that of the lookup by the other name.
    #[must_use]
    pub fn results(index: usize) -> [String; 2] {
        [index.to_string(), format!("{index}-other-name")]
    }

    fn call(&self, index: usize, period: [DateTime<Utc>; 2]) -> Value {
        let [first, second] = Self::results(index);
        let parameters = |name: &str| {
            json!({
                "LookupAttributes": [{"AttributeKey": "ResourceName", "AttributeValue": name}],
                "StartTime": second_of(period[0]),
                // The last second is included.
                "EndTime": second_of(period[1] + TimeDelta::seconds(1)),
            })
        };
        let mut call = json!({
            "name": first, "service": EVENT_LOOKUP.0, "function": EVENT_LOOKUP.1, "parameters": parameters(&self.name),
            "paginate": false, "result_key": EVENTS, "accounts": [self.account.as_str()], "regions": [self.region],
        });
        if let Some(name) = &self.other_name {
            call["each"] = json!([{
                "name": second, "over": format!(". | select(.Events | length == 0) | {}", Value::from(name.as_str())),
                "function": EVENT_LOOKUP.1, "parameters": parameters("{.}"),
                "paginate": false, "result_key": EVENTS,
            }]);
        }
        call
    }
}

/// Returns the spec that looks up events of a period. The regions are names.
#[must_use]
pub fn event_lookup_spec(lookups: &[EventLookup], period: [DateTime<Utc>; 2]) -> Value {
    let calls: Vec<Value> =
        lookups.iter().enumerate().map(|(index, lookup)| lookup.call(index, period)).collect();
    json!({"version": 1, "description": "Who changed resources", "calls": calls})
}

fn second_of(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use serde_json::{Value, json};

    use super::{EVENT_LOOKUP, EVENTS, EventLookup, event_lookup_spec};
    use crate::model::catalog::{Catalog, Function};
    use crate::names::AccountId;
    use crate::plan::spec::{JqFilter, ScanSpec};

    fn time(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    fn lookup(name: &str, other_name: Option<&str>) -> EventLookup {
        EventLookup {
            account: AccountId::new("111111111111"),
            region: "eu-west-1".to_owned(),
            name: name.to_owned(),
            other_name: other_name.map(str::to_owned),
        }
    }

    fn spec(lookups: &[EventLookup]) -> Value {
        event_lookup_spec(lookups, [time("2026-11-29T02:00:00.7Z"), time("2026-11-30T02:10:59.2Z")])
    }

    #[test]
    fn spec_of_lookups_loads() {
        let mut catalog = Catalog::embedded().expect("a catalog");
        let service = catalog.service(EVENT_LOOKUP.0).expect("loads").expect("exists");
        let function = Function::find(&service, EVENT_LOOKUP.1).expect("a function");
        catalog.allow(&function);
        // Quotes and jq's own characters may be in names.
        let lookups = [lookup("i-1", None), lookup("orders", Some(r#"arn:"a\(b)|{c}"#))];
        let spec = ScanSpec::parse(&spec(&lookups).to_string(), "lookups", &catalog);
        let spec = spec.unwrap_or_else(|error| panic!("{error}"));
        assert!(spec.skipped.is_empty() && spec.notices.is_empty(), "{:?}", spec.notices);
        assert_eq!(spec.entries.len(), 2);
    }

    #[test]
    fn period_has_whole_seconds_around_the_runs() {
        let parameters = &spec(&[lookup("i-1", None)])["calls"][0]["parameters"];
        assert_eq!(parameters["StartTime"], "2026-11-29T02:00:00Z");
        assert_eq!(parameters["EndTime"], "2026-11-30T02:11:00Z");
    }

    #[test]
    fn only_successful_writing_events_are_kept() {
        let event = |name: &str, read_only: &str, record: &str| {
            json!({"EventName": name, "ReadOnly": read_only, "EventSource": "ec2.amazonaws.com",
                "EventTime": "2026-11-29T03:00:00+00:00", "Username": "fallback", "CloudTrailEvent": record})
        };
        let session = json!({"userIdentity": {
            "arn": "arn:aws:sts::111111111111:assumed-role/Admin/anna",
            "sessionContext": {"sessionIssuer": {"arn": "arn:aws:iam::111111111111:role/Admin"}},
        }});
        let events = json!({"Events": [
            event("Session", "false", &session.to_string()),
            event("Service", "false", r#"{"userIdentity": {"invokedBy": "autoscaling.amazonaws.com"}}"#),
            event("Damaged", "false", "{"),
            event("Denied", "false", r#"{"errorCode": "AccessDenied", "userIdentity": {"arn": "arn:x"}}"#),
            event("Read", "true", &session.to_string()),
        ]});
        let filter = JqFilter::compile(EVENTS).unwrap_or_else(|error| panic!("{error}"));
        let found = filter.run(&events, &Value::Null).unwrap_or_else(|error| panic!("{error}"));
        let kept: Vec<_> =
            found.iter().map(|event| [&event["event"], &event["principal"], &event["role"]]).collect();
        assert_eq!(
            kept,
            [
                [
                    &json!("Session"),
                    &json!("arn:aws:sts::111111111111:assumed-role/Admin/anna"),
                    &json!("arn:aws:iam::111111111111:role/Admin")
                ],
                [&json!("Service"), &json!("autoscaling.amazonaws.com"), &Value::Null],
                [&json!("Damaged"), &json!("fallback"), &Value::Null],
            ]
        );
    }
}
