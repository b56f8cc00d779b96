//! Surveys of botocore's data: its texts about regions and organizations have to be in the catalog's tables, or
//! among the reviewed ones that are not in them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aws_auto_inventory::model::catalog::{
    ACCOUNT_WIDE, CallScope, Catalog, Function, Service, home, may_be_refused_to_members, reach,
};
use aws_auto_inventory::names::Region;
use regex_lite::Regex;
use serde_json::Value;

use super::reviewed::{NOT_FOR_THE_ORGANIZATION, Reviewed, STILL_REGIONAL};
use crate::sandbox::{botocore_source, read_maybe_compressed};

/// The text of a model about its operations.
struct Documentation {
    model: Value,
}

impl Documentation {
    fn of(service: &Service) -> Self {
        let folder = botocore_source().join("botocore/data").join(&*service.name).join(&*service.api_version);
        let text = read_maybe_compressed(&folder, "service-2.json");
        Self { model: serde_json::from_str(&text).expect("a model") }
    }

    /// The text of an operation, of its parameters and of its errors, without markup.
    fn of_operation(&self, name: &str) -> Texts {
        let operation = &self.model["operations"][name];
        let shape =
            |reference: &Value| &self.model["shapes"][reference["shape"].as_str().unwrap_or_default()];
        let members = shape(&operation["input"])["members"].as_object();
        let parameters = members.into_iter().flatten().map(|(_, member)| text_of(member));
        let errors = operation["errors"].as_array().into_iter().flatten();
        Texts {
            operation: text_of(operation),
            parameters: parameters.collect::<Vec<_>>().join(" "),
            errors: errors
                .map(|error| {
                    format!("{} {}", error["shape"].as_str().unwrap_or_default(), text_of(shape(error)))
                })
                .collect::<Vec<_>>()
                .join(" "),
        }
    }
}

struct Texts {
    operation: String,
    parameters: String,
    errors: String,
}

fn text_of(value: &Value) -> String {
    let mut text = String::new();
    let mut is_markup = false;
    for letter in value["documentation"].as_str().unwrap_or_default().chars() {
        match letter {
            '<' => is_markup = true,
            '>' => {
                is_markup = false;
                text.push(' ');
            }
            _ if !is_markup => text.push(letter),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Goes through all functions of the catalog.
fn each_function(mut take: impl FnMut(&Function, &Texts)) {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    for entry in catalog.entries() {
        let service: Arc<Service> = catalog.service(&entry.name).expect("loads").expect("exists");
        let documentation = Documentation::of(&service);
        for function in Function::all(&service) {
            take(&function, &documentation.of_operation(&function.operation().name));
        }
    }
}

/// Fails for unreviewed operations, and for those that need not be reviewed any more.
#[track_caller]
fn expect_reviewed(found: &BTreeSet<(String, String)>, reviewed: &[Reviewed]) {
    let covers = |row: &Reviewed, (service, operation): &(String, String)| {
        row.service == service && row.operations.iter().any(|name| *name == "*" || name == operation)
    };
    let missing: Vec<_> =
        found.iter().filter(|function| !reviewed.iter().any(|row| covers(row, function))).collect();
    assert!(missing.is_empty(), "{} functions nobody has reviewed: {missing:#?}", missing.len());
    for row in reviewed {
        assert!(!row.reason.is_empty());
        for name in row.operations {
            let is_needed = found.iter().any(|function| {
                covers(&Reviewed { operations: std::slice::from_ref(name), ..*row }, function)
            });
            assert!(is_needed, "{} {name} need not be reviewed", row.service);
        }
    }
}

fn key(function: &Function) -> (String, String) {
    (function.service().name.to_string(), function.operation().name.to_string())
}

/// botocore's text where the answer may be that of the whole account.
const SAME_EVERYWHERE: &str = r"(?i)\bglobal(ly)? (resource|service|recommendation|feature|setting)|\bglobally\b|are global\b|(all|every|each|any) (aws |amazon web services )?regions?\b|in amazon web services regions|account's regions|(always|be) routed|from the us-east-1|in the us-east-1|(specify|use|set)[^.]{0,60}(us east|us-east-1|us west|us-west-2)|regardless of the (aws |amazon web services )?region|eliminating the need to call";

#[test]
fn operations_equal_in_every_region_are_reviewed() {
    let says = Regex::new(SAME_EVERYWHERE).expect("a pattern");
    let mut found = BTreeSet::new();
    each_function(|function, texts| {
        if reach(function) == CallScope::Regional && says.is_match(&texts.operation) {
            found.insert(key(function));
        }
    });
    expect_reviewed(&found, STILL_REGIONAL);
}

/// botocore's text where not every account of an organization may call a function.
const FOR_THE_ORGANIZATION: &str = r"(?i)management account|delegated admin|delegated as|master account|payer account|linked account|organizations? admin|organization's|(in|for|across|of|by) (the|your|an) organization\b|member accounts?\b|administrator account";

#[test]
fn operations_for_some_accounts_are_reviewed() {
    let says = Regex::new(FOR_THE_ORGANIZATION).expect("a pattern");
    let named = Regex::new("Organization|Delegat|ForMembers|AdminAccount").expect("a pattern");
    let fails =
        Regex::new("NotManagement|NotMaster|OrganizationAccessDenied|NoAvailableOrganization|NotInUse")
            .expect("a pattern");
    let mut found = BTreeSet::new();
    each_function(|function, texts| {
        let is_candidate = says.is_match(&texts.operation)
            || says.is_match(&texts.parameters)
            || named.is_match(&function.operation().name)
            || fails.is_match(&texts.errors);
        if is_candidate && !may_be_refused_to_members(function) {
            found.insert(key(function));
        }
    });
    expect_reviewed(&found, NOT_FOR_THE_ORGANIZATION);
}

/// The regions of each endpoint prefix, by partition. Services with an endpoint for the whole partition have none.
fn regions_of_endpoints() -> BTreeMap<String, BTreeMap<String, Vec<String>>> {
    let text = read_maybe_compressed(&botocore_source().join("botocore/data"), "endpoints.json");
    let endpoints: Value = serde_json::from_str(&text).expect("JSON");
    let mut found: BTreeMap<String, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    for partition in endpoints["partitions"].as_array().expect("partitions") {
        let name = partition["partition"].as_str().expect("a name");
        for (prefix, service) in partition["services"].as_object().expect("services") {
            if !service["partitionEndpoint"].is_null() {
                continue;
            }
            let regions = service["endpoints"].as_object().expect("endpoints").keys();
            let regions = regions.filter(|region| !partition["regions"][region.as_str()].is_null()).cloned();
            found.entry(prefix.clone()).or_default().insert(name.to_owned(), regions.collect());
        }
    }
    found
}

/// The global regions of partitions, as `partitions.json` has them.
fn global_regions() -> BTreeMap<String, Region> {
    let text = read_maybe_compressed(&botocore_source().join("botocore/data"), "partitions.json");
    let partitions: Value = serde_json::from_str(&text).expect("JSON");
    let partitions = partitions["partitions"].as_array().expect("partitions");
    let global = |partition: &Value| {
        let region = &partition["outputs"]["implicitGlobalRegion"];
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        (text(&partition["id"]), Region::parse(&text(region)).expect("a region"))
    };
    partitions.iter().map(global).collect()
}

#[test]
fn a_service_with_one_region_is_called_there() {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    let (endpoints, global) = (regions_of_endpoints(), global_regions());
    let mut with_one_region = BTreeSet::new();
    for entry in catalog.entries() {
        let service = catalog.service(&entry.name).expect("loads").expect("exists");
        let Some(its) = endpoints.get(&*service.endpoint_prefix) else { continue };
        let Some([only]) = its.get("aws").map(Vec::as_slice) else { continue };
        with_one_region.insert(service.name.to_string());
        for function in Function::all(&service) {
            assert_eq!(reach(&function), CallScope::Global, "{function} has one region: {only}");
            assert_eq!(home(&function, &global["aws"]).as_str(), only, "{function}");
            for (partition, regions) in its {
                if let [only] = regions.as_slice() {
                    assert_eq!(
                        home(&function, &global[partition]).as_str(),
                        only,
                        "{function} in {partition}"
                    );
                }
            }
        }
    }
    assert!(with_one_region.len() > 10, "{with_one_region:?}");
    let said = ACCOUNT_WIDE.iter().filter(|row| row.source == "one region in endpoints.json");
    for row in said {
        assert!(with_one_region.contains(row.service), "{} has more regions by now", row.service);
    }
}
