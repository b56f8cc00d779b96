//! What calls and pages cost, counted in allocations: the same on every machine, and the first thing to
//! grow when a step is added to the way of every call.
//!
//! `docs/performance.md` has what they cost in time.

use allocation_counter::{AllocationInfo, measure};
use aws_auto_inventory::model::protocol::{ListingOf, decode_listing};

use super::in_memory::{InMemory, function, requested_page, topics};

/// How often one small call allocates, from its parameters to the list in its file. A tenth more or
/// less comes with other versions of the SDK, and needs no review.
const CALL: u64 = 105;

#[test]
fn a_small_call_allocates_no_more_than_it_did() {
    let aws = InMemory::answering(|_| topics(2, None));
    aws.collect();
    let one = measure(|| aws.collect());
    let eleven = measure(|| (0..11).for_each(|_| aws.collect()));
    let call = (eleven.count_total - one.count_total) / 10;
    assert!(call <= CALL + CALL / 10, "a call allocates {call} times: what was added, and is it worth that?");
    assert!(call >= CALL - CALL / 10, "a call allocates {call} times only: lower the figure in this test");
}

#[test]
fn an_item_of_a_list_costs_the_same_on_a_page_of_any_size() {
    let function = function();
    let read = |items: u64| -> AllocationInfo {
        let body = topics(items, None);
        let wanted = ListingOf { member: "Topics".to_owned(), depth: 1 };
        measure(|| {
            let (service, operation) = (function.service(), function.operation());
            let (_, listing) =
                decode_listing(service, operation, 200, &[("", ""); 0][..], body.as_bytes(), &wanted)
                    .expect("a list");
            assert_eq!(listing.expect("topics").count, items);
        })
    };
    // Growing buffers double: their number grows with the logarithm of the page, and no item allocates.
    let (small, large) = (read(1_000), read(100_000));
    assert!(small.count_total < 60, "{small:?}");
    assert!(large.count_total <= small.count_total + 30, "{small:?} {large:?}");
    assert!(large.bytes_total < 110 * small.bytes_total, "{small:?} {large:?}");
}

#[test]
fn a_page_costs_the_same_among_a_thousand_as_among_ten() {
    let per_page = |pages: u64| {
        let aws = InMemory::answering(move |request| {
            let page = requested_page(request);
            topics(2, (page < pages).then_some(page + 1))
        });
        aws.collect();
        let all = measure(|| aws.collect());
        (all.count_total / pages, all.bytes_total / pages)
    };
    let (few, many) = (per_page(10), per_page(1_000));
    assert!(
        many.0 <= few.0 + few.0 / 20,
        "allocations of a page: {} among ten, {} among many",
        few.0,
        many.0
    );
    assert!(many.1 <= few.1 + few.1 / 10, "bytes of a page: {} among ten, {} among many", few.1, many.1);
}
