//! Services with a wrong clock
//! (docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html).

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use crate::model::catalog::{Protocol, Service};
use crate::simulator::error_response::SimulatedError;

/// The maximum difference between signature and clock. S3 allows fifteen minutes.
const TOLERANCE: TimeDelta = TimeDelta::minutes(5);
const TOLERANCE_OF_S3: TimeDelta = TimeDelta::minutes(15);

/// The format of `X-Amz-Date`.
const SIGNED_FORM: &str = "%Y%m%dT%H%M%SZ";
/// The format of `Date`.
const DATE_FORM: &str = "%a, %d %b %Y %H:%M:%S GMT";

/// Returns the time of a clock that is ahead by these seconds.
pub(super) fn shown(seconds_ahead: i64) -> DateTime<Utc> {
    let ahead = TimeDelta::try_seconds(seconds_ahead).unwrap_or_default();
    Utc::now().checked_add_signed(ahead).unwrap_or_default()
}

/// Formats a time for the `Date` header.
pub(super) fn date_header(moment: DateTime<Utc>) -> String {
    moment.format(DATE_FORM).to_string()
}

/// Returns an error if the signature is too far from the service's clock.
pub(super) fn refusal(
    service: &Service,
    signed: Option<&str>,
    clock: DateTime<Utc>,
) -> Option<SimulatedError> {
    let text = signed?;
    let signed = NaiveDateTime::parse_from_str(text, SIGNED_FORM).ok()?.and_utc();
    let is_s3 = &*service.name == "s3";
    let tolerance = if is_s3 { TOLERANCE_OF_S3 } else { TOLERANCE };
    let difference = signed.signed_duration_since(clock);
    if difference.abs() <= tolerance {
        return None;
    }
    let (now, edge) =
        (clock.format(SIGNED_FORM), |moment: DateTime<Utc>| moment.format(SIGNED_FORM).to_string());
    let message = if difference < TimeDelta::zero() {
        format!("Signature expired: {text} is now earlier than {} ({now} - 5 min.)", edge(clock - tolerance))
    } else {
        format!(
            "Signature not yet current: {text} is still later than {} ({now} + 5 min.)",
            edge(clock + tolerance)
        )
    };
    let refusal = match &service.protocol {
        _ if is_s3 => SimulatedError::new(
            403,
            "RequestTimeTooSkewed",
            "The difference between the request time and the current time is too large.",
        ),
        Protocol::Ec2 => SimulatedError::new(
            401,
            "AuthFailure",
            "AWS was not able to validate the provided access credentials",
        ),
        Protocol::Query | Protocol::RestXml => SimulatedError::new(403, "SignatureDoesNotMatch", message),
        Protocol::Json { .. } | Protocol::RpcV2Cbor { .. } => {
            SimulatedError::new(400, "InvalidSignatureException", message)
        }
        Protocol::RestJson => SimulatedError::new(403, "InvalidSignatureException", message),
    };
    Some(refusal.with_header("date", date_header(clock)))
}
