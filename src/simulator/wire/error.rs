//! Serialization of error responses in the format of each protocol
//! (docs.aws.amazon.com, "Error responses" of EC2, IAM, S3 and `DynamoDB`; smithy.io, "AWS protocols").

use std::borrow::Cow;

use super::{Message, body_type, default_namespace, request_id_header, with_declaration};
use crate::model::catalog::{Protocol, Service, Signing};
use crate::model::protocol::encode::cbor;
use crate::model::protocol::encode::xml::{Direction, XmlWriter};
use crate::simulator::error_response::SimulatedError;

/// Serializes an error of a service.
#[must_use]
pub fn encode_error(service: &Service, refusal: &SimulatedError, request_id: &str) -> Message {
    let SimulatedError { status, code, message, headers } = refusal;
    let mut answer =
        Message { status: *status, headers: vec![request_id_header(service, request_id)], body: Vec::new() };
    answer.headers.push((Cow::Borrowed("content-type"), body_type(service)));
    answer.headers.extend(headers.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone())));
    answer.body = match &service.protocol {
        Protocol::Json { .. } => {
            if service.query_compatible {
                let fault = if *status >= 500 { "Receiver" } else { "Sender" };
                answer.headers.push((Cow::Borrowed("x-amzn-query-error"), format!("{code};{fault}")));
            }
            serde_json::json!({ "__type": code, "message": message }).to_string().into_bytes()
        }
        Protocol::RestJson => {
            answer.headers.push((Cow::Borrowed("x-amzn-errortype"), code.clone()));
            serde_json::json!({ "message": message }).to_string().into_bytes()
        }
        // Writing to memory does not fail.
        Protocol::RpcV2Cbor { .. } => {
            cbor::texts(&[("__type", code), ("message", message)]).unwrap_or_default()
        }
        Protocol::Ec2 => with_declaration(&ec2(service, refusal, request_id)),
        Protocol::RestXml if service.signing == Signing::S3SigV4 && &*service.name == "s3" => {
            with_declaration(&s3(service, refusal, request_id))
        }
        Protocol::Query | Protocol::RestXml => with_declaration(&query(service, refusal, request_id)),
    };
    answer
}

fn ec2(service: &Service, refusal: &SimulatedError, request_id: &str) -> String {
    let mut writer = XmlWriter::new(service, Direction::Answer);
    for name in ["Response", "Errors", "Error"] {
        writer.open(name, None);
    }
    writer.text_element("Code", &refusal.code);
    writer.text_element("Message", &refusal.message);
    writer.close("Error");
    writer.close("Errors");
    writer.text_element("RequestID", request_id);
    writer.close("Response");
    writer.finish()
}

fn s3(service: &Service, refusal: &SimulatedError, request_id: &str) -> String {
    let mut writer = XmlWriter::new(service, Direction::Answer);
    writer.open("Error", None);
    writer.text_element("Code", &refusal.code);
    writer.text_element("Message", &refusal.message);
    writer.text_element("RequestId", request_id);
    writer.text_element("HostId", "simulated");
    writer.close("Error");
    writer.finish()
}

fn query(service: &Service, refusal: &SimulatedError, request_id: &str) -> String {
    let namespace = service.xml_namespace.as_deref().map(default_namespace);
    let mut writer = XmlWriter::new(service, Direction::Answer);
    writer.open("ErrorResponse", namespace.as_ref());
    writer.open("Error", None);
    writer.text_element("Type", if refusal.status >= 500 { "Receiver" } else { "Sender" });
    writer.text_element("Code", &refusal.code);
    writer.text_element("Message", &refusal.message);
    writer.close("Error");
    writer.text_element("RequestId", request_id);
    writer.close("ErrorResponse");
    writer.finish()
}
