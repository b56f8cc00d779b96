//! Empty responses, for all resources that the simulated world does not have: those about many with the lists and flags
//! that AWS would send, those about one thing without any member.

use serde_json::{Map, Value};

use crate::model::catalog::{Location, Operation, Service, ShapeKind, ShapeReference, Structure};

/// The maximum nesting depth, since models may be recursive.
const DEPTH: usize = 4;

/// Returns the response of an operation that finds nothing.
pub(super) fn members(service: &Service, operation: &Operation) -> Map<String, Value> {
    let may_list = |output: &&Structure| !output.event_stream && may_hold_items(service, output, 1);
    let Some(output) = service.output(operation).filter(may_list) else {
        return Map::new();
    };
    let mut members = structure(service, output, 0);
    if let Some(more) = operation.pagination.as_ref().and_then(|pagination| pagination.more_results.as_ref())
        && let Some(place) = more.entry(&mut members)
    {
        *place = Value::Bool(false);
    }
    members
}

/// Returns whether a structure has a member with items, or in structures within it down to a depth.
fn may_hold_items(service: &Service, structure: &Structure, depth: usize) -> bool {
    structure.members.iter().any(|member| match service.kind(member.reference.shape) {
        ShapeKind::List(_) | ShapeKind::Map(_) => true,
        ShapeKind::Structure(inner) => depth > 0 && may_hold_items(service, inner, depth - 1),
        _ => false,
    })
}

/// Returns the required members and, for the outermost structure, all members that may contain items.
fn structure(service: &Service, structure: &Structure, depth: usize) -> Map<String, Value> {
    let mut members = Map::new();
    for (index, member) in structure.members.iter().enumerate() {
        let is_payload = structure.payload.is_some_and(|payload| usize::from(payload) == index);
        let holds_items =
            matches!(service.kind(member.reference.shape), ShapeKind::List(_) | ShapeKind::Map(_));
        let wanted = member.required || is_payload || (depth == 0 && holds_items);
        if member.location == Location::Body
            && wanted
            && !structure.union
            && let Some(value) = value(service, &member.reference, depth + 1)
        {
            members.insert(member.name.to_string(), value);
        }
    }
    members
}

fn value(service: &Service, reference: &ShapeReference, depth: usize) -> Option<Value> {
    Some(match service.kind(reference.shape) {
        ShapeKind::Structure(inner) if depth < DEPTH => Value::Object(structure(service, inner, depth)),
        ShapeKind::List(_) => Value::Array(Vec::new()),
        ShapeKind::Map(_) => Value::Object(Map::new()),
        ShapeKind::String => Value::from(""),
        ShapeKind::Integer { .. } | ShapeKind::Long { .. } => Value::from(0),
        ShapeKind::Boolean => Value::Bool(false),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::members;
    use crate::model::catalog::Catalog;
    use crate::model::protocol::decode_response;
    use crate::simulator::wire::encode_answer;

    fn empty(service: &str, function: &str) -> Value {
        let catalog = Catalog::embedded().expect("opens");
        let service = catalog.service(service).expect("loads").expect("exists");
        Value::Object(members(&service, service.operation(function).expect("exists")))
    }

    #[test]
    fn nothing_is_said_as_aws_says_it() {
        assert_eq!(empty("lambda", "list_functions"), json!({"Functions": []}));
        assert_eq!(empty("inspector2", "get_encryption_key"), json!({}));
        assert_eq!(empty("iam", "list_users"), json!({"Users": [], "IsTruncated": false}));
        assert_eq!(
            empty("cloudfront", "list_distributions"),
            json!({"DistributionList": {"Marker": "", "MaxItems": 0, "IsTruncated": false, "Quantity": 0}})
        );
    }

    #[test]
    fn every_operation_can_answer_nothing() {
        let catalog = Catalog::embedded().expect("opens");
        for entry in catalog.entries() {
            let service = catalog.read(entry).expect("loads");
            for operation in &service.operations {
                if service.output(operation).is_some_and(|output| output.event_stream) {
                    continue;
                }
                let expected = members(&service, operation);
                let name = format!("{} {}", service.name, operation.name);
                let sent = encode_answer(&service, operation, &expected, "id").expect(&name);
                decode_response(&service, operation, sent.status, sent.headers.as_slice(), &sent.body)
                    .expect(&name);
            }
        }
    }
}
