use std::io::Write as _;

use super::path::{PathTemplate, begins_with_writing_verb};
use super::{Service, guarded, reviewed};
use crate::model::catalog::operation::{Input, Operation};
use crate::model::catalog::service::Protocol;
use crate::model::catalog::shape::{Location, Member, Shape, ShapeId, ShapeKind, ShapeReference, Structure};
use crate::model::catalog::{Catalog, Function, ServiceSources, container, read_only};

fn embedded() -> Catalog {
    Catalog::embedded().expect("the embedded catalog opens")
}

fn service(name: &str) -> Service {
    let catalog = embedded();
    let entry = catalog.entries().iter().find(|entry| entry.name == name).expect("a service");
    catalog.read(entry).expect("a readable service")
}

/// Creates a catalog file of these services, and of others that make its dictionary large enough.
fn catalog_file(services: &[Service]) -> Catalog {
    let embedded = embedded();
    let others = embedded.entries().iter().take(40).map(|entry| embedded.read(entry).expect("a service"));
    let mut all: Vec<Service> = services.iter().cloned().chain(others).collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    let sources = vec![ServiceSources::default(); all.len()];
    let bytes = container::write("1.0".to_owned(), embedded.partitions().to_owned(), &all, &sources);
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(&bytes.expect("a catalog")).expect("written");
    Catalog::from_file(file.path()).expect("a catalog file")
}

/// Returns a service with one changed operation.
fn with(name: &str, operation: &str, change: impl FnOnce(&mut Operation)) -> Service {
    let mut service = service(name);
    service.operations.retain(|candidate| *candidate.name == *operation);
    change(service.operations.first_mut().expect("an operation"));
    service
}

/// Adds a member to the request of the only operation.
fn add_member(service: &mut Service, name: &str, location: Location) {
    let reference = ShapeReference {
        shape: ShapeId(0),
        location_name: Some(name.into()),
        query_name: None,
        flattened: false,
        json_value: false,
        xml_attribute: false,
        xml_namespace: None,
        timestamp_format: None,
        streaming: false,
    };
    let member = Member {
        name: "Harmless".into(),
        response_name: None,
        location,
        required: false,
        idempotency_token: false,
        host_label: false,
        context_parameter: None,
        reference,
    };
    let structure = Structure { members: vec![member], ..Structure::default() };
    service.shapes.push(Shape { sensitive: false, kind: ShapeKind::Structure(structure) });
    let shape = ShapeId(u32::try_from(service.shapes.len() - 1).expect("few shapes"));
    service.operations[0].input = Some(Input { shape, location_name: None, xml_namespace: None });
}

/// Renames the only operation, so that it is unknown to the program.
fn rename(service: &mut Service, name: &str, method: &str, request_uri: &str) {
    let operation = &mut service.operations[0];
    operation.name = name.into();
    operation.function = crate::model::catalog::function_name(name).into();
    operation.method = method.into();
    operation.request_uri = request_uri.into();
}

/// Every operation of the embedded catalog passes, and every row of the tables is needed for that.
#[test]
fn request_check_passes_embedded_catalog() {
    let catalog = embedded();
    let mut needed = Vec::new();
    for entry in catalog.entries() {
        // This checks every operation.
        let service = catalog.read(entry).unwrap_or_else(|error| panic!("{error}"));
        service.check_against(Some(&service)).expect("it is what it is");
        for operation in service.operations.iter().filter(|operation| &*operation.method == "POST") {
            let template = PathTemplate::parse(&operation.request_uri).expect("a path");
            if service.is_rest() && !template.indicates_read(&operation.name) {
                needed.push((
                    service.name.to_string(),
                    operation.name.to_string(),
                    operation.request_uri.to_string(),
                ));
            }
        }
    }
    needed.sort();
    let rows: Vec<_> = reviewed()
        .iter()
        .map(|(service, operation, uri)| ((*service).to_owned(), (*operation).to_owned(), (*uri).to_owned()))
        .collect();
    assert_eq!(rows, needed);
}

#[test]
fn a_method_that_writes_and_a_path_that_is_called_are_refused() {
    for (method, request_uri, problem) in [
        ("POST", "/2015-03-31/functions/victim-fn/invocations", "does not indicate a read"),
        ("POST", "/2015-03-31/functions/{FunctionName}/list/../invocations", "is not a valid path"),
        ("POST", "/2015-03-31/functions/get/{FunctionName}", "does not indicate a read"),
        ("POST", "/2015-03-31/functions/{FunctionName+}", "does not indicate a read"),
        ("POST", "/2015-03-31/functions//get", "is not a valid path"),
        ("POST", "/2015-03-31/functions/%2e%2e/get", "is not a valid path"),
        ("POST", "/2015-03-31/functions#/get", "is not a valid path"),
        ("POST", "/2015-03-31/delete-function/get", "does not indicate a read"),
        ("POST", "2015-03-31/get", "is not a valid path"),
        ("PUT", "/2015-03-31/functions/{FunctionName}", "is not that of a read"),
        ("DELETE", "/2015-03-31/functions/{FunctionName}", "is not that of a read"),
        ("PATCH", "/2015-03-31/functions/{FunctionName}", "is not that of a read"),
        ("get", "/2015-03-31/functions/{FunctionName}", "is not that of a read"),
    ] {
        let lambda = with("lambda", "GetFunction", |operation| {
            operation.method = method.into();
            operation.request_uri = request_uri.into();
        });
        let message = lambda.check_requests().expect_err("an error");
        assert!(
            message.starts_with("GetFunction: ") && message.contains(problem),
            "{method} {request_uri}: {message}"
        );
    }
}

#[test]
fn a_name_that_is_not_its_operations_is_refused() {
    let message = |change: fn(&mut Operation)| {
        with("dynamodb", "ListTables", change).check_requests().expect_err("an error")
    };
    assert!(message(|operation| operation.name = "DeleteTable".into()).contains("is not the function name"));
    assert!(
        message(|operation| operation.function = "list_things".into()).contains("is not the function name")
    );
    let deleting = message(|operation| {
        operation.name = "DeleteTable".into();
        operation.function = "delete_table".into();
    });
    assert!(deleting.contains("is not that of a read"), "{deleting}");
    assert!(
        message(|operation| operation.request_uri = "/tables".into())
            .contains("is not a request of this protocol")
    );
    assert!(
        message(|operation| operation.method = "GET".into()).contains("is not a request of this protocol")
    );
}

#[test]
fn no_member_of_a_request_names_another_operation() {
    for (name, operation, member, location) in [
        ("ec2", "DescribeVpcs", "Action", Location::Body),
        ("ec2", "DescribeVpcs", "action", Location::Body),
        ("iam", "ListUsers", "Version", Location::Body),
        ("iam", "ListUsers", "X-Amz-Security-Token", Location::Body),
        ("lambda", "GetFunction", "X-Amz-Target", Location::Header),
        ("lambda", "GetFunction", "x-http-method-override", Location::Header),
        ("lambda", "GetFunction", "Host", Location::Header),
        ("lambda", "GetFunction", "x-amz-", Location::Headers),
        ("lambda", "GetFunction", "", Location::Headers),
        ("s3", "ListBuckets", "Authorization", Location::Header),
    ] {
        let mut service = with(name, operation, |_| {});
        add_member(&mut service, member, location);
        let message = service.check_requests().expect_err("an error");
        assert!(message.contains("`Harmless`"), "{name} {member}: {message}");
    }
}

#[test]
fn an_api_named_after_an_operation_is_refused() {
    for prefix in
        ["DynamoDB_20120810.DeleteTable", "DynamoDB_20120810.DeleteTable;", "", "a b", "A.\r\nHost: b"]
    {
        let mut service = with("dynamodb", "ListTables", |_| {});
        service.protocol = Protocol::Json { version: "1.0".into(), target_prefix: prefix.into() };
        assert!(service.check_requests().expect_err("an error").contains("not a valid API name"), "{prefix}");
    }
    for name in ["", "a b", "lambda/..", "x\r\n"] {
        let mut service = with("lambda", "GetFunction", |_| {});
        service.signing_name = name.into();
        assert!(service.check_requests().expect_err("an error").contains("is not a valid name"), "{name:?}");
    }
}

#[test]
fn a_service_of_a_file_is_the_one_that_the_program_knows() {
    let lambda = service("lambda");
    let mut other = lambda.clone();
    other.signing_name = "secretsmanager".into();
    let message = other.check_against(Some(&lambda)).expect_err("an error");
    assert!(message.contains("would be signed for `secretsmanager`"), "{message}");
    let ec2 = service("ec2");
    let mut other = with("ec2", "DescribeVpcs", |operation| {
        operation.method = "GET".into();
        operation.request_uri = "/?Action=TerminateInstances&InstanceId.1=i-1".into();
    });
    other.protocol = Protocol::RestXml;
    let message = other.check_against(Some(&ec2)).expect_err("an error");
    assert!(message.contains("the protocol would be rest-xml"), "{message}");
    // A protocol that executes the operation of the name may replace another.
    let mut other = service("sns");
    other.protocol = Protocol::Json { version: "1.0".into(), target_prefix: "AmazonSNS".into() };
    assert_eq!(other.check_against(Some(&service("sns"))), Ok(()));
}

/// An operation that the program does not know must not send the request of another one.
#[test]
fn request_check_refuses_disguised_operation() {
    for (name, operation, method, request_uri, problem) in [
        ("sso", "GetThing", "GET", "/federation/credentials", "is GetRoleCredentials"),
        ("sso", "GetThing", "GET", "/federation/{a}", "is GetRoleCredentials"),
        ("sso", "GetThing", "GET", "/{a+}", "has no fixed part"),
        ("sso", "GetThing", "GET", "/?Action=Get", "has no fixed part"),
        ("sso", "GetThing", "GET", "/things?Action=Get", "names another operation"),
        ("iot", "GetThing", "GET", "/endpoint", "is DescribeEndpoint"),
        ("iot", "GetThing", "GET", "/confirmdestination/x/y", "is ConfirmTopicRuleDestination"),
        ("deadline", "GetThing", "GET", "/2023-10-12/farms/f/{a}/q/user-roles", "is AssumeQueueRoleForUser"),
        ("s3", "GetThing", "GET", "/{Bucket}/x?thing", "is GetObject"),
        ("codecatalyst", "GetThing", "GET", "/session", "is VerifySession"),
    ] {
        let known = service(name);
        let mut other = known.clone();
        other.operations.truncate(1);
        rename(&mut other, operation, method, request_uri);
        let message = other.check_against(Some(&known)).expect_err("an error");
        assert!(message.contains(problem), "{name} {request_uri}: {message}");
    }
    // A service of another name, with the signing name of a known one.
    let mut other = service("iot");
    other.name = "iot-new".into();
    other.operations.truncate(1);
    rename(&mut other, "GetThing", "GET", "/endpoint");
    assert!(other.check_against(None).expect_err("an error").contains("is DescribeEndpoint"));
    rename(&mut other, "GetRegistrationCode", "GET", "/x");
    assert!(other.check_against(None).expect_err("an error").contains("does more than read"));
    rename(&mut other, "GetThing", "GET", "/things/{name}");
    assert_eq!(other.check_against(None), Ok(()));
}

/// A request is that of another operation if values of its labels make the paths equal.
#[test]
fn request_matches_other_operation_by_label_values() {
    let meets = |one: &str, other: &str, parameters: &[&str]| {
        let template = PathTemplate::parse(one).expect("a path");
        template.meets(&PathTemplate::parse(other).expect("a path"), parameters)
    };
    for (one, other) in [
        ("/a/{b}", "/a/c"),
        ("/{a}/c", "/x/{b}"),
        ("/a/{b+}", "/a/b/c"),
        ("/a/b/c/", "/a/{x+}"),
        ("/{a+}/z", "/x/{b}/z"),
    ] {
        assert!(meets(one, other, &[]) && meets(other, one, &[]), "{one} {other}");
    }
    for (one, other) in [("/a/{b}", "/b/c"), ("/a", "/a/b"), ("/a/{b}/c", "/a/{b}/d"), ("/{a+}/z", "/x/y")] {
        assert!(!meets(one, other, &[]) && !meets(other, one, &[]), "{one} {other}");
    }
    assert!(meets("/b?session", "/{Bucket}?session", &["session"]));
    assert!(!meets("/b?acl", "/{Bucket}?session", &["acl"]));
    assert!(meets("/b?acl", "/{Bucket}", &["acl"]));
}

#[test]
fn a_path_says_that_it_reads_with_its_last_words() {
    for (operation, uri) in [
        ("ListThings", "/list-things"),
        ("ListThings", "/ListThings"),
        ("ListThings", "/things/list"),
        ("ListThings", "/v1/things/{id}/list"),
        ("BatchGetThing", "/things/batch-get"),
        ("BatchGetThing", "/batchGetThing"),
        ("SearchThings", "/things/{id}/search"),
        ("SearchThings", "/search/things"),
        ("QueryThings", "/query"),
    ] {
        assert!(PathTemplate::parse(uri).expect("a path").indicates_read(operation), "{operation} {uri}");
    }
    for (operation, uri) in [
        ("ListThings", "/things"),
        ("ListThings", "/list-things/{id}"),
        ("ListThings", "/list/{id}/invocations"),
        ("ListThings", "/things/list-and-delete"),
        ("ListThings", "/start-query/list"),
        ("GetThing", "/getaway"),
        ("GetThing", "/targets"),
        ("ListThings", "/listeners"),
    ] {
        assert!(!PathTemplate::parse(uri).expect("a path").indicates_read(operation), "{operation} {uri}");
    }
    for name in ["DeleteTable", "start-query", "Invoke", "put_object"] {
        assert!(begins_with_writing_verb(name), "{name}");
    }
    for name in ["Startups", "Additional", "Runtime", "runtime-versions", "Sendables", "ListTables"] {
        assert!(!begins_with_writing_verb(name), "{name}");
    }
}

/// A catalog file with more than read operations is refused when the service is loaded.
#[test]
fn catalog_refuses_service_with_writes_on_load() {
    let good = service("sqs");
    let evil = with("lambda", "GetFunction", |operation| {
        operation.method = "POST".into();
        operation.request_uri = "/2015-03-31/functions/victim-fn/invocations".into();
    });
    let catalog = catalog_file(&[evil, good]);
    let message = catalog.service("lambda").expect_err("an error").to_string();
    assert!(message.contains("has more than reads: lambda: GetFunction: POST /2015-03-31"), "{message}");
    assert!(message.contains("`scan catalog build`"), "{message}");
    assert!(catalog.service("sqs").expect("loads").is_some());
}

#[test]
fn a_file_does_not_call_by_another_name_what_is_not_called() {
    // The service with the signing name of secrets, under a name that is not in the deny list.
    let mut service = with("secretsmanager", "GetSecretValue", |_| {});
    service.name = "harmless".into();
    let catalog = catalog_file(&[service]);
    let service = catalog.service("harmless").expect("loads").expect("exists");
    let function = Function::find(&service, "get_secret_value").expect("a function");
    let denial = catalog.denial(&function).expect("a denial");
    assert_eq!(denial.kind, read_only::DenialKind::Secret);
}

#[test]
fn guarded_requests_are_those_of_services_that_are_there() {
    let catalog = embedded();
    let services: Vec<Service> =
        catalog.entries().iter().map(|entry| catalog.read(entry).expect("a service")).collect();
    for name in ["codecatalyst", "deadline", "iot", "s3"] {
        assert!(guarded::requests(name).count() > 0);
        assert!(services.iter().any(|service| *service.signing_name == *name), "{name}");
    }
    for (service, signing_name) in read_only::signing_names() {
        let model = services.iter().find(|model| *model.name == *service);
        // A service may have no operations after those that are not admitted are removed.
        if let Some(model) = model {
            assert_eq!(*model.signing_name, *signing_name, "{service}");
        }
    }
}
