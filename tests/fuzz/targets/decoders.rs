//! An arbitrary response: it is read or rejected, and a list that is read as text has the values of the one
//! that is read as values.

use std::sync::{Arc, LazyLock};

use aws_auto_inventory::model::catalog::{Catalog, Service};
use aws_auto_inventory::model::protocol::{
    ListingOf, decode_error, decode_listing, decode_response, is_error_document,
};

/// Services that between them speak all protocols and have shapes of every kind.
const NAMES: [&str; 11] = [
    "s3",
    "route53",
    "sns",
    "iam",
    "ec2",
    "dynamodb",
    "lambda",
    "lexv2-models",
    "sqs",
    "iot-data",
    "eventbridgev2",
];

/// The services, which the tests of decoders use as well.
pub(crate) static SERVICES: LazyLock<Vec<Arc<Service>>> = LazyLock::new(|| {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    NAMES.iter().map(|name| catalog.service(name).expect("loads").expect("exists")).collect()
});

/// Reads one input.
pub(crate) fn run(data: &[u8]) {
    let [service, high, low, body @ ..] = data else { return };
    let service = &SERVICES[usize::from(*service) % SERVICES.len()];
    let index = usize::from(u16::from_be_bytes([*high, *low]));
    let operation = &service.operations[index % service.operations.len()];
    let headers = [("content-type", "application/json")].as_slice();

    let values = decode_response(service, operation, 200, headers, body);
    for member in service.output(operation).into_iter().flat_map(|output| &output.members) {
        let wanted = ListingOf { member: member.name.to_string(), depth: 0 };
        if !wanted.can_be_read(service, operation) {
            continue;
        }
        // What cannot be read as text is read as values.
        let Ok((mut members, listing)) = decode_listing(service, operation, 200, headers, body, &wanted)
        else {
            continue;
        };
        if let Some(listing) = listing {
            let list = [b"[", listing.text.get(1..).unwrap_or_default(), b"]"].concat();
            members.insert(wanted.member.clone(), serde_json::from_slice(&list).expect("JSON"));
        }
        assert_eq!(Some(&members), values.as_ref().ok(), "{}", wanted.member);
    }
    let _ = decode_error(service, 500, headers, body);
    let _ = is_error_document(body);
}
