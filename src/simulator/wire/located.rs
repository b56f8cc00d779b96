//! Members of rest responses outside of the body: in the status and in headers.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use serde_json::{Map, Value};

use super::Message;
use crate::model::catalog::{Location, Service, ShapeKind, ShapeReference, Structure, TimestampFormat};

/// Sets the status and the headers of a message from the members that are not in the body.
pub(super) fn write(
    message: &mut Message,
    service: &Service,
    output: &Structure,
    members: &Map<String, Value>,
) {
    for member in output.members.iter().filter(|member| member.location != Location::Body) {
        let Some(value) = members.get(&*member.name).filter(|value| !value.is_null()) else {
            continue;
        };
        match member.location {
            Location::StatusCode => {
                message.status =
                    value.as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or(message.status);
            }
            Location::Headers => {
                let prefix = member.location_name();
                for (key, value) in value.as_object().into_iter().flatten() {
                    message.headers.push((Cow::Owned(format!("{prefix}{key}")), plain(value).into_owned()));
                }
            }
            Location::Header => {
                let text = header(service, &member.reference, value).into_owned();
                message.headers.push((Cow::Owned(member.location_name().to_owned()), text));
            }
            Location::Body | Location::Uri | Location::QueryString => {}
        }
    }
}

/// Returns the members in the body.
pub(super) fn body_members<'value>(
    output: &Structure,
    members: &'value Map<String, Value>,
) -> Cow<'value, Map<String, Value>> {
    if output.members.iter().all(|member| member.location == Location::Body) {
        return Cow::Borrowed(members);
    }
    let elsewhere =
        |name: &str| output.member(name).is_some_and(|(_, member)| member.location != Location::Body);
    let in_body = members.iter().filter(|(name, _)| !elsewhere(name));
    Cow::Owned(in_body.map(|(name, value)| (name.clone(), value.clone())).collect())
}

fn header<'value>(service: &Service, reference: &ShapeReference, value: &'value Value) -> Cow<'value, str> {
    match (service.kind(reference.shape), value) {
        (ShapeKind::List(list), Value::Array(items)) => {
            let items: Vec<_> = items.iter().map(|item| header(service, &list.member, item)).collect();
            Cow::Owned(items.join(","))
        }
        (ShapeKind::String, value) if reference.json_value => Cow::Owned(STANDARD.encode(value.to_string())),
        (ShapeKind::Timestamp, Value::String(text)) => {
            moment(text, reference.timestamp_format.unwrap_or(TimestampFormat::Rfc822))
        }
        _ => plain(value),
    }
}

fn plain(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

/// Formats a timestamp as in the model; text that is no timestamp stays unchanged.
fn moment(text: &str, format: TimestampFormat) -> Cow<'_, str> {
    let Ok(moment) = DateTime::parse_from_rfc3339(text) else {
        return Cow::Borrowed(text);
    };
    let moment = moment.to_utc();
    Cow::Owned(match format {
        TimestampFormat::Iso8601 => moment.format("%Y-%m-%dT%H:%M:%S%.fZ").to_string(),
        TimestampFormat::Rfc822 => moment.format("%a, %d %b %Y %H:%M:%S GMT").to_string(),
        TimestampFormat::UnixTimestamp => moment.timestamp().to_string(),
    })
}
