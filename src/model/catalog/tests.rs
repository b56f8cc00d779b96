//! Tests of the embedded catalog's content.

use super::read_only::{self, READ_VERBS};
use super::{Catalog, EndpointDiscovery, Origin, Protocol, Signing};

fn embedded() -> Catalog {
    Catalog::embedded().expect("the embedded catalog opens")
}

#[test]
fn holds_every_read_operation_of_every_service() {
    let catalog = embedded();
    let operations: u32 = catalog.entries().iter().map(|entry| entry.operations).sum();
    assert_eq!((catalog.entries().len(), operations), (428, 8545));
    assert_eq!(catalog.botocore_version(), "1.44.8");
}

#[test]
fn holds_nothing_but_reads() {
    let catalog = embedded();
    for entry in catalog.entries() {
        let service = catalog.service(&entry.name).expect("loads").expect("exists");
        for operation in &service.operations {
            assert!(
                READ_VERBS.iter().any(|verb| operation.name.starts_with(verb))
                    && matches!(&*operation.method, "GET" | "HEAD" | "POST"),
                "{}:{}",
                service.name,
                operation.name
            );
        }
    }
}

#[test]
fn every_row_of_the_deny_list_names_an_operation_that_exists() {
    let catalog = embedded();
    for (name, operation) in read_only::denied_operations() {
        let service = catalog.service(name).expect("loads").unwrap_or_else(|| panic!("no service {name}"));
        assert!(
            service.operations.iter().any(|candidate| *candidate.name == *operation),
            "{name} has no {operation}"
        );
    }
}

#[test]
fn knows_how_each_protocol_is_spoken() {
    let catalog = embedded();
    for (name, protocol, signing) in [
        ("s3", "rest-xml", Signing::S3SigV4),
        ("ec2", "ec2", Signing::SigV4),
        ("iam", "query", Signing::SigV4),
        ("dynamodb", "json", Signing::SigV4),
        ("lambda", "rest-json", Signing::SigV4),
        ("codecatalyst", "rest-json", Signing::Bearer),
    ] {
        let service = catalog.service(name).expect("loads").expect("exists");
        assert_eq!((service.protocol.name(), service.signing), (protocol, signing), "{name}");
    }
    let sqs = catalog.service("sqs").expect("loads").expect("exists");
    assert!(sqs.query_compatible);
    assert!(matches!(&sqs.protocol, Protocol::Json { version, .. } if &**version == "1.0"));
}

#[test]
fn operations_carry_their_pagination() {
    let catalog = embedded();
    let ec2 = catalog.service("ec2").expect("loads").expect("exists");
    let pagination = ec2
        .operation("describe_instances")
        .and_then(|operation| operation.pagination.as_ref())
        .expect("describe_instances comes in pages");
    assert_eq!(&*pagination.input_tokens[0], "NextToken");
    assert_eq!(pagination.result_keys[0].to_string(), "Reservations");
    assert_eq!(pagination.origin, Origin::Paginator);
}

#[test]
fn timestream_wants_its_endpoint_discovered() {
    let catalog = embedded();
    let timestream = catalog.service("timestream-write").expect("loads").expect("exists");
    let operation = timestream.operation("list_databases").expect("exists");
    assert_eq!(operation.endpoint_discovery, EndpointDiscovery::Required);
}
