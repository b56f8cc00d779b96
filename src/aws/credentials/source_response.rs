//! Responses of metadata services and containers, in the form that the SDK's providers parse.
//!
//! Emulators and agents return what botocore accepts and the SDK does not: a role name with a line end, which makes
//! the SDK panic, and dates with an offset instead of `Z`.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use serde_json::Value;

use super::credential_dates;

/// The member with the date at which credentials expire.
const EXPIRATION: &str = "Expiration";

/// Returns a response without white space at its end, and with the date of credentials in the SDK's form.
pub(super) async fn in_sdk_form(response: HttpResponse) -> Result<HttpResponse, ConnectorError> {
    let (status, mut headers) = (response.status(), response.headers().clone());
    let body = ByteStream::new(response.into_body()).collect().await;
    let body = body.map_err(|error| ConnectorError::io(error.into()))?.into_bytes();
    let body = rewritten(&body);
    headers.remove("content-length");
    let mut response = HttpResponse::new(status, SdkBody::from(body));
    *response.headers_mut() = headers;
    Ok(response)
}

fn rewritten(body: &[u8]) -> Vec<u8> {
    if let Ok(Value::Object(mut credentials)) = serde_json::from_slice(body)
        && let Some(Value::String(date)) = credentials.get_mut(EXPIRATION)
        && let Some(parsed) = credential_dates::parse(date)
    {
        *date = credential_dates::in_sdk_form(parsed);
        return Value::Object(credentials).to_string().into_bytes();
    }
    body.trim_ascii_end().to_vec()
}

#[cfg(test)]
mod tests {
    use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
    use aws_smithy_types::body::SdkBody;

    use super::in_sdk_form;

    #[tokio::test]
    async fn dates_and_line_ends_are_rewritten_and_rest_is_kept() {
        for (body, expected) in [
            ("my-role\r\n", "my-role"),
            (
                r#"{"Code":"Success","Expiration":"2036-01-01T01:00:00+01:00","Token":"t"}"#,
                r#"{"Code":"Success","Expiration":"2036-01-01T00:00:00Z","Token":"t"}"#,
            ),
            (r#"{"Expiration":"soon"} "#, r#"{"Expiration":"soon"}"#),
            ("[1]", "[1]"),
            ("", ""),
        ] {
            let mut response = HttpResponse::new(200.try_into().expect("a status"), SdkBody::from(body));
            response.headers_mut().insert("content-length", body.len().to_string());
            response.headers_mut().insert("x-aws-ec2-metadata-token-ttl-seconds", "21600");
            let response = in_sdk_form(response).await.expect("a response");
            assert_eq!(response.body().bytes(), Some(expected.as_bytes()));
            assert!(response.headers().contains_key("x-aws-ec2-metadata-token-ttl-seconds"));
            assert!(!response.headers().contains_key("content-length"));
        }
    }
}
