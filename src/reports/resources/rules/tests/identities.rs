//! Items as AWS's documents show them, with the identity that they have there.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::catalog;
use crate::model::catalog::Function;
use crate::reports::resources::call::ReportedCall;
use crate::reports::resources::origin::ItemOrigin;

/// One item of a function's answer and its identity.
///
/// The sources of the items are the examples of each service's API reference; those of the identities the resource
/// schemas of CloudFormation and the Service Authorization Reference.
#[derive(Deserialize)]
struct Known {
    service: String,
    function: String,
    /// The path of the list in the answer.
    list: String,
    item: Value,
    /// The ID of what the function was called for, if it is needed.
    parent: Option<String>,
    region: Option<String>,
    #[serde(rename = "type")]
    resource_type: Option<String>,
    id: Option<String>,
    arn: Option<String>,
    name: Option<String>,
    owner: Option<String>,
    tags: Option<Map<String, Value>>,
}

#[test]
fn documented_items_have_documented_identities() {
    let known: Vec<Known> = serde_json::from_str(include_str!("identities.json")).expect("the items");
    let catalog = catalog();
    let mut wrong = Vec::new();
    for known in &known {
        let service = catalog.service(&known.service).expect("loads").expect("exists");
        let function = Function::find(&service, &known.function).expect("a function");
        let call = ReportedCall::of_answer(&function);
        let title = format!("{} {} {}", known.service, known.function, known.list);
        let Some(place) = call.places.iter().position(|place| place.path.join(".") == known.list) else {
            wrong.push(format!("{title}: no such list in {:?}", call.places));
            continue;
        };
        let origin = ItemOrigin {
            partition: "aws",
            region: Some(known.region.as_deref().unwrap_or("eu-west-1")),
            account: "123456789012",
            parent: known.parent.as_deref(),
        };
        let found = call.lists[place].rule.identify(&known.item, &origin);
        let mut compare = |what: &str, found: Option<&str>, expected: Option<&str>| {
            if found != expected {
                wrong.push(format!("{title}: {what} is {found:?} and not {expected:?}"));
            }
        };
        compare("type", found.resource_type, known.resource_type.as_deref());
        compare("id", found.id.as_deref(), known.id.as_deref());
        compare("ARN", found.arn.as_deref(), known.arn.as_deref());
        compare("name", found.name.as_deref(), known.name.as_deref());
        compare("owner", found.owner.as_deref(), known.owner.as_deref());
        if found.tags != known.tags {
            wrong.push(format!("{title}: tags are {:?} and not {:?}", found.tags, known.tags));
        }
    }
    assert!(known.len() >= 40);
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), known.len(), wrong.join("\n"));
}
