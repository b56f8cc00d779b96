//! STS: the identity of the caller, and sessions of users with an MFA device. Role sessions are opened by
//! [`assume_role`](crate::simulator::assume_role).

use std::time::SystemTime;

use chrono::{DateTime, SecondsFormat};
use serde_json::json;

use super::SimulatedCall;
use crate::simulator::credentials::{Principal, SECRET_KEY, SessionCredentials, USER, seconds};
use crate::simulator::error_response::SimulatedError;
use crate::simulator::response::{SimulatedResponse, SimulatedResult};

/// The duration of a user's session in seconds, if the request has none.
const DURATION: u64 = 43_200;

pub(super) fn answer<'call>(call: &SimulatedCall<'call>) -> Option<SimulatedResult<'call>> {
    match &*call.operation.name {
        "GetCallerIdentity" => Some(Ok(SimulatedResponse::members(json!({
            "UserId": call.identity.user_id(),
            "Account": call.identity.account.id,
            "Arn": call.identity.arn()
        })))),
        "GetSessionToken" => Some(session_token(call)),
        _ => None,
    }
}

/// Opens a session of the user with the code of the MFA device: any code but zeros.
fn session_token<'call>(call: &SimulatedCall<'call>) -> SimulatedResult<'call> {
    let account = call.identity.account;
    let denied = |message: &str| Err(SimulatedError::new(403, "AccessDenied", message));
    if call.identity.principal != Principal::User {
        return denied("Cannot call GetSessionToken with session credentials");
    }
    let device = format!("arn:aws:iam::{}:mfa/{USER}", account.id);
    let has_mfa = match (call.text("SerialNumber"), call.text("TokenCode")) {
        (None, None) => false,
        // The wordings are those of public reports (github.com/aws/aws-cli/issues/6325 and 2279).
        (Some(serial), _) if serial != device => {
            return denied(
                "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number \
                 is valid and associated with this user.",
            );
        }
        (Some(_), Some(code)) if code != "000000" => true,
        _ => return denied("MultiFactorAuthentication failed with invalid MFA one time pass code. "),
    };
    let duration = call.input.get("DurationSeconds").and_then(serde_json::Value::as_u64);
    let expiry = seconds(SystemTime::now()) + duration.unwrap_or(DURATION);
    let session = SessionCredentials::of_user(account, expiry, has_mfa);
    let expiration = DateTime::from_timestamp(expiry.try_into().unwrap_or_default(), 0);
    Ok(SimulatedResponse::members(json!({"Credentials": {
        "AccessKeyId": session.access_key,
        "SecretAccessKey": SECRET_KEY,
        "SessionToken": session.token,
        "Expiration": expiration.unwrap_or_default().to_rfc3339_opts(SecondsFormat::Secs, true)
    }})))
}
