//! `sts:AssumeRole`: role sessions in the organization's accounts.
//!
//! The catalog contains read operations only, so this operation is implemented by hand
//! (<https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>).

use std::borrow::Cow;
use std::time::SystemTime;

use chrono::{DateTime, SecondsFormat};

use super::credentials::{
    Principal, SECRET_KEY, SessionCredentials, SimulatedCaller, role_id_digits, seconds,
};
use super::error_response::SimulatedError;
use super::http::request::SimulatedRequest;
use super::session_policy::{SessionRequest, Sessions};
use super::wire::Message;
use super::world::{SimulatedAccount, SimulatedState, Trust, World};
use crate::arn::Arn;
use crate::model::catalog::{Service, XmlNamespace};
use crate::model::protocol::encode::xml::{Direction, XmlWriter};

/// The session durations that STS allows, in seconds.
const DURATIONS: std::ops::RangeInclusive<u64> = 900..=43_200;

/// Returns whether a request calls `AssumeRole`.
pub(super) fn is_assume_role(request: &SimulatedRequest) -> bool {
    request.field("Action") == Some("AssumeRole") && request.field("Version") == Some("2011-06-15")
}

/// Returns the account of the role in the request; `None` if there is no such account.
pub(super) fn account<'world>(
    world: &'world World,
    request: &SimulatedRequest,
) -> Option<&'world SimulatedAccount> {
    world.account(Arn::parse(request.field("RoleArn")?)?.account)
}

/// Opens a session, or returns AWS's error.
pub(super) fn answer(
    world: &World,
    sessions: &Sessions,
    service: &Service,
    caller: &SimulatedCaller<'_>,
    request: &SimulatedRequest,
    request_id: &str,
) -> Result<Message, SimulatedError> {
    let role_arn = request.field("RoleArn").unwrap_or_default();
    let session = request.field("RoleSessionName").unwrap_or_default();
    let duration = duration(world, request)?;
    if session.len() < 2 || session.contains(' ') {
        return Err(invalid(
            "1 validation error detected: Value at 'roleSessionName' failed to satisfy constraint",
        ));
    }
    let (account, role) = role(world, role_arn)
        .filter(|_| caller.is_user() && (caller.principal == Principal::UserWithMfa || !world.requires_mfa))
        .ok_or_else(|| SimulatedError::not_assumable(service, caller, role_arn))?;
    let policy = sessions.open(SessionRequest::read(request)?)?;
    let expiry = seconds(SystemTime::now()) + duration;
    let credentials = SessionCredentials::new(account, role, session, expiry, policy.as_deref());
    let session = OpenedSession { account, role, name: session, expiry, credentials };
    Ok(session.message(service, request_id))
}

fn invalid(message: &str) -> SimulatedError {
    SimulatedError::new(400, "ValidationError", message)
}

fn duration(world: &World, request: &SimulatedRequest) -> Result<u64, SimulatedError> {
    let Some(text) = request.field("DurationSeconds") else {
        return Ok(u64::from(world.session_seconds));
    };
    match text.parse() {
        Ok(seconds) if DURATIONS.contains(&seconds) => Ok(seconds),
        _ => Err(invalid(
            "1 validation error detected: Value at 'durationSeconds' failed to satisfy constraint",
        )),
    }
}

/// Returns the account and the name of a role that the management account may assume.
fn role<'world, 'arn>(
    world: &'world World,
    role_arn: &'arn str,
) -> Option<(&'world SimulatedAccount, &'arn str)> {
    let arn = Arn::parse(role_arn).filter(|arn| arn.partition == "aws")?;
    let (account, name) = (world.account(arn.account)?, arn.role_name()?);
    let open = account.state == SimulatedState::Active && account.trust == Trust::Grants;
    (open && name == world.role_name).then_some((account, name))
}

/// An opened session.
struct OpenedSession<'session> {
    account: &'session SimulatedAccount,
    role: &'session str,
    name: &'session str,
    expiry: u64,
    credentials: SessionCredentials,
}

impl OpenedSession<'_> {
    fn message(&self, service: &Service, request_id: &str) -> Message {
        let Self { account, role, name, .. } = self;
        let expiration =
            DateTime::from_timestamp(self.expiry.try_into().unwrap_or_default(), 0).unwrap_or_default();
        let namespace = XmlNamespace { prefix: None, uri: service.xml_namespace.clone().unwrap_or_default() };
        let mut writer = XmlWriter::new(service, Direction::Answer);
        writer.open("AssumeRoleResponse", Some(&namespace));
        writer.open("AssumeRoleResult", None);
        writer.open("Credentials", None);
        writer.text_element("AccessKeyId", &self.credentials.access_key);
        writer.text_element("SecretAccessKey", SECRET_KEY);
        writer.text_element("SessionToken", &self.credentials.token);
        writer.text_element("Expiration", &expiration.to_rfc3339_opts(SecondsFormat::Secs, true));
        writer.close("Credentials");
        writer.open("AssumedRoleUser", None);
        writer.text_element("AssumedRoleId", &format!("AROA{}:{name}", role_id_digits(account, role)));
        writer.text_element("Arn", &format!("arn:aws:sts::{}:assumed-role/{role}/{name}", account.id));
        writer.close("AssumedRoleUser");
        writer.close("AssumeRoleResult");
        writer.open("ResponseMetadata", None);
        writer.text_element("RequestId", request_id);
        writer.close("ResponseMetadata");
        writer.close("AssumeRoleResponse");
        Message {
            status: 200,
            headers: vec![
                (Cow::Borrowed("content-type"), "text/xml".to_owned()),
                (Cow::Borrowed("x-amzn-requestid"), request_id.to_owned()),
            ],
            body: writer.finish().into_bytes(),
        }
    }
}
