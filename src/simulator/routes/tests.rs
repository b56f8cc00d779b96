//! Tests that requests of the client are routed to the called operation.

use serde_json::{Map, Value};

use super::{Head, Routes, target_in_path};
use crate::model::catalog::example::example;
use crate::model::catalog::{Catalog, Operation, Protocol, Service, Signing};
use crate::model::protocol::encode_request;

/// Routes the smallest request of an operation, as the client sends it.
fn find(
    routes: &Routes,
    service: &Service,
    operation: &Operation,
    input: &Map<String, Value>,
) -> Option<String> {
    let request = encode_request(service, operation, input).expect("a request");
    let (path, query) = request.path_and_query.split_once('?').unwrap_or((&request.path_and_query, ""));
    let query = crate::simulator::http::request::form::pairs(query);
    let form = String::from_utf8_lossy(&request.body);
    let form = crate::simulator::http::request::form::pairs(&form);
    let field = |name: &str| form.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str());
    let target = request
        .headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("x-amz-target"))
        .map(|(_, value)| value.clone())
        .or_else(|| target_in_path(path));
    let is_form = matches!(service.protocol, Protocol::Query | Protocol::Ec2);
    let signed = matches!(service.signing(operation), Signing::SigV4 | Signing::S3SigV4);
    let head = Head {
        signing_name: signed.then_some(&*service.signing_name),
        target: target.as_deref(),
        action: field("Version").zip(field("Action")).filter(|_| is_form),
        method: &request.method,
        path,
        query: &query,
    };
    let id = routes.find(&head)?;
    Some(format!("{} {}", routes.service_name(id), routes.route(id).function))
}

fn required(service: &Service, operation: &Operation) -> Map<String, Value> {
    service
        .required_parameters(operation)
        .map(|member| (member.name.to_string(), example(service, &member.reference, "eHl6")))
        .collect()
}

#[test]
fn every_operation_finds_itself_or_a_twin() {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    let routes = Routes::build(&catalog).expect("routes");
    let (mut twins, mut lost) = (Vec::new(), Vec::new());
    for entry in catalog.entries() {
        let service = catalog.read(entry).expect("loads");
        for operation in &service.operations {
            let name = format!("{} {}", service.name, operation.function);
            match find(&routes, &service, operation, &required(&service, operation)) {
                Some(found) if found == name => {}
                Some(found) if found.split(' ').nth(1) == Some(&*operation.function) => twins.push(name),
                found => lost.push(format!("{name}: {found:?}")),
            }
        }
    }
    // Same name, same path: the requests differ only in the host.
    assert!(twins.len() < 100, "{}: {twins:?}", twins.len());
    assert_eq!(
        lost,
        [
            "lex-models get_import: Some(\"lexv2-models describe_import\")",
            "s3 get_bucket_lifecycle: Some(\"s3 get_bucket_lifecycle_configuration\")",
            "s3 get_bucket_notification: Some(\"s3 get_bucket_notification_configuration\")",
            "s3 list_directory_buckets: Some(\"s3 list_buckets\")",
        ]
    );
}

/// The parameters that an operation requires distinguish it from another one on the same path.
#[test]
fn route_on_same_path_is_chosen_by_required_parameters() {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    let routes = Routes::build(&catalog).expect("routes");
    let query =
        |names: &[&str]| -> Vec<_> { names.iter().map(|name| ((*name).to_owned(), String::new())).collect() };
    for (path, given, function) in [
        ("/bucket", query(&["analytics"]), "list_bucket_analytics_configurations"),
        ("/bucket", query(&["analytics", "id"]), "get_bucket_analytics_configuration"),
        ("/bucket/key", query(&[]), "get_object"),
        ("/bucket/key", query(&["uploadId"]), "list_parts"),
        ("/bucket/", query(&["location"]), "get_bucket_location"),
    ] {
        for signing_name in ["s3", "s3express"] {
            let head = Head {
                signing_name: Some(signing_name),
                target: None,
                action: None,
                method: "GET",
                path,
                query: &given,
            };
            let id = routes.find(&head).expect("a route");
            assert_eq!(&*routes.route(id).function, function);
        }
    }
}

#[test]
fn signature_chooses_between_the_kinds_of_buckets() {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    let routes = Routes::build(&catalog).expect("routes");
    for (signing_name, function) in [("s3", "list_buckets"), ("s3express", "list_directory_buckets")] {
        let query = &[("max-buckets".to_owned(), String::new())];
        let signing_name = Some(signing_name);
        let head = Head { signing_name, target: None, action: None, method: "GET", path: "/", query };
        assert_eq!(&*routes.route(routes.find(&head).expect("a route")).function, function);
    }
}
