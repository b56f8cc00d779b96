//! Tests of damaged catalogs, which are errors: they never cause panics, endless loops or excessive memory use.
//!
//! `PROPTEST_CASES=100000 cargo test container` runs more cases.

use std::borrow::Cow;
use std::num::NonZeroU16;
use std::sync::{Arc, LazyLock};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::Map;

use super::{Container, Header, LARGEST_FRAME, read_model, write, write_model};
use crate::model::catalog::{Catalog, Function, Service, ServiceSources};
use crate::model::protocol::{decode_response, encode_request};

/// Small services of all protocols, more than zstd needs for a dictionary.
static SERVICES: LazyLock<Vec<Service>> = LazyLock::new(|| {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    let read = |entry| catalog.read(entry).expect("a readable service");
    let small = catalog.entries().iter().filter(|entry| entry.operations < 8).map(read).take(40);
    let others = catalog.entries().iter().filter(|entry| ["s3", "sns"].contains(&&*entry.name)).map(read);
    small.chain(others).collect()
});

static FILE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let sources = vec![ServiceSources::default(); SERVICES.len()];
    write("1.0".to_owned(), "{}".to_owned(), &SERVICES, &sources).expect("writes")
});

/// Replaces, removes or duplicates some bytes.
fn spoil(bytes: &mut Vec<u8>, edits: &[(u32, u8, Vec<u8>)]) {
    for (place, removed, inserted) in edits {
        let start = *place as usize % (bytes.len() + 1);
        let end = (start + usize::from(*removed)).min(bytes.len());
        bytes.splice(start..end, inserted.iter().copied());
    }
}

fn edits() -> impl Strategy<Value = Vec<(u32, u8, Vec<u8>)>> {
    let short = prop_oneof![3 => Just(1_u8), 1 => Just(0_u8), 1 => any::<u8>()];
    vec((any::<u32>(), short, prop_oneof![3 => vec(any::<u8>(), 1..2), 1 => vec(any::<u8>(), 0..12)]), 1..8)
}

fn config() -> Config {
    Config { failure_persistence: None, ..Config::default() }
}

fn read_all(bytes: Vec<u8>) {
    if let Ok(container) = Container::open(Cow::Owned(bytes)) {
        for entry in &container.header.services {
            // The result does not matter here.
            let service = container.service(entry);
            if let Ok(service) = &service {
                let _ = container.sources(entry, service);
            }
            let _ = service.map(use_all);
        }
    }
}

/// Processes every operation of a service like a scan.
fn use_all(service: Service) {
    let service = Arc::new(service);
    for function in Function::all(&service) {
        let operation = function.operation();
        let _ = Function::find(&service, function.name());
        let _ = encode_request(&service, operation, &Map::new());
        for body in ["{\"a\": [{\"b\": {}}]}", "<R><a><b/><b>c</b></a></R>", ""] {
            let members = decode_response(&service, operation, 200, &[("a", "b")][..], body.as_bytes());
            if let (Some(pagination), Ok(members)) = (&operation.pagination, members) {
                let _ = crate::aws::client::next_tokens(pagination, &members);
            }
        }
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn arbitrary_bytes_are_no_catalog(bytes in vec(any::<u8>(), 0..200), with_magic in any::<bool>()) {
        let start: &[u8] = if with_magic { b"SCANCAT\x03" } else { b"" };
        read_all([start, &bytes].concat());
    }

    #[test]
    fn a_damaged_file_is_read_or_refused(edits in edits()) {
        let mut bytes = FILE.clone();
        spoil(&mut bytes, &edits);
        read_all(bytes);
    }

    #[test]
    fn a_damaged_service_is_read_or_refused(service in any::<prop::sample::Index>(), edits in edits()) {
        let mut plain = write_model(service.get(&SERVICES)).expect("writes");
        spoil(&mut plain, &edits);
        if let Ok(service) = read_model(&plain) {
            use_all(service);
        }
    }
}

/// Catalogs of earlier versions end with the model.
#[test]
fn stated_rates_follow_the_model_or_are_absent() {
    let mut service = SERVICES[0].clone();
    service.operations[0].stated_rate = NonZeroU16::new(7);
    let rate = |plain: &[u8]| read_model(plain).expect("readable").operations[0].stated_rate;
    assert_eq!(rate(&write_model(&service).expect("writes")), NonZeroU16::new(7));
    assert_eq!(rate(&postcard::to_stdvec(&service).expect("writes")), None);
}

#[test]
fn a_header_that_inflates_without_end_is_refused() {
    let header = zstd::bulk::compress(&vec![0; LARGEST_FRAME + 1], 1).expect("compresses");
    let length = u32::try_from(header.len()).expect("zeros are small");
    let bytes = [b"SCANCAT\x03", &length.to_le_bytes()[..], &header].concat();
    let error = Container::open(Cow::Owned(bytes)).err().expect("an error");
    assert!(error.to_string().contains("damaged"), "{error}");
}

/// Tests a regression: zstd accepts bytes that only start like a dictionary, and returns none.
#[test]
fn a_dictionary_that_is_none_is_refused() {
    let dictionary = [&[0x37, 0xa4, 0x30, 0xec][..], &[0; 64]].concat();
    let header = Header {
        botocore_version: "1.0".to_owned(),
        partitions: "{}".to_owned(),
        dictionary,
        services: Vec::new(),
    };
    let header = postcard::to_stdvec(&header).expect("writes");
    let header = zstd::bulk::compress(&header, 1).expect("compresses");
    let length = u32::try_from(header.len()).expect("a small header");
    let bytes = [b"SCANCAT\x03", &length.to_le_bytes()[..], &header].concat();
    let error = Container::open(Cow::Owned(bytes)).err().expect("an error");
    assert_eq!(error.to_string(), "the catalog is damaged: its dictionary is invalid");
}

#[test]
fn no_service_comes_near_the_largest_frame() {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    for entry in catalog.entries() {
        let plain = postcard::to_stdvec(&catalog.read(entry).expect("readable")).expect("writes");
        assert!(plain.len() * 4 < LARGEST_FRAME, "{} has {} bytes", entry.name, plain.len());
    }
}
