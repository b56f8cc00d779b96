//! The error of an answer that cannot be read.

use std::error::Error;
use std::fmt;

use crate::catalog::{Operation, Protocol, Service};

/// An answer whose body is not what its protocol promises: a proxy's web page, or cut short.
#[derive(Debug)]
pub struct DecodeError {
    expected: String,
    problem: String,
    body: String,
}

impl DecodeError {
    pub(super) fn new(service: &Service, operation: &Operation, problem: String, body: &[u8]) -> Self {
        let format = match service.protocol {
            Protocol::Json { .. } | Protocol::RestJson => "JSON",
            Protocol::RestXml | Protocol::Query | Protocol::Ec2 => "XML",
        };
        Self {
            expected: format!("the {format} of {}:{}", service.name, operation.name),
            problem,
            body: described(body),
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the answer is not {}: {}; its body is {}", self.expected, self.problem, self.body)
    }
}

impl Error for DecodeError {}

/// What a body is, and never a word of it: what cannot be read may hold secrets, and nothing finds them there.
pub(in crate::client::wire) fn described(body: &[u8]) -> String {
    let kind = match body.trim_ascii_start() {
        [] => return "empty".to_owned(),
        start if is_web_page(start) => "a web page",
        [b'<', ..] => "XML",
        [b'{' | b'[', ..] => "JSON",
        start if std::str::from_utf8(start).is_ok() => "text",
        _ => "no text",
    };
    format!("{kind} of {} bytes", body.len())
}

/// Whether a body is HTML.
pub(in crate::client::wire) fn is_web_page(body: &[u8]) -> bool {
    let starts_with = |prefix: &[u8]| {
        body.trim_ascii_start().get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    starts_with(b"<html") || starts_with(b"<!doctype html")
}

#[cfg(test)]
mod tests {
    use super::described;

    #[test]
    fn a_body_is_described_and_not_quoted() {
        for (body, expected) in [
            (&b""[..], "empty"),
            (b" \n", "empty"),
            (b" <!DOCTYPE html><title>Sign in</title>", "a web page of 38 bytes"),
            (b"<Error><Code>A", "XML of 14 bytes"),
            (b"{\"password\": \"hunter2", "JSON of 21 bytes"),
            (b"Service Unavailable", "text of 19 bytes"),
            (b"\xff\xfe", "no text of 2 bytes"),
        ] {
            assert_eq!(described(body), expected);
        }
    }
}
