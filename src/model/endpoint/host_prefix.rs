//! Host prefixes: a few operations add a word or a request member as a prefix of the host name.

use serde_json::{Map, Value};

use super::error::EndpointError;
use super::functions::{self, Url};
use crate::model::catalog::{ContextValue, Operation, Service};

/// Adds the operation's prefix to the host of `url`.
///
/// Three cases have no prefix: operations without the trait; operations whose endpoint rules add the same account
/// ID (S3 Control; botocore's `remove_accid_host_prefix_from_model`); and hosts for which [`is_local`] holds,
/// where botocore would create a name that no resolver knows.
pub(super) fn with_host_prefix(
    url: String,
    service: &Service,
    operation: &Operation,
    input: &Map<String, Value>,
) -> Result<String, EndpointError> {
    let Some(prefix) = operation.host_prefix.as_deref().filter(|prefix| !is_in_rules(prefix, operation))
    else {
        return Ok(url);
    };
    if functions::parse_url(&url).is_some_and(|url| is_local(&url)) {
        return Ok(url);
    }
    let prefix = expand(prefix, service, operation, input)?;
    Ok(match url.split_once("://") {
        Some((scheme, rest)) => format!("{scheme}://{prefix}{rest}"),
        None => url,
    })
}

/// Returns whether a host cannot have names below it: an IP address, or this machine.
pub(super) fn is_local(url: &Url) -> bool {
    url.is_ip || url.host.eq_ignore_ascii_case("localhost")
}

fn is_in_rules(prefix: &str, operation: &Operation) -> bool {
    let requires_account = |(name, value): &(Box<str>, ContextValue)| {
        **name == *"RequiresAccountId" && *value == ContextValue::Boolean(true)
    };
    prefix == "{AccountId}." && operation.static_context.iter().any(requires_account)
}

/// Replaces the labels in braces with values of the request.
fn expand(
    prefix: &str,
    service: &Service,
    operation: &Operation,
    input: &Map<String, Value>,
) -> Result<String, EndpointError> {
    let mut expanded = prefix.to_owned();
    let members = service.input(operation).into_iter().flat_map(|input| &input.members);
    for member in members.filter(|member| member.host_label) {
        let value = input.get(&*member.name).and_then(Value::as_str);
        let label = value.filter(|value| functions::is_valid_host_label(value, false)).ok_or_else(|| {
            EndpointError::HostLabel { member: member.name.to_string(), value: value.map(str::to_owned) }
        })?;
        expanded = expanded.replace(&format!("{{{}}}", member.name), label);
    }
    Ok(expanded)
}

#[cfg(test)]
mod tests {
    use serde_json::Map;

    use super::super::samples::{add_operation, fixed, request, service};
    use super::with_host_prefix;

    fn prefixed(url: &str, prefix: &str, value: Option<&str>) -> Result<String, String> {
        let mut service = service("neptune-graph", "{}", "[]");
        let mut operation = add_operation(&mut service, "GetQuery", &[("graph", None, true)]);
        operation.host_prefix = Some(prefix.into());
        let input = value.map_or_else(Map::new, |value| request("graph", value));
        with_host_prefix(url.to_owned(), &service, &operation, &input).map_err(|error| error.to_string())
    }

    #[test]
    fn a_prefix_stands_before_the_host() {
        assert_eq!(
            prefixed("https://deadline.eu-west-1.amazonaws.com/path", "management.", Some("g-1")).as_deref(),
            Ok("https://management.deadline.eu-west-1.amazonaws.com/path")
        );
    }

    #[test]
    fn a_label_is_taken_from_the_request() {
        assert_eq!(
            prefixed("https://example.com", "{graph}.", Some("g-1")).as_deref(),
            Ok("https://g-1.example.com")
        );
    }

    #[test]
    fn a_label_that_would_change_the_host_is_refused() {
        for value in ["evil.com/", "a.b", "", "a:80"] {
            let message = prefixed("https://example.com", "{graph}.", Some(value)).expect_err("an error");
            assert!(message.contains("`graph` is part of the host name"), "{message}");
        }
        let message = prefixed("https://example.com", "{graph}.", None).expect_err("an error");
        assert!(message.contains("is required"), "{message}");
    }

    #[test]
    fn hosts_without_names_below_them_get_no_prefix() {
        for url in ["http://127.0.0.1:5000", "http://[::1]:5000", "http://localhost:5000"] {
            assert_eq!(prefixed(url, "management.", Some("g-1")).as_deref(), Ok(url));
        }
    }

    /// An account ID that the endpoint rules put into the host is not put there twice.
    #[test]
    fn host_prefix_skips_account_id_set_by_rules() {
        let mut service = service("s3control", "{}", "[]");
        let mut operation =
            add_operation(&mut service, "ListJobs", &[("AccountId", Some("AccountId"), true)]);
        operation.host_prefix = Some("{AccountId}.".into());
        operation.static_context = vec![fixed("RequiresAccountId", true)];
        let url = "https://123456789012.s3-control.eu-west-1.amazonaws.com";
        let unchanged =
            with_host_prefix(url.to_owned(), &service, &operation, &request("AccountId", "123456789012"));
        assert_eq!(unchanged.as_deref(), Ok(url));
    }
}
