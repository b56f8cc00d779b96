//! A filter for the dates of responses, which the SDK uses to correct its clock.
//!
//! The SDK signs the next request with the time of the last `Date`, and panics where the year has five digits. So
//! a date that differs much from this machine's clock is removed; AWS then reports itself that the time of the
//! signature is wrong.

use std::time::{Duration, SystemTime};

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

/// The maximum difference between this machine's clock and AWS's: more than any time zone.
const MAX_DIFFERENCE: Duration = Duration::from_hours(24);

/// A connector that removes implausible dates from responses.
#[derive(Debug)]
pub(crate) struct PlausibleDates(pub(crate) SharedHttpConnector);

impl HttpConnector for PlausibleDates {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let response = self.0.call(request);
        HttpConnectorFuture::new(async move {
            let mut response = response.await?;
            keep_plausible(&mut response, SystemTime::now());
            Ok(response)
        })
    }
}

fn keep_plausible(response: &mut HttpResponse, now: SystemTime) {
    let Some(date) = response.headers().get("date") else { return };
    let moment =
        DateTime::from_str(date, Format::HttpDate).ok().and_then(|date| SystemTime::try_from(date).ok());
    let distance = moment.map(|moment| {
        let before = now.duration_since(moment);
        before.unwrap_or_else(|after| after.duration())
    });
    if distance.is_none_or(|distance| distance > MAX_DIFFERENCE) {
        response.headers_mut().remove("date");
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
    use aws_smithy_types::body::SdkBody;

    use super::keep_plausible;

    #[test]
    fn a_date_that_no_clock_shows_is_left_out() {
        // Sat, 28 Nov 2026 12:00:00 GMT
        let now = SystemTime::UNIX_EPOCH + Duration::from_hours(498_852);
        for (date, kept) in [
            ("Sat, 28 Nov 2026 12:00:01 GMT", true),
            ("Sat, 28 Nov 2026 04:30:00 GMT", true),
            ("Sun, 29 Nov 2026 02:00:00 GMT", true),
            ("Mon, 30 Nov 2026 12:00:00 GMT", false),
            ("Fri, 31 Dec 9999 23:59:59 GMT", false),
            ("Sat, 01 Jan 0000 00:00:00 GMT", false),
            ("Thu, 01 Jan 1970 00:00:00 GMT", false),
            ("Fri, 31 Dec 99999 23:59:59 GMT", false),
            ("soon", false),
            ("", false),
        ] {
            let mut response = HttpResponse::new(500.try_into().expect("a status"), SdkBody::from("body"));
            response.headers_mut().insert("date", date);
            keep_plausible(&mut response, now);
            assert_eq!(response.headers().contains_key("date"), kept, "{date}");
        }
    }
}
