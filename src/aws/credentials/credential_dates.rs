//! The dates of temporary credentials, in the forms that AWS's tools and third parties write.
//!
//! botocore parses them with `dateutil`, which accepts many more forms than RFC 3339. The AWS CLI itself has written
//! `2020-06-17T10:02:08UTC` (aws/aws-cli, `awscli/customizations/sso/utils.py`).

use std::time::SystemTime;

use chrono::{DateTime, Utc};

/// Returns the moment that a date with a time zone means; `None` for other texts.
pub(super) fn parse(text: &str) -> Option<SystemTime> {
    let text = text.trim();
    let zoned = |name: &str| text.strip_suffix(name).map(|text| format!("{}Z", text.trim_end()));
    let text = zoned("UTC").or_else(|| zoned("GMT")).unwrap_or_else(|| text.to_owned());
    ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z"]
        .iter()
        .find_map(|format| DateTime::parse_from_str(&text, format).ok())
        .map(Into::into)
}

/// Returns a date in the one form that the SDK parses.
pub(super) fn in_sdk_form(date: SystemTime) -> String {
    DateTime::<Utc>::from(date).format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::{in_sdk_form, parse};

    #[test]
    fn dates_with_any_time_zone_are_read() {
        for text in [
            "2036-01-01T00:00:00Z",
            "2036-01-01T00:00:00UTC",
            "2036-01-01T00:00:00 GMT\n",
            "2036-01-01T00:00:00+00:00",
            "2036-01-01T01:00:00+0100",
            "2036-01-01T01:00:00 +01",
            "2035-12-31T19:00:00.123456-05:00",
            "2036-01-01 00:00:00+00:00",
            "2036-01-01 00:00:00Z",
        ] {
            assert_eq!(parse(text).map(in_sdk_form).as_deref(), Some("2036-01-01T00:00:00Z"), "{text}");
        }
        for text in ["", "2036-01-01T00:00:00", "2036-01-01", "tomorrow", "2036-13-01T00:00:00Z"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
