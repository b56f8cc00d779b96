//! botocore's own suites for the wire formats, run against ours.
//!
//! They come with botocore's source distribution, which `tests/run` fetches; botocore's
//! `tests/unit/test_protocols.py` defines how their cases are compared.

#![expect(clippy::unwrap_used, reason = "a broken suite has to end its test")]

mod answers;
mod compare;
mod recorded;
mod requests;
mod suite;

use suite::{Direction, run};

/// The files of a protocol suite that are run.
const PROTOCOLS: [&str; 10] = [
    "ec2",
    "json",
    "json_1_0",
    "json_1_0-query-compatible",
    "query",
    "rest-json",
    "rest-xml",
    "smithy-rpc-v2-cbor",
    "smithy-rpc-v2-cbor-non-query-compatible",
    "smithy-rpc-v2-cbor-query-compatible",
];

/// The older suites, written by hand; without the variants of json and CBOR.
const LEGACY_PROTOCOLS: [&str; 5] = ["ec2", "json", "query", "rest-json", "rest-xml"];

#[test]
fn requests_equal_those_of_botocore() {
    run("protocols/input", &PROTOCOLS, Direction::Input, requests::check);
}

#[test]
fn requests_of_the_older_suites_equal_those_of_botocore() {
    run("protocols/legacy/input", &LEGACY_PROTOCOLS, Direction::Input, requests::check);
}

#[test]
fn answers_are_decoded_as_botocore_does() {
    run("protocols/output", &PROTOCOLS, Direction::Output, answers::check);
}

#[test]
fn answers_of_the_older_suites_are_decoded_as_botocore_does() {
    run("protocols/legacy/output", &LEGACY_PROTOCOLS, Direction::Output, answers::check);
}

#[test]
fn recorded_xml_answers_are_decoded_as_botocore_does() {
    recorded::xml_answers();
}

#[test]
fn recorded_xml_errors_are_decoded_as_botocore_does() {
    recorded::xml_errors();
}

#[test]
fn recorded_json_errors_are_decoded_as_botocore_does() {
    recorded::json_errors();
}
