//! The error of an answer that cannot be read.

use std::error::Error;
use std::fmt;

use crate::catalog::{Operation, Protocol, Service};

/// How much of a body an error quotes, in characters.
const QUOTED: usize = 200;

/// An answer whose body is not what its protocol promises: a proxy's web page, or cut short.
#[derive(Debug)]
pub struct DecodeError {
    expected: String,
    problem: String,
    start: String,
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
            start: beginning(body),
        }
    }

    /// The first characters of the body, fit for printing.
    #[must_use]
    pub fn body_start(&self) -> &str {
        &self.start
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the answer is not {}: {}", self.expected, self.problem)?;
        match self.start.as_str() {
            "" => write!(formatter, "; its body is empty"),
            start => write!(formatter, "; it begins with `{start}`"),
        }
    }
}

impl Error for DecodeError {}

/// The first characters of a body on one line, without what would upset a terminal.
pub(in crate::client::wire) fn beginning(body: &[u8]) -> String {
    // A character has at most four bytes.
    let text = String::from_utf8_lossy(&body[..body.len().min(QUOTED * 4)]);
    let text = text.replace(char::is_control, " ");
    let mut characters = text.trim().chars();
    let mut beginning: String = characters.by_ref().take(QUOTED).collect();
    if characters.next().is_some() {
        beginning.push('…');
    }
    beginning
}

#[cfg(test)]
mod tests {
    use super::beginning;

    #[test]
    fn a_body_is_quoted_briefly_and_printably() {
        assert_eq!(beginning(b" \x1b[31mred\r\nalert\xff "), "[31mred  alert\u{fffd}");
        assert_eq!(beginning(&[b'x'; 5000]).chars().count(), 201);
        assert_eq!(beginning(b""), "");
    }
}
