//! Handlers of encoded requests.

use crate::model::catalog::Function;
use crate::model::protocol::WireRequest;

/// Requests plain JSON: API Gateway returns HAL links otherwise.
pub(super) fn accept_json(_: &Function, request: &mut WireRequest) {
    request.headers.push(("Accept".to_owned(), "application/json".to_owned()));
}

/// Adds the header with the API version, which Glacier requires.
pub(super) fn glacier_version(function: &Function, request: &mut WireRequest) {
    request.headers.push(("x-amz-glacier-version".to_owned(), function.service().api_version.to_string()));
}

/// Adds the header with the API version, which services with endpoint discovery require.
pub(super) fn api_version(function: &Function, request: &mut WireRequest) {
    request.headers.push(("x-amz-api-version".to_owned(), function.service().api_version.to_string()));
}

/// Moves the query of a search into the body, since it may exceed the maximum length of a URL.
pub(super) fn query_as_form(_: &Function, request: &mut WireRequest) {
    if request.method == "GET"
        && let Some((path, query)) = request.path_and_query.split_once('?')
    {
        request.body = query.as_bytes().to_vec();
        request.path_and_query = path.to_owned();
        "POST".clone_into(&mut request.method);
        request.headers.push(("Content-Type".to_owned(), "application/x-www-form-urlencoded".to_owned()));
    }
}

/// Removes the bucket from the path, since the endpoint rules add it to the URL.
pub(super) fn bucket_leaves_path(function: &Function, request: &mut WireRequest) {
    if !function.operation().request_uri.starts_with("/{Bucket}") {
        return;
    }
    let rest = request.path_and_query[1..].find(['/', '?']).map(|end| end + 1);
    let rest = rest.map_or("", |start| &request.path_and_query[start..]);
    request.path_and_query = if rest.starts_with('/') { rest.to_owned() } else { format!("/{rest}") };
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_pass_by_value, reason = "literals read better without a borrow")]

    use crate::model::catalog::{Catalog, Function};
    use crate::model::protocol::{WireRequest, encode_request};

    fn request(service: &str, name: &str, parameters: serde_json::Value) -> WireRequest {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        let service = catalog.service(service).expect("loads").expect("exists");
        let function = Function::find(&service, name).expect("exists");
        let parameters = parameters.as_object().expect("an object");
        let mut request = encode_request(&service, function.operation(), parameters).expect("encodes");
        super::super::fix_request(&function, &mut request);
        request
    }

    #[test]
    fn buckets_leave_the_path() {
        let path = |name, parameters| request("s3", name, parameters).path_and_query;
        let bucket = serde_json::json!({"Bucket": "b", "Key": "a/b"});
        assert_eq!(path("head_object", bucket), "/a/b");
        assert_eq!(path("get_bucket_location", serde_json::json!({"Bucket": "b"})), "/?location");
        assert_eq!(path("head_bucket", serde_json::json!({"Bucket": "b"})), "/");
    }

    #[test]
    fn a_search_is_posted() {
        let request = request("cloudsearchdomain", "search", serde_json::json!({"query": "star"}));
        assert_eq!(request.method, "POST");
        assert!(!request.path_and_query.contains("star"));
        assert!(String::from_utf8_lossy(&request.body).contains("q=star"));
    }

    #[test]
    fn glacier_is_told_the_version() {
        let request = request("glacier", "list_vaults", serde_json::json!({"accountId": "-"}));
        assert!(request.headers.contains(&("x-amz-glacier-version".to_owned(), "2012-06-01".to_owned())));
    }
}
