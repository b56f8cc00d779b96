//! Random responses for all lists of a format.

use super::random::Random;
use crate::model::catalog::{Catalog, Operation, Protocol, Service};
use crate::model::protocol::ListingOf;
use crate::simulator::wire::encode_answer;

/// Calls `read` with a random response for each list of each operation whose protocol is one of `protocols`.
pub(super) fn each_list(
    protocols: fn(&Protocol) -> bool,
    random: &mut Random,
    mut read: impl FnMut(&mut Random, &Service, &Operation, &ListingOf, &str),
) {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    for entry in catalog.entries() {
        let service = catalog.service(&entry.name).expect("loads").expect("exists");
        if !protocols(&service.protocol) {
            continue;
        }
        for operation in &service.operations {
            for member in service.output(operation).into_iter().flat_map(|output| &output.members) {
                let requested = ListingOf { member: member.name.to_string(), depth: 1 };
                if !requested.can_be_read(&service, operation) {
                    continue;
                }
                let answer = random.answer(&service, operation);
                let message = encode_answer(&service, operation, &answer, "request-1").expect("an answer");
                let body = String::from_utf8(message.body).expect("text");
                read(random, &service, operation, &requested, &body);
            }
        }
    }
}

/// Returns a random start of a text, which is not empty.
pub(super) fn start_of<'text>(text: &'text str, random: &mut Random) -> &'text str {
    let end = 1 + random.below(text.len());
    &text[..text.ceil_char_boundary(end)]
}
